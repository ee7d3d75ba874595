"""Span algebra on half-open intervals ``[start, end)`` of Unicode code points; knows nothing of documents."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

Spans = NDArray[np.int64]


def spans(start: ArrayLike, end: ArrayLike) -> Spans:
    """Return an ``(n, 2)`` array of spans from starts and ends.

    Raises
    ------
    ValueError
        When a span ends before it starts, or starts before 0.
    """
    table = np.column_stack([np.asarray(start, dtype=np.int64).ravel(), np.asarray(end, dtype=np.int64).ravel()])
    if table.size and (table[:, 0].min() < 0 or (table[:, 1] < table[:, 0]).any()):
        raise ValueError("a span starts at 0 or later and ends at or after its start")
    return table


def union(table: Spans) -> Spans:
    """Return the disjoint, sorted spans that cover the same code points; touching spans become one.

    Examples
    --------
    >>> union(spans([0, 5, 20], [8, 12, 25])).tolist()
    [[0, 12], [20, 25]]
    """
    table = table[table[:, 1] > table[:, 0]]
    if not len(table):
        return table
    table = table[np.argsort(table[:, 0], kind="stable")]
    reach = np.maximum.accumulate(table[:, 1])
    first = np.r_[True, table[1:, 0] > reach[:-1]]
    last = np.r_[first[1:], True]
    return np.column_stack([table[first, 0], reach[last]])


def length(table: Spans) -> int:
    """Return how many code points the spans cover, each once."""
    joined = union(table)
    return int((joined[:, 1] - joined[:, 0]).sum())


def intersection(a: Spans, b: Spans) -> Spans:
    """Return the code points that both cover, as disjoint sorted spans.

    Examples
    --------
    >>> intersection(spans([0], [10]), spans([4, 8], [6, 20])).tolist()
    [[4, 6], [8, 10]]
    """
    a, b = union(a), union(b)
    if not len(a) or not len(b):
        return np.empty((0, 2), dtype=np.int64)
    first = np.searchsorted(b[:, 1], a[:, 0], side="right")
    last = np.searchsorted(b[:, 0], a[:, 1], side="left")
    counts = np.maximum(last - first, 0)
    left = np.repeat(np.arange(len(a)), counts)
    offset = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
    right = np.repeat(first, counts) + offset
    return np.column_stack([np.maximum(a[left, 0], b[right, 0]), np.minimum(a[left, 1], b[right, 1])])


def touching(table: Spans, turns: Spans) -> NDArray[np.int64]:
    """Return the pairs ``(span, turn)`` that share a code point; ``turns`` are sorted and disjoint.

    Examples
    --------
    >>> touching(spans([3], [12]), spans([0, 10, 20], [9, 19, 29])).tolist()
    [[0, 0], [0, 1]]
    """
    first = np.searchsorted(turns[:, 1], table[:, 0], side="right")
    last = np.searchsorted(turns[:, 0], table[:, 1], side="left")
    counts = np.maximum(last - first, 0)
    counts[table[:, 1] <= table[:, 0]] = 0
    row = np.repeat(np.arange(len(table)), counts)
    offset = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
    return np.column_stack([row, np.repeat(first, counts) + offset])


def trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the span without white space at its ends.

    Examples
    --------
    >>> trimmed("ja, nee ", 3, 8)
    (4, 7)
    """
    words = text[start:end]
    left = len(words) - len(words.lstrip())
    return (start, start) if left == len(words) else (start + left, start + len(words.rstrip()))
