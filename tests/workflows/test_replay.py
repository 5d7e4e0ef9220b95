import json
from datetime import timedelta

import pytest

from tests.workflows.office import CLERK, NOON, Desk, chain, staffed, stage, step, submitted
from workflows.case import evolve, replay
from workflows.engine import open_case
from workflows.errors import WorkflowError
from workflows.events import KINDS, CaseOpened, CaseSubmitted, DocumentDue, Event, ItemDecided, from_dict

ISSUE = {"after": "boss", "issuer": {"place": "own"}, "document": "report", "signer": "decider"}
CHAIN = chain(
    stage("never", when={"eq": [1, 2]}),
    stage("both", step("head"), step("police"), complete="any"),
    stage("boss"),
    issues=[ISSUE],
)
OFFICE = staffed(head="hoa", police="phuc", boss=["bao", "binh"])


def eventful() -> Desk:
    """A case to which everything happened that can happen to an approved one."""
    desk = submitted(CHAIN, OFFICE)
    desk.recall(reason="Nhầm kỳ")
    desk.submit()
    desk.approve("hoa")
    desk.send_back("bao", to="both")
    desk.send_back("phuc")
    desk.submit(drafters=["binh"])
    desk.approve("hoa", "Đạt")
    desk.approve("bao")
    return desk


def test_replaying_the_events_gives_the_case() -> None:
    desk = eventful()
    assert replay(CHAIN, desk.case.events) == desk.case


def test_replaying_the_first_events_gives_the_case_as_it_was_then() -> None:
    desk = submitted(CHAIN, OFFICE)
    before = desk.case
    desk.approve("hoa")
    assert replay(CHAIN, desk.case.events[: len(before.events)]) == before


def test_events_survive_storage_as_json() -> None:
    desk = eventful()
    desk.now += timedelta(microseconds=1)
    rejected = submitted(CHAIN, OFFICE)
    rejected.reject("phuc")
    for event in (*desk.case.events, *rejected.case.events):
        assert from_dict(json.loads(json.dumps(event.to_dict()))) == event


def test_the_stories_of_these_tests_contain_every_kind_of_event() -> None:
    rejected = submitted(CHAIN, OFFICE)
    rejected.reject("phuc")
    assert {event.kind for event in (*eventful().case.events, *rejected.case.events)} == set(KINDS)


def test_the_stored_form_of_an_event_is_frozen() -> None:
    submission = CaseSubmitted(1, NOON, CLERK, 1, "5f2c", ("an", "ba"))
    assert submission.to_dict() == {
        "kind": "case_submitted",
        "version": 1,
        "at": "2025-01-14T05:00:00+00:00",
        "by": "chi",
        "round": 1,
        "content_hash": "5f2c",
        "drafters": ["an", "ba"],
    }
    assert list(ItemDecided(2, NOON, "hoa", 1, "return", "Thiếu", "drafter").to_dict().items())[4:] == [
        ("item", 1),
        ("verdict", "return"),
        ("reason", "Thiếu"),
        ("returned_to", "drafter"),
    ]
    due = DocumentDue(3, NOON, "bao", "boss", "report", "own", None, "bao", "boss", "own")
    assert list(due.to_dict())[4:] == [
        "stage",
        "document",
        "place",
        "unit",
        "signer",
        "signer_post",
        "signer_unit",
    ]


@pytest.mark.parametrize("kind", [None, "", "case_burnt", 7])
def test_an_event_of_an_unknown_kind_is_an_error(kind: object) -> None:
    with pytest.raises(WorkflowError) as caught:
        from_dict({"kind": kind, "version": 1})
    assert (caught.value.code, caught.value.params) == ("unknown_event", {"kind": kind})


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
