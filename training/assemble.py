"""Put the trained parts together as one pipeline with its lemma tables: ``python training/assemble.py --work DIR --out DIR``."""

from __future__ import annotations

import argparse
import gzip
import json
import shutil
from importlib.resources import files
from pathlib import Path

import spacy
from parts import counted

NAME, VERSION = "nl_qualcode", "1.0.0"
SOURCES = [
    {
        "name": "UD_Dutch-LassySmall",
        "version": "commit 7880e0b, 2025-05-10",
        "license": "CC BY-SA 4.0",
        "author": "Gosse Bouma, Gertjan van Noord",
    },
    {
        "name": "UD_Dutch-Alpino",
        "version": "commit 95e374a, 2025-05-10",
        "license": "CC BY-SA 4.0",
        "author": "Daniel Zeman, Zdeněk Žabokrtský, Gosse Bouma, Gertjan van Noord",
    },
    {
        "name": "Dutch Wikipedia, sentences annotated with Frog 0.20",
        "version": "2025",
        "license": "CC BY-SA",
        "author": "writers of Wikipedia",
    },
    {"name": "hand-written turns and generated spoken sentences", "version": VERSION, "license": "CC0", "author": "qualcode"},
]
KINDS = ("noun", "verb", "adj")
"""The kinds of word whose lemmas the rule tables know better than the trained part."""


def tables(out: Path) -> None:
    """Write the Dutch lemma tables of spacy-lookups-data that the package uses, packed, the same at every run."""
    source = files("spacy_lookups_data") / "data"
    out.mkdir(parents=True, exist_ok=True)
    for name in ("rules", "exc", "index"):
        known = json.loads(gzip.decompress((source / f"nl_lemma_{name}.json.gz").read_bytes()))
        kept = {kind: sorted(known[kind]) if name == "index" else known[kind] for kind in KINDS}
        _packed(kept, out / f"{name}.json.gz")
        if name == "index":
            _packed(counted(*(frozenset(kept[kind]) for kind in KINDS)), out / "parts.json.gz")


def _packed(value: object, file: Path) -> None:
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    file.write_bytes(gzip.compress(text.encode(), compresslevel=9, mtime=0))


def pipeline(work: Path, out: Path) -> None:
    """Join the best tagging and the best naming parts."""
    nlp = spacy.load(work / "tagging/model-best")
    naming = spacy.load(work / "naming/model-best")
    nlp.add_pipe("ner", source=naming)
    nlp.meta |= {
        "name": NAME.removeprefix("nl_"),
        "version": VERSION,
        "description": "Small Dutch pipeline for spoken text: tags, lemmas, dependencies, names.",
        "author": "qualcode",
        "license": "CC BY-SA 4.0",
        "sources": SOURCES,
        "performance": {},
        "spacy_version": ">=3.8.7,<3.9.0",
    }
    shutil.rmtree(out, ignore_errors=True)
    nlp.to_disk(out)


def main() -> None:
    """Write OUT/lemma and, where both parts are trained, OUT/pipeline."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--work", type=Path)
    asked.add_argument("--out", type=Path, required=True)
    chosen = asked.parse_args()
    if not (chosen.out / "lemma/parts.json.gz").exists():
        tables(chosen.out / "lemma")
    if chosen.work:
        pipeline(chosen.work, chosen.out / "pipeline")


if __name__ == "__main__":
    main()
