"""Copies on paper by REST, to read."""

from __future__ import annotations

from typing import Any

from portal.rest import PortalReadApi
from portal.sequels.wiring import copies


class CopyApi(PortalReadApi):
    """Copies of the units whose registers the reader may see."""

    resource_name = "certified-copy"
    class_permission_name = "RegisterApi"
    datamodel = copies()
    list_columns = ["id", "number", "symbol", "form", "title", "unit.code", "dated_on", "status", "signed_on"]
    show_columns = [
        *list_columns,
        *("document_id", "incoming_id", "parts", "pages", "signer.first_name", "signer.last_name"),
        *("entry.state", "entry.copies", "entry.sent_on", "entry.received_by"),
    ]
    order_columns = ["number", "dated_on"]
    search_columns = ["number", "symbol", "form", "dated_on"]
    base_order = ("id", "desc")


def register(portal: Any) -> None:
    """Give the portal this API."""
    portal.add_api(CopyApi)
