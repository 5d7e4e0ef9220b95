"""The days whose mails were owed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0d4c9a6be217"
down_revision = "e17b52c88d03"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "digest",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("day"),
    )


def downgrade() -> None:
    op.drop_table("digest")
