"""Definitions have drafts, names, authors and an end; schedules are a fifth kind."""

from __future__ import annotations

import json

import sqlalchemy as sa
from alembic import op

revision = "c3d7a5120e84"
down_revision = "a41c6e90b7d2"
branch_labels = None
depends_on = None

KINDS = ("form", "document", "calendar", "chain", "schedule")
BEFORE = ("form", "chain", "document", "calendar")

FROZEN = ("kind", "key", "version", "body", "sha256", "shipped", "published_at")
FROZEN_NOW = (*FROZEN, "name", "based_on", "authors", "note", "created_by", "created_at", "published_by")
"""What of a version stands still once it is published."""

ONLY_FORWARD = (
    "(OLD.status = 'published' AND NEW.status = 'draft') OR (OLD.status = 'retired' AND NEW.status <> 'retired')"
)

CHECKS = {
    "ck_definition_numbered": "(status = 'draft') = (version = 0)",
    "ck_definition_retired_at": "(status = 'retired') = (retired_at IS NOT NULL)",
    "ck_definition_proposed": "proposed_by IS NULL OR status = 'draft'",
}

DEFINITION = sa.table(
    "definition",
    sa.column("id", sa.Integer),
    sa.column("kind", sa.String),
    sa.column("version", sa.Integer),
    sa.column("body", sa.JSON),
    sa.column("name", sa.JSON),
    sa.column("authors", sa.JSON),
    sa.column("created_at", sa.DateTime(timezone=True)),
    sa.column("changed_at", sa.DateTime(timezone=True)),
)


def _is_postgres() -> bool:
    return op.get_bind().dialect.name == "postgresql"


def _taken_off() -> list[str]:
    """The triggers of the table, dropped; SQLite builds it anew without them."""
    if _is_postgres():
        op.execute("DROP TRIGGER definition_frozen ON definition")
        op.execute("DROP TRIGGER IF EXISTS definition_only_forward ON definition")
        return []
    asked = sa.text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'definition'")
    found = op.get_bind().execute(asked).all()
    for name, _sql in found:
        op.execute(f"DROP TRIGGER {name}")
    ours = ("definition_frozen", "definition_only_forward")
    return [sql for name, sql in found if name not in ours]


def _put_back(others: list[str], columns: tuple[str, ...], *, forward: bool) -> None:
    for sql in others:
        op.execute(sql)
    _trigger("definition_frozen", f"OLD.status <> 'draft' AND ({' OR '.join(map(_differs, columns))})")
    if forward:
        _trigger("definition_only_forward", ONLY_FORWARD)


def _differs(column: str) -> str:
    # JSON has no equality on PostgreSQL; its text has.
    if _is_postgres():
        return f"NEW.{column}::text IS DISTINCT FROM OLD.{column}::text"
    return f"NEW.{column} IS NOT OLD.{column}"


def _trigger(name: str, condition: str) -> None:
    refuse = (
        "EXECUTE FUNCTION refuse_change()"
        if _is_postgres()
        else f"BEGIN SELECT RAISE(ABORT, 'record is frozen: {name}'); END"
    )
    op.execute(f"CREATE TRIGGER {name} BEFORE UPDATE ON definition FOR EACH ROW WHEN ({condition}) {refuse}")


def _kinds(names: tuple[str, ...]) -> str:
    return f"kind IN ({', '.join(map(repr, names))})"


def _name_rows() -> None:
    """What each row calls itself, read from its body."""
    connection = op.get_bind()
    for row in connection.execute(sa.select(DEFINITION.c.id, DEFINITION.c.kind, DEFINITION.c.body)).all():
        body = json.loads(row.body) if isinstance(row.body, str) else row.body
        name = (body["metadata"] if row.kind == "document" else body)["name"]
        values = {"name": name, "authors": [], "changed_at": DEFINITION.c.created_at}
        connection.execute(sa.update(DEFINITION).where(DEFINITION.c.id == row.id).values(**values))


def upgrade() -> None:
    others = _taken_off()
    op.execute("DELETE FROM definition WHERE status = 'draft'")  # nothing ever wrote one
    for name, kind in (("name", sa.JSON()), ("authors", sa.JSON()), ("changed_at", sa.DateTime(timezone=True))):
        op.add_column("definition", sa.Column(name, kind, nullable=True))
    _name_rows()
    with op.batch_alter_table("definition") as batch:
        for name, kind in (("name", sa.JSON()), ("authors", sa.JSON()), ("changed_at", sa.DateTime(timezone=True))):
            batch.alter_column(name, existing_type=kind, nullable=False)
        batch.add_column(sa.Column("edition", sa.Integer(), nullable=False, server_default="1"))
        batch.add_column(sa.Column("based_on", sa.Integer(), nullable=True))
        for name in ("note", "objection"):
            batch.add_column(sa.Column(name, sa.Text(), nullable=False, server_default=""))
        batch.add_column(sa.Column("created_by", sa.String(length=128), nullable=False, server_default="system"))
        for name in ("proposed_by", "published_by", "retired_by"):
            batch.add_column(sa.Column(name, sa.String(length=128), nullable=True))
        batch.add_column(sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True))
        batch.drop_constraint("ck_definition_kind", type_="check")
        batch.create_check_constraint("ck_definition_kind", _kinds(KINDS))
        for name, condition in CHECKS.items():
            batch.create_check_constraint(name, condition)
    with op.batch_alter_table("definition") as batch:
        texts = (("note", sa.Text()), ("objection", sa.Text()), ("created_by", sa.String(length=128)))
        for name, kind in (("edition", sa.Integer()), *texts):
            batch.alter_column(name, existing_type=kind, server_default=None)
    _put_back(others, FROZEN_NOW, forward=True)


def downgrade() -> None:
    """Drafts and schedules are lost on the way back."""
    if _is_postgres():
        op.execute("ALTER TABLE definition DISABLE TRIGGER definition_no_delete")
    others = _taken_off()
    op.execute("DELETE FROM definition WHERE status = 'draft' OR kind = 'schedule'")
    with op.batch_alter_table("definition") as batch:
        for name in CHECKS:
            batch.drop_constraint(name, type_="check")
        batch.drop_constraint("ck_definition_kind", type_="check")
        batch.create_check_constraint("ck_definition_kind", _kinds(BEFORE))
        for name in (
            *("name", "edition", "based_on", "authors", "note", "created_by", "changed_at"),
            *("proposed_by", "objection", "published_by", "retired_by", "retired_at"),
        ):
            batch.drop_column(name)
    _put_back(others, FROZEN, forward=False)
    if _is_postgres():
        op.execute("ALTER TABLE definition ENABLE TRIGGER definition_no_delete")
