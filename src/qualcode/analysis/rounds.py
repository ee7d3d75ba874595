"""A later round of data collection beside an earlier one, with what the codebook changed in between."""

from __future__ import annotations

from typing import Any

import pandas as pd

from qualcode.analysis import spreading
from qualcode.analysis.counting import of_study
from qualcode.analysis.dated import within
from qualcode.analysis.names import near, ordered_documents
from qualcode.errors import NotFound
from qualcode.model import HasSnapshot, Snapshot, as_snapshot

ROUND_COLUMNS = (
    "code", "name", "groups_before", "groups_n_before", "interviews_before", "groups", "groups_n", "interviews", "comparable", "why", "ref",
)  # fmt: skip
FIRST = "ronde 1"
ATTRIBUTE = "meting"
YES, NO, TOGETHER, ONLY, NOT_RAISED = "vergelijkbaar", "niet vergelijkbaar", "alleen samen", "alleen in deze ronde", "niet aan de orde"


def rounds_of(snapshot: Snapshot) -> dict[str, list[str]]:
    """Return the documents (guids) of each round, by the attribute ``meting``; those without one are ``ronde 1``."""
    held: dict[str, list[str]] = {}
    documents = ordered_documents(snapshot)
    for guid, attributes in zip(documents.index, documents["attributes"], strict=True):
        held.setdefault((attributes or {}).get(ATTRIBUTE) or FIRST, []).append(guid)
    return held


def only(study: HasSnapshot, name: str) -> Snapshot:
    """Return the study with the documents of one round alone: every figure made of it holds for that round.

    Raises
    ------
    NotFound
        When there is no such round.

    Examples
    --------
    >>> import qualcode as qc
    >>> study = qc.demo()
    >>> len(qc.spread(only(study, "ronde 1"))) == len(qc.spread(study))
    True
    """
    snapshot = as_snapshot(study)
    there = rounds_of(snapshot)
    if name not in there:
        raise NotFound("analysis.no_round", round=name, there=near(name, there))
    return within(snapshot, there[name])


def compared(study: HasSnapshot, before: str, after: str) -> pd.DataFrame:
    """Return the spread of each code in two rounds beside each other, and whether the two may be compared.

    Parameters
    ----------
    study
        A project or a snapshot.
    before, after
        The rounds, as the attribute ``meting`` of the documents names them.

    Returns
    -------
    pandas.DataFrame
        ``code``, ``name``, ``groups_before``, ``groups_n_before``, ``interviews_before``, ``groups``, ``groups_n``, ``interviews``, ``comparable`` (``vergelijkbaar``; ``niet
        vergelijkbaar``: the code was merged, split or redefined; ``alleen samen``: the code it became, set beside those it came of;
        ``alleen in deze ronde``; ``niet aan de orde``: not raised in the later round), ``why``, ``ref``. The groups are other people: a difference is
        no change of anybody.

    Raises
    ------
    NotFound
        When there is no such round.
    """
    snapshot = as_snapshot(study)
    one, two = (_spread(only(snapshot, name)) for name in (before, after))
    changed = moved(snapshot)
    rows = []
    for code in dict.fromkeys([*one.index, *two.index]):
        old, new = (table.loc[code] if code in table.index else None for table in (one, two))
        comparable, why = changed.get(code, (YES, ""))
        if comparable == TOGETHER:
            old = _united(only(snapshot, before), why)
        if comparable == YES and new is not None and not new["groups_n"] and not new["interviews_n"]:
            comparable = NOT_RAISED
        row = new if new is not None else old
        assert row is not None
        rows.append((code, row["name"], *_figures(old), *_figures(new), comparable, why if comparable != YES else "", f"spreiding:{code}"))
    frame = pd.DataFrame(rows, columns=list(ROUND_COLUMNS))
    figures = [name for name in ROUND_COLUMNS if name.startswith(("groups", "interviews"))]
    return frame.astype(dict.fromkeys(figures, "Int64"))


def _spread(snapshot: Snapshot) -> pd.DataFrame:
    base = of_study(snapshot)
    return spreading.figures(base, "code").set_index("code")


def _figures(row: Any) -> tuple[Any, Any, Any]:
    return (None, None, None) if row is None else (row["groups"], row["groups_n"], row["interviews"])


def moved(snapshot: Snapshot) -> dict[str, tuple[str, str]]:
    """Return what the register of changes says about each code (id): how its figures compare with the round before, and why."""
    said: dict[str, tuple[str, str]] = {}
    for row in snapshot.tables["mapping"].to_dict("records"):
        was = [part.strip() for part in str(row["was"] or "").split("|") if part.strip() and isinstance(row["was"], str)]
        became = [part.strip() for part in str(row["became"] or "").split("|") if part.strip()]
        if was == became:
            continue
        for code in was:
            said[code] = (NO, f"{row['sort']}: {', '.join(became)}")
        for code in became:
            said[code] = (TOGETHER, ", ".join(was)) if was else (ONLY, str(row["reason"] or ""))
    return said


def _united(snapshot: Snapshot, was: str) -> pd.Series[Any] | None:
    """Return the figures of several codes taken as one: a session counts once."""
    base = of_study(snapshot)
    cells = spreading.of_level(base, "code")
    cells = cells[cells["code"].isin([part.strip() for part in was.split(",")])]
    if not len(cells):
        return None
    by = (
        cells.assign(told=cells["voices"] > 0)
        .groupby("document_guid")
        .agg(told=("told", "any"), raised=("raised", "any"), kind=("kind", "first"))
    )
    group = by["kind"] == spreading.GROUP
    return pd.Series(
        {
            "groups": int((group & by["told"]).sum()),
            "groups_n": int((group & by["raised"]).sum()),
            "interviews": int((~group & by["told"]).sum()),
            "name": "",
        }
    )
