"""The registers of a report: what was entered beside the codings, each a kind with its columns and its rules.

Recruitment, decisions, measures with their promises, links, frames, goals and scores, figures from elsewhere,
chosen quotes, maskings and answers: one declaration each, one way in (:meth:`Project.record`), one way to change
(:meth:`Project.amend`) and to take out (:meth:`Project.strike`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from qualcode.errors import NotFound, Refused
from qualcode.labels import listed, say
from qualcode.model import (
    COVERAGES,
    KINDS,
    QUOTE_SORTS,
    SCORE_STATES,
    Change,
)
from qualcode.project.locating import located

if TYPE_CHECKING:
    from qualcode.project.study import Project

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Register:
    """What a register takes: Dutch names of columns, fields that must be filled, words that may stand in a field."""

    columns: Mapping[str, str] = field(default_factory=dict)
    needs: tuple[str, ...] = ()
    words: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    check: Callable[[Row, int], None] | None = None


def _score(row: Row, number: int) -> None:
    """Refuse a final score without grounds, a score where there are no data, and a state that is missing."""
    state = row.get("status") or ("concept" if row.get("score") or row.get("grounds") else "niet ingevuld")
    row["status"] = state
    if state not in SCORE_STATES:
        raise Refused("project.bad_value", kind="score", row=number, field="status", value=state, known=listed(SCORE_STATES))
    if state == "definitief" and not (row.get("score") and row.get("grounds")):
        raise Refused("measures.score_without_grounds", row=number, measure=row.get("measure", ""))
    if state in {"geen gegevens", "niet ingevuld"} and row.get("score"):
        raise Refused("measures.score_without_data", row=number, measure=row.get("measure", ""), state=state)


def _link(row: Row, number: int) -> None:
    """Refuse a coverage without measure, and no coverage with one."""
    if (row.get("coverage") == "geen") == bool(row.get("measure")):
        raise Refused("measures.link_without_measure", row=number, suggestion=row.get("suggestion", ""))


REGISTERS: dict[str, Register] = {
    "recruitment": Register({"stap": "step", "organisatie": "organisation", "aantal": "number", "reden": "reason"}, ("step",)),
    "decision": Register({"datum": "date"}, ("decision",)),
    "measure": Register(
        {
            "domein": "domain",
            "maatregel": "name",
            "trekker": "owner",
            "bron": "source",
            "doel": "goal",
            "indicator": "indicator",
            "meetbaar": "measurable",
        },
        ("id", "name"),
        {"measurable": ("ja", "nee")},
    ),
    "promise": Register(
        {
            "maatregel": "measure",
            "volgnummer": "number",
            "toegezegd": "promised",
            "datum_bij_benadering": "date",
            "bron": "source",
            "toelichting": "note",
        },
        ("measure", "promised", "source"),
    ),
    "link": Register(
        {
            "suggestie": "suggestion",
            "maatregel": "measure",
            "dekking": "coverage",
            "toelichting": "reason",
            "auteur": "author",
            "datum": "date",
        },
        ("suggestion", "coverage", "reason", "author", "date"),
        {"coverage": COVERAGES},
        _link,
    ),
    "track": Register({"raam": "frame", "spoor": "track", "spoornaam": "title", "maatregel": "measure"}, ("frame", "track")),
    "goal": Register(
        {"doel": "id", "omschrijving": "text", "maatregelen": "measures", "suggesties": "suggestions", "bron": "source"}, ("id", "text")
    ),
    "scale": Register({"soort": "sort", "uitleg": "explanation"}, ("sort", "score", "label")),
    "score": Register(
        {
            "departement": "department",
            "periode": "period",
            "maatregel": "measure",
            "onderbouwing": "grounds",
            "beoordelaar": "assessor",
            "eigenaar": "owner",
            "vorige_score": "previous",
            "reden_wijziging": "reason",
            "datum": "date",
        },
        ("department", "period", "measure"),
        check=_score,
    ),
    "effect": Register({"maatregel": "measure", "toelichting": "note"}, ("document", "measure", "effect")),
    "figure": Register(
        {
            "omschrijving": "text",
            "waarde": "value",
            "eenheid": "unit",
            "jaar": "year",
            "bron": "source",
            "bron_toelichting": "source_note",
            "naast_thema": "code",
        },
        ("label", "text", "value", "source", "code"),
    ),
    "complaint": Register({"categorie": "category", "aantal": "number"}, ("category",)),
    "comparison": Register(
        {
            "onderwerp": "subject",
            "studie": "study",
            "bron": "source",
            "opzet_van_die_studie": "design",
            "oordeel": "verdict",
            "toelichting": "note",
        },
        ("study", "source", "verdict"),
        {"verdict": ("bevestigt", "nuanceert", "spreekt tegen")},
    ),
    "mapping": Register(
        {
            "versie": "version",
            "datum": "date",
            "soort": "sort",
            "van": "was",
            "naar": "became",
            "naam": "name",
            "definitie": "definition",
            "wel": "include",
            "niet": "exclude",
            "vergelijkbaar": "comparable",
            "reden": "reason",
        },
        ("sort", "became"),
    ),
    "quote": Register(
        {"soort": "sort", "leesbaar": "edited", "reden": "reason", "besluit": "decision"}, ("document",), {"sort": QUOTE_SORTS}
    ),
    "masking": Register({"grond": "ground"}, ("document", "ground")),
    "answer": Register({"sjabloon": "template", "antwoord": "answer"}, ("template", "item", "answer")),
}
# fields that hold several ids, joined by | in a file
_LISTS = ("measures", "suggestions", "fragments")
_AMENDABLE = ("question", "search", "topic", "status", "prompt")


def entity(study: Project, kind: str, given: Mapping[str, Any], number: int) -> Row:
    """Return a row of a register as an entity: columns become fields, names become guids, words become a place.

    Raises
    ------
    Refused
        When a column is unknown, a field is missing, or a word does not belong in a field.
    """
    declared, register = {f.name: f for f in KINDS[kind].fields}, REGISTERS[kind]
    spoken = "start" in declared
    known = {name: name for name in declared} | dict(register.columns) | {"opmerking": "remark"}
    places = {"turn", "speaker", "text", "tekst"} if spoken else set()
    filled = {str(name): value for name, value in given.items() if value is not None and str(value).strip() and value == value}  # noqa: PLR0124 - not a missing value
    extra = filled.keys() - known.keys() - places
    if extra:
        raise Refused(
            "project.extra_columns",
            kind=kind,
            row=number,
            extra=listed(sorted(extra)),
            known=listed(sorted(known.keys() | places), most=30),
        )
    row = {known[name]: value for name, value in filled.items() if name in known and not (spoken and name == "text")}
    missing = [name for name in register.needs if name not in row]
    if missing:
        raise Refused("measures.missing", kind=say(f"project.kind_{kind}"), row=number, fields=listed(missing))
    for name, words in register.words.items():
        if name in row and row[name] not in words:
            raise Refused("project.bad_value", kind=kind, row=number, field=name, value=row[name], known=listed(words))
    if register.check:
        register.check(row, number)
    row = {name: _typed(declared, name, value, kind, number) for name, value in row.items() if name in declared}
    _resolve(study, kind, row, number)
    if spoken:
        turn = int(filled["turn"]) if "turn" in filled else None
        place = located(study._current(), row["document"], turn=turn, text=filled.get("text", filled.get("tekst")))
        row |= {"version": place.version, "start": place.start, "end": place.end}
    if "coder" in declared:
        row["coder"] = study._coder_guid(str(filled["coder"]) if "coder" in filled else None)
    if "at" in declared:
        row.setdefault("at", study._store.clock())
    return row


def _typed(declared: Mapping[str, Any], name: str, value: Any, kind: str, number: int) -> Any:
    """Return a value as its field keeps it."""
    if name in _LISTS:
        return [part.strip() for part in value.split("|") if part.strip()] if isinstance(value, str) else list(value)
    if declared[name].type == "integer":
        return whole_number(kind, number, field=name, value=value)
    return str(value) if declared[name].type == "text" else value


def whole_number(kind: str, row: int, *, field: str, value: Any) -> int:
    """Return a cell of a register as the whole number it should be: the log keeps what the state holds."""
    try:
        return int(value)
    except ValueError as error:
        raise Refused("measures.no_number", kind=say(f"project.kind_{kind}"), row=row, field=field, value=value) from error


def _resolve(study: Project, kind: str, row: Row, number: int) -> None:
    """Turn names into guids, in place."""
    if "document" in row:
        row["document"] = study._document(str(row["document"]))
    if "measure" in row and kind != "measure":
        row["measure"] = measure_named(study, str(row["measure"]), number)
    if "code" in row:
        row["code"] = study._codebook().find(str(row["code"])).guid
    if kind == "link":
        # a suggestion may wait for its code: an idea of the second round stands in the matrix before the codebook has it
        try:
            row["code"] = study._codebook().find(str(row["suggestion"])).guid
        except NotFound:
            row["code"] = None


def measure_named(study: Project, name: str, number: int) -> str:
    """Return the guid of the measure with this id."""
    table = study._current().tables["measure"]
    found = table.loc[(table["id"] == name) | (table["guid"] == name), "guid"]
    if not len(found):
        raise NotFound("measures.no_measure", measure=name, row=number, known=listed(list(table["id"]), most=40) or say("words.nothing"))
    return str(found.iloc[-1])


def amend(study: Project, kind: str, guid: str, **fields: Any) -> None:
    """Change a row of a register; the log keeps what stood there.

    Parameters
    ----------
    kind
        The register, as ``measure`` or ``question``.
    guid
        Which row: the guid in the register's table.
    fields
        The new values, by name; ``codes`` of a question may be ids joined by ``|``, or empty.

    Raises
    ------
    Refused
        When there is no such register or field, or the row as it would become is not allowed.
    NotFound
        When the register has no such row.
    """
    before = _there(study, kind, guid)
    declared = {f.name for f in KINDS[kind].fields}
    wrong = sorted(fields.keys() - declared)
    if wrong:
        raise Refused("project.extra_columns", kind=kind, row=1, extra=listed(wrong), known=listed(sorted(declared), most=30))
    if kind == "question" and "codes" in fields:
        named = fields["codes"].split("|") if isinstance(fields["codes"], str) else fields["codes"]
        fields["codes"] = [study._codebook().find(name.strip()).guid for name in named if name.strip()]
    emptied = (
        [name for name in REGISTERS[kind].needs if name in fields and not str(fields[name] or "").strip()] if kind in REGISTERS else []
    )
    if emptied:
        raise Refused("measures.missing", kind=say(f"project.kind_{kind}"), row=1, fields=listed(emptied))
    if kind in REGISTERS and REGISTERS[kind].check:
        after = {name: value for name, value in (before | fields).items() if isinstance(value, str) and value}
        REGISTERS[kind].check(after, 1)  # type: ignore[misc]
    study._commit("amend", Change(kind, [guid], {name: [value] for name, value in fields.items()}), about={"of": kind})


def strike(study: Project, kind: str, guid: str) -> None:
    """Take a row out of a register; :meth:`undo` brings it back.

    Parameters
    ----------
    kind
        The register.
    guid
        Which row.
    """
    _there(study, kind, guid)
    study._commit("strike", Change(kind, [guid], {"exists": [False]}), about={"of": kind})


def _there(study: Project, kind: str, guid: str) -> Row:
    if kind not in REGISTERS and kind not in _AMENDABLE:
        raise Refused("project.no_record", kind=kind, known=listed(sorted((*REGISTERS, *_AMENDABLE)), most=40))
    table = study.snapshot().tables[kind]
    rows = table[table["guid"] == guid].to_dict("records")
    if not rows:
        raise NotFound("measures.no_row", kind=say(f"project.kind_{kind}"), guid=guid)
    return {str(name): value for name, value in rows[0].items()}
