"""What a detector finds, and how findings become one table without two on the same words."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import pandas as pd

from qualcode.labels import say

COLUMNS = ["start", "end", "text", "label", "kind", "confidence", "why", "advice"]

KIND_OF = {
    "person": "direct",
    "email": "direct",
    "phone": "direct",
    "url": "direct",
    "handle": "direct",
    "bsn": "direct",
    "iban": "direct",
    "address": "direct",
    "postcode": "direct",
    "plate": "direct",
    "number": "indirect",
    "place": "indirect",
    "organisation": "indirect",
    "date": "indirect",
    "age": "indirect",
    "name": "indirect",
    "room": "indirect",
    "function": "indirect",
    "family": "indirect",
    "health": "indirect",
    "known_for": "indirect",
    "event": "indirect",
    "unique": "combination",
    "team": "combination",
}
"""Every label and its kind: direct names somebody, indirect narrows down, combination does so only together."""

FIGURES = frozenset({"email", "phone", "url", "handle", "bsn", "iban", "address", "postcode", "plate", "number", "date", "age"})


class Hit(NamedTuple):
    """Something found: where, what, how sure, and the name of the sentence that says why."""

    start: int
    end: int
    label: str
    confidence: float
    why: str
    advice: str = ""


def apart(hits: Iterable[Hit]) -> list[Hit]:
    """Return the hits of which no two share words: the surer one stays, of equals the longer one."""
    kept: list[Hit] = []
    taken: list[tuple[int, int]] = []
    for hit in sorted(hits, key=lambda h: (-h.confidence, h.start - h.end, h.start)):
        if hit.end > hit.start and not _covered(taken, hit):
            kept.append(hit)
            _insert(taken, (hit.start, hit.end))
    return sorted(kept)


def _covered(taken: list[tuple[int, int]], hit: Hit) -> bool:
    from bisect import bisect_left

    at = bisect_left(taken, (hit.start, hit.end))
    return (at < len(taken) and taken[at][0] < hit.end) or (at > 0 and taken[at - 1][1] > hit.start)


def _insert(taken: list[tuple[int, int]], span: tuple[int, int]) -> None:
    from bisect import insort

    insort(taken, span)


def table_of(hits: Iterable[Hit], text: str) -> pd.DataFrame:
    """Return hits as a table with the columns of :data:`COLUMNS`, in the order of the text."""
    rows = [
        {
            "start": hit.start,
            "end": hit.end,
            "text": text[hit.start : hit.end],
            "label": hit.label,
            "kind": KIND_OF[hit.label],
            "confidence": round(hit.confidence, 2),
            "why": say(f"privacy.why_{hit.why}"),
            "advice": hit.advice or say(f"privacy.instead_{hit.label}"),
        }
        for hit in sorted(hits)
    ]
    frame = pd.DataFrame(rows, columns=COLUMNS)
    return frame.astype({"start": "Int64", "end": "Int64", "confidence": "float64"})
