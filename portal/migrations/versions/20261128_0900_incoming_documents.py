"""Incoming documents, the books that number them, their tasks and notes; prints of any kind of book."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "5e1c8a47d93b"
down_revision = "7d20c4e8b5a1"
branch_labels = None
depends_on = None

KEYS = ("book_id", "unit_id", "year", "number", "registered_by", "registered_at")
OUTSIDE = (
    "NOT EXISTS (SELECT 1 FROM arrival_book WHERE id = NEW.book_id AND unit_id = NEW.unit_id AND year = NEW.year "
    "AND before_portal < NEW.number AND NEW.number <= last_number)"
)
STANDS_STILL = "(OLD.last_number = OLD.before_portal AND NEW.last_number = NEW.before_portal)"
"""Nothing was numbered here yet: the book can be opened anew with another beginning."""


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


def _guard() -> None:
    _trigger("arrival_book_no_delete", "arrival_book", "DELETE", "TRUE")
    _trigger("arrival_book_frozen", "arrival_book", "UPDATE", _changed(("unit_id", "year")))
    counts = f"NEW.last_number NOT IN (OLD.last_number, OLD.last_number + 1) OR {_differs('before_portal')}"
    _trigger("arrival_book_counts_up", "arrival_book", "UPDATE", f"({counts}) AND NOT {STANDS_STILL}")
    _trigger("incoming_document_no_delete", "incoming_document", "DELETE", "TRUE")
    _trigger("incoming_document_frozen", "incoming_document", "UPDATE", _changed(KEYS))
    void = f"OLD.void_reason IS NOT NULL AND {_changed(('void_reason', 'symbol', 'author', 'subject', 'answer_id'))}"
    _trigger("incoming_document_stays_void", "incoming_document", "UPDATE", void)
    _guard_numbers()


def _guard_numbers() -> None:
    """A number of an arrival is one that its book has given."""
    name = "incoming_document_in_its_book"
    if not _is_postgres():
        _trigger(name, "incoming_document", "INSERT", OUTSIDE)
        return
    head = "CREATE TRIGGER incoming_document_no_truncate BEFORE TRUNCATE ON incoming_document FOR EACH STATEMENT"
    op.execute(f"{head} EXECUTE FUNCTION refuse_change()")
    said = f"RAISE EXCEPTION 'record is frozen: {name}' USING ERRCODE = 'check_violation', CONSTRAINT = TG_NAME"
    op.execute(
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN IF {OUTSIDE} THEN {said}; END IF; RETURN NEW; END $$"
    )
    op.execute(f"CREATE TRIGGER {name} BEFORE INSERT ON incoming_document FOR EACH ROW EXECUTE FUNCTION {name}()")


def _make_books() -> None:
    op.create_table(
        "arrival_book",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("before_portal", sa.Integer(), nullable=False),
        sa.Column("opened_reason", sa.String(length=500), nullable=True),
        sa.Column("last_number", sa.Integer(), nullable=False),
        sa.CheckConstraint("before_portal >= 0", name="ck_arrival_book_before_portal"),
        sa.CheckConstraint("last_number >= before_portal", name="ck_arrival_book_last_number"),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name="fk_arrival_book_unit"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("unit_id", "year", name="uq_arrival_book_year"),
    )


def _make_documents() -> None:
    needed = {"author": 200, "symbol": 60, "type_name": 100, "subject": 500, "same_key": 300, "search": 1400}
    texts = {"urgency": 16, "code": 100, "remark": 500, "again_reason": 500, "recipient": 200, "received_by": 200}
    texts |= {"filed_reason": 500, "void_reason": 500}
    op.create_table(
        "incoming_document",
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("id", "book_id", "unit_id", "year", "number")),
        *(sa.Column(name, sa.Date(), nullable=False) for name in ("arrived_on", "dated_on")),
        *(sa.Column(name, sa.String(length=most), nullable=False) for name, most in needed.items()),
        *(sa.Column(name, sa.String(length=most), nullable=True) for name, most in texts.items()),
        *(sa.Column(name, sa.Date(), nullable=True) for name in ("due_on", "handed_on", "filed_on")),
        *(sa.Column(name, sa.Integer(), nullable=True) for name in ("lead_unit_id", "file_id", "answer_id")),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("registered_by", "version")),
        sa.Column("registered_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("number > 0", name="ck_incoming_document_number"),
        sa.CheckConstraint(
            "urgency IS NULL OR urgency IN ('flash', 'express', 'urgent')", name="ck_incoming_document_urgency"
        ),
        sa.CheckConstraint("(filed_on IS NULL) = (filed_reason IS NULL)", name="ck_incoming_document_filed"),
        sa.ForeignKeyConstraint(["book_id"], ["arrival_book.id"], name="fk_incoming_document_book"),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name="fk_incoming_document_unit"),
        sa.ForeignKeyConstraint(["lead_unit_id"], ["unit.id"], name="fk_incoming_document_lead_unit"),
        sa.ForeignKeyConstraint(["file_id"], ["stored_file.id"], name="fk_incoming_document_file"),
        sa.ForeignKeyConstraint(["answer_id"], ["register_entry.id"], name="fk_incoming_document_answer"),
        sa.ForeignKeyConstraint(["registered_by"], ["ab_user.id"], name="fk_incoming_document_user"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("book_id", "number", name="uq_incoming_document_number"),
    )
    for name, columns in {
        "unit": ["unit_id", "year"],
        "lead": ["lead_unit_id"],
        "same": ["unit_id", "same_key"],
        "code": ["unit_id", "code"],
        "answer": ["answer_id"],
    }.items():
        op.create_index(f"ix_incoming_document_{name}", "incoming_document", columns)


def _make_handling() -> None:
    op.create_table(
        "incoming_task",
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("id", "incoming_id", "task_id")),
        sa.ForeignKeyConstraint(["incoming_id"], ["incoming_document.id"], name="fk_incoming_task_incoming"),
        sa.ForeignKeyConstraint(["task_id"], ["task.id"], name="fk_incoming_task_task"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("task_id", name="uq_incoming_task_task"),
    )
    op.create_index("ix_incoming_task_incoming", "incoming_task", ["incoming_id"])
    op.create_table(
        "incoming_note",
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("id", "incoming_id", "author_id")),
        sa.Column("words", sa.String(length=1000), nullable=False),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["incoming_id"], ["incoming_document.id"], name="fk_incoming_note_incoming"),
        sa.ForeignKeyConstraint(["author_id"], ["ab_user.id"], name="fk_incoming_note_author"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_incoming_note_incoming", "incoming_note", ["incoming_id", "id"])


def _print_any_book() -> None:
    """A print names the kind of its book, for there are more than registers of outgoing documents."""
    with op.batch_alter_table("register_print") as batch:
        batch.add_column(sa.Column("book_kind", sa.String(length=16), nullable=False, server_default="outgoing"))
        batch.add_column(sa.Column("book_id", sa.Integer(), nullable=False, server_default="0"))
        batch.add_column(sa.Column("above", sa.Integer(), nullable=False, server_default="0"))
    op.execute(
        "UPDATE register_print SET book_id = register_id, "
        "above = (SELECT before_portal FROM register WHERE register.id = register_print.register_id)"
    )
    op.drop_index("ix_register_print_register", "register_print")
    with op.batch_alter_table("register_print") as batch:
        batch.alter_column(
            "book_kind", existing_type=sa.String(length=16), existing_nullable=False, server_default=None
        )
        for name in ("book_id", "above"):
            batch.alter_column(name, existing_type=sa.Integer(), existing_nullable=False, server_default=None)
        batch.drop_constraint("fk_register_print_register", type_="foreignkey")
        batch.drop_column("register_id")
    op.create_index("ix_register_print_book", "register_print", ["book_kind", "book_id", "id"])


def _print_registers_alone() -> None:
    op.execute(
        "DELETE FROM register_print_part WHERE print_id IN "
        "(SELECT id FROM register_print WHERE book_kind <> 'outgoing')"
    )
    op.execute("DELETE FROM register_print WHERE book_kind <> 'outgoing'")
    op.drop_index("ix_register_print_book", "register_print")
    with op.batch_alter_table("register_print") as batch:
        batch.add_column(sa.Column("register_id", sa.Integer(), nullable=True))
    op.execute("UPDATE register_print SET register_id = book_id")
    with op.batch_alter_table("register_print") as batch:
        batch.alter_column("register_id", existing_type=sa.Integer(), nullable=False)
        batch.create_foreign_key("fk_register_print_register", "register", ["register_id"], ["id"])
        for name in ("above", "book_id", "book_kind"):
            batch.drop_column(name)
    op.create_index("ix_register_print_register", "register_print", ["register_id", "id"])


def upgrade() -> None:
    _make_books()
    _make_documents()
    _make_handling()
    _guard()
    _print_any_book()


def downgrade() -> None:
    """What arrived is lost on the way back; tasks that were made of it stay."""
    _print_registers_alone()
    for name in ("incoming_note", "incoming_task", "incoming_document", "arrival_book"):
        op.drop_table(name)
    if _is_postgres():
        op.execute("DROP FUNCTION incoming_document_in_its_book()")
