"""Bringing an older study up to date: a backup first, then Alembic for the log, then the projection from the log."""

from __future__ import annotations

import sqlite3
from contextlib import AbstractContextManager, closing
from importlib.resources import as_file, files
from pathlib import Path
from typing import TYPE_CHECKING

from qualcode.errors import NewerStudy, Refused
from qualcode.store.engine import is_team, shown
from qualcode.store.tables import REVISION

if TYPE_CHECKING:
    from qualcode.store.study import Store


def backup(store: Store, why: str) -> Path | None:
    """Copy a study file beside itself, whole and consistent; return the copy. A team database has its own backups."""
    if is_team(store.address):
        return None
    source = Path(store.address)
    target = source.with_name(f"{source.name}.{why}.backup")
    number = 1
    while target.exists():
        number += 1
        target = source.with_name(f"{source.name}.{why}-{number}.backup")
    with closing(sqlite3.connect(source)) as old, closing(sqlite3.connect(target)) as new:
        old.backup(new)
    return target


def migrations() -> AbstractContextManager[Path]:
    """Return the folder of the migrations, for as long as it is in use."""
    return as_file(files("qualcode.store") / "migrations")


def migrate(store: Store, revision: str, *, asked: bool) -> None:
    """Bring log, texts and meta to this version's schema.

    Parameters
    ----------
    store
        The study.
    revision
        The schema it has now.
    asked
        Whether somebody asked for it: a team database waits for its keeper, who makes the backup.

    Raises
    ------
    NewerStudy
        When a later qualcode made it.
    Refused
        When it is a team database and nobody asked.
    """
    from alembic import command
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    with migrations() as folder:
        config = Config()
        config.set_main_option("script_location", str(folder))
        known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
        if revision not in known:
            raise NewerStudy("store.newer", study=shown(store.address), revision=revision, known=REVISION)
        if is_team(store.address) and not asked:
            raise Refused("store.team_migration", study=shown(store.address))
        backup(store, f"voor-{REVISION}")
        with store.writing() as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, REVISION)


def renew_projection(store: Store) -> None:
    """Make the projected tables again from the log, because their declarations have changed."""
    backup(store, "voor-projectie")
    store.rebuild()
