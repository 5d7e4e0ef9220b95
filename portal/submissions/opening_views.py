"""The page on which a report is begun: which form, of which unit, for which period."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import redirect, request, url_for
from flask_appbuilder import expose, has_access
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from portal.data import current_actor, current_session, read_key
from portal.definitions.service import all_current
from portal.refusals import sentence
from portal.security import today
from portal.submissions import regimes, service
from portal.submissions.reading_views import ReadingView
from portal.submissions.rules import bad_period
from portal.tasks import service as tasks
from portal.units.models import Unit
from portal.words import label
from workflows.errors import Refusal
from workflows.periods import Period, PeriodKind, period_on

if TYPE_CHECKING:
    from collections.abc import Sequence

    from werkzeug.wrappers import Response

    from portal.definitions.models import Definition

MOST_TASKS = 200
"""How many tasks are offered, the longest overdue first."""

NO_TASK = 0
"""The key of no task, for what is no key at all."""

PERIODS: dict[str, Any] = {
    "week": _l("Week"),
    "month": _l("Month"),
    "quarter": _l("Quarter"),
    "half_year": _l("Half-year"),
    "nine_months": _l("Nine months"),
    "year": _l("Year"),
}
"""What a period is called, by its kind."""


class OpeningView(ReadingView):
    """What the screens of submissions show to whoever begins one."""

    @expose("/new", methods=["GET", "POST"])
    @has_access
    def new(self) -> Response | str | tuple[str, int]:
        """Choose form, unit and period of a new report."""
        problem, there = "", None
        if request.method == "POST":
            try:
                return self._open()
            except Refusal as refusal:
                current_session().rollback()
                problem, there = sentence(refusal), refusal.params.get("submission_id")
        forms = all_current(current_session(), "form")
        form = _chosen(forms)
        html = self.page(
            "submissions/new.html",
            title=gettext("New report"),
            forms=[(each.key, label(each.name)) for each in forms],
            form=form,
            problem=problem,
            there=there,
            **(self._choices_for(form) if form else {}),
        )
        return html, 422 if problem else 200

    @staticmethod
    def _choices_for(form: Definition) -> dict[str, Any]:
        """What the page offers for one form."""
        session, actor = current_session(), current_actor()
        units = session.scalars(select(Unit).where(Unit.id.in_(actor.own_units)).order_by(Unit.sort_key))
        kinds = list(regimes.periods_of(session, form.key))
        now = period_on(_kind(kinds), today())
        return {
            "units": units.all(),
            "tasks": tasks.tasks_of(session, actor.own_units, MOST_TASKS),
            "chosen": request.form,
            "kinds": [(str(kind), PERIODS[kind]) for kind in kinds],
            "now": now.previous if now else None,
        }

    def _open(self) -> Response:
        session, actor = current_session(), current_actor()
        form = _chosen(all_current(session, "form"))
        if form is None:
            raise Refusal("form_needed")
        try:
            kind = _kind(list(regimes.periods_of(session, form.key)))
            period = Period(kind, int(request.form["year"]), int(request.form["month"]))
            unit_id = int(request.form["unit"])
        except ValueError:
            raise bad_period(today()) from None
        asked = request.form.get("task", "")
        task_id = (read_key(asked) or NO_TASK) if asked else None
        submission = service.open_report(session, actor, unit_id, form.key, period, task_id=task_id)
        session.commit()
        return redirect(url_for("SubmissionView.show", pk=submission.id))


def _chosen(forms: Sequence[Definition]) -> Definition | None:
    """The form that is asked for; the only one where there is no other."""
    asked = request.values.get("form", "")
    found = next((each for each in forms if each.key == asked), None)
    return found or (forms[0] if len(forms) == 1 and not asked else None)


def _kind(kinds: Sequence[PeriodKind]) -> PeriodKind:
    """The kind of period that is asked for; the first one where none is, or one that the form is not for."""
    asked = request.form.get("period", "")
    return next((kind for kind in kinds if kind == asked), kinds[0])
