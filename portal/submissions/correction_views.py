"""The page on which a reviewer mends the parts that his step lets him change, and approves what comes of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import abort, current_app, request, url_for
from flask_appbuilder import expose, has_access, permission_name
from flask_babel import gettext

from portal import findings, once, proof
from portal.approvals import service as approvals
from portal.approvals.words import explain, names_of
from portal.data import current_actor, current_session
from portal.idempotency import Answer
from portal.refusals import status_of
from portal.submissions import asking, correcting, gate, service
from portal.submissions.sheet import Sheet, remarks_of
from portal.texts import kept
from portal.views import PortalView
from workflows.actions import Approve
from workflows.availability import wants_proof
from workflows.errors import Refusal
from workflows.forms import write

if TYPE_CHECKING:
    from collections.abc import Mapping

    from werkzeug.wrappers import Response

    from portal.approvals.recording import Folder
    from portal.submissions.models import Submission
    from workflows.availability import Availability
    from workflows.errors import Finding

OURS = frozenset({"csrf_token", once.FIELD, "version", "then", "reason", "password"})
"""Inputs of the page that are none of the form's."""


class CorrectionView(PortalView):
    """Approving with changes; whoever may decide may open it, and the engine says for which report."""

    route_base = "/submissions"
    default_view = "correct"
    class_permission_name = "DecisionView"

    @expose("/correct/<int:pk>", methods=["GET", "POST"])
    @has_access
    @permission_name("decide")
    def correct(self, pk: int) -> Response | str | tuple[str, int]:
        """The parts that may be changed, as they are; then what was made of them, approved."""
        submission, folder = _found(pk)
        if request.method == "POST":
            verb, _, table = request.form.get("then", "").partition(":")
            if verb == "row":  # the button below a table, which is a button of this form as well
                return self._page(submission, folder, _typed(), rows={table: 1})
            return self._approve(submission, folder)
        shown = write(service.form_of(submission), submission.values, {})
        answer = _approval(folder)
        if answer.edits:
            return self._page(submission, folder, shown)
        refusal = answer.refusal or Refusal("nothing_to_edit")
        words = explain(refusal, names_of(current_session(), folder), folder.case.stage)
        return self._page(submission, folder, shown, problem=words), status_of(refusal)

    def _approve(self, submission: Submission, folder: Folder) -> Response | tuple[str, int]:
        typed = _typed()
        sent = correcting.Correction(typed, kept(request.form.get("reason", "")), request.form.get("version", -1, int))
        try:
            return once.page_after(once.carry_out(lambda: _corrected(submission, folder, sent)))
        except gate.NotReadyError as problem:
            current_session().rollback()
            words = gettext("Not approved: what is marked below must be mended first.")
            return self._page(*_found(submission.id), typed, problem=words, found=problem.findings), 422
        except Refusal as refusal:
            current_session().rollback()
            return self._refused(*_found(submission.id), typed, refusal)

    def _refused(
        self, submission: Submission, folder: Folder, typed: dict[str, str], refusal: Refusal
    ) -> tuple[str, int]:
        """Say why not, and give back what was typed: in the form, or to copy where nothing may be changed any more."""
        words = explain(refusal, names_of(current_session(), folder), folder.case.stage)
        return self._page(submission, folder, typed, problem=words), status_of(refusal)

    def _page(
        self,
        submission: Submission,
        folder: Folder,
        shown: dict[str, str],
        *,
        problem: str = "",
        found: tuple[Finding, ...] = (),
        rows: Mapping[str, int] | None = None,
    ) -> str:
        answer = _approval(folder)
        form = correcting.form_to_correct(service.form_of(submission), answer.edits)
        asked = asking.settled_on(submission, form, shown)
        sheet = Sheet(
            form, shown, remarks_of(found, findings.sentence), rows or {}, before={}, missing=(), settled=asked
        )
        return self.page(
            "submissions/correct.html",
            title=submission.title,
            submission=submission,
            version=folder.case.version,
            sheet_parts=sheet.parts,
            problem=problem,
            elsewhere=any(each.severity == "error" and _field(each) not in form.fields for each in found),
            reason=request.form.get("reason", ""),
            reason_required=answer.reason_required,
            prove=answer.prove,
            lost={} if answer.edits else _typed(),
        )


def _corrected(submission: Submission, folder: Folder, sent: correcting.Correction) -> Answer:
    """Approve with changes, and commit nothing of it."""
    session, actor = current_session(), current_actor()
    plain, title = Approve(sent.version, sent.reason), submission.title
    denied = current_app.extensions["trinh"]["settings"].denied_phrases
    if wants_proof(folder.case, plain.name, str(actor.user_id)):
        approvals.foresee(session, actor, folder, plain)
        proof.require(request.form.get("password", ""))
    after = correcting.correct(session, actor, submission, folder, sent, deny_list=denied)
    words = gettext("You approved “%(title)s” with your changes.", title=title)
    address = url_for("SubmissionView.show", pk=submission.id)
    return Answer("approval_case", after.row.id, after.case.version, location=address, words=words)


def _typed() -> dict[str, str]:
    """What was typed into the form; nothing while the page is only looked at."""
    return {name: text for name, text in request.form.items() if name not in OURS}


def _found(pk: int) -> tuple[Submission, Folder]:
    session, actor = current_session(), current_actor()
    try:
        submission = service.find(session, actor, pk)
        return submission, approvals.find(session, actor, submission.case_id or 0)
    except Refusal:
        abort(404)


def _approval(folder: Folder) -> Availability:
    return approvals.available(current_session(), current_actor(), folder)["approve"]


def _field(finding: Finding) -> str:
    return finding.path.partition(".")[0]


def register(portal: Any) -> None:
    """Give the portal this page."""
    portal.add_view_no_menu(CorrectionView)
