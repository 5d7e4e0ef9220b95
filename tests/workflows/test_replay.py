import json
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from tests.workflows.almanac import SHIPPED
from tests.workflows.office import ADMIN, CLERK, NOON, Desk, Office, chain, staffed, stage, step, submitted
from workflows.actions import Approve, ApproveInEmergency, Tick
from workflows.engine import open_case
from workflows.errors import WorkflowError
from workflows.events import CaseOpened
from workflows.history import KINDS, evolve, from_dict, opened_on, replay, retrace

if TYPE_CHECKING:
    from workflows.event import Event

ISSUE = {"after": "boss", "issuer": {"place": "own"}, "document": "report", "signer": "decider"}
CHAIN = chain(
    stage("never", when={"eq": [1, 2]}),
    stage("both", step("head"), step("police"), step("late", when={"eq": [1, 2]}), complete="any"),
    stage("boss"),
    issues=[ISSUE],
)
VOTE = chain(stage("boss", step("boss", taken_by="each", actions=["approve", "reject"]), refusal="vote"))
BOSSES = {"posts": ["boss"], "place": "own"}
URGENT = chain(stage("head"), emergency={"owner": BOSSES, "second": BOSSES})
OFFICE = staffed(head="hoa", police="phuc", boss=["bao", "binh"], officer=["anh", "an"])


def approved() -> Desk:
    """A case that went forth and back, and was approved."""
    desk = submitted(CHAIN, OFFICE)
    desk.recall(reason="Nhầm kỳ")
    desk.submit()
    desk.accept("hoa")
    desk.request_recall()
    desk.approve("hoa")
    desk.send_back("bao", to="both")
    desk.send_back("phuc")
    desk.submit(drafters=["binh"])
    desk.approve("hoa", "Đạt")
    desk.approve("bao")
    return desk


def shared() -> Desk:
    """A case on which many people worked, that was given up in the end."""
    desk = submitted(CHAIN, OFFICE)
    desk.add("hoa", "anh")
    desk.approve("anh")
    desk.delegate("hoa", "an")
    desk.suspend("an")
    desk.resume("an")
    desk.ask("an", "hoa")
    desk.advise("hoa")
    desk.approve("an")
    desk.claim("bao")
    desk.release("bao")
    desk.reassign("anh", item=desk.case.open_items[0].number)
    desk.send_back("anh")
    desk.withdraw()
    return desk


def approved_in_emergency() -> Desk:
    """A case that could not wait."""
    desk = submitted(URGENT, OFFICE)
    desk.do("bao", ApproveInEmergency(desk.case.version, "Bão"))
    desk.approve("binh")
    return desk


def kept() -> Desk:
    """A case that is approved with a change, and whose first approval stays in the second round."""
    made = chain(stage("head", step("head", ask_again="if_changed", edits=["text"])), stage("boss"))
    desk = Desk(made, OFFICE)
    desk.submit(sections={"text": "t1"})
    desk.do("hoa", Approve(desk.case.version, content_hash="content 2", sections={"text": "t2"}))
    desk.send_back("bao")
    desk.submit(content="content 2", sections={"text": "t2"})
    return desk


def handed_over() -> Desk:
    """A case whose first reviewer changed."""
    desk = submitted(CHAIN, Office(OFFICE.seats))
    desk.office.seats = {"own": {**OFFICE.seats["own"], "head": ["moi"]}}
    desk.reseat()
    return desk


def forgotten() -> Desk:
    """A case that nobody took in time."""
    desk = submitted(chain(stage("head", step("head", budget=4, ladder=[{"at": 0}])), stage("boss")), OFFICE)
    desk.now += timedelta(days=7)
    desk.do(ADMIN, Tick(desk.case.version, SHIPPED))
    return desk


def voted_down() -> Desk:
    """A case that lost a vote, was reopened, and cancelled."""
    desk = submitted(VOTE, OFFICE)
    desk.reject("bao")
    desk.reopen()
    desk.cancel()
    return desk


def moved() -> Desk:
    """A case that goes on under another version of its chain."""
    desk = submitted(CHAIN, OFFICE)
    desk.migrate(chain(stage("boss", step("boss", "boss", "leader"))), "boss")
    return desk


STORIES = (approved, shared, kept, handed_over, forgotten, moved, voted_down, approved_in_emergency)


def test_the_stories_of_these_tests_contain_every_kind_of_event() -> None:
    assert {event.kind for story in STORIES for event in story().case.events} == set(KINDS)


def test_replaying_the_events_gives_the_case() -> None:
    for story in STORIES:
        case = story().case
        assert replay(opened_on(case), case.events, case.versions) == case


def test_a_case_that_was_moved_began_on_the_version_it_was_opened_on() -> None:
    case = moved().case
    assert opened_on(case) == CHAIN
    assert next(iter(retrace(case))).chain == CHAIN


def test_retracing_gives_the_case_as_it_was_after_each_event() -> None:
    for story in STORIES:
        case = story().case
        states = list(retrace(case))
        assert [len(state.events) for state in states] == list(range(1, len(case.events) + 1))
        assert states[-1] == case


def test_replaying_the_first_events_gives_the_case_as_it_was_then() -> None:
    desk = submitted(CHAIN, OFFICE)
    before = desk.case
    desk.approve("hoa")
    assert replay(CHAIN, desk.case.events[: len(before.events)]) == before


def test_events_survive_storage_as_json() -> None:
    for story in STORIES:
        for event in story().case.events:
            assert from_dict(json.loads(json.dumps(event.to_dict()))) == event


def test_a_history_begins_with_the_opening_of_the_case() -> None:
    histories: list[tuple[Event, ...]] = [(), submitted(CHAIN, OFFICE).case.events[1:]]
    for events in histories:
        with pytest.raises(WorkflowError) as caught:
            replay(CHAIN, events)
        assert caught.value.code == "no_opening"


def test_a_case_is_opened_once() -> None:
    case = open_case(CHAIN, CLERK, NOON).case
    with pytest.raises(WorkflowError) as caught:
        evolve(case, CaseOpened(1, NOON, "hoa"))
    assert (caught.value.code, caught.value.params) == ("unexpected_event", {"kind": "case_opened", "version": 0})
