"""The verbs of memos: note something on anything, write it anew, take it away."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from qualcode.errors import NotFound, Refused
from qualcode.model import Change
from qualcode.project.coding import Coding
from qualcode.project.locating import located

if TYPE_CHECKING:
    from qualcode.project.study import Project


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
    _written(note)
    after: dict[str, list[Any]] = {"exists": [True], "on": [kind], "target": [target], "text": [note]}
    if any(value is not None for value in where.values()):
        segment = located(study._current(), target, **where)
        after |= {"document": [target], "version": [segment.version], "start": [segment.start], "end": [segment.end]}
    guid = study._store.guids()
    study._commit("memo", Change("memo", [guid], after | {"coder": [study._coder_guid()], "at": [study._store.clock()]}))
    return guid


def edit_memo(study: Project, memo: str, note: str) -> None:
    """Write a memo anew; history keeps what it said before.

    Parameters
    ----------
    memo
        Guid of the memo, as :meth:`memo` returned it.
    note
        What is noted now.

    Raises
    ------
    NotFound
        When there is no such memo any more.
    Refused
        When the note is empty.
    """
    _written(note)
    study._commit("memo-edit", Change("memo", [_known(study, memo)], {"text": [note], "at": [study._store.clock()]}))


def remove_memo(study: Project, memo: str) -> None:
    """Take a memo away; history keeps it and :meth:`undo` brings it back.

    Parameters
    ----------
    memo
        Guid of the memo.

    Raises
    ------
    NotFound
        When there is no such memo any more.
    """
    study._commit("memo-remove", Change("memo", [_known(study, memo)], {"exists": [False]}))


def _known(study: Project, memo: str) -> str:
    if study._entity("memo", memo) is None:
        raise NotFound("project.no_memo", memo=memo)
    return memo


def _written(note: str) -> None:
    if not note.strip():
        raise Refused("project.empty_memo")
