"""The projected tables: the state as the log makes it, kept ready so that opening never reads the log."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from qualcode.model import KINDS, Change, Row, State
from qualcode.store.tables import projected

_AT_ONCE = 500
_BIRTHS = 24  # bits: entities born in one event keep its order


@cache
def columns_of(kind: str) -> tuple[str, ...]:
    """Return the names of a kind's projected columns, without ``born``."""
    return ("guid", "exists", *(field.name for field in KINDS[kind].fields))


@cache
def _select(kind: str) -> sa.Select[Any]:
    table = projected[kind]
    return sa.select(*(table.c[name] for name in columns_of(kind))).order_by(table.c.born)


@cache
def _select_one(kind: str) -> sa.Select[Any]:
    return _select(kind).where(projected[kind].c.guid == sa.bindparam("one"))


@cache
def _upsert(kind: str, dialect: str) -> str:
    """Return the statement as text, compiled once: the coding gesture waits for it."""
    insert = (sqlite.insert if dialect == "sqlite" else postgresql.insert)(projected[kind])
    kept = {name: insert.excluded[name] for name in columns_of(kind) if name != "guid"}
    statement = insert.on_conflict_do_update(index_elements=["guid"], set_=kept)
    using: sa.Dialect = sqlite.dialect(paramstyle="qmark") if dialect == "sqlite" else postgresql.dialect(paramstyle="format")  # type: ignore[no-untyped-call]
    return str(statement.compile(dialect=using))


def _decoded(kind: str, found: Iterable[Sequence[Any]]) -> dict[str, Row]:
    names = columns_of(kind)[1:]
    mappings = [field.name for field in KINDS[kind].fields if field.type == "json"]
    rows = {values[0]: dict(zip(names, values[1:], strict=True)) for values in found}
    read: dict[str, Any] = {}  # the same dimensions return on thousands of codings
    for name in mappings:
        for row in rows.values():
            written = row[name]
            if written is not None:
                if written not in read:
                    read[written] = json.loads(written)
                row[name] = read[written]
    return rows


def rows(connection: sa.Connection, kind: str, guids: Sequence[str] | None = None) -> dict[str, Row]:
    """Return entities of a kind as they stand, in order of birth: all, or those named."""
    if guids is None:
        return _decoded(kind, connection.execute(_select(kind)))
    if len(guids) == 1:
        return _decoded(kind, connection.execute(_select_one(kind), {"one": guids[0]}))
    column = projected[kind].c.guid
    parts = (guids[at : at + _AT_ONCE] for at in range(0, len(guids), _AT_ONCE))
    return _decoded(kind, (row for part in parts for row in connection.execute(_select(kind).where(column.in_(part)))))


def touched(connection: sa.Connection, changes: Iterable[Change]) -> State:
    """Return every entity that ``changes`` speak of, as it stands; all codes when the tree itself is at stake."""
    state: State = {}
    for change in changes:
        held = state.setdefault(change.kind, {})
        if any(KINDS[change.kind].field(name).circular for name in change.after if name != "exists"):
            held.update(rows(connection, change.kind))
        else:
            held.update(rows(connection, change.kind, change.guid))
    return state


def _encoded(kind: str, entities: dict[str, Row], born: int) -> Iterator[tuple[Any, ...]]:
    """Yield the values of each entity in the order of the table's columns."""
    names = columns_of(kind)[1:]
    mappings = [place for place, field in enumerate(KINDS[kind].fields, 1) if field.type == "json"]
    for place, (guid, row) in enumerate(entities.items(), born):
        values = [row[name] for name in names]
        for column in mappings:
            if values[column] is not None:
                values[column] = json.dumps(values[column], ensure_ascii=False, separators=(",", ":"))
        yield (guid, place, *values)


def write(connection: sa.Connection, kind: str, entities: dict[str, Row], seq: int) -> None:
    """Write entities as they now are; the new ones were born in event ``seq`` (0: in a rebuild)."""
    parameters = list(_encoded(kind, entities, seq << _BIRTHS))
    connection.exec_driver_sql(_upsert(kind, connection.dialect.name), parameters)


def read(connection: sa.Connection) -> Iterator[tuple[str, dict[str, Row]]]:
    """Yield every kind with all its entities."""
    for kind in KINDS:
        yield kind, rows(connection, kind)


def rebuild(connection: sa.Connection, state: State) -> None:
    """Make the projected tables again from a replayed state."""
    for table in projected.values():
        table.drop(connection, checkfirst=True)
        table.create(connection)
    for kind, entities in state.items():
        if entities:
            write(connection, kind, entities, 0)
