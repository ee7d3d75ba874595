"""Places in a study: stretches of words inside one turn, what lies near them and what overlaps them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from qualcode.analysis.words import Ints, Words
from qualcode.model import Snapshot

_NONE = np.empty(0, np.int64)
SPOKEN, MADE = -1, -2
"""What stands in ``own`` for words, and for a place made of others."""


def overlapping(start: Ints, end: Ints, others: tuple[Ints, Ints]) -> tuple[Ints, Ints]:
    """Return the pairs that share a point: places among ``start, end`` and places among ``others``, whatever their order.

    Examples
    --------
    >>> import numpy as np
    >>> left, right = overlapping(np.array([0, 5]), np.array([3, 9]), (np.array([4, 1]), np.array([6, 2])))
    >>> left.tolist(), right.tolist()
    ([0, 1], [1, 0])
    """
    order = np.argsort(others[0], kind="stable")
    begin, stop = others[0][order], others[1][order]
    # the farthest any of the first so many reaches: sorted, so that those too far to the left are passed over at once
    reach = np.maximum.accumulate(stop) if len(stop) else stop
    first = np.searchsorted(reach, start, side="right")
    last = np.searchsorted(begin, end, side="left")
    counts = np.maximum(last - first, 0)
    left = np.repeat(np.arange(len(start)), counts)
    right = np.repeat(first, counts) + np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
    true = (stop[right] > start[left]) & (begin[right] < end[left])
    return left[true], order[right[true]]


@dataclass(frozen=True, eq=False)
class Places:
    """Stretches of words, each inside one turn.

    Parameters
    ----------
    start, end
        Code points, if all documents stood in one long text.
    turn
        Row of the turn in ``snapshot.turns``.
    own
        Row of the coding it is (part of); -1 for words, -2 for a place made of others.
    member, coding
        Pairs: the codings (rows) that take part in a place.
    """

    start: Ints
    end: Ints
    turn: Ints
    own: Ints
    member: Ints
    coding: Ints

    def __len__(self) -> int:
        """Return how many places there are."""
        return len(self.start)

    @classmethod
    def of_words(cls, words: Words, first: Ints, last: Ints) -> Self:
        """Return places from numbers of words, ``last`` included."""
        return cls(words.start[first], words.end[last], words.turn[first], np.full(len(first), SPOKEN), _NONE, _NONE)

    def __or__(self, other: Places) -> Places:
        """Return the places of both."""
        return Places(
            np.r_[self.start, other.start],
            np.r_[self.end, other.end],
            np.r_[self.turn, other.turn],
            np.r_[self.own, other.own],
            np.r_[self.member, other.member + len(self)],
            np.r_[self.coding, other.coding],
        )

    def only(self, rows: Ints) -> Places:
        """Return some of the places, without who takes part in them."""
        return Places(self.start[rows], self.end[rows], self.turn[rows], self.own[rows], _NONE, _NONE)

    def touching(self, other: Places) -> Ints:
        """Return the rows of the places there that share a point with a place here."""
        return np.unique(overlapping(self.start, self.end, (other.start, other.end))[1])

    def _pairs(self, other: Places, left: Ints, right: Ints) -> tuple[Ints, Ints]:
        """Keep the pairs inside one turn, and no place with itself."""
        own = self.own[left]
        same = (own == other.own[right]) & (own != MADE)
        same &= (own >= 0) | ((self.start[left] == other.start[right]) & (self.end[left] == other.end[right]))
        kept = (self.turn[left] == other.turn[right]) & ~same
        return left[kept], right[kept]

    def overlap(self, other: Places) -> Places:
        """Return the words that a place here and a place there share."""
        left, right = self._pairs(other, *overlapping(self.start, self.end, (other.start, other.end)))
        return _made(
            self, other, (left, right), np.maximum(self.start[left], other.start[right]), np.minimum(self.end[left], other.end[right])
        )

    def near(self, other: Places, distance: int, words: Words) -> Places:
        """Return the stretches from a place here to a place there with at most ``distance`` words between them, in one turn."""
        first, last = _numbers(self, words)
        left, right = self._pairs(other, *overlapping(first - distance - 1, last + distance + 1, _widened(_numbers(other, words))))
        begin, stop = _numbers(other, words)
        between = np.maximum(begin[right] - last[left], first[left] - stop[right])
        close = between <= distance
        left, right = left[close], right[close]
        return _made(
            self, other, (left, right), np.minimum(self.start[left], other.start[right]), np.maximum(self.end[left], other.end[right])
        )


def _numbers(places: Places, words: Words) -> tuple[Ints, Ints]:
    """Return the numbers of the first word of each place and of the first word after it."""
    first: Ints = np.asarray(np.searchsorted(words.end, places.start, side="right"), dtype=np.int64)
    last: Ints = np.asarray(np.searchsorted(words.start, places.end, side="left"), dtype=np.int64)
    return first, np.maximum(last, first)


def _widened(numbers: tuple[Ints, Ints]) -> tuple[Ints, Ints]:
    """Let a place without words be a point that others can lie near."""
    return numbers[0], np.maximum(numbers[1], numbers[0] + 1)


def _made(a: Places, b: Places, pairs: tuple[Ints, Ints], start: Ints, end: Ints) -> Places:
    """Return the places made of pairs, each once, with the codings that take part in them."""
    left, right = pairs
    turn = a.turn[left]
    if not len(left):
        return Places(start, end, turn, _NONE, _NONE, _NONE)
    spots, which = np.unique(np.column_stack([start, end, turn]), axis=0, return_inverse=True)
    which = which.ravel()
    parts = [_taking_part(a, left, which), _taking_part(b, right, which)]
    members = np.unique(np.concatenate(parts), axis=0)
    return Places(spots[:, 0], spots[:, 1], spots[:, 2], np.full(len(spots), MADE), members[:, 0], members[:, 1])


def _taking_part(places: Places, used: Ints, which: Ints) -> Ints:
    """Return pairs of a made place and a coding that takes part in it."""
    by = np.argsort(places.member, kind="stable")
    member = places.member[by]
    first, last = np.searchsorted(member, used, side="left"), np.searchsorted(member, used, side="right")
    counts = last - first
    row = np.repeat(first, counts) + np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
    return np.column_stack([np.repeat(which, counts), places.coding[by][row]])


def bases(snapshot: Snapshot) -> dict[str, int]:
    """Return by guid where each document would begin if all stood in one long text."""
    documents = snapshot.tables["document"]
    size = np.array([len(snapshot.texts[text]) + 1 for text in documents["text"]], dtype=np.int64)
    return dict(zip(documents["guid"], (np.cumsum(size) - size).tolist(), strict=True))


def _laid(snapshot: Snapshot, table: pd.DataFrame) -> tuple[Ints, Ints]:
    """Return where rows with ``document, start, end`` lie in that long text."""
    base, start, end = (
        np.asarray(column, dtype=np.int64) for column in (table["document"].map(bases(snapshot)), table["start"], table["end"])
    )
    return start + base, end + base


def turn_lines(snapshot: Snapshot) -> tuple[Ints, Ints]:
    """Return the starts of the turns in that long text, sorted, and the row of each in ``snapshot.turns``."""
    start, _ = _laid(snapshot, snapshot.turns)
    order = np.argsort(start, kind="stable")
    return start[order], order


@dataclass(frozen=True, eq=False)
class Ground:
    """Where turns and codings lie, if all documents stood in one long text.

    Parameters
    ----------
    turn_start, turn_end
        The turns, in the order of ``snapshot.turns``.
    coding
        Rows of ``snapshot.codings`` that lie in a document of the study.
    pieces
        Those codings cut at the turns: one place for each turn a coding touches.
    """

    turn_start: Ints
    turn_end: Ints
    coding: Ints
    pieces: Places

    @classmethod
    def of(cls, snapshot: Snapshot) -> Ground:
        """Return the ground of a study."""
        table = snapshot.tables["coding"]
        turn_start, turn_end = _laid(snapshot, snapshot.turns)
        coding = np.flatnonzero(table["document"].isin(snapshot.tables["document"]["guid"]).to_numpy(bool))
        start, end = _laid(snapshot, table.iloc[coding])
        left, row = overlapping(start, end, (turn_start, turn_end))
        cut = np.maximum(start[left], turn_start[row]), np.minimum(end[left], turn_end[row])
        pieces = Places(*cut, row, coding[left], np.arange(len(left)), coding[left])
        return cls(turn_start, turn_end, coding, pieces)

    def pieces_of(self, chosen: NDArray[np.bool_]) -> Places:
        """Return the pieces of the codings (a mask over all of them) that are chosen."""
        kept = np.flatnonzero(chosen[self.pieces.own])
        p = self.pieces
        return Places(p.start[kept], p.end[kept], p.turn[kept], p.own[kept], np.arange(len(kept)), p.own[kept])
