"""What became of each number of a register, books with a name and a beginning, which book numbers what, prints of registers."""

from __future__ import annotations

import json

import sqlalchemy as sa
from alembic import op

revision = "b7d20c5e91f4"
down_revision = "7c40d2e9b1f6"
branch_labels = None
depends_on = None

NAMES = {
    "decisions": ("Quyết định", "Decisions"),
    "letters": ("Công văn", "Official letters"),
    "named": ("Báo cáo, kế hoạch và các văn bản có tên loại khác", "Reports, plans and other named types"),
}

KEYS = ("register_id", "issuer_id", "year", "number", "reserved_by", "reserved_at", "reserved_until", "reason")
FATE = ("state", "document_id", "symbol", "dated_on", "title", "signer", "recipients", "kept_by", "void_reason")
SETTLED = ("settled_by", "settled_at")

STANDS_STILL = "(OLD.last_number = OLD.before_portal AND NEW.last_number = NEW.before_portal)"
"""Nothing was numbered here yet: the book can be opened anew with another beginning."""

OUTSIDE = (
    "NOT EXISTS (SELECT 1 FROM register WHERE id = NEW.register_id AND unit_id = NEW.issuer_id AND year = NEW.year "
    "AND before_portal < NEW.number AND NEW.number <= last_number)"
)
TAKEN = "EXISTS (SELECT 1 FROM register_entry WHERE register_id = NEW.register_id AND number = NEW.number)"

BESIDE = {
    "register_entry_in_its_book": ("register_entry", OUTSIDE),
    "official_document_number_free": ("official_document", TAKEN),
}
"""Trigger of an insertion → table, and what must not be so in another one."""


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


def _drop(name: str, table: str) -> None:
    op.execute(f"DROP TRIGGER {name} ON {table}" if _is_postgres() else f"DROP TRIGGER {name}")


def _guard_registers(frozen: tuple[str, ...], counts_up: str) -> None:
    _trigger("register_no_delete", "register", "DELETE", "TRUE")
    _trigger("register_counts_up", "register", "UPDATE", counts_up)
    _trigger("register_frozen", "register", "UPDATE", _changed(frozen))


def _free_registers() -> None:
    for name in ("register_no_delete", "register_counts_up", "register_frozen"):
        _drop(name, "register")


def _guard_entries() -> None:
    _trigger("register_entry_no_delete", "register_entry", "DELETE", "TRUE")
    _trigger("register_entry_frozen", "register_entry", "UPDATE", _changed(KEYS))
    settled = f"OLD.state <> 'reserved' AND {_changed((*FATE, *SETTLED))}"
    _trigger("register_entry_one_fate", "register_entry", "UPDATE", settled)
    # What was reserved is for a document signed on paper: those of the portal take numbers of their own.
    _trigger("register_entry_reserved_for_paper", "register_entry", "UPDATE", _changed(("document_id",)))
    if _is_postgres():
        head = "CREATE TRIGGER register_entry_no_truncate BEFORE TRUNCATE ON register_entry FOR EACH STATEMENT"
        op.execute(f"{head} EXECUTE FUNCTION refuse_change()")
    for name, (table, condition) in BESIDE.items():
        _beside(name, table, condition)


def _beside(name: str, table: str, condition: str) -> None:
    if not _is_postgres():
        _trigger(name, table, "INSERT", condition)
        return
    said = f"RAISE EXCEPTION 'record is frozen: {name}' USING ERRCODE = 'check_violation', CONSTRAINT = TG_NAME"
    op.execute(
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN IF {condition} THEN {said}; END IF; RETURN NEW; END $$"
    )
    op.execute(f"CREATE TRIGGER {name} BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()")


def _widen_registers() -> None:
    _free_registers()
    with op.batch_alter_table("register") as batch:
        for name in ("name_vi", "name_en"):
            batch.add_column(sa.Column(name, sa.String(length=120), nullable=False, server_default=""))
        batch.add_column(sa.Column("before_portal", sa.Integer(), nullable=False, server_default="0"))
        batch.add_column(sa.Column("opened_reason", sa.String(length=500), nullable=True))
        batch.drop_constraint("ck_register_last_number", type_="check")
        batch.create_check_constraint("ck_register_last_number", "last_number >= before_portal")
        batch.create_check_constraint("ck_register_before_portal", "before_portal >= 0")
    with op.batch_alter_table("register") as batch:
        for name in ("name_vi", "name_en"):
            batch.alter_column(name, existing_type=sa.String(length=120), existing_nullable=False, server_default=None)
        batch.alter_column("before_portal", existing_type=sa.Integer(), existing_nullable=False, server_default=None)
    register = sa.table("register", *map(sa.column, ("series", "name_vi", "name_en")))
    for key, (name_vi, name_en) in NAMES.items():
        op.execute(sa.update(register).where(register.c.series == key).values(name_vi=name_vi, name_en=name_en))
    _guard_registers(
        ("unit_id", "year", "series", "name_vi", "name_en"),
        f"(NEW.last_number NOT IN (OLD.last_number, OLD.last_number + 1) OR {_differs('before_portal')}) "
        f"AND NOT {STANDS_STILL}",
    )


def _make_entries() -> None:
    texts = {
        "title": 600,
        "signer": 200,
        "kept_by": 200,
        "reason": 500,
        "void_reason": 500,
        "received_by": 200,
        "note": 500,
    }
    op.create_table(
        "register_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("register_id", "issuer_id", "year", "number")),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=True),
        sa.Column("symbol", sa.String(length=40), nullable=True),
        sa.Column("recipients", sa.Text(), nullable=True),
        *(sa.Column(name, sa.String(length=most), nullable=True) for name, most in texts.items()),
        *(sa.Column(name, sa.Date(), nullable=True) for name in ("dated_on", "reserved_until", "sent_on")),
        *(sa.Column(name, sa.DateTime(timezone=True), nullable=True) for name in ("reserved_at", "settled_at")),
        *(sa.Column(name, sa.Integer(), nullable=True) for name in ("reserved_by", "settled_by", "copies")),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("number > 0", name="ck_register_entry_number"),
        sa.CheckConstraint("state IN ('used', 'reserved', 'void')", name="ck_register_entry_state"),
        sa.CheckConstraint(
            "(state = 'used') = (symbol IS NOT NULL AND dated_on IS NOT NULL AND title IS NOT NULL "
            "AND signer IS NOT NULL AND recipients IS NOT NULL)",
            name="ck_register_entry_used",
        ),
        sa.CheckConstraint("document_id IS NULL OR state = 'used'", name="ck_register_entry_document"),
        sa.CheckConstraint(
            "state <> 'reserved' OR (reason IS NOT NULL AND reserved_by IS NOT NULL AND reserved_until IS NOT NULL)",
            name="ck_register_entry_reserved",
        ),
        sa.CheckConstraint("(state = 'void') = (void_reason IS NOT NULL)", name="ck_register_entry_void"),
        sa.CheckConstraint("copies IS NULL OR copies > 0", name="ck_register_entry_copies"),
        sa.ForeignKeyConstraint(["register_id"], ["register.id"], name="fk_register_entry_register"),
        sa.ForeignKeyConstraint(["issuer_id"], ["unit.id"], name="fk_register_entry_issuer"),
        sa.ForeignKeyConstraint(["document_id"], ["official_document.id"], name="fk_register_entry_document"),
        sa.ForeignKeyConstraint(["reserved_by"], ["ab_user.id"], name="fk_register_entry_reserved_by"),
        sa.ForeignKeyConstraint(["settled_by"], ["ab_user.id"], name="fk_register_entry_settled_by"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("register_id", "number", name="uq_register_entry_number"),
        sa.UniqueConstraint("issuer_id", "year", "number", "symbol", name="uq_register_entry_symbol"),
        sa.UniqueConstraint("document_id", name="uq_register_entry_document"),
    )
    op.create_index("ix_register_entry_issuer", "register_entry", ["issuer_id"])


def _bare(lines: list[str]) -> list[str]:
    found = (each.strip().removeprefix("- ").rstrip(";.").strip() for each in lines)
    return [each for each in found if each]


def _words(content: dict) -> dict[str, str]:
    """What a frozen content says in the register, as the portal writes it when it issues."""
    lines, address = _bare(content["recipients"]["lines"]), content.get("address")
    above = _bare([address["beside"], *address["lines"]]) if address else []
    kept = [each for each in lines if each.startswith("Lưu:")]
    others = [each for each in lines if each not in (*kept, "Như trên")]
    return {
        "title": content["title"][:600],
        "signer": (content["signature"] or {}).get("name", "")[:200],
        "recipients": "; ".join((*above, *others)),
        "kept_by": "; ".join(each.removeprefix("Lưu:").strip() for each in kept)[:200],
    }


def _enter_documents() -> None:
    """A line for each document that was issued before there were lines."""
    columns = ("id", "register_id", "issuer_id", "year", "number", "symbol", "issued_on", "content")
    document = sa.table(
        "official_document", *(sa.column(each, sa.Date() if each == "issued_on" else None) for each in columns)
    )
    names = (
        "register_id",
        "issuer_id",
        "year",
        "number",
        "state",
        "document_id",
        "symbol",
        "title",
        "signer",
        "recipients",
    )
    entry = sa.table(
        "register_entry", sa.column("dated_on", sa.Date()), *map(sa.column, (*names, "kept_by", "version"))
    )
    connection = op.get_bind()
    for row in connection.execute(sa.select(document).order_by(document.c.id)).all():
        line = {"state": "used", "document_id": row.id, "dated_on": row.issued_on, "version": 1}
        same = {name: getattr(row, name) for name in ("register_id", "issuer_id", "year", "number", "symbol")}
        connection.execute(sa.insert(entry).values(**line, **same, **_words(json.loads(row.content))))


def _make_others() -> None:
    op.create_table(
        "numbering_scheme",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("from_year", sa.Integer(), nullable=False),
        sa.Column("series", sa.JSON(), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name="fk_numbering_scheme_unit"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("unit_id", "from_year", name="uq_numbering_scheme_year"),
    )
    op.create_table(
        "register_print",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("register_id", sa.Integer(), nullable=False),
        sa.Column("format", sa.String(length=8), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.String(length=32), nullable=True),
        sa.Column("last_number", sa.Integer(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=True),
        sa.Column("file_id", sa.Integer(), nullable=True),
        sa.Column("asked_by", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("format IN ('pdf', 'xlsx')", name="ck_register_print_format"),
        sa.CheckConstraint("state IN ('waiting', 'ready', 'none')", name="ck_register_print_state"),
        sa.CheckConstraint("(state = 'ready') = (file_id IS NOT NULL)", name="ck_register_print_file"),
        sa.CheckConstraint("(state = 'none') = (reason IS NOT NULL)", name="ck_register_print_reason"),
        sa.ForeignKeyConstraint(["register_id"], ["register.id"], name="fk_register_print_register"),
        sa.ForeignKeyConstraint(["file_id"], ["stored_file.id"], name="fk_register_print_file"),
        sa.ForeignKeyConstraint(["asked_by"], ["ab_user.id"], name="fk_register_print_user"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_register_print_register", "register_print", ["register_id", "id"])
    op.create_table(
        "register_print_part",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("print_id", sa.Integer(), nullable=False),
        sa.Column("first_page", sa.Integer(), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.Column("pdf", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["print_id"], ["register_print.id"], name="fk_register_print_part_print"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("print_id", "first_page", name="uq_register_print_part_page"),
    )


def upgrade() -> None:
    _widen_registers()
    _make_entries()
    _enter_documents()
    _guard_entries()
    _make_others()


def downgrade() -> None:
    """Reserved and void numbers, and those of documents signed on paper, are lost on the way back; the counts stay."""
    for name in ("register_print_part", "register_print", "numbering_scheme"):
        op.drop_table(name)
    _drop("official_document_number_free", "official_document")
    op.drop_table("register_entry")
    if _is_postgres():
        for name in BESIDE:
            op.execute(f"DROP FUNCTION {name}()")
    _free_registers()
    with op.batch_alter_table("register") as batch:
        batch.drop_constraint("ck_register_before_portal", type_="check")
        batch.drop_constraint("ck_register_last_number", type_="check")
        batch.create_check_constraint("ck_register_last_number", "last_number >= 0")
        for name in ("opened_reason", "before_portal", "name_en", "name_vi"):
            batch.drop_column(name)
    _guard_registers(("unit_id", "year", "series"), "NEW.last_number NOT IN (OLD.last_number, OLD.last_number + 1)")
