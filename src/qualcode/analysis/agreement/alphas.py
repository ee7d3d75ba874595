r"""Krippendorff's alpha: disagreement as it was seen against that of judgements dealt out at random.

As in :mod:`chance`: ``Ratings`` and weights (rows x tables) in, one value a table out. Units with fewer than two judgements are left out.

.. math:: \alpha = 1 - (n - 1) \sum_u d_u / \sum_{c,k} n_c n_k \delta_{ck}

with n judgements, :math:`n_c` of category c, and :math:`d_u` the sum of :math:`\delta` over the ordered pairs in a unit, divided by
its judgements less one. Source: Krippendorff, Computing Krippendorff's Alpha-Reliability (2011).
"""

from __future__ import annotations

import numpy as np

from qualcode.analysis.agreement.chance import ratio
from qualcode.analysis.agreement.ratings import Floats, Ratings


def _alpha(judged: Floats, seen: Floats, by_chance: Floats) -> Floats:
    """Return alpha from the number of judgements and both sums of disagreement."""
    return 1.0 - ratio((judged - 1) * seen, by_chance)


def _kept(rows: Ratings) -> tuple[Floats, Floats]:
    """Return the counts in units with at least two judgements, and one less than the judgements in each."""
    return rows.counts * rows.paired[:, None], np.maximum(rows.given - 1, 1).astype(np.float64)


def alpha_nominal(rows: Ratings, weights: Floats) -> Floats:
    """Return alpha for categories without order: equal or not."""
    counts, less = _kept(rows)
    each = counts.T @ weights
    judged = each.sum(axis=0)
    apart = counts.sum(axis=1) ** 2 - (counts**2).sum(axis=1)
    return _alpha(judged, (apart / less) @ weights, judged**2 - (each**2).sum(axis=0))


def _by_position(rows: Ratings, weights: Floats, position: Floats) -> Floats:
    """Return alpha for squared distances between positions of the categories (categories x tables, or one column for all)."""
    counts, less = _kept(rows)
    each = counts.T @ weights
    judged = each.sum(axis=0)
    apart = 2 * (counts.sum(axis=1)[:, None] * (counts @ position**2) - (counts @ position) ** 2) / less[:, None]
    by_chance = 2 * (judged * (each * position**2).sum(axis=0) - (each * position).sum(axis=0) ** 2)
    # one category leaves nothing but rounding
    by_chance = np.where((each > 0).sum(axis=0) > 1, by_chance, 0.0)
    return _alpha(judged, (weights * apart).sum(axis=0), by_chance)


def alpha_ordinal(rows: Ratings, weights: Floats) -> Floats:
    """Return alpha for ordered categories: how many judgements lie between two of them."""
    counts, _ = _kept(rows)
    each = counts.T @ weights
    # the distance of c and k is the difference of their middle ranks
    return _by_position(rows, weights, np.cumsum(each, axis=0) - each / 2)


def alpha_interval(rows: Ratings, weights: Floats) -> Floats:
    """Return alpha for numbers whose differences count."""
    numbers = np.zeros(rows.size) if rows.numbers is None else rows.numbers
    # differences only: smaller numbers keep their squares exact
    return _by_position(rows, weights, (numbers - numbers.mean() if rows.size else numbers)[:, None])


def alpha_ratio(rows: Ratings, weights: Floats) -> Floats:
    """Return alpha for numbers from zero up whose proportions count."""
    numbers = np.zeros(rows.size) if rows.numbers is None else rows.numbers
    total = numbers[:, None] + numbers[None, :]
    apart = np.divide(numbers[:, None] - numbers[None, :], total, out=np.zeros_like(total), where=total > 0)
    return by_distance(rows, weights, apart**2)


def alpha_sets(rows: Ratings, weights: Floats) -> Floats:
    """Return alpha for sets of codes, by the distance the rows carry."""
    return by_distance(rows, weights, np.zeros((rows.size, rows.size)) if rows.distance is None else rows.distance)


def by_distance(rows: Ratings, weights: Floats, distance: Floats) -> Floats:
    """Return alpha for any distance between categories (categories x categories)."""
    counts, less = _kept(rows)
    each = counts.T @ weights
    apart = ((counts @ distance) * counts).sum(axis=1)
    return _alpha(each.sum(axis=0), (apart / less) @ weights, (each * (distance @ each)).sum(axis=0))
