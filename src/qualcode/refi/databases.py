"""Databases of other programs, read from memory: the file itself is never opened by SQLite, so it cannot be changed or run anything."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from qualcode.errors import BadFile
from qualcode.refi.containers import bytes_of, printable

_MAGIC = b"SQLite format 3\x00"
_WAL, _JOURNAL = b"\x02\x02", b"\x01\x01"


def database_bytes(path: Path) -> bytes:
    """Return a database file that no program is busy with.

    Raises
    ------
    BadFile
        When it is no SQLite database, or another program has not finished writing it.
    """
    data = bytes_of(path)
    if not data.startswith(_MAGIC):
        raise BadFile("refi.no_database", file=path.name)
    beside = path.with_name(path.name + "-wal")
    if beside.exists() and beside.stat().st_size:
        raise BadFile("refi.still_open", file=path.name)
    return data


@contextmanager
def tables_of(data: bytes, file: str) -> Iterator[Tables]:
    """Give the tables of a database in memory.

    Raises
    ------
    BadFile
        When the database is damaged.
    """
    with closing(sqlite3.connect(":memory:")) as connection:
        try:
            # a database in memory has no log beside it
            connection.deserialize(data[:18] + _JOURNAL + data[20:] if data[18:20] == _WAL else data)
            connection.execute("PRAGMA query_only = ON")
            connection.execute("PRAGMA trusted_schema = OFF")
            connection.row_factory = sqlite3.Row
            connection.text_factory = lambda held: printable(held.decode("utf-8", "replace"))
            yield Tables(connection)
        except (sqlite3.Error, OverflowError, MemoryError) as damage:
            raise BadFile("refi.damaged_database", file=file) from damage


class Tables:
    """The tables of a foreign database, by name, whatever columns this version of the program has."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        found = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        self.names = {str(row[0]) for row in found}

    def rows(self, table: str, order: str) -> list[dict[str, Any]]:
        """Return the rows of a table in the order of a column; none when there is no such table."""
        if table not in self.names:
            return []
        columns = [str(row[1]) for row in self._connection.execute(f'PRAGMA table_info("{table}")')]
        by = f' ORDER BY "{order}"' if order in columns else ""
        # both names come from the code, never from the file
        return [dict(row) for row in self._connection.execute(f'SELECT * FROM "{table}"{by}')]  # noqa: S608


def text(value: Any) -> str:
    """Return a cell as text; empty for nothing."""
    return "" if value is None else str(value).strip()


def whole(value: Any) -> int | None:
    """Return a cell as a whole number; ``None`` when it is none."""
    return value if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 2**53 else None
