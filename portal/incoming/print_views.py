"""The routes of both registers of incoming documents as files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import url_for
from flask_appbuilder import expose, has_access, permission_name
from flask_babel import gettext

from portal.documents.pages import Place, PrintPages
from portal.incoming.printing import ARRIVALS, HANDLING
from portal.incoming.wiring import arrival_books
from portal.incoming.words import PRINTED

if TYPE_CHECKING:
    from werkzeug.wrappers import Response


class ArrivalPrintView(PrintPages):
    """Registers of incoming documents printed and exported."""

    route_base = "/incoming/prints"
    class_permission_name = "IncomingView"
    kinds = (ARRIVALS, HANDLING)

    def place_of(self, kind: str, key: int, asked: str) -> Place | None:
        """Where a book of arrivals is, if its reader may see it."""
        item = arrival_books().get(key) if kind in self.kinds else None
        if item is None:
            return None
        listed = (str(gettext("Books of incoming documents")), url_for("ArrivalBookView.list"))
        book = (f"{item.unit.name_vi} {item.year}", url_for("ArrivalBookView.show", pk=item.id))
        again = url_for("ArrivalPrintView.ask", pk=item.id, book=kind, action=asked)
        return Place(f"{PRINTED[kind]} {item.year}", (listed, book), again)

    @expose("/<pk>/<any(incoming, handling):book>/<any(pdf, xlsx):action>", methods=["POST"])
    @has_access
    @permission_name("print")
    def ask(self, pk: str, book: str, action: str) -> Response:
        """Have one of the registers made into a file, as far as it has come."""
        return self.ask_for(book, pk, action)


def register(portal: Any) -> None:
    """Give the portal these routes."""
    portal.add_view_no_menu(ArrivalPrintView)
