"""A unit has the address that its documents may print at the foot of their first page."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "7c40d2e9b1f6"
down_revision = "4f7be2a9d016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("unit", sa.Column("contact", sa.String(length=273)))


def downgrade() -> None:
    op.drop_column("unit", "contact")
