"""The verb that says who codes which documents, and hands out copies without the others' work."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from qualcode.errors import Refused, StudyExists
from qualcode.model import Change
from qualcode.project.blind import viewer_of

if TYPE_CHECKING:
    from qualcode.project.study import Project


def assign(study: Project, coder: str, *documents: str, copy: str | Path | None = None) -> int:
    """Say who codes which documents; with ``copy`` in a file of their own, without what others judged.

    Parameters
    ----------
    coder
        Name; a coder who is new to the study may be named.
    documents
        Names of documents. What is assigned already stays so.
    copy
        Path of a study file to make for this coder: real blindness. Bring it back with :meth:`Project.merge`.

    Returns
    -------
    int
        How many documents were newly assigned.

    Raises
    ------
    NotFound
        When there is no document of that name; then nothing is assigned and no copy is made.
    Refused
        When no document is named and no copy asked for, or the one who asks works blind: their view is not the whole.
    StudyExists
        When something stands where the copy is to come; then nothing is assigned.
    """
    from qualcode.store import copy_for

    if not documents and copy is None:
        raise Refused("merging.assign_what")
    if viewer_of(study._current(), study.coder) is not None:
        raise Refused("merging.blind_yourself", coder=study.coder)
    wanted = [study._document(name) for name in dict.fromkeys(documents)]
    if copy is not None and Path(copy).exists():
        raise StudyExists("store.exists", study=Path(copy).name)
    guid = study._coder_guid(coder)
    table = study._whole().assignments
    fresh = [document for document in wanted if not ((table["document"] == document) & (table["coder"] == guid)).any()]
    size = len(fresh)
    if fresh:
        after: dict[str, list[Any]] = {"exists": [True] * size, "document": fresh, "coder": [guid] * size}
        study._commit("assign", Change("assignment", [study._store.guids() for _ in fresh], after))
    if copy is not None:
        copy_for(study._store, copy, guid).close()
    return size
