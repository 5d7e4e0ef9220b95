"""Numbers of outgoing documents: which book gives them, and that each is taken once and without gaps."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select, update

from portal.audit import CHAIN_LOCK
from portal.db import insert_into, lock_for, utc_now
from portal.documents import series
from portal.documents.columns import words_of
from portal.documents.models import (
    LONGEST_NAMES,
    LONGEST_TITLE,
    USED,
    VOID,
    NumberingScheme,
    OfficialDocument,
    Register,
    RegisterEntry,
)
from workflows.errors import Refusal

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from typing import Any

    from sqlalchemy.orm import Session

    from portal.documents.series import Series
    from portal.security import Actor
    from portal.units.models import Unit


def scheme_from(session: Session, unit_id: int, year: int) -> NumberingScheme | None:
    """What the head of an issuer decided for a year, in that year or before; None while he decided nothing.

    Args:
        session: any transaction.
        unit_id: the issuer.
        year: of the documents.
    """
    decided = select(NumberingScheme).where(NumberingScheme.unit_id == unit_id, NumberingScheme.from_year <= year)
    return session.scalar(decided.order_by(NumberingScheme.from_year.desc()).limit(1))


def scheme_of(session: Session, unit_id: int, year: int) -> tuple[Series, ...]:
    """The series of an issuer in a year, without that of copies, which all have.

    Args:
        session: any transaction.
        unit_id: the issuer.
        year: of the documents.
    """
    decided = scheme_from(session, unit_id, year)
    return series.read(decided.series) if decided else series.SHIPPED


def hold_log(session: Session) -> None:
    """Take the audit log before a register, as decisions do, which write it before they issue.

    So nobody waits in a ring, and what was read of books and of what they number holds until the transaction ends.

    Args:
        session: the caller's transaction.
    """
    lock_for(session, CHAIN_LOCK)


def refuse_ended(issuer: Unit, day: date) -> None:
    """See that a unit exists on a day; the books of one that has ended are closed.

    Raises:
        Refusal: `issuer_not_there`.
    """
    if day < issuer.valid_from or (issuer.valid_to is not None and day > issuer.valid_to):
        raise Refusal("issuer_not_there", {"issuer": issuer.name, "on_day": day.isoformat()})


def take_number(session: Session, issuer: Unit, kind: str, day: date) -> tuple[int, int]:
    """The next number for a document, gap-free: it is taken if and only if the caller's transaction commits.

    The book is that of the document's own day: one that is dated 31 December gets a number of that year, also when its
    transaction ends after midnight.

    Args:
        session: the transaction that issues.
        issuer: whose document it is; a steering body is an issuer with books of its own.
        kind: type of the document, or kind of copy.
        day: the document's date; numbers begin at 1 on 1 January (Decree 30/2020, article 15).

    Returns:
        the register's key and the number.

    Raises:
        Refusal: `issuer_not_there`.
    """
    refuse_ended(issuer, day)
    hold_log(session)
    book = series.numbering(scheme_of(session, issuer.id, day.year), kind)
    began(session, issuer.id, day.year, book, before=0, reason=None)
    return _next(session, Register.unit_id == issuer.id, Register.year == day.year, Register.series == book.key)


def next_number(session: Session, register: Register) -> int:
    """The next number of a register that there is, gap-free as in `take_number`.

    Args:
        session: the caller's transaction.
        register: read anew afterwards.
    """
    hold_log(session)
    number = _next(session, Register.id == register.id)[1]
    session.refresh(register)
    return number


def _next(session: Session, *which: Any) -> tuple[int, int]:
    counted = update(Register).where(*which).values(last_number=Register.last_number + 1)
    taken = counted.returning(Register.id, Register.last_number)
    row = session.execute(taken.execution_options(synchronize_session=False)).one()
    return row.id, row.last_number


def began(session: Session, unit_id: int, year: int, book: Series, *, before: int, reason: str | None) -> int | None:
    """Begin a register, unless it is there.

    Args:
        session: the caller's transaction.
        unit_id: the issuer.
        year: of the book.
        book: its series.
        before: the last number of the paper book that it continues, 0 for none.
        reason: why it is opened by hand; None where its first document opens it.

    Returns:
        its key; None where it was there.
    """
    named = {"name_vi": book.name_vi, "name_en": book.name_en, "opened_reason": reason}
    counted = {"before_portal": before, "last_number": before}
    row = insert_into(session, Register).values(unit_id=unit_id, year=year, series=book.key, **named, **counted)
    key: int | None = session.scalar(row.on_conflict_do_nothing().returning(Register.id))
    return key


def enter(session: Session, document: OfficialDocument, content: Mapping[str, Any]) -> RegisterEntry:
    """Write the line of a document into its register, in the transaction that issues it.

    Args:
        session: that transaction.
        document: with its number.
        content: its frozen data; what the line says comes from there.
    """
    words = words_of(content)
    entry = RegisterEntry(
        register_id=document.register_id,
        issuer_id=document.issuer_id,
        year=document.year,
        number=document.number,
        state=USED,
        document_id=document.id,
        symbol=document.symbol,
        dated_on=document.issued_on,
        title=words.title[:LONGEST_TITLE],
        signer=words.signer[:LONGEST_NAMES],
        recipients=words.recipients,
        kept_by=words.kept_by[:LONGEST_NAMES],
        copies=content.get("issued_copies"),
    )
    session.add(entry)
    session.flush()
    return entry


def give_up(session: Session, actor: Actor, document: OfficialDocument, reason: str) -> RegisterEntry:
    """Make the number void of a document that is not going to be signed; its line keeps what the document said.

    Args:
        session: the caller's transaction, in which the document was sent back.
        actor: who sent it back.
        document: which one.
        reason: why, as `keeping.said` left it.
    """
    entry = session.scalars(select(RegisterEntry).where(RegisterEntry.document_id == document.id)).one()
    entry.state, entry.void_reason, entry.version = VOID, reason, entry.version + 1
    entry.settled_by, entry.settled_at = actor.user_id, utc_now()
    session.flush()
    return entry


def refuse_closed(register: Register, day: date) -> None:
    """See that a register takes numbers on a day.

    Raises:
        Refusal: `book_closed`, its year is another; `issuer_not_there`, its unit does not exist.
    """
    if register.year != day.year:
        raise Refusal("book_closed", {"year": register.year})
    refuse_ended(register.unit, day)


def closed(register: Register, day: date) -> str:
    """Why a register takes no number on a day, by the code with which it refuses; empty where it takes one.

    Args:
        register: the book.
        day: today.
    """
    try:
        refuse_closed(register, day)
    except Refusal as refusal:
        return refusal.code
    return ""
