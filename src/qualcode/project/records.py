"""The verbs for what is registered beside the codings: topics raised, interactions, kinds of question, searches, overruled statuses."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from qualcode.errors import Refused
from qualcode.labels import listed
from qualcode.model import INTERACTIONS, KINDS, PROMPTS, STATUSES, Change
from qualcode.project import registers
from qualcode.project.locating import located

if TYPE_CHECKING:
    from qualcode.project.study import Project

_VALUES = {
    ("interaction", "interaction"): INTERACTIONS,
    ("prompt", "type"): PROMPTS,
    ("topic", "raised"): ("ja", "nee"),
    ("status", "status"): STATUSES,
}
RECORDS = ("topic", "interaction", "prompt", "search", "status", "question", "assignment", *registers.REGISTERS)


def record(study: Project, kind: str, rows: pd.DataFrame | str | Path | None = None, **fields: Any) -> int:
    """Register something about the study, one row or a table of them.

    Parameters
    ----------
    kind
        ``topic`` (document, topic, raised ja or nee, note) · ``interaction`` (document, turn or text, interaction I1-I9, code, about)
        · ``prompt`` (document, turn or text, type open, doorvraag, sturend, samenvattend, procedureel) · ``search`` (code, where, found)
        · ``status`` (document, code, status, reason) · ``question`` (text, source, version, position, codes) · ``assignment`` (document,
        coder) · and the registers of the report, such as ``recruitment``, ``measure``, ``link``, ``score``: their columns in Dutch
        or as in :mod:`qualcode.model.kinds`.
    rows
        A table, or a CSV or XLSX file, with those columns.
    fields
        One row, by name.

    Returns
    -------
    int
        How many rows were registered. All or none: a row that cannot be placed raises and nothing is written.

    Examples
    --------
    >>> import qualcode as qc
    >>> study = qc.demo()
    >>> study.record("topic", document="FG1", topic="S", raised="ja")
    1
    """
    if kind not in RECORDS:
        raise Refused("project.no_record", kind=kind, known=listed(RECORDS))
    given: list[dict[str, Any]] = [fields]
    if rows is not None:
        given = [{str(name): value for name, value in row.items()} for row in _table(rows).to_dict("records")]
    made = [_entity(study, kind, row, number) for number, row in enumerate(given, 1)]
    if made:
        names = list(dict.fromkeys(name for row in made for name in row))
        columns = {name: [row.get(name) for row in made] for name in names}
        study._commit(
            "record", Change(kind, [study._store.guids() for _ in made], {"exists": [True] * len(made), **columns}), about={"of": kind}
        )
    return len(made)


def _table(rows: pd.DataFrame | str | Path) -> pd.DataFrame:
    if isinstance(rows, pd.DataFrame):
        return rows
    from qualcode.importers import table

    return table(Path(rows))


def _entity(study: Project, kind: str, row: dict[str, Any], number: int) -> dict[str, Any]:
    """Turn names into guids and words into a place."""
    if kind in registers.REGISTERS:
        return registers.entity(study, kind, row, number)
    filled = {key: value for key, value in row.items() if value is not None and value != "" and value == value}  # noqa: PLR0124 - not a missing value
    declared = {field.name for field in KINDS[kind].fields}
    extra = filled.keys() - declared - {"turn", "speaker"} - ({"text"} if "start" in declared else set())
    if extra:
        raise Refused(
            "project.extra_columns", kind=kind, row=number, extra=listed(sorted(extra)), known=listed(sorted(declared | {"turn", "text"}))
        )
    entity = {key: value for key, value in filled.items() if key in declared and not (key == "text" and "start" in declared)}
    for field, allowed in ((f, v) for (k, f), v in _VALUES.items() if k == kind):
        if entity.get(field) not in allowed:
            raise Refused("project.bad_value", kind=kind, row=number, field=field, value=entity.get(field, ""), known=listed(allowed))
    if "document" in declared:
        entity["document"] = study._document(str(filled.get("document", "")))
    for field in ("code", "topic"):
        if field in declared and field in entity:
            entity[field] = study._codebook().find(str(entity[field])).guid
    if "start" in declared:
        turn = int(filled["turn"]) if "turn" in filled else None
        place = located(study._current(), entity["document"], turn=turn, text=filled.get("text"))
        entity |= {"version": place.version, "start": place.start, "end": place.end}
    if isinstance(entity.get("about"), str):
        answered = located(study._current(), entity["document"], text=entity["about"])
        entity["about"] = [answered.start, answered.end]
    if kind == "question" and isinstance(entity.get("codes"), str):
        entity["codes"] = [study._codebook().find(part.strip()).guid for part in entity["codes"].split("|")]
    if kind == "question" and "position" in entity:
        entity["position"] = registers.whole_number(kind, number, field="position", value=entity["position"])
    if "coder" in declared:
        entity["coder"] = study._coder_guid(str(filled["coder"]) if "coder" in filled else None)
    if "at" in declared:
        entity.setdefault("at", study._store.clock())
    return entity


def describe(study: Project, **facts: str) -> None:
    """Set facts about the study itself.

    Parameters
    ----------
    facts
        ``name`` · ``definition`` and ``definition_source`` (the working definition, verbatim, and where it stands) · ``notice`` (a line
        printed in every report, such as that the data are invented).
    """
    allowed = ("name", "definition", "definition_source", "notice")
    wrong = sorted(facts.keys() - set(allowed))
    if wrong:
        raise Refused("project.bad_value", kind="project", row=1, field=listed(wrong), value="", known=listed(allowed))
    guid = str(study._current().project["guid"])
    study._commit("describe", Change("project", [guid], {name: [value] for name, value in facts.items()}))
