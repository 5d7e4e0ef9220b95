"""Whose signatures documents need, certificates and images of people and units, and what was signed with them."""

from __future__ import annotations

import json

import sqlalchemy as sa
from alembic import op

revision = "c4a91f6e02d7"
down_revision = "3f9a61c07d28"
branch_labels = None
depends_on = None

PERSONAL = "('signature', 'cosignature')"
APPEND_ONLY = ("signature_slot", "signature_image", "document_signature")
CERTIFICATE = ("user_id", "unit_id", "sha256", "common_name", "subject", "issuer", "serial", "valid_from", "valid_to")
CERTIFICATE += ("key_place", "key_name", "entered_by", "entered_at", "revoked_at", "revoked_by", "revoke_reason")
REQUEST = ("document_id", "slot_id", "certificate_id", "user_id", "file_id", "digest", "created_at", "expires_at")
REQUEST += ("terms", "token_sha256")

FORWARD = {
    "rendering": ("failed", "awaiting_signature"),
    "failed": ("rendering",),
    "awaiting_signature": ("awaiting_seal", "rendering"),
    "awaiting_seal": ("released",),
}
"""State of a document → what may follow it."""

OF_ANOTHER = (
    "NOT EXISTS (SELECT 1 FROM signature_slot WHERE id = NEW.slot_id AND document_id = NEW.document_id "
    "AND (user_id IS NULL OR user_id = NEW.user_id))"
)
SEAL_FIRST = (
    "EXISTS (SELECT 1 FROM signature_slot mine, signature_slot other WHERE mine.id = NEW.slot_id "  # noqa: S608
    f"AND mine.place NOT IN {PERSONAL} AND other.document_id = mine.document_id AND other.place IN {PERSONAL} "
    "AND NOT EXISTS (SELECT 1 FROM document_signature given WHERE given.slot_id = other.id))"
)
"""A person signs first: no seal before every personal signature is there."""

UNSIGNED_FILE = (
    "NEW.file_id <> OLD.file_id AND NOT EXISTS "
    "(SELECT 1 FROM document_signature WHERE document_id = NEW.id AND file_id = NEW.file_id)"
)
UNFINISHED = (
    "(NEW.status = 'awaiting_seal' AND OLD.status <> NEW.status AND EXISTS (SELECT 1 FROM signature_slot slot "  # noqa: S608
    f"WHERE slot.document_id = NEW.id AND slot.place IN {PERSONAL} "
    "AND NOT EXISTS (SELECT 1 FROM document_signature given WHERE given.slot_id = slot.id)))"
    " OR (NEW.status = 'released' AND OLD.status <> NEW.status AND EXISTS (SELECT 1 FROM signature_slot slot "
    "WHERE slot.document_id = NEW.id "
    "AND NOT EXISTS (SELECT 1 FROM document_signature given WHERE given.slot_id = slot.id)))"
)

REMADE = (
    "NEW.status = 'rendering' AND OLD.status = 'awaiting_signature' "
    "AND EXISTS (SELECT 1 FROM document_signature WHERE document_id = NEW.id)"
)
"""What nobody has signed may be printed anew; what somebody has, never."""

LOOKING = {
    "document_signature_of_its_document": ("document_signature", "INSERT", OF_ANOTHER),
    "document_signature_persons_first": ("document_signature", "INSERT", SEAL_FIRST),
    "official_document_file_signed": ("official_document", "UPDATE", UNSIGNED_FILE),
    "official_document_all_signed": ("official_document", "UPDATE", UNFINISHED),
    "official_document_signed_stays": ("official_document", "UPDATE", REMADE),
}
"""Triggers that look at other rows: name → table, event and what must not be so."""


def _is_postgres() -> bool:
    return op.get_bind().dialect.name == "postgresql"


def _differs(column: str) -> str:
    return f"NEW.{column} IS DISTINCT FROM OLD.{column}" if _is_postgres() else f"NEW.{column} IS NOT OLD.{column}"


def _changed(columns: tuple[str, ...]) -> str:
    return f"({' OR '.join(map(_differs, columns))})"


def _trigger(name: str, table: str, event: str, condition: str) -> None:
    refuse = (
        "EXECUTE FUNCTION refuse_change()"
        if _is_postgres()
        else f"BEGIN SELECT RAISE(ABORT, 'record is frozen: {name}'); END"
    )
    op.execute(f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH ROW WHEN ({condition}) {refuse}")


def _looking(name: str, table: str, event: str, condition: str) -> None:
    """PostgreSQL's conditions of triggers see no other rows; functions do."""
    if not _is_postgres():
        _trigger(name, table, event, condition)
        return
    said = f"RAISE EXCEPTION 'record is frozen: {name}' USING ERRCODE = 'check_violation', CONSTRAINT = TG_NAME"
    op.execute(
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN IF {condition} THEN {said}; END IF; RETURN NEW; END $$"
    )
    op.execute(f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()")


def upgrade() -> None:
    _widen_documents()
    _make_slots()
    _make_certificates()
    _make_images()
    _make_signatures()
    _make_requests()
    _open_slots()
    _guard()


def _kept_triggers(table: str) -> list[str]:
    """What SQLite forgets where a table is built anew."""
    if _is_postgres():
        return []
    asked = sa.text("SELECT sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = :table ORDER BY name")
    return list(op.get_bind().execute(asked, {"table": table}).scalars())


def _widen_documents() -> None:
    triggers = _kept_triggers("official_document")
    with op.batch_alter_table("official_document") as batch:
        batch.add_column(sa.Column("released_at", sa.DateTime(timezone=True), nullable=True))
        for name in ("status", "file_if_rendered"):
            batch.drop_constraint(f"ck_official_document_{name}", type_="check")
        batch.create_check_constraint(
            "ck_official_document_status",
            "status IN ('rendering', 'failed', 'awaiting_signature', 'awaiting_seal', 'released')",
        )
        batch.create_check_constraint(
            "ck_official_document_file_if_rendered", "(status IN ('rendering', 'failed')) = (file_id IS NULL)"
        )
        batch.create_check_constraint(
            "ck_official_document_released", "(status = 'released') = (released_at IS NOT NULL)"
        )
    for trigger in triggers:
        op.execute(trigger)


def _make_slots() -> None:
    op.create_table(
        "signature_slot",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.String(length=24), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("post_id", sa.Integer(), nullable=True),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("of_head", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "place IN ('signature', 'cosignature', 'seal', 'cosignature_seal')", name="ck_signature_slot_place"
        ),
        sa.CheckConstraint(f"place IN {PERSONAL} OR user_id IS NULL", name="ck_signature_slot_user"),
        sa.ForeignKeyConstraint(["document_id"], ["official_document.id"], name="fk_signature_slot_document"),
        sa.ForeignKeyConstraint(["user_id"], ["ab_user.id"], name="fk_signature_slot_user"),
        sa.ForeignKeyConstraint(["post_id"], ["post.id"], name="fk_signature_slot_post"),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name="fk_signature_slot_unit"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("document_id", "place", name="uq_signature_slot_place"),
    )
    op.create_index("ix_signature_slot_user", "signature_slot", ["user_id"])
    op.create_index("ix_signature_slot_unit", "signature_slot", ["unit_id"])


def _make_certificates() -> None:
    op.create_table(
        "signing_certificate",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("der", sa.LargeBinary(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        *(sa.Column(name, sa.String(length=500), nullable=False) for name in ("common_name", "subject", "issuer")),
        sa.Column("serial", sa.String(length=64), nullable=False),
        *(sa.Column(name, sa.DateTime(timezone=True), nullable=False) for name in ("valid_from", "valid_to")),
        sa.Column("key_place", sa.String(length=16), nullable=False),
        sa.Column("key_name", sa.String(length=100), nullable=True),
        sa.Column("entered_by", sa.Integer(), nullable=True),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_by", sa.Integer(), nullable=True),
        sa.Column("revoke_reason", sa.String(length=500), nullable=True),
        sa.CheckConstraint("(user_id IS NULL) <> (unit_id IS NULL)", name="ck_signing_certificate_holder"),
        sa.CheckConstraint("key_place IN ('own_pc', 'key_file', 'token')", name="ck_signing_certificate_place"),
        sa.CheckConstraint("(key_place = 'own_pc') = (key_name IS NULL)", name="ck_signing_certificate_key"),
        sa.CheckConstraint("valid_to > valid_from", name="ck_signing_certificate_life"),
        sa.CheckConstraint(
            "(revoked_at IS NULL) = (revoked_by IS NULL) AND (revoked_at IS NULL) = (revoke_reason IS NULL)",
            name="ck_signing_certificate_revoked",
        ),
        sa.ForeignKeyConstraint(["user_id"], ["ab_user.id"], name="fk_signing_certificate_user"),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name="fk_signing_certificate_unit"),
        sa.ForeignKeyConstraint(["entered_by"], ["ab_user.id"], name="fk_signing_certificate_entered_by"),
        sa.ForeignKeyConstraint(["revoked_by"], ["ab_user.id"], name="fk_signing_certificate_revoked_by"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("sha256", name="uq_signing_certificate_sha256"),
    )
    op.create_index("ix_signing_certificate_user", "signing_certificate", ["user_id"])
    op.create_index("ix_signing_certificate_unit", "signing_certificate", ["unit_id"])


def _make_images() -> None:
    op.create_table(
        "signature_image",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("png", sa.LargeBinary(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("width_mm", sa.Numeric(precision=5, scale=1), nullable=False),
        sa.Column("entered_by", sa.Integer(), nullable=True),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(user_id IS NULL) <> (unit_id IS NULL)", name="ck_signature_image_holder"),
        sa.CheckConstraint("width > 0 AND height > 0 AND width_mm > 0", name="ck_signature_image_size"),
        sa.ForeignKeyConstraint(["user_id"], ["ab_user.id"], name="fk_signature_image_user"),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name="fk_signature_image_unit"),
        sa.ForeignKeyConstraint(["entered_by"], ["ab_user.id"], name="fk_signature_image_entered_by"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_signature_image_user", "signature_image", ["user_id", "id"])
    op.create_index("ix_signature_image_unit", "signature_image", ["unit_id", "id"])


def _tied(table: str) -> list[sa.ForeignKeyConstraint]:
    """What both kinds of signatures, given and under way, belong to."""
    to = {"document": "official_document", "slot": "signature_slot", "certificate": "signing_certificate"}
    to |= {"user": "ab_user", "file": "stored_file"}
    return [
        sa.ForeignKeyConstraint([f"{name}_id"], [f"{there}.id"], f"fk_{table}_{name}") for name, there in to.items()
    ]


def _make_signatures() -> None:
    keys = ("id", "document_id", "slot_id", "certificate_id", "user_id", "file_id")
    op.create_table(
        "document_signature",
        *(sa.Column(name, sa.Integer(), nullable=False) for name in keys),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("way", sa.String(length=16), nullable=False),
        sa.Column("level", sa.String(length=8), nullable=False),
        sa.CheckConstraint("way IN ('server', 'deferred', 'returned')", name="ck_document_signature_way"),
        *_tied("document_signature"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("slot_id", name="uq_document_signature_slot"),
    )
    op.create_index("ix_document_signature_document", "document_signature", ["document_id"])


def _make_requests() -> None:
    keys = ("id", "document_id", "slot_id", "certificate_id", "user_id", "file_id")
    op.create_table(
        "signing_request",
        *(sa.Column(name, sa.Integer(), nullable=False) for name in keys),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("prepared", sa.LargeBinary(), nullable=True),
        sa.Column("terms", sa.Text(), nullable=False),
        sa.Column("token_sha256", sa.String(length=64), nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        *(sa.Column(name, sa.DateTime(timezone=True), nullable=False) for name in ("created_at", "expires_at")),
        sa.CheckConstraint("state IN ('open', 'done', 'cancelled', 'expired')", name="ck_signing_request_state"),
        sa.CheckConstraint("(state = 'open') = (prepared IS NOT NULL)", name="ck_signing_request_prepared"),
        *_tied("signing_request"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("token_sha256", name="uq_signing_request_token"),
    )
    op.create_index("ix_signing_request_slot", "signing_request", ["slot_id", "state"])


def _open_slots() -> None:
    """Documents issued before there were slots: the signer's post was not kept, nor whose a second signature is."""
    columns = ("id", "issuer_id", "signer_id", "content", "seal_unit_id", "name_vi", "first_name", "last_name")
    asked = sa.text(
        "SELECT document.id, document.issuer_id, document.signer_id, document.content, issuer.seal_unit_id, "
        "agency.name_vi, signer.first_name, signer.last_name FROM official_document document "
        "JOIN unit issuer ON issuer.id = document.issuer_id "
        "JOIN unit agency ON agency.id = COALESCE(issuer.seal_unit_id, issuer.id) "
        "JOIN ab_user signer ON signer.id = document.signer_id"
    )
    slots = sa.table(
        "signature_slot", *map(sa.column, ("document_id", "place", "user_id", "unit_id", "name")), sa.column("of_head")
    )
    for row in op.get_bind().execute(asked).all():
        facts = dict(zip(columns, row, strict=True))
        op.bulk_insert(slots, _slots_of(facts))


def _slots_of(facts: dict) -> list[dict]:
    of = {"document_id": facts["id"], "of_head": False}
    name = f"{facts['first_name']} {facts['last_name']}"[:200]
    agency = facts["seal_unit_id"] or facts["issuer_id"]
    found = [
        {**of, "place": "signature", "user_id": facts["signer_id"], "unit_id": facts["issuer_id"], "name": name},
        {**of, "place": "seal", "user_id": None, "unit_id": agency, "name": facts["name_vi"]},
    ]
    if beside := json.loads(facts["content"]).get("cosignature"):
        beside_name = beside["name"][:200]
        found.append(
            {**of, "place": "cosignature", "user_id": None, "unit_id": facts["issuer_id"], "name": beside_name}
        )
    return found


def _guard() -> None:
    for table in APPEND_ONLY:
        _trigger(f"{table}_no_update", table, "UPDATE", "TRUE")
        _trigger(f"{table}_no_delete", table, "DELETE", "TRUE")
    _trigger("signing_certificate_no_delete", "signing_certificate", "DELETE", "TRUE")
    frozen = f"{_changed(CERTIFICATE[:-3])} OR OLD.revoked_at IS NOT NULL"
    _trigger("signing_certificate_frozen", "signing_certificate", "UPDATE", frozen)
    over = f"{_changed(REQUEST)} OR (OLD.state <> 'open' AND {_changed(('state', 'prepared'))})"
    _trigger("signing_request_frozen", "signing_request", "UPDATE", over)
    steps = " OR ".join(
        f"(OLD.status = '{before}' AND NEW.status = '{after}')"
        for before, afters in FORWARD.items()
        for after in afters
    )
    forward = f"NEW.status <> OLD.status AND NOT ({steps})"
    _trigger("official_document_goes_forward", "official_document", "UPDATE", forward)
    for name, (table, event, condition) in LOOKING.items():
        _looking(name, table, event, condition)
    if _is_postgres():
        for table in APPEND_ONLY:
            head = f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} FOR EACH STATEMENT"
            op.execute(f"{head} EXECUTE FUNCTION refuse_change()")


def downgrade() -> None:
    for name, (table, _event, _condition) in LOOKING.items():
        op.execute(f"DROP TRIGGER {name} ON {table}" if _is_postgres() else f"DROP TRIGGER {name}")
    name = "official_document_goes_forward"
    op.execute(f"DROP TRIGGER {name} ON official_document" if _is_postgres() else f"DROP TRIGGER {name}")
    for table in ("signing_request", "document_signature", "signature_image", "signing_certificate", "signature_slot"):
        op.drop_table(table)
    if _is_postgres():
        for name in LOOKING:
            op.execute(f"DROP FUNCTION {name}()")
    triggers = _kept_triggers("official_document")
    with op.batch_alter_table("official_document") as batch:
        for name in ("status", "file_if_rendered", "released"):
            batch.drop_constraint(f"ck_official_document_{name}", type_="check")
        batch.drop_column("released_at")
        batch.create_check_constraint(
            "ck_official_document_status", "status IN ('rendering', 'awaiting_signature', 'failed')"
        )
        batch.create_check_constraint(
            "ck_official_document_file_if_rendered", "(status = 'awaiting_signature') = (file_id IS NOT NULL)"
        )
    for trigger in triggers:
        op.execute(trigger)
