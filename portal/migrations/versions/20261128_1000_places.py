"""Where the file of a document is signed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "3f9a61c07d28"
down_revision = "5e1c8a47d93b"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Added and dropped in place: a rebuilt table would lose its triggers.
    op.add_column("official_document", sa.Column("places", sa.JSON(), nullable=False, server_default="[]"))


def downgrade() -> None:
    op.drop_column("official_document", "places")
