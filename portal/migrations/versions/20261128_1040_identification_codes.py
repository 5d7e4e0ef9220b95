"""Units have the identification code by which agencies exchange documents."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "8d3e5b20c7f9"
down_revision = "c3f81d5a90e7"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("unit", sa.Column("organ_code", sa.String(35), nullable=True))
    op.create_index("uq_unit_organ_code", "unit", ["organ_code"], unique=True)


def downgrade() -> None:
    op.drop_index("uq_unit_organ_code", "unit")
    op.drop_column("unit", "organ_code")
