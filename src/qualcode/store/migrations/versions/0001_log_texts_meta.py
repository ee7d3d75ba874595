"""The log, the texts and the facts about the file.

Revision ID: 0001
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the three tables that are not projected."""
    op.create_table(
        "event",
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), primary_key=True, autoincrement=True),
        sa.Column("guid", sa.Text, nullable=False),
        sa.Column("at", sa.Text, nullable=False),
        sa.Column("lamport", sa.BigInteger, nullable=False),
        sa.Column("coder", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("payload", sa.Text, nullable=False),
        sa.Column("hash", sa.Text, nullable=False),
        sa.UniqueConstraint("guid", name="uq_event_guid"),
    )
    op.create_index("ix_event_lamport", "event", ["lamport"])
    op.create_table(
        "blob",
        sa.Column("sha", sa.Text, primary_key=True),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("masked", sa.Text),
    )
    op.create_table("meta", sa.Column("key", sa.Text, primary_key=True), sa.Column("value", sa.Text, nullable=False))
