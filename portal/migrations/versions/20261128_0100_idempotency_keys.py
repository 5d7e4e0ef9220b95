"""Requests that were done under a key, so that the same one is done once."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "6b2f90e4c3d1"
down_revision = "0d4c9a6be217"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "idempotency_key",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=255), nullable=False),
        sa.Column("part", sa.Integer(), nullable=False),
        sa.Column("request_sha256", sa.String(length=64), nullable=False),
        sa.Column("answer", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["ab_user.id"], name="fk_idempotency_key_user"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("user_id", "key", "part", name="uq_idempotency_key"),
    )
    op.create_index("ix_idempotency_key_age", "idempotency_key", ["created_at"])


def downgrade() -> None:
    op.drop_index("ix_idempotency_key_age", table_name="idempotency_key")
    op.drop_table("idempotency_key")
