"""Calendars are definitions; a case knows when its time is up; people get notices."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "e17b52c88d03"
down_revision = "b96e0d14f5aa"
branch_labels = None
depends_on = None


def _triggers(table: str) -> list[str]:
    """The triggers of a table of SQLite, which builds it anew without them; PostgreSQL keeps its own."""
    if op.get_bind().dialect.name == "postgresql":
        return []
    asked = sa.text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = :table")
    found = op.get_bind().execute(asked, {"table": table}).all()
    for name, _ in found:
        op.execute(f"DROP TRIGGER {name}")
    return [sql for _, sql in found]


def _let_kinds_be(*kinds: str) -> None:
    triggers = _triggers("definition")
    with op.batch_alter_table("definition") as batch:
        batch.drop_constraint("ck_definition_kind", type_="check")
        batch.create_check_constraint("ck_definition_kind", f"kind IN ({', '.join(repr(kind) for kind in kinds)})")
    for sql in triggers:
        op.execute(sql)


def upgrade() -> None:
    _let_kinds_be("form", "chain", "document", "calendar")
    for name in ("due_at", "next_rung_at"):
        op.add_column("approval_case", sa.Column(name, sa.DateTime(timezone=True), nullable=True))
    op.create_index("ix_approval_case_rung", "approval_case", ["next_rung_at"])
    op.create_table(
        "notice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("item", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["ab_user.id"], name="fk_notice_user"),
        sa.ForeignKeyConstraint(["case_id"], ["approval_case.id"], name="fk_notice_case"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_notice_reader", "notice", ["user_id", "read_at"])


def _forget_calendars() -> None:
    """What came with the portal comes again; calendars that were published here are lost on the way back."""
    is_postgres = op.get_bind().dialect.name == "postgresql"
    if is_postgres:
        op.execute("ALTER TABLE definition DISABLE TRIGGER definition_no_delete")
    triggers = _triggers("definition")
    op.execute("DELETE FROM definition WHERE kind = 'calendar'")
    for sql in triggers:
        op.execute(sql)
    if is_postgres:
        op.execute("ALTER TABLE definition ENABLE TRIGGER definition_no_delete")


def downgrade() -> None:
    _forget_calendars()
    op.drop_index("ix_notice_reader", table_name="notice")
    op.drop_table("notice")
    op.drop_index("ix_approval_case_rung", table_name="approval_case")
    for name in ("next_rung_at", "due_at"):
        op.drop_column("approval_case", name)
    _let_kinds_be("form", "chain", "document")
