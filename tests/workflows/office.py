"""A small office to test chains in: who sits where, a clerk, a clock, and short ways to write chains."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest

from workflows.actions import AnyAction, Approve, Recall, Reject, Return, Submit
from workflows.definition import Chain, Owner, parse_chain
from workflows.engine import Availability, Candidate, Facts, Outcome, act, available_actions, open_case
from workflows.errors import Refusal
from workflows.events import Event, ItemClosed

NOON = datetime(2025, 1, 14, 5, 0, tzinfo=UTC)
CLERK = "chi"

Seats = Mapping[str, Mapping[str, Sequence[str]]]


class Office:
    """A directory over a plain table: unit → post → people; ``own`` and ``parent`` are units here."""

    def __init__(self, seats: Seats) -> None:
        self.seats = seats

    def candidates(self, owner: Owner) -> list[Candidate]:
        unit = owner.unit or owner.place
        posts = self.seats.get(unit, {})
        return [Candidate(person, post, unit) for post in owner.posts for person in posts.get(post, ())]

    def holds(self, person: str, post: str, unit: str) -> bool:
        return person in self.seats.get(unit, {}).get(post, ())


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
        self.case, self.last = outcome.case, outcome.events
        return outcome

    def submit(self, by: str = CLERK, content: str = "content", drafters: Sequence[str] = ()) -> Outcome:
        return self.do(by, Submit(self.case.version, content, frozenset(drafters)))

    def approve(self, by: str, reason: str = "", step: str | None = None) -> Outcome:
        return self.do(by, Approve(self.case.version, reason, step))

    def send_back(self, by: str, reason: str = "Thiếu số liệu", to: str = "drafter") -> Outcome:
        return self.do(by, Return(self.case.version, reason, to))

    def reject(self, by: str, reason: str = "Sai thẩm quyền") -> Outcome:
        return self.do(by, Reject(self.case.version, reason))

    def recall(self, by: str = CLERK, reason: str = "") -> Outcome:
        return self.do(by, Recall(self.case.version, reason))

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
    """Expects a refusal with this code, and with these params among its own."""
    with pytest.raises(Refusal) as caught:
        yield
    assert caught.value.code == code
    assert params.items() <= caught.value.params.items()


def closings(desk: Desk) -> list[tuple[str, str]]:
    """Whose items the last action closed, and why."""
    return [(desk.case.item(event.item).person, event.cause) for event in desk.last if isinstance(event, ItemClosed)]
