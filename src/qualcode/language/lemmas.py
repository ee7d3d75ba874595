"""The lemma of a word: a table for reduced forms, rules and exceptions for Dutch, the pipeline's own guess for the rest."""

from __future__ import annotations

import gzip
import json
from functools import lru_cache
from pathlib import Path
from typing import Any

import pandas as pd

from qualcode.language.spoken import REDUCED

_OPEN = 4
TABLES = Path(__file__).parent / "nl" / "lemma"
_RULED = {"NOUN": "noun", "VERB": "verb", "AUX": "verb", "ADJ": "adj"}


def lemmas(lower: pd.Series, *, pos: pd.Series, tree: pd.Series) -> pd.Series:
    """Return the lemma of each word.

    Parameters
    ----------
    lower
        Words in lower case with straight apostrophes.
    pos
        The part of speech of each.
    tree
        The lemma that the pipeline gave each.

    Returns
    -------
    pandas.Series
        Lemmas in lower case, with the index of ``lower``.
    """
    table = pd.DataFrame({"lower": lower, "pos": pos, "tree": tree})
    kinds = table.drop_duplicates()
    found = [_lemma(word, _RULED.get(kind, ""), guess) for word, kind, guess in kinds.itertuples(index=False)]
    known = pd.Series(found, index=pd.MultiIndex.from_frame(kinds), dtype="str")
    return pd.Series(known.reindex(pd.MultiIndex.from_frame(table)).to_numpy(), index=lower.index, dtype="str")


def _lemma(word: str, kind: str, tree: str) -> str:
    if word in REDUCED:
        return REDUCED[word]
    if not kind:
        return tree or word
    return by_rule(word, kind) or tree or word


def by_rule(word: str, kind: str) -> str | None:
    """Return the lemma of a word in lower case that tables and rules agree on, or nothing; ``kind`` is noun, verb or adj."""
    if word in index(kind):
        return word
    excepted: list[str] | None = _table("exc").get(kind, {}).get(word)
    if excepted:
        return excepted[0]
    for old, new in _table("rules").get(kind, []):
        form: str = word[: len(word) - len(old)] + new
        if word.endswith(old) and form in index(kind):
            return form
    if kind == "noun" and word.endswith("en") and len(word) > _OPEN:
        # personen, ramen: the vowel of the closed syllable is written twice
        form = word[:-3] + word[-4] + word[-3]
        return form if word[-4] in "aeou" and form in index(kind) else None
    return None


@lru_cache(maxsize=8)
def index(kind: str) -> frozenset[str]:
    """Return the known lemmas of a kind of word: ``noun``, ``verb``, ``adj``."""
    return frozenset(_table("index").get(kind, []))


@lru_cache(maxsize=4)
def _table(name: str) -> dict[str, Any]:
    with gzip.open(TABLES / f"{name}.json.gz", "rt", encoding="utf-8") as file:
        made: dict[str, Any] = json.load(file)
    return made
