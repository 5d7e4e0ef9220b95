"""The book that follows how arrivals are dealt with: its seven columns, notes, tasks, filing, and the answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import request, url_for
from flask_appbuilder import expose, has_access, permission_name
from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from portal import once
from portal.data import current_actor, current_session, read_key
from portal.idempotency import Answer
from portal.incoming import handling, page
from portal.incoming.forms import NoteForm, ReasonForm, TaskForm
from portal.incoming.lists import ArrivalList
from portal.security import today

if TYPE_CHECKING:
    from collections.abc import Callable

    from werkzeug.wrappers import Response

    from workflows.errors import WorkflowError


class IncomingHandlingView(ArrivalList):
    """How arrivals are dealt with, with the columns that Decree 30/2020, appendix IV prescribes."""

    route_base = "/incoming/handling"
    class_permission_name = "IncomingView"
    exclude_route_methods = {*ArrivalList.exclude_route_methods, "show"}
    list_title = _l("Handling of incoming documents")
    about = _l("Where each arrival stands follows from its tasks, its notes and its answer.")
    list_template = "incoming/handling.html"
    list_columns = ["number", "document", "recipient", "due_on", "state", "answer", "remark"]
    list_reads = ("lead_unit",)
    show_columns = ["number"]
    order_columns = ["number", "due_on"]

    @expose("/<pk>/note", methods=["POST"])
    @has_access
    @permission_name("handle")
    def note(self, pk: str) -> Response | tuple[str, int]:
        """Say how far the handling is."""
        form = NoteForm(request.form, prefix="note-")

        def verb(key: int) -> object:
            told: dict[str, Any] = {"version": _version(), "words": form.words.data or ""}
            return handling.note(current_session(), current_actor(), key, **told)

        return self._do(pk, verb, gettext("The note is kept."), note=form)

    @expose("/<pk>/task", methods=["POST"])
    @has_access
    @permission_name("handle")
    def task(self, pk: str) -> Response | tuple[str, int]:
        """Draft a task of an arrival."""
        form = TaskForm(request.form, prefix="task-")

        def verb(key: int) -> object:
            return handling.make_task(current_session(), current_actor(), key, form.asked(), version=_version())

        done = gettext("The task is drafted. The unit in the lead completes and assigns it.")
        return self._do(pk, verb, done, task=form)

    @expose("/<pk>/answer", methods=["POST"])
    @has_access
    @permission_name("handle")
    def answer(self, pk: str) -> Response | tuple[str, int]:
        """Link the document of ours that answers an arrival."""

        def verb(key: int) -> object:
            chosen = read_key(request.form.get("entry", ""))
            return handling.answer(current_session(), current_actor(), key, chosen, version=_version())

        return self._do(pk, verb, gettext("The answer is linked."))

    @expose("/<pk>/filing", methods=["POST"])
    @has_access
    @permission_name("handle")
    def filing(self, pk: str) -> Response | tuple[str, int]:
        """Close an arrival that needs no answer."""
        form = ReasonForm(request.form, prefix="filing-")

        def verb(key: int) -> object:
            told: dict[str, Any] = {"version": _version(), "reason": form.reason.data or "", "on": today()}
            return handling.file_away(current_session(), current_actor(), key, **told)

        return self._do(pk, verb, gettext("It is filed."), filing=form)

    @expose("/<pk>/taking-up", methods=["POST"])
    @has_access
    @permission_name("handle")
    def taking_up(self, pk: str) -> Response | tuple[str, int]:
        """Take back that an arrival was answered or filed."""
        form = ReasonForm(request.form, prefix="taking-")

        def verb(key: int) -> object:
            told: dict[str, Any] = {"version": _version(), "reason": form.reason.data or ""}
            return handling.take_up_again(current_session(), current_actor(), key, **told)

        return self._do(pk, verb, gettext("It is open again."), taking=form)

    def _do(self, pk: str, verb: Callable[[int], object], done: str, **forms: Any) -> Response | tuple[str, int]:
        """Run a verb once and commit it; what is refused leaves the page with what was typed."""
        key = self.item_or_404(pk).id
        place = url_for("IncomingView.show", pk=key)

        def deed() -> Answer:
            verb(key)
            return Answer("incoming_document", key, words=done, location=place)

        def again(refused: WorkflowError) -> str:
            return self.page("incoming/arrival.html", **page.arrival_page(self.item_or_404(pk), refused, **forms))

        return once.page_of(deed, again)


def _version() -> int:
    return request.form.get("version", -1, int)


def register(portal: Any) -> None:
    """Give the portal these screens."""
    portal.add_view_no_menu(IncomingHandlingView)
