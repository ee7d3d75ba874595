"""From words typed to the places where they were said."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from qualcode.analysis.words import Bools, Ints, Words, cut, folded
from qualcode.errors import Refused

Parts = Callable[[str], tuple[str, ...]]
"""Takes a compound apart, as :func:`qualcode.language.parts` does: meldpunt is meld and punt."""

_OPEN = re.compile(r"[\w*](?:[\w*'’‘`\-‐‑]*[\w*])?")
_FEWEST = 2


@dataclass(frozen=True, slots=True)
class Manner:
    """How words are looked for: every form of a word (``lemma``), and inside compounds when ``parts`` takes them apart."""

    lemma: bool = False
    parts: Parts | None = None


def steps_of(text: str) -> list[tuple[str, ...]]:
    """Return the words typed, one after the other, each with its alternatives.

    Raises
    ------
    Refused
        When there is no word in it, ``*`` stands for nearly anything, or an alternative is more than one word.

    Examples
    --------
    >>> steps_of("er iets van, meld*|klaag*")
    [('er',), ('iets',), ('van',), ('meld*', 'klaag*')]
    """
    steps: list[tuple[str, ...]] = []
    for piece in text.split():
        choices = [_words_in(choice) for choice in piece.split("|")]
        if len(choices) == 1:
            steps += [(word,) for word in choices[0]]
        elif any(len(words) != 1 for words in choices):
            raise Refused("search.alternatives")
        else:
            steps.append(tuple(words[0] for words in choices))
    if not steps:
        raise Refused("search.only_marks")
    if any("*" in word and sum(map(str.isalnum, word)) < _FEWEST for step in steps for word in step):
        raise Refused("search.too_wide", fewest=_FEWEST)
    return steps


def _words_in(piece: str) -> list[str]:
    """Return the words typed without a blank between them, cut as the texts are."""
    if "*" in piece:
        return _OPEN.findall(piece)
    return [word for word in cut([piece])["lower"] if any(map(str.isalnum, word))]


def said(words: Words, text: str, manner: Manner) -> tuple[Ints, Ints]:
    """Return where words were said one after the other in one turn: numbers of the first and of the last word of each place.

    Parameters
    ----------
    words
        The words of the study.
    text
        The words, with ``*`` for any letters and ``|`` between alternatives. A word typed without accents is found with them too.
    manner
        How to look.
    """
    masks = [mask for step in steps_of(text) for mask in _masks(words, step, manner)]
    numbers = words.lemma if manner.lemma else words.form
    last = len(masks) - 1
    first = np.flatnonzero(masks[0][numbers[: max(len(numbers) - last, 0)]]) if len(numbers) else np.empty(0, np.int64)
    for ahead, mask in enumerate(masks[1:], 1):
        first = first[mask[numbers[first + ahead]]]
    first = first[words.turn[first + last] == words.turn[first]] if len(first) else first
    return first, first + last


def _masks(words: Words, step: tuple[str, ...], manner: Manner) -> list[Bools]:
    """Return which words of the study a step means; more than one mask where a hyphen separates words there."""
    mask = np.logical_or.reduce([_meant(words, word, manner) for word in step])
    if len(step) == 1 and not mask.any():
        pieces = re.split(r"[-‐‑]+", step[0])
        if len(pieces) > 1 and all(pieces):
            return [_meant(words, piece, manner) for piece in pieces]
    return [mask]


def _meant(words: Words, word: str, manner: Manner) -> Bools:
    mask = words.with_lemma(word) if manner.lemma else words.with_form(word)
    if manner.parts is None or "*" in word:
        return mask
    there = words.lemmas if manner.lemma else words.forms
    wanted = {folded(word)} | ({folded(there[at]) for at in np.flatnonzero(mask)} if manner.lemma else set())
    for at, compound in enumerate(there):
        held = folded(compound)
        if not mask[at] and any(one in held for one in wanted):
            mask[at] = bool(wanted & set(map(folded, manner.parts(compound))))
    return mask
