"""Connections: SQLite in one file by default, PostgreSQL for a team; how each is opened, written and made safe."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from qualcode.errors import DamagedStudy, DiskFull, Missing, QualcodeError, ReadOnlyStudy, StudyBusy, StudyNotFound
from qualcode.store.tables import APPLICATION_ID

_WAIT_MS = 5000
_LOCK = 0x716C6364


def is_team(address: str) -> bool:
    """Tell whether an address is a PostgreSQL database rather than a file."""
    return bool(re.match(r"postgres(ql)?(\+\w+)?://", address))


def shown(address: str) -> str:
    """Return the address as it may be printed: never with a password."""
    return sa.make_url(address).render_as_string(hide_password=True) if is_team(address) else Path(address).name


def connect(address: str, *, shared: bool = False, full: bool = False) -> sa.Engine:
    """Return an engine for a study.

    Parameters
    ----------
    address
        Path of a file, or ``postgresql://…``.
    shared
        The file lies on a share or in a synced folder: no WAL, one writer.
    full
        Also survive a power cut (``synchronous=FULL``); the default survives a killed process.
    """
    how: dict[str, Any] = {
        "isolation_level": "AUTOCOMMIT",
        "json_serializer": lambda value: json.dumps(value, ensure_ascii=False, separators=(",", ":")),
    }
    if is_team(address):
        try:
            return sa.create_engine(re.sub(r"^postgres(ql)?://", "postgresql+psycopg://", address), **how)
        except ImportError as error:
            raise Missing("store.no_psycopg") from error
    engine = sa.create_engine(sa.URL.create("sqlite", database=str(address)), **how)

    @sa.event.listens_for(engine, "connect")
    def _prepare(connection: sqlite3.Connection, _record: object) -> None:
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout = {_WAIT_MS}")
        cursor.execute("PRAGMA foreign_keys = ON")
        cursor.execute("PRAGMA secure_delete = ON")
        cursor.execute(f"PRAGMA synchronous = {'FULL' if full or shared else 'NORMAL'}")
        if shared:
            cursor.execute("PRAGMA locking_mode = EXCLUSIVE")
        cursor.close()

    return engine


def prepare_new(engine: sa.Engine, *, shared: bool) -> None:
    """Mark a new SQLite file as a study and choose its journal."""
    if engine.dialect.name == "sqlite":
        with engine.connect() as connection:
            connection.exec_driver_sql(f"PRAGMA application_id = {APPLICATION_ID}")
            set_journal(connection, shared=shared)


def set_journal(connection: sa.Connection, *, shared: bool) -> None:
    """Use WAL on a disk of our own, a plain journal on a share."""
    wanted = "delete" if shared else "wal"
    if connection.exec_driver_sql("PRAGMA journal_mode").scalar() != wanted:
        connection.exec_driver_sql(f"PRAGMA journal_mode = {wanted}")


def translated(error: DBAPIError, address: str) -> QualcodeError | None:
    """Return what a database error means for the person, or ``None`` when it is our own mistake."""
    said = str(error.orig).lower()
    name = shown(address)
    if "readonly" in said or "read-only" in said or "permission denied" in said:
        return ReadOnlyStudy("store.read_only", study=name)
    if "disk is full" in said or "no space left" in said or "disk i/o error" in said:
        return DiskFull("store.disk_full", study=name)
    if "locked" in said or "busy" in said:
        return StudyBusy("store.busy", study=name)
    if "unable to open database file" in said:
        return StudyNotFound("store.not_found", study=name)
    if "malformed" in said or "not a database" in said or "corrupt" in said:
        return DamagedStudy("store.damaged", study=name)
    return None


@contextmanager
def reading(engine: sa.Engine, address: str) -> Iterator[sa.Connection]:
    """Read in one consistent moment."""
    yield from _transaction(engine, address, "BEGIN" if engine.dialect.name == "sqlite" else "BEGIN ISOLATION LEVEL REPEATABLE READ")


@contextmanager
def writing(engine: sa.Engine, address: str) -> Iterator[sa.Connection]:
    """Write all or nothing; one writer at a time, the others wait for their turn."""
    yield from _transaction(engine, address, "BEGIN IMMEDIATE" if engine.dialect.name == "sqlite" else "BEGIN")


def _transaction(engine: sa.Engine, address: str, begin: str) -> Iterator[sa.Connection]:
    try:
        with engine.connect() as connection:
            connection.exec_driver_sql(begin)
            try:
                if begin == "BEGIN" and engine.dialect.name == "postgresql":
                    connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK})")
                yield connection
                connection.exec_driver_sql("COMMIT")
            except BaseException:
                _roll_back(connection)
                raise
    except DBAPIError as error:
        meaning = translated(error, address)
        if meaning is None:
            raise
        raise meaning from error


def _roll_back(connection: sa.Connection) -> None:
    """End the transaction; on some errors, a full disk among them, SQLite has done so already."""
    driver = connection.connection.dbapi_connection
    if not isinstance(driver, sqlite3.Connection) or driver.in_transaction:
        connection.exec_driver_sql("ROLLBACK")
