"""Incoming documents and their books by REST, to read."""

from __future__ import annotations

from typing import Any

from portal.incoming.wiring import arrival_books, arrivals
from portal.rest import PortalReadApi


class IncomingApi(PortalReadApi):
    """Incoming documents that the reader may see."""

    resource_name = "incoming"
    datamodel = arrivals()
    list_columns = [
        *("id", "number", "year", "arrived_on", "author", "symbol", "dated_on", "type_name", "subject"),
        *("unit.code", "lead_unit.code", "due_on", "state"),
    ]
    show_columns = [
        *list_columns,
        *("urgency", "code", "recipient", "handed_on", "received_by", "remark", "last_note"),
        *("filed_on", "filed_reason", "void_reason", "answer.number", "answer.symbol", "answer.document_id"),
        *("file.sha256", "version"),
    ]
    order_columns = ["number", "arrived_on", "due_on"]
    search_columns = ["number", "year", "symbol", "author", "arrived_on", "due_on"]
    base_order = ("id", "desc")


class ArrivalBookApi(PortalReadApi):
    """The books of arrivals of the reader's units."""

    resource_name = "arrival-book"
    class_permission_name = "IncomingApi"
    datamodel = arrival_books()
    list_columns = ["id", "year", "unit.code", "unit.name_vi", "last_number"]
    show_columns = list_columns
    order_columns = ["year", "last_number"]
    search_columns = ["year"]
    base_order = ("year", "desc")


def register(portal: Any) -> None:
    """Give the portal these APIs."""
    portal.add_api(IncomingApi)
    portal.add_api(ArrivalBookApi)
