"""The coefficients for a table of units by coders: value, interval, and the reason where there is none.

Rows are units, columns coders; missing is ``None``, ``nan`` or an empty text. What is not defined has no value, never 0 or 1.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial

import numpy as np
from numpy.typing import ArrayLike

from qualcode.analysis.agreement import alphas, chance
from qualcode.analysis.agreement.intervals import Coefficient, Kernel, drawn, limits, number
from qualcode.analysis.agreement.ratings import Floats, Ratings, of_sets, of_table
from qualcode.labels import say

SEED = 7
# fewer units than this say little
FEW = 5
# much agreement and yet a low coefficient: one category prevails
MUCH, LOW = 0.8, 0.6

KERNELS: dict[str, Kernel] = {
    "percent_agreement": chance.percent_agreement,
    "cohen_kappa": chance.cohen_kappa,
    "fleiss_kappa": chance.fleiss_kappa,
    "scott_pi": chance.scott_pi,
    "gwet_ac1": chance.gwet_ac1,
    "brennan_prediger": chance.brennan_prediger,
    "alpha_nominal": alphas.alpha_nominal,
    "alpha_ordinal": alphas.alpha_ordinal,
    "alpha_interval": alphas.alpha_interval,
    "alpha_ratio": alphas.alpha_ratio,
}
WITHOUT_CHANCE = ("percent_agreement", "positive_agreement")
FOR_TWO = ("cohen_kappa", "scott_pi")
OF_NUMBERS = ("alpha_ordinal", "alpha_interval", "alpha_ratio")
# those that fall where one category prevails
PREVALENCE = ("cohen_kappa", "fleiss_kappa", "scott_pi", "alpha_nominal")


def every(table: ArrayLike, *, seed: int = SEED) -> dict[str, Coefficient]:
    """Return every coefficient for a table of units by coders.

    Parameters
    ----------
    table
        Units x coders.
    seed
        Where the drawing of units for the intervals begins.

    Returns
    -------
    dict
        By name: ``percent_agreement, cohen_kappa, fleiss_kappa, scott_pi, gwet_ac1, brennan_prediger, alpha_nominal,
        alpha_ordinal, alpha_interval, alpha_ratio``.

    Examples
    --------
    >>> found = every([[1, 0], [1, 1], [0, 1], [0, 0], [0, 0], [0, 1], [0, 0], [0, 1], [0, 0], [0, 0]])
    >>> [round(found[name].value, 4) for name in ("percent_agreement", "cohen_kappa", "alpha_nominal")]
    [0.6, 0.0909, 0.0952]
    """
    rows = of_table(table)
    return {name: _judged(name, rows, kernel, seed=seed) for name, kernel in KERNELS.items()}


def _named(name: str, table: ArrayLike, seed: int) -> Coefficient:
    return _judged(name, of_table(table), KERNELS[name], seed=seed)


def percent_agreement(table: ArrayLike, *, seed: int = SEED) -> Coefficient:
    """Return percent agreement: the mean over units of the share of pairs of coders that agree.

    Notes
    -----
    Units with fewer than two judgements are left out; every other unit weighs the same, however many coders judged it (Gwet,
    Handbook of Inter-Rater Reliability, 2014). Programs that pool all pairs give another number where values are missing.
    """
    return _named("percent_agreement", table, seed)


def cohen_kappa(table: ArrayLike, *, seed: int = SEED) -> Coefficient:
    """Return Cohen's kappa of two coders over the units both judged (Cohen 1960)."""
    return _named("cohen_kappa", table, seed)


def scott_pi(table: ArrayLike, *, seed: int = SEED) -> Coefficient:
    """Return Scott's pi of two coders over the units both judged (Scott 1955)."""
    return _named("scott_pi", table, seed)


def fleiss_kappa(table: ArrayLike, *, seed: int = SEED) -> Coefficient:
    """Return Fleiss' kappa of two or more coders (Fleiss 1971); with missing values chance rests on all judgements (Gwet 2014)."""
    return _named("fleiss_kappa", table, seed)


def gwet_ac1(table: ArrayLike, *, seed: int = SEED) -> Coefficient:
    """Return Gwet's AC1 (Gwet 2008); with missing values chance rests on all judgements."""
    return _named("gwet_ac1", table, seed)


def brennan_prediger(table: ArrayLike, *, seed: int = SEED) -> Coefficient:
    """Return the coefficient of Brennan and Prediger (1981): chance is one over the number of categories in the table."""
    return _named("brennan_prediger", table, seed)


def alpha_nominal(table: ArrayLike, *, seed: int = SEED) -> Coefficient:
    """Return Krippendorff's alpha for categories without order."""
    return _named("alpha_nominal", table, seed)


def alpha_ordinal(table: ArrayLike, *, seed: int = SEED) -> Coefficient:
    """Return Krippendorff's alpha for ordered numbers, with his own ordinal distance (not the ordinal weights of other programs)."""
    return _named("alpha_ordinal", table, seed)


def alpha_interval(table: ArrayLike, *, seed: int = SEED) -> Coefficient:
    """Return Krippendorff's alpha for numbers whose differences count."""
    return _named("alpha_interval", table, seed)


def alpha_ratio(table: ArrayLike, *, seed: int = SEED) -> Coefficient:
    """Return Krippendorff's alpha for numbers from zero up whose proportions count."""
    return _named("alpha_ratio", table, seed)


def positive_agreement(table: ArrayLike, *, seed: int = SEED) -> Coefficient:
    """Return positive agreement of a table of 0 and 1: of all 1's the share that another coder's 1 meets.

    Notes
    -----
    For two coders 2a / (2a + b + c) (Cicchetti and Feinstein 1990).

    Raises
    ------
    ValueError
        When the table holds something else than 0 and 1.
    """
    rows = of_table(table)
    values = [] if rows.numbers is None else rows.numbers.tolist()
    if (rows.numbers is None and rows.size) or not set(values) <= {0.0, 1.0}:
        raise ValueError("positive agreement is for a table of 0 and 1")
    positive = values.index(1.0) if 1.0 in values else rows.size
    return _judged("positive_agreement", rows, partial(chance.positive_agreement, positive=positive), seed=seed)


def alpha_jaccard(table: Sequence[Sequence[Iterable[str] | None]], *, seed: int = SEED) -> Coefficient:
    """Return Krippendorff's alpha for sets of codes, their distance 1 minus Jaccard; two empty sets agree.

    Parameters
    ----------
    table
        Units x coders; every cell a set of codes, ``None`` where a coder did not judge the unit.
    """
    return _judged("alpha_jaccard", of_sets(table), alphas.alpha_sets, seed=seed)


def alpha_masi(table: Sequence[Sequence[Iterable[str] | None]], *, seed: int = SEED) -> Coefficient:
    """Return Krippendorff's alpha for sets of codes by the distance MASI (Passonneau 2006); two empty sets agree."""
    return _judged("alpha_masi", of_sets(table, masi=True), alphas.alpha_sets, seed=seed)


def _judged(name: str, rows: Ratings, kernel: Kernel, *, seed: int) -> Coefficient:
    """Return a coefficient with its interval, or the reason why there is none."""
    reason = undefined(name, rows)
    if reason is None:
        value = float(kernel(rows, rows.weights[:, None])[0])
        if np.isfinite(value):
            low, high = limits(drawn(rows, kernel, seed=seed)[None, :])[0]
            seen = float(chance.percent_agreement(rows, rows.weights[:, None])[0])
            said = [*([say("agreement.few", units=rows.units)] if rows.units < FEW else []), *warnings(name, value, seen, rows)]
            if not np.isfinite(low):
                said.append(say("agreement.no_interval"))
            return Coefficient(value, " ".join(said) or None, number(low), number(high), rows.units)
        reason = say("agreement.one_category")
    return Coefficient(None, reason, None, None, rows.units)


def undefined(name: str, rows: Ratings) -> str | None:
    """Return why a coefficient is not defined for these rows; ``None`` when it may be."""
    if name in FOR_TWO and rows.coders != 2:  # noqa: PLR2004
        return say("agreement.for_two", coders=rows.coders)
    if name in OF_NUMBERS and rows.numbers is None and rows.size:
        return say("agreement.needs_numbers")
    if name == "alpha_ratio" and rows.numbers is not None and rows.size and rows.numbers.min() < 0:
        return say("agreement.needs_zero_up")
    if not rows.units:
        return say("agreement.no_pairs")
    if name not in WITHOUT_CHANCE and len(rows.in_pairs) < 2:  # noqa: PLR2004
        return say("agreement.one_category")
    if name == "positive_agreement" and not _ones(rows):
        return say("agreement.nobody")
    return None


def _ones(rows: Ratings) -> bool:
    """Return whether anybody said 1 of a unit that another coder judged too."""
    return rows.numbers is not None and bool((rows.numbers[rows.in_pairs] == 1).any())


def warnings(name: str, value: float, seen: Floats | float, rows: Ratings) -> list[str]:
    """Return what a reader must know beside a value."""
    if name == "percent_agreement" and len(rows.in_pairs) == 1:
        return [say("agreement.only_one")]
    if name in PREVALENCE and seen >= MUCH and value < LOW:
        return [say("agreement.prevalence")]
    return [say("agreement.all_equal")] if seen >= 1 else []
