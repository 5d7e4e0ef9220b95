"""The screens of the books of arrivals: what each has numbered, where it begins, and the ways into both registers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import abort, request, url_for
from flask_appbuilder import expose, has_access, permission_name
from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from portal import once
from portal.data import current_actor, current_session
from portal.documents import register_printing
from portal.documents.register_forms import number_of
from portal.documents.register_words import FORMATS, progress
from portal.idempotency import Answer
from portal.incoming import books, page
from portal.incoming.forms import OpenForm
from portal.incoming.wiring import arrival_books
from portal.incoming.words import PRINTED
from portal.refusals import sentence
from portal.rights import called
from portal.security import today
from portal.views import PortalListView

if TYPE_CHECKING:
    from collections.abc import Sequence

    from werkzeug.wrappers import Response

    from portal.incoming.models import ArrivalBook
    from portal.units.models import Unit
    from workflows.errors import WorkflowError


class ArrivalBookView(PortalListView):
    """The books of arrivals: one series for each unit and year, on paper and electronic."""

    route_base = "/incoming/books"
    class_permission_name = "IncomingView"
    datamodel = arrival_books()
    list_title, show_title = _l("Books of incoming documents"), _l("Book of incoming documents")
    about = _l("One series of arrival numbers for each unit and year, without gaps; the first arrival opens the book.")
    list_template, show_template = "incoming/books.html", "incoming/book.html"
    list_columns = ["unit", "year", "last_number"]
    show_columns = ["unit", "year", "before_portal", "opened_reason", "last_number"]
    order_columns = ["year", "last_number"]
    base_order = ("year", "desc")
    filter_columns = ("unit", "year")
    label_columns = {
        "unit": _l("Unit that received it"),
        "year": _l("Year"),
        "before_portal": _l("Last number of the paper book"),
        "opened_reason": _l("Why it was opened by hand"),
        "last_number": _l("Last number given"),
    }

    def kept_units(self) -> Sequence[Unit]:
        """The units whose books the reader keeps."""
        return page.kept_units()

    @expose("/show/<pk>", methods=["GET"])
    @has_access
    def show(self, pk: str) -> str:
        """A book: how many it has numbered, the ways into both registers, and their prints."""
        item = self.item_or_404(pk)
        session = current_session()
        prints = [(kind, words, register_printing.prints_of(session, kind, item.id)) for kind, words in PRINTED.items()]
        formats = {"formats": FORMATS, "progress": progress}
        return self.page(self.show_template, title=self.heading(item), item=item, prints=prints, **formats)

    def heading(self, item: ArrivalBook) -> Any:
        """Unit and year."""
        return f"{called(item.unit)} {item.year}"

    @expose("/open/<int:pk>", methods=["GET", "POST"])
    @has_access
    @permission_name("keep")
    def open(self, pk: int) -> Response | str | tuple[str, int]:
        """Open this year's book of a unit at the number after the last one of its paper book."""
        unit, form = _kept_unit(pk), OpenForm(request.form)
        if request.method != "POST":
            return self._open_page(unit, form)

        def deed() -> Answer:
            told: dict[str, Any] = {"last_paper": number_of(form.last_paper), "reason": form.reason.data or ""}
            key = books.open_book(current_session(), current_actor(), unit, **told, on=today())
            words = gettext("The book is open; its next number is %(number)s.", number=told["last_paper"] + 1)
            return Answer("arrival_book", key, words=words, location=url_for("ArrivalBookView.show", pk=key))

        return once.page_of(deed, lambda refused: self._open_page(_kept_unit(pk), form, refused))

    def _open_page(self, unit: Unit, form: OpenForm, refused: WorkflowError | None = None) -> str:
        title = gettext("Open the book of %(year)s: %(unit)s", year=today().year, unit=called(unit))
        problem = sentence(refused) if refused else ""
        return self.page("incoming/open.html", title=title, unit=unit, form=form, problem=problem)


def _kept_unit(pk: int) -> Unit:
    """A unit whose book the reader keeps; another is as if it did not exist."""
    found = next((each for each in page.kept_units() if each.id == pk), None)
    if found is None:
        abort(404)
    return found


def register(portal: Any) -> None:
    """Give the portal these screens."""
    portal.add_view_no_menu(ArrivalBookView)
