"""Working blind: who may not see what others judged, and the one filter all they see goes through.

In one shared file this is an agreement between honest people. Real blindness is a copy without the others' work: see
:mod:`qualcode.project.assigning`.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from qualcode.errors import NotFound, Refused
from qualcode.labels import listed, say
from qualcode.model import Change, Event, Snapshot, State
from qualcode.model.withholding import JUDGED, hidden, judgements, seen_by, without

if TYPE_CHECKING:
    from qualcode.project.study import Project


def blinded(study: Project) -> tuple[str, ...]:
    """Return the names of the coders who work blind."""
    now = study._current()
    names = dict(zip(now.coders["guid"], now.coders["name"], strict=True))
    return tuple(names[guid] for guid in _guids(now) if guid in names)


def blind(study: Project, *coders: str) -> None:
    """Let coders work blind: until it is lifted they see nothing of what others judged, on no desk and in no table.

    Their own codings, the texts, the people and the codebook they see. What a supervisor says of their own codings reaches them.

    Parameters
    ----------
    coders
        Names; a coder who is new to the study may be named.

    Raises
    ------
    Refused
        When nobody is named, or the one who asks works blind.

    Notes
    -----
    In one shared file this is an agreement between honest people. For real blindness make a copy: :meth:`Project.assign`.
    """
    _may(study, coders)
    guids = [study._coder_guid(name) for name in coders]
    _set(study, "blind", [*dict.fromkeys([*_guids(study._current()), *guids])])


def unblind(study: Project, *coders: str) -> None:
    """Lift working blind, for all or for the coders named; the log keeps who did it and when.

    Raises
    ------
    Refused
        When the one who asks works blind.
    NotFound
        When a coder named does not work blind.
    """
    _may(study, coders or ("",))
    there = blinded(study)
    missing = [name for name in coders if name not in there]
    if missing:
        raise NotFound("merging.not_blind", coder=missing[0], there=listed(there) or say("words.nothing"))
    gone = {study._coder_guid(name) for name in coders}
    _set(study, "unblind", [guid for guid in _guids(study._current()) if coders and guid not in gone])


def _may(study: Project, coders: Iterable[str]) -> None:
    if not list(coders):
        raise Refused("merging.nobody")
    if study.coder in blinded(study):
        raise Refused("merging.blind_yourself", coder=study.coder)


def _set(study: Project, kind: str, guids: list[str]) -> None:
    project = str(study._current().project["guid"])
    study._commit(kind, Change("project", [project], {"settings.blind": [guids or None]}))


def _guids(snapshot: Snapshot) -> list[str]:
    return list((snapshot.project.get("settings") or {}).get("blind") or ())


def viewer_of(snapshot: Snapshot, name: str) -> str | None:
    """Return the guid of a coder who works blind; ``None`` for who may see everything."""
    blind = _guids(snapshot)
    guid = snapshot.coder_names.get(name) if blind else None
    return guid if guid in blind else None


def seen(snapshot: Snapshot, name: str) -> Snapshot:
    """Return what a coder may see of a study: all of it, unless they work blind."""
    viewer = viewer_of(snapshot, name)
    return snapshot if viewer is None else seen_by(snapshot, viewer)


def seen_rows(study: Project, found: State) -> State:
    """Return what the coder at work may see of what was just touched."""
    viewer = viewer_of(study._current(), study.coder)
    if viewer is None or not JUDGED & found.keys():
        return found
    own = {guid: {"coder": viewer} for guid in study.snapshot().codings["guid"]}
    gone = hidden({**found, "coding": {**own, **found.get("coding", {})}}, viewer)
    return {kind: {guid: row for guid, row in rows.items() if guid not in gone.get(kind, ())} for kind, rows in found.items()}


def seen_events(study: Project) -> list[Event]:
    """Return the log as the coder at work may see it, in the order it was written."""
    found = list(study._store.events())
    viewer = viewer_of(study._current(), study.coder)
    return found if viewer is None else list(without(found, judgements(found, viewer)))


def notice(study: Project) -> str:
    """Return what a screen says to somebody who works blind; empty for who does not."""
    return say("merging.blind_notice") if viewer_of(study._current(), study.coder) else ""
