"""The lemma of a word: a table for reduced forms, rules and exceptions for Dutch, the pipeline's own guess for the rest."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

import pandas as pd

from qualcode.language.forms import bases, infinitives, of_strong
from qualcode.language.spoken import REDUCED

_OPEN, _FRONT, _LONGEST = 4, 3, 60
_OF_VERBS = ("be", "ver", "ont", "ge", "her")
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
    found = by_rule(word, kind) or (kind == "noun" and _by_last_part(word))
    if found:
        return found
    # the tagger may take "neem" for a noun and "rampen" for a verb: what no table of the one has may be a form of the other
    other = "noun" if kind == "verb" else "verb"
    if tree in index(kind) or (other == "noun" and word.startswith(_OF_VERBS)):
        return tree or word
    return by_rule(word, other) or (other == "noun" and _by_last_part(word)) or tree or word


def _by_last_part(word: str) -> str | None:
    """Return the lemma of a compound that no table has, by the noun that ends it."""
    for at in range(_FRONT, len(word) - _FRONT):
        front, head = word[:at], by_rule(word[at:], "noun")
        if head and len(head) > _FRONT and {front, front.removesuffix("s")} & index("noun"):
            return front + head
    return None


@lru_cache(maxsize=65_536)
def by_rule(word: str, kind: str) -> str | None:
    """Return the lemma of a word in lower case that tables and rules agree on, or nothing; ``kind`` is noun, verb or adj."""
    if word in index(kind):
        return word
    excepted: list[str] | None = _table("exc").get(kind, {}).get(word)
    if excepted:
        return excepted[0]
    if len(word) > _LONGEST:
        return None
    strong = of_strong(word) if kind == "verb" else None
    return strong or next((form for form in _forms(word, kind) if form in index(kind)), None)


def _forms(word: str, kind: str) -> Iterator[str]:
    """Give the words that a form may come from: how Dutch is spelt, then the rules of the table."""
    if kind == "verb":
        yield from infinitives(word)
    if kind == "noun":
        yield from bases(word)
    yield from (word[: len(word) - len(old)] + new for old, new in _table("rules").get(kind, []) if word.endswith(old))
    if kind == "noun" and word.endswith("en") and len(word) > _OPEN and word[-4] in "aeou" and word[-5] != word[-4]:
        # personen, kanalen: the vowel of the closed syllable is written twice
        yield word[:-3] + word[-4] + word[-3]


@lru_cache(maxsize=8)
def index(kind: str) -> frozenset[str]:
    """Return the known lemmas of a kind of word: ``noun``, ``verb``, ``adj``."""
    return frozenset(_table("index").get(kind, []))


@lru_cache(maxsize=4)
def _table(name: str) -> dict[str, Any]:
    with gzip.open(TABLES / f"{name}.json.gz", "rt", encoding="utf-8") as file:
        made: dict[str, Any] = json.load(file)
    return made
