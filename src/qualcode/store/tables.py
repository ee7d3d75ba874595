"""The schema: the log, the texts, and one projected table a kind, derived from the declarations of the model.

Log, texts and meta change by Alembic migrations. The projected tables need none: their fingerprint is kept in
``meta``, and a study whose fingerprint differs has them made again from its log.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any

import sqlalchemy as sa

from qualcode.model import KINDS, Kind

REVISION = "0001"
"""The Alembic revision that this version of qualcode reads and writes."""

APPLICATION_ID = 0x716C6364  # "qlcd": lets a file manager and ourselves tell a study from another SQLite file

metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

event = sa.Table(
    "event",
    metadata,
    sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), primary_key=True, autoincrement=True),
    sa.Column("guid", sa.Text, nullable=False, unique=True),
    sa.Column("at", sa.Text, nullable=False),
    sa.Column("lamport", sa.BigInteger, nullable=False, index=True),
    sa.Column("coder", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("payload", sa.Text, nullable=False),
    sa.Column("hash", sa.Text, nullable=False),
)

# `sha` is the address of a text for ever; `masked` is the SHA-256 of what is left after a withdrawal
blob = sa.Table(
    "blob",
    metadata,
    sa.Column("sha", sa.Text, primary_key=True),
    sa.Column("body", sa.Text, nullable=False),
    sa.Column("masked", sa.Text),
)

meta = sa.Table("meta", metadata, sa.Column("key", sa.Text, primary_key=True), sa.Column("value", sa.Text, nullable=False))

# Alembic's own table: which revision the three tables above are at
revision = sa.Table("alembic_version", metadata, sa.Column("version_num", sa.String(32), primary_key=True))


_TYPE: dict[str, sa.types.TypeEngine[Any]] = {
    "text": sa.Text(),
    "integer": sa.BigInteger(),
    "real": sa.Float(),
    "boolean": sa.Boolean(),
    "json": sa.Text(),
}


def _projected(kind: Kind) -> sa.Table:
    return sa.Table(
        kind.name,
        metadata,
        sa.Column("guid", sa.Text, primary_key=True),
        sa.Column("born", sa.BigInteger, nullable=False),
        sa.Column("exists", sa.Boolean),
        *(sa.Column(field.name, _TYPE[field.type]) for field in kind.fields),
    )


projected: dict[str, sa.Table] = {name: _projected(kind) for name, kind in KINDS.items()}


def fingerprint() -> str:
    """Return what tells whether projected tables were made from these declarations."""
    shape = {name: [(f.name, f.type) for f in kind.fields] for name, kind in KINDS.items()}
    return hashlib.sha256(json.dumps(shape, sort_keys=True).encode()).hexdigest()[:16]
