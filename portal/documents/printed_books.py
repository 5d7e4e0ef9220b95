"""Books as they are printed and exported: title, heads, widths and lines, whatever is registered in them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask_appbuilder.security.sqla.models import User
from sqlalchemy import func, select
from sqlalchemy.orm import lazyload

from portal.documents import columns
from portal.documents.models import OUTGOING, Register, RegisterEntry

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sqlalchemy.orm import Session

    from portal.excel import Cell
    from portal.units.models import Unit

    Lines = Callable[[Session, int, int], Iterator[tuple[Cell, ...]]]

BATCH = 500


@dataclass(frozen=True)
class Look:
    """How the lines of a kind of book are set.

    Attributes:
        title: of the book, in capitals (Decree 30/2020, appendix IV).
        heads: of the columns, as the decree prescribes them.
        widths: of the columns of a workbook, in letters.
        shares: of the columns of a page, in percent.
        centred: columns with days and numbers, counted from 1.
    """

    title: str
    heads: tuple[str, ...]
    widths: tuple[int, ...]
    shares: tuple[float, ...]
    centred: tuple[int, ...]

    def style(self) -> str:
        """The widths of a page's columns, as a style sheet."""
        wide = [f"th:nth-child({at}) {{ width: {share}% }}" for at, share in enumerate(self.shares, 1)]
        middle = [f"tbody td:nth-child({at}) {{ text-align: center }}" for at in self.centred]
        return "\n".join((*wide, *middle))


@dataclass(frozen=True)
class PrintedBook:
    """One book that can be printed.

    Attributes:
        table: what the audit log calls it.
        look: how its lines are set.
        unit: whose book it is.
        year: of the book.
        series: what stands below the title; possibly empty.
        tab: of the workbook.
        name: of the file, without its ending.
        above: the number before the first line.
        last: the number of the last one.
        lines: given a session, the number before the first line and that of the last one, the cells of each line in
            order, days and numbers as what they are; read a few at a time.
    """

    table: str
    look: Look
    unit: Unit
    year: int
    series: str
    tab: str
    name: str
    above: int
    last: int
    lines: Lines


BOOKS: dict[str, Callable[[Session, int], PrintedBook]] = {}
"""Port: kind of book → the book with this key; rooms above add theirs in `app`."""

OUTGOING_LOOK = Look(
    columns.TITLE,
    columns.HEADS,
    widths=(16, 12, 48, 22, 36, 18, 9, 12, 18, 30),
    shares=(10, 7.5, 23, 9.5, 16, 8, 4.5, 7.5, 6, 8),
    centred=(2, 7, 8),
)


def lines(session: Session, register_id: int, above: int, last: int) -> Iterator[tuple[RegisterEntry, str]]:
    """Lines of a register in order, with the name of whoever reserved the number; read a few at a time.

    Args:
        session: any transaction.
        register_id: which one.
        above: the number before the first line.
        last: the number of the last one.
    """
    name = func.coalesce(User.first_name + " " + User.last_name, "")
    asked = select(RegisterEntry, name).outerjoin(User, User.id == RegisterEntry.reserved_by).options(lazyload("*"))
    mine = (RegisterEntry.register_id == register_id, RegisterEntry.number > above, RegisterEntry.number <= last)
    found = session.execute(asked.where(*mine).order_by(RegisterEntry.number).execution_options(yield_per=BATCH))
    return ((entry, reserver) for entry, reserver in found)


def outgoing(session: Session, key: int) -> PrintedBook:
    """A register of outgoing documents as it is printed.

    Args:
        session: any transaction.
        key: of the register.
    """
    book = session.get_one(Register, key)

    def cells(within: Session, above: int, last: int) -> Iterator[tuple[Cell, ...]]:
        return (columns.values(*line) for line in lines(within, key, above, last))

    return PrintedBook(
        table=Register.__tablename__,
        look=OUTGOING_LOOK,
        unit=book.unit,
        year=book.year,
        series=book.name_vi,
        tab=f"Văn bản đi {book.year}",
        name=f"so-van-ban-di-{book.unit.code}-{book.year}-{book.series}",
        above=book.before_portal,
        last=book.last_number,
        lines=cells,
    )


BOOKS[OUTGOING] = outgoing
