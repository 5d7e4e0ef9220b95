"""One-time links, by which the owner of an account sets a password without the old one."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "31a8a668600f"
down_revision = "7e41c2d90b35"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "one_time_link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("stamp", sa.String(length=64), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["ab_user.id"], name="fk_one_time_link_user"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("digest"),
    )
    op.create_index("ix_one_time_link_user_id", "one_time_link", ["user_id"])


def downgrade() -> None:
    op.drop_table("one_time_link")
