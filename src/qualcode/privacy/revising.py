"""A text gets another version: words replaced, and everything that points into it carried over. Knows no study."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import accumulate
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

Edit = tuple[int, int, str]
Positions = NDArray[np.int64]


@dataclass(frozen=True)
class Revision:
    """A new version of a text.

    Parameters
    ----------
    text
        The new text.
    start, end
        What was replaced, in code points of the old text, in order.
    size
        How long each replacement is.
    """

    text: str
    start: Positions
    end: Positions
    size: Positions

    def carried(self, start: ArrayLike, end: ArrayLike, *, wide: bool = False) -> tuple[Positions, Positions]:
        """Return spans of the old text as spans of the new one; a bound inside replaced words moves to the replacement's own bound.

        Words put in right before or right after a span are not its own; with ``wide`` they are.

        Examples
        --------
        >>> revision = revised("toen zei Annelies dat", [(9, 17, "[collega]")])
        >>> [bounds.tolist() for bounds in revision.carried([0, 9, 12, 18], [4, 17, 21, 21])]
        [[0, 9, 9, 19], [4, 18, 22, 22]]
        """
        first, last = np.asarray(start, dtype=np.int64), np.asarray(end, dtype=np.int64)
        return self._moved(first, last=False, over=not wide), self._moved(last, last=True, over=wide)

    def _moved(self, at: Positions, *, last: bool, over: bool) -> Positions:
        if not len(self.start):
            return at
        gained = np.r_[0, np.cumsum(self.size - (self.end - self.start))]
        done = np.searchsorted(self.end, at, side="right")  # replacements that end at or before the position
        if not over:
            # words are put in at this very position: stay before them
            done -= np.isin(at, self.start[self.start == self.end])
        moved = at + gained[done]
        inside = np.minimum(done, len(self.start) - 1)
        within = (done < len(self.start)) & (self.start[inside] < at)
        bound = self.start[inside] + gained[done] + (self.size[inside] if last else 0)
        return np.asarray(np.where(within, bound, moved), dtype=np.int64)

    def undone(self, text: str = "") -> Revision:
        """Return the way back: what brings spans of the new text to ``text``, the old one."""
        gained = np.r_[0, np.cumsum(self.size - (self.end - self.start))][:-1]
        start = self.start + gained
        return Revision(text, start, start + self.size, self.end - self.start)

    def covers(self, start: ArrayLike, end: ArrayLike) -> NDArray[np.bool_]:
        """Tell which spans of the old text lie inside what was replaced."""
        first, last = np.asarray(start, dtype=np.int64)[:, None], np.asarray(end, dtype=np.int64)[:, None]
        return np.asarray(((self.start <= first) & (last <= self.end)).any(axis=1), dtype=bool)

    def touches(self, start: ArrayLike, end: ArrayLike) -> NDArray[np.bool_]:
        """Tell which spans of the old text share words with what was replaced."""
        first = np.searchsorted(self.end, np.asarray(start, dtype=np.int64), side="right")
        last = np.searchsorted(self.start, np.asarray(end, dtype=np.int64), side="left")
        return np.asarray(last > first, dtype=bool)


def revised(text: str, edits: Sequence[Edit]) -> Revision:
    """Replace words of a text.

    Parameters
    ----------
    text
        The text as it is.
    edits
        ``(start, end, replacement)`` in code points; no two share words.

    Raises
    ------
    ValueError
        When edits overlap or lie outside the text: a mistake of the caller.
    """
    ordered = sorted(edits)
    pieces: list[str] = []
    at = 0
    for start, end, words in ordered:
        if not at <= start <= end <= len(text):
            raise ValueError(f"edits overlap or lie outside the text at {start}-{end}")
        pieces += [text[at:start], words]
        at = end
    columns = np.array([(start, end, len(words)) for start, end, words in ordered], dtype=np.int64).reshape(-1, 3)
    return Revision("".join([*pieces, text[at:]]), columns[:, 0], columns[:, 1], columns[:, 2])


def carried_turns(turns: dict[str, Any], revision: Revision) -> dict[str, Any]:
    """Return the turns of a document on the new version of its text; labels and times stay."""
    start, end = revision.carried(turns["start"], turns["end"])
    gaps = turns.get("gaps") or []
    low, high = revision.carried([gap[1] for gap in gaps], [gap[2] for gap in gaps])
    moved = [[gap[0], int(a), int(b)] for gap, a, b in zip(gaps, low, high, strict=True) if b > a]
    return {**turns, "start": start.tolist(), "end": end.tolist(), **({"gaps": moved} if "gaps" in turns else {})}


def edits_between(old: str, new: str) -> list[Edit]:
    r"""Return what makes one text into another: whole lines first, whole words inside lines that differ.

    Parameters
    ----------
    old, new
        The texts.

    Examples
    --------
    >>> edits_between("ik heb het gemelt\ndaar bleef het bij", "ik heb het toen gemeld\ndaar bleef het bij")
    [(11, 17, 'toen gemeld')]
    """
    edits: list[Edit] = []
    for (start, end), (first, last) in _differing(old.splitlines(keepends=True), new.splitlines(keepends=True)):
        before, after = old[start:end], new[first:last]
        for (low, high), (left, right) in _differing(_WORDS.findall(before), _WORDS.findall(after)):
            edits.append((start + low, start + high, after[left:right]))
    return edits


# words, blanks and signs
_WORDS = re.compile(r"\w+|\s+|[^\w\s]")


def _differing(old: list[str], new: list[str]) -> Iterator[tuple[tuple[int, int], tuple[int, int]]]:
    """Yield where two rows of pieces differ, in code points of each."""
    at, to = [0, *accumulate(map(len, old))], [0, *accumulate(map(len, new))]
    for kind, a, b, c, d in SequenceMatcher(None, old, new).get_opcodes():
        if kind != "equal":
            yield (at[a], at[b]), (to[c], to[d])
