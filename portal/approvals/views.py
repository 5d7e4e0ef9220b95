"""The screens of cases: the list, where each one stands, and the verbs of reviewers and of the submitter."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import abort, flash, redirect, request
from flask_appbuilder import expose, has_access
from flask_babel import lazy_gettext as _l

from portal.approvals import service
from portal.approvals.models import ApprovalCase
from portal.approvals.page import case_page, with_typed
from portal.approvals.recording import changes_since, read
from portal.approvals.wiring import PAGES, cases, subject_page
from portal.approvals.words import ACTIONS, STATUS_TONES, STATUSES, Names, explain, names_of, story
from portal.data import current_actor, current_session
from portal.definitions.service import chain_of
from portal.refusals import status_of
from portal.texts import kept
from portal.views import PortalListView, PortalView
from portal.words import format_datetime
from workflows.actions import Approve, Recall, Reject, Return
from workflows.definition import DRAFTER
from workflows.errors import Refusal
from workflows.events import CaseRecalled, ItemDecided

if TYPE_CHECKING:
    from sqlalchemy.orm import Session
    from werkzeug.wrappers import Response

    from portal.approvals.recording import Folder
    from workflows.events import Event

    Asked = Approve | Return | Reject | Recall

DONE: dict[str, Any] = {
    "approve": _l("You approved “%(title)s”."),
    "return": _l("You returned “%(title)s”. It was sent back with your reason."),
    "reject": _l("You rejected “%(title)s”. It is over."),
    "recall": _l("You recalled “%(title)s”. You can change it and submit it again."),
}
DONE_BEFORE: dict[str, Any] = {
    "approve": _l("You approved “%(title)s” at %(at)s already; nothing was done twice."),
    "return": _l("You returned “%(title)s” at %(at)s already; nothing was done twice."),
    "reject": _l("You rejected “%(title)s” at %(at)s already; nothing was done twice."),
    "recall": _l("You recalled “%(title)s” at %(at)s already; nothing was done twice."),
}


class CaseView(PortalListView):
    """Routing slips: where everything under approval stands."""

    route_base = "/cases"
    datamodel = cases()
    list_title, show_title = _l("Routing slips"), _l("Routing slip")
    about = _l("A routing slip travels with what is to be approved: where it stands, who has it, and what each said.")
    show_template = "approvals/case.html"
    list_columns = ["title", "unit", "status", "stage", "round", "changed_at"]
    list_reads = ("definition",)
    show_columns = ["title", "unit", "status", "stage", "round", "opened_at", "changed_at"]
    order_columns = ["title", "status", "changed_at"]
    base_order = ("changed_at", "desc")
    filter_columns = ("status", "unit")
    searched = (ApprovalCase.title,)
    choices = {"status": lambda: [(key, str(words)) for key, words in STATUSES.items()]}
    tones = {"status": STATUS_TONES}
    label_columns = {
        "title": _l("What is approved"),
        "unit": _l("Submitting unit"),
        "status": _l("State"),
        "stage": _l("Present stage"),
        "round": _l("Round"),
        "opened_at": _l("Begun"),
        "changed_at": _l("Last change"),
    }

    def shown(self, row: ApprovalCase, column: str) -> Any:
        """The present stage by its name in the reader's language."""
        if column == "stage" and row.stage:
            return Names(chain_of(row.definition)).stage(row.stage)
        return super().shown(row, column)

    @expose("/show/<pk>", methods=["GET"])
    @has_access
    def show(self, pk: str) -> str:
        """One case: its stages and its history, and the way to what it is about."""
        row = self.item_or_404(pk)
        slip = case_page(current_session(), current_actor(), read(current_session(), row))
        return self.page(self.show_template, title=row.title, slip=slip, subject_page=PAGES.get(row.subject_kind))


class DecisionView(PortalView):
    """The verbs on a case; each names the version that its page showed, so that nobody decides unseeing."""

    route_base = "/cases"
    default_view = "decide"

    @expose("/<int:case_id>/<any(approve, 'return', reject):action>", methods=["POST"])
    @has_access
    def decide(self, case_id: int, action: str) -> Response | tuple[str, int]:
        """Approve, return or reject."""
        return self._perform(case_id, action)

    @expose("/<int:case_id>/recall", methods=["POST"])
    @has_access
    def recall(self, case_id: int) -> Response | tuple[str, int]:
        """Take back what nobody has decided on in this round."""
        return self._perform(case_id, "recall")

    def _perform(self, case_id: int, action: str) -> Response | tuple[str, int]:
        session, asked = current_session(), _asked(action)
        folder = _found(session, case_id)
        try:
            service.perform(session, current_actor(), folder, asked)
            session.commit()
        except Refusal as refusal:
            session.rollback()
            return self._refused(_found(session, case_id), asked, refusal)
        flash(str(DONE[action]) % {"title": folder.row.title}, "success")
        return redirect(subject_page(folder.row))

    def _refused(self, folder: Folder, asked: Asked, refusal: Refusal) -> Response | tuple[str, int]:
        """Say why not, what happened meanwhile, and give back what was typed, ready to be sent again."""
        before = _own_before(folder, asked) if refusal.code == "stale_version" else None
        if before is not None:
            said = {"title": folder.row.title, "at": format_datetime(before.at)}
            flash(str(DONE_BEFORE[asked.name]) % said, "info")
            return redirect(subject_page(folder.row))
        names = names_of(current_session(), folder.case)
        slip = case_page(current_session(), current_actor(), folder)
        typed = {
            "reason": asked.reason,
            "to": getattr(asked, "to", DRAFTER),
            "step": getattr(asked, "step", None) or "",
        }
        slip["offers"] = with_typed(slip["offers"], asked.name, **typed)
        html = self.page(
            "approvals/refused.html",
            title=folder.row.title,
            sentence=explain(refusal, names, folder.case.stage),
            changes=story(changes_since(folder.case, asked.version), names),
            tried=asked.name,
            words=str(ACTIONS[asked.name]),
            reason=asked.reason,
            slip=slip,
            is_offered=any(offer.action == asked.name for offer in slip["offers"]),
            subject_page=subject_page(folder.row),
        )
        return html, status_of(refusal)


def _found(session: Session, case_id: int) -> Folder:
    try:
        return service.find(session, current_actor(), case_id)
    except Refusal:
        abort(404)


def _asked(action: str) -> Asked:
    """The action that a form asks for; a form without a version is none of ours."""
    version = request.form.get("version", type=int)
    if version is None:
        abort(400)
    reason = kept(request.form.get("reason", ""))
    step = request.form.get("step") or None
    if action == "approve":
        return Approve(version, reason, step)
    if action == "return":
        return Return(version, reason, request.form.get("to") or DRAFTER, step)
    return Reject(version, reason, step) if action == "reject" else Recall(version, reason)


def _own_before(folder: Folder, asked: Asked) -> Event | None:
    """The very same action by the same person on the very version he saw: the first of two clicks."""
    me = str(current_actor().user_id)
    for event in changes_since(folder.case, asked.version):
        if event.version == asked.version + 1 and event.by == me and _is_same(folder, event, asked):
            return event
    return None


def _is_same(folder: Folder, event: Event, asked: Asked) -> bool:
    if isinstance(asked, Recall):
        return isinstance(event, CaseRecalled) and event.reason == asked.reason
    if not isinstance(event, ItemDecided) or (event.verdict, event.reason) != (asked.verdict, asked.reason):
        return False
    is_step = asked.step in (None, folder.case.item(event.item).step)
    return is_step and event.returned_to == (asked.to if isinstance(asked, Return) else None)


def register(portal: Any) -> None:
    """Give the portal the room's screens.

    Args:
        portal: the Flask-AppBuilder object.
    """
    portal.add_view(CaseView, "Cases", label=_l("Routing slips"))
    portal.add_view_no_menu(DecisionView)
