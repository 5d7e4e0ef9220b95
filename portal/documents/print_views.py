"""The routes of registers of outgoing documents as files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import url_for
from flask_appbuilder import expose, has_access, permission_name
from flask_babel import gettext

from portal.documents.models import OUTGOING
from portal.documents.pages import Place, PrintPages
from portal.documents.wiring import registers
from portal.words import label

if TYPE_CHECKING:
    from typing import Any

    from werkzeug.wrappers import Response


class RegisterPrintView(PrintPages):
    """Registers of outgoing documents printed and exported."""

    route_base = "/register-prints"
    class_permission_name = "RegisterView"
    kinds = (OUTGOING,)

    def place_of(self, kind: str, key: int, asked: str) -> Place | None:
        """Where a register is, if its reader may see it."""
        item = registers().get(key) if kind in self.kinds else None
        if item is None:
            return None
        title = f"{label(item.name)} {item.year}"
        listed = (str(gettext("Registers of documents")), url_for("RegisterView.list"))
        again = url_for("RegisterPrintView.ask", pk=item.id, action=asked)
        return Place(title, (listed, (title, url_for("RegisterView.show", pk=item.id))), again)

    @expose("/<pk>/<any(pdf, xlsx):action>", methods=["POST"])
    @has_access
    @permission_name("print")
    def ask(self, pk: str, action: str) -> Response:
        """Have a register made into a file, as far as it has come."""
        return self.ask_for(OUTGOING, pk, action)


def register(portal: Any) -> None:
    """Give the portal these routes."""
    portal.add_view_no_menu(RegisterPrintView)
