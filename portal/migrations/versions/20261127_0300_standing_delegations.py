"""Standing delegations, days that have begun, and events that the portal itself makes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "b96e0d14f5aa"
down_revision = "3f61c7d2a904"
branch_labels = None
depends_on = None

FROZEN = ("UPDATE", "DELETE")


def _is_postgres() -> bool:
    return op.get_bind().dialect.name == "postgresql"


def _let_nobody_act(*, nullable: bool) -> None:
    """SQLite builds the table anew, without its triggers; PostgreSQL only changes the column."""
    if _is_postgres():
        op.alter_column("approval_event", "actor_id", existing_type=sa.Integer(), nullable=nullable)
        return
    for event in FROZEN:
        op.execute(f"DROP TRIGGER approval_event_no_{event.lower()}")
    with op.batch_alter_table("approval_event") as batch:
        batch.alter_column("actor_id", existing_type=sa.Integer(), nullable=nullable)
    for event in FROZEN:
        name = f"approval_event_no_{event.lower()}"
        refuse = f"BEGIN SELECT RAISE(ABORT, 'record is frozen: {name}'); END"
        op.execute(f"CREATE TRIGGER {name} BEFORE {event} ON approval_event FOR EACH ROW WHEN (TRUE) {refuse}")


def upgrade() -> None:
    op.create_table(
        "standing_delegation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("principal_id", sa.Integer(), nullable=False),
        sa.Column("post_id", sa.Integer(), nullable=False),
        sa.Column("delegate_id", sa.Integer(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=False),
        sa.Column("form_key", sa.String(length=64), nullable=True),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("step", sa.String(length=200), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("granted_by", sa.Integer(), nullable=False),
        sa.Column("granted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_by", sa.Integer(), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("kind IN ('delegation', 'absence')", name="ck_standing_delegation_kind"),
        sa.CheckConstraint("valid_to >= valid_from", name="ck_standing_delegation_life"),
        sa.CheckConstraint("principal_id <> delegate_id", name="ck_standing_delegation_not_oneself"),
        sa.CheckConstraint(
            "(revoked_by IS NULL) = (revoked_at IS NULL)", name="ck_standing_delegation_revoked_by_somebody"
        ),
        sa.ForeignKeyConstraint(["principal_id"], ["ab_user.id"], name="fk_standing_delegation_principal"),
        sa.ForeignKeyConstraint(["post_id"], ["post.id"], name="fk_standing_delegation_post"),
        sa.ForeignKeyConstraint(["delegate_id"], ["ab_user.id"], name="fk_standing_delegation_delegate"),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name="fk_standing_delegation_unit"),
        sa.ForeignKeyConstraint(["granted_by"], ["ab_user.id"], name="fk_standing_delegation_granted_by"),
        sa.ForeignKeyConstraint(["revoked_by"], ["ab_user.id"], name="fk_standing_delegation_revoked_by"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_standing_delegation_life", "standing_delegation", ["valid_to", "valid_from"])
    op.create_table(
        "begun_day",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("day"),
    )
    with op.batch_alter_table("approval_work_item") as batch:
        batch.add_column(sa.Column("mandate_id", sa.Integer(), nullable=True))
        batch.create_foreign_key("fk_approval_work_item_mandate", "standing_delegation", ["mandate_id"], ["id"])
    _let_nobody_act(nullable=True)


def downgrade() -> None:
    """Only a database in which the portal itself did nothing goes back; the column refuses any other."""
    _let_nobody_act(nullable=False)
    with op.batch_alter_table("approval_work_item") as batch:
        batch.drop_constraint("fk_approval_work_item_mandate", type_="foreignkey")
        batch.drop_column("mandate_id")
    op.drop_table("begun_day")
    op.drop_index("ix_standing_delegation_life", table_name="standing_delegation")
    op.drop_table("standing_delegation")
