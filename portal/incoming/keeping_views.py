"""What a registrar does with arrivals: registers, corrects, hands over, keeps the scan, makes a number void."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from flask import abort, current_app, request, url_for
from flask_appbuilder import expose, has_access, permission_name
from flask_babel import gettext

from portal import once
from portal.data import current_actor, current_session, read_key
from portal.definitions.decree import LETTER_NAME, TYPE_NAMES
from portal.idempotency import Answer
from portal.incoming import page, service
from portal.incoming.forms import ArrivalForm, HandingForm, ReasonForm
from portal.incoming.wiring import arrivals
from portal.refusals import sentence
from portal.rights import called
from portal.security import today
from portal.views import PortalView, uploaded
from workflows.errors import Refusal

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from werkzeug.wrappers import Response

    from portal.incoming.models import IncomingDocument
    from portal.units.models import Unit
    from workflows.errors import WorkflowError


class KeepingView(PortalView):
    """The verbs of registrars; an arrival of another unit does not exist for them."""

    route_base = "/incoming"
    default_view = "register"
    class_permission_name = "IncomingView"

    @expose("/register", methods=["GET", "POST"])
    @has_access
    @permission_name("keep")
    def register(self) -> Response | str | tuple[str, int]:
        """Register what arrived; what seems to have arrived before is told first."""
        form = ArrivalForm(request.form, obj=SimpleNamespace(arrived_on=today()))
        units = page.kept_units()
        if request.method != "POST":
            return self._form_page(form, units)

        def deed() -> Answer:
            told: dict[str, Any] = {"on": today(), "again": form.again_said()}
            unit = _chosen(form, units)
            incoming = service.register(current_session(), current_actor(), unit, form.asked(), **told)
            return _done(incoming, gettext("Registered under arrival number %(number)s.", number=str(incoming)))

        return once.page_of(deed, lambda refused: self._form_page(form, page.kept_units(), refused))

    @expose("/<pk>/correct", methods=["GET", "POST"])
    @has_access
    @permission_name("keep")
    def correct(self, pk: str) -> Response | str | tuple[str, int]:
        """Correct what was read off a document."""
        item = _kept_or_404(pk)
        form = ArrivalForm(request.form, obj=item)
        if request.method != "POST":
            return self._form_page(form, [item.unit], item=item)

        def deed() -> Answer:
            told: dict[str, Any] = {"version": _version(), "on": today(), "again": form.again_said()}
            incoming = service.correct(current_session(), current_actor(), item.id, form.asked(), **told)
            return _done(incoming, gettext("It is corrected; the audit log keeps what was written before."))

        def again(refused: WorkflowError) -> str:
            there = _kept_or_404(pk)
            return self._form_page(form, [there.unit], refused, there)

        return once.page_of(deed, again)

    def _form_page(
        self,
        form: ArrivalForm,
        units: Sequence[Unit],
        refused: WorkflowError | None = None,
        item: IncomingDocument | None = None,
    ) -> str:
        form.offer((each.id, str(called(each))) for each in units)
        keys: Any = refused.params.get("keys", ()) if refused else ()
        title = gettext("Correct arrival %(number)s", number=str(item)) if item else gettext("Register what arrived")
        return self.page(
            "incoming/register.html",
            title=title,
            form=form,
            item=item,
            version=request.form.get("version", item.version if item else 0),
            has_units=bool(units),
            problem=sentence(refused) if refused else "",
            earlier=service.earlier(current_session(), keys) if keys else (),
            types=(*TYPE_NAMES.values(), LETTER_NAME),
        )

    @expose("/<pk>/void", methods=["POST"])
    @has_access
    @permission_name("keep")
    def void(self, pk: str) -> Response | tuple[str, int]:
        """Make an arrival number void."""
        form = ReasonForm(request.form, prefix="void-")

        def verb(key: int) -> IncomingDocument:
            told: dict[str, Any] = {"version": _version(), "reason": form.reason.data or ""}
            return service.make_void(current_session(), current_actor(), key, **told)

        return self._do(pk, verb, gettext("The arrival number is void."), void=form)

    @expose("/<pk>/handover", methods=["POST"])
    @has_access
    @permission_name("keep")
    def handover(self, pk: str) -> Response | tuple[str, int]:
        """Note to whom an arrival was handed over."""
        form = HandingForm(request.form, prefix="handover-")

        def verb(key: int) -> IncomingDocument:
            return service.hand_over(current_session(), current_actor(), key, form.asked(), version=_version())

        return self._do(pk, verb, gettext("The handing over is noted."), handover=form)

    @expose("/<pk>/scan", methods=["POST"])
    @has_access
    @permission_name("keep")
    def attach(self, pk: str) -> Response | tuple[str, int]:
        """Keep the scan of an arrival."""
        name, content = uploaded("scan")
        store = current_app.extensions["trinh"]["files"]

        def verb(key: int) -> IncomingDocument:
            if not name:
                raise Refusal("file_needed")
            told: dict[str, Any] = {"version": _version(), "name": name, "content": content}
            return service.attach(current_session(), current_actor(), store, key, **told)

        return self._do(pk, verb, gettext("The scan is kept."))

    def _do(
        self, pk: str, verb: Callable[[int], IncomingDocument], done: str, **forms: Any
    ) -> Response | tuple[str, int]:
        """Run a verb once and commit it; what is refused leaves the page with what was typed."""
        key = _kept_or_404(pk).id

        def again(refused: WorkflowError) -> str:
            return self.page("incoming/arrival.html", **page.arrival_page(_kept_or_404(pk), refused, **forms))

        return once.page_of(lambda: _done(verb(key), done), again)


def _chosen(form: ArrivalForm, units: Sequence[Unit]) -> Unit:
    """The unit that received it; the only one, where there is no other."""
    key = read_key(form.unit.data or "")
    found = next((each for each in units if each.id == key or (len(units) == 1 and not form.unit.data)), None)
    if found is None:
        raise Refusal("no_such_unit")
    return found


def _done(incoming: IncomingDocument, words: str) -> Answer:
    place = url_for("IncomingView.show", pk=incoming.id)
    return Answer("incoming_document", incoming.id, words=words, location=place)


def _version() -> int:
    return request.form.get("version", -1, int)


def _kept_or_404(pk: str) -> IncomingDocument:
    """An arrival that the reader may see; whether he keeps it, the verb asks."""
    item: IncomingDocument | None = arrivals().get(pk)
    if item is None:
        abort(404)
    return item


def register(portal: Any) -> None:
    """Give the portal these routes."""
    portal.add_view_no_menu(KeepingView)
