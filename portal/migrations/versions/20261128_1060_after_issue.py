"""An issued document knows how long it is kept; it stands still like the number."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "b7d20c94e1a6"
down_revision = "8d3e5b20c7f9"
branch_labels = None
depends_on = None

FROZEN = (
    *("register_id", "issuer_id", "year", "number", "symbol", "subject", "issued_on", "signer_id"),
    *("subject_kind", "subject_id", "content", "content_sha256", "verification_code"),
)
"""What stood still of a document before."""

KEPT = ("retention_kind", "kept_until")


def _is_postgres() -> bool:
    return op.get_bind().dialect.name == "postgresql"


def _freeze(columns: tuple[str, ...]) -> None:
    """Make the trigger of official documents anew, over these columns."""
    name, table, postgres = "official_document_frozen", "official_document", _is_postgres()
    op.execute(f"DROP TRIGGER {name} ON {table}" if postgres else f"DROP TRIGGER {name}")
    differ = "IS DISTINCT FROM" if postgres else "IS NOT"
    changed = " OR ".join(f"NEW.{column} {differ} OLD.{column}" for column in columns)
    refuse = (
        "EXECUTE FUNCTION refuse_change()"
        if postgres
        else f"BEGIN SELECT RAISE(ABORT, 'record is frozen: {name}'); END"
    )
    op.execute(f"CREATE TRIGGER {name} BEFORE UPDATE ON {table} FOR EACH ROW WHEN ({changed}) {refuse}")


def _kept_triggers(table: str) -> list[str]:
    """What SQLite forgets where a table is built anew."""
    if _is_postgres():
        return []
    asked = sa.text("SELECT sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = :table ORDER BY name")
    return list(op.get_bind().execute(asked, {"table": table}).scalars())


def upgrade() -> None:
    # Documents of before say nothing: their templates did not, and nobody determines it for them now.
    triggers = _kept_triggers("official_document")
    with op.batch_alter_table("official_document") as batch:
        batch.add_column(sa.Column("retention_kind", sa.String(length=16), nullable=True))
        batch.add_column(sa.Column("kept_until", sa.Date(), nullable=True))
        batch.create_check_constraint(
            "ck_official_document_retention",
            "COALESCE(retention_kind, '') IN ('', 'permanent', 'years') "
            "AND (COALESCE(retention_kind, '') = 'years') = (kept_until IS NOT NULL)",
        )
    for trigger in triggers:
        op.execute(trigger)
    _freeze((*FROZEN, *KEPT))


def downgrade() -> None:
    _freeze(FROZEN)
    triggers = _kept_triggers("official_document")
    with op.batch_alter_table("official_document") as batch:
        batch.drop_constraint("ck_official_document_retention", type_="check")
        for column in KEPT:
            batch.drop_column(column)
    for trigger in triggers:
        op.execute(trigger)
