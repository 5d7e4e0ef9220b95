"""An issued document has a code by which whoever holds it checks it; it stands still like the number."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "c41f7d9be206"
down_revision = "c4a91f6e02d7"
branch_labels = None
depends_on = None

FROZEN = (
    *("register_id", "issuer_id", "year", "number", "symbol", "subject", "issued_on", "signer_id"),
    *("subject_kind", "subject_id", "content", "content_sha256"),
)
"""What stood still of a document before."""


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


def upgrade() -> None:
    # Documents of before get none: a code that stands on no paper is of no use, and their file is known by its hash.
    op.add_column("official_document", sa.Column("verification_code", sa.String(length=16)))
    op.create_index("ix_official_document_verification_code", "official_document", ["verification_code"], unique=True)
    _freeze((*FROZEN, "verification_code"))


def downgrade() -> None:
    _freeze(FROZEN)
    op.drop_index("ix_official_document_verification_code", table_name="official_document")
    op.drop_column("official_document", "verification_code")
