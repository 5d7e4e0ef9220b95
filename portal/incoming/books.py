"""Arrival numbers: which book gives them, that each is taken once and without gaps, and where a book begins."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import select

from portal import audit
from portal.db import insert_into
from portal.documents import numbering
from portal.documents.books import number_on_paper
from portal.documents.keeping import said
from portal.documents.models import LONGEST_REASON
from portal.incoming.models import ArrivalBook
from workflows.errors import Refusal

if TYPE_CHECKING:
    from datetime import date

    from sqlalchemy.orm import Session

    from portal.security import Actor
    from portal.units.models import Unit


class Taken(NamedTuple):
    """A number that was taken.

    Attributes:
        book_id: of which book.
        number: which one.
    """

    book_id: int
    number: int


def take_number(session: Session, unit: Unit, day: date) -> Taken:
    """The next arrival number of a unit, gap-free: it is taken if and only if the caller's transaction commits.

    Whoever registers for the same unit waits until then, so that two cannot register one document unawares.

    Args:
        session: the caller's transaction.
        unit: that received the document.
        day: its arrival; numbers begin at 1 on 1 January (Decree 30/2020, article 22).

    Raises:
        Refusal: `issuer_not_there`, the unit does not exist on that day.
    """
    numbering.refuse_ended(unit, day)
    first = insert_into(session, ArrivalBook).values(unit_id=unit.id, year=day.year, before_portal=0, last_number=1)
    next_one = {"last_number": ArrivalBook.last_number + 1}
    taken = first.on_conflict_do_update(index_elements=["unit_id", "year"], set_=next_one)
    return Taken(*session.execute(taken.returning(ArrivalBook.id, ArrivalBook.last_number)).one())


def open_book(session: Session, actor: Actor, unit: Unit, *, last_paper: int | None, reason: str, on: date) -> int:
    """Open this year's book at the number after the last one of the paper book, for as long as it numbered nothing.

    Args:
        session: the caller's transaction.
        actor: the registrar; that he keeps the book was checked.
        unit: whose book.
        last_paper: the last number of the paper book, 0 where it begins with 01.
        reason: why, kept with the book.
        on: today.

    Returns:
        the key of the book.

    Raises:
        Refusal: `issuer_not_there`, `last_paper_wrong`, `reason_required`, `book_in_use`, or as a text is refused.
    """
    numbering.refuse_ended(unit, on)
    before = number_on_paper(last_paper)
    why = said(reason, "reason_required", LONGEST_REASON)
    values = {"before_portal": before, "last_number": before, "opened_reason": why}
    row = insert_into(session, ArrivalBook).values(unit_id=unit.id, year=on.year, **values)
    untouched = ArrivalBook.last_number == ArrivalBook.before_portal
    opened = row.on_conflict_do_update(index_elements=["unit_id", "year"], set_=values, where=untouched)
    key: int | None = session.scalar(opened.returning(ArrivalBook.id))
    if key is None:
        raise Refusal("book_in_use", {"number": _last_number(session, unit.id, on.year)})
    told = {"year": on.year, "last_paper": last_paper, "reason": why}
    audit.record(
        session, actor=actor.username, action="arrival_book_opened", kind="arrival_book", key=key, details=told
    )
    return key


def _last_number(session: Session, unit_id: int, year: int) -> int | None:
    mine = select(ArrivalBook.last_number).where(ArrivalBook.unit_id == unit_id, ArrivalBook.year == year)
    return session.scalar(mine)
