"""Trial prints of document templates, with their pages."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "e61b04f7a9c8"
down_revision = "c3d7a5120e84"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "trial_print",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("renderer", sa.String(length=16), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.String(length=32), nullable=True),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("page_count", sa.Integer(), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(state = 'none') = (reason IS NOT NULL)", name="ck_trial_print_reason"),
        sa.CheckConstraint("(state = 'ready') = (page_count IS NOT NULL)", name="ck_trial_print_page_count"),
        sa.CheckConstraint("state IN ('waiting', 'ready', 'none')", name="ck_trial_print_state"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("sha256", "renderer", name="uq_trial_print_body"),
    )
    op.create_index("ix_trial_print_age", "trial_print", ["asked_at"])
    op.create_table(
        "trial_page",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("trial_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("jpeg", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["trial_id"], ["trial_print.id"], name="fk_trial_page_trial"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("trial_id", "number", name="uq_trial_page_number"),
    )


def downgrade() -> None:
    op.drop_table("trial_page")
    op.drop_table("trial_print")
