"""The screens of submissions: begin one, fill it in, hand it in, read it, decide on it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import abort, current_app, flash, jsonify, redirect, request, url_for
from flask_appbuilder import expose, has_access
from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from portal import findings, once
from portal.approvals import recording
from portal.approvals.choices import choices_of
from portal.approvals.words import STATUS_TONES, STATUSES, Names, explain, names_of
from portal.data import current_actor, current_session
from portal.definitions import service as definitions
from portal.files import BadFileError
from portal.idempotency import Answer
from portal.refusals import FILE_PROBLEMS, sentence, status_of
from portal.submissions import asking, attachments, beginning, gate, handing, locks, rounds, service, style
from portal.submissions.following_words import following_of
from portal.submissions.models import Submission
from portal.submissions.opening_views import OpeningView
from portal.submissions.sheet import Remark, Sheet, computed_texts, remarks_of
from portal.submissions.wiring import page_begun_from, reports
from portal.views import uploaded
from portal.words import label
from workflows.definition import MAX_CHOSEN, MAX_STEPS
from workflows.errors import Finding, Refusal
from workflows.forms import read, write

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from werkzeug.wrappers import Response

    from portal.approvals.choices import Choice
    from portal.approvals.recording import Folder


STILL_MISSING = frozenset({"required", "incomplete", "reason_required"})
"""Codes of the gate that a draft need not hear before its author wants to hand it in."""

MORE_ROWS = 1
"""How many empty rows the button below a table adds to the one that is always there."""

CHOOSING, CHOSEN = "choosing", "chosen:"
"""Inputs: the steps that people are chosen for, and before the name of a step those who were chosen."""

ANSWER = "answer:"
"""Stands before the number of a comment in the name of the input that answers it."""

OURS = frozenset({"csrf_token", once.FIELD, "edition", "version", "then", CHOOSING})
"""Inputs of the page that are none of the form's, besides those whose names have a colon, as no field's has."""


def _deny_list() -> tuple[str, ...]:
    phrases: tuple[str, ...] = current_app.extensions["trinh"]["settings"].denied_phrases
    return phrases


def _wants_json() -> bool:
    return request.accept_mimetypes.best == "application/json"


def _typed() -> dict[str, str]:
    """What was typed into the form, by input name."""
    beside = (CHOSEN, ANSWER)
    return {name: value for name, value in request.form.items() if name not in OURS and not name.startswith(beside)}


def _answers() -> dict[str, str] | None:
    """What the submitter answers to comments, by their numbers; None where the page showed none."""
    found = {name.removeprefix(ANSWER): text for name, text in request.form.items() if name.startswith(ANSWER)}
    return {number: text for number, text in found.items() if number.isdecimal()} or None


def _chosen() -> dict[str, list[int]] | None:
    """Whom the submitter chose for steps of the chain, one too many included; None where the page asked for nobody."""
    asked, most = request.form.getlist(CHOOSING)[:MAX_STEPS], MAX_CHOSEN + 1
    return {step: request.form.getlist(CHOSEN + step, type=int)[:most] for step in asked} if asked else None


def _keep(submission: Submission, typed: dict[str, str], edition: int) -> tuple[Finding, ...]:
    """Save what was typed, and commit nothing of it; gives what reading it remarked."""
    reading = service.save(
        current_session(),
        current_actor(),
        submission,
        typed,
        edition,
        chosen=_chosen(),
        answers=_answers(),
        deny_list=_deny_list(),
    )
    return tuple(finding for finding in reading.findings if finding.severity == "info")


def _handed_in(submission: Submission, typed: dict[str, str], edition: int) -> Answer:
    """Save and hand in, and commit nothing of it; what cannot be handed in stays saved.

    Both are one transaction, or a second click could come between them and find the edition gone.
    """
    session = current_session()
    if submission.case is not None:
        recording.hold(session, submission.case)
    _keep(submission, typed, edition)
    try:
        with session.begin_nested():
            folder = _submitted(submission)
    except (Refusal, gate.NotReadyError):
        session.expire_all()  # statements past the unit of work were taken back, too
        session.commit()
        raise
    words = gettext("Submitted. The report is now with its first reviewers.")
    address = url_for("SubmissionView.show", pk=submission.id)
    return Answer("approval_case", folder.row.id, folder.case.version, location=address, words=words)


def _submitted(submission: Submission) -> Folder:
    """Hand in what was just saved."""
    return handing.submit(
        current_session(),
        current_actor(),
        submission,
        edition=submission.edition,
        version=request.form.get("version", 0, int),
        deny_list=_deny_list(),
    )


def _choices(submission: Submission) -> list[Choice]:
    """Whom the submitter has to choose; nobody while no chain is for it, which submitting it will say."""
    session = current_session()
    try:
        chain = definitions.chain_of(handing.chain_of(session, submission))
    except Refusal:
        return []
    seen = handing.facts_of(submission, asking.settled(submission).values)
    return choices_of(session, submission.unit_id, chain, seen, handing.authors(session, submission))


class SubmissionView(OpeningView):
    """Reports: the list, the page of one, and the verbs of its authors."""

    route_base = "/submissions"
    datamodel = reports()
    list_title, show_title = _l("Reports"), _l("Report")
    list_columns = ["title", "unit", "window_to", "case_status", "changed_at"]
    list_reads = ("case",)
    show_columns = ["title", "unit", "window_from", "window_to", "case_status", "changed_at"]
    order_columns = ["title", "window_to", "changed_at"]
    base_order = ("changed_at", "desc")
    filter_columns = ("unit",)
    searched = (Submission.search,)
    label_columns = {
        "title": _l("Report"),
        "unit": _l("Unit"),
        "window_from": _l("Data from"),
        "window_to": _l("Data to"),
        "case_status": _l("Status"),
        "changed_at": _l("Last changed"),
    }
    choices = {"case_status": lambda: [(key, str(words)) for key, words in STATUSES.items()]}
    tones = {"case_status": STATUS_TONES}
    list_template = "submissions/list.html"

    # -- the page ----------------------------------------------------------------------------------------------

    @expose("/show/<pk>", methods=["GET"])
    @has_access
    def show(self, pk: str) -> Response | str | tuple[str, int]:
        """A form for its authors while it is open; for everyone else, and afterwards, the newest round to read."""
        submission = self.item_or_404(pk)
        if self._may_write(submission):
            found = gate.findings(submission, _deny_list())
            shown = write(service.form_of(submission), submission.values, submission.unread)
            more = {request.args.get("rows", ""): MORE_ROWS}
            return self._form_page(submission, shown, _while_drafting(found), extra_rows=more, missing=_missing(found))
        return self._reading_page(submission)

    def _may_write(self, submission: Submission) -> bool:
        return self.may("can_save") and submission.is_open and submission.unit_id in current_actor().own_units

    def _form_page(
        self,
        submission: Submission,
        shown: dict[str, str],
        found: tuple[Finding, ...],
        *,
        missing: frozenset[str],
        **more: Any,
    ) -> str:
        noted, form = beginning.taken_over(current_session(), submission), service.form_of(submission)
        locked = locks.locked_fields(current_session(), submission, _deny_list())
        styled = more.pop("styled", None)
        styled = _styled(submission, locked) if styled is None else styled
        remarks = remarks_of((*found, *noted, *styled), findings.sentence)
        remarks.update(more.pop("remarks", {}))
        sheet = Sheet(
            form,
            shown,
            remarks,
            more.pop("extra_rows", {}),
            before=rounds.approved_before(current_session(), submission),
            missing=missing,
            settled=asking.settled_on(submission, form, shown),
        )
        return self.page(
            "submissions/form.html",
            title=submission.title,
            submission=submission,
            edition=submission.edition,
            sheet_parts=sheet.parts,
            begun_from=page_begun_from(submission),
            follows=following_of(submission, asking.settled(submission).values, form.fields),
            files=attachments.attached(current_session(), submission),
            case=self._case(submission),
            choices=_choices(submission),
            locked=locked,
            styled=self._said_of(submission, styled),
            **more,
        )

    # -- write -------------------------------------------------------------------------------------------------

    @expose("/save/<pk>", methods=["POST"])
    @has_access
    def save(self, pk: str) -> Any:
        """Save what was typed, then do what the pressed button says: go on, add a row, attach, take off, hand in."""
        submission = self.item_or_404(pk)
        typed, edition = _typed(), request.form.get("edition", -1, int)
        verb, _, target = request.form.get("then", "save").partition(":")
        steps = {"upload": self._attach, "remove": self._detach, "row": self._more_rows}
        try:
            if verb == "submit" and not _wants_json():
                return self._submit(submission, typed, edition)
            noted = _keep(submission, typed, edition)
            current_session().commit()
            return (
                self._saved_json(submission, noted)
                if _wants_json()
                else steps.get(verb, self._saved)(submission, target)
            )
        except Refusal as refusal:
            current_session().rollback()
            return self._refused(submission, typed, refusal)

    def _refused(self, submission: Submission, typed: dict[str, str], refusal: Refusal) -> Any:
        """Say why not, and give back what was typed: in the form, or to copy where it may not be changed."""
        if refusal.code == "edited_meanwhile" and not submission.is_open:
            refusal = Refusal("not_open")
        words, status = self._explain(submission, refusal), status_of(refusal)
        if _wants_json():
            return jsonify(message=words), status
        form = service.form_of(submission)
        reading = read(form, typed, submission.period.window)
        shown = write(form, reading.values, reading.unread)
        if self._may_write(submission):
            missing = _missing(gate.findings(submission, _deny_list()))
            unsaved: dict[str, Any] = {"problem": words, "styled": ()}
            return self._form_page(submission, shown, reading.findings, missing=missing, **unsaved), status
        kept = write(form, submission.values, submission.unread)
        lost = {name: text for name, text in shown.items() if text != kept.get(name, "")}
        return self._reading_page(submission, problem=words, typed=lost), status

    def _explain(self, submission: Submission, refusal: Refusal) -> str:
        if submission.case is not None:
            folder = recording.read(current_session(), submission.case)
            return explain(refusal, names_of(current_session(), folder), folder.case.stage)
        if "stage" not in refusal.params:
            return sentence(refusal)
        return explain(refusal, Names(definitions.chain_of(handing.chain_of(current_session(), submission))))

    def _saved_json(self, submission: Submission, noted: tuple[Finding, ...]) -> Response:
        found = (*_while_drafting(gate.findings(submission, _deny_list())), *noted)
        found += beginning.taken_over(current_session(), submission)
        styled = _styled(submission, locks.locked_fields(current_session(), submission, _deny_list()))
        now, form = asking.settled(submission), service.form_of(submission)
        remarks = remarks_of((*found, *styled), findings.sentence)
        return jsonify(
            edition=submission.edition,
            hidden=sorted(now.hidden),
            computed=computed_texts(form, now),
            remarks={name: [each.__dict__ for each in said] for name, said in remarks.items()},
            styled=self._said_of(submission, styled),
        )

    def _saved(self, submission: Submission, _target: str) -> Response:
        flash(gettext("Saved."), "success")
        return redirect(url_for("SubmissionView.show", pk=submission.id))

    def _more_rows(self, submission: Submission, table: str) -> Response:
        return redirect(url_for("SubmissionView.show", pk=submission.id, rows=table, _anchor=f"f-{table}"))

    def _attach(self, submission: Submission, field: str) -> Any:
        name, content = uploaded(f"{field}.file")
        if not name:
            return self._file_refused(submission, field, gettext("Choose a file first."))
        upload, store = service.Upload(field, name, content), current_app.extensions["trinh"]["files"]
        try:
            service.attach(current_session(), current_actor(), submission, store, upload)
            current_session().commit()
        except BadFileError as error:
            current_session().rollback()
            return self._file_refused(
                submission, field, str(FILE_PROBLEMS[error.code]) % {"name": error.name, **error.more}
            )
        return redirect(url_for("SubmissionView.show", pk=submission.id, _anchor=f"f-{field}"))

    def _file_refused(self, submission: Submission, field: str, words: str) -> tuple[str, int]:
        shown = write(service.form_of(submission), submission.values, submission.unread)
        found = gate.findings(submission, _deny_list())
        said, asked = {field: (Remark(words, "error"),)}, label(service.form_of(submission).fields[field].label)
        told = {"remarks": said, "problem": gettext("The file was not attached."), "errors": [(field, asked, words)]}
        return self._form_page(submission, shown, _while_drafting(found), missing=_missing(found), **told), 422

    def _detach(self, submission: Submission, target: str) -> Response:
        if not (target.isascii() and target.isdigit()):
            abort(404)
        service.detach(current_session(), current_actor(), submission, int(target))
        current_session().commit()
        return redirect(url_for("SubmissionView.show", pk=submission.id))

    def _submit(self, submission: Submission, typed: dict[str, str], edition: int) -> Any:
        try:
            return once.page_after(once.carry_out(lambda: _handed_in(submission, typed, edition)))
        except gate.NotReadyError as problem:
            current_session().rollback()
            return self._not_ready(submission, problem.findings)

    def _not_ready(self, submission: Submission, found: tuple[Finding, ...]) -> tuple[str, int]:
        shown = write(service.form_of(submission), submission.values, submission.unread)
        errors = self._said_of(submission, [each for each in found if each.severity == "error"])
        words = gettext("Saved, but not submitted: %(count)s things must be mended first.", count=len(errors))
        return self._form_page(submission, shown, found, problem=words, errors=errors, missing=_missing(found)), 422


def _missing(found: Iterable[Finding]) -> frozenset[str]:
    """The fields that must still be answered before the report can be handed in."""
    return frozenset(each.path.split(".")[0] for each in found if each.code in STILL_MISSING)


def _styled(submission: Submission, locked: Collection[str]) -> tuple[Finding, ...]:
    """Notes on the style of what was saved, as far as it may be changed."""
    found = style.notes(current_session(), submission, asking.settled(submission).values)
    return tuple(each for each in found if each.path.split(".")[0] not in locked)


def _while_drafting(found: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """What is worth saying before someone wants to hand in: all about what was typed, nothing about what is missing."""
    return tuple(finding for finding in found if finding.code not in STILL_MISSING)


def register(portal: Any) -> None:
    """Put the room's screens in the menu."""
    portal.add_view(SubmissionView, "Reports", label=_l("Reports"))
