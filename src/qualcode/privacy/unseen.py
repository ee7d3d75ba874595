"""Marks that nobody sees: soft hyphens, marks of direction, blanks without width, control characters. They may not hide a name."""

from __future__ import annotations

import re

import numpy as np
from numpy.typing import NDArray

# what parts words for a reader stays: tabs, ends of lines and of pages
_UNSEEN = re.compile("[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]")


def seen(text: str) -> str:
    """Return a text as a reader sees it, without marks that have no width.

    Examples
    --------
    >>> seen("Anne\u00adlies\u200f zei")
    'Annelies zei'
    """
    return _UNSEEN.sub("", text)


def places_seen(text: str) -> NDArray[np.int64] | None:
    """Return where in a text each code point of :func:`seen` stands; ``None`` when there is nothing unseen in it."""
    unseen = [match.start() for match in _UNSEEN.finditer(text)]
    return np.delete(np.arange(len(text)), unseen) if unseen else None
