"""Cases by REST, to read; deciding needs the page, where people see what they decide on."""

from __future__ import annotations

from typing import Any

from portal.approvals.wiring import cases
from portal.rest import PortalReadApi


class CaseApi(PortalReadApi):
    """Cases that the reader may see."""

    resource_name = "case"
    datamodel = cases()
    list_columns = ["title", "id", "unit.code", "unit.name_vi", "status", "stage", "round", "version", "changed_at"]
    show_columns = [*list_columns, "subject_kind", "subject_id", "opened_at"]
    order_columns = ["title", "status", "changed_at"]
    search_columns = ["status", "stage", "round", "changed_at"]
    base_order = ("changed_at", "desc")


def register(portal: Any) -> None:
    """Give the portal this API."""
    portal.add_api(CaseApi)
