"""Previews of files: what can be seen of each content, and the pictures of its pages."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "75f1bde57502"
down_revision = "a5b04a290010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "file_preview",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.String(length=32), nullable=True),
        sa.Column("page_count", sa.Integer(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(state = 'none') = (reason IS NOT NULL)", name="ck_file_preview_reason"),
        sa.CheckConstraint("(state = 'ready') = (page_count IS NOT NULL)", name="ck_file_preview_page_count"),
        sa.CheckConstraint("state IN ('waiting', 'ready', 'none')", name="ck_file_preview_state"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("sha256", name="uq_file_preview_sha256"),
    )
    op.create_table(
        "preview_page",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("preview_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["file_id"], ["stored_file.id"], name="fk_preview_page_file"),
        sa.ForeignKeyConstraint(["preview_id"], ["file_preview.id"], name="fk_preview_page_preview"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("preview_id", "number", name="uq_preview_page_number"),
    )


def downgrade() -> None:
    op.drop_table("preview_page")
    op.drop_table("file_preview")
