"""Decisions say what they cover, and from which earlier approval they were kept."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "8e2d5a90b7c1"
down_revision = "c4b1f0d27e63"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Added one by one, not in a batch: SQLite would build the table anew, without its triggers.
    op.add_column("approval_decision", sa.Column("covered", sa.JSON(), nullable=False, server_default="{}"))
    op.add_column("approval_decision", sa.Column("kept_from", sa.Integer(), nullable=True))


def downgrade() -> None:
    for column in ("kept_from", "covered"):
        op.drop_column("approval_decision", column)
