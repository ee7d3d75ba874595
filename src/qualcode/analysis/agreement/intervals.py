"""A value with its interval: the same rows, drawn again from the units."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from qualcode.analysis.agreement.ratings import Floats, Ratings

RESAMPLES = 1000
LEVEL = (0.025, 0.975)
# an interval needs a value in at least this share of the draws
DEFINED = 0.95
# draws times rows that are held in memory at once
_AT_ONCE = 4_000_000

Kernel = Callable[[Ratings, Floats], Floats]


@dataclass(frozen=True, slots=True)
class Coefficient:
    """One coefficient.

    Parameters
    ----------
    value
        The coefficient; ``None`` when it is not defined or withheld.
    reason
        Why there is no value, or a warning about the value there is; ``None`` when there is nothing to say.
    ci_low, ci_high
        The middle 95% of the values over 1000 draws of the units with replacement; ``None`` when there is no such interval.
    units
        How many units it rests on.
    """

    value: float | None
    reason: str | None
    ci_low: float | None
    ci_high: float | None
    units: int

    def as_json(self) -> dict[str, Any]:
        """Return it as a JSON object."""
        return asdict(self)


def drawn(rows: Ratings, kernel: Kernel, *, seed: int) -> Floats:
    """Return the coefficient of each of the draws of the units with replacement."""
    total = int(rows.weights.sum())
    if not total:
        return np.full(RESAMPLES, np.nan)
    source = np.random.default_rng(seed)
    share = rows.weights / rows.weights.sum()
    step = max(1, _AT_ONCE // len(share))
    parts = [
        kernel(rows, source.multinomial(total, share, size=min(step, RESAMPLES - done)).T.astype(np.float64))
        for done in range(0, RESAMPLES, step)
    ]
    return np.concatenate(parts)


def limits(values: Floats) -> Floats:
    """Return the limits of the intervals, one line a row of ``values`` (rows x draws); ``nan`` where too few draws have a value."""
    ordered = np.sort(values, axis=1)  # nan comes last
    there = np.isfinite(ordered).sum(axis=1)
    found = np.full((len(ordered), 2), np.nan)
    enough = np.flatnonzero(there >= DEFINED * values.shape[1])
    for column, level in enumerate(LEVEL):
        place = level * (there[enough] - 1)
        below = np.floor(place).astype(np.int64)
        above = np.ceil(place).astype(np.int64)
        low, high = ordered[enough, below], ordered[enough, above]
        found[enough, column] = low + (place - below) * (high - low)
    return found


def number(value: float) -> float | None:
    """Return a number for JSON: ``None`` where there is none."""
    return float(value) if np.isfinite(value) else None
