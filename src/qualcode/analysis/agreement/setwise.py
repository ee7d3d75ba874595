"""Agreement on the sets of codes that coders gave units: all codes of a study at once."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from qualcode.analysis.agreement.chance import ratio
from qualcode.analysis.agreement.intervals import RESAMPLES, limits
from qualcode.analysis.agreement.ratings import Floats, apart_by
from qualcode.analysis.agreement.tallies import Group, Sets, added, sets

OF_SETS = ("percent_agreement", "alpha_jaccard", "alpha_masi")
# pairs of sets that are held in memory at once: few enough to stay in the processor's own
_AT_ONCE = 100_000


def set_values(group: Group) -> tuple[Floats, Floats, Floats]:
    """Return values and both limits (documents, then all together, x the coefficients of ``OF_SETS``).

    Notes
    -----
    In the draws the disagreement by chance follows a straight line around the one that was seen; what is left out is of the order
    of one over the number of units.
    """
    found = sets(group)
    coders = len(group.coders)
    counts = np.vstack([found.counts, found.counts.sum(axis=0)])
    each = np.array([np.bincount(found.codes.ravel(), weights=np.repeat(n, coders), minlength=len(found.members)) for n in counts])
    slopes = _slopes(found.members, each)
    same = np.zeros(len(found.codes))
    apart = np.zeros((2, len(found.codes)))
    for i in range(coders):
        for j in range(i + 1, coders):
            same += found.codes[:, i] == found.codes[:, j]
            apart += 2 * _between(found.members[found.codes[:, i]], found.members[found.codes[:, j]]) / (coders - 1)
    same /= coders * (coders - 1) / 2
    ahead = sum(slopes[:, :, found.codes[:, i]] for i in range(coders))
    size = counts.sum(axis=1)
    chance = (slopes * each).sum(axis=2)
    value = np.vstack([ratio(counts @ same, size), 1.0 - ratio((coders * size - 1) * (apart @ counts.T), chance)]).T
    drawn = _drawn(group, found, same, apart, np.asarray(ahead))
    ones = ratio(drawn["same"], drawn["size"])[None]
    alphas = 1.0 - ratio((coders * drawn["size"] - 1) * drawn["apart"], 2 * drawn["ahead"] - chance[:, :, None])
    ends = np.stack([limits(values) for values in (*ones, *alphas)])
    return value, ends[:, :, 0].T, ends[:, :, 1].T


def _between(first: NDArray[np.bool_], second: NDArray[np.bool_]) -> Floats:
    """Return how far two sets are apart, row by row: 1 minus Jaccard, and MASI."""
    both, either = (first & second).sum(axis=1), (first | second).sum(axis=1)
    return apart_by(both.astype(np.float64), first.sum(axis=1) + 0.0, second.sum(axis=1) + 0.0, either + 0.0)


def _slopes(members: NDArray[np.bool_], each: Floats) -> Floats:
    """Return how far every set is from all sets given (distances x tables x sets)."""
    held = members.astype(np.float64)
    # two empty sets are equal: a code of their own makes them so
    held = np.column_stack([held, ~members.any(axis=1)])
    size, totals = held.sum(axis=1), each.sum(axis=1)[:, None]
    slopes = np.empty((2, *each.shape))
    step = max(1, _AT_ONCE // len(held))
    for first in range(0, len(held), step):
        some = slice(first, first + step)
        near = held[some] @ held.T
        weight = (near == np.minimum(size[some, None], size)).astype(np.float64)
        near /= size[some, None] + size - near
        slopes[0, :, some] = totals - each @ near.T
        # MASI weighs equal sets 1, one inside the other 2/3, others 1/3
        weight += near == 1
        weight += 1
        near *= weight
        slopes[1, :, some] = totals - each @ near.T / 3
    return slopes


def _drawn(group: Group, found: Sets, same: Floats, apart: Floats, ahead: Floats) -> dict[str, Floats]:
    """Return what each document, then all together, adds up to in every draw: same set, units, distances, distances by chance."""
    size = len(group.documents)
    sums = np.zeros((size, 8, RESAMPLES))
    turn, weight = group.marks.units.turn[found.unit], group.marks.units.weight[found.unit]
    place = group.of_unit[found.unit]
    for one, (turns, often) in enumerate(group.draws):
        values = np.vstack([same, np.ones(len(same)), apart, ahead[:, one], ahead[:, -1]])
        here = np.flatnonzero(place == one)
        more = weight[here] * (values[:, found.pattern[here]] - values[:, :1])
        row, column = np.repeat(np.arange(len(values)), len(here)), np.tile(np.searchsorted(turns, turn[here]), len(values))
        in_turn = added(row, column, more.ravel(), (len(values), len(turns))) + values[:, :1] * group.in_turn[turns]
        sums[one] = in_turn @ often
    every = sums.sum(axis=0)
    whole = np.concatenate([sums, every[None]])
    return {
        "same": whole[:, 0],
        "size": whole[:, 1],
        "apart": whole[:, 2:4].transpose(1, 0, 2),
        "ahead": np.concatenate([sums[:, 4:6], every[None, 6:8]]).transpose(1, 0, 2),
    }
