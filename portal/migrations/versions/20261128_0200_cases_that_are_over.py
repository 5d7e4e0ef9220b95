"""A case that is over has no open work items, and gets none: triggers refuse it, on SQLite and PostgreSQL."""

from __future__ import annotations

from alembic import op

revision = "d85e1c7039fa"
down_revision = "6b2f90e4c3d1"
branch_labels = None
depends_on = None

OVER = "('approved', 'rejected', 'withdrawn', 'cancelled')"
SAID = "a case that is over has no open work items"

TRIGGERS = (
    ("approval_case_over_without_open_items", "approval_case", "UPDATE OF status", f"NEW.status IN {OVER}"),
    ("approval_work_item_not_opened_when_over", "approval_work_item", "INSERT", "NEW.closed_at IS NULL"),
    (
        "approval_work_item_not_reopened_when_over",
        "approval_work_item",
        "UPDATE OF closed_at, case_id",
        "NEW.closed_at IS NULL",
    ),
)
"""Name, table, event and condition of every trigger."""

BESIDE = {
    "approval_case": "EXISTS (SELECT 1 FROM approval_work_item WHERE case_id = NEW.id AND closed_at IS NULL)",
    "approval_work_item": f"EXISTS (SELECT 1 FROM approval_case WHERE id = NEW.case_id AND status IN {OVER})",  # noqa: S608 - our own words
}
"""What must not be so in the other table."""

# FOR SHARE: on PostgreSQL two who write the two tables at once would not see each other; so the one waits for the other.
FUNCTION = f"""
CREATE FUNCTION refuse_open_items_when_over() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_TABLE_NAME = 'approval_work_item' THEN
    PERFORM 1 FROM approval_case WHERE id = NEW.case_id FOR SHARE;
    IF NOT {BESIDE["approval_work_item"]} THEN RETURN NEW; END IF;
  ELSIF NOT {BESIDE["approval_case"]} THEN RETURN NEW;
  END IF;
  RAISE EXCEPTION '{SAID}: %', TG_NAME USING ERRCODE = 'check_violation', CONSTRAINT = TG_NAME;
END $$
"""


def _is_postgres() -> bool:
    return op.get_bind().dialect.name == "postgresql"


def upgrade() -> None:
    if _is_postgres():
        op.execute(FUNCTION)
    for name, table, event, condition in TRIGGERS:
        head = f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH ROW"
        if _is_postgres():
            op.execute(f"{head} WHEN ({condition}) EXECUTE FUNCTION refuse_open_items_when_over()")
        else:
            refuse = f"BEGIN SELECT RAISE(ABORT, '{SAID}: {name}'); END"
            op.execute(f"{head} WHEN {condition} AND {BESIDE[table]} {refuse}")


def downgrade() -> None:
    for name, table, _event, _condition in TRIGGERS:
        op.execute(f"DROP TRIGGER {name} ON {table}" if _is_postgres() else f"DROP TRIGGER {name}")
    if _is_postgres():
        op.execute("DROP FUNCTION refuse_open_items_when_over()")
