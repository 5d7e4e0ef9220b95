"""What is left after issue: how long a document is kept, one that its signer sends back, and drafts that follow one.

A document that is sent back keeps its line, which says what it was; its number becomes void with the reason.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import sqlalchemy as sa
from alembic import op

if TYPE_CHECKING:
    from collections.abc import Iterator

    from alembic.operations import BatchOperations

revision = "b7d20c94e1a6"
down_revision = "5b7d20e94c1a"
branch_labels = None
depends_on = None

FROZEN = (
    *("register_id", "issuer_id", "year", "number", "symbol", "subject", "issued_on", "signer_id"),
    *("subject_kind", "subject_id", "content", "content_sha256", "verification_code"),
)
"""What stood still of a document before."""

KEPT = ("retention_kind", "kept_until")

FORWARD = {
    "rendering": ("failed", "awaiting_signature"),
    "failed": ("rendering",),
    "awaiting_signature": ("awaiting_seal", "rendering"),
    "awaiting_seal": ("released",),
}
"""State of a document → what might follow it before."""

SAID = ("document_id", "symbol", "dated_on", "title", "signer", "recipients", "kept_by")
"""What a line says of a document, which stays when its number becomes void."""

FOLLOWS = ("follows_id", "follows_kind", "follows_reason")
"""What a draft says from its beginning of the document that it follows."""

LINK = ("kind", "later_id", "earlier_id", "reason", "made_by", "made_at")

FATE = ("state", "void_reason", "settled_by", "settled_at")

STATES = "'rendering', 'failed', 'awaiting_signature', 'awaiting_seal', 'released'"
WHOLE = (
    "(symbol IS NOT NULL AND dated_on IS NOT NULL AND title IS NOT NULL AND signer IS NOT NULL "
    "AND recipients IS NOT NULL)"
)


def _is_postgres() -> bool:
    return op.get_bind().dialect.name == "postgresql"


def _changed(columns: tuple[str, ...]) -> str:
    differ = "IS DISTINCT FROM" if _is_postgres() else "IS NOT"
    return f"({' OR '.join(f'NEW.{column} {differ} OLD.{column}' for column in columns)})"


def _drop(name: str, table: str) -> None:
    op.execute(f"DROP TRIGGER {name} ON {table}" if _is_postgres() else f"DROP TRIGGER {name}")


def _guard(name: str, table: str, condition: str, event: str = "UPDATE") -> None:
    refuse = (
        "EXECUTE FUNCTION refuse_change()"
        if _is_postgres()
        else f"BEGIN SELECT RAISE(ABORT, 'record is frozen: {name}'); END"
    )
    op.execute(f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH ROW WHEN ({condition}) {refuse}")


def _looking(name: str, table: str, condition: str) -> None:
    """PostgreSQL's conditions of triggers see no other rows; functions do."""
    if not _is_postgres():
        _guard(name, table, condition)
        return
    said = f"RAISE EXCEPTION 'record is frozen: {name}' USING ERRCODE = 'check_violation', CONSTRAINT = TG_NAME"
    op.execute(
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN IF {condition} THEN {said}; END IF; RETURN NEW; END $$"
    )
    op.execute(f"CREATE TRIGGER {name} BEFORE UPDATE ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()")


@contextmanager
def _rebuilt(table: str) -> Iterator[BatchOperations]:
    """A table that SQLite builds anew: it forgets its triggers, and stumbles over those that look at it."""
    asked = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND sql LIKE :looking ORDER BY name"
    looking = {"looking": f"%{table}%"}
    triggers = [] if _is_postgres() else op.get_bind().execute(sa.text(asked), looking).all()
    for trigger in triggers:
        op.execute(f"DROP TRIGGER {trigger.name}")
    with op.batch_alter_table(table) as batch:
        yield batch
    for trigger in triggers:
        op.execute(trigger.sql)


def _go_forward(steps: dict[str, tuple[str, ...]]) -> None:
    """Let a document go forward alone."""
    allowed = " OR ".join(
        f"(OLD.status = '{before}' AND NEW.status = '{after}')" for before, afters in steps.items() for after in afters
    )
    _guard("official_document_goes_forward", "official_document", f"NEW.status <> OLD.status AND NOT ({allowed})")


def _freeze(columns: tuple[str, ...]) -> None:
    """Make the trigger anew that keeps what a document says."""
    _drop("official_document_frozen", "official_document")
    _guard("official_document_frozen", "official_document", _changed(columns))


def upgrade() -> None:
    # Documents of before are kept for no time: their templates said none, and nobody determines it for them now.
    with _rebuilt("official_document") as batch:
        batch.add_column(sa.Column("retention_kind", sa.String(length=16), nullable=True))
        batch.add_column(sa.Column("kept_until", sa.Date(), nullable=True))
        batch.create_check_constraint(
            "ck_official_document_retention",
            "COALESCE(retention_kind, '') IN ('', 'permanent', 'years') "
            "AND (COALESCE(retention_kind, '') = 'years') = (kept_until IS NOT NULL)",
        )
        batch.drop_constraint("ck_official_document_status", type_="check")
        batch.create_check_constraint("ck_official_document_status", f"status IN ({STATES}, 'sent_back')")
    with _rebuilt("register_entry") as batch:
        for name in ("used", "document"):
            batch.drop_constraint(f"ck_register_entry_{name}", type_="check")
        batch.create_check_constraint(
            "ck_register_entry_used", f"(state = 'used' OR document_id IS NOT NULL) = {WHOLE}"
        )
        batch.create_check_constraint("ck_register_entry_document", "document_id IS NULL OR state IN ('used', 'void')")
    _freeze((*FROZEN, *KEPT))
    _drop("official_document_goes_forward", "official_document")
    _go_forward({**FORWARD, "awaiting_signature": (*FORWARD["awaiting_signature"], "sent_back")})
    _drop("register_entry_one_fate", "register_entry")
    sent_back = (
        f"OLD.state = 'used' AND NEW.state = 'void' AND NOT {_changed(SAID)} AND EXISTS "  # noqa: S608
        "(SELECT 1 FROM official_document WHERE id = NEW.document_id AND status = 'sent_back')"
    )
    settled = f"OLD.state <> 'reserved' AND {_changed((*SAID, *FATE))} AND NOT ({sent_back})"
    _looking("register_entry_one_fate", "register_entry", settled)
    _let_links_lapse()
    _let_drafts_follow()
    _let_time_stamps_be_renewed()


def _let_time_stamps_be_renewed() -> None:
    op.create_table(
        "archive_stamp",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["document_id"], ["official_document.id"], name="fk_archive_stamp_document"),
        sa.ForeignKeyConstraint(["file_id"], ["stored_file.id"], name="fk_archive_stamp_file"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("file_id", name="uq_archive_stamp_file"),
    )
    op.create_index("ix_archive_stamp_document", "archive_stamp", ["document_id", "ends_at"])
    _guard("archive_stamp_frozen", "archive_stamp", "TRUE")
    _guard("archive_stamp_no_delete", "archive_stamp", "TRUE", "DELETE")
    if _is_postgres():
        head = "CREATE TRIGGER archive_stamp_no_truncate BEFORE TRUNCATE ON archive_stamp FOR EACH STATEMENT"
        op.execute(f"{head} EXECUTE FUNCTION refuse_change()")
    renewed = "SELECT 1 FROM archive_stamp WHERE document_id = NEW.id AND file_id = NEW.file_id"
    _change_files_only(f"NOT (OLD.status = 'released' AND NEW.status = 'released' AND EXISTS ({renewed}))")


def _change_files_only(unless: str = "") -> None:
    """A document gets another file by a signature, and once it is released by another time stamp over it."""
    _drop("official_document_file_signed", "official_document")
    if _is_postgres():
        op.execute("DROP FUNCTION official_document_file_signed()")
    signed = "SELECT 1 FROM document_signature WHERE document_id = NEW.id AND file_id = NEW.file_id"
    condition = f"NEW.file_id <> OLD.file_id AND NOT EXISTS ({signed})"
    _looking("official_document_file_signed", "official_document", f"{condition} AND {unless}" if unless else condition)


def _let_links_lapse() -> None:
    """A link holds until what follows is sent back: then it lapses, once, and nothing else of it ever changes."""
    _end_once("kind IN ('replaces', 'recalls') AND lapsed_at IS NULL", "lapsed_at")
    _drop("document_link_frozen", "document_link")
    void = "(SELECT 1 FROM register_entry WHERE id = NEW.later_id AND state = 'void')"
    lapses = f"OLD.lapsed_at IS NULL AND NEW.lapsed_at IS NOT NULL AND NOT {_changed(LINK)} AND EXISTS {void}"
    _looking("document_link_frozen", "document_link", f"NOT ({lapses})")


def _end_once(where: str, added: str = "") -> None:
    """Let a document be replaced or recalled once."""
    op.drop_index("uq_document_link_ended", "document_link")
    if added:
        op.add_column("document_link", sa.Column(added, sa.DateTime(timezone=True), nullable=True))
    once = {"unique": True, "sqlite_where": sa.text(where), "postgresql_where": sa.text(where)}
    op.create_index("uq_document_link_ended", "document_link", ["earlier_id"], **once)


def _let_drafts_follow() -> None:
    with _rebuilt("submission") as batch:
        batch.add_column(sa.Column("follows_id", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("follows_kind", sa.String(length=16), nullable=True))
        batch.add_column(sa.Column("follows_reason", sa.String(length=500), nullable=True))
        batch.create_foreign_key("fk_submission_follows", "official_document", ["follows_id"], ["id"])
        batch.create_check_constraint(
            "ck_submission_follows",
            "(follows_id IS NULL) = (follows_kind IS NULL) AND (follows_id IS NULL) = (follows_reason IS NULL)",
        )
        batch.create_check_constraint(
            "ck_submission_follows_kind", "COALESCE(follows_kind, 'redoes') IN ('corrects', 'replaces', 'redoes')"
        )
        batch.create_index("ix_submission_follows", ["follows_id"])
    _guard("submission_follows_the_same", "submission", _changed(FOLLOWS))


def downgrade() -> None:
    _change_files_only()
    op.drop_table("archive_stamp")
    _drop("submission_follows_the_same", "submission")
    with _rebuilt("submission") as batch:
        batch.drop_index("ix_submission_follows")
        for name in ("follows", "follows_kind"):
            batch.drop_constraint(f"ck_submission_{name}", type_="check")
        batch.drop_constraint("fk_submission_follows", type_="foreignkey")
        for column in FOLLOWS:
            batch.drop_column(column)
    _drop("document_link_frozen", "document_link")
    if _is_postgres():
        op.execute("DROP FUNCTION document_link_frozen()")
    _end_once("kind IN ('replaces', 'recalls')")  # fails where a document was replaced anew: no link is thrown away
    op.drop_column("document_link", "lapsed_at")
    _guard("document_link_frozen", "document_link", "TRUE")
    _drop("register_entry_one_fate", "register_entry")
    if _is_postgres():
        op.execute("DROP FUNCTION register_entry_one_fate()")
    _drop("official_document_goes_forward", "official_document")
    op.execute("UPDATE register_entry SET state = 'used', void_reason = NULL WHERE document_id IS NOT NULL")
    op.execute("UPDATE official_document SET status = 'awaiting_signature' WHERE status = 'sent_back'")
    with _rebuilt("register_entry") as batch:
        for name in ("used", "document"):
            batch.drop_constraint(f"ck_register_entry_{name}", type_="check")
        batch.create_check_constraint("ck_register_entry_used", f"(state = 'used') = {WHOLE}")
        batch.create_check_constraint("ck_register_entry_document", "document_id IS NULL OR state = 'used'")
    _guard("register_entry_one_fate", "register_entry", f"OLD.state <> 'reserved' AND {_changed((*SAID, *FATE))}")
    _freeze(FROZEN)
    with _rebuilt("official_document") as batch:
        for name in ("retention", "status"):
            batch.drop_constraint(f"ck_official_document_{name}", type_="check")
        batch.create_check_constraint("ck_official_document_status", f"status IN ({STATES})")
        for column in KEPT:
            batch.drop_column(column)
    _go_forward(FORWARD)
