"""In whose hands a case was for how long, in working time: the drafter's and those of each stage, round by round."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import accumulate, islice, pairwise
from typing import Final

from workflows.calendars import Calendar
from workflows.definition import DRAFTER
from workflows.event import Event
from workflows.events import (
    CaseApproved,
    CaseCancelled,
    CaseOpened,
    CaseRecalled,
    CaseRejected,
    CaseReopened,
    CaseResumed,
    CaseReturned,
    CaseSubmitted,
    CaseSuspended,
    CaseWithdrawn,
    StageEntered,
)
from workflows.workdays import working_time_between

BACK: Final = (CaseRecalled, CaseReopened, CaseReturned)
ENDS: Final = (CaseApproved, CaseRejected, CaseWithdrawn, CaseCancelled)
MOVES: Final = (CaseOpened, CaseSubmitted, StageEntered, CaseSuspended, CaseResumed, *BACK, *ENDS)
"""The events that say where a case is; the others need not be known."""


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


@dataclass(frozen=True)
class _Position:
    """Where a case is from some moment on; ``runs`` tells whether its clock does, ``is_over`` that it has ended."""

    since: datetime
    place: str = DRAFTER
    rounds: int = 0
    runs: bool = True
    is_over: bool = False

    @property
    def round(self) -> int:
        return self.rounds + (self.place == DRAFTER)


def stays_of(events: Iterable[Event], calendar: Calendar, now: datetime) -> list[Stay]:
    """Gives where a case was since it was opened, in order.

    Args:
        events: Those of ``MOVES`` that happened to it, in order, from its opening on; others do no harm.
        calendar: Says which time is working time.
        now: The end of what is still going on.

    Raises:
        WorkflowError: ``calendar_ends``.
    """
    stays: list[Stay] = []
    for position, end in _stretches(events):
        start = position.since
        taken = working_time_between(calendar, start, end or now) if position.runs else timedelta()
        if stays and (stays[-1].place, stays[-1].round, stays[-1].end) == (position.place, position.round, start):
            stays.append(replace(last := stays.pop(), end=end, taken=last.taken + taken))
        else:
            stays.append(Stay(position.place, position.round, start, end, taken))
    return stays


def _stretches(events: Iterable[Event]) -> Iterator[tuple[_Position, datetime | None]]:
    """Gives each position with its end; all events of an action are one moment."""
    positions = _positions(events)
    for position, following in pairwise([*positions, None]):
        if position and not position.is_over:
            yield position, following.since if following else None


def _positions(events: Iterable[Event]) -> list[_Position]:
    """Gives where it was after each action; the first event is its opening."""
    moves = [each for each in events if isinstance(each, MOVES)]
    states = accumulate(moves, _after, initial=_Position(moves[0].at))
    return list({event.version: state for event, state in zip(moves, islice(states, 1, None), strict=True)}.values())


def _after(position: _Position, event: Event) -> _Position:
    position = replace(position, since=event.at)
    if isinstance(event, CaseSubmitted):
        return replace(position, rounds=event.round)
    if isinstance(event, StageEntered):
        return replace(position, place=event.stage)
    if isinstance(event, CaseSuspended | CaseResumed):
        return replace(position, runs=isinstance(event, CaseResumed))
    if isinstance(event, BACK):
        return replace(position, place=DRAFTER, runs=True, is_over=False)
    return replace(position, is_over=isinstance(event, ENDS))
