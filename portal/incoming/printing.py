"""Both registers of incoming documents as they are printed and exported: the same arrivals under other columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import joinedload, lazyload

from portal.documents.printed_books import BATCH, Look, PrintedBook
from portal.incoming import columns
from portal.incoming.models import ArrivalBook, IncomingDocument

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sqlalchemy.orm import Session

    from portal.excel import Cell

ARRIVALS, HANDLING = "incoming", "handling"
"""The kinds of books that are printed of arrivals."""

ARRIVAL_LOOK = Look(
    columns.TITLE,
    columns.HEADS,
    widths=(12, 8, 28, 18, 12, 48, 28, 12, 18, 24),
    shares=(7.5, 5, 13, 10.5, 7.5, 25.5, 12, 7, 6, 6),
    centred=(1, 2, 5, 8),
)
HANDLING_LOOK = Look(
    columns.HANDLING_TITLE,
    columns.HANDLING_HEADS,
    widths=(8, 48, 28, 14, 36, 20, 24),
    shares=(6, 30, 16, 9, 18, 12, 9),
    centred=(1, 4),
)


def _lines(session: Session, book_id: int, above: int, last: int) -> Iterator[IncomingDocument]:
    """Arrivals of a book in order, with the unit that got each and its answer; read a few at a time."""
    unit, answer = joinedload(IncomingDocument.lead_unit), joinedload(IncomingDocument.answer)
    mine = (
        IncomingDocument.book_id == book_id,
        IncomingDocument.number > above,
        IncomingDocument.number <= last,
    )
    asked = select(IncomingDocument).where(*mine).order_by(IncomingDocument.number)
    asked = asked.options(lazyload("*"), unit.lazyload("*"), answer.lazyload("*"))
    return iter(session.scalars(asked.execution_options(yield_per=BATCH)))


def _book(
    session: Session, key: int, look: Look, name: str, values: Callable[[IncomingDocument], tuple[Cell, ...]]
) -> PrintedBook:
    book = session.get_one(ArrivalBook, key)

    def cells(within: Session, above: int, last: int) -> Iterator[tuple[Cell, ...]]:
        return map(values, _lines(within, key, above, last))

    return PrintedBook(
        table=ArrivalBook.__tablename__,
        look=look,
        unit=book.unit,
        year=book.year,
        series="",
        tab=f"Văn bản đến {book.year}",
        name=f"{name}-{book.unit.code}-{book.year}",
        above=book.before_portal,
        last=book.last_number,
        lines=cells,
    )


def arrivals(session: Session, key: int) -> PrintedBook:
    """The register of incoming documents of a unit and a year, ten columns.

    Args:
        session: any transaction.
        key: of the book of arrivals.
    """
    return _book(session, key, ARRIVAL_LOOK, "so-van-ban-den", columns.arrival_values)


def handling(session: Session, key: int) -> PrintedBook:
    """The book that follows how they are dealt with, seven columns.

    Args:
        session: any transaction.
        key: of the book of arrivals.
    """
    return _book(session, key, HANDLING_LOOK, "so-theo-doi-giai-quyet-van-ban-den", columns.handling_values)
