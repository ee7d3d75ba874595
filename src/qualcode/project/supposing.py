"""The study as it would be after changes that nobody made yet: what a preview shows is computed, never guessed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from qualcode.codebook import merging, moving, restoring, retiring, splitting
from qualcode.model import Change, Event, Snapshot, State, advance

if TYPE_CHECKING:
    from qualcode.project.study import Project


def supposed(snapshot: Snapshot, changes: Sequence[Change]) -> Snapshot:
    """Return the snapshot as it would be with these changes; nothing is written.

    Parameters
    ----------
    snapshot
        The study as it is.
    changes
        What would be set.
    """
    state: State = {}
    for change in changes:
        table = snapshot.tables[change.kind]
        found = table[table["guid"].isin(change.guid)].to_dict("records")
        held = state.setdefault(change.kind, {})
        held.update({row["guid"]: {**row, "exists": True} for row in found if row["guid"] not in held})
    advance(state, Event("", "", 0, "", "", tuple(changes)))
    return snapshot.patched(state, {}, snapshot.stamp)


def supposed_change(
    study: Project, verb: str, code: str, *, to: str | None = None, parts: Sequence[str] = (), retire: bool = False
) -> Snapshot:
    """Return the study as it would be after a change of the codebook, refused for the reasons the verb itself is.

    Parameters
    ----------
    verb
        ``move``, ``merge``, ``split``, ``retire`` or ``restore``.
    code
        Id, path or guid of the code.
    to
        What it would come under (``move``; ``None`` for the top) or go on in (``merge``).
    parts
        Names of the codes it would be split into.
    retire
        Whether a split would retire it.
    """
    book = study._codebook()
    found = book.find(code)
    target = book.find(to) if to else None
    changes: dict[str, Any] = {
        "move": lambda: moving(book, found, target),
        "merge": lambda: merging(book, found, target or found),
        "split": lambda: splitting(book, found, _named(found.id, parts), study._store.guids, retire=retire),
        "retire": lambda: retiring(book, found),
        "restore": lambda: restoring(book, found),
    }
    return supposed(study.snapshot(), changes[verb]())


def _named(stem: str, names: Sequence[str]) -> list[dict[str, Any]]:
    return [{"id": f"{stem}?{number}", "name": name} for number, name in enumerate(names, 1)]
