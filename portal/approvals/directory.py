"""Who can take a step: the engine's view of posts, bound to a submission and to a day."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import BindParameter, ColumnElement, Date, and_, bindparam, select

from portal.approvals.models import StandingDelegation
from portal.units import seating
from portal.units import service as units
from workflows.eligibility import StandIn
from workflows.engine import Candidate

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from datetime import date

    from sqlalchemy.orm import Session

    from workflows.definition import Chain, Owner, Place, Stage, Step
    from workflows.guards import Scalar

DECIDE = ("can_decide", "DecisionView")
"""The right to work on cases; whoever lacks it is brought into none."""

HIGHEST = 12
"""How many units a search for a superior climbs at most: more than any tree of ours has levels."""


class Mandate(NamedTuple):
    """What matters of a standing delegation when somebody is asked."""

    id: int
    principal_id: int
    post_id: int
    delegate_id: int
    form_key: str | None
    unit_id: int | None
    step: str | None


def in_force(on: date | BindParameter[date]) -> ColumnElement[bool]:
    """Whether a standing delegation holds on a day; its first and its last day belong to it."""
    return and_(StandingDelegation.revoked_at.is_(None), seating.alive(StandingDelegation, on))


_MANDATES = (
    select(*(getattr(StandingDelegation, name) for name in Mandate._fields))
    .where(in_force(bindparam("on", type_=Date())))
    .order_by(StandingDelegation.id)
)


@dataclass(frozen=True)
class UnitDirectory:
    """Posts and their holders on one day, as seen from one submission. Persons, posts and units are their keys as text.

    Attributes:
        session: the transaction that asks.
        unit_id: the unit that submits.
        on: the day.
        chain: whose named units belong to everybody's circle.
        facts: what the form says, for steps whose unit a field names.
        administrators: those of the people who ask that may reassign, cancel and reopen.
        seen: more units whose people may be brought in.
        known: posts of persons on that day, as far as they were read already.
        seated: holders of an owner's posts, likewise.
        form: gives the key of the form, for delegations that are for one form alone.
        teams: those of a unit who may work on cases, as far as they were read already.
        below: a unit and those below it, likewise.
    """

    session: Session
    unit_id: int
    on: date
    chain: Chain
    facts: Mapping[str, Scalar]
    administrators: frozenset[str] = frozenset()
    seen: frozenset[int] = frozenset()
    known: dict[int, frozenset[int]] = field(default_factory=dict)
    seated: dict[Owner, Sequence[Candidate]] = field(default_factory=dict)
    form: Callable[[], str] = str
    teams: dict[str, Sequence[Candidate]] = field(default_factory=dict)
    below: dict[int, frozenset[int]] = field(default_factory=dict)

    def candidates(self, owner: Owner) -> Sequence[Candidate]:
        """Holders of the owner's posts, heads before deputies."""
        if owner not in self.seated:
            self.seated[owner] = _as_candidates(self._holders(owner))
        return self.seated[owner]

    def _holders(self, owner: Owner) -> list[tuple[int, int, int]]:
        if owner.place == "unit":
            return seating.holders_by_code(self.session, str(owner.unit), owner.posts, self.on)
        if owner.place == "superior":
            found = (seating.holders(self.session, unit_id, owner.posts, self.on) for unit_id in self._upwards())
            return [each for those in found for each in those]
        unit_id = self._unit_in(owner.field) if owner.place == "field" else place_of(self.session, self.unit_id, owner)
        return [] if unit_id is None else seating.holders(self.session, unit_id, owner.posts, self.on)

    def _upwards(self) -> Iterator[int]:
        """The submitter's unit, the one above it, and so on."""
        unit_id: int | None = self.unit_id
        for _ in range(HIGHEST):
            if unit_id is None:
                return
            yield unit_id
            unit_id = units.parent_of(self.session, unit_id)

    def _unit_in(self, name: str | None) -> int | None:
        """The unit whose code an answer is; None without such an answer, or such a unit."""
        answer = self.facts.get(str(name))
        return units.unit_named(self.session, answer) if isinstance(answer, str) else None

    def holds(self, person: str, post: str, unit: str) -> bool:
        """Whether a person holds a post on the day; a post never leaves its unit."""
        del unit
        return int(post) in self._posts_of(int(person))

    def _posts_of(self, user_id: int) -> frozenset[int]:
        """The posts of a person on the day; asked for many times while a page is made, read once."""
        if user_id not in self.known:
            held = units.postings(self.session, user_id, self.on)
            self.known[user_id] = frozenset(posting.post_id for posting in held)
        return self.known[user_id]

    def stand_ins(self, stage: Stage, step: Step, seat: Candidate) -> Sequence[StandIn]:
        """Those who stand in today for the holder of a seat, in this step and for what this unit submits."""
        name = f"{self.chain.key}.{stage.key}.{step.key}"
        theirs = [
            each for each in self._mandates if (each.post_id, each.principal_id) == (int(seat.post), int(seat.person))
        ]
        able = {each.person: each for each in self.colleagues(seat.unit)} if theirs else {}
        return [
            StandIn(able[str(each.delegate_id)], str(each.id))
            for each in theirs
            if str(each.delegate_id) in able and self._is_meant(each, name)
        ]

    def _is_meant(self, mandate: Mandate, step: str) -> bool:
        if mandate.step not in (None, step) or (mandate.form_key and mandate.form_key != self.form()):
            return False
        if mandate.unit_id is None:
            return True
        if mandate.unit_id not in self.below:
            self.below[mandate.unit_id] = units.reach(self.session, [mandate.unit_id])
        return self.unit_id in self.below[mandate.unit_id]

    def empowered(self, mandate: str) -> bool:
        """Whether a delegation is in force on the day."""
        return any(str(each.id) == mandate for each in self._mandates)

    @cached_property
    def _mandates(self) -> Sequence[Mandate]:
        """All that are in force on the day: few, and asked for in each stage that is entered."""
        return [Mandate(*row) for row in self.session.execute(_MANDATES, {"on": self.on})]

    def colleagues(self, unit: str) -> Sequence[Candidate]:
        """Those of a unit who may work on cases; asked for many times while a page is made, read once."""
        if unit not in self.teams:
            self.teams[unit] = self._who_may([int(unit)])
        return self.teams[unit]

    def circle(self) -> Sequence[Candidate]:
        """Those who may work on cases: of the submitting unit, of the one above, and of all that the case came to."""
        return self._circle

    @cached_property
    def _circle(self) -> Sequence[Candidate]:
        """Asked for by several actions while a page is made, read once."""
        parent = units.parent_of(self.session, self.unit_id)
        near = {self.unit_id, *self.seen} | ({parent} if parent else set())
        named = {step.owner.unit for stage in self.chain.every_stage for step in stage.steps if step.owner.unit}
        return self._who_may(near, named)

    def _who_may(self, unit_ids: Iterable[int], codes: Iterable[str] = ()) -> Sequence[Candidate]:
        found = seating.holders_who_may(self.session, DECIDE, unit_ids=unit_ids, codes=codes, on=self.on)
        return _as_candidates(found)

    def administers(self, person: str) -> bool:
        """Whether a person is one of those who ask and may administer cases."""
        return person in self.administrators


def _as_candidates(seated: Iterable[tuple[int, int, int]]) -> list[Candidate]:
    return [Candidate(str(user), str(post), str(unit)) for user, post, unit in seated]


def place_of(session: Session, unit_id: int, place: Place) -> int | None:
    """The unit that a chain means by `own`, `parent` or a code.

    Args:
        session: any transaction.
        unit_id: the unit that submits.
        place: of a step's owner, or of a document's issuer.
    """
    if place.place == "own":
        return unit_id
    if place.place == "parent":
        return units.parent_of(session, unit_id)
    named = units.unit_by_code(session, str(place.unit))
    return named.id if named else None
