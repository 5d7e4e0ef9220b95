"""The screens of urging: who has not handed in what a schedule asked for, and the page on which a letter is begun."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import abort, request, url_for
from flask_appbuilder import expose, has_access, permission_name
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from portal import once
from portal.data import current_actor, current_session, read_key
from portal.definitions.drafting import WRITE
from portal.definitions.service import schedule_of
from portal.idempotency import Answer
from portal.refusals import sentence
from portal.security import today
from portal.submissions.wiring import BEGUN_FROM
from portal.units.models import Unit
from portal.urging import missing, overdue, service, wiring
from portal.views import PortalView
from portal.words import label
from workflows.errors import Refusal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from werkzeug.wrappers import Response

    from portal.urging.rules import Gathered
    from workflows.errors import WorkflowError

assert wiring  # its sentences are said here

BEGIN = ("can_begin", "UrgingView")
"""The right to begin a letter from a list; that his unit writes it, opening the draft sees to."""


class UrgingView(PortalView):
    """Lists of reports that are missing, and letters about any list of late units."""

    route_base = "/urging"
    default_view = "list"

    @expose("/list/", methods=["GET"])
    @has_access
    def list(self) -> str:
        """Every schedule in force."""
        found = [(each.key, label(each.name)) for each in missing.schedules(current_session())]
        return self.page("urging/schedules.html", title=gettext("Missing reports"), schedules=found)

    @expose("/reports/<key>", methods=["GET"])
    @has_access
    @permission_name("list")
    def missing(self, key: str) -> str:
        """Who has not handed in what one schedule asked for: the last time, or the one that the address names."""
        session, actor = current_session(), current_actor()
        found = next((each for each in missing.schedules(session) if each.key == key), None)
        if found is None:
            abort(404)
        schedule = schedule_of(found)
        offered = _passed(schedule)
        asked = request.args.get("time", "")
        chosen = next((each for each in offered if each.key == asked), offered[0] if offered else None)
        of_list = missing.key_of(schedule, chosen) if chosen else ""
        return self.page(
            "urging/missing.html",
            title=label(schedule.name),
            key=key,
            times=[(each.key, missing.called(each)) for each in offered],
            chosen=chosen,
            called=missing.called(chosen) if chosen else "",
            roll=missing.roll(session, actor, of_list, today()) if chosen else None,
            letter=letter_about(missing.KIND, of_list) if chosen else "",
        )

    @expose("/letter/<kind>/<key>", methods=["GET", "POST"])
    @has_access
    @permission_name("begin")
    def letter(self, kind: str, key: str) -> Response | str | tuple[str, int]:
        """Choose process, unit and whom to urge; then there is a draft."""
        gathered = _gathered_or_404(kind, key)
        if request.method != "POST":
            return self._letter_page(kind, key, gathered)

        def deed() -> Answer:
            draft = service.begin(
                current_session(),
                current_actor(),
                (kind, key),
                form_key=request.form.get("form", ""),
                unit_id=read_key(request.form.get("unit", "")) or 0,
                late=_ticked(),
                on=today(),
            )
            words = str(gettext("The draft is begun. Read what was filled in, complete it and hand it in."))
            return Answer("submission", draft.id, words=words, location=url_for("SubmissionView.show", pk=draft.id))

        return once.page_of(deed, lambda refused: self._letter_page(kind, key, _gathered_or_404(kind, key), refused))

    def _letter_page(self, kind: str, key: str, gathered: Gathered, refused: WorkflowError | None = None) -> str:
        session, actor = current_session(), current_actor()
        found = service.processes(session)
        ticked = _ticked() if refused else [row.unit_id for row in gathered.rows]
        return self.page(
            "urging/letter.html",
            title=gettext("Write an urging letter"),
            gathered=gathered,
            source=BEGUN_FROM[kind](key),
            here=url_for("UrgingView.letter", kind=kind, key=key),
            processes=[(each.key, label(each.name)) for each in found],
            units=session.scalars(select(Unit).where(Unit.id.in_(actor.own_units)).order_by(Unit.sort_key)).all(),
            ticked=frozenset(ticked),
            chosen=request.form,
            designs=actor.may(*WRITE),
            problem=sentence(refused) if refused else "",
            there=refused.params.get("submission_id") if refused else None,
        )


def letter_about(kind: str, key: str) -> str:
    """The address of the page on which a letter about a list is begun; empty for whoever begins none."""
    return url_for("UrgingView.letter", kind=kind, key=key) if current_actor().may(*BEGIN) else ""


def offered_of_tasks(source_id: int | None) -> Sequence[tuple[str, str]]:
    """What the list of overdue tasks offers: words and address.

    Args:
        source_id: of the document whose tasks alone it shows; None where it shows all.
    """
    address = letter_about(overdue.KIND, str(source_id) if source_id else overdue.ALL)
    return [(str(gettext("Write an urging letter")), address)] if address else []


def page_of_tasks(key: str) -> str:
    """The address of the list of overdue tasks.

    Args:
        key: of the list of units that was gathered from it.
    """
    return url_for("TaskView.list", status="overdue", source=None if key == overdue.ALL else key)


def page_of_missing(key: str) -> str:
    """The address of the list of reports that are missing; arguments as for `page_of_tasks`."""
    schedule, _, time = key.partition(missing.BETWEEN)
    return url_for("UrgingView.missing", key=schedule, time=time)


def _passed(schedule: Any) -> Any:
    try:
        return missing.passed(current_session(), schedule, today())
    except Refusal:  # its calendar is not in force, so nothing has a day
        return []


def _ticked() -> Sequence[int]:
    return [key for key in map(read_key, request.form.getlist("late")) if key is not None]


def _gathered_or_404(kind: str, key: str) -> Gathered:
    try:
        return service.gather(current_session(), current_actor(), kind, key, today())
    except Refusal:
        abort(404)


def register(portal: Any) -> None:
    """Give the portal these screens, beside the tasks that are tracked."""
    kept = {"category": "Task tracking", "category_label": _l("Tasks")}
    portal.add_view(UrgingView, "Missing reports", label=_l("Missing reports"), **kept)
