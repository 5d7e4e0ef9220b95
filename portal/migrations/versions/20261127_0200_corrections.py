"""A round may have several frozen contents: as it was submitted, and as reviewers corrected it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "3f61c7d2a904"
down_revision = "8e2d5a90b7c1"
branch_labels = None
depends_on = None

FROZEN = ("UPDATE", "DELETE")


def _is_postgres() -> bool:
    return op.get_bind().dialect.name == "postgresql"


def _free() -> None:
    """Take the triggers off: SQLite builds the table anew without them in any case."""
    for event in FROZEN:
        name = f"submission_version_no_{event.lower()}"
        op.execute(f"DROP TRIGGER {name} ON submission_version" if _is_postgres() else f"DROP TRIGGER {name}")


def _freeze() -> None:
    for event in FROZEN:
        name = f"submission_version_no_{event.lower()}"
        refuse = (
            "EXECUTE FUNCTION refuse_change()"
            if _is_postgres()
            else f"BEGIN SELECT RAISE(ABORT, 'record is frozen: {name}'); END"
        )
        op.execute(f"CREATE TRIGGER {name} BEFORE {event} ON submission_version FOR EACH ROW WHEN (TRUE) {refuse}")


def upgrade() -> None:
    _free()
    with op.batch_alter_table("submission_version") as batch:
        batch.add_column(sa.Column("correction", sa.Integer(), nullable=False, server_default="0"))
        batch.drop_constraint("uq_submission_version_round", type_="unique")
        batch.create_unique_constraint("uq_submission_version_round", ["submission_id", "round", "correction"])
    with op.batch_alter_table("submission_version") as batch:
        batch.alter_column("correction", existing_type=sa.Integer(), existing_nullable=False, server_default=None)
    _freeze()


def downgrade() -> None:
    """Only a database without corrections goes back; the constraint refuses any other."""
    _free()
    with op.batch_alter_table("submission_version") as batch:
        batch.drop_constraint("uq_submission_version_round", type_="unique")
        batch.drop_column("correction")
        batch.create_unique_constraint("uq_submission_version_round", ["submission_id", "round"])
    _freeze()
