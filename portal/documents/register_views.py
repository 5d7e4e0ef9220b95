"""The screens of the books that documents are numbered in: what each has given, and the next number reserved."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import request, url_for
from flask_appbuilder import expose, has_access, permission_name
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from sqlalchemy import func, select

from portal import once
from portal.data import current_actor, current_session
from portal.documents import keeping, numbering, register_printing
from portal.documents.models import OUTGOING, Register, RegisterEntry
from portal.documents.register_forms import ReserveForm, day_of
from portal.documents.register_words import CLOSED, FORMATS, STATES, progress
from portal.documents.wiring import registers
from portal.idempotency import Answer
from portal.refusals import sentence
from portal.security import today
from portal.units.models import Unit
from portal.views import PortalListView
from portal.words import label

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from werkzeug.wrappers import Response

    from workflows.errors import WorkflowError


class RegisterView(PortalListView):
    """The books that documents are numbered in: one series per issuer and year."""

    route_base = "/registers"
    datamodel = registers()
    base_permissions = ["can_list", "can_show", "can_keep", "can_arrange", "can_print"]
    list_title, show_title = _l("Registers of documents"), _l("Register of documents")
    list_template, show_template = "documents/registers.html", "documents/register.html"
    about = _l("The books that numbers come from: one for each issuer, year and series, without gaps.")
    list_columns = ["unit", "year", "name", "last_number"]
    show_columns = ["unit", "year", "name", "before_portal", "opened_reason", "last_number"]
    order_columns = ["year", "last_number"]
    base_order = ("year", "desc")
    filter_columns = ("unit", "year")
    label_columns = {
        "unit": _l("Issuer"),
        "year": _l("Year"),
        "name": _l("Book"),
        "before_portal": _l("Last number of the paper book"),
        "opened_reason": _l("Why it was opened by hand"),
        "last_number": _l("Last number given"),
    }

    def shown(self, row: Register, column: str) -> Any:
        """A book is called by its name in the reader's language."""
        return label(row.name) if column == "name" else super().shown(row, column)

    def heading(self, item: Register) -> Any:
        """The book and its year."""
        return f"{label(item.name)} {item.year}"

    def kept_units(self) -> Sequence[Unit]:
        """The units whose books the reader keeps, by the alphabet; those that have ended are left out."""
        actor = current_actor()
        if not self.may("can_keep"):
            return ()
        there = select(Unit).where((Unit.valid_to.is_(None)) | (Unit.valid_to >= today()))
        mine = there if actor.sees_everything else there.where(Unit.id.in_(actor.own_units))
        return current_session().scalars(mine.order_by(Unit.sort_key, Unit.id)).all()

    @expose("/show/<pk>", methods=["GET"])
    @has_access
    def show(self, pk: str) -> str:
        """A book: how its numbers stand, what may be done with it, and its prints."""
        return self._book_page(self.item_or_404(pk), ReserveForm())

    @expose("/<pk>/reserve", methods=["POST"])
    @has_access
    @permission_name("keep")
    def reserve(self, pk: str) -> Response | tuple[str, int]:
        """Take the next number for a document that will be signed on paper."""
        item, form = self.item_or_404(pk), ReserveForm(request.form)

        def deed() -> Answer:
            told: dict[str, Any] = {"reason": form.reason.data or "", "until": day_of(form.until), "on": today()}
            entry = keeping.reserve(current_session(), current_actor(), item, **told)
            words = gettext("Number %(number)s is reserved.", number=str(entry))
            return Answer(
                "register_entry", entry.id, words=words, location=url_for("RegisterEntryView.show", pk=entry.id)
            )

        return once.page_of(deed, lambda refused: self._book_page(self.item_or_404(pk), form, refused))

    def _book_page(self, item: Register, form: ReserveForm, refused: WorkflowError | None = None) -> str:
        session, closed = current_session(), numbering.closed(item, today())
        keeps = keeping.may_keep(current_actor(), item.unit_id)
        return self.page(
            self.show_template,
            title=self.heading(item),
            item=item,
            problem=sentence(refused) if refused else "",
            form=form,
            counts=counts_of(item),
            closed=str(CLOSED[closed]) if closed else "",
            keeps=keeps,
            can_open=keeps and not closed and item.last_number == item.before_portal,
            prints=register_printing.prints_of(session, OUTGOING, item.id),
            formats=FORMATS,
            progress=progress,
        )


def counts_of(register: Register) -> list[tuple[str, str, int]]:
    """How many numbers of a book have which fate: key, words, number."""
    counted = select(RegisterEntry.state, func.count()).where(RegisterEntry.register_id == register.id)
    found: dict[str, int] = dict(current_session().execute(counted.group_by(RegisterEntry.state)).all())
    return [(state, str(words), found.get(state, 0)) for state, words in STATES.items()]


def register(portal: Any) -> None:
    """Give the portal these screens."""
    portal.add_view(RegisterView, "Registers", label=_l("Registers of documents"))
