"""The verbs of coding: put a code on words, take it off, change it, note something."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from qualcode.errors import NotFound, Refused
from qualcode.labels import say
from qualcode.model import Change
from qualcode.project.locating import Segment, located, roles, turn_at

if TYPE_CHECKING:
    import pandas as pd

    from qualcode.project.study import Project

DEFAULT_LAYER = "ronde-1"


@dataclass(frozen=True, slots=True)
class Coding:
    """A code that a coder put on a segment, in a layer. Its words stay in the study; ``repr`` shows where, not what."""

    guid: str
    document: str
    turn: int | None
    start: int
    end: int
    code: str
    coder: str
    layer: str

    def __repr__(self) -> str:
        """Tell which code stands where, by whom; never the words."""
        where = say("project.turn", turn=self.turn) if self.turn else f"{self.start}-{self.end}"
        return say("project.coding_repr", code=self.code, document=self.document, where=where, coder=self.coder, layer=self.layer)


def _chosen_code(study: Project, name: str) -> str:
    book = study._codebook()
    found = book.find(name)
    if not found.codable:
        raise Refused("project.not_codable", code=f"{found.id} {found.name}", below=", ".join(c.id for c in book.children(found.guid)))
    if found.retired or found.merged_into:
        raise Refused("project.retired", code=f"{found.id} {found.name}")
    return found.guid


def _checked(study: Project, dimensions: dict[str, Any]) -> dict[str, Any]:
    book = study._codebook()
    return {name: book.dimension(name).check(value) for name, value in dimensions.items() if value is not None}


def _placed(study: Project, document: str, **where: Any) -> Segment:
    segment = located(study._current(), study._document(document), **where)
    spoken = roles(study._current(), segment)
    if spoken and "deelnemer" not in spoken:
        raise Refused("project.moderator", document=document, role=", ".join(sorted(spoken)))
    return segment


def code(
    study: Project,
    document: str,
    code: str,
    *,
    turn: int | None = None,
    text: str | None = None,
    span: tuple[int, int] | None = None,
    layer: str = DEFAULT_LAYER,
    memo: str | None = None,
    **dimensions: Any,
) -> Coding:
    """Put a code on words.

    Parameters
    ----------
    document
        Name of the document.
    code
        Id, name, path or guid of the code.
    turn, text, span
        Where: a turn (from 1), words quoted exactly, or positions in code points; ``turn`` and ``text`` together
        look for the words in that turn only.
    layer
        The round of coding; ``ronde-1`` when left out.
    memo
        A remark with this coding.
    dimensions
        Dimensions of the codebook, as ``stelling="nuanceert"``.

    Returns
    -------
    Coding
        With its guid, to recode or take away.

    Raises
    ------
    NotFound, Ambiguous
        When document, code, turn or words are not there, or more than once.
    Refused
        When the code is a theme or subtheme or retired, a dimension has no such value, or only moderators speak there.

    Examples
    --------
    >>> import qualcode as qc
    >>> study = qc.demo()
    >>> study.code("FG1", turn=13, code="E07")
    <Codering E07: FG1, beurt 13; consensus, ronde-1>
    """
    chosen = _chosen_code(study, code)
    values = _checked(study, dimensions)
    segment = _placed(study, document, turn=turn, text=text, span=span)
    guid = study._store.guids()
    study._commit(
        "code",
        Change(
            "coding",
            [guid],
            {
                "exists": [True],
                "document": [segment.document],
                "version": [segment.version],
                "start": [segment.start],
                "end": [segment.end],
                "code": [chosen],
                "coder": [study._coder_guid()],
                "at": [study._store.clock()],
                "layer": [layer],
                "codebook": [study._codebook().fingerprint],
                "memo": [memo],
                "dimensions": [values],
            },
        ),
    )
    return _coding(study, guid, segment, chosen, layer)


def _coding(study: Project, guid: str, segment: Segment, code: str, layer: str) -> Coding:
    now = study._current()
    turn = turn_at(now, segment.document, segment.start)
    return Coding(
        guid,
        now.document_row(segment.document)["name"],
        turn,
        segment.start,
        segment.end,
        study._codebook().get(code).id,
        study.coder,
        layer,
    )


def _row(study: Project, coding: Coding | str) -> dict[str, Any]:
    guid = coding.guid if isinstance(coding, Coding) else coding
    table = study.snapshot().codings
    row = table[table["guid"] == guid]
    if row.empty:
        raise NotFound("project.no_coding", coding=guid)
    return dict(row.iloc[0])


def uncode(study: Project, coding: Coding | str) -> None:
    """Take a coding away; history keeps it and :meth:`undo` brings it back.

    Parameters
    ----------
    coding
        What :meth:`code` returned, or the guid of a coding.
    """
    study._commit("uncode", Change("coding", [_row(study, coding)["guid"]], {"exists": [False]}))


def recode(
    study: Project,
    coding: Coding | str,
    *,
    code: str | None = None,
    span: tuple[int, int] | None = None,
    memo: str | None = None,
    **dimensions: Any,
) -> Coding:
    """Change a coding in place: its code, its boundaries, its memo or its dimensions; the original stays in history.

    Parameters
    ----------
    coding
        What :meth:`code` returned, or the guid of a coding.
    code
        Another code.
    span
        Other boundaries in the same document, in code points.
    memo
        Another remark; ``""`` takes it away.
    dimensions
        Dimensions to set; ``None`` clears one.
    """
    row = _row(study, coding)
    name = study._current().document_row(row["document"])["name"]
    after: dict[str, list[Any]] = {}
    chosen = row["code"]
    segment = Segment(row["document"], int(row["version"]), int(row["start"]), int(row["end"]))
    if code is not None:
        chosen = _chosen_code(study, code)
        after["code"] = [chosen]
        after["codebook"] = [study._codebook().fingerprint]
    if span is not None:
        segment = _placed(study, name, span=span)
        after |= {"start": [segment.start], "end": [segment.end], "version": [segment.version]}
    if memo is not None:
        after["memo"] = [memo or None]
    values = _checked(study, dimensions)
    after |= {f"dimensions.{dimension}": [values.get(dimension)] for dimension in dimensions}
    if after:
        after["at"] = [study._store.clock()]
        study._commit("recode", Change("coding", [row["guid"]], after))
    return _coding(study, row["guid"], segment, chosen, row["layer"])


def memo(
    study: Project, note: str, *, on: Coding | str | None = None, document: str | None = None, code: str | None = None, **where: Any
) -> str:
    """Note something on anything.

    Parameters
    ----------
    note
        What is noted.
    on
        A coding, or the guid of anything.
    document
        Name of a document; with ``turn``, ``text`` or ``span`` a place in it.
    code
        A code, theme or subtheme. With none of these the note is on the study.

    Returns
    -------
    str
        Guid of the memo.
    """
    kind, target = "project", str(study._current().project.get("guid", ""))
    if on is not None:
        kind, target = ("coding", on.guid) if isinstance(on, Coding) else ("", on)
    elif code is not None:
        kind, target = "code", study._codebook().find(code).guid
    elif document is not None:
        kind, target = "document", study._document(document)
    after: dict[str, list[Any]] = {"exists": [True], "on": [kind], "target": [target], "text": [note]}
    if any(value is not None for value in where.values()):
        segment = located(study._current(), target, **where)
        after |= {"document": [target], "version": [segment.version], "start": [segment.start], "end": [segment.end]}
    guid = study._store.guids()
    study._commit("memo", Change("memo", [guid], after | {"coder": [study._coder_guid()], "at": [study._store.clock()]}))
    return guid


def codings(study: Project, **choice: Any) -> pd.DataFrame:
    """Return the codings as a tidy table, one row each; see :func:`qualcode.analysis.codings` for choice and columns."""
    from qualcode.analysis import codings as tidy

    return tidy(study, **choice)
