"""Measure search on a made study of a million words, and write the figures to docs/zoeken-snelheid.md.

``uv run benchmarks/search.py`` measures and prints; ``--words N`` measures a smaller study; ``--lemmas`` also has the Dutch pipeline
read all of it (some minutes); ``--write`` writes the page. FTS5 of SQLite is measured beside our own index, on the same words.
"""

from __future__ import annotations

import argparse
import platform
import random
import sqlite3
import statistics
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import qualcode as qc
from qualcode.analysis.words import cut
from qualcode.model import Change
from qualcode.project import indexing
from qualcode.sample import codebook_folder
from qualcode.store.searching import forget

SEED = 7
SESSION = 10_000
BOOK = codebook_folder() / "racisme-op-de-werkvloer.yaml"
SEARCHES = (
    ("een woord", "leidinggevende", {}),
    ("een zeldzaam woord", "vertrouwenspersoon", {}),
    ("een heel gewoon woord", "werk", {}),
    ("het begin van een woord", "meld*", {}),
    ("woorden na elkaar", "ik heb", {}),
    ("dicht bij elkaar", "collega* NABIJ/5 leidinggevende", {}),
    ("van één spreker, met een code", "werk", {"speaker": "R1", "code": "E"}),
)
QUERIES = (
    ("codes", "code:O05 EN NIET code:E07"),
    ("codes en woorden", '(code:O05 OF code:E07) EN (leidinggevende OF "mijn werk") EN NIET rol:moderator'),
    ("overlap", "code:O05 OVERLAP code:E07"),
    ("woord in een fragment", "code:O OVERLAP melding"),
)


def vocabulary() -> tuple[list[str], list[int]]:
    """Return the words of the sample and how often each occurs."""
    with qc.demo(sessions=None) as study:
        counted = Counter(cut(list(qc.turns(study)["text"]))["lower"])
    words = [(word, times) for word, times in sorted(counted.items()) if word[0].isalpha()]
    return [word for word, _ in words], [times for _, times in words]


def sessions(words: int, folder: Path) -> Iterator[Path]:
    """Write made talk with the sample's words, as often as they occur there, in sessions of ten thousand words."""
    chance = random.Random(SEED)
    known, often = vocabulary()
    for number in range(1, words // SESSION + 1):
        left, lines = SESSION, []
        while left > 0:
            size = min(left, chance.randint(8, 110))
            speaker = chance.choice(["M1", *(f"R{n}" for n in range(1, 8))])
            lines.append(f"{speaker}: {' '.join(chance.choices(known, often, k=size))}.")
            left -= size
        path = folder / f"FG{number}.txt"
        path.write_text("\n\n".join(lines), encoding="utf-8")
        yield path


def made(words: int, folder: Path) -> Path:
    """Make a study of that many words with a coding a hundred words."""
    path = folder / "studie.qualcode"
    chance = random.Random(SEED)
    with qc.Project.create(path, coder="anna", codebook=BOOK) as study:
        study.import_documents(list(sessions(words, folder)), kind="focusgroep")
        turns = study.snapshot().turns
        codes = [code.guid for code in study.codebook.codes if code.codable]
        rows = turns[turns["role"] == "deelnemer"].sample(words // 100, random_state=SEED, replace=True)
        start = [chance.randrange(a, b) for a, b in zip(rows["start"], rows["end"], strict=True)]
        size = len(rows)
        fields = {
            "exists": [True] * size,
            "document": list(rows["document"]),
            "version": [1] * size,
            "start": start,
            "end": [min(b, a + chance.randint(20, 300)) for a, b in zip(start, rows["end"], strict=True)],
            "code": chance.choices(codes, k=size),
            "coder": [study._coder_guid()] * size,
            "layer": ["ronde-1"] * size,
            "dimensions": [{}] * size,
        }
        study._commit("code", Change("coding", [study._store.guids() for _ in range(size)], fields))
    return path


def timed(work: Callable[[], object], *, runs: int = 5) -> tuple[float, float]:
    """Return the median and the largest of several timings, in seconds of the processor, after one warm-up: all of it is one thread."""
    work()
    taken = []
    for _ in range(runs):
        start = time.process_time()
        work()
        taken.append(time.process_time() - start)
    return statistics.median(taken), max(taken)


def once(work: Callable[[], object]) -> tuple[float, float]:
    """Return one timing, twice."""
    start = time.process_time()
    work()
    return (time.process_time() - start,) * 2


def measure(words: int, *, lemmas: bool) -> list[tuple[str, int | None, float, float]]:
    """Return what was done, how much was found, and the median and largest time in seconds."""
    rows: list[tuple[str, int | None, float, float]] = []
    with tempfile.TemporaryDirectory() as folder:
        path = made(words, Path(folder))
        with qc.Project.open(path) as study:
            study.search("eerste")  # modules loaded
            with study._store.writing() as connection:
                forget(connection)
            indexing.HELD.clear()
            rows.append(("de index maken bij de eerste zoekvraag", None, *once(lambda: study.search("werk"))))
            rows += [_searched(study, what, text, where) for what, text, where in SEARCHES]
            rows += [(f"vraag: {what}", len(study.query(text)), *timed(lambda t=text: study.query(t))) for what, text in QUERIES]
            rows.append(("vraag per fragment", None, *timed(lambda: study.query("code:O EN NIET melding", unit="fragment"))))
            if lemmas:
                rows.append(("lemma's bepalen, de eerste keer", None, *once(lambda: study.search("melden", lemma=True))))
                rows.append(_searched(study, "alle vormen van een woord", "melden", {"lemma": True}))
                rows.append(_searched(study, "in samenstellingen", "werk", {"lemma": True, "compounds": True}))
        with qc.Project.open(path) as study:
            rows.append(("de eerste zoekvraag na het openen, index aanwezig", None, *once(lambda: study.search("melding"))))
        before = path.stat().st_size
        rows += _fts5(path, Path(folder))
        print(f"{before / 1e6:.0f} MB met index")
    return rows


def _searched(study: qc.Project, what: str, text: str, where: dict[str, object]) -> tuple[str, int, float, float]:
    return (f"{what}: `{text}`", len(study.search(text, **where)), *timed(lambda: study.search(text, **where)))


def _fts5(path: Path, folder: Path) -> list[tuple[str, int | None, float, float]]:
    """Measure the same words in FTS5, positions included, in a database of its own."""
    with qc.Project.open(path) as study:
        texts = list(qc.turns(study)["text"])
    base = sqlite3.connect(folder / "fts.db")
    base.execute("CREATE VIRTUAL TABLE turns USING fts5(words, content='', tokenize='unicode61')")
    base.execute("CREATE VIRTUAL TABLE places USING fts5vocab(turns, instance)")

    def build() -> None:
        found = cut(texts)
        said = found.groupby("text")["lower"].agg(" ".join)
        base.executemany("INSERT INTO turns(rowid, words) VALUES (?, ?)", zip(said.index.tolist(), said.tolist(), strict=True))
        base.commit()

    rows = [("FTS5: de index maken", None, *once(build))]
    asked = "SELECT doc, offset FROM places WHERE term = ?"
    for word in ("leidinggevende", "werk"):
        size = len(base.execute(asked, (word,)).fetchall())
        rows.append(
            (f"FTS5: plaatsen van `{word}`, zonder de woorden eromheen", size, *timed(lambda w=word: base.execute(asked, (w,)).fetchall()))
        )
    base.close()
    return rows


def page(rows: list[tuple[str, int | None, float, float]], words: int) -> str:
    """Return the figures as a page."""
    lines = [
        "# Snelheid van zoeken",
        "",
        f"Gemeten met `benchmarks/search.py` op een gemaakte studie van {words:,} woorden".replace(",", ".")
        + f" (zaad {SEED}), qualcode {qc.__version__}, Python {platform.python_version()}, {platform.machine()}, 2 kernen.",
        "Elke uitkomst is de hele tabel: plaats, spreker, woorden eromheen en codes. Streven: onder 0,2 seconde als de index er is.",
        "Seconden van de processor, in één draad: op een computer die verder niets doet, is dat ook de tijd die u wacht.",
        "",
        "| wat | gevonden | mediaan (s) | langste (s) |",
        "| --- | ---: | ---: | ---: |",
        *(
            f"| {what.replace('|', chr(92) + '|')} | {'' if size is None else size} | {median:.3f} | {longest:.3f} |"
            for what, size, median, longest in rows
        ),
        "",
    ]
    return "\n".join(lines)


def main() -> None:
    """Measure, print, and write the page when asked."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--words", type=int, default=1_000_000)
    options.add_argument("--lemmas", action="store_true", help="also have the pipeline read all words")
    options.add_argument("--write", action="store_true", help="write docs/zoeken-snelheid.md")
    chosen = options.parse_args()
    text = page(measure(chosen.words, lemmas=chosen.lemmas), chosen.words)
    if chosen.write:
        (Path(__file__).parents[1] / "docs" / "zoeken-snelheid.md").write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
