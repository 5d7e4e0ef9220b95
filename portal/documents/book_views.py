"""The screens on which books are opened, and on which it is said which book numbers what."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import abort, request, url_for
from flask_appbuilder import expose, has_access, permission_name
from flask_babel import gettext

from portal import once
from portal.data import LARGEST_KEY, current_actor, current_session
from portal.definitions.decree import LETTER, LETTER_NAME, TYPE_NAMES, TYPES
from portal.documents import books, keeping, numbering, series
from portal.documents.register_forms import OpenForm, number_of
from portal.documents.series import COPIES, Series
from portal.idempotency import Answer
from portal.refusals import sentence
from portal.rights import called
from portal.security import today
from portal.units.models import Unit
from portal.views import PortalView
from portal.words import label

if TYPE_CHECKING:
    from collections.abc import Sequence

    from werkzeug.wrappers import Response

    from workflows.errors import WorkflowError

MORE_BOOKS = 2
"""Empty lines below the books that there are."""

MOST_BOOKS = 20


class BookView(PortalView):
    """The books of one issuer: opened at cut-over, arranged as its head decided."""

    route_base = "/registers/unit"
    default_view = "books"
    class_permission_name = "RegisterView"

    @expose("/<int:pk>", methods=["GET"])
    @has_access
    @permission_name("keep")
    def books(self, pk: int) -> str:
        """The books of this year, with what each numbers."""
        return self._books_page(_kept_unit(pk), OpenForm())

    @expose("/<int:pk>/open", methods=["POST"])
    @has_access
    @permission_name("keep")
    def open(self, pk: int) -> Response | tuple[str, int]:
        """Open a book at the number after the last one of the paper book."""
        unit, form = _kept_unit(pk), OpenForm(request.form)

        def deed() -> Answer:
            key = str(form.series.data or "")
            told: dict[str, Any] = {
                "seen": request.form.get(f"seen-{key}", None, int),
                "reason": form.reason.data or "",
            }
            told |= {"last_paper": number_of(form.last_paper), "on": today()}
            book = books.open_book(current_session(), current_actor(), unit, key, **told)
            words = gettext("The book is open; its next number is %(number)s.", number=book.last_number + 1)
            return Answer("register", book.id, words=words, location=url_for("RegisterView.show", pk=book.id))

        return once.page_of(deed, lambda refused: self._books_page(_kept_unit(pk), form, refused))

    def _books_page(self, unit: Unit, form: OpenForm, refused: WorkflowError | None = None) -> str:
        session, year = current_session(), today().year
        scheme = (*numbering.scheme_of(session, unit.id, year), COPIES)
        there = {each.series: each for each in books.books_of(session, unit.id, year)}
        lines = [(each, there.get(each.key), types_of(each)) for each in scheme]
        can_open = [each for each, book, _ in lines if book is None or book.last_number == book.before_portal]
        form.offer([(each.key, label(each.name)) for each in can_open])
        return self.page(
            "documents/books.html",
            title=gettext("Books of %(unit)s", unit=called(unit)),
            unit=unit,
            year=year,
            lines=lines,
            form=form,
            can_open=bool(can_open),
            problem=sentence(refused) if refused else "",
            may_arrange=books.may_arrange(current_actor(), unit.id),
            decided=numbering.scheme_from(session, unit.id, year),
            next_decided=books.decided_for(session, unit.id, year + 1),
        )

    @expose("/<int:pk>/arrange", methods=["GET", "POST"])
    @has_access
    @permission_name("arrange")
    def arrange(self, pk: int) -> Response | str | tuple[str, int]:
        """Say which book numbers what, from this year or the next on."""
        unit = _kept_unit(pk)
        if request.method != "POST":
            return self._arrange_page(unit, request.args.get("year", today().year, int))
        year = request.form.get("from_year", 0, int)

        def deed() -> Answer:
            told: dict[str, Any] = {"from_year": year, "version": request.form.get("version", -1, int)}
            told |= {"reason": request.form.get("reason", ""), "on": today()}
            decided = books.arrange(current_session(), current_actor(), unit, typed_scheme(), **told)
            words = gettext("The books are arranged as said, from %(year)s on.", year=year)
            return Answer("numbering_scheme", decided.id, words=words, location=url_for("BookView.books", pk=unit.id))

        return once.page_of(deed, lambda refused: self._arrange_page(_kept_unit(pk), year, refused))

    def _arrange_page(self, unit: Unit, asked: int, refused: WorkflowError | None = None) -> str:
        years = (today().year, today().year + 1)
        year = asked if asked in years else years[0]
        scheme = numbering.scheme_of(current_session(), unit.id, year)
        decided = books.decided_for(current_session(), unit.id, year)
        return self.page(
            "documents/arrange.html",
            title=gettext("Which book numbers what: %(unit)s", unit=called(unit)),
            unit=unit,
            year=year,
            years=years,
            lines=typed_lines() if refused else _lines_of(scheme),
            chosen=typed_places()
            if refused
            else {kind: scheme.index(series.numbering(scheme, kind)) for kind in TYPES},
            names={**TYPE_NAMES, LETTER: LETTER_NAME},
            version=decided.version if decided else 0,
            reason=request.form.get("reason", "") if refused else "",
            problem=sentence(refused) if refused else "",
        )


def types_of(book: Series) -> str:
    """What a book numbers, by abbreviations."""
    return ", ".join(LETTER_NAME if kind == LETTER else kind for kind in book.types)


def _lines_of(scheme: Sequence[Series]) -> list[dict[str, str]]:
    """What stands in the inputs of each book, and empty lines for more."""
    lines = [{"key": each.key, "vi": each.name_vi, "en": each.name_en} for each in scheme]
    return [*lines, *({"key": "", "vi": "", "en": ""} for _ in range(MORE_BOOKS))]


def typed_lines() -> list[dict[str, str]]:
    """The inputs of each book as they were typed."""
    parts = {part: request.form.getlist(f"series.{part}")[:MOST_BOOKS] for part in ("key", "vi", "en")}
    rows = zip(parts["key"], parts["vi"], parts["en"], strict=False)
    return [dict(zip(("key", "vi", "en"), row, strict=True)) for row in rows]


def typed_places() -> dict[str, int]:
    """The line of the book that was chosen for each type."""
    return {kind: request.form.get(f"type.{kind}", -1, int) for kind in TYPES}


def typed_scheme() -> list[Series]:
    """The books that were typed; lines that say nothing are left out."""
    places = typed_places()
    books_typed = []
    for place, line in enumerate(typed_lines()):
        types = tuple(kind for kind in TYPES if places[kind] == place)
        if types or any(text.strip() for text in line.values()):
            books_typed.append(Series(line["key"], line["vi"], line["en"], types))
    return books_typed


def _kept_unit(pk: int) -> Unit:
    """The unit with a key, if the reader keeps its books; another's is as if it did not exist."""
    unit = current_session().get(Unit, pk) if pk <= LARGEST_KEY else None
    if unit is None or not keeping.may_keep(current_actor(), unit.id):
        abort(404)
    return unit


def register(portal: Any) -> None:
    """Give the portal these screens."""
    portal.add_view_no_menu(BookView)
