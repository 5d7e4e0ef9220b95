"""The register of outgoing documents, line by line: its ten columns, and what a registrar does with a number."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import request, url_for
from flask_appbuilder import expose, has_access, permission_name
from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from portal import once
from portal.data import current_actor, current_session
from portal.documents import keeping
from portal.documents.models import RESERVED, USED, Register, RegisterEntry
from portal.documents.register_forms import HandoverForm, PaperForm, VoidForm
from portal.documents.register_words import STATE_TONES, STATES, remark
from portal.documents.wiring import entries, registers
from portal.idempotency import Answer
from portal.refusals import sentence
from portal.security import today
from portal.views import PortalListView

if TYPE_CHECKING:
    from collections.abc import Callable

    from werkzeug.wrappers import Response
    from wtforms import Form

    from workflows.errors import WorkflowError

    Verb = Callable[[RegisterEntry, int], RegisterEntry]

LONGEST_SOUGHT_NUMBER = 9


class RegisterEntryView(PortalListView):
    """Lines of registers of outgoing documents, with the columns that Decree 30/2020, appendix IV prescribes."""

    route_base = "/register-entries"
    class_permission_name = "RegisterView"
    datamodel = entries()
    list_title, show_title = _l("Register of outgoing documents"), _l("Number of a register")
    about = _l("Every number of the book: used by a document, reserved for one, or void with a reason.")
    list_template, show_template = "documents/entries.html", "documents/entry.html"
    list_columns = [
        *("number", "dated_on", "title", "signer", "recipients", "kept_by"),
        *("copies", "sent_on", "received_by", "note"),
    ]
    list_reads = ("reserver",)
    dense = True
    show_columns = list_columns
    order_columns = ["number", "dated_on", "sent_on"]
    base_order = ("number", "desc")
    filter_columns = ("state", "register")
    searched = (
        *(RegisterEntry.title, RegisterEntry.symbol, RegisterEntry.signer, RegisterEntry.recipients),
        *(RegisterEntry.reason, RegisterEntry.void_reason, RegisterEntry.received_by, RegisterEntry.note),
    )
    choices = {"state": lambda: [(key, str(words)) for key, words in STATES.items()]}
    tones = {"state": STATE_TONES}
    label_columns = {
        "number": _l("Number and symbol"),
        "dated_on": _l("Date of the document"),
        "title": _l("Type and subject"),
        "signer": _l("Signer"),
        "recipients": _l("Recipients"),
        "kept_by": _l("Who keeps the copy"),
        "copies": _l("Number of copies"),
        "sent_on": _l("Handed over on"),
        "received_by": _l("Received by"),
        "note": _l("Remark"),
        "state": _l("State"),
        "register": _l("Book"),
    }

    def shown(self, row: RegisterEntry, column: str) -> Any:
        """The number with its symbol, and in the last column why there is none."""
        if column == "number":
            return str(row)
        return remark(row) if column == "note" else super().shown(row, column)

    def book_asked(self) -> Register | None:
        """The book that the address narrows the list to, if its reader may see it."""
        book: Register | None = registers().get(request.args.get("register", ""))
        return book

    def _asked_filters(self) -> Any:
        words = request.args.get("q", "").strip()
        is_number = words.isascii() and words.isdigit() and len(words) <= LONGEST_SOUGHT_NUMBER
        if not is_number:
            return super()._asked_filters()
        filters = self.datamodel.get_filters()
        filters.add_filter("number", self.datamodel.FilterEqual, int(words))
        for column in self.filter_columns:
            value = request.args.get(column, "")
            relation = self.datamodel.FilterRelationOneToManyEqual
            if value:
                is_relation = self.datamodel.is_relation(column)
                filters.add_filter(column, relation if is_relation else self.datamodel.FilterEqual, value)
        return filters

    @expose("/show/<pk>", methods=["GET"])
    @has_access
    def show(self, pk: str) -> str:
        """One number: its columns, what became of it and by whom, and what may be done with it."""
        return self._line_page(self.item_or_404(pk))

    @expose("/<pk>/void", methods=["POST"])
    @has_access
    @permission_name("keep")
    def void(self, pk: str) -> Response | tuple[str, int]:
        """Make a reserved number void."""
        form = VoidForm(request.form, prefix="void-")

        def verb(entry: RegisterEntry, version: int) -> RegisterEntry:
            told: dict[str, Any] = {"version": version, "reason": form.reason.data or ""}
            return keeping.make_void(current_session(), current_actor(), entry.id, **told)

        return self._do(pk, verb, gettext("The number is void."), void=form)

    @expose("/<pk>/paper", methods=["POST"])
    @has_access
    @permission_name("keep")
    def paper(self, pk: str) -> Response | tuple[str, int]:
        """Register a document signed on paper under a reserved number."""
        form = PaperForm(request.form, prefix="paper-")

        def verb(entry: RegisterEntry, version: int) -> RegisterEntry:
            told: dict[str, Any] = {"version": version, "on": today()}
            return keeping.use_on_paper(current_session(), current_actor(), entry.id, form.asked(), **told)

        return self._do(pk, verb, gettext("The document is registered."), paper=form)

    @expose("/<pk>/handover", methods=["POST"])
    @has_access
    @permission_name("keep")
    def handover(self, pk: str) -> Response | tuple[str, int]:
        """Note what was handed over of a document."""
        form = HandoverForm(request.form, prefix="handover-")

        def verb(entry: RegisterEntry, version: int) -> RegisterEntry:
            session, actor = current_session(), current_actor()
            return keeping.note_handover(session, actor, entry.id, form.asked(), version=version)

        return self._do(pk, verb, gettext("The handing over is noted."), handover=form)

    def _do(self, pk: str, verb: Verb, done: str, **forms: Form) -> Response | tuple[str, int]:
        """Run a verb once and commit it; what is refused leaves the page with what was typed."""
        entry = self.item_or_404(pk)
        place = url_for("RegisterEntryView.show", pk=entry.id)

        def deed() -> Answer:
            verb(entry, request.form.get("version", -1, int))
            return Answer("register_entry", entry.id, words=done, location=place)

        return once.page_of(deed, lambda refused: self._line_page(self.item_or_404(pk), refused, **forms))

    def _line_page(self, item: RegisterEntry, refused: WorkflowError | None = None, **forms: Form) -> str:
        keeps = keeping.may_keep(current_actor(), item.issuer_id)
        return self.page(
            self.show_template,
            title=gettext("Number %(number)s", number=str(item)),
            item=item,
            problem=sentence(refused) if refused else "",
            settles=keeps and item.state == RESERVED,
            hands_over=keeps and item.state == USED,
            void=forms.get("void") or VoidForm(prefix="void-"),
            paper=forms.get("paper") or PaperForm(prefix="paper-"),
            handover=forms.get("handover") or HandoverForm(obj=item, prefix="handover-"),
        )


def register(portal: Any) -> None:
    """Give the portal these screens."""
    portal.add_view_no_menu(RegisterEntryView)
