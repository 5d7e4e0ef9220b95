"""The register of incoming documents, line by line with its ten columns, and the page of each arrival."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import abort, current_app, send_file
from flask_appbuilder import expose, has_access, permission_name
from flask_babel import lazy_gettext as _l

from portal.incoming import page
from portal.incoming.lists import ArrivalList

if TYPE_CHECKING:
    from werkzeug.wrappers import Response


class IncomingView(ArrivalList):
    """Arrivals, with the columns that Decree 30/2020, appendix IV prescribes for the register."""

    route_base = "/incoming"
    base_permissions = ["can_list", "can_show", "can_keep", "can_handle", "can_print"]
    list_title, show_title = _l("Incoming documents"), _l("Incoming document")
    about = _l("Everything that arrived, on paper or electronically, under one series of numbers a year.")
    list_template, show_template = "incoming/arrivals.html", "incoming/arrival.html"
    list_columns = [
        *("arrived_on", "number", "author", "symbol", "dated_on", "title"),
        *("recipient", "handed_on", "received_by", "remark"),
    ]
    list_reads = ("lead_unit",)
    show_columns = list_columns
    order_columns = ["arrived_on", "number", "dated_on", "handed_on"]

    @expose("/show/<pk>", methods=["GET"])
    @has_access
    def show(self, pk: str) -> str:
        """One arrival: its columns, its scan, what became of it, and what may be done with it."""
        return self.page(self.show_template, **page.arrival_page(self.item_or_404(pk)))

    @expose("/<pk>/scan", methods=["GET"])
    @has_access
    @permission_name("show")
    def scan(self, pk: str) -> Response:
        """The scan, to be kept; there is none for whom the arrival does not exist."""
        item = self.item_or_404(pk)
        if item.file is None:
            abort(404)
        path = current_app.extensions["trinh"]["files"].path(item.file.sha256)
        response = send_file(path, item.file.media_type, as_attachment=True, download_name=item.file.name)
        response.headers["Content-Security-Policy"] = "sandbox"
        response.headers["Cache-Control"] = "no-store"
        return response


def register(portal: Any) -> None:
    """Give the portal these screens."""
    portal.add_view(IncomingView, "Incoming documents", label=_l("Incoming documents"))
