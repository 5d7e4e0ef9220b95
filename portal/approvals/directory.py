"""Who can take a step: the engine's view of posts, bound to the submitting unit and to a day."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from portal.units import service as units
from workflows.engine import Candidate

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from sqlalchemy.orm import Session

    from workflows.definition import Owner, Place


@dataclass(frozen=True)
class UnitDirectory:
    """Posts and their holders on one day, as seen from one unit. Persons, posts and units are their keys as text.

    Attributes:
        session: the transaction that asks.
        unit_id: the unit that submits.
        on: the day.
        _known: posts of persons on that day, as far as they were read already.
        _seated: holders of an owner's posts, likewise.
    """

    session: Session
    unit_id: int
    on: date
    _known: dict[int, frozenset[int]] = field(default_factory=dict)
    _seated: dict[Owner, Sequence[Candidate]] = field(default_factory=dict)

    def place(self, place: Place) -> int | None:
        """The unit that a chain names: the submitter's own, its parent, or one by its code."""
        if place.place == "own":
            return self.unit_id
        if place.place == "parent":
            return units.parent_of(self.session, self.unit_id)
        named = units.unit_by_code(self.session, str(place.unit))
        return named.id if named else None

    def candidates(self, owner: Owner) -> Sequence[Candidate]:
        """Holders of the owner's posts, heads before deputies."""
        if owner not in self._seated:
            seated = self._holders(owner)
            self._seated[owner] = [Candidate(str(user), str(post), str(unit)) for user, post, unit in seated]
        return self._seated[owner]

    def _holders(self, owner: Owner) -> list[tuple[int, int, int]]:
        if owner.place == "unit":
            return units.holders_by_code(self.session, str(owner.unit), owner.posts, self.on)
        unit_id = self.place(owner)
        return [] if unit_id is None else units.holders(self.session, unit_id, owner.posts, self.on)

    def holds(self, person: str, post: str, unit: str) -> bool:
        """Whether a person holds a post on the day; a post never leaves its unit."""
        del unit
        return int(post) in self._posts_of(int(person))

    def _posts_of(self, user_id: int) -> frozenset[int]:
        """The posts of a person on the day; asked for many times while a page is made, read once."""
        if user_id not in self._known:
            held = units.postings(self.session, user_id, self.on)
            self._known[user_id] = frozenset(posting.post_id for posting in held)
        return self._known[user_id]
