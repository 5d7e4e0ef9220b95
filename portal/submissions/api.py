"""REST of submissions, to read; their verbs are POSTs of the pages, which call the service."""

from __future__ import annotations

from typing import Any

from portal.rest import PortalReadApi
from portal.submissions.wiring import reports


class SubmissionApi(PortalReadApi):
    """Submissions within the actor's sight; contents come with their frozen versions."""

    resource_name = "submission"
    datamodel = reports()
    list_columns = [
        "id",
        "title",
        "unit.name_vi",
        "form_key",
        "period_kind",
        "period_year",
        "period_number",
        "window_from",
        "window_to",
        "case.status",
        "changed_at",
    ]
    show_columns = list_columns
    order_columns = ["title", "window_to", "changed_at"]
    search_columns = ["title", "form_key", "period_kind", "period_year", "period_number"]


def register(portal: Any) -> None:
    """Give the portal this API."""
    portal.add_api(SubmissionApi)
