"""The routes of registers as files: ask for one, see how far it is, take it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import abort, current_app, send_file, url_for
from flask_appbuilder import expose, has_access, permission_name
from flask_babel import gettext

from portal import once
from portal.data import current_actor, current_session, read_key
from portal.documents import register_printing
from portal.documents.models import RegisterPrint
from portal.documents.register_words import FORMATS, progress, why_not_printed
from portal.documents.wiring import registers
from portal.idempotency import Answer
from portal.views import PortalView
from portal.words import label

if TYPE_CHECKING:
    from typing import Any

    from werkzeug.wrappers import Response


class RegisterPrintView(PortalView):
    """Registers printed and exported; whoever may see a register may see what was made of it."""

    route_base = "/register-prints"
    default_view = "show"
    class_permission_name = "RegisterView"

    @expose("/<pk>/<any(pdf, xlsx):action>", methods=["POST"])
    @has_access
    @permission_name("print")
    def ask(self, pk: str, action: str) -> Response:
        """Have a register made into a file, as far as it has come."""
        item = registers().get(pk)
        if item is None:
            abort(404)

        def deed() -> Answer:
            printed = register_printing.ask(current_session(), current_actor(), item, action)
            return Answer("register_print", printed.id, location=url_for("RegisterPrintView.show", pk=printed.id))

        return once.page_after(once.carry_out(deed))

    @expose("/show/<pk>", methods=["GET"])
    @has_access
    @permission_name("show")
    def show(self, pk: str) -> str:
        """How far a file is, and the way to it."""
        item = _print_or_404(pk)
        book = item.register
        return self.page(
            "documents/print.html",
            title=gettext("%(book)s %(year)s as a file", book=label(book.name), year=book.year),
            item=item,
            format=FORMATS[item.format],
            said=progress(item),
            why=why_not_printed(item),
            may_print=current_actor().may("can_print", "RegisterView"),
        )

    @expose("/<pk>/file", methods=["GET"])
    @has_access
    @permission_name("show")
    def file(self, pk: str) -> Response:
        """The file itself, to be kept; there is none for whom the register does not exist."""
        item = _print_or_404(pk)
        if item.file is None:
            abort(404)
        path = current_app.extensions["trinh"]["files"].path(item.file.sha256)
        response = send_file(path, item.file.media_type, as_attachment=True, download_name=item.file.name)
        response.headers["Cache-Control"] = "no-store"
        return response


def _print_or_404(pk: str) -> RegisterPrint:
    """A print, if the actor may see its register."""
    key = read_key(pk)
    found = current_session().get(RegisterPrint, key) if key is not None else None
    if found is None or registers().get(found.register_id) is None:
        abort(404)
    return found


def register(portal: Any) -> None:
    """Give the portal these routes."""
    portal.add_view_no_menu(RegisterPrintView)
