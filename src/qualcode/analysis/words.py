"""The words of a study as arrays, in order: what search and queries look in. Only turns have words, not labels or time stamps."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
Tokens = Callable[[Sequence[str]], pd.DataFrame]
"""From texts to ``text, start, end, lower`` and perhaps ``lemma``, as :func:`qualcode.language.words` gives them."""

WRITTEN = "woorden 1"
"""The name of the plain words, without lemmas, for what is kept of them."""

_QUOTES = str.maketrans("’‘`‐‑–", "'''---")


def cut(texts: Sequence[str]) -> pd.DataFrame:
    """Return the words of texts as written, without any model.

    Returns
    -------
    pandas.DataFrame
        ``text`` (position in ``texts``), ``start`` and ``end`` (code points in that text), ``lower`` (in lower case). Punctuation
        marks are among them.

    Examples
    --------
    >>> list(cut(["Zo'n niet-westerse naam", "'t is wat."])["lower"])
    ["zo'n", 'niet-westerse', 'naam', "'t", 'is', 'wat', '.']
    """
    from qualcode.language.tokens import folded as lowered
    from qualcode.language.tokens import token_table

    found = token_table(texts)
    return found.drop(columns="word").assign(lower=lowered(found["word"]))


def folded(word: str) -> str:
    """Return a word as search compares it: lower case, one shape of apostrophe and hyphen, no accents.

    Examples
    --------
    >>> folded("Collega’s"), folded("één")
    ("collega's", 'een')
    """
    if word.isascii():
        return word.lower().replace("`", "'")
    plain = unicodedata.normalize("NFD", word.translate(_QUOTES).casefold())
    return "".join(letter for letter in plain if not unicodedata.combining(letter) and unicodedata.category(letter) != "Cf")


def cased(word: str) -> str:
    """Return a word as search compares it when accents do count."""
    plain = unicodedata.normalize("NFC", word.translate(_QUOTES).casefold())
    return "".join(letter for letter in plain if unicodedata.category(letter) != "Cf")


@dataclass(frozen=True, eq=False)
class Part:
    """The words of one document: where they stand in its text, and which they are.

    ``form`` and ``lemma`` point into ``forms`` and ``lemmas``; without a model ``lemma`` is empty.
    """

    start: NDArray[np.int32]
    end: NDArray[np.int32]
    form: NDArray[np.int32]
    lemma: NDArray[np.int32]
    forms: tuple[str, ...]
    lemmas: tuple[str, ...]

    def packed(self) -> bytes:
        """Return the part as bytes, to be kept."""
        lists = json.dumps([self.forms, self.lemmas], ensure_ascii=False).encode("utf-8", "surrogatepass")
        size = np.array([len(self.start), len(self.lemma), len(lists)], dtype="<i8")
        arrays = (self.start, self.end, self.form, self.lemma)
        return size.tobytes() + b"".join(array.astype("<i4").tobytes() for array in arrays) + lists

    @classmethod
    def unpacked(cls, body: bytes) -> Part:
        """Return the part that was kept."""
        words, lemmas, lists = np.frombuffer(body, "<i8", 3).tolist()
        numbers = np.frombuffer(body, "<i4", 3 * words + lemmas, 24).astype(np.int32)
        start, end, form, lemma = np.split(numbers, np.cumsum([words, words, words]))
        held = json.loads(body[len(body) - lists :].decode("utf-8", "surrogatepass"))
        return cls(start, end, form, lemma, tuple(held[0]), tuple(held[1]))


def part_of(text: str, turns: Sequence[tuple[int, int]], gaps: Iterable[tuple[int, int]], tokens: Tokens) -> Part:
    """Return the words of a document.

    Parameters
    ----------
    text
        The whole text.
    turns
        Where the words of each turn stand in it, sorted.
    gaps
        Page marks inside turns: no words.
    tokens
        What cuts a turn into words.
    """
    for start, end in gaps:
        text = text[:start] + " " * (end - start) + text[end:]
    found = tokens([text[start:end] for start, end in turns])
    number, there = _numbered(found["lower"])
    spoken = np.array([any(map(str.isalnum, word)) for word in there], dtype=np.bool_)[number]
    found = found[spoken]
    form, forms = _numbered(found["lower"])
    lemma, lemmas = _numbered(found["lemma"]) if "lemma" in found else (np.empty(0, np.int32), ())
    base = np.array([start for start, _ in turns], dtype=np.int64)[found["text"].to_numpy(np.int64)]
    start, end = ((found[side].to_numpy(np.int64) + base).astype(np.int32) for side in ("start", "end"))
    return Part(start, end, form, lemma, forms, lemmas)


def _numbered(words: pd.Series[str]) -> tuple[NDArray[np.int32], tuple[str, ...]]:
    """Return words as numbers into a list in which each stands once."""
    number, there = pd.factorize(words.astype("str"))
    return number.astype(np.int32), tuple(there)


@dataclass(frozen=True, eq=False)
class Words:
    """The words of all turns, in the order in which they stand.

    Parameters
    ----------
    start, end
        Where each word stands, in code points, if all documents stood in one long text (see :func:`qualcode.analysis.places.bases`).
    turn
        Row of its turn in ``snapshot.turns``.
    form, lemma
        Which word it is, in ``forms`` and ``lemmas``; ``lemma`` is empty without a model.
    model
        The pipeline that gave the lemmas; empty without one.
    """

    start: Ints
    end: Ints
    turn: Ints
    form: NDArray[np.int32]
    lemma: NDArray[np.int32]
    forms: tuple[str, ...]
    lemmas: tuple[str, ...]
    model: str = ""

    @classmethod
    def of(cls, parts: Sequence[tuple[Part, int]], turns: tuple[Ints, Ints], *, model: str = "") -> Words:
        """Join the parts of all documents.

        Parameters
        ----------
        parts
            Each part with the place where its document begins.
        turns
            Starts of the turns in the long text, sorted, and the row of each in ``snapshot.turns``.
        model
            The pipeline that gave the lemmas.
        """
        form, forms = _joined([(part.form, part.forms) for part, _ in parts])
        lemma, lemmas = _joined([(part.lemma, part.lemmas) for part, _ in parts])
        none = np.empty(0, np.int64)
        start = np.concatenate([none, *(part.start.astype(np.int64) + base for part, base in parts)])
        end = np.concatenate([none, *(part.end.astype(np.int64) + base for part, base in parts)])
        order = np.argsort(start, kind="stable") if (np.diff(start) < 0).any() else slice(None)
        start, end, form = start[order], end[order], form[order]
        place, row = turns
        turn = row[np.searchsorted(place, start, side="right") - 1] if len(start) else none
        return cls(start, end, turn, form, lemma[order] if len(lemma) else lemma, forms, lemmas, model)

    def __len__(self) -> int:
        """Return how many words there are."""
        return len(self.start)

    @cached_property
    def _folded_forms(self) -> tuple[str, ...]:
        return tuple(map(folded, self.forms))

    @cached_property
    def _folded_lemmas(self) -> tuple[str, ...]:
        return tuple(map(folded, self.lemmas))

    def _spelled(self, word: str, *, lemma: bool) -> tuple[Sequence[str], str]:
        """Return the words to compare with, and the word asked: accents count when they were typed."""
        accented = folded(word) != cased(word)
        if accented:
            return [cased(form) for form in (self.lemmas if lemma else self.forms)], cased(word)
        return self._folded_lemmas if lemma else self._folded_forms, folded(word)

    def with_form(self, word: str) -> Bools:
        """Return which of ``forms`` a word typed means; ``*`` stands for any letters, and a part between hyphens is a word too."""
        there, wanted = self._spelled(word, lemma=False)
        if "*" in wanted:
            pattern = re.compile(".*".join(re.escape(piece) for piece in re.split(r"\*+", wanted)))
            return np.fromiter((pattern.fullmatch(form) is not None for form in there), bool, len(there))
        return np.fromiter((form == wanted or ("-" in form and wanted in form.split("-")) for form in there), bool, len(there))

    def with_lemma(self, word: str) -> Bools:
        """Return which of ``lemmas`` a word typed means: itself, and those that a form spelled so has in this study."""
        if "*" in word:
            there, wanted = self._spelled(word, lemma=True)
            pattern = re.compile(".*".join(re.escape(piece) for piece in re.split(r"\*+", wanted)))
            return np.fromiter((pattern.fullmatch(lemma) is not None for lemma in there), bool, len(there))
        there, wanted = self._spelled(word, lemma=True)
        found = np.fromiter((lemma == wanted for lemma in there), bool, len(there))
        forms, wanted = self._spelled(word, lemma=False)
        spelled = np.fromiter((form == wanted for form in forms), bool, len(forms))
        found[np.unique(self.lemma[spelled[self.form]])] = True
        return found


def _joined(held: Sequence[tuple[NDArray[np.int32], Sequence[str]]]) -> tuple[NDArray[np.int32], tuple[str, ...]]:
    """Bring numbers into lists of their own under one list."""
    place: dict[str, int] = {}
    numbers = [
        np.array([place.setdefault(word, len(place)) for word in words], dtype=np.int32)[number] if len(words) else number
        for number, words in held
    ]
    return np.concatenate([np.empty(0, np.int32), *numbers]), tuple(place)
