"""Whether every number of every register has exactly one fate: what an operator and the tests ask after a crash."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import aliased

from portal.documents.models import RESERVED, SENT_BACK, VOID, OfficialDocument, Register, RegisterEntry
from portal.documents.rules import reference

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from sqlalchemy.orm import Session

MOST_NAMED = 20
"""How many numbers of one book are named; a book without any line would otherwise fill the screen."""


class Finding(NamedTuple):
    """What is wrong with a number, or, where it is no more than overdue, what a registrar has to see to.

    Attributes:
        register_id: in which book.
        number: which one.
        what: in English, for the operator.
        is_wrong: False for a number that is reserved longer than it was to be.
    """

    register_id: int
    number: int
    what: str
    is_wrong: bool = True


def examine(session: Session, on: date) -> list[Finding]:
    """Every number without a fate, every one with two, and what is reserved for too long.

    Args:
        session: any transaction; best one that sees a single moment.
        on: today.
    """
    books = session.execute(select(Register.id, Register.before_portal, Register.last_number).order_by(Register.id))
    found = [finding for book in books.all() for finding in _gaps(session, *book)]
    found += _without_line(session)
    found += _not_the_same(session)
    found += _given_twice(session)
    found += _overdue(session, on)
    return found


def _gaps(session: Session, register_id: int, before: int, last: int) -> Iterator[Finding]:
    """Numbers between the first and the last that have no line, and lines beside them."""
    mine = RegisterEntry.register_id == register_id
    asked = select(func.count(), func.min(RegisterEntry.number), func.max(RegisterEntry.number)).where(mine)
    count, lowest, highest = session.execute(asked).one()
    if count == last - before and (not count or (lowest, highest) == (before + 1, last)):
        return
    there, should = set(session.scalars(select(RegisterEntry.number).where(mine))), set(range(before + 1, last + 1))
    for number in sorted(should - there)[:MOST_NAMED]:
        yield Finding(register_id, number, "no document, no reservation, not void: a gap")
    for number in sorted(there - should)[:MOST_NAMED]:
        yield Finding(register_id, number, "outside the numbers that the book has given")


def _without_line(session: Session) -> Iterator[Finding]:
    """Documents of the portal that their book does not know."""
    lines = select(RegisterEntry.document_id).where(RegisterEntry.document_id.is_not(None))
    asked = select(OfficialDocument.register_id, OfficialDocument.number).where(OfficialDocument.id.not_in(lines))
    for register_id, number in session.execute(asked.order_by(OfficialDocument.id)):
        yield Finding(register_id, number, "an issued document that has no line in its book")


def _not_the_same(session: Session) -> Iterator[Finding]:
    """Lines that say something else than their document or their book."""
    document, book = OfficialDocument, Register
    differs = or_(
        document.register_id != RegisterEntry.register_id,
        document.number != RegisterEntry.number,
        document.symbol != RegisterEntry.symbol,
        document.issued_on != RegisterEntry.dated_on,
        document.issuer_id != RegisterEntry.issuer_id,
        document.year != RegisterEntry.year,
        (document.status == SENT_BACK) != (RegisterEntry.state == VOID),
    )
    asked = select(RegisterEntry.register_id, RegisterEntry.number).join(
        document, document.id == RegisterEntry.document_id
    )
    for row in session.execute(asked.where(differs).order_by(RegisterEntry.id)):
        yield Finding(*row, "its line says something else than its document")
    elsewhere = or_(book.unit_id != RegisterEntry.issuer_id, book.year != RegisterEntry.year)
    asked = select(RegisterEntry.register_id, RegisterEntry.number).join(book, book.id == RegisterEntry.register_id)
    for row in session.execute(asked.where(elsewhere).order_by(RegisterEntry.id)):
        yield Finding(*row, "its line names another issuer or year than its book")


def _given_twice(session: Session) -> Iterator[Finding]:
    """Number and symbol that an issuer has twice in a year, in whichever books."""
    other = aliased(RegisterEntry)
    same = and_(
        other.issuer_id == RegisterEntry.issuer_id,
        other.year == RegisterEntry.year,
        other.number == RegisterEntry.number,
        other.symbol == RegisterEntry.symbol,
        other.id < RegisterEntry.id,
    )
    asked = select(RegisterEntry.register_id, RegisterEntry.number, RegisterEntry.symbol).join(other, same)
    for register_id, number, symbol in session.execute(asked.order_by(RegisterEntry.id)):
        yield Finding(register_id, number, f"{reference(number, str(symbol))} is given twice in its year")


def _overdue(session: Session, on: date) -> Iterator[Finding]:
    """Numbers whose paper document should have been registered by now."""
    asked = select(RegisterEntry.register_id, RegisterEntry.number, RegisterEntry.reserved_until)
    late = asked.where(RegisterEntry.state == RESERVED, RegisterEntry.reserved_until < on)
    for register_id, number, until in session.execute(late.order_by(RegisterEntry.id)):
        what = f"reserved until {until}: register the document signed on paper, or void the number"
        yield Finding(register_id, number, what, is_wrong=False)
