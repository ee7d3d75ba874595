"""The verbs of coding: put a code on words, take it off, change it, make a new one of the speaker's own words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from qualcode.codebook import Codebook, adding
from qualcode.errors import NotFound, Refused
from qualcode.labels import say
from qualcode.model import Change
from qualcode.project.locating import Segment, located, roles, turn_at
from qualcode.project.supposing import supposed

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


def chosen_code(study: Project, name: str) -> str:
    """Return the guid of a code that may be given; refuse one that is no code for words."""
    book = study._codebook()
    found = book.find(name)
    if not found.codable:
        raise Refused("project.not_codable", code=f"{found.id} {found.name}", below=", ".join(c.id for c in book.children(found.guid)))
    if found.retired or found.merged_into:
        raise Refused("project.retired", code=f"{found.id} {found.name}")
    return found.guid


def checked(study: Project, dimensions: dict[str, Any]) -> dict[str, Any]:
    """Return the values of dimensions as the codebook knows them; refuse what it does not know."""
    book = study._codebook()
    return {name: book.dimension(name).check(value) for name, value in dimensions.items() if value is not None}


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
    chosen = chosen_code(study, code)
    values = checked(study, dimensions)
    place = segment(study, document, turn=turn, text=text, span=span)
    made = _born(study, place, chosen, layer=layer, memo=memo, codebook=study._codebook().fingerprint, dimensions=values)
    study._commit("code", made)
    return _coding(study, made.guid[0], place, chosen, layer)


def _born(study: Project, place: Segment, code: str, **more: Any) -> Change:
    """Return the birth of a coding by this coder."""
    fields = {
        "document": place.document,
        "version": place.version,
        "start": place.start,
        "end": place.end,
        "code": code,
        "coder": study._coder_guid(),
        "at": study._store.clock(),
        **more,
    }
    return Change("coding", [study._store.guids()], {"exists": [True], **{name: [value] for name, value in fields.items()}})


def segment(study: Project, document: str, **where: Any) -> Segment:
    """Return where words stand that can be coded, and refuse the place for the reasons :meth:`code` does.

    Parameters
    ----------
    document
        Name of the document.
    where
        ``turn``, ``text`` or ``span``, as for :meth:`code`.

    Returns
    -------
    Segment
        Document (guid), version of its text, ``start`` and ``end`` in code points, blanks at the ends left out.
    """
    place = located(study._current(), study._document(document), **where)
    spoken = roles(study._current(), place)
    if spoken and "deelnemer" not in spoken:
        raise Refused("project.moderator", document=document, role=", ".join(sorted(spoken)))
    return place


def invent(study: Project, document: str, name: str, *, layer: str = DEFAULT_LAYER, **where: Any) -> Coding:
    """Make a code in the words of a speaker, or in one's own, and put it on words: one event, so one undo takes back both.

    Parameters
    ----------
    document
        Name of the document.
    name
        What the code is called; it gets the first free id ``N01``, ``N02`` … and stands at the top until somebody gives it a place.
    layer
        The round of coding; ``ronde-1`` when left out.
    where
        ``turn``, ``text`` or ``span``, as for :meth:`code`.

    Raises
    ------
    Refused
        When the name is empty, or the place is one that :meth:`code` refuses; then no code is made either.
    """
    called = " ".join(name.split())
    if not called:
        raise Refused("project.nameless")
    place = segment(study, document, **where)
    book = study._codebook()
    taken = {code.id for code in book.codes}
    id = next(f"N{number:02}" for number in range(1, len(taken) + 2) if f"N{number:02}" not in taken)
    new = adding(book, study._store.guids, id=id, name=called, parent=None)
    after = Codebook.of(supposed(study._current(), new)).fingerprint
    code = new[0].guid[0]
    made = _born(study, place, code, layer=layer, memo=None, codebook=after, dimensions={})
    study._commit("invent", *new, made, about={"code": id})
    return _coding(study, made.guid[0], place, code, layer)


def _coding(study: Project, guid: str, place: Segment, code: str, layer: str) -> Coding:
    now = study._current()
    document = str(now.document_row(place.document)["name"])
    turn = turn_at(now, place.document, place.start)
    return Coding(guid, document, turn, place.start, place.end, study._codebook().get(code).id, study.coder, layer)


def _row(study: Project, coding: Coding | str) -> dict[str, Any]:
    guid = coding.guid if isinstance(coding, Coding) else coding
    row = study._entity("coding", guid)
    if row is None:
        raise NotFound("project.no_coding", coding=guid)
    return row


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
    place = Segment(row["document"], int(row["version"]), int(row["start"]), int(row["end"]))
    if code is not None:
        chosen = chosen_code(study, code)
        after["code"] = [chosen]
        after["codebook"] = [study._codebook().fingerprint]
    if span is not None:
        place = segment(study, name, span=span)
        after |= {"start": [place.start], "end": [place.end], "version": [place.version]}
    if memo is not None:
        after["memo"] = [memo or None]
    values = checked(study, dimensions)
    after |= {f"dimensions.{dimension}": [values.get(dimension)] for dimension in dimensions}
    if after:
        after["at"] = [study._store.clock()]
        study._commit("recode", Change("coding", [row["guid"]], after))
    return _coding(study, row["guid"], place, chosen, row["layer"])


def codings(study: Project, **choice: Any) -> pd.DataFrame:
    """Return the codings as a tidy table, one row each; see :func:`qualcode.analysis.codings` for choice and columns."""
    from qualcode.analysis import codings as tidy

    return tidy(study, **choice)
