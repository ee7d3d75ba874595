"""Merging copies of one study, and making them: the union of two logs. Idempotent, knows no order, loses nothing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import sqlalchemy as sa

from qualcode.errors import DamagedStudy, Refused, StudyExists
from qualcode.model import Event, Ignored, State, replay
from qualcode.model.withholding import judgements, lacks, united, without
from qualcode.store import log, projection
from qualcode.store.clearing import Words, masks_of, taken_by, words_under
from qualcode.store.doctor import broken_links
from qualcode.store.engine import shown
from qualcode.store.tables import event as event_table
from qualcode.store.withdrawal import erase, forget_for_good, mask

if TYPE_CHECKING:
    from qualcode.store.study import Store


@dataclass(frozen=True, slots=True)
class Union:
    """Two logs brought together.

    Parameters
    ----------
    fresh
        Events that were not here.
    fuller
        Events that were here in part only, because this is a copy for one coder, now as whole as both copies make them.
    own
        Events that are only here.
    """

    fresh: tuple[Event, ...]
    fuller: tuple[Event, ...]
    own: tuple[Event, ...]


def union(ours: Iterable[Event], theirs: Iterable[Event]) -> Union:
    """Return what another log adds to ours.

    Parameters
    ----------
    ours, theirs
        Two logs of one study, in any order.
    """
    here = {event.guid: event for event in ours}
    there = {event.guid: event for event in theirs}
    fresh = tuple(event for guid, event in there.items() if guid not in here)
    both = ((event, united(event, there[guid])) for guid, event in here.items() if guid in there and lacks(event))
    fuller = tuple(whole for event, whole in both if whole != event)
    return Union(fresh, fuller, tuple(event for guid, event in here.items() if guid not in there))


def joined(ours: Iterable[Event], added: Union) -> list[Event]:
    """Return our log with what another adds: ours in their order, then the fresh ones."""
    fuller = {event.guid: event for event in added.fuller}
    return [*(fuller.get(event.guid, event) for event in ours), *added.fresh]


@dataclass(frozen=True, slots=True)
class Merged:
    """What a merge brought, or would bring.

    Parameters
    ----------
    events
        Events that were not here, or only in part.
    ignored
        Moves without effect, because they would close a circle.
    own
        Events that the other copy lacks.
    before, after
        The state here before and after, by kind and guid, removed entities too.
    written
        Whether it was done; not in a dry run.
    """

    events: tuple[Event, ...]
    ignored: tuple[Ignored, ...]
    own: tuple[Event, ...] = ()
    before: State = field(default_factory=dict, repr=False)
    after: State = field(default_factory=dict, repr=False)
    written: bool = False


def merge(store: Store, other: Store, *, dry_run: bool = False) -> Merged:
    """Bring in every event and text of another copy that this one lacks.

    Passages withdrawn in either copy are masked in what comes in, before it is stored.

    Raises
    ------
    Refused
        When the other file is a copy of another study.
    DamagedStudy
        When the other file's log is not what was written; nothing is changed here.
    """
    if other.study != store.study:
        raise Refused("store.other_study", study=shown(store.address), other=shown(other.address))
    with other.reading() as there:
        if broken_links(there):
            raise DamagedStudy("store.damaged", study=shown(other.address))
        theirs = list(log.events(there))
        texts = log.texts(there)
    if dry_run:
        with store.reading() as here:
            return _brought(list(log.events(here)), theirs, dict(projection.read(here)))[0]
    words = Words()
    with store.writing() as here:
        done, whole, added = _brought(list(log.events(here)), theirs, dict(projection.read(here)), written=True)
        if done.events:
            taken = taken_by(whole)
            words = words_under(taken, texts) | words_under(taken, log.texts(here, taken.masks))
            log.keep_texts(here, texts)
            if added.fuller:  # an event got rows it lacked: every later hash in this file follows from it
                here.execute(sa.delete(event_table))
                log.append(here, log.head(here), whole)
            else:
                log.append(here, log.head(here), added.fresh)
            projection.rebuild(here, done.after)
            if taken:
                erase(here, taken, words)
    if words:
        forget_for_good(store, taken, words)
    return done


def _brought(ours: list[Event], theirs: list[Event], before: State, *, written: bool = False) -> tuple[Merged, list[Event], Union]:
    added = union(ours, theirs)
    whole = joined(ours, added)
    after, ignored = replay(whole)
    return Merged((*added.fresh, *added.fuller), tuple(ignored), added.own, before, after, written), whole, added


def copy_for(store: Store, target: str | Path, viewer: str) -> Store:
    """Make a copy of a study without what others judged, to be merged later.

    Parameters
    ----------
    store
        The whole study.
    target
        Path of the file to make.
    viewer
        Guid of the coder who gets the copy.

    Raises
    ------
    StudyExists
        When something stands there already.
    """
    from qualcode.store.study import Store

    if Path(str(target)).exists():
        raise StudyExists("store.exists", study=Path(str(target)).name)
    with store.reading() as there:
        events = list(log.events(there))
        texts = log.texts(there)
    kept = list(without(events, judgements(events, viewer)))
    made = Store.create(target, clock=store.clock, guids=store.guids)
    try:
        with made.writing() as here:
            log.set_meta(here, "study", store.study)
            log.keep_texts(here, texts)
            mask(here, masks_of(kept))
            log.append(here, log.head(here), kept)
            projection.rebuild(here, replay(kept)[0])
    except BaseException:
        made.close()
        Path(str(target)).unlink(missing_ok=True)
        raise
    return made
