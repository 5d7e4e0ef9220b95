"""Tables of registers and what became of each number, of issued documents, and of who may sign them."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from flask_appbuilder.security.sqla.models import User
from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.db import Base, utc_now
from portal.definitions.models import Definition
from portal.documents.rules import number_text, reference
from portal.files import StoredFile
from portal.security import today
from portal.units.models import Post, Unit

RENDERING, AWAITING_SIGNATURE, FAILED = "rendering", "awaiting_signature", "failed"
AWAITING_SEAL, RELEASED, SENT_BACK = "awaiting_seal", "released", "sent_back"
WAITING, READY, NONE = "waiting", "ready", "none"
USED, RESERVED, VOID = "used", "reserved", "void"
OUTGOING = "outgoing"
"""The kind of book that registers of outgoing documents are; rooms above have others."""

LONGEST_REASON = LONGEST_NOTE = 500
LONGEST_NAMES = 200
LONGEST_TITLE = 600
"""A subject of 500 letters (Decree 30/2020, appendix VI) after the name of its type."""


class Register(Base):
    """The book a number comes from: one series per issuer and year, from 1 January (Decree 30/2020, article 15).

    Attributes:
        series: key of the series in the issuer's scheme of that year.
        name_vi: what the series was called when the book was opened.
        name_en: the same in English.
        before_portal: the last number of the paper book that it continues; 0 where it begins with 01.
        opened_reason: why it does not begin with 01, or was opened before its first document.
        last_number: the last one that was taken, here or in the paper book.
    """

    __tablename__ = "register"
    __table_args__ = (
        UniqueConstraint("unit_id", "year", "series", name="uq_register_series"),
        CheckConstraint("before_portal >= 0", name="ck_register_before_portal"),
        CheckConstraint("last_number >= before_portal", name="ck_register_last_number"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id", name="fk_register_unit"))
    year: Mapped[int]
    series: Mapped[str] = mapped_column(String(24))
    name_vi: Mapped[str] = mapped_column(String(120))
    name_en: Mapped[str] = mapped_column(String(120))
    before_portal: Mapped[int] = mapped_column(default=0)
    opened_reason: Mapped[str | None] = mapped_column(String(LONGEST_REASON))
    last_number: Mapped[int] = mapped_column(default=0)

    unit: Mapped[Unit] = relationship(lazy="selectin")

    def __str__(self) -> str:
        return f"{self.name_vi} {self.year} - {self.unit.name_vi}"

    @property
    def name(self) -> dict[str, str]:
        """What the book is called, by language."""
        return {"vi": self.name_vi, "en": self.name_en}


class RegisterEntry(Base):
    """What became of one number of a register of outgoing documents: each number has one fate, and one line.

    A number is used by a document of the portal or by one signed on paper, reserved for one, or void. From reserved it
    becomes used or void, once; what is used or void stays so, which triggers see to, but for the number of a document
    that its signer sends back: it becomes void, and its line keeps what the document said. Only handing over is noted
    later.

    Attributes:
        issuer_id: the register's unit, and `year` its year: a number and symbol is given once in both (article 15).
        document_id: the document of the portal; None for one signed on paper.
        symbol: behind the number; None while it is not used.
        title: type and subject, column 3 of the register (Decree 30/2020, appendix IV).
        kept_by: who keeps the copy, column 6.
        reason: why it was reserved, by `reserved_by`, until `reserved_until`.
        settled_by: who made it void, or registered the document signed on paper.
        copies: how many copies there are, column 7; handed over on `sent_on` to `received_by`, columns 8 and 9.
        version: counts changes; guards against overwriting each other.
    """

    __tablename__ = "register_entry"
    __table_args__ = (
        UniqueConstraint("register_id", "number", name="uq_register_entry_number"),
        UniqueConstraint("issuer_id", "year", "number", "symbol", name="uq_register_entry_symbol"),
        UniqueConstraint("document_id", name="uq_register_entry_document"),
        CheckConstraint("number > 0", name="ck_register_entry_number"),
        CheckConstraint("state IN ('used', 'reserved', 'void')", name="ck_register_entry_state"),
        CheckConstraint(
            "(state = 'used' OR document_id IS NOT NULL) = (symbol IS NOT NULL AND dated_on IS NOT NULL "
            "AND title IS NOT NULL AND signer IS NOT NULL AND recipients IS NOT NULL)",
            name="ck_register_entry_used",
        ),
        CheckConstraint("document_id IS NULL OR state IN ('used', 'void')", name="ck_register_entry_document"),
        CheckConstraint(
            "state <> 'reserved' OR (reason IS NOT NULL AND reserved_by IS NOT NULL AND reserved_until IS NOT NULL)",
            name="ck_register_entry_reserved",
        ),
        CheckConstraint("(state = 'void') = (void_reason IS NOT NULL)", name="ck_register_entry_void"),
        CheckConstraint("copies IS NULL OR copies > 0", name="ck_register_entry_copies"),
        Index("ix_register_entry_issuer", "issuer_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    register_id: Mapped[int] = mapped_column(ForeignKey("register.id", name="fk_register_entry_register"))
    issuer_id: Mapped[int] = mapped_column(ForeignKey("unit.id", name="fk_register_entry_issuer"))
    year: Mapped[int]
    number: Mapped[int]
    state: Mapped[str] = mapped_column(String(16))
    document_id: Mapped[int | None] = mapped_column(
        ForeignKey("official_document.id", name="fk_register_entry_document")
    )
    symbol: Mapped[str | None] = mapped_column(String(40))
    dated_on: Mapped[date | None]
    title: Mapped[str | None] = mapped_column(String(LONGEST_TITLE))
    signer: Mapped[str | None] = mapped_column(String(LONGEST_NAMES))
    recipients: Mapped[str | None] = mapped_column(Text)
    kept_by: Mapped[str | None] = mapped_column(String(LONGEST_NAMES))
    reason: Mapped[str | None] = mapped_column(String(LONGEST_REASON))
    reserved_by: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id", name="fk_register_entry_reserved_by"))
    reserved_at: Mapped[datetime | None]
    reserved_until: Mapped[date | None]
    settled_by: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id", name="fk_register_entry_settled_by"))
    settled_at: Mapped[datetime | None]
    void_reason: Mapped[str | None] = mapped_column(String(LONGEST_REASON))
    copies: Mapped[int | None]
    sent_on: Mapped[date | None]
    received_by: Mapped[str | None] = mapped_column(String(LONGEST_NAMES))
    note: Mapped[str | None] = mapped_column(String(LONGEST_NOTE))
    version: Mapped[int] = mapped_column(default=1)

    register: Mapped[Register] = relationship(lazy="selectin")
    reserver: Mapped[User | None] = relationship(User, foreign_keys=[reserved_by], lazy="selectin")
    settler: Mapped[User | None] = relationship(User, foreign_keys=[settled_by], lazy="selectin")

    def __str__(self) -> str:
        return reference(self.number, self.symbol) if self.symbol else number_text(self.number)


class NumberingScheme(Base):
    """Which book of an issuer numbers which types, from a year on, as its head decided (Decree 30/2020, article 15).

    Attributes:
        series: a list of `key`, `name_vi`, `name_en` and `types`.
        reason: the head's decision, as it is cited.
        version: counts changes; guards against overwriting each other.
    """

    __tablename__ = "numbering_scheme"
    __table_args__ = (UniqueConstraint("unit_id", "from_year", name="uq_numbering_scheme_year"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id", name="fk_numbering_scheme_unit"))
    from_year: Mapped[int]
    series: Mapped[list[Any]] = mapped_column(JSON)
    reason: Mapped[str] = mapped_column(String(LONGEST_REASON))
    version: Mapped[int] = mapped_column(default=1)


class RegisterPrint(Base):
    """A book as a file, PDF or XLSX: waiting for the worker, ready, or none and why.

    Attributes:
        book_kind: one of `printed_books.BOOKS`, and `book_id` its key there.
        format: `pdf` or `xlsx`.
        above: the number before the first one that is in it.
        last_number: of the book when it was asked for; later ones are not in it.
        done: up to which number the worker has come.
        reason: a code, where there is none.
    """

    __tablename__ = "register_print"
    __table_args__ = (
        CheckConstraint("format IN ('pdf', 'xlsx')", name="ck_register_print_format"),
        CheckConstraint("state IN ('waiting', 'ready', 'none')", name="ck_register_print_state"),
        CheckConstraint("(state = 'ready') = (file_id IS NOT NULL)", name="ck_register_print_file"),
        CheckConstraint("(state = 'none') = (reason IS NOT NULL)", name="ck_register_print_reason"),
        Index("ix_register_print_book", "book_kind", "book_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    book_kind: Mapped[str] = mapped_column(String(16))
    book_id: Mapped[int]
    format: Mapped[str] = mapped_column(String(8))
    state: Mapped[str] = mapped_column(String(16), default=WAITING)
    reason: Mapped[str | None] = mapped_column(String(32))
    above: Mapped[int] = mapped_column(default=0)
    last_number: Mapped[int]
    done: Mapped[int] = mapped_column(default=0)
    pages: Mapped[int | None]
    file_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id", name="fk_register_print_file"))
    asked_by: Mapped[int] = mapped_column(ForeignKey("ab_user.id", name="fk_register_print_user"))
    asked_at: Mapped[datetime] = mapped_column(default=utc_now)

    file: Mapped[StoredFile | None] = relationship(lazy="selectin")


class RegisterPrintPart(Base):
    """Some pages of a register that is being printed; the parts go when they are bound."""

    __tablename__ = "register_print_part"
    __table_args__ = (UniqueConstraint("print_id", "first_page", name="uq_register_print_part_page"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    print_id: Mapped[int] = mapped_column(ForeignKey("register_print.id", name="fk_register_print_part_print"))
    first_page: Mapped[int]
    pages: Mapped[int]
    pdf: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)


class OfficialDocument(Base):
    """An issued document. Its number, text and data are frozen when it is issued; rendering and signatures move on.

    Attributes:
        file_id: the file as it stands: without signatures, and then with each that was given.
        released_at: when the last seal was put on.
        places: where its file is signed, each as `job.Place` has it; empty where its template does not say so.
        verification_code: by which whoever holds it checks it; None for documents issued before there were codes.
        retention_kind: `permanent` or `years`, as its template said when it was issued; None where it did not.
        kept_until: the last day on which it is kept, of one that is kept for years.
    """

    __tablename__ = "official_document"
    __table_args__ = (
        UniqueConstraint("register_id", "number", name="uq_official_document_number"),
        UniqueConstraint("issuer_id", "year", "number", "symbol", name="uq_official_document_symbol"),
        CheckConstraint("number > 0", name="ck_official_document_number"),
        CheckConstraint(
            "status IN ('rendering', 'failed', 'awaiting_signature', 'awaiting_seal', 'released', 'sent_back')",
            name="ck_official_document_status",
        ),
        CheckConstraint(
            "(status IN ('rendering', 'failed')) = (file_id IS NULL)", name="ck_official_document_file_if_rendered"
        ),
        CheckConstraint("(status = 'released') = (released_at IS NOT NULL)", name="ck_official_document_released"),
        CheckConstraint(
            "COALESCE(retention_kind, '') IN ('', 'permanent', 'years') "
            "AND (COALESCE(retention_kind, '') = 'years') = (kept_until IS NOT NULL)",
            name="ck_official_document_retention",
        ),
        Index("ix_official_document_issued", "issued_at", "id"),
        Index("ix_official_document_verification_code", "verification_code", unique=True),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    register_id: Mapped[int] = mapped_column(ForeignKey("register.id", name="fk_official_document_register"))
    issuer_id: Mapped[int] = mapped_column(ForeignKey("unit.id", name="fk_official_document_issuer"))
    year: Mapped[int]
    number: Mapped[int]
    symbol: Mapped[str] = mapped_column(String(40))
    subject: Mapped[str] = mapped_column(String(500))
    issued_on: Mapped[date]
    signer_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id", name="fk_official_document_signer"))
    subject_kind: Mapped[str] = mapped_column(String(32))
    subject_id: Mapped[int]
    template_id: Mapped[int] = mapped_column(ForeignKey("definition.id", name="fk_official_document_template"))
    content: Mapped[str] = mapped_column(Text, deferred=True)
    content_sha256: Mapped[str] = mapped_column(String(64))
    status: Mapped[str] = mapped_column(String(24), default=RENDERING)
    file_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id", name="fk_official_document_file"))
    pages: Mapped[int | None]
    places: Mapped[list[Any]] = mapped_column(JSON, default=list, server_default="[]")
    error: Mapped[str | None] = mapped_column(Text)
    issued_at: Mapped[datetime] = mapped_column(default=utc_now)
    released_at: Mapped[datetime | None]
    verification_code: Mapped[str | None] = mapped_column(String(16))
    retention_kind: Mapped[str | None] = mapped_column(String(16))
    kept_until: Mapped[date | None]

    register: Mapped[Register] = relationship(lazy="selectin")
    issuer: Mapped[Unit] = relationship(lazy="selectin")
    signer: Mapped[User] = relationship(User, lazy="selectin")
    template: Mapped[Definition] = relationship(lazy="selectin")
    file: Mapped[StoredFile | None] = relationship(lazy="selectin")

    if TYPE_CHECKING:  # in `links`, for it looks at their table, and in `retention`
        fate: Mapped[str | None]
        retention: Mapped[str]

    def __str__(self) -> str:
        return reference(self.number, self.symbol)


class SigningAuthority(Base):
    """What lets the head of a part of an issuer sign in the name of the issuer's head (Decree 30/2020, article 13).

    It is entered once and never changed: what was wrong is revoked and entered anew.

    Attributes:
        kind: `TL` by order (thừa lệnh), lasting; `TUQ` by authorisation (thừa ủy quyền), limited in time and content.
        issuer_id: whose documents are signed.
        source_post_id: the post of the issuer's head, whose authority it is.
        signer_post_id: the post that signs.
        with_deputies: whether deputies of the one who signs may sign in his stead; only by order.
        types: abbreviations of types of documents it is for.
        templates: keys of templates it is for; with neither it is for every document, only by order.
        printed_title: what stands below TL. or TUQ.; empty for the title of the post with the name of its unit.
        grounds: number and symbol of the document that says so: the working regulation, or the authorisation.
        grounds_on: the date of that document.
    """

    __tablename__ = "signing_authority"
    __table_args__ = (
        CheckConstraint("kind IN ('TL', 'TUQ')", name="ck_signing_authority_kind"),
        CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name="ck_signing_authority_life"),
        CheckConstraint("kind = 'TL' OR valid_to IS NOT NULL", name="ck_signing_authority_end"),
        CheckConstraint("kind = 'TL' OR NOT with_deputies", name="ck_signing_authority_deputies"),
        CheckConstraint("(revoked_at IS NULL) = (revoked_by IS NULL)", name="ck_signing_authority_revoked"),
        Index("ix_signing_authority_issuer", "issuer_id"),
        Index("ix_signing_authority_signer", "signer_post_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(8))
    issuer_id: Mapped[int] = mapped_column(ForeignKey("unit.id", name="fk_signing_authority_issuer"))
    source_post_id: Mapped[int] = mapped_column(ForeignKey("post.id", name="fk_signing_authority_source_post"))
    signer_post_id: Mapped[int] = mapped_column(ForeignKey("post.id", name="fk_signing_authority_signer_post"))
    with_deputies: Mapped[bool] = mapped_column(default=False)
    types: Mapped[list[str]] = mapped_column(default=list)
    templates: Mapped[list[str]] = mapped_column(default=list)
    printed_title: Mapped[str | None] = mapped_column(String(120))
    grounds: Mapped[str] = mapped_column(String(60))
    grounds_on: Mapped[date]
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    revoked_at: Mapped[datetime | None]
    revoked_by: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id", name="fk_signing_authority_revoked_by"))

    issuer: Mapped[Unit] = relationship(lazy="selectin")
    source_post: Mapped[Post] = relationship(foreign_keys=[source_post_id], lazy="selectin")
    signer_post: Mapped[Post] = relationship(foreign_keys=[signer_post_id], lazy="selectin")
    revoker: Mapped[User | None] = relationship(User, lazy="selectin")

    def __str__(self) -> str:
        return f"{self.kind}. {self.source_post.title_vi} - {self.signer_post}"

    @property
    def state(self) -> str:
        """Whether it is `ahead`, `in_force`, `over` or `revoked` today."""
        if self.revoked_at:
            return "revoked"
        if self.valid_from > today():
            return "ahead"
        return "in_force" if self.last_day is None or self.last_day >= today() else "over"

    @property
    def last_day(self) -> date | None:
        """The last day on which anybody signs by it: its own, or that of the post which gave it or has it."""
        days = (self.valid_to, self.source_post.valid_to, self.signer_post.valid_to)
        return min((day for day in days if day), default=None)
