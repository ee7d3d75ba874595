"""Withdrawn passages: overwritten by equally many blocks in every kept text, so that offsets hold and words are gone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

import sqlalchemy as sa

from qualcode.model import Event
from qualcode.store import log
from qualcode.store.tables import blob

if TYPE_CHECKING:
    from qualcode.store.study import Store

BLOCK = "\u2588"
Masks = dict[str, list[tuple[int, int]]]


def masked(text: str, spans: Iterable[tuple[int, int]]) -> str:
    """Return the text with every span overwritten, its length unchanged.

    Examples
    --------
    >>> masked("ja Annelies zei", [(3, 11)])
    'ja ████████ zei'
    """
    for start, end in spans:
        text = text[:start] + BLOCK * (end - start) + text[end:]
    return text


def masks_of(events: Iterable[Event]) -> Masks:
    """Return the spans that the withdrawals in a log overwrite, by the address of the text."""
    masks: Masks = {}
    for event in events:
        if event.kind == "withdraw":
            for address, spans in event.about["masks"].items():
                masks.setdefault(address, []).extend((start, end) for start, end in spans)
    return masks


def mask(connection: sa.Connection, masks: Mapping[str, Iterable[tuple[int, int]]]) -> None:
    """Overwrite spans in the kept texts; doing it twice is doing it once."""
    for address, text in log.texts(connection, masks).items():
        left = masked(text, masks[address])
        connection.execute(sa.update(blob).where(blob.c.sha == address).values(body=left, masked=log.sha(left)))


def scrub(store: Store) -> None:
    """Make SQLite forget overwritten words: log file emptied, free pages gone."""
    if store.engine.dialect.name == "sqlite":
        with store.engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
            connection.exec_driver_sql("VACUUM")
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
