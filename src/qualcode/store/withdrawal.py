"""Words taken away for good: withdrawn passages, and names that were replaced; out of every place that keeps words.

The law: :func:`erase` is the one list of places. A place that keeps words of the texts is named there, or keeps none.

An event says what was taken away by spans of texts (``masks``) and by guids (``gone``), never by words. So it can be applied to any copy that
comes in: what stands under the spans in *that* copy's texts is what has to go from that copy's log.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from qualcode.errors import StudyBusy
from qualcode.model import replay
from qualcode.store import caching, log, projection, searching
from qualcode.store.clearing import Taken, Words, cleared, masked, words_under
from qualcode.store.engine import connect, is_team, shown, writing
from qualcode.store.tables import blob, projected

if TYPE_CHECKING:
    from qualcode.store.study import Committed, Draft, Store

_PENDING = "scrub"


def mask(connection: sa.Connection, masks: Mapping[str, Iterable[tuple[int, int]]]) -> None:
    """Overwrite spans in the kept texts; doing it twice is doing it once."""
    for address, text in log.texts(connection, masks).items():
        left = masked(text, masks[address])
        connection.execute(sa.update(blob).where(blob.c.sha == address).values(body=left, masked=log.sha(left)))


def erase(connection: sa.Connection, taken: Taken, words: Words) -> None:
    """Take words out of every place of a study that keeps words: this is the list of them.

    Texts of all versions; the log's payloads, after which every hash follows anew; the projected state; the index of the search; the cache
    of vectors. Backups and free pages are :func:`forget_for_good`'s.
    """
    mask(connection, taken.masks)
    words = words.beside(log.texts(connection).values())
    log.rewrite(connection, lambda event: cleared(event, taken, words))
    projection.rebuild(connection, replay(log.events(connection))[0])
    searching.forget(connection)
    caching.forget(connection)
    log.set_meta(connection, _PENDING, "1")


def take_away(store: Store, draft: Draft, *, expect: int | None = None) -> tuple[Committed, Words]:
    """Write a withdrawal or pseudonymisation and carry it out everywhere, in one transaction.

    Parameters
    ----------
    store
        The study.
    draft
        Of kind ``withdraw`` or ``pseudonymise``; ``about`` holds ``masks``, and ``instead`` or ``gone``.
    expect
        The number of events the caller has seen.

    Returns
    -------
    tuple
        What was written, and the words that went: for frozen copies outside the study, never to be kept.
    """
    with store.writing() as connection:
        fresh = Taken(
            {address: [(s, e) for s, e in spans] for address, spans in draft.about["masks"].items()},
            {a: draft.about.get("instead", {}).get(a) or [""] * len(spans) for a, spans in draft.about["masks"].items()},
            frozenset((kind, guid) for kind, guid in draft.about.get("gone", [])),
        )
        words = words_under(fresh, log.texts(connection, fresh.masks))
        done = store.committed(connection, draft, expect=expect)
        erase(connection, fresh, words)
    forget_for_good(store, fresh, words)
    return done, words


def forget_for_good(store: Store, taken: Taken, words: Words) -> None:
    """Reach what lies beside the study: backups that the tool made, and the pages and log file that SQLite has not used again."""
    if not is_team(store.address):
        for path in backups(Path(store.address)):
            _erase_in_backup(path, taken, words)
    scrub(store)


def backups(study: Path) -> list[Path]:
    """Return the copies of a study that the tool made beside it."""
    return sorted(study.parent.glob(f"{study.name}.*.backup"))


def _erase_in_backup(path: Path, taken: Taken, words: Words) -> None:
    """Take the words out of a backup; its projection goes, and is made again when it is opened."""
    engine = connect(str(path))
    try:
        with writing(engine, str(path)) as connection:
            mask(connection, taken.masks)
            words = words.beside(log.texts(connection).values())
            log.rewrite(connection, lambda event: cleared(event, taken, words))
            for table in projected.values():
                table.drop(connection, checkfirst=True)
            projection.rebuild(connection, replay(log.events(connection))[0])
            searching.forget(connection)
            caching.forget(connection)
        _vacuum(engine)
    finally:
        engine.dispose()


def scrub(store: Store) -> None:
    """Make the database forget overwritten words: log file emptied, free pages gone.

    Raises
    ------
    StudyBusy
        When another program still reads the study: the words are gone from it, but not yet from the file; opening the study again
        finishes it.
    """
    try:
        _vacuum(store.engine)
    except DBAPIError as error:
        raise StudyBusy("store.scrub_busy", study=shown(store.address)) from error
    with store.writing() as connection:
        log.forget_meta(connection, _PENDING)


def _vacuum(engine: sa.Engine) -> None:
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            emptied = "PRAGMA wal_checkpoint(TRUNCATE)"
            connection.exec_driver_sql(emptied)
            connection.exec_driver_sql("VACUUM")
            busy = connection.exec_driver_sql(emptied).scalar()
            if busy:
                raise DBAPIError(emptied, None, RuntimeError("busy"))
        else:
            for table in ("blob", "event", *projected):
                connection.exec_driver_sql(f'VACUUM (FULL) "{table}"')
