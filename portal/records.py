"""What auditors and operators look at: the audit log, and the work that is owed or was given up."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, false, true

from portal.audit import AuditEntry
from portal.data import SCOPES, PortalData
from portal.jobs import Job
from portal.views import PortalListView

if TYPE_CHECKING:
    from portal.security import Actor


def _readers_of_everything(actor: Actor) -> ColumnElement[bool]:
    return true() if actor.sees_everything else false()


SCOPES[AuditEntry] = SCOPES[Job] = _readers_of_everything


class AuditView(PortalListView):
    """The audit log, the newest entry first."""

    route_base = "/audit"
    datamodel = PortalData(AuditEntry)
    list_title, show_title = _l("Audit log"), _l("Entry of the audit log")
    list_columns = ["seq", "at", "actor", "action", "object_kind", "object_id"]
    show_columns = [*list_columns, "details", "previous", "digest"]
    order_columns = ["seq"]
    base_order = ("seq", "desc")
    filter_columns = ("actor", "action", "object_kind", "object_id")
    label_columns = {
        "seq": _l("No."),
        "at": _l("When"),
        "actor": _l("Who"),
        "action": _l("What happened"),
        "object_kind": _l("To what"),
        "object_id": _l("Key"),
        "details": _l("Details"),
        "previous": _l("Hash of the entry before"),
        "digest": _l("Hash of this entry"),
    }


class JobView(PortalListView):
    """Work owed after commits; what was given up stays here for an operator."""

    route_base = "/jobs"
    datamodel = PortalData(Job)
    list_title, show_title = _l("Background work"), _l("Piece of background work")
    list_columns = ["id", "kind", "status", "created_at", "attempts", "finished_at"]
    show_columns = [*list_columns, "run_after", "last_error"]
    order_columns = ["id", "created_at"]
    base_order = ("id", "desc")
    filter_columns = ("kind", "status")
    choices = {"status": lambda: [("waiting", _l("Waiting")), ("done", _l("Done")), ("failed", _l("Given up"))]}
    label_columns = {
        "id": _l("No."),
        "kind": _l("Kind"),
        "status": _l("Status"),
        "created_at": _l("Owed since"),
        "attempts": _l("Attempts"),
        "finished_at": _l("Finished"),
        "run_after": _l("Not before"),
        "last_error": _l("Last error"),
    }


def register(portal: Any) -> None:
    """Put these screens under Administration."""
    kept = {"category": "Administration", "category_label": _l("Administration")}
    portal.add_view(AuditView, "Audit log", label=_l("Audit log"), **kept)
    portal.add_view(JobView, "Background work", label=_l("Background work"), **kept)
