"""What follows a document: links, which are added only, copies on paper, and whom a recall was told to."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "c3f81d5a90e7"
down_revision = "c41f7d9be206"
branch_labels = None
depends_on = None

ENDING = "kind IN ('replaces', 'recalls')"


def _is_postgres() -> bool:
    return op.get_bind().dialect.name == "postgresql"


def _trigger(name: str, table: str, event: str, condition: str) -> None:
    refuse = (
        "EXECUTE FUNCTION refuse_change()"
        if _is_postgres()
        else f"BEGIN SELECT RAISE(ABORT, 'record is frozen: {name}'); END"
    )
    op.execute(f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH ROW WHEN ({condition}) {refuse}")


def _added_only(table: str) -> None:
    _trigger(f"{table}_frozen", table, "UPDATE", "TRUE")
    _trigger(f"{table}_no_delete", table, "DELETE", "TRUE")
    if _is_postgres():
        head = f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} FOR EACH STATEMENT"
        op.execute(f"{head} EXECUTE FUNCTION refuse_change()")


def _links() -> None:
    op.create_table(
        "document_link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("later_id", sa.Integer(), nullable=True),
        sa.Column("earlier_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "kind IN ('corrects', 'replaces', 'recalls', 'copies', 'extracts')", name="ck_document_link_kind"
        ),
        sa.CheckConstraint("later_id <> earlier_id", name="ck_document_link_itself"),
        sa.CheckConstraint("later_id IS NOT NULL OR kind = 'recalls'", name="ck_document_link_later"),
        sa.ForeignKeyConstraint(["later_id"], ["register_entry.id"], name="fk_document_link_later"),
        sa.ForeignKeyConstraint(["earlier_id"], ["register_entry.id"], name="fk_document_link_earlier"),
        sa.ForeignKeyConstraint(["made_by"], ["ab_user.id"], name="fk_document_link_user"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("kind", "later_id", "earlier_id", name="uq_document_link_pair"),
    )
    once = {"unique": True, "sqlite_where": sa.text(ENDING), "postgresql_where": sa.text(ENDING)}
    op.create_index("uq_document_link_ended", "document_link", ["earlier_id"], **once)
    op.create_index("ix_document_link_earlier", "document_link", ["earlier_id", "kind"])
    op.create_index("ix_document_link_later", "document_link", ["later_id"])
    _added_only("document_link")


FROZEN = (
    *("entry_id", "form", "unit_id", "document_id", "incoming_id", "source_file_id", "parts", "number", "symbol"),
    *("dated_on", "title", "content", "signer_id", "made_by", "made_at"),
)
"""What a copy says from the moment in which it is made."""


def _copies() -> None:
    needed = ("id", "entry_id", "unit_id", "number", "signer_id", "made_by")
    op.create_table(
        "certified_copy",
        *(sa.Column(name, sa.Integer(), nullable=False) for name in needed),
        *(
            sa.Column(name, sa.Integer(), nullable=True)
            for name in ("document_id", "incoming_id", "source_file_id", "file_id", "pages", "noted_by")
        ),
        sa.Column("form", sa.String(length=8), nullable=False),
        sa.Column("parts", sa.JSON(), nullable=False),
        sa.Column("symbol", sa.String(length=40), nullable=False),
        sa.Column("dated_on", sa.Date(), nullable=False),
        sa.Column("title", sa.String(length=600), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("signed_on", sa.Date(), nullable=True),
        sa.CheckConstraint("form IN ('SY', 'TrS', 'SL')", name="ck_certified_copy_form"),
        sa.CheckConstraint("(document_id IS NULL) <> (incoming_id IS NULL)", name="ck_certified_copy_source"),
        sa.CheckConstraint("(form = 'TrS') = (source_file_id IS NULL)", name="ck_certified_copy_extract"),
        sa.CheckConstraint("status IN ('making', 'ready', 'failed')", name="ck_certified_copy_status"),
        sa.CheckConstraint("(status = 'ready') = (file_id IS NOT NULL)", name="ck_certified_copy_file"),
        sa.CheckConstraint("(signed_on IS NULL) = (noted_by IS NULL)", name="ck_certified_copy_signed"),
        sa.ForeignKeyConstraint(["entry_id"], ["register_entry.id"], name="fk_certified_copy_entry"),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name="fk_certified_copy_unit"),
        sa.ForeignKeyConstraint(["document_id"], ["official_document.id"], name="fk_certified_copy_document"),
        sa.ForeignKeyConstraint(["incoming_id"], ["incoming_document.id"], name="fk_certified_copy_incoming"),
        sa.ForeignKeyConstraint(["source_file_id"], ["stored_file.id"], name="fk_certified_copy_source"),
        sa.ForeignKeyConstraint(["file_id"], ["stored_file.id"], name="fk_certified_copy_file"),
        sa.ForeignKeyConstraint(["signer_id"], ["ab_user.id"], name="fk_certified_copy_signer"),
        sa.ForeignKeyConstraint(["made_by"], ["ab_user.id"], name="fk_certified_copy_maker"),
        sa.ForeignKeyConstraint(["noted_by"], ["ab_user.id"], name="fk_certified_copy_noter"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("entry_id", name="uq_certified_copy_entry"),
    )
    for name, columns in {
        "unit": ["unit_id", "dated_on"],
        "document": ["document_id"],
        "incoming": ["incoming_id"],
    }.items():
        op.create_index(f"ix_certified_copy_{name}", "certified_copy", columns)
    _trigger("certified_copy_no_delete", "certified_copy", "DELETE", "TRUE")
    _trigger("certified_copy_frozen", "certified_copy", f"UPDATE OF {', '.join(FROZEN)}", "TRUE")
    _trigger(
        "certified_copy_signed_once", "certified_copy", "UPDATE OF signed_on, noted_by", "OLD.signed_on IS NOT NULL"
    )


def _notices() -> None:
    op.create_table(
        "recall_notice",
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("id", "link_id", "unit_id")),
        sa.Column("how", sa.String(length=16), nullable=True),
        sa.Column("said_by", sa.Integer(), nullable=True),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "how IS NULL OR how IN ('cancelled', 'returned', 'not_received')", name="ck_recall_notice_how"
        ),
        sa.CheckConstraint("(how IS NULL) = (said_by IS NULL)", name="ck_recall_notice_said"),
        sa.ForeignKeyConstraint(["link_id"], ["document_link.id"], name="fk_recall_notice_link"),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name="fk_recall_notice_unit"),
        sa.ForeignKeyConstraint(["said_by"], ["ab_user.id"], name="fk_recall_notice_user"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("link_id", "unit_id", name="uq_recall_notice_unit"),
    )
    op.create_index("ix_recall_notice_unit", "recall_notice", ["unit_id"])
    _trigger("recall_notice_no_delete", "recall_notice", "DELETE", "TRUE")
    _trigger("recall_notice_frozen", "recall_notice", "UPDATE OF link_id, unit_id", "TRUE")
    _trigger("recall_notice_said_once", "recall_notice", "UPDATE", "OLD.how IS NOT NULL")


def upgrade() -> None:
    _links()
    _copies()
    _notices()


def downgrade() -> None:
    """What follows what is forgotten on the way back; the documents stay."""
    op.drop_table("recall_notice")
    op.drop_table("certified_copy")
    op.drop_table("document_link")
