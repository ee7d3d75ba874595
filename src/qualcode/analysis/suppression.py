"""Small-cell suppression: no printed count of people is so small that it points at them, and none can be worked out.

Primary: a count from 1 to k - 1 is not printed. Secondary: as many further cells stay unprinted as it takes to leave
every value from 1 to k - 1 possible for each of those, given the total and the cells that are printed.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from qualcode.labels import say

K = 5
"""How many people a printed count has at least; a study may ask for more, never for less."""

PRINTED, FEW, GUARDED = "printed", "few", "guarded"


def suppressed(counts: pd.Series[int], *, k: int = K, total: bool = True, earlier: Mapping[str, int] | None = None) -> pd.DataFrame:
    """Return a one-way table of counts as it may be published.

    Parameters
    ----------
    counts
        People per category; the categories are the index.
    k
        The smallest count that is printed.
    total
        Whether readers know the total, from this table or another. A report on people always tells how many there are.
    earlier
        Counts by category that an earlier version printed (none: it had the table and printed nothing of it); who reads this version may have that one too. A category that differs from
        it by 1 to k - 1 people would tell who came or went, so it is not printed, and cannot be worked out from the total either. One that
        was printed then cannot hide a small one now: readers may take it to be the same. One that was not printed then stays
        unprinted: it may have hidden a small one.

    Returns
    -------
    pandas.DataFrame
        By category, in the order given: ``n`` (what is so), ``state`` (``printed``; ``few``: 1 to k - 1; ``guarded``: would give
        another cell away), ``shown`` (what may be printed: the number, ``<5``, or ``–``), ``low`` and ``high`` (what a reader who knows
        the total can still think).

    Notes
    -----
    For one suppressed cell i with suppressed sum S the reader's interval is [max(l_i, S - sum of the others' u), min(u_i, S - sum
    of the others' l)], with l = 1, u = k - 1 for few and l = k, u = S for guarded cells (Willenborg and De Waal 2001, ch. 4).
    Cells are guarded from the smallest up until the interval of each few-cell is all of 1 to k - 1, and that of each cell that is close to
    its earlier count holds at least k numbers. Where even all cells together cannot do that, nothing of the table is printed.

    Examples
    --------
    >>> suppressed(pd.Series({"vrouw": 28, "man": 28, "non-binair": 1, "wil niet zeggen": 1}))[["shown", "low", "high"]]
                    shown  low  high
    vrouw              28   28    28
    man                 –   22    28
    non-binair         <5    1     4
    wil niet zeggen    <5    1     4
    """
    values: NDArray[np.int64] = np.asarray(counts, dtype=np.int64)
    before = {} if earlier is None else earlier
    gaps = [abs(int(n) - before.get(str(name), int(n))) for name, n in counts.items()]
    close = np.array([0 < gap < k for gap in gaps], dtype=np.bool_)
    told = np.array([str(name) in before for name in counts.index], dtype=np.bool_)
    few = (values > 0) & (values < k)
    guarded = (close | (~told & (values >= k) & (earlier is not None))) & ~few
    order = [int(i) for i in np.argsort(values, kind="stable") if values[i] >= k]
    # of equal counts the last one named stays unprinted, so that the choice does not hang on the sort
    order.sort(key=lambda i: (values[i], -i))
    wanted = _Wanted(few, close, told)
    while total and not _safe(values, wanted, guarded, k):
        left = [i for i in order if not guarded[i]]
        if not left:
            break
        guarded[left[0]] = True
    hidden = total and not _safe(values, wanted, guarded, k)
    low, high = _bounds(values, few, guarded, k, total=total)
    state = np.where(few, FEW, np.where(guarded, GUARDED, PRINTED))
    shown = [
        say("analysis.few", k=k) if s == FEW else say("analysis.guarded") if s == GUARDED else str(n)
        for s, n in zip(state, values, strict=True)
    ]
    if hidden:
        # even all other cells together cannot protect it: then nothing of the table is printed
        shown = [say("analysis.guarded")] * len(values)
        state = np.full(len(values), GUARDED)
        low, high = np.zeros_like(values), np.full_like(values, values.sum())
    return pd.DataFrame({"n": values, "state": state, "shown": shown, "low": low, "high": high}, index=counts.index)


def _bounds(
    values: NDArray[np.int64], few: NDArray[np.bool_], guarded: NDArray[np.bool_], k: int, *, total: bool
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return what a reader can still think of each cell."""
    low, high = values.copy(), values.copy()
    hidden = few | guarded
    open_sum = int(values[hidden].sum())
    floor = np.where(few, 1, k)
    ceiling = np.where(few, k - 1, max(open_sum, k))
    if not total:
        # without a total there is nothing to subtract from
        low[hidden], high[hidden] = floor[hidden], ceiling[hidden]
        return low, high
    low[hidden] = np.maximum(floor, open_sum - (ceiling[hidden].sum() - ceiling))[hidden]
    high[hidden] = np.minimum(ceiling, open_sum - (floor[hidden].sum() - floor))[hidden]
    return low, high


class _Wanted(NamedTuple):
    """The cells that must not be worked out, small ones and ones close to what an earlier version printed; and all that it printed."""

    few: NDArray[np.bool_]
    close: NDArray[np.bool_]
    told: NDArray[np.bool_]


def _safe(values: NDArray[np.int64], wanted: _Wanted, guarded: NDArray[np.bool_], k: int) -> bool:
    few, close, told = wanted
    # what an earlier version told hides nothing from who takes it to be so still
    low, high = _bounds(values, few, guarded & ~told, k, total=True)
    small = (low[few] <= 1) & (high[few] >= k - 1)
    low, high = _bounds(values, few, guarded, k, total=True)
    near = close & ~few
    return bool(small.all() and (high[near] - low[near] >= k - 1).all())
