"""How wide the columns of a table are: no column narrower than its longest word, and a page on its side where that does not fit."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

# how many signs of the type in a table stand next to each other on a page, upright and on its side
UPRIGHT, SIDEWAYS = 100, 156
SIGN = 16.2 / UPRIGHT
"""Width of a sign, in centimetres."""
# a word longer than the first is broken; longer than the second, before a page is laid on its side
_LONGEST, _TIGHT = 17, 10
_ROOM, _LITTLE = 4, 2
# the type of the head is wider
_HEAD = 1.2
_PARTS = re.compile(r"[\s\-/]")
_DRAWN = re.compile("■+")
_FIGURE = re.compile(r"<?\d+|–|")


def widths(cells: Sequence[Sequence[str]]) -> tuple[list[float], bool]:
    """Return the parts of the page that the columns take (together 1 at most), and whether the page must lie on its side.

    Where that is enough, long words are broken before a page is laid on its side.

    Parameters
    ----------
    cells
        The words by row and column, the head first; a picture is as many ■ as it is wide, and cannot be broken.

    Examples
    --------
    >>> widths([["Sekse", "Personen"], ["vrouw", "31"]])
    ([0.1, 0.14], False)
    """
    columns = [list(column) for column in zip(*cells, strict=True)]
    words = [max((_wide(word, place) for place, cell in enumerate(column) for word in _PARTS.split(cell)), default=0) for column in columns]
    drawn = [max((len(cell) for cell in column if _DRAWN.fullmatch(cell)), default=0) for column in columns]
    least = [max(min(_LONGEST, longest), bar) + _ROOM for longest, bar in zip(words, drawn, strict=True)]
    tight = [max(min(_TIGHT, longest), bar) + _LITTLE for longest, bar in zip(words, drawn, strict=True)]
    sideways = sum(tight) > UPRIGHT
    page = SIDEWAYS if sideways else UPRIGHT
    if sum(least) > page:
        least = tight
    longest = [max(len(cell) for cell in column) + _ROOM for column in columns]
    wanted = [max(0, long - small) for long, small in zip(longest, least, strict=True)]
    room = max(0, page - sum(least))
    share = min(1.0, room / sum(wanted)) if sum(wanted) else 0.0
    made = [small + want * share for small, want in zip(least, wanted, strict=True)]
    # as many signs as there is room for; with more columns than that a word is broken
    whole = max(float(page), sum(made))
    return [round(one / whole, 3) for one in made], sideways


def _wide(word: str, row: int) -> int:
    return math.ceil(len(word) * (1 if row else _HEAD))


def figures(column: Sequence[str]) -> bool:
    """Return whether a column holds numbers alone, which stand under each other at the right.

    Examples
    --------
    >>> figures(["12", "<5", "–"]), figures(["3 van 9"])
    (True, False)
    """
    return any(cell[-1:].isdigit() for cell in column) and all(_FIGURE.fullmatch(cell) for cell in column)
