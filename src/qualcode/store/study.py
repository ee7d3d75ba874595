"""The store of one study: open it, read its state, commit a gesture; everything else in this room works on it."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any
from uuid import uuid4

import sqlalchemy as sa

from qualcode.errors import DamagedStudy, StudyExists, StudyNotFound
from qualcode.labels import say
from qualcode.model import Change, Event, Ignored, Snapshot, Stamp, State, advance, replay
from qualcode.model.events import Row, with_before
from qualcode.store import log, projection
from qualcode.store.engine import connect, is_team, prepare_new, reading, set_journal, shown, writing
from qualcode.store.places import shared_place
from qualcode.store.tables import APPLICATION_ID, REVISION, fingerprint, metadata
from qualcode.store.tables import revision as revision_table

Clock = Callable[[], str]
Guids = Callable[[], str]


class SharedFolderWarning(UserWarning):
    """The study lies on a share or in a synced folder: one writer at a time."""


def now() -> str:
    """Return the moment, in UTC, as events keep it."""
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def new_guid() -> str:
    """Return a guid for something that is born."""
    return str(uuid4())


@dataclass(frozen=True, slots=True)
class Draft:
    """A gesture on its way to the log: what is to be set, by whom, and the new texts it brings."""

    kind: str
    coder: str
    changes: tuple[Change, ...]
    about: dict[str, Any] = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Committed:
    """What a commit did: the event (``None`` when all stood so already), the entities as they now are, what had no effect."""

    event: Event | None
    rows: State
    ignored: tuple[Ignored, ...]
    stamp: Stamp


class Moved(Exception):
    """Somebody else wrote since the state was read on which a commit depends."""


@dataclass(frozen=True)
class Store:
    """A study in its database.

    Parameters
    ----------
    address
        Path of a file, or ``postgresql://…``.
    engine
        Its connections.
    clock, guids
        Where moments and guids come from; fixed ones give the same bytes twice.
    """

    address: str
    engine: sa.Engine
    clock: Clock = now
    guids: Guids = new_guid

    @classmethod
    def create(cls, address: str | Path, *, clock: Clock = now, guids: Guids = new_guid) -> Store:
        """Make an empty store; refuse when something stands there already."""
        address = str(address)
        place = None
        if not is_team(address):
            path = Path(address)
            if path.exists():
                raise StudyExists("store.exists", study=path.name)
            if not path.parent.is_dir():
                raise StudyNotFound("store.no_folder", folder=str(path.parent))
            place = _warned(path)
        store = cls(address, connect(address, shared=place is not None), clock, guids)
        try:
            store._make_tables(shared=place is not None)
        except BaseException:
            store.close()
            if not is_team(address):
                Path(address).unlink(missing_ok=True)
            raise
        return store

    def _make_tables(self, *, shared: bool) -> None:
        prepare_new(self.engine, shared=shared)
        with self.writing() as connection:
            if sa.inspect(connection).has_table("event"):
                raise StudyExists("store.exists", study=shown(self.address))
            metadata.create_all(connection)
            connection.execute(sa.insert(revision_table), {"version_num": REVISION})
            log.set_meta(connection, "study", self.guids())
            log.set_meta(connection, "projection", fingerprint())

    @classmethod
    def open(cls, address: str | Path, *, clock: Clock = now, guids: Guids = new_guid, upgrade: bool = False) -> Store:
        """Open a store that is there; bring an older file up to date after a backup, an older team database when ``upgrade`` asks."""
        address = str(address)
        place = None
        if not is_team(address):
            path = Path(address)
            if not path.is_file():
                raise StudyNotFound("store.not_found", study=str(path))
            _check_file(path)
            place = _warned(path)
        store = cls(address, connect(address, shared=place is not None), clock, guids)
        try:
            store._bring_up_to_date(shared=place is not None, asked=upgrade)
        except BaseException:
            store.close()
            raise
        return store

    def __repr__(self) -> str:
        """Tell which study this is, never with a password."""
        return f"<Store {shown(self.address)}>"

    @contextmanager
    def reading(self) -> Iterator[sa.Connection]:
        """Read in one consistent moment."""
        with reading(self.engine, self.address) as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[sa.Connection]:
        """Write all or nothing."""
        with writing(self.engine, self.address) as connection:
            yield connection

    def close(self) -> None:
        """Let go of the database."""
        self.engine.dispose()

    def _bring_up_to_date(self, *, shared: bool, asked: bool) -> None:
        with self.reading() as connection:
            if not sa.inspect(connection).has_table("alembic_version"):
                raise StudyNotFound("store.no_study", study=shown(self.address))
            revision = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
            made = log.get_meta(connection, "projection")
            unfinished = log.get_meta(connection, "scrub") is not None
        if revision != REVISION:
            from qualcode.store.migrating import migrate

            migrate(self, str(revision), asked=asked)
            made = ""
        if made != fingerprint():
            from qualcode.store.migrating import renew_projection

            renew_projection(self)
        if self.engine.dialect.name == "sqlite" and shared:
            with self.engine.connect() as connection:
                set_journal(connection, shared=shared)
        if unfinished:
            from qualcode.store.withdrawal import scrub

            scrub(self)

    def snapshot(self) -> Snapshot:
        """Return the whole study as it stands."""
        with self.reading() as connection:
            state: State = dict(projection.read(connection))
            addresses = {row["text"] for row in state["document"].values() if row["exists"]}
            return Snapshot.of(state, log.texts(connection, addresses), self._stamp(connection), self.event_table)

    def since(self, seq: int) -> tuple[State, dict[str, str], Stamp]:
        """Return what events after ``seq`` touched, as it now stands, with new texts and the stamp."""
        with self.reading() as connection:
            changed: dict[str, dict[str, None]] = {}
            for one in log.events(connection, after=seq):
                for change in one.changes:
                    changed.setdefault(change.kind, {}).update(dict.fromkeys(change.guid))
            state = {kind: projection.rows(connection, kind, list(guids)) for kind, guids in changed.items()}
            addresses = {row["text"] for row in state.get("document", {}).values()}
            return state, log.texts(connection, addresses), self._stamp(connection)

    def events(self, *, backwards: bool = False) -> Iterator[Event]:
        """Yield the events as they were written in this file, or the last first."""
        with self.reading() as connection:
            yield from log.events(connection, backwards=backwards)

    def event_table(self) -> Any:
        """Return the event table of a snapshot, in the order that decides the state."""
        import pandas as pd

        from qualcode.model.snapshot import EVENT_COLUMNS

        found = sorted(self.events(), key=lambda e: e.order)
        return pd.DataFrame({name: [getattr(e, name) for e in found] for name in EVENT_COLUMNS}, columns=EVENT_COLUMNS)

    def rows(self, kinds: set[str]) -> State:
        """Return all entities of some kinds, removed ones too."""
        with self.reading() as connection:
            return {kind: projection.rows(connection, kind) for kind in kinds}

    def commit(self, draft: Draft, *, expect: int | None = None) -> Committed:
        """Write one gesture as one event, in one transaction.

        Parameters
        ----------
        draft
            What is to be set. Fields that stand so already are left out; a gesture that changes nothing writes nothing.
        expect
            The number of events that the caller has seen; :class:`Moved` when there are others by now.
        """
        with self.writing() as connection:
            return self.committed(connection, draft, expect=expect)

    def committed(self, connection: sa.Connection, draft: Draft, *, expect: int | None = None) -> Committed:
        """Write one gesture inside a transaction that does more; see :meth:`commit`."""
        end = log.head(connection)
        if expect is not None and end.seq != expect:
            raise Moved
        state = projection.touched(connection, draft.changes)
        changes = tuple(c for c in (_needed(with_before(state, change)) for change in draft.changes) if c)
        if not changes:
            return Committed(None, {}, (), self._stamp(connection, end))
        event = Event(self.guids(), self.clock(), end.lamport + 1, draft.coder, draft.kind, changes, draft.about)
        log.keep_texts(connection, draft.texts)
        end = log.append(connection, end, [event])
        ignored = advance(state, event)
        rows: dict[str, dict[str, Row]] = {}
        for change in changes:
            rows.setdefault(change.kind, {}).update({guid: state[change.kind][guid] for guid in change.guid})
        for kind, entities in rows.items():
            projection.write(connection, kind, entities, end.seq)
        return Committed(event, rows, tuple(ignored), self._stamp(connection, end))

    def rebuild(self) -> tuple[Ignored, ...]:
        """Make the projected tables again from the log."""
        with self.writing() as connection:
            state, ignored = replay(log.events(connection))
            projection.rebuild(connection, state)
            log.set_meta(connection, "projection", fingerprint())
        return tuple(ignored)

    @cached_property
    def study(self) -> str:
        """The guid that all copies of this study share."""
        with self.reading() as connection:
            return log.get_meta(connection, "study") or ""

    def _stamp(self, connection: sa.Connection, end: log.Head | None = None) -> Stamp:
        end = end or log.head(connection)
        if "study" not in self.__dict__:
            self.__dict__["study"] = log.get_meta(connection, "study") or ""
        return Stamp(self.study, end.seq, end.hash, end.at)


def _needed(change: Change) -> Change | None:
    """Leave out fields that every row has already."""
    fields = [name for name, values in change.after.items() if values != change.was(name)]
    if not fields:
        return None
    return Change(
        change.kind, change.guid, {n: change.after[n] for n in fields}, {n: change.before[n] for n in fields if n in change.before}
    )


def _warned(path: Path) -> str | None:
    place = shared_place(path)
    if place is not None:
        warnings.warn(SharedFolderWarning(say("store.shared_place", study=path.name, place=place)), stacklevel=4)
    return place


def _check_file(path: Path) -> None:
    with path.open("rb") as file:
        start = file.read(100)
    if start[:16] != b"SQLite format 3\x00":
        raise DamagedStudy("store.no_study", study=path.name) if start else StudyNotFound("store.empty_file", study=path.name)
    if int.from_bytes(start[68:72], "big") != APPLICATION_ID:
        raise StudyNotFound("store.no_study", study=path.name)
