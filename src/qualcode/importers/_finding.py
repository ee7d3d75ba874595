"""Find quoted words in a text whatever its line breaks, and say exactly where they stand. Knows texts and turns only."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qualcode.importers._text import tidy

_ORDER = "utf-32-le" if sys.byteorder == "little" else "utf-32-be"
_BLANK = 32
_WHITE = np.array([i for i in range(0x3001) if chr(i).isspace()], dtype=np.uint32)


def folded(words: str) -> str:
    r"""Return words as they are compared: NFC, and every run of white space one blank.

    Examples
    --------
    >>> folded(" zo  is\nhet ")
    'zo is het'
    """
    return " ".join(tidy(words).split())


@dataclass(frozen=True)
class _Folded:
    """A text with its white space folded; ``place`` gives for each code point where it stood."""

    text: str
    place: NDArray[np.int64]

    @classmethod
    def of(cls, text: str, gaps: list[tuple[int, int]]) -> _Folded:
        points = np.frombuffer(text.encode(_ORDER, "surrogatepass"), dtype=np.uint32).copy()
        for start, end in gaps:
            points[start:end] = _BLANK
        white = np.isin(points, _WHITE)
        points[white] = _BLANK
        kept = ~white
        if len(white):
            kept[0] = True
            kept[1:] |= white[1:] & ~white[:-1]
        return cls(points[kept].tobytes().decode(_ORDER, "surrogatepass"), np.flatnonzero(kept))

    def find(self, words: str) -> list[tuple[int, int]]:
        """Return every place of folded words, as spans of the text itself."""
        found: list[tuple[int, int]] = []
        at = self.text.find(words)
        while at >= 0:
            found.append((int(self.place[at]), int(self.place[at + len(words) - 1]) + 1))
            at = self.text.find(words, at + 1)
        return found


@dataclass(frozen=True)
class Searched:
    """One document to look in: its text, its turns as arrays, and who speaks them."""

    text: str
    start: NDArray[np.int64]
    end: NDArray[np.int64]
    label: list[str | None]
    gaps: list[tuple[int, int]]
    names: dict[str, list[str]]
    roles: dict[str, str]

    @classmethod
    def of(cls, text: str, turns: dict[str, Any], *, names: dict[str, list[str]], roles: dict[str, str]) -> Searched:
        """Return a document from its turns as the log keeps them.

        ``names`` gives the labels of everything a speaker may be called.
        """
        gaps = [(start, end) for _, start, end in turns.get("gaps") or []]
        starts, ends = (np.asarray(turns[name], dtype=np.int64) for name in ("start", "end"))
        return cls(text, starts, ends, turns["label"], gaps, names, roles)

    @cached_property
    def _plain(self) -> _Folded:
        return _Folded.of(self.text, [])

    @cached_property
    def _without_gaps(self) -> _Folded:
        return _Folded.of(self.text, self.gaps)

    def find(self, words: str, *, labels: list[str] | None = None, turn: int | None = None) -> list[tuple[int, int]]:
        """Return every span of these words, in the turns of the labels or in one turn (from 1) when given.

        Page marks inside a turn may be in the words or not.
        """
        wanted = folded(words)
        if not wanted:
            return []
        found = self._inside(self._plain.find(wanted), labels, turn)
        return found or (self._inside(self._without_gaps.find(wanted), labels, turn) if self.gaps else [])

    def _inside(self, found: list[tuple[int, int]], labels: list[str] | None, turn: int | None) -> list[tuple[int, int]]:
        if labels is None and turn is None:
            return found
        kept: list[tuple[int, int]] = []
        for start, end in found:
            at = int(np.searchsorted(self.start, start, side="right")) - 1
            inside = at >= 0 and end <= self.end[at]
            if inside and (labels is None or self.label[at] in labels) and (turn is None or at == turn - 1):
                kept.append((start, end))
        return kept

    def speaking(self, start: int, end: int) -> set[str]:
        """Return the roles of those whose words a span touches; empty without speakers."""
        first = int(np.searchsorted(self.end, start, side="right"))
        last = int(np.searchsorted(self.start, end, side="left"))
        return {self.roles[label] for label in self.label[first:last] if label is not None and label in self.roles}
