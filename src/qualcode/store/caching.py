"""What can always be made again, kept beside the log: vectors of texts. Never merged, never exported, emptied when words are withdrawn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import sqlalchemy as sa

from qualcode.errors import ReadOnlyStudy

if TYPE_CHECKING:
    from qualcode.store.study import Store

# a schema of its own: the table is made at first use and may go at any time, so it needs no migration
_metadata = sa.MetaData()
_kept = sa.Table(
    "cache",
    _metadata,
    sa.Column("model", sa.Text, primary_key=True),
    sa.Column("sha", sa.Text, primary_key=True),
    sa.Column("body", sa.LargeBinary, nullable=False),
)
_AT_ONCE = 500


class StudyCache:
    """Vectors kept in the study's own database, by model and by SHA-256 of the text; a study that is read-only keeps none.

    Parameters
    ----------
    store
        The store of the study.
    """

    def __init__(self, store: Store) -> None:
        self._store = store

    def get(self, model: str, keys: Sequence[str]) -> dict[str, bytes]:
        """Return what is kept of these keys."""
        found: dict[str, bytes] = {}
        with self._store.reading() as connection:
            if not sa.inspect(connection).has_table(_kept.name):
                return found
            for first in range(0, len(keys), _AT_ONCE):
                asked = sa.and_(_kept.c.model == model, _kept.c.sha.in_(list(keys[first : first + _AT_ONCE])))
                found.update((row.sha, bytes(row.body)) for row in connection.execute(sa.select(_kept.c.sha, _kept.c.body).where(asked)))
        return found

    def put(self, model: str, rows: Mapping[str, bytes]) -> None:
        """Keep these; what stood there is replaced."""
        try:
            with self._store.writing() as connection:
                _metadata.create_all(connection)
                connection.execute(sa.delete(_kept).where(_kept.c.model == model, _kept.c.sha.in_(list(rows))))
                connection.execute(sa.insert(_kept), [{"model": model, "sha": sha, "body": body} for sha, body in rows.items()])
        except ReadOnlyStudy:
            # whoever may only read still gets an answer, a little later
            return


def forget(connection: sa.Connection) -> None:
    """Empty the cache: nothing that was made from withdrawn words stays."""
    if sa.inspect(connection).has_table(_kept.name):
        connection.execute(sa.delete(_kept))
