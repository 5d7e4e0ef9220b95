"""What auditors and operators look at: the audit log, and the work that is owed or was given up."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from flask import current_app
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, false, true

from portal.audit import AuditEntry
from portal.data import SCOPES, PortalData
from portal.jobs import Job
from portal.views import PortalListView

if TYPE_CHECKING:
    from collections.abc import Mapping

    from portal.security import Actor

OBJECTS: Mapping[str, Any] = {
    "ab_group": _l("Group"),
    "ab_role": _l("Role"),
    "ab_user": _l("User"),
    "approval_case": _l("Routing slip"),
    "backup": _l("Backup"),
    "clarity_profile": _l("Clarity profile"),
    "definition": _l("Definition"),
    "demo": _l("Demonstration data"),
    "group": _l("Group"),
    "holding": _l("Holder of a post"),
    "arrival_book": _l("Book of incoming documents"),
    "incoming_document": _l("Incoming document"),
    "indicator": _l("Indicator"),
    "official_document": _l("Issued document"),
    "post": _l("Post"),
    "role": _l("Role"),
    "mail": _l("Mail"),
    "signing_authority": _l("Authority to sign"),
    "source_document": _l("Source document"),
    "standing_delegation": _l("Delegation"),
    "submission": _l("Report"),
    "task": _l("Task"),
    "unit": _l("Unit"),
    "unit_header": _l("Header of a unit from a day on"),
    "user": _l("User"),
}
"""What the log calls the things it speaks of, by their kind."""

DEEDS: Mapping[str, Any] = {
    "added": _l("Added"),
    "deleted": _l("Deleted"),
    "edited": _l("Edited"),
    "sign_in_failed": _l("Sign-in failed"),
    "signed_in": _l("Signed in"),
    "arrival_answered": _l("Answered"),
    "arrival_book_opened": _l("Book opened"),
    "arrival_corrected": _l("Corrected"),
    "arrival_filed": _l("Filed"),
    "arrival_handed_over": _l("Handed over"),
    "arrival_made_task": _l("Made a task"),
    "arrival_made_void": _l("Made void"),
    "arrival_progress_noted": _l("Progress noted"),
    "arrival_registered": _l("Registered as arrived"),
    "arrival_scanned": _l("Scan kept"),
    "arrival_taken_up": _l("Taken up again"),
    "backup_restored": _l("Restored"),
    "case_approved": _l("Approved"),
    "case_migrated": _l("Moved to another version"),
    "case_opened": _l("Opened"),
    "case_recalled": _l("Recalled"),
    "case_rejected": _l("Rejected"),
    "case_returned": _l("Returned"),
    "case_submitted": _l("Submitted"),
    "document_due": _l("Document to be issued"),
    "item_closed": _l("Work item closed"),
    "item_decided": _l("Work item decided"),
    "item_opened": _l("Work item opened"),
    "content_edited": _l("Content corrected"),
    "mail_tried": _l("Mail tried out"),
    "rung_reached": _l("Reminded"),
    "seats_revised": _l("Holders asked anew"),
    "signing_authority_revoked": _l("Revoked"),
    "standing_delegation_granted": _l("Granted"),
    "standing_delegation_revoked": _l("Ended"),
    "submission_corrected": _l("Corrected by a reviewer"),
    "stage_completed": _l("Stage completed"),
    "stage_entered": _l("Stage entered"),
    "stage_skipped": _l("Stage skipped"),
    "definition_begun": _l("Draft begun"),
    "definition_discarded": _l("Draft discarded"),
    "definition_drafted": _l("Draft changed"),
    "definition_given_back": _l("Draft given back"),
    "definition_proposed": _l("Proposed to a second person"),
    "definition_published": _l("Published"),
    "definition_retired": _l("Taken out of use"),
    "demo_loaded": _l("Loaded"),
    "document_issued": _l("Issued"),
    "document_rendered": _l("PDF made"),
    "document_rendering_repeated": _l("PDF asked for again"),
    "document_made_anew": _l("PDF asked for on a later version of the template"),
    "submission_file_attached": _l("File attached"),
    "submission_file_detached": _l("File taken off"),
    "submission_opened": _l("Opened"),
    "submission_saved": _l("Saved"),
    "task_assigned": _l("Assigned"),
    "task_completed": _l("Completed"),
    "task_progress_noted": _l("Progress noted"),
    "task_reopened": _l("Reopened"),
}
"""What the log calls what was done; for changes to any table, without its name."""


def _readers_of_everything(actor: Actor) -> ColumnElement[bool]:
    return true() if actor.sees_everything else false()


SCOPES[AuditEntry] = SCOPES[Job] = _readers_of_everything

WORK: Mapping[str, Any] = {
    "render_document": _l("Making a PDF"),
    "preview_file": _l("Making a preview"),
    "print_trial": _l("Printing a sample"),
    "seats_changed": _l("Asking anew who has what waits"),
    "case_reseat": _l("Asking anew who has what waits"),
    "calendar_changed": _l("Reckoning anew what is due when"),
    "mail_digest": _l("Sending mail"),
}
"""What background work is called, by its kind."""


PARTICULARS: Mapping[str, Any] = {
    "content_hash": _l("SHA-256 of the content"),
    "document": _l("Template"),
    "due_on": _l("Last valid day"),
    "edition": _l("Edition"),
    "evidence": _l("Evidence"),
    "field": _l("Field"),
    "item": _l("Work item"),
    "name": _l("Name"),
    "note": _l("Note"),
    "number": _l("Number"),
    "on": _l("Day"),
    "pages": _l("Pages"),
    "person": _l("Account number of the reviewer"),
    "reason": _l("Reason"),
    "round": _l("Round"),
    "sha256": _l("SHA-256"),
    "stage": _l("Stage"),
    "step": _l("Step"),
    "symbol": _l("Symbol"),
    "title": _l("Title"),
    "to": _l("Returned to"),
    "unit": _l("Unit"),
    "verdict": _l("Decision"),
    "version": _l("Version"),
    "week": _l("Week"),
}
"""What the log calls what it keeps of a deed, where no screen of the table has a word for it."""


SAID_ABOVE = frozenset({"at", "by", "kind"})
"""What an engine's event repeats of the entry it is kept in."""


def told(details: str, labels: Mapping[str, Any]) -> list[str]:
    """The details of an entry, a line each: what a column was and is, or what is known of a deed.

    Args:
        details: as the log keeps them, a JSON object.
        labels: what the columns of its table are called.
    """
    lines = []
    for key, value in json.loads(details).items():
        if key in SAID_ABOVE:
            continue
        words = labels.get(key) or PARTICULARS.get(key, key)
        is_change = isinstance(value, list) and len(value) == 2  # noqa: PLR2004 - before and after
        lines.append(f"{words}: {' → '.join(map(_plain, value)) if is_change else _plain(value)}")
    return lines


def _plain(value: object) -> str:
    if value is None or value == "":
        return "–"
    if isinstance(value, bool):
        return str(gettext("yes") if value else gettext("no"))
    return ", ".join(map(_plain, value)) if isinstance(value, list) else str(value)


def labels_of(table: str) -> Mapping[str, Any]:
    """What the screen of a table calls its columns; nothing for a table without a screen."""
    screens = current_app.extensions["appbuilder"].baseviews
    own = (each for each in screens if getattr(getattr(each, "datamodel", None), "obj", None) is not None)
    return next((each.label_columns for each in own if each.datamodel.obj.__tablename__ == table), {})


def deed_name(action: str, kind: str) -> str:
    """What was done, in the reader's language; an action without words is called by its code.

    Args:
        action: as the log keeps it, such as `unit_edited`.
        kind: the kind of thing it was done to, such as `unit`.
    """
    return str(DEEDS.get(action) or DEEDS.get(action.removeprefix(f"{kind}_"), action))


class AuditView(PortalListView):
    """The audit log, the newest entry first."""

    route_base = "/audit"
    datamodel = PortalData(AuditEntry)
    list_title, show_title = _l("Audit log"), _l("Entry of the audit log")
    about = _l("Everything that was done, and by whom. Nothing here can be changed or deleted.")
    list_columns = ["seq", "at", "actor", "action", "object_kind", "object_id"]
    show_columns = [*list_columns, "details", "previous", "digest"]
    order_columns = ["seq"]
    base_order = ("seq", "desc")
    filter_columns = ("actor", "action", "object_kind", "object_id")
    searched = (AuditEntry.actor, AuditEntry.object_kind, AuditEntry.action)
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

    def shown(self, row: Any, column: str) -> Any:
        """Who did what, and to what, in words."""
        if column == "action":
            return deed_name(row.action, row.object_kind)
        if column == "actor" and row.actor == "system":
            return gettext("the portal itself")
        if column == "details":
            return told(row.details, labels_of(row.object_kind))
        if column == "object_kind":
            return str(OBJECTS.get(row.object_kind, row.object_kind))
        return super().shown(row, column)

    def heading(self, item: Any) -> Any:
        """Number and deed."""
        return f"{item.seq}: {deed_name(item.action, item.object_kind)}"


class JobView(PortalListView):
    """Work owed after commits; what was given up stays here for an operator."""

    route_base = "/jobs"
    datamodel = PortalData(Job)
    list_title, show_title = _l("Background work"), _l("Piece of background work")
    about = _l(
        "What the worker makes after a decision, such as PDF files. What failed for good stays here for an operator."
    )
    list_columns = ["id", "kind", "status", "created_at", "attempts", "finished_at"]
    show_columns = [*list_columns, "run_after", "last_error"]
    order_columns = ["id", "created_at"]
    base_order = ("id", "desc")
    filter_columns = ("kind", "status")
    choices = {
        "kind": lambda: list(WORK.items()),
        "status": lambda: [("waiting", _l("Waiting")), ("done", _l("Done")), ("failed", _l("Given up"))],
    }
    tones = {"status": {"done": "good", "failed": "bad", "waiting": "info"}}
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

    def heading(self, item: Any) -> Any:
        """Number and kind of work."""
        return f"{item.id}: {WORK.get(item.kind, item.kind)}"


def register(portal: Any) -> None:
    """Put these screens under Administration."""
    kept = {"category": "Administration", "category_label": _l("Administration")}
    portal.add_view(AuditView, "Audit log", label=_l("Audit log"), **kept)
    portal.add_view(JobView, "Background work", label=_l("Background work"), **kept)
