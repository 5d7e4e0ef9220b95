"""Exchange files and packages: taken out of the portal by a registrar, or registered as arrivals."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from flask import abort, current_app, request, send_file, url_for
from flask_appbuilder import expose, has_access, permission_name
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import FileField, Form, SelectField, TextAreaField

from portal import once
from portal.data import current_actor, current_session, read_key
from portal.documents.rules import file_name
from portal.documents.wiring import documents
from portal.exchange import arriving, making
from portal.exchange import words as _words  # noqa: F401 - says the sentences
from portal.idempotency import Answer
from portal.incoming import page as incoming_page
from portal.incoming import service as incoming
from portal.refusals import sentence
from portal.rights import called
from portal.security import today
from portal.views import PortalView, uploaded
from workflows.errors import Refusal

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from werkzeug.wrappers import Response

    from portal.units.models import Unit
    from workflows.errors import WorkflowError

EDXML, ZIP = "application/xml", "application/zip"


class SendingView(PortalView):
    """What a registrar takes out of the portal of a released document; each time is in the log."""

    route_base = "/exchange"
    class_permission_name = "RegisterView"

    @expose("/<pk>/edxml", methods=["POST"])
    @has_access
    @permission_name("keep")
    def edxml(self, pk: str) -> Response:
        """The exchange file of a document."""
        return _taken_out(pk, making.exchange_file, "edxml", EDXML)

    @expose("/<pk>/package", methods=["POST"])
    @has_access
    @permission_name("keep")
    def package(self, pk: str) -> Response:
        """The package of a document for the archive."""
        return _taken_out(pk, making.package_of, "zip", ZIP)


def _taken_out(pk: str, make: Callable[..., bytes], ending: str, media_type: str) -> Response:
    """Make a file and send it."""
    item = documents().get(pk)
    if item is None:
        abort(404)
    content = make(current_session(), current_actor(), current_app.extensions["trinh"]["files"], item)
    name = file_name(item.number, item.symbol, item.year, ending)
    current_session().commit()
    answer = send_file(io.BytesIO(content), media_type, as_attachment=True, download_name=name)
    answer.headers["Cache-Control"] = "no-store"
    return answer


class ArrivingForm(Form):
    """An exchange file that arrived."""

    unit = SelectField(_l("Unit that received it"))
    file = FileField(_l("Exchange file (.edxml)"))
    again_reason = TextAreaField(
        _l("Why it is not the same document"),
        description=_l("Only where the portal says that it arrived before. It is kept with the arrival."),
        render_kw={"rows": 2},
    )


class ArrivingView(PortalView):
    """Exchange files of others on their way in."""

    route_base = "/incoming"
    default_view = "arrive"
    class_permission_name = "IncomingView"

    @expose("/exchange-file", methods=["GET", "POST"])
    @has_access
    @permission_name("keep")
    def arrive(self) -> Response | str | tuple[str, int]:
        """Register an exchange file as an arrival."""
        form = ArrivingForm(request.form)
        units = incoming_page.kept_units()
        form.unit.choices = [(str(each.id), str(called(each))) for each in units]
        if request.method != "POST":
            return self._form_page(form, units)
        _, content = uploaded("file")
        return once.page_of(
            lambda: _arrived(form, units, content), lambda refused: self._form_page(form, units, refused)
        )

    def _form_page(self, form: ArrivingForm, units: Sequence[Unit], refused: WorkflowError | None = None) -> str:
        keys: Any = refused.params.get("keys", ()) if refused else ()
        return self.page(
            "exchange/arrive.html",
            title=gettext("Register an exchange file"),
            form=form,
            has_units=bool(units),
            problem=sentence(refused) if refused else "",
            earlier=incoming.earlier(current_session(), keys) if keys else (),
        )


def _arrived(form: ArrivingForm, units: Sequence[Unit], content: bytes) -> Answer:
    key = read_key(form.unit.data or "")
    unit = next((each for each in units if each.id == key or len(units) == 1), None)
    if unit is None:
        raise Refusal("no_such_unit")
    if not content:
        raise Refusal("file_needed")
    store, again = current_app.extensions["trinh"]["files"], form.again_reason.data or ""
    row = arriving.arrive(current_session(), current_actor(), store, unit, content, on=today(), again=again)
    words = gettext("Registered under arrival number %(number)s.", number=str(row))
    return Answer("incoming_document", row.id, words=words, location=url_for("IncomingView.show", pk=row.id))


def register(portal: Any) -> None:
    """Give the portal the room's routes."""
    portal.add_view_no_menu(SendingView)
    portal.add_view_no_menu(ArrivingView)
