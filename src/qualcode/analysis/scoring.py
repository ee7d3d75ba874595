"""The score card of measures: by department and period, on the study's own ordinal scale, and what changed between two periods.

Scores are judgements of people, with grounds, assessor and date; nothing here proposes one.
"""

from __future__ import annotations

from typing import Any

import pandas as pd

from qualcode.analysis.names import near
from qualcode.errors import NotFound
from qualcode.model import HasSnapshot, as_snapshot

NOT_FILLED, NO_DATA, FINAL = "niet ingevuld", "geen gegevens", "definitief"
SCORE_COLUMNS = (
    "department", "period", "measure", "name", "status", "score", "label", "grounds", "assessor", "owner", "own", "second",
    "second_assessor", "difference", "previous", "reason", "date",
)  # fmt: skip
CHANGE_COLUMNS = ("department", "measure", "name", "before", "after", "change", "reason")


def scorecard(study: HasSnapshot, *, department: str | None = None, period: str | None = None) -> pd.DataFrame:
    """Return the score of each measure in each department and period; empty is "niet ingevuld", never nought.

    Parameters
    ----------
    study
        A project or a snapshot.
    department, period
        Only this one.

    Returns
    -------
    pandas.DataFrame
        Every measure for every department and period that has scores at all: ``department``, ``period``, ``measure``, ``name``, ``status`` (``definitief``,
        ``concept``, ``geen gegevens``: asked, but nobody keeps count; ``niet ingevuld``), ``score`` (of the own ordinal scale; missing without
        one), ``label``, ``grounds``, ``assessor``, ``owner``, ``own`` (assessor and owner are the same), ``second`` and ``second_assessor`` (another
        assessor's score), ``difference`` (whether the two differ), ``previous`` and ``reason`` (of a changed score), ``date``.
    """
    snapshot = as_snapshot(study)
    table, known = snapshot.tables["score"], snapshot.tables["measure"]
    words = snapshot.tables["scale"]
    label = words[words["sort"] == "score"].set_index("score")["label"].to_dict()
    table = table[table["measure"].isin(known["guid"])]
    last = table.drop_duplicates(["department", "period", "measure", "assessor"], keep="last")
    by = {key: rows.to_dict("records") for key, rows in last.groupby(["department", "period", "measure"], sort=False)}
    pairs = table[["department", "period"]].drop_duplicates().sort_values(["department", "period"]).itertuples(index=False)
    rows = []
    for own_department, own_period in pairs:
        if department not in (None, own_department) or period not in (None, own_period):
            continue
        for guid, id_, name in zip(known["guid"], known["id"], known["name"], strict=True):
            held = by.get((own_department, own_period, guid), [])
            rows.append(_scored(held, label) | {"department": own_department, "period": own_period, "measure": id_, "name": name})
    return pd.DataFrame(rows, columns=list(SCORE_COLUMNS)).astype({"own": "bool", "difference": "bool"})


def _scored(held: list[dict[Any, Any]], label: dict[Any, Any]) -> dict[str, Any]:
    """Return the cell of one measure: the first assessor's score, and a second beside it."""
    if not held:
        return {"status": NOT_FILLED, "own": False, "difference": False}
    first, second = held[0], held[1] if len(held) > 1 else None
    found = {name: first[name] for name in ("status", "score", "grounds", "assessor", "owner", "previous", "reason", "date")}
    score = first["score"] if isinstance(first["score"], str) else None
    other = second["score"] if second and isinstance(second["score"], str) else None
    same = isinstance(first["assessor"], str) and first["assessor"].strip().casefold() == str(first["owner"]).strip().casefold()
    return found | {
        "label": label.get(score, "") if score else None,
        "own": same,
        "second": other,
        "second_assessor": second["assessor"] if second else None,
        "difference": other is not None and score is not None and other != score,
    }


def score_changes(study: HasSnapshot, before: str, after: str) -> pd.DataFrame:
    """Return what changed on the score card between two periods; the same scores twice give no rows.

    Parameters
    ----------
    study
        A project or a snapshot.
    before, after
        The periods.

    Returns
    -------
    pandas.DataFrame
        ``department``, ``measure``, ``name``, ``before`` and ``after`` (the score, or the status where there is none), ``change`` (``hoger``, ``lager``,
        ``ingevuld``, ``weggevallen``, ``andere status``), ``reason`` (of the change, where noted). The scale is ordinal: there is no difference in points.

    Raises
    ------
    NotFound
        When a period has no scores.
    """
    snapshot = as_snapshot(study)
    there = list(dict.fromkeys(snapshot.tables["score"]["period"].dropna()))
    for period in (before, after):
        if period not in there:
            raise NotFound("measures.no_period", period=period, there=near(period, there))
    keys = ["department", "measure"]
    old = scorecard(snapshot, period=before).set_index(keys)
    new = scorecard(snapshot, period=after).set_index(keys)
    rows = []
    for key in dict.fromkeys([*old.index, *new.index]):
        was, now = (table.loc[key] if key in table.index else None for table in (old, new))
        shown = [_shown(row) for row in (was, now)]
        if shown[0] == shown[1]:
            continue
        row = now if now is not None else was
        assert row is not None
        rows.append((*key, row["name"], *shown, _change(was, now), row["reason"] if isinstance(row["reason"], str) else ""))
    return pd.DataFrame(rows, columns=list(CHANGE_COLUMNS))


def _shown(row: pd.Series[Any] | None) -> str:
    if row is None:
        return NOT_FILLED
    return str(row["score"]) if isinstance(row["score"], str) else str(row["status"])


def _change(was: pd.Series[Any] | None, now: pd.Series[Any] | None) -> str:
    old, new = _shown(was), _shown(now)
    if old.isdigit() and new.isdigit():
        return "hoger" if int(new) > int(old) else "lager"
    if new.isdigit():
        return "ingevuld"
    return "weggevallen" if old.isdigit() else "andere status"


def completeness(study: HasSnapshot) -> pd.DataFrame:
    """Return per department and period how many measures are filled in, in which states: ``department``, ``period``, ``measures`` and one column a state."""
    table = scorecard(study)
    states = (FINAL, "concept", NO_DATA, NOT_FILLED)
    keys = [table["department"], table["period"]]
    counts = {state: (table["status"] == state).groupby(keys, sort=False).sum().astype("int64") for state in states}
    frame = pd.DataFrame({"measures": table.groupby(keys, sort=False).size(), **counts})
    return frame.reset_index()
