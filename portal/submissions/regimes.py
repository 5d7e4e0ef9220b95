"""Which forms a unit can report with, for which kinds of period, and who owes them: what the schedules in force say."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from portal.definitions.service import all_current, current, form_of, schedule_of
from workflows.periods import FIRST_DAY, Period, PeriodKind, period_on
from workflows.schedules import units_owing

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    from sqlalchemy.orm import Session

    from portal.units.models import Unit
    from workflows.errors import Label
    from workflows.schedules import Schedule


class Asked(NamedTuple):
    """How a form is asked for, for one kind of period.

    Attributes:
        first_day: on which day of a month its data begin.
        by: the schedules that ask for it; none where nobody does.
    """

    first_day: int
    by: tuple[Schedule, ...] = ()

    @property
    def levels(self) -> Sequence[Label]:
        """What those are called who owe it."""
        return [level.name for schedule in self.by for level in schedule.owed_by]

    def is_owed_by(self, units: Iterable[Unit], on: date) -> bool:
        """Whether any of these units owes it on a day."""
        mine = list(units)
        return any(found for each in self.by for found in units_owing(each, mine, on).values())


WITHOUT_SCHEDULE: Mapping[PeriodKind, Asked] = {PeriodKind.MONTH: Asked(FIRST_DAY)}
"""A form that no schedule asks for is filled in for a month: there is always some month it is about."""

OF_LETTERS: Mapping[PeriodKind, Asked] = {PeriodKind.MONTH: Asked(1)}
"""What is written as often as it has to falls in the month in which it is written, by the calendar: it has no data that
would be closed on some day."""


def periods_of(session: Session, form_key: str) -> Mapping[PeriodKind, Asked]:
    """For which kinds of period a form is filled in.

    A unit has one report for a period, whoever asks for it, so its data have one first day. Where two schedules ask for
    the same kind with different first days, that of the last one by key holds; the page on which a report is begun
    shows the dates.

    Args:
        session: any transaction.
        form_key: of the form.

    Raises:
        Refusal: `no_definition`, nobody asks for such a form and none is in force.
    """
    found: dict[PeriodKind, Asked] = {}
    for each in all_current(session, "schedule"):
        schedule = schedule_of(each)
        for kind in [frequency.kind for frequency in schedule.every if schedule.form == form_key]:
            before = found[kind].by if kind in found else ()
            found[kind] = Asked(schedule.first_day, (*before, schedule))
    return found or _unasked(session, form_key)


def period_of_day(asked: Mapping[PeriodKind, Asked], on: date) -> Period:
    """The shortest period that a form is filled in for and that a day lies in.

    Args:
        asked: as `periods_of` gives it.
        on: the day.
    """
    kind = next(iter(asked))
    return period_on(kind, on, asked[kind].first_day) or Period(kind, on.year)


def _unasked(session: Session, form_key: str) -> Mapping[PeriodKind, Asked]:
    form = form_of(current(session, "form", form_key))
    return OF_LETTERS if form.per_period == "many" else WITHOUT_SCHEDULE
