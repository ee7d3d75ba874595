"""Words with what was said around them, as desks show them: plain values made from a snapshot."""

from __future__ import annotations

from typing import Any

import numpy as np

from qualcode.model import Snapshot


def passage(snapshot: Snapshot, document: str, start: int, end: int, *, around: int = 1) -> list[list[Any]]:
    """Return the turns that words touch, and some around them: ``[number, start, label, role, words]``.

    Parameters
    ----------
    snapshot
        The study.
    document
        Guid of the document.
    start, end
        The words, in code points.
    around
        How many turns before and after.
    """
    text, table = snapshot.text(document), snapshot.turns_of(document)
    if not len(table):
        first, last = max(0, text.rfind("\n", 0, start) + 1), text.find("\n", end)
        return [[0, first, "", "", text[first : last if last >= 0 else len(text)]]]
    low = int(np.searchsorted(table["end"].to_numpy(), start, side="right"))
    high = int(np.searchsorted(table["start"].to_numpy(), end, side="left"))
    near = table.iloc[max(low - around, 0) : max(high, low + 1) + around]
    rows = zip(near["turn"], near["start"], near["end"], near["label"].fillna(""), near["role"].fillna(""), strict=True)
    return [[int(turn), int(begin), str(label), str(role), text[begin:stop]] for turn, begin, stop, label, role in rows]
