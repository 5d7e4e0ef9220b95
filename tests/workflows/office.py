"""A small office to test chains in: who sits where, a clerk, a clock, and short ways to write chains."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from tests.workflows import promised
from workflows.actions import (
    Accept,
    AddReviewer,
    Advise,
    AnyAction,
    Approve,
    AskOpinion,
    Cancel,
    Claim,
    Delegate,
    Migrate,
    Position,
    Reassign,
    Recall,
    Reject,
    Release,
    Reopen,
    RequestRecall,
    Reseat,
    Resume,
    Return,
    Submit,
    Suspend,
    Withdraw,
)
from workflows.availability import Availability, available_actions
from workflows.definition import Chain, Owner, Stage, Step
from workflows.eligibility import StandIn
from workflows.engine import Candidate, Facts, Outcome, act, open_case
from workflows.errors import REFUSALS, Refusal
from workflows.events import ItemClosed
from workflows.parsing import parse_chain

if TYPE_CHECKING:
    from workflows.event import Event

NOON = datetime(2025, 1, 14, 5, 0, tzinfo=UTC)
CLERK = "chi"
ADMIN = "quan"

Seats = Mapping[str, Mapping[str, Sequence[str]]]


class Office:
    """A directory over a plain table: unit → post → people; ``own`` and ``parent`` are units here.

    The unit that a field names is the one of that name, and everybody with a post is in everybody's circle. A mandate
    is called ``principal>stand-in``.
    """

    def __init__(self, seats: Seats, mandates: Collection[str] = ()) -> None:
        self.seats = seats
        self.mandates = tuple(mandates)

    def candidates(self, owner: Owner) -> list[Candidate]:
        if owner.place == "superior":
            return [*self._holders("own", owner.posts), *self._holders("parent", owner.posts)]
        return self._holders(owner.unit or owner.field or owner.place, owner.posts)

    def _holders(self, unit: str, posts: Sequence[str]) -> list[Candidate]:
        seats = self.seats.get(unit, {})
        return [Candidate(person, post, unit) for post in posts for person in seats.get(post, ())]

    def holds(self, person: str, post: str, unit: str) -> bool:
        return person in self.seats.get(unit, {}).get(post, ())

    def stand_ins(self, stage: Stage, step: Step, seat: Candidate) -> list[StandIn]:
        del stage, step
        mandates = [each for each in self.mandates if each.startswith(f"{seat.person}>")]
        return [StandIn(each, key) for key in mandates for each in self.circle() if key.endswith(f">{each.person}")]

    def empowered(self, mandate: str) -> bool:
        return mandate in self.mandates

    def colleagues(self, unit: str) -> list[Candidate]:
        return self._holders(unit, list(self.seats.get(unit, {})))

    def circle(self) -> list[Candidate]:
        return [each for unit in self.seats for each in self.colleagues(unit)]

    def administers(self, person: str) -> bool:
        return person == ADMIN


def label(text: str) -> dict[str, str]:
    return {"vi": text, "en": text}


def step(key: str, *posts: str, **more: object) -> dict[str, object]:
    owner = {"posts": list(posts or [key]), "place": "own"}
    return {"key": key, "name": label(key), "owner": owner} | more


def stage(key: str, *steps: dict[str, object], **more: object) -> dict[str, object]:
    return {"key": key, "name": label(key), "steps": list(steps or [step(key)])} | more


def body(*stages: dict[str, object], **more: object) -> dict[str, object]:
    return {"schema": 1, "key": "test", "name": label("test"), "stages": list(stages)} | more


def chain(*stages: dict[str, object], **more: object) -> Chain:
    return parse_chain(body(*stages, **more))


def staffed(**posts: Sequence[str] | str) -> Office:
    """An office whose own unit has these posts: ``staffed(head="hoa", deputy=["dung", "duc"])``."""
    return Office({"own": {post: [who] if isinstance(who, str) else who for post, who in posts.items()}})


class Desk:
    """A case on somebody's desk: carries out actions one after another, a minute apart."""

    def __init__(self, chain: Chain, office: Office, facts: Facts | None = None) -> None:
        self.office = office
        self.facts: Facts = facts or {}
        self.now = NOON
        self.case = open_case(chain, CLERK, NOON).case
        self.last: tuple[Event, ...] = ()

    def do(self, by: str, action: AnyAction) -> Outcome:
        self.now += timedelta(minutes=1)
        outcome = act(self.case, action, by=by, at=self.now, facts=self.facts, directory=self.office)
        promised.check(outcome)
        self.case, self.last = outcome.case, outcome.events
        return outcome

    def submit(
        self,
        by: str = CLERK,
        content: str = "content",
        drafters: Sequence[str] = (),
        chosen: Mapping[str, tuple[str, ...]] | None = None,
        sections: Mapping[str, str] | None = None,
    ) -> Outcome:
        told = (frozenset(drafters), chosen or {}, {}, frozenset[str](), sections or {})
        return self.do(by, Submit(self.case.version, content, *told))

    def approve(self, by: str, reason: str = "", step: str | None = None) -> Outcome:
        return self.do(by, Approve(self.case.version, reason, step))

    def send_back(self, by: str, reason: str = "Thiếu số liệu", to: str = "drafter") -> Outcome:
        return self.do(by, Return(self.case.version, reason, to))

    def reject(self, by: str, reason: str = "Sai thẩm quyền") -> Outcome:
        return self.do(by, Reject(self.case.version, reason))

    def recall(self, by: str = CLERK, reason: str = "") -> Outcome:
        return self.do(by, Recall(self.case.version, reason))

    def request_recall(self, by: str = CLERK, reason: str = "Nhầm số liệu") -> Outcome:
        return self.do(by, RequestRecall(self.case.version, reason))

    def withdraw(self, by: str = CLERK, reason: str = "Không cần nữa") -> Outcome:
        return self.do(by, Withdraw(self.case.version, reason))

    def accept(self, by: str) -> Outcome:
        return self.do(by, Accept(self.case.version))

    def claim(self, by: str, step: str | None = None) -> Outcome:
        return self.do(by, Claim(self.case.version, step))

    def release(self, by: str, step: str | None = None) -> Outcome:
        return self.do(by, Release(self.case.version, step))

    def advise(self, by: str, opinion: str = "Nhất trí", step: str | None = None) -> Outcome:
        return self.do(by, Advise(self.case.version, opinion, step))

    def delegate(self, by: str, to: str, reason: str = "", step: str | None = None) -> Outcome:
        return self.do(by, Delegate(self.case.version, to, reason, step))

    def add(self, by: str, to: str, position: Position = "before", reason: str = "Xem mục 2") -> Outcome:
        return self.do(by, AddReviewer(self.case.version, to, reason, position))

    def ask(self, by: str, to: str, question: str = "Số này đúng không?") -> Outcome:
        return self.do(by, AskOpinion(self.case.version, to, question))

    def suspend(self, by: str, reason: str = "Chờ số liệu của Bộ") -> Outcome:
        return self.do(by, Suspend(self.case.version, reason))

    def resume(self, by: str) -> Outcome:
        return self.do(by, Resume(self.case.version))

    def reassign(self, to: str, item: int = 1, by: str = ADMIN, reason: str = "Nghỉ thai sản") -> Outcome:
        return self.do(by, Reassign(self.case.version, item, to, reason))

    def reseat(self, by: str = ADMIN) -> Outcome:
        return self.do(by, Reseat(self.case.version))

    def migrate(
        self, to: Chain, stage: str | None = None, by: str = ADMIN, reason: str = "Quy chế mới", key: str = "2"
    ) -> Outcome:
        """Moves the case to another version; names of versions count from 1."""
        was = next((each for each, known in self.case.versions.items() if known == self.case.chain), "1")
        return self.do(by, Migrate(self.case.version, to, key, was, stage, reason))

    def cancel(self, by: str = ADMIN, reason: str = "Trùng") -> Outcome:
        return self.do(by, Cancel(self.case.version, reason))

    def reopen(self, by: str = ADMIN, reason: str = "Từ chối nhầm") -> Outcome:
        return self.do(by, Reopen(self.case.version, reason))

    def may(self, by: str, action: str) -> Availability:
        answers = available_actions(self.case, by=by, at=self.now, facts=self.facts, directory=self.office)
        return {answer.action: answer for answer in answers}[action]

    @property
    def kinds(self) -> list[str]:
        """The kinds of events that the last action made."""
        return [event.kind for event in self.last]

    @property
    def owners(self) -> list[tuple[str, str]]:
        """Who has an open item, as (step, person)."""
        return [(item.step, item.person) for item in self.case.open_items]


def submitted(chain: Chain, office: Office, facts: Facts | None = None) -> Desk:
    desk = Desk(chain, office, facts)
    desk.submit()
    return desk


@contextmanager
def refused(code: str, **params: object) -> Iterator[None]:
    """Expects a refusal with this code, with all its params, and with these among them."""
    with pytest.raises(Refusal) as caught:
        yield
    assert caught.value.code == code
    assert set(caught.value.params) == set(REFUSALS[code])
    assert params.items() <= caught.value.params.items()


def closings(desk: Desk) -> list[tuple[str, str]]:
    """Whose items the last action closed, and why."""
    return [(desk.case.item(event.item).person, event.cause) for event in desk.last if isinstance(event, ItemClosed)]
