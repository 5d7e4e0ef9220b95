"""How long many cases were in whose hands: working hours of drafters and of each stage, of first and later rounds."""

from __future__ import annotations

import statistics
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import groupby
from typing import TYPE_CHECKING

from sqlalchemy import select

from portal.approvals.models import ApprovalCase, CaseEvent
from portal.approvals.service import scope
from portal.approvals.timing import hours_of
from portal.db import utc_now
from portal.definitions import service as definitions
from portal.definitions.models import Definition
from workflows.definition import DRAFTER
from workflows.durations import MOVES, stays_of
from workflows.history import from_dict

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from decimal import Decimal

    from sqlalchemy.orm import Session

    from portal.security import Actor
    from workflows.calendars import Calendar
    from workflows.definition import Chain
    from workflows.durations import Stay

MOST = 2000
"""How many cases are counted, the newest first."""

TENTHS = 10
_KINDS = [each.kind for each in MOVES]


@dataclass
class Spread:
    """Working hours of several stays that are over.

    Attributes:
        hours: of each, in no order.
    """

    hours: list[Decimal] = field(default_factory=list)

    @property
    def number(self) -> int:
        """How many there are."""
        return len(self.hours)

    @property
    def median(self) -> Decimal | None:
        """What half of them took at most; None without any."""
        return statistics.median(self.hours) if self.hours else None

    @property
    def most(self) -> Decimal | None:
        """What nine of ten took at most; None without any."""
        ordered = sorted(self.hours)
        return ordered[-(-len(ordered) * 9 // TENTHS) - 1] if ordered else None


@dataclass
class PlaceTimes:
    """One place: the drafter's desk, or a stage.

    Attributes:
        key: `drafter`, or the key of the stage.
        first: stays in first rounds.
        later: stays in later ones.
        waiting: working hours of those that are there now, so far.
    """

    key: str
    first: Spread = field(default_factory=Spread)
    later: Spread = field(default_factory=Spread)
    waiting: list[Decimal] = field(default_factory=list)


@dataclass
class ChainTimes:
    """One chain.

    Attributes:
        chain: its newest version.
        versions: all of them, by their keys; they name stages that the newest one no longer has.
        cases: how many were counted.
        places: in the order of the chain, the drafter first; stages of older versions last.
    """

    chain: Chain
    versions: Mapping[str, Chain]
    cases: int
    places: list[PlaceTimes]


def times(session: Session, actor: Actor, since: datetime | None) -> list[ChainTimes]:
    """How long the cases that an actor sees were in whose hands, chain by chain.

    Args:
        session: any transaction.
        actor: who looks.
        since: cases begun since then; None for all. No more than `MOST`, the newest.

    Returns:
        nothing while there is no calendar.

    Raises:
        WorkflowError: `calendar_ends`.
    """
    calendar = definitions.current_calendar(session)
    if calendar is None:
        return []
    begun = () if since is None else (ApprovalCase.opened_at >= since,)
    cases = select(ApprovalCase.id, Definition.key).join(ApprovalCase.definition).where(scope(actor), *begun)
    found = session.execute(cases.order_by(ApprovalCase.id.desc()).limit(MOST)).all()
    chains = {key: _empty(session, key) for key in dict.fromkeys(key for _, key in found)}
    stays = dict(_stays(session, calendar, [case for case, _ in found]))
    for case, key in found:
        chains[key].cases += 1
        _count(chains[key], stays[case])
    return list(chains.values())


def _empty(session: Session, key: str) -> ChainTimes:
    """A chain of which nothing was counted yet."""
    mine = select(Definition).where(Definition.kind == "chain", Definition.key == key).order_by(Definition.version)
    versions = {str(each.id): definitions.chain_of(each) for each in session.scalars(mine)}
    newest = list(versions.values())[-1]
    return ChainTimes(newest, versions, 0, _places(newest))


def _places(chain: Chain) -> list[PlaceTimes]:
    return [PlaceTimes(key) for key in (DRAFTER, *(stage.key for stage in chain.every_stage))]


def _stays(session: Session, calendar: Calendar, cases: Sequence[int]) -> Iterator[tuple[int, list[Stay]]]:
    """Where each case was, from the events that say so."""
    moved = select(CaseEvent.case_id, CaseEvent.payload).where(CaseEvent.kind.in_(_KINDS))
    now = utc_now()
    first, last = min(cases, default=0), max(cases, default=0)
    mine = moved.where(CaseEvent.case_id.between(first, last)).order_by(CaseEvent.case_id, CaseEvent.seq)
    wanted = set(cases)
    for case, rows in groupby(session.execute(mine), key=lambda row: row.case_id):
        if case in wanted:
            yield case, stays_of([from_dict(row.payload) for row in rows], calendar, now)


def _count(counted: ChainTimes, stays: list[Stay]) -> None:
    places = {each.key: each for each in counted.places}
    for stay in stays:
        if stay.place not in places:  # of a version that the newest one no longer has
            places[stay.place] = PlaceTimes(stay.place)
            counted.places.append(places[stay.place])
        place, hours = places[stay.place], hours_of(stay.taken)
        if stay.end is None:
            place.waiting.append(hours)
        else:
            (place.first if stay.round <= 1 else place.later).hours.append(hours)


def months_ago(months: int) -> datetime:
    """The moment so many months of thirty days ago."""
    return utc_now() - timedelta(days=30 * months)
