"""How long many cases were in whose hands: working hours of drafters and of each stage, of first and later rounds."""

from __future__ import annotations

import statistics
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import groupby
from typing import TYPE_CHECKING, Any

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
    from collections.abc import Mapping
    from decimal import Decimal

    from sqlalchemy import Select
    from sqlalchemy.orm import Session

    from portal.security import Actor
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
    chains: dict[str, ChainTimes] = {}
    for (_, key), rows in groupby(session.execute(_moves_of_newest(actor, since)), key=lambda row: row[:2]):
        if key not in chains:
            chains[key] = _empty(session, key)
        chains[key].cases += 1
        _count(chains[key], stays_of([from_dict(row.payload) for row in rows], calendar, utc_now()))
    return list(chains.values())


def _empty(session: Session, key: str) -> ChainTimes:
    """A chain of which nothing was counted yet."""
    mine = select(Definition).where(Definition.kind == "chain", Definition.key == key).order_by(Definition.version)
    versions = {str(each.id): definitions.chain_of(each) for each in session.scalars(mine)}
    newest = list(versions.values())[-1]
    return ChainTimes(newest, versions, 0, _places(newest))


def _places(chain: Chain) -> list[PlaceTimes]:
    return [PlaceTimes(key) for key in (DRAFTER, *(stage.key for stage in chain.every_stage))]


def _moves_of_newest(actor: Actor, since: datetime | None) -> Select[int, str, dict[str, Any]]:
    """Of the newest cases that an actor sees: key, chain, and the events that say where each was, in order."""
    begun = () if since is None else (ApprovalCase.opened_at >= since,)
    newest = select(ApprovalCase.id).where(scope(actor), *begun).order_by(ApprovalCase.id.desc()).limit(MOST)
    moves = select(CaseEvent.case_id, Definition.key, CaseEvent.payload).where(CaseEvent.kind.in_(_KINDS))
    its_chain = moves.join(ApprovalCase, ApprovalCase.id == CaseEvent.case_id).join(ApprovalCase.definition)
    return its_chain.where(CaseEvent.case_id.in_(newest)).order_by(CaseEvent.case_id, CaseEvent.seq)


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
