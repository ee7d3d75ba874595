"""Merging copies of one study: the union of two logs. Idempotent, knows no order, loses nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from qualcode.errors import DamagedStudy, Refused
from qualcode.model import Event, Ignored, replay
from qualcode.store import log, projection
from qualcode.store.doctor import broken_links
from qualcode.store.engine import shown
from qualcode.store.withdrawal import mask, masks_of

if TYPE_CHECKING:
    from qualcode.store.study import Store


@dataclass(frozen=True, slots=True)
class Merged:
    """What a merge brought, or would bring: events new here, and moves without effect because they would close a circle."""

    events: tuple[Event, ...]
    ignored: tuple[Ignored, ...]


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
    with store.writing() as here:
        ours = list(log.events(here))
        known = {event.guid for event in ours}
        fresh = tuple(event for event in theirs if event.guid not in known)
        state, ignored = replay([*ours, *fresh])
        if not dry_run and fresh:
            masks = masks_of([*ours, *fresh])
            log.keep_texts(here, texts)
            mask(here, masks)
            log.append(here, log.head(here), fresh)
            projection.rebuild(here, state)
    return Merged(fresh, tuple(ignored))
