"""Reports say what they were begun from, such as a list of who is late."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "5b7d20e94c1a"
down_revision = "8d3e5b20c7f9"
branch_labels = None
depends_on = None

COLUMNS = {"begun_kind": 32, "begun_key": 64, "begun_name": 300}


def upgrade() -> None:
    for name, length in COLUMNS.items():
        op.add_column("submission", sa.Column(name, sa.String(length), nullable=True))


def downgrade() -> None:
    for name in COLUMNS:
        op.drop_column("submission", name)
