"""Reports that are about a task."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "a41c6e90b7d2"
down_revision = "d85e1c7039fa"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("submission") as batch:
        batch.add_column(sa.Column("task_id", sa.Integer(), nullable=True))
        batch.create_foreign_key("fk_submission_task", "task", ["task_id"], ["id"])


def downgrade() -> None:
    with op.batch_alter_table("submission") as batch:
        batch.drop_constraint("fk_submission_task", type_="foreignkey")
        batch.drop_column("task_id")
