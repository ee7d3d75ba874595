"""Agreement on stretches of text themselves: where coders begin and end, without any units given beforehand.

Stretches are spans of one code by one coder on one line of text. Overlapping ones of the same coder are one stretch; touching ones stay two.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from qualcode import spans
from qualcode.analysis.agreement.chance import ratio
from qualcode.analysis.agreement.coefficients import FEW, SEED
from qualcode.analysis.agreement.intervals import RESAMPLES, Coefficient, limits, number
from qualcode.analysis.agreement.ratings import Floats
from qualcode.labels import say
from qualcode.spans import Spans

_AT_ONCE = 4_000_000


def disjoint(table: Spans) -> Spans:
    """Return spans in order, overlapping ones joined; spans that only touch stay apart.

    Examples
    --------
    >>> disjoint(spans.spans([0, 5, 8], [6, 8, 9])).tolist()
    [[0, 8], [8, 9]]
    """
    table = table[table[:, 1] > table[:, 0]]
    if not len(table):
        return table
    table = table[np.lexsort((table[:, 1], table[:, 0]))]
    reach = np.maximum.accumulate(table[:, 1])
    first = np.r_[True, table[1:, 0] >= reach[:-1]]
    return np.column_stack([table[first, 0], reach[np.r_[first[1:], True]]])


def span_f1(first: Spans, second: Spans, *, exact: bool = False, seed: int = SEED) -> Coefficient:
    """Return F1 of two coders' spans of one code: of all spans of both, the share that the other coder has too.

    Parameters
    ----------
    first, second
        The spans of each coder.
    exact
        Count a span as found only where the other coder has the very same one; otherwise any common code point will do.
    seed
        Where the drawing of spans for the interval begins.

    Returns
    -------
    Coefficient
        ``units`` are the spans of both coders together.
    """
    return shared_found([(first, second)], exact=exact, seed=seed)


def span_overlap(first: Spans, second: Spans, *, seed: int = SEED) -> Coefficient:
    """Return how much two coders' spans of one code overlap: code points both marked, as a share of those either did (Jaccard).

    Returns
    -------
    Coefficient
        ``units`` are the separate stretches of text that either coder marked, which are drawn for the interval.
    """
    return shared_overlap([(first, second)], seed=seed)


def shared_found(pairs: Sequence[tuple[Spans, Spans]], *, exact: bool, seed: int) -> Coefficient:
    """Return :func:`span_f1` over several codes, each a pair of the spans of both coders."""
    clean = [(disjoint(first), disjoint(second)) for first, second in pairs]
    hits = [_hits(own, other, exact=exact) for first, second in clean for own, other in ((first, second), (second, first))]
    found = np.concatenate([np.empty(0), *hits])
    return _shared(found, np.ones(len(found)), seed=seed)


def shared_overlap(pairs: Sequence[tuple[Spans, Spans]], *, seed: int) -> Coefficient:
    """Return :func:`span_overlap` over several codes."""
    each = [_overlaps(first, second) for first, second in pairs]
    both, either = (np.concatenate([np.empty(0), *(parts[i] for parts in each)]) for i in (0, 1))
    return _shared(both, either, seed=seed)


def _hits(own: Spans, other: Spans, *, exact: bool) -> NDArray[np.bool_]:
    if not len(other):
        return np.zeros(len(own), dtype=bool)
    if exact:
        place = np.minimum(np.searchsorted(other[:, 0], own[:, 0]), len(other) - 1)
        return np.asarray((other[place] == own).all(axis=1), dtype=bool)
    hit = np.zeros(len(own), dtype=bool)
    hit[spans.touching(own, other)[:, 0]] = True
    return hit


def _overlaps(first: Spans, second: Spans) -> tuple[Floats, Floats]:
    """Return of each separate stretch that either coder marked how many code points both marked, and how many it has."""
    either = spans.union(np.concatenate([first, second]))
    common = spans.intersection(first, second)
    place = np.searchsorted(either[:, 0], common[:, 0], side="right") - 1
    both = np.bincount(place, weights=common[:, 1] - common[:, 0], minlength=len(either))
    return both.astype(np.float64), (either[:, 1] - either[:, 0]).astype(np.float64)


def _shared(above: Floats, below: Floats, *, seed: int) -> Coefficient:
    """Return a share with its interval, over stretches drawn with replacement."""
    units = len(above)
    if not units:
        return Coefficient(None, say("agreement.no_spans"), None, None, 0)
    # equal stretches are drawn together
    kinds, often = np.unique(np.column_stack([above, below]), axis=0, return_counts=True)
    source, step = np.random.default_rng(seed), max(1, _AT_ONCE // len(kinds))
    parts = []
    for done in range(0, RESAMPLES, step):
        sums = source.multinomial(units, often / units, size=min(step, RESAMPLES - done)) @ kinds
        parts.append(ratio(sums[:, 0], sums[:, 1]))
    low, high = limits(np.concatenate(parts)[None, :])[0]
    reason = say("agreement.few_spans", units=units) if units < FEW else None
    return Coefficient(float(above.sum() / below.sum()), reason, number(low), number(high), units)


def alpha_unitizing(marked: Mapping[str, Sequence[Spans]], *, length: int, start: int = 0) -> Coefficient:
    """Return Krippendorff's alpha for unitizing (1995, 2004): do coders mark the same stretches with the same code?

    Parameters
    ----------
    marked
        By code the spans of each coder, every coder in the same place.
    length
        How many code points the text has that all coders read.
    start
        Where that text begins.

    Returns
    -------
    Coefficient
        ``units`` are the stretches of all coders. There is no interval: the stretches are the coders' own, so there are no units
        to draw again.

    Notes
    -----
    Two stretches that overlap differ by the squares of the distances of their beginnings and of their ends; a stretch that the other
    coder left blank differs by the square of its length. Against it stands what the same stretches would give when they
    lay anywhere on the text. Source: Krippendorff, Content Analysis (2004), chapter 11.6, which mends a sign in Sociological
    Methodology 25 (1995) 47-76. This is not the family of u-alpha, cu-alpha and (k)u-alpha of 2016.
    """
    whole = {code: [disjoint(np.asarray(own, dtype=np.int64).reshape(-1, 2)) for own in coders] for code, coders in marked.items()}
    units = sum(len(own) for coders in whole.values() for own in coders)
    coders = max((len(own) for own in whole.values()), default=0)
    if coders < 2:  # noqa: PLR2004
        return Coefficient(None, say("agreement.no_pairs"), None, None, units)
    if not units:
        return Coefficient(None, say("agreement.no_spans"), None, None, 0)
    inside = all(((own >= start) & (own <= start + length)).all() for each in whole.values() for own in each)
    if not inside:
        raise ValueError("a span lies outside the text")
    seen = sum(_seen(each, length) for each in whole.values())
    by_chance = sum(_by_chance(each, start, length) for each in whole.values())
    if by_chance <= 0:
        return Coefficient(None, say("agreement.all_marked"), None, None, units)
    return Coefficient(1 - seen / by_chance, say("agreement.few_spans", units=units) if units < FEW else None, None, None, units)


def _seen(coders: Sequence[Spans], length: int) -> float:
    """Return the disagreement that was seen for one code."""
    total = 0.0
    for i, own in enumerate(coders):
        for j, other in enumerate(coders):
            if i == j:
                continue
            pairs = spans.touching(own, other)
            apart = (own[pairs[:, 0]] - other[pairs[:, 1]]).astype(np.float64)
            total += float((apart**2).sum())
            alone = np.ones(len(own), dtype=bool)
            alone[pairs[:, 0]] = False
            # a stretch in the other's gap, counted from both sides
            total += 2 * float(((own[alone, 1] - own[alone, 0]).astype(np.float64) ** 2).sum())
    m = len(coders)
    return total / (m * (m - 1) * float(length) ** 2)


def _by_chance(coders: Sequence[Spans], start: int, length: int) -> float:
    """Return the disagreement for one code of stretches that lie anywhere."""
    own = np.concatenate([each[:, 1] - each[:, 0] for each in coders]).astype(np.float64)
    gaps = np.sort(np.concatenate([_gaps(each, start, length) for each in coders])).astype(np.float64)
    # of the gaps at least as long as a stretch: how many, and their lengths together
    place = np.searchsorted(gaps, own, side="left")
    behind = np.r_[np.cumsum(gaps[::-1])[::-1], 0.0][place]
    fitting = behind - (len(gaps) - place) * (own - 1)
    apart = (len(own) - 1) / 3 * (2 * own**3 - 3 * own**2 + own) + own**2 * fitting
    places = len(coders) * float(length)
    possible = places * (places - 1) - float((own * (own - 1)).sum())
    return 2 / length * float(apart.sum()) / possible if possible > 0 else 0.0


def _gaps(table: Spans, start: int, length: int) -> NDArray[np.int64]:
    """Return the lengths of the stretches of text between spans."""
    edges = np.r_[start, table.ravel(), start + length]
    size = edges[1::2] - edges[::2]
    return np.asarray(size[size > 0], dtype=np.int64)
