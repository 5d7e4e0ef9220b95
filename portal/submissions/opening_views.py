"""The page on which a report is begun: which form, of which unit, for which period."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from flask import redirect, request, url_for
from flask_appbuilder import expose, has_access
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from portal.data import current_actor, current_session, read_key
from portal.definitions.service import all_current
from portal.periods import period_name
from portal.refusals import sentence
from portal.security import today
from portal.submissions import regimes, service
from portal.submissions.reading_views import ReadingView
from portal.submissions.rules import bad_period, reported_years
from portal.tasks import service as tasks
from portal.units.models import Unit
from portal.words import format_date, label
from workflows.errors import Refusal
from workflows.periods import FIRST_DAY, Period, PeriodKind, period_on

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from werkzeug.wrappers import Response

    from portal.definitions.models import Definition
    from portal.submissions.regimes import Asked

MOST_TASKS = 200
"""How many tasks are offered, the longest overdue first."""

PERIODS: dict[str, Any] = {
    "week": _l("Week"),
    "month": _l("Month"),
    "quarter": _l("Quarter"),
    "half_year": _l("Half-year"),
    "nine_months": _l("Nine months"),
    "year": _l("Year"),
}
"""What a period is called, by its kind."""

MOST: dict[str, int] = {"week": 53, "month": 12, "quarter": 4, "half_year": 2, "nine_months": 1, "year": 1}
"""How many there are in a year, at most."""


class OpeningView(ReadingView):
    """What the screens of submissions show to whoever begins one."""

    @expose("/new", methods=["GET", "POST"])
    @has_access
    def new(self) -> Response | str | tuple[str, int]:
        """Choose form, unit and period of a new report."""
        if request.method != "POST":
            return self._opening()
        try:
            return self._open()
        except Refusal as refusal:
            current_session().rollback()
            return self._opening(refusal), 422

    def _opening(self, refusal: Refusal | None = None) -> str:
        forms = all_current(current_session(), "form")
        form = _chosen(forms)
        return self.page(
            "submissions/new.html",
            title=gettext("New report"),
            forms=[(each.key, label(each.name)) for each in forms],
            form=form,
            problem=sentence(refusal) if refusal else "",
            there=refusal.params.get("submission_id") if refusal else None,
            **(self._choices_for(form) if form else {}),
        )

    @staticmethod
    def _choices_for(form: Definition) -> dict[str, Any]:
        """What the page offers for one form."""
        session, actor = current_session(), current_actor()
        units = session.scalars(select(Unit).where(Unit.id.in_(actor.own_units)).order_by(Unit.sort_key)).all()
        return {
            "units": units,
            "tasks": tasks.tasks_of(session, actor.own_units, MOST_TASKS),
            "chosen": request.values,
            **_periods(regimes.periods_of(session, form.key), units),
        }

    def _open(self) -> Response:
        session, actor = current_session(), current_actor()
        form = _chosen(all_current(session, "form"))
        if form is None:
            raise Refusal("form_needed")
        period = _period(list(regimes.periods_of(session, form.key)))
        unit_id, task_id = _named("unit", "not_your_unit"), _named("task", "not_your_task")
        submission = service.open_report(session, actor, unit_id or 0, form.key, period, task_id=task_id)
        session.commit()
        return redirect(url_for("SubmissionView.show", pk=submission.id))


def _chosen(forms: Sequence[Definition]) -> Definition | None:
    """The form that is asked for; the only one where there is no other."""
    asked = request.values.get("form", "")
    found = next((each for each in forms if each.key == asked), None)
    return found or (forms[0] if len(forms) == 1 and not asked else None)


def _named(name: str, otherwise: str) -> int | None:
    """The key that an input holds; None where it is empty.

    Raises:
        Refusal: `otherwise`, what it holds is no key at all.
    """
    asked = request.form.get(name, "")
    key = read_key(asked)
    if asked and key is None:
        raise Refusal(otherwise)
    return key


# -- the period ------------------------------------------------------------------------------------------------


class Offered(NamedTuple):
    """A kind of period as the page offers it.

    Attributes:
        kind: which one.
        words: what it is called.
        most: how many of them a year has at most.
        help: which days its data are of, and who owes the report.
    """

    kind: PeriodKind
    words: Any
    most: int
    help: Sequence[str]


def _periods(asked: Mapping[PeriodKind, Asked], units: Sequence[Unit]) -> dict[str, Any]:
    """The kinds of period that a form is for, the one that is proposed or was chosen, and its dates."""
    owed = [kind for kind in asked if asked[kind].is_owed_by(units, today())]
    chosen = next((kind for kind in asked if kind == request.values.get("period")), next(iter(owed or asked)))
    return {
        "kinds": [_offered(kind, each, is_owed=kind in owed) for kind, each in asked.items()],
        "kind": chosen,
        "proposed": _last_ended(chosen, asked[chosen].first_day),
        **_dates(chosen, asked),
    }


def _offered(kind: PeriodKind, asked: Asked, *, is_owed: bool) -> Offered:
    said = [_days_of(kind, asked.first_day)]
    if asked.by:
        levels = "; ".join(label(each) for each in asked.levels)
        said.append(gettext("This report is asked of: %(levels)s.", levels=levels))
    if asked.by and not is_owed:
        said.append(gettext("No unit of yours is among them; you can report all the same."))
    return Offered(kind, PERIODS[kind], MOST[kind], said)


def _days_of(kind: PeriodKind, first_day: int) -> str:
    """Which days the data of a period are of."""
    if kind is PeriodKind.WEEK:
        return str(gettext("A week runs from Monday to Sunday."))
    if first_day == 1:
        return str(gettext("Data run from the first to the last day of the period."))
    if first_day == FIRST_DAY:
        return str(
            gettext("Data run from the 15th of the month before to the 14th of the last month (Decree 09/2019/NĐ-CP).")
        )
    days = {"first": first_day, "last": first_day - 1}
    return str(gettext("Data run from day %(first)s of the month before to day %(last)s of the last month.", **days))


def _last_ended(kind: PeriodKind, first_day: int) -> Period:
    """The period that most will report on today: the one that ended last."""
    now = period_on(kind, today(), first_day)
    return now.previous if now else Period(kind, today().year)


def _dates(kind: PeriodKind, asked: Mapping[PeriodKind, Asked]) -> dict[str, Any]:
    """The dates of the chosen period, or of the proposed one; of what is no period, why not."""
    first_day = asked[kind].first_day
    try:
        period = _period(list(asked)) if request.values.get("year") else _last_ended(kind, first_day)
    except Refusal as refusal:
        return {"dates": sentence(refusal), "is_period": False}
    window = period.window_from(first_day)
    days = {"first": format_date(window.start), "last": format_date(window.end)}
    said = gettext("Data of %(period)s: from %(first)s to %(last)s.", period=period_name(period), **days)
    return {"dates": str(said), "is_period": True}


def _period(kinds: Sequence[PeriodKind]) -> Period:
    """The period that is asked for.

    Raises:
        Refusal: `bad_period`; a kind that the form is not for is not taken for another one.
    """
    asked = request.values.get("period", "" if len(kinds) > 1 else kinds[0])
    try:
        year, number = (int(request.values.get(name, "")) for name in ("year", "number"))
        if asked in kinds and year in reported_years(today()):
            return Period(PeriodKind(asked), year, number)
    except ValueError:
        pass
    raise bad_period(today())
