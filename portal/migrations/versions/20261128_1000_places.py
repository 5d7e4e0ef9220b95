"""Where the file of a document is signed; a document that nobody signed may be printed on a later version of its template."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "3f9a61c07d28"
down_revision = "5e1c8a47d93b"
branch_labels = None
depends_on = None

FROZEN = (
    *("register_id", "issuer_id", "year", "number", "symbol", "subject", "issued_on", "signer_id", "subject_kind"),
    *("subject_id", "content", "content_sha256"),
)
PRINTED_ANEW = "OLD.status IN ('failed', 'awaiting_signature') AND NEW.status = 'rendering' AND NEW.file_id IS NULL"


def _is_postgres() -> bool:
    return op.get_bind().dialect.name == "postgresql"


def _differs(column: str) -> str:
    return f"NEW.{column} IS DISTINCT FROM OLD.{column}" if _is_postgres() else f"NEW.{column} IS NOT OLD.{column}"


def _guard(name: str, condition: str) -> None:
    refuse = (
        "EXECUTE FUNCTION refuse_change()"
        if _is_postgres()
        else f"BEGIN SELECT RAISE(ABORT, 'record is frozen: {name}'); END"
    )
    op.execute(f"CREATE TRIGGER {name} BEFORE UPDATE ON official_document FOR EACH ROW WHEN ({condition}) {refuse}")


def _free(name: str) -> None:
    op.execute(f"DROP TRIGGER {name} ON official_document" if _is_postgres() else f"DROP TRIGGER {name}")


def upgrade() -> None:
    # Added and dropped in place: a rebuilt table would lose its triggers.
    op.add_column("official_document", sa.Column("places", sa.JSON(), nullable=False, server_default="[]"))
    _free("official_document_frozen")
    _guard("official_document_frozen", " OR ".join(map(_differs, FROZEN)))
    _guard("official_document_template_frozen", f"{_differs('template_id')} AND NOT ({PRINTED_ANEW})")


def downgrade() -> None:
    _free("official_document_template_frozen")
    _free("official_document_frozen")
    _guard("official_document_frozen", " OR ".join(map(_differs, (*FROZEN, "template_id"))))
    op.drop_column("official_document", "places")
