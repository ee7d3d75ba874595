"""The append-only log: events in, events out, each tied to the one before it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

import sqlalchemy as sa

from qualcode.errors import NewerStudy
from qualcode.model import Event
from qualcode.model.events import EVENT_VERSION, chained, changes_of
from qualcode.store.tables import blob, event, meta

_INSERT = sa.insert(event)


@dataclass(frozen=True, slots=True)
class Head:
    """Where the log ends in this file."""

    seq: int
    lamport: int
    hash: str
    at: str


_END = "SELECT seq, hash, at, (SELECT max(lamport) FROM event) FROM event ORDER BY seq DESC LIMIT 1"


def head(connection: sa.Connection) -> Head:
    """Return the end of the log; zero and empty when nothing has happened yet."""
    last = connection.exec_driver_sql(_END).first()
    return Head(last[0], last[3], last[1], last[2]) if last else Head(0, 0, "", "")


def append(connection: sa.Connection, end: Head, events: Iterable[Event]) -> Head:
    """Write events at the end of the log and return its new end."""
    rows = []
    seq, lamport, hash_, at = end.seq, end.lamport, end.hash, end.at
    for one in events:
        payload = one.payload()
        hash_ = chained(hash_, one, payload)
        seq, lamport, at = seq + 1, max(lamport, one.lamport), one.at
        rows.append(
            {
                "seq": seq,
                "guid": one.guid,
                "at": one.at,
                "lamport": one.lamport,
                "coder": one.coder,
                "kind": one.kind,
                "version": one.version,
                "payload": payload,
                "hash": hash_,
            }
        )
    if rows:
        connection.execute(_INSERT, rows)
    return Head(seq, lamport, hash_, at)


def _event(row: sa.Row[tuple[object, ...]]) -> Event:
    if row.version > EVENT_VERSION:
        raise NewerStudy("store.newer_event", version=row.version, known=EVENT_VERSION)
    changes, about = changes_of(row.payload)
    return Event(row.guid, row.at, row.lamport, row.coder, row.kind, changes, about, row.version)


def events(connection: sa.Connection, *, after: int = 0, backwards: bool = False) -> Iterator[Event]:
    """Yield the events of this file in the order they were written, or the last first."""
    order = event.c.seq.desc() if backwards else event.c.seq
    for row in connection.execute(sa.select(event).where(event.c.seq > after).order_by(order)):
        yield _event(row)


def raw(connection: sa.Connection) -> Iterator[tuple[Event, str, str]]:
    """Yield every event with its payload and hash as they stand in the file."""
    for row in connection.execute(sa.select(event).order_by(event.c.seq)):
        yield _event(row), row.payload, row.hash


def rewrite(connection: sa.Connection, change: Callable[[Event], Event]) -> None:
    """Write events anew as ``change`` returns them, and the hash of each that follows from it."""
    previous = ""
    fresh = []
    for row in connection.execute(sa.select(event).order_by(event.c.seq)).all():
        was = _event(row)
        now = change(was)
        payload = row.payload if now is was else now.payload()
        previous = chained(previous, now, payload)
        if payload != row.payload or previous != row.hash:
            fresh.append({"at_seq": row.seq, "new_payload": payload, "new_hash": previous})
    if fresh:
        here = sa.update(event).where(event.c.seq == sa.bindparam("at_seq"))
        connection.execute(here.values(payload=sa.bindparam("new_payload"), hash=sa.bindparam("new_hash")), fresh)


def sha(text: str) -> str:
    """Return the address of a text."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def keep_texts(connection: sa.Connection, texts: Mapping[str, str]) -> None:
    """Keep texts by their address; one that is kept already, perhaps masked since, stays as it is."""
    if not texts:
        return
    kept = set(connection.execute(sa.select(blob.c.sha).where(blob.c.sha.in_(list(texts)))).scalars())
    fresh = [{"sha": address, "body": body} for address, body in texts.items() if address not in kept]
    if fresh:
        connection.execute(sa.insert(blob), fresh)


def texts(connection: sa.Connection, addresses: Iterable[str] | None = None) -> dict[str, str]:
    """Return texts by their address: all, or those named."""
    query = sa.select(blob.c.sha, blob.c.body)
    if addresses is not None:
        query = query.where(blob.c.sha.in_(list(addresses)))
    return {row.sha: row.body for row in connection.execute(query)}


def get_meta(connection: sa.Connection, key: str) -> str | None:
    """Return one fact about the file, or ``None``."""
    return connection.execute(sa.select(meta.c.value).where(meta.c.key == key)).scalar()


def set_meta(connection: sa.Connection, key: str, value: str) -> None:
    """Set one fact about the file."""
    connection.execute(sa.delete(meta).where(meta.c.key == key))
    connection.execute(sa.insert(meta), {"key": key, "value": value})


def forget_meta(connection: sa.Connection, key: str) -> None:
    """Drop one fact about the file."""
    connection.execute(sa.delete(meta).where(meta.c.key == key))
