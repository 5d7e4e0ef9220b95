"""Sharing the work on a case: slots, advisers, delegates, added reviewers, claims; suspended, withdrawn, cancelled."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "c4b1f0d27e63"
down_revision = "31a8a668600f"
branch_labels = None
depends_on = None

STATUSES = ("draft", "in_review", "returned", "recalled", "approved", "rejected")
NEW_STATUSES = (*STATUSES, "suspended", "withdrawn", "cancelled")
FROZEN = ("UPDATE", "DELETE")
"""What the triggers of decisions refuse."""


def _one_of(column: str, values: tuple[str, ...]) -> str:
    return f"{column} IN ({', '.join(repr(value) for value in values)})"


def _is_postgres() -> bool:
    return op.get_bind().dialect.name == "postgresql"


def _free_decisions() -> None:
    """Take the triggers off, for old rows get what they lack; a rebuilt table of SQLite has none in any case."""
    for event in FROZEN:
        name = f"approval_decision_no_{event.lower()}"
        op.execute(f"DROP TRIGGER {name} ON approval_decision" if _is_postgres() else f"DROP TRIGGER {name}")


def _freeze_decisions() -> None:
    for event in FROZEN:
        name = f"approval_decision_no_{event.lower()}"
        refuse = (
            "EXECUTE FUNCTION refuse_change()"
            if _is_postgres()
            else f"BEGIN SELECT RAISE(ABORT, 'record is frozen: {name}'); END"
        )
        op.execute(f"CREATE TRIGGER {name} BEFORE {event} ON approval_decision FOR EACH ROW WHEN (TRUE) {refuse}")


def upgrade() -> None:
    with op.batch_alter_table("approval_case") as batch:
        batch.drop_constraint("ck_approval_case_status", type_="check")
        batch.drop_constraint("ck_approval_case_stage_if_in_review", type_="check")
        batch.create_check_constraint("ck_approval_case_status", _one_of("status", NEW_STATUSES))
        batch.create_check_constraint(
            "ck_approval_case_stage_if_in_review", "(status IN ('in_review', 'suspended')) = (stage IS NOT NULL)"
        )
    _change_items()
    _free_decisions()
    _change_decisions()
    _freeze_decisions()
    with op.batch_alter_table("submission") as batch:
        for column in ("chosen", "answers"):
            batch.add_column(sa.Column(column, sa.JSON(), nullable=False, server_default="{}"))
    with op.batch_alter_table("submission") as batch:
        for column in ("chosen", "answers"):
            batch.alter_column(column, existing_type=sa.JSON(), existing_nullable=False, server_default=None)
    op.create_table(
        "approval_comment_draft",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("anchor", sa.String(length=200), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["approval_case.id"], name="fk_approval_comment_draft_case"),
        sa.ForeignKeyConstraint(["user_id"], ["ab_user.id"], name="fk_approval_comment_draft_user"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("case_id", "user_id", "round", "anchor", name="uq_approval_comment_draft_place"),
    )


def _change_items() -> None:
    op.drop_index("uq_approval_work_item_open", table_name="approval_work_item")
    with op.batch_alter_table("approval_work_item") as batch:
        batch.add_column(sa.Column("slot", sa.String(length=96), nullable=False, server_default=""))
        batch.add_column(sa.Column("role", sa.String(length=8), nullable=False, server_default="decide"))
        batch.add_column(sa.Column("claimed", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch.add_column(sa.Column("until", sa.String(length=96), nullable=True))
        batch.add_column(sa.Column("instead_of_id", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("added_by_id", sa.Integer(), nullable=True))
        batch.create_foreign_key("fk_approval_work_item_instead_of", "ab_user", ["instead_of_id"], ["id"])
        batch.create_foreign_key("fk_approval_work_item_added_by", "ab_user", ["added_by_id"], ["id"])
        batch.drop_constraint("ck_approval_work_item_status", type_="check")
        batch.drop_constraint("ck_approval_work_item_closed_at", type_="check")
        batch.create_check_constraint(
            "ck_approval_work_item_status", _one_of("status", ("open", "parked", "decided", "closed"))
        )
        batch.create_check_constraint("ck_approval_work_item_role", _one_of("role", ("decide", "advise")))
        batch.create_check_constraint(
            "ck_approval_work_item_closed_at", "(status IN ('open', 'parked')) = (closed_at IS NULL)"
        )
    op.execute("UPDATE approval_work_item SET slot = step")
    with op.batch_alter_table("approval_work_item") as batch:
        for column, kind in (("slot", sa.String(length=96)), ("role", sa.String(length=8)), ("claimed", sa.Boolean())):
            batch.alter_column(column, existing_type=kind, existing_nullable=False, server_default=None)
    _index_open_items("closed_at IS NULL")


def _index_open_items(condition: str) -> None:
    op.create_index(
        "uq_approval_work_item_open",
        "approval_work_item",
        ["case_id", "step", "user_id"],
        unique=True,
        sqlite_where=sa.text(condition),
        postgresql_where=sa.text(condition),
    )


def _change_decisions() -> None:
    with op.batch_alter_table("approval_decision") as batch:
        batch.add_column(sa.Column("slot", sa.String(length=96), nullable=False, server_default=""))
        batch.add_column(sa.Column("instead_of_id", sa.Integer(), nullable=True))
        batch.create_foreign_key("fk_approval_decision_instead_of", "ab_user", ["instead_of_id"], ["id"])
        batch.drop_constraint("ck_approval_decision_verdict", type_="check")
        batch.create_check_constraint(
            "ck_approval_decision_verdict", _one_of("verdict", ("approve", "return", "reject", "advise"))
        )
        batch.drop_constraint("uq_approval_decision_step", type_="unique")
        batch.drop_constraint("uq_approval_decision_person", type_="unique")
    op.execute("UPDATE approval_decision SET slot = step")
    with op.batch_alter_table("approval_decision") as batch:
        batch.alter_column("slot", existing_type=sa.String(length=96), existing_nullable=False, server_default=None)
        batch.create_unique_constraint("uq_approval_decision_item", ["case_id", "item"])
        batch.create_unique_constraint("uq_approval_decision_slot", ["case_id", "entry", "slot"])
    verdicts = sa.text("verdict <> 'advise'")
    op.create_index(
        "uq_approval_decision_person",
        "approval_decision",
        ["case_id", "entry", "user_id"],
        unique=True,
        sqlite_where=verdicts,
        postgresql_where=verdicts,
    )


def downgrade() -> None:
    """Only a database in which nothing of this was used goes back; constraints refuse any other."""
    op.drop_table("approval_comment_draft")
    with op.batch_alter_table("submission") as batch:
        batch.drop_column("answers")
        batch.drop_column("chosen")
    _free_decisions()
    op.drop_index("uq_approval_decision_person", table_name="approval_decision")
    with op.batch_alter_table("approval_decision") as batch:
        batch.drop_constraint("uq_approval_decision_slot", type_="unique")
        batch.drop_constraint("uq_approval_decision_item", type_="unique")
        batch.drop_constraint("fk_approval_decision_instead_of", type_="foreignkey")
        batch.drop_constraint("ck_approval_decision_verdict", type_="check")
        batch.create_check_constraint(
            "ck_approval_decision_verdict", _one_of("verdict", ("approve", "return", "reject"))
        )
        batch.drop_column("instead_of_id")
        batch.drop_column("slot")
        batch.create_unique_constraint("uq_approval_decision_step", ["case_id", "entry", "step"])
        batch.create_unique_constraint("uq_approval_decision_person", ["case_id", "entry", "user_id"])
    _freeze_decisions()
    op.drop_index("uq_approval_work_item_open", table_name="approval_work_item")
    with op.batch_alter_table("approval_work_item") as batch:
        batch.drop_constraint("fk_approval_work_item_added_by", type_="foreignkey")
        batch.drop_constraint("fk_approval_work_item_instead_of", type_="foreignkey")
        for name in ("role", "status", "closed_at"):
            batch.drop_constraint(f"ck_approval_work_item_{name}", type_="check")
        batch.create_check_constraint("ck_approval_work_item_status", _one_of("status", ("open", "decided", "closed")))
        batch.create_check_constraint("ck_approval_work_item_closed_at", "(status = 'open') = (closed_at IS NULL)")
        for column in ("added_by_id", "instead_of_id", "until", "claimed", "role", "slot"):
            batch.drop_column(column)
    _index_open_items("status = 'open'")
    with op.batch_alter_table("approval_case") as batch:
        batch.drop_constraint("ck_approval_case_status", type_="check")
        batch.drop_constraint("ck_approval_case_stage_if_in_review", type_="check")
        batch.create_check_constraint("ck_approval_case_status", _one_of("status", STATUSES))
        batch.create_check_constraint(
            "ck_approval_case_stage_if_in_review", "(status = 'in_review') = (stage IS NOT NULL)"
        )
