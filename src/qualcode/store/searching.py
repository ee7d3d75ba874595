"""What is kept of the words of the texts, so that search need not cut them up again; made when it is first needed, lost without harm.

The index lies in the study's own database, and goes where the study goes. It holds words of the texts: whatever takes words
away must call :func:`forget`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import sqlalchemy as sa

# apart from the schema of the study: an older study needs no migration to be searched
_metadata = sa.MetaData()

word_index = sa.Table(
    "word_index",
    _metadata,
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("layer", sa.Text, nullable=False),
    sa.Column("body", sa.LargeBinary, nullable=False),
)


@dataclass(frozen=True, slots=True)
class Kept:
    """The words of one text in one layer: what they were made from (``key``), the address of the text, and the words, packed."""

    key: str
    text: str
    layer: str
    body: bytes


def _there(connection: sa.Connection) -> bool:
    return sa.inspect(connection).has_table(word_index.name)


def kept(connection: sa.Connection, layer: str) -> dict[str, bytes]:
    """Return all that is kept of a layer, by key."""
    if not _there(connection):
        return {}
    rows = connection.execute(sa.select(word_index.c.key, word_index.c.body).where(word_index.c.layer == layer))
    return {row.key: bytes(row.body) for row in rows}


def keep(connection: sa.Connection, made: Iterable[Kept]) -> None:
    """Keep words; what stands under the same key already is the same."""
    word_index.create(connection, checkfirst=True)
    for one in made:
        connection.execute(sa.delete(word_index).where(word_index.c.key == one.key))
        connection.execute(sa.insert(word_index), {"key": one.key, "text": one.text, "layer": one.layer, "body": one.body})


def drop(connection: sa.Connection, keys: Iterable[str]) -> None:
    """Drop what is kept under keys that no document asks for any more."""
    for key in keys:
        connection.execute(sa.delete(word_index).where(word_index.c.key == key))


def forget(connection: sa.Connection, texts: Iterable[str] | None = None) -> None:
    """Drop what is kept of the words of some texts (by address), or of all; search makes it again from what the texts hold then.

    Parameters
    ----------
    connection
        Inside the writing transaction that takes the words away. With ``secure_delete``, a checkpoint and VACUUM nothing is left.
    texts
        Addresses of the texts; all when left out.
    """
    if not _there(connection):
        return
    if texts is None:
        connection.execute(sa.delete(word_index))
        return
    for address in texts:
        connection.execute(sa.delete(word_index).where(word_index.c.text == address))
