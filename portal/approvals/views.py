"""The screens of cases: the list, where each one stands, and the verbs of reviewers and of the submitter."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from flask import abort, request
from flask_appbuilder import expose, has_access, permission_name
from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from portal import once, proof
from portal.approvals import comments, service, several, why
from portal.approvals.asking import ASKED
from portal.approvals.models import ApprovalCase
from portal.approvals.offers import GROUPS, Typed, with_typed
from portal.approvals.page import case_page
from portal.approvals.picture import picture_of
from portal.approvals.recording import changes_since, read
from portal.approvals.story import story
from portal.approvals.wiring import PAGES, cases, subject_page
from portal.approvals.words import ACTIONS, STATUS_TONES, STATUSES, Names, explain, names_of
from portal.data import current_actor, current_session, read_key
from portal.definitions.service import chain_of
from portal.idempotency import Answer
from portal.refusals import sentence, status_of
from portal.texts import kept
from portal.views import PortalListView, PortalView
from portal.words import format_number
from workflows.availability import wants_proof
from workflows.errors import Refusal

if TYPE_CHECKING:
    from sqlalchemy.orm import Session
    from werkzeug.wrappers import Response

    from portal.approvals.recording import Folder
    from portal.approvals.timing import Taken
    from workflows.actions import AnyAction

LONGEST_ANCHOR = 200

DONE: dict[str, Any] = {
    "approve": _l("You approved “%(title)s”."),
    "return": _l("You returned “%(title)s”. It was sent back with your reason."),
    "reject": _l("You rejected “%(title)s”. It is over."),
    "advise": _l("You gave your opinion on “%(title)s”."),
    "approve_in_emergency": _l("You approved “%(title)s” in an emergency. Somebody else has to sign it afterwards."),
    "accept": _l("You took “%(title)s” in hand."),
    "claim": _l("You took “%(title)s” for yourself."),
    "release": _l("You gave “%(title)s” back to all who can take it."),
    "delegate": _l("You delegated “%(title)s”. The record names you both."),
    "add_reviewer": _l("You added a reviewer to “%(title)s”."),
    "ask_opinion": _l("You asked for an opinion on “%(title)s”. You will find it here."),
    "suspend": _l("You suspended “%(title)s”."),
    "resume": _l("You resumed “%(title)s”."),
    "recall": _l("You recalled “%(title)s”. You can change it and submit it again."),
    "request_recall": _l("Those who have “%(title)s” can see that you want it back."),
    "withdraw": _l("You withdrew “%(title)s”. It is over."),
    "reassign": _l("You gave the work on “%(title)s” to somebody else."),
    "cancel": _l("You cancelled “%(title)s”. It is over."),
    "reopen": _l("You reopened “%(title)s”. Its drafter has it now."),
}


def _any_of(*groups: str) -> str:
    """The actions of some groups, as the address of a route lists them."""
    return ", ".join(f"'{action}'" for group in groups for action in GROUPS[group])


class CaseView(PortalListView):
    """Routing slips: where everything under approval stands."""

    route_base = "/cases"
    datamodel = cases()
    list_title, show_title = _l("Routing slips"), _l("Routing slip")
    about = _l("A routing slip travels with what is to be approved: where it stands, who has it, and what each said.")
    list_template = "approvals/list.html"
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
        session, folder = current_session(), read(current_session(), row)
        slip = case_page(session, current_actor(), folder)
        return self.page(
            self.show_template,
            title=row.title,
            slip=slip,
            picture=picture_of(folder.case, names_of(session, folder), _hours(slip["taken"], folder.case.round)),
            subject_page=PAGES.get(row.subject_kind),
        )

    @expose("/why/<pk>", methods=["GET"])
    @has_access
    @permission_name("show")
    def why(self, pk: str) -> str | tuple[str, int]:
        """What somebody may do with a case, and for everything else the rule that stops him."""
        session, actor, row = current_session(), current_actor(), self.item_or_404(pk)
        folder, problem, status = read(session, row), "", 200
        try:
            person = why.person_asked_about(session, actor, read_key(request.args.get("person", "")))
        except Refusal as refusal:
            person, problem, status = actor, sentence(refusal), status_of(refusal)
        page = self.page(
            "approvals/why.html",
            title=gettext("Why can I, why can’t I?"),
            row=row,
            person=person,
            problem=problem,
            answers=why.answers_for(session, person, folder),
            people=why.people_to_ask_about(session, folder) if why.may_ask_about_others(actor) else [],
        )
        return page, status


class DecisionView(PortalView):
    """The verbs on a case; each names the version that its page showed, so that nobody decides unseeing."""

    route_base = "/cases"
    default_view = "decide"

    @expose(f"/<int:case_id>/<any({_any_of('decision', 'emergency', 'hand', 'sharing')}):action>", methods=["POST"])
    @has_access
    def decide(self, case_id: int, action: str) -> Response | tuple[str, int]:
        """Decide, advise, or share the work with others."""
        return self._perform(case_id, action)

    @expose(f"/<int:case_id>/<any({_any_of('submitter')}):action>", methods=["POST"])
    @has_access
    def recall(self, case_id: int, action: str) -> Response | tuple[str, int]:
        """Take back, ask for, or give up what one has submitted."""
        return self._perform(case_id, action)

    @expose(f"/<int:case_id>/<any({_any_of('administration')}):action>", methods=["POST"])
    @has_access
    def administer(self, case_id: int, action: str) -> Response | tuple[str, int]:
        """Reassign work, end a case, or open it again."""
        return self._perform(case_id, action)

    @expose("/<int:case_id>/comment", methods=["POST"])
    @has_access
    @permission_name("decide")
    def comment(self, case_id: int) -> Response | tuple[str, int]:
        """Keep a comment on one place of what is read, until its author decides."""
        folder = _found(current_session(), case_id)
        try:
            return once.page_after(once.carry_out(lambda: _commented(folder)))
        except Refusal as refusal:
            current_session().rollback()
            return self._not_kept(folder, kept(request.form.get("text", "")), refusal)

    def _not_kept(self, folder: Folder, text: str, refusal: Refusal) -> tuple[str, int]:
        html = self.page(
            "approvals/refused.html",
            title=folder.row.title,
            sentence=sentence(refusal),
            tried="comment",
            words=gettext("Comment"),
            reason=text,
            slip=case_page(current_session(), current_actor(), folder),
            is_offered=False,
            subject_page=subject_page(folder.row),
        )
        return html, status_of(refusal)

    @expose("/several", methods=["GET", "POST"])
    @has_access
    @permission_name("decide")
    def several(self) -> str | tuple[str, int]:
        """Approve several cases at once; each has a result of its own."""
        problem = ""
        if request.method == "POST":
            try:
                once.check_key()
                return self._results(several.chosen(request.form.getlist("case")))
            except Refusal as refusal:
                problem = sentence(refusal)
        page = self.page(
            "approvals/several.html",
            title=gettext("Approve several at once"),
            rows=several.offered(current_session(), current_actor()),
            ticked=request.form.getlist("case"),
            reason=request.form.get("reason", ""),
            problem=problem,
            subject_page=subject_page,
        )
        return page, 422 if problem else 200

    def _results(self, cases: list[tuple[int, int]]) -> str:
        reason = kept(request.form.get("reason", ""))
        results = list(several.approve_each(current_session(), current_actor(), cases, reason))
        return self.page(
            "approvals/results.html",
            title=gettext("Approve several at once"),
            results=results,
            done=sum(each.is_done for each in results),
            subject_page=subject_page,
        )

    def _perform(self, case_id: int, action: str) -> Response | tuple[str, int]:
        version, typed = _seen_version(), _typed()
        asked = ASKED[action](version, typed)
        try:
            return once.page_after(once.carry_out(lambda: _performed(case_id, asked)))
        except Refusal as refusal:
            current_session().rollback()
            return self._refused(_found(current_session(), case_id), asked, typed, refusal)

    def _refused(self, folder: Folder, asked: AnyAction, typed: Typed, refusal: Refusal) -> tuple[str, int]:
        """Say why not, what happened meanwhile, and give back what was typed, ready to be sent again."""
        names = names_of(current_session(), folder)
        slip = case_page(current_session(), current_actor(), folder)
        slip["offers"] = with_typed(slip["offers"], asked.name, typed)
        html = self.page(
            "approvals/refused.html",
            title=folder.row.title,
            sentence=explain(refusal, names, folder.case.stage),
            changes=story(changes_since(folder.case, asked.version), names),
            tried=asked.name,
            words=str(ACTIONS[asked.name]),
            reason=typed.reason,
            slip=slip,
            is_offered=any(offer.action == asked.name for offer in slip["offers"]),
            subject_page=subject_page(folder.row),
        )
        return html, status_of(refusal)


def _hours(taken: list[tuple[Taken, str]], now: int) -> dict[str, str]:
    """How long each stage took in the present round, in words to stand behind its name."""
    hours: dict[str, Decimal] = {}
    for each, _ in taken:
        if each.round == now:
            hours[each.place] = hours.get(each.place, Decimal()) + each.hours
    said = {key: gettext("%(hours)s working hours", hours=format_number(much)) for key, much in hours.items()}
    return {key: f" ({words})" for key, words in said.items()}


def _found(session: Session, case_id: int) -> Folder:
    try:
        return service.find(session, current_actor(), case_id)
    except Refusal:
        abort(404)


def _performed(case_id: int, asked: AnyAction) -> Answer:
    """Carry out an action, and commit nothing of it."""
    session, actor = current_session(), current_actor()
    folder = _found(session, case_id)
    if wants_proof(folder.case, asked.name, str(actor.user_id)):
        service.foresee(session, actor, folder, asked)
        proof.require(request.form.get("password", ""))
    after = service.perform(session, actor, folder, asked)
    words = str(DONE[asked.name]) % {"title": folder.row.title}
    return Answer("approval_case", case_id, after.case.version, location=subject_page(folder.row), words=words)


def _commented(folder: Folder) -> Answer:
    """Keep a comment, and commit nothing of it."""
    anchor, text = _anchor(), request.form.get("text", "")
    keep = comments.write_more if request.form.get("more") else comments.write
    keep(current_session(), current_actor(), folder, comments.Remark(request.form.get("round", 0, int), anchor, text))
    place = f"{subject_page(folder.row)}#a-{anchor.partition('.')[0]}"
    return Answer("approval_case", folder.row.id, folder.case.version, location=place)


def _seen_version() -> int:
    """The version that the page showed; a form without one is none of ours."""
    version = request.form.get("version", type=int)
    if version is None:
        abort(400)
    return version


def _anchor() -> str:
    """The place that a comment is about: a field, and within it a row, a cell or a file if one was chosen."""
    inside = [request.form.get(name, "") for name in ("row", "column", "file")]
    if inside[1] and not inside[0]:
        raise Refusal("row_needed")
    chosen = [each for each in inside if each]
    return ".".join([request.form.get("field", ""), *chosen])[:LONGEST_ANCHOR]


def _typed() -> Typed:
    """What was typed, clean."""
    given = {name: request.form[name] for name in ("to", "step", "item", "position", "only") if request.form.get(name)}
    return Typed(reason=kept(request.form.get("reason", "")), **given)


def register(portal: Any) -> None:
    """Give the portal the room's screens.

    Args:
        portal: the Flask-AppBuilder object.
    """
    portal.add_view(CaseView, "Cases", label=_l("Routing slips"))
    portal.add_view_no_menu(DecisionView)
