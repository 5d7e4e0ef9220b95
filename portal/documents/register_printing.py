"""Books as files: printed page by page by the worker and bound, or written as a workbook, one line at a time."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, func, select

from portal import audit, excel, jobs
from portal.confined import Budget, ChildFailed
from portal.db import reading
from portal.documents import columns, rules
from portal.documents.binding import BIND_CODES, bound
from portal.documents.job import RENDER_CODES, Limits, RenderJob
from portal.documents.models import NONE, READY, WAITING, RegisterPrint, RegisterPrintPart
from portal.documents.printed_books import BOOKS
from portal.documents.printing import MAY_PASS
from portal.documents.rendering import render
from portal.files import FileStore, keep
from portal.security import today
from portal.units.headers import printed_on
from workflows.errors import Refusal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

    from portal.documents.press import Press
    from portal.documents.printed_books import PrintedBook
    from portal.security import Actor

PRINT_REGISTER = "print_register"
"""The kind of job that makes the next part of a print, or binds it."""

PDF, XLSX = "pdf", "xlsx"
PART_LINES = 150
"""Lines that are printed at a time: a few seconds, after which documents that were issued meanwhile have their turn."""

MOST_SHOWN = 5
LOOK = Path(__file__).with_name("register_look")
REASONS = RENDER_CODES | BIND_CODES
"""Every reason for which there is no print."""


def prints_of(session: Session, kind: str, key: int) -> Sequence[RegisterPrint]:
    """The last prints of a book, the newest first.

    Args:
        session: any transaction.
        kind: of the book.
        key: which one.
    """
    mine = select(RegisterPrint).where(RegisterPrint.book_kind == kind, RegisterPrint.book_id == key)
    return session.scalars(mine.order_by(RegisterPrint.id.desc()).limit(MOST_SHOWN)).all()


def ask(session: Session, actor: Actor, kind: str, key: int, asked: str) -> RegisterPrint:
    """Owe a book as a file, unless one of the same kind is being made.

    Args:
        session: the caller's transaction.
        actor: who wants it.
        kind: of the book, one of `BOOKS`.
        key: which one.
        asked: `pdf` or `xlsx`.

    Raises:
        Refusal: `print_unknown`.
    """
    if asked not in (PDF, XLSX):
        raise Refusal("print_unknown")
    mine = (RegisterPrint.book_kind == kind, RegisterPrint.book_id == key)
    same = (*mine, RegisterPrint.format == asked, RegisterPrint.state == WAITING)
    if waiting := session.scalar(select(RegisterPrint).where(*same).limit(1)):
        return waiting
    book = BOOKS[kind](session, key)
    last = {"above": book.above, "last_number": book.last, "done": book.above}
    printed = RegisterPrint(book_kind=kind, book_id=key, format=asked, asked_by=actor.user_id, **last)
    session.add(printed)
    session.flush()
    jobs.enqueue(session, PRINT_REGISTER, print_id=printed.id)
    details = {"book": kind, "format": asked, "last_number": book.last}
    audit.record(session, actor=actor.username, action="register_printed", kind=book.table, key=key, details=details)
    return printed


@dataclass(frozen=True)
class Step:
    """What is to be done next of a print.

    Attributes:
        done: up to which number it is made.
        job: the next part; None where it is to be bound, or is a workbook.
        last: the last number of that part.
        page: its first page.
        name: of the file.
        parts: to be bound.
    """

    done: int
    job: RenderJob | None
    last: int
    page: int
    name: str
    parts: tuple[bytes, ...] = ()


@cache
def _look(name: str) -> str:
    return (LOOK / name).read_text(encoding="utf-8")


class RegisterPrinter:
    """Makes prints of registers in a file store within limits.

    Attributes:
        store: where files are kept under their hash.
        limits: what one part may use.
        press: of the printer of documents, so that it is warm already.
    """

    def __init__(self, store: FileStore, limits: Limits, press: Press) -> None:
        self.store = store
        self.limits = limits
        self.press = press

    def make(self, session: Session, payload: dict[str, Any]) -> None:
        """Do the next step; what is not waiting is left alone, so that a repeated job does no harm.

        Raises:
            ChildFailed: the machine was too busy; the step is tried again later.
        """
        with reading(session):
            printed = session.get_one(RegisterPrint, payload["print_id"])
            if printed.state != WAITING:
                return
            workbook = self._workbook(session, printed) if printed.format == XLSX else b""
            step = self._step(session, printed)
        if workbook:
            self._settle(session, payload, step, workbook, None)
            return
        try:
            self._print(session, payload, step)
        except ChildFailed as failed:
            if failed.code in MAY_PASS:
                raise
            _settle_without(session, payload, failed.code)

    def _print(self, session: Session, payload: dict[str, Any], step: Step) -> None:
        if step.job is None:
            budget = Budget(self.limits.wall_seconds, self.limits.cpu_seconds, self.limits.memory_bytes)
            pdf, pages = bound(step.parts, budget)
            self._settle(session, payload, step, pdf, pages)
        else:
            result = render(step.job, self.press)
            _keep_part(session, payload, step, result.pdf, result.pages)

    def _step(self, session: Session, printed: RegisterPrint) -> Step:
        """What is next: a part, from the first number that none has; or the binding, when all numbers are in one."""
        name = f"{_book(session, printed).name}.{printed.format}"
        mine = RegisterPrintPart.print_id == printed.id
        pages = session.scalar(select(func.sum(RegisterPrintPart.pages)).where(mine))
        last = min(printed.done + PART_LINES, printed.last_number)
        if printed.format == XLSX or (pages is not None and printed.done >= printed.last_number):
            parts = select(RegisterPrintPart.pdf).where(mine).order_by(RegisterPrintPart.first_page)
            return Step(printed.done, None, last, 0, name, tuple(session.scalars(parts)))
        return Step(printed.done, self._job(session, printed, last, pages), last, pages or 0, name)

    def _job(self, session: Session, printed: RegisterPrint, last: int, pages: int | None) -> RenderJob:
        """What the render child needs for a part; the first one has the cover, which counts as page 0."""
        book = _book(session, printed)
        cells = [[columns.text(value) for value in line] for line in book.lines(session, printed.done, last)]
        counted = f"@page :first {{ counter-reset: page {pages or 0} }}"
        return RenderJob(
            template=_look("register.html"),
            data={
                **cover_of(session, printed, book),
                "cover": pages is None,
                "heads": list(book.look.heads),
                "rows": cells,
            },
            styles=(_look("register.css"), book.look.style(), counted),
            limits=self.limits,
        )

    @staticmethod
    def _workbook(session: Session, printed: RegisterPrint) -> bytes:
        book = _book(session, printed)
        cover = cover_of(session, printed, book)
        titles = filter(None, (" ".join(cover["name_lines"]), book.look.title, book.series, f"Năm: {book.year}"))
        sheet = excel.Sheet(book.tab, tuple(titles), book.look.heads, book.look.widths)
        rows = book.lines(session, printed.above, printed.last_number)
        with tempfile.TemporaryDirectory(prefix="register-") as folder:
            path = Path(folder) / "register.xlsx"
            excel.write(path, sheet, rows)
            return path.read_bytes()

    def _settle(self, session: Session, payload: dict[str, Any], step: Step, content: bytes, pages: int | None) -> None:
        if printed := _still_waiting(session, payload, step.done):
            file = keep(session, self.store, content, step.name, None)
            printed.file_id, printed.pages, printed.done = file.id, pages, printed.last_number
            printed.state = READY
            _forget_parts(session, printed.id)

    @staticmethod
    def give_up(session: Session, payload: dict[str, Any], error: str) -> None:
        """Say that there is none, when no try succeeded."""
        _settle_without(session, payload, error.partition(":")[0])


def _book(session: Session, printed: RegisterPrint) -> PrintedBook:
    return BOOKS[printed.book_kind](session, printed.book_id)


def cover_of(session: Session, printed: RegisterPrint, book: PrintedBook) -> dict[str, Any]:
    """What stands on the cover (Decree 30/2020, appendix IV): whose book of which year, from which number to which.

    Args:
        session: any transaction.
        printed: from which number to which.
        book: that is printed.
    """
    shown = printed_on(session, book.unit, min(today(), date(book.year, 12, 31)))
    header = rules.issuer_header(shown.superior, shown.name)
    return {
        "title": book.look.title,
        "superior_lines": list(header.superior_lines),
        "name_lines": list(header.name_lines),
        "book": book.series,
        "year": book.year,
        "first": rules.number_text(printed.above + 1),
        "last": rules.number_text(printed.last_number) if printed.last_number > printed.above else "…",
        "printed_on": columns.day_text(today()),
    }


def _keep_part(session: Session, payload: dict[str, Any], step: Step, pdf: bytes, pages: int) -> None:
    if printed := _still_waiting(session, payload, step.done):
        session.add(RegisterPrintPart(print_id=printed.id, first_page=step.page, pages=pages, pdf=pdf))
        printed.done = step.last
        jobs.enqueue(session, PRINT_REGISTER, print_id=printed.id)


def _still_waiting(session: Session, payload: dict[str, Any], done: int) -> RegisterPrint | None:
    """The print, held until the transaction ends; None when another worker was faster."""
    printed = session.get_one(RegisterPrint, payload["print_id"], with_for_update=True)
    return printed if printed.state == WAITING and printed.done == done else None


def _settle_without(session: Session, payload: dict[str, Any], code: str) -> None:
    printed = session.get_one(RegisterPrint, payload["print_id"], with_for_update=True)
    if printed.state == WAITING:
        printed.state, printed.reason = NONE, code if code in REASONS else "crashed"
        _forget_parts(session, printed.id)


def _forget_parts(session: Session, print_id: int) -> None:
    session.execute(delete(RegisterPrintPart).where(RegisterPrintPart.print_id == print_id))
