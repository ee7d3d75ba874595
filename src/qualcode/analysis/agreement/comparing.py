"""How much coders agree in a study: per code, subtheme or theme, per pair of coders, per document."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from qualcode.analysis.agreement import alphas, chance
from qualcode.analysis.agreement.coefficients import FEW, FOR_TWO, LOW, MUCH, PREVALENCE, SEED, WITHOUT_CHANCE
from qualcode.analysis.agreement.compared import Compared, compared, marks
from qualcode.analysis.agreement.intervals import Kernel, limits
from qualcode.analysis.agreement.ratings import Floats, Ints
from qualcode.analysis.agreement.setwise import OF_SETS, set_values
from qualcode.analysis.agreement.tallies import Group, cells, group_of
from qualcode.analysis.agreement.units import Unit
from qualcode.codebook import Level
from qualcode.labels import say
from qualcode.model import HasSnapshot

AGREEMENT_COLUMNS = (
    "level", "code", "name", "coders", "document", "coefficient", "value", "ci_low", "ci_high", "reason",
    "unit", "units", "used", "uncoded", "layer", "seed",
)  # fmt: skip

_KERNELS: dict[str, Kernel] = {
    "percent_agreement": chance.percent_agreement,
    "positive_agreement": chance.positive_agreement,
    "cohen_kappa": chance.cohen_kappa,
    "alpha_nominal": alphas.alpha_nominal,
    "gwet_ac1": chance.gwet_ac1,
    "brennan_prediger": chance.brennan_prediger,
    "scott_pi": chance.scott_pi,
    "fleiss_kappa": chance.fleiss_kappa,
}
# cells whose tables are reckoned together: few enough to stay in the processor's own memory
_AT_ONCE = 24


def agreement(
    study: HasSnapshot,
    coders: Sequence[str],
    *,
    layer: str = "ronde-1",
    unit: Unit = "turn",
    level: Level = "code",
    documents: Collection[str] | None = None,
    seed: int = SEED,
) -> pd.DataFrame:
    """Return how much coders agree, code by code and on the sets of codes, with intervals.

    Parameters
    ----------
    study
        A project or a snapshot.
    coders
        Two coders or more.
    layer
        The round whose codings are compared.
    unit
        What is compared: ``turn``, ``sentence`` or ``character``. Only words of participants; those of moderators, note-takers and
        voices nobody could name are left out.
    level
        ``code``, ``subtheme`` or ``theme``; what lies below counts for it.
    documents
        Only these (names), also where a coder marked nothing; when left out those that the coders of a pair both coded.
    seed
        Where the drawing of units for the intervals begins.

    Returns
    -------
    pandas.DataFrame
        One row a coefficient: ``level``; ``code`` (id; missing for all codes together) and ``name``; ``coders`` (joined by ``|``:
        each pair, then all when there are more than two); ``document`` (missing for all documents together); ``coefficient``;
        ``value`` (missing when undefined or withheld); ``ci_low`` and ``ci_high`` (the middle 95% over 1000 draws); ``reason``
        (why there is no value, or a warning about it); ``unit``; ``units`` (compared; for characters code points); ``used`` (units,
        for characters turns, in which anybody used the code); ``uncoded`` (units that none of these coders gave any code);
        ``layer``; ``seed``. For a code: ``percent_agreement, positive_agreement, cohen_kappa, alpha_nominal, gwet_ac1,
        brennan_prediger, scott_pi, fleiss_kappa`` of used or not. For all codes together: ``percent_agreement`` (the very same set
        of codes), ``alpha_jaccard``, ``alpha_masi``.

    Raises
    ------
    NotFound, Ambiguous
        When the study has no such coder, layer or document, or more than one.
    Refused
        For fewer than two coders, an unknown unit or level, or nothing that two coders both coded.

    Notes
    -----
    A code used in fewer than five units gets no coefficient: *te weinig waarnemingen*. For the intervals the turns of each document
    are drawn again, whatever the unit: sentences and characters of one turn are no separate observations.
    """
    what = compared(study, coders, layer=layer, level=level, documents=documents)
    found = marks(what, unit)
    frames = []
    for coders_of in what.groups():
        group = group_of(what, found, coders_of, seed=seed)
        frames += [_of_sets(what, group), _of_codes(what, group)]
    frame = pd.concat(frames, ignore_index=True)
    return frame.assign(level=level, unit=unit, layer=layer, seed=seed)[list(AGREEMENT_COLUMNS)]


def _of_codes(what: Compared, group: Group) -> pd.DataFrame:
    """Return the coefficients of each code, first over all documents, then by document."""
    each = cells(group)
    enough = np.flatnonzero(each.used >= FEW)
    shape = (len(each.node), len(_KERNELS))
    value, low, high = np.full(shape, np.nan), np.full(shape, np.nan), np.full(shape, np.nan)
    for first in range(0, len(enough), _AT_ONCE):
        some = enough[first : first + _AT_ONCE]
        tables = each.weights[some]
        # where all used it everywhere there is nothing to differ in
        one = tables[:, each.rows.codes.all(axis=1), 0].sum(axis=1) == tables[:, :, 0].sum(axis=1)
        flat = tables.transpose(1, 0, 2).reshape(tables.shape[1], -1)
        for column, (name, kernel) in enumerate(_KERNELS.items()):
            if name in FOR_TWO and len(group.coders) != 2:  # noqa: PLR2004
                continue
            values = kernel(each.rows, flat).reshape(tables.shape[0], -1)
            if name not in WITHOUT_CHANCE:
                values[one] = np.nan
            value[some, column] = values[:, 0]
            low[some, column], high[some, column] = limits(values[:, 1:]).T
    return _framed(what, group, {"node": each.node, "place": each.document, "used": each.used}, list(_KERNELS), (value, low, high))


def _of_sets(what: Compared, group: Group) -> pd.DataFrame:
    """Return the coefficients on sets of codes, first over all documents, then by document."""
    numbers = set_values(group)
    used = np.r_[group.active, group.active.sum()]
    numbers[0][used < FEW] = np.nan
    place = np.r_[np.arange(len(group.documents)), -1]
    return _framed(what, group, {"node": np.full(len(used), -1), "place": place, "used": used}, list(OF_SETS), numbers)


def _framed(what: Compared, group: Group, facts: dict[str, Ints], names: list[str], numbers: tuple[Floats, Floats, Floats]) -> pd.DataFrame:
    """Return values and intervals (rows x coefficients) as a tidy frame; all documents together come before each of them."""
    order = np.lexsort((facts["node"], facts["place"] >= 0))
    node, place, used = (facts[name][order] for name in ("node", "place", "used"))
    value = numbers[0][order]
    low, high = (np.where(np.isfinite(value), table[order], np.nan) for table in numbers[1:])
    totals, coded = np.r_[group.totals, group.totals.sum()], np.r_[group.coded, group.coded.sum()]
    units, uncoded = totals[place], (totals - coded)[place]
    reason = _reasons(group, names, value, low, np.column_stack([used, units]))
    wide = len(names)
    called = np.array([*what.nodes["name"], say("agreement.all_codes")], dtype=object)
    codes = np.array([*what.nodes["code"], None], dtype=object)
    documents = np.array([*(what.names[at] for at in group.documents), None], dtype=object)
    columns = {
        "code": np.repeat(codes[node], wide),
        "name": np.repeat(called[node], wide),
        "document": np.repeat(documents[place], wide),
        "coefficient": np.tile(np.array(names, dtype=object), len(node)),
        "reason": reason.ravel(),
    }
    frame = pd.DataFrame({name: pd.Series(values, dtype="str") for name, values in columns.items()})
    figures = {"units": units, "used": used, "uncoded": uncoded}
    return frame.assign(
        coders="|".join(what.coders[place] for place in group.coders),
        value=value.ravel(),
        ci_low=low.ravel(),
        ci_high=high.ravel(),
        **{name: np.repeat(values, wide) for name, values in figures.items()},
    )


def _reasons(group: Group, names: list[str], value: Floats, low: Floats, size: Ints) -> NDArray[np.object_]:
    """Return why a value is not there, or what must be known beside it (rows x coefficients); ``size`` has used and units."""
    reason = np.full(value.shape, None, dtype=object)
    seen = value[:, [names.index("percent_agreement")]]
    there = np.isfinite(value)
    skewed = np.isin(names, PREVALENCE) & (seen >= MUCH) & there & (value < LOW)
    reason[there & (seen >= 1)] = say("agreement.all_equal")
    reason[skewed] = say("agreement.prevalence")
    lost = there & ~np.isfinite(low)
    reason[lost] = [" ".join(part for part in (said, say("agreement.no_interval")) if part) for said in reason[lost]]
    reason[~there] = say("agreement.one_category")
    if len(group.coders) != 2:  # noqa: PLR2004
        reason[:, np.isin(names, FOR_TWO)] = say("agreement.for_two", coders=len(group.coders))
    in_turns = group.marks.units.kind == "character"
    for row in np.flatnonzero(size[:, 0] < FEW):
        key = "agreement.too_few_turns" if in_turns else "agreement.too_few"
        reason[row] = say(key, used=size[row, 0], units=size[row, 1])
    return reason
