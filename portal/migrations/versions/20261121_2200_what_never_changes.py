"""What never changes: triggers that refuse to rewrite or erase records, on SQLite and PostgreSQL."""

from __future__ import annotations

from alembic import op

revision = "5c0de0f1aa02"
down_revision = "00d9b845e7dc"
branch_labels = None
depends_on = None

APPEND_ONLY = ("audit_entry", "approval_event", "approval_decision", "submission_version")

FROZEN = {
    "definition": (
        "OLD.status <> 'draft'",
        ("kind", "key", "version", "body", "sha256", "shipped", "published_at"),
    ),
    "register": ("TRUE", ("unit_id", "year", "series")),
    "stored_file": ("TRUE", ("sha256", "kind", "size")),
    "official_document": (
        "TRUE",
        (
            "register_id",
            "issuer_id",
            "year",
            "number",
            "symbol",
            "subject",
            "issued_on",
            "signer_id",
            "subject_kind",
            "subject_id",
            "template_id",
            "content",
            "content_sha256",
        ),
    ),
}
"""Table → from when on which columns stand still."""

KEPT = (*APPEND_ONLY, "official_document", "register", "stored_file")
"""Tables whose rows are never deleted; published definitions are kept by a condition of their own."""


def _differs(column: str, *, postgres: bool) -> str:
    # JSON has no equality on PostgreSQL; its text has.
    old, new = (f"OLD.{column}::text", f"NEW.{column}::text") if postgres else (f"OLD.{column}", f"NEW.{column}")
    return f"{new} IS DISTINCT FROM {old}" if postgres else f"{new} IS NOT {old}"


def _rules(*, postgres: bool) -> list[tuple[str, str, str, str]]:
    """Name, table, event and condition of every trigger."""
    rules = [(f"{table}_no_update", table, "UPDATE", "TRUE") for table in APPEND_ONLY]
    rules += [(f"{table}_no_delete", table, "DELETE", "TRUE") for table in KEPT]
    rules.append(("definition_no_delete", "definition", "DELETE", "OLD.status <> 'draft'"))
    rules.append(
        ("register_counts_up", "register", "UPDATE", "NEW.last_number NOT IN (OLD.last_number, OLD.last_number + 1)")
    )
    for table, (condition, columns) in FROZEN.items():
        changed = " OR ".join(_differs(column, postgres=postgres) for column in columns)
        rules.append((f"{table}_frozen", table, "UPDATE", f"({condition}) AND ({changed})"))
    return rules


def upgrade() -> None:
    postgres = op.get_bind().dialect.name == "postgresql"
    if postgres:
        op.execute(
            "CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'record is frozen: %', TG_NAME USING ERRCODE = 'restrict_violation'; END $$"
        )
    for name, table, event, condition in _rules(postgres=postgres):
        head = f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH ROW WHEN ({condition})"
        body = (
            "EXECUTE FUNCTION refuse_change()"
            if postgres
            else f"BEGIN SELECT RAISE(ABORT, 'record is frozen: {name}'); END"
        )
        op.execute(f"{head} {body}")
    if postgres:
        for table in KEPT:
            head = f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} FOR EACH STATEMENT"
            op.execute(f"{head} EXECUTE FUNCTION refuse_change()")


def downgrade() -> None:
    postgres = op.get_bind().dialect.name == "postgresql"
    for name, table, _event, _condition in _rules(postgres=postgres):
        op.execute(f"DROP TRIGGER {name} ON {table}" if postgres else f"DROP TRIGGER {name}")
    if postgres:
        for table in KEPT:
            op.execute(f"DROP TRIGGER {table}_no_truncate ON {table}")
        op.execute("DROP FUNCTION refuse_change()")
