"""In whose hands a case was for how long, in working time: the drafter's and those of each stage, round by round."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from workflows.calendars import Calendar
from workflows.case import Case, CaseStatus
from workflows.definition import DRAFTER
from workflows.history import retrace
from workflows.workdays import working_time_between


@dataclass(frozen=True)
class Stay:
    """A time that a case spent in one place.

    Attributes:
        place: ``drafter``, or the key of a stage.
        round: The round it belongs to; what the drafter does before a round belongs to that round.
        start: When it came there.
        end: When it left; None while it is there.
        taken: How much working time that was, without the time during which it was suspended.
    """

    place: str
    round: int
    start: datetime
    end: datetime | None
    taken: timedelta


def stays_of(case: Case, calendar: Calendar, now: datetime) -> list[Stay]:
    """Gives where a case was since it was opened, in order.

    Args:
        case: The case.
        calendar: Says which time is working time.
        now: The end of what is still going on.

    Raises:
        WorkflowError: ``calendar_ends``.
    """
    stays: list[Stay] = []
    for place, number, runs, start, end in _parts(case):
        taken = working_time_between(calendar, start, end or now) if runs else timedelta()
        if stays and (stays[-1].place, stays[-1].round, stays[-1].end) == (place, number, start):
            last = stays.pop()
            stays.append(Stay(place, number, last.start, end, last.taken + taken))
        else:
            stays.append(Stay(place, number, start, end, taken))
    return stays


def _parts(case: Case) -> Iterator[tuple[str, int, bool, datetime, datetime | None]]:
    """Gives each stretch between two actions: where the case was, in which round, and whether its clock ran."""
    moments = _states(case)
    for number, (at, state) in enumerate(moments):
        if not state.finished:
            end = moments[number + 1][0] if number + 1 < len(moments) else None
            place = state.stage or DRAFTER
            yield place, state.round + (place == DRAFTER), state.status != CaseStatus.SUSPENDED, at, end


def _states(case: Case) -> list[tuple[datetime, Case]]:
    """Gives the case as it was after each action, with its time."""
    found = {state.version: (state.events[-1].at, state) for state in retrace(case)}
    return list(found.values())
