"""Agreement as it was seen, and corrected for chance: plain functions of rows and how often each occurs.

Every function takes ``Ratings`` and weights of shape (rows, tables), one column a table with the same rows, as in resampling, and
returns one value a table, ``nan`` where nothing is defined.
"""

from __future__ import annotations

import numpy as np

from qualcode.analysis.agreement.ratings import MISSING, Floats, Ratings

# below this a share of disagreement by chance is nothing
_NOTHING = 1e-12


def ratio(above: Floats, below: Floats) -> Floats:
    """Return a quotient, ``nan`` where there is nothing to divide by."""
    found: Floats = np.divide(above, below, out=np.full(np.shape(above), np.nan), where=below > _NOTHING)
    return found


def corrected(seen: Floats, by_chance: Floats) -> Floats:
    """Return the agreement beyond chance as a share of what is possible beyond chance."""
    return ratio(seen - by_chance, 1.0 - by_chance)


def percent_agreement(rows: Ratings, weights: Floats) -> Floats:
    """Return the mean over units of the share of pairs of coders that agree."""
    return ratio((rows.alike * rows.paired) @ weights, rows.paired.astype(np.float64) @ weights)


def positive_agreement(rows: Ratings, weights: Floats, *, positive: int = 1) -> Floats:
    """Return of all "yes" the share that another coder's "yes" meets; for two coders 2a / (2a + b + c)."""
    yes = rows.counts[:, positive] * rows.paired if positive < rows.size else np.zeros(len(rows.codes))
    met = yes * (yes - 1) / np.maximum(rows.given - 1, 1)
    return ratio(met @ weights, yes @ weights)


def _shares(rows: Ratings, weights: Floats) -> Floats:
    """Return the mean share of each category over the units with any judgement (categories x tables)."""
    each = rows.counts / np.maximum(rows.given, 1)[:, None]
    above = each.T @ weights
    return ratio(above, np.broadcast_to(weights.sum(axis=0), above.shape))


def fleiss_kappa(rows: Ratings, weights: Floats) -> Floats:
    """Return Fleiss' kappa: chance is that of the shares all coders together gave."""
    return corrected(percent_agreement(rows, weights), (_shares(rows, weights) ** 2).sum(axis=0))


def gwet_ac1(rows: Ratings, weights: Floats) -> Floats:
    """Return Gwet's AC1: chance is high where all categories are used alike, low where one prevails."""
    if rows.size < 2:  # noqa: PLR2004
        return np.full(weights.shape[1], np.nan)
    shares = _shares(rows, weights)
    return corrected(percent_agreement(rows, weights), (shares * (1 - shares)).sum(axis=0) / (rows.size - 1))


def brennan_prediger(rows: Ratings, weights: Floats) -> Floats:
    """Return the coefficient of Brennan and Prediger: every category is equally likely by chance."""
    seen = percent_agreement(rows, weights)
    return corrected(seen, np.full_like(seen, 1 / max(rows.size, 1)))


def _two(rows: Ratings, weights: Floats) -> tuple[Floats, Floats, Floats]:
    """Return agreement and the shares of each of two coders, over the units that both judged."""
    full = (rows.codes != MISSING).all(axis=1)
    kept, codes = weights[full], rows.codes[full]
    total = kept.sum(axis=0)
    spread = np.broadcast_to(total, (rows.size, len(total)))
    categories = np.arange(rows.size)[:, None]
    first, second = (ratio((codes[:, i] == categories).astype(np.float64) @ kept, spread) for i in (0, 1))
    return ratio((codes[:, 0] == codes[:, 1]).astype(np.float64) @ kept, total), first, second


def cohen_kappa(rows: Ratings, weights: Floats) -> Floats:
    """Return Cohen's kappa: chance is that of each of two coders' own shares."""
    seen, first, second = _two(rows, weights)
    return corrected(seen, (first * second).sum(axis=0))


def scott_pi(rows: Ratings, weights: Floats) -> Floats:
    """Return Scott's pi: chance is that of the shares of two coders together."""
    seen, first, second = _two(rows, weights)
    return corrected(seen, (((first + second) / 2) ** 2).sum(axis=0))
