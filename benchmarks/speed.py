"""Measure what a person waits for, on a made talk of 50,000 words, and write the figures to docs/snelheid.md.

``uv run benchmarks/speed.py`` measures and prints; ``--write`` also writes the page.
"""

from __future__ import annotations

import argparse
import platform
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from qualcode import Project, __version__, spread
from qualcode.importers import read
from qualcode.model import Change
from qualcode.sample import codebook_folder
from qualcode.store import Draft, Store

SEED = 7
BOOK = codebook_folder() / "racisme-op-de-werkvloer.yaml"
SYLLABLES = [
    "ver",
    "ga",
    "de",
    "ring",
    "wer",
    "ken",
    "col",
    "le",
    "ga",
    "be",
    "leid",
    "koe",
    "kje",
    "lui",
    "ste",
    "ren",
    "mel",
    "den",
    "zeg",
    "gen",
]


def talk(words: int, folder: Path) -> Path:
    """Write a made focus group of that many words: two moderators, seven participants."""
    chance = random.Random(SEED)
    lines, left = [], words
    while left > 0:
        size = min(left, chance.randint(8, 110))
        speaker = chance.choice(["M1", "M2", *(f"R{n}" for n in range(1, 8)), *(f"R{n}" for n in range(1, 8))])
        lines.append(f"{speaker}: " + " ".join("".join(chance.choices(SYLLABLES, k=chance.randint(1, 3))) for _ in range(size)) + ".")
        left -= size
    path = folder / f"gesprek-{words}.txt"
    path.write_text("\n\n".join(lines), encoding="utf-8")
    return path


def timed(work: Callable[[], object], *, runs: int = 5) -> tuple[float, float]:
    """Return the median and the largest of several timings, in seconds, after one warm-up."""
    work()
    taken = []
    for _ in range(runs):
        start = time.perf_counter()
        work()
        taken.append(time.perf_counter() - start)
    return statistics.median(taken), max(taken)


def coded(folder: Path, *, words: int = 50_000, codings: int = 5_000) -> Path:
    """Make a study with a long talk and many codings."""
    path = folder / "studie.qualcode"
    with Project.create(path, coder="anna", codebook=BOOK) as study:
        study.import_documents(talk(words, folder), name="FG1", kind="focusgroep")
        turns = study.snapshot().turns.query("role == 'deelnemer'")
        chance = random.Random(SEED)
        with study.gesture():
            for _ in range(codings):
                turn = turns.iloc[chance.randrange(len(turns))]
                start = chance.randrange(turn["start"], turn["end"])
                study.code("FG1", f"E{chance.randint(1, 16):02}", span=(start, min(turn["end"], start + chance.randint(20, 300))))
    return path


def import_seconds() -> tuple[float, float]:
    """Time ``import qualcode`` in a fresh process, less what Python itself takes."""

    def start(program: str) -> float:
        begin = time.perf_counter()
        subprocess.run([sys.executable, "-c", program], check=True)
        return time.perf_counter() - begin

    taken = [max(0.0, start("import qualcode") - start("pass")) for _ in range(7)]
    return statistics.median(taken), max(taken)


def million(folder: Path) -> float:
    """Time writing a million codings in one gesture."""
    store = Store.create(folder / "miljoen.qualcode")
    size = 1_000_000
    guids = [f"{n:032x}" for n in range(size)]
    after = {
        "exists": [True] * size,
        "document": ["d"] * size,
        "start": list(range(size)),
        "end": list(range(1, size + 1)),
        "code": ["c"] * size,
    }
    start = time.perf_counter()
    store.commit(Draft("import-codings", "anna", (Change("coding", guids, after),)))
    taken = time.perf_counter() - start
    store.close()
    return taken


def exports(folder: Path) -> list[tuple[str, str, float, float]]:
    """Time every way out, of a study with 10,000 codings in 100,000 words, and the way in."""
    (folder / "uit").mkdir()
    with Project.open(coded(folder / "uit", words=100_000, codings=10_000)) as study:

        def written(name: str, **how: str) -> tuple[str, str, float, float]:
            kind = f"{name} ({how['table']})" if how else name
            return f"10.000 coderingen naar {kind}", "< 2 s", *timed(lambda: study.export(folder / f"uit{name}", **how), runs=3)

        rows = [written(".csv"), written(".parquet", table="excerpts"), written(".xlsx"), written(".html"), written(".qdpx")]
        margins = timed(lambda: study.write_margins("FG1", folder / "uit.docx"), runs=3)
        rows.append(("10.000 coderingen als opmerkingen naar .docx", "< 2 s", *margins))
        look = partial(study.import_project, folder / "uit.qdpx", dry_run=True)
        rows.append(("een .qdpx met 10.000 coderingen lezen en verslag doen", "seconden", *timed(look, runs=3)))
    return rows


def measure() -> list[tuple[str, str, float, float]]:
    """Return rows of what, aim, median seconds and largest."""
    rows: list[tuple[str, str, float, float]] = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        rows.append(("`import qualcode`", "< 0.3 s", *import_seconds()))
        source = talk(50_000, folder)
        rows.append(("een transcript van 50.000 woorden lezen", "< 0.3 s", *timed(lambda: read(source))))
        address = coded(folder)
        rows.append(("openen: 50.000 woorden, 5.000 coderingen", "< 1 s", *timed(lambda: Project.open(address).close())))
        with Project.open(address) as study:
            turns = study.snapshot().turns.query("role == 'deelnemer'")["turn"].tolist()
            rows.append(("een codering, tot in de database", "< 0.05 s", *timed(lambda: study.code("FG1", "E07", turn=turns[3]), runs=200)))
            rows.append(
                (
                    "1.000 coderingen, een voor een",
                    "< 1 s",
                    *timed(lambda: [study.code("FG1", "E07", turn=t) for t in (turns * 9)[:1000]], runs=3),
                )
            )
            rows.append(("terugdraaien", "< 1 s", *timed(study.undo, runs=5)))
            rows.append(("spreiding over alle codes", "< 2 s", *timed(lambda: spread(study))))
        rows += exports(folder)
        once = million(folder)
        rows.append(("een miljoen coderingen in één handeling", "seconden", once, once))
    return rows


def page(rows: list[tuple[str, str, float, float]]) -> str:
    """Return the figures as a page."""
    lines = [
        "# Snelheid",
        "",
        f"Gemeten met `benchmarks/speed.py` (zaad {SEED}), qualcode {__version__}, Python {platform.python_version()}, {platform.machine()}, 2 kernen.",
        "",
        "| wat | streven | mediaan (s) | langste (s) |",
        "| --- | --- | ---: | ---: |",
        *(f"| {what} | {aim} | {median:.3f} | {longest:.3f} |" for what, aim, median, longest in rows),
        "",
    ]
    return "\n".join(lines)


def main() -> None:
    """Measure, print, and write the page when asked."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--write", action="store_true", help="write docs/snelheid.md")
    text = page(measure())
    if options.parse_args().write:
        path = Path(__file__).parents[1] / "docs" / "snelheid.md"
        # parts with a heading of their own are written by other benchmarks
        _, heading, parts = path.read_text(encoding="utf-8").partition("\n## ")
        path.write_text(text + heading + parts, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
