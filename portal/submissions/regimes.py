"""Which forms a unit can report with, and for which kinds of period: what the schedules in force say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal.definitions.service import all_current, schedule_of
from workflows.periods import FIRST_DAY, PeriodKind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy.orm import Session

WITHOUT_SCHEDULE: Mapping[PeriodKind, int] = {PeriodKind.MONTH: FIRST_DAY}
"""A form that no schedule asks for is filled in for a month: there is always some month it is about."""


def periods_of(session: Session, form_key: str) -> Mapping[PeriodKind, int]:
    """For which kinds of period a form is filled in, and on which day of a month their data begin.

    Args:
        session: any transaction.
        form_key: of the form.
    """
    found: dict[PeriodKind, int] = {}
    for each in all_current(session, "schedule"):
        schedule = schedule_of(each)
        if schedule.form == form_key:
            found |= {frequency.kind: schedule.first_day for frequency in schedule.every}
    return found or WITHOUT_SCHEDULE
