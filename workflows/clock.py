"""How long a step has waited, in working time: paused while it is suspended or while an opinion is asked for."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import dropwhile

from workflows.calendars import Calendar
from workflows.case import Case
from workflows.definition import Rung, Step
from workflows.errors import WorkflowError
from workflows.event import Event
from workflows.events import (
    CaseMigrated,
    CaseResumed,
    CaseSuspended,
    ItemClosed,
    ItemDecided,
    ItemOpened,
    RungReached,
    StageEntered,
)
from workflows.workdays import add_working_time, working_time_between

HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Span:
    """A time during which the clock of a step runs.

    Attributes:
        start: When it began.
        end: When it stopped; None while it runs.
    """

    start: datetime
    end: datetime | None


@dataclass(frozen=True)
class Due:
    """A rung of a ladder that is still to be reached.

    Attributes:
        step: The step.
        number: Which of its rungs, from 0.
        at: When; in UTC.
    """

    step: Step
    number: int
    at: datetime


def spans_of(case: Case, step: Step) -> list[Span]:
    """Gives the times during which the clock of a step has run in the present stage entry, in order.

    Args:
        case: In a stage.
        step: One of that stage.
    """
    spans: list[Span] = []
    is_suspended, questions = False, set[int]()
    for event in _of_entry(case):
        if isinstance(event, CaseSuspended | CaseResumed):
            is_suspended = isinstance(event, CaseSuspended)
        elif isinstance(event, ItemOpened) and event.role == "advise" and event.added_by and event.step == step.key:
            questions.add(event.item)
        elif isinstance(event, ItemDecided | ItemClosed):
            questions.discard(event.item)
        runs = not is_suspended and not questions
        if runs != (bool(spans) and spans[-1].end is None):
            spans = [*spans, Span(event.at, None)] if runs else [*spans[:-1], Span(spans[-1].start, event.at)]
    return spans


def _of_entry(case: Case) -> Iterator[Event]:
    """Gives what happened since the present stage was entered, from that on."""
    return dropwhile(lambda each: not (isinstance(each, StageEntered) and each.entry == case.entry), case.events)


def moment(case: Case, step: Step, hours: int, calendar: Calendar) -> datetime | None:
    """Gives when a step has taken so many working hours; None while its clock stands still before that.

    Raises:
        WorkflowError: ``calendar_ends``.
    """
    left = hours * HOUR
    for span in spans_of(case, step):
        if span.end is None:
            return add_working_time(calendar, span.start, left)
        taken = working_time_between(calendar, span.start, span.end)
        if taken >= left:
            return add_working_time(calendar, span.start, left)
        left -= taken
    return None


def waiting_steps(case: Case) -> list[Step]:
    """Gives the steps of the present stage that somebody still has to take, in the order of the chain."""
    if case.stage is None:
        return []
    waiting = {item.step for item in case.pending_items if item.added_by is None}
    return [step for step in case.chain.stage(case.stage).steps if step.key in waiting]


def due_at(case: Case, calendar: Calendar) -> datetime | None:
    """Gives when the first of the budgets that run in the present stage is used up; None without any.

    What lies beyond the end of the calendar is not known yet, and left out.
    """
    ends = [_known(case, step, step.budget, calendar) for step in waiting_steps(case) if step.budget]
    return min((each for each in ends if each is not None), default=None)


def rungs_to_come(case: Case, calendar: Calendar) -> Iterator[Due]:
    """Gives the rungs that were not reached yet and whose time is known, step by step.

    What lies beyond the end of the calendar is not known yet, and left out.
    """
    for step in waiting_steps(case):
        reached, since = _reached(case, step)
        for number, rung in enumerate(step.ladder):
            if number not in reached:
                at = _known(case, step, (step.budget or 0) + rung.at, calendar)
                if at is not None and (since is None or at > since):
                    yield Due(step, number, at)


def _reached(case: Case, step: Step) -> tuple[set[int], datetime | None]:
    """Gives the rungs that were reached, and since when a step has this ladder, where it had another one before.

    What a new ladder would have asked for before the case came to it is not made up for.
    """
    reached, since = set[int](), None
    for event in _of_entry(case):
        if isinstance(event, CaseMigrated) and _times(case, event.was, step) != _times(case, event.chain, step):
            reached, since = set(), event.at
        elif isinstance(event, RungReached) and event.step == step.key:
            reached.add(event.rung)
    return reached, since


def _times(case: Case, version: str, step: Step) -> tuple[int | None, tuple[Rung, ...]]:
    same = case.versions[version].stage(str(case.stage)).step(step.key)
    return same.budget, same.ladder


def _known(case: Case, step: Step, hours: int, calendar: Calendar) -> datetime | None:
    """As ``moment``; None too where the calendar does not go so far."""
    try:
        return moment(case, step, hours, calendar)
    except WorkflowError:
        return None


def next_rung_at(case: Case, calendar: Calendar) -> datetime | None:
    """Gives when the next rung is reached; None while none is to come."""
    return min((due.at for due in rungs_to_come(case, calendar)), default=None)
