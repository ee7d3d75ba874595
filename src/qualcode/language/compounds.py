"""Split Dutch compounds where it helps search: by how many known nouns each part begins or ends."""

from __future__ import annotations

import gzip
import json
from functools import lru_cache
from math import log1p
from typing import Any

from qualcode.language.lemmas import TABLES, by_rule, index
from qualcode.language.tokens import plain

_SHORTEST, _FRONT, _HEAD = 7, 2, 3
_LONG = 8
# fitted on the dev files of the treebanks; the figures in docs/taal.md come from their test files
_ENOUGH, _OWN = 13.0, 2.0


@lru_cache(maxsize=65_536)
def parts(word: str) -> tuple[str, ...]:
    """Return the parts of a compound, each without its linking letters; a word that is no compound alone.

    Parameters
    ----------
    word
        One word, in any form: the last part is given as its lemma.

    Returns
    -------
    tuple of str
        In lower case, in the order of the word. Words joined by a hyphen are parts too.

    Notes
    -----
    A split scores the logarithms of how many nouns of the list its front begins and its last part ends, plus their lengths up to eight
    letters, less twice the logarithm of how often the whole word begins or ends a noun itself; the best split counts from 13 on, and its
    parts are split again.

    Examples
    --------
    >>> parts("meldpunten"), parts("integriteitsmedewerker"), parts("collega")
    (('meld', 'punt'), ('integriteit', 'medewerker'), ('collega',))
    """
    lower = plain(word)
    pieces = [piece for piece in lower.split("-") if piece]
    if len(pieces) > 1:
        return tuple(part for piece in pieces for part in parts(piece))
    return _split(by_rule(lower, "noun") or lower) or (lower,)


def _split(noun: str) -> tuple[str, ...] | None:
    if not _SHORTEST <= len(noun) <= 60:  # noqa: PLR2004
        return None
    heads, fronts = _counts()
    best, found = _ENOUGH + _OWN * log1p(heads.get(noun, 0) + fronts.get(noun, (0,))[0]), None
    for at in range(_FRONT, len(noun) - _HEAD + 1):
        head = noun[at:] if noun[at:] in heads else by_rule(noun[at:], "noun")
        front = fronts.get(noun[:at]) or _unseen(noun[:at])
        if front is None or head not in heads:
            continue
        score = log1p(heads[head]) + log1p(front[0]) + min(at, _LONG) + min(len(noun) - at, _LONG)
        if score >= best:
            best, found = score, (front[1], head)
    return found and tuple(part for piece in found for part in (_split(piece) or (piece,)))


def _unseen(front: str) -> tuple[int, str] | None:
    """Return a beginning that no noun of the list has, when it is a noun itself, with or without a linking s."""
    return next(((0, word) for word in (front, front.removesuffix("s")) if len(word) > _HEAD and word in index("noun")), None)


@lru_cache(maxsize=1)
def _counts() -> tuple[dict[str, int], dict[str, tuple[int, str]]]:
    with gzip.open(TABLES / "parts.json.gz", "rt", encoding="utf-8") as file:
        made: dict[str, Any] = json.load(file)
    return made["heads"], made["fronts"]
