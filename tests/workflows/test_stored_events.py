import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from tests.workflows.office import NOON, Desk, chain, staffed, stage, step, submitted
from workflows import events
from workflows.case import Case
from workflows.errors import WorkflowError
from workflows.event import Event
from workflows.history import KINDS, from_dict, replay

FIRST = Path(__file__).parent / "first_events.jsonl"
"""What the first version of the engine stored of one case; it had no slots, roles, choices or facts."""

HEAD: Mapping[str, object] = {"version": 3, "at": "2025-01-14T05:00:00+00:00", "by": "hoa"}
WHEN = (3, NOON, "hoa")
STORED: list[tuple[Event, dict[str, object]]] = [
    (events.CaseOpened(*WHEN), {"kind": "case_opened"}),
    (
        events.CaseSubmitted(
            *WHEN,
            1,
            "5f2c",
            ("an", "ba"),
            {"two.leader": ("cu", "da")},
            {"1": "Đã sửa"},
            ("table.2",),
            {"figures": "9a1c"},
        ),
        {
            "kind": "case_submitted",
            "round": 1,
            "content_hash": "5f2c",
            "drafters": ["an", "ba"],
            "chosen": {"two.leader": ["cu", "da"]},
            "answers": {"1": "Đã sửa"},
            "changed": ["table.2"],
            "sections": {"figures": "9a1c"},
        },
    ),
    (events.StageEntered(*WHEN, "boss", 2, 5), {"kind": "stage_entered", "stage": "boss", "entry": 2, "slots": 5}),
    (
        events.StageSkipped(*WHEN, "boss", {"total": 3, "unit": None, "urgent": True}),
        {"kind": "stage_skipped", "stage": "boss", "facts": {"total": 3, "unit": None, "urgent": True}},
    ),
    (
        events.StepSkipped(*WHEN, "boss", "leader", {"rate": "97.26"}),
        {"kind": "step_skipped", "stage": "boss", "step": "leader", "facts": {"rate": "97.26"}},
    ),
    (
        events.ItemOpened(*WHEN, 7, "leader", "an", "head", "own", "leader+7", "advise", "ba", "cu", "12"),
        {
            "kind": "item_opened",
            "item": 7,
            "step": "leader",
            "person": "an",
            "post": "head",
            "unit": "own",
            "slot": "leader+7",
            "role": "advise",
            "instead_of": "ba",
            "added_by": "cu",
            "mandate": "12",
        },
    ),
    (events.SeatsRevised(*WHEN, "boss"), {"kind": "seats_revised", "stage": "boss"}),
    (
        events.RungReached(*WHEN, "boss", 2, "leader", 1),
        {"kind": "rung_reached", "stage": "boss", "entry": 2, "step": "leader", "rung": 1},
    ),
    (events.ItemParked(*WHEN, 7, "leader"), {"kind": "item_parked", "item": 7, "until": "leader"}),
    (events.ItemResumed(*WHEN, 7), {"kind": "item_resumed", "item": 7}),
    (events.CaseAccepted(*WHEN, "boss"), {"kind": "case_accepted", "stage": "boss"}),
    (events.ItemClaimed(*WHEN, 7), {"kind": "item_claimed", "item": 7}),
    (events.ItemReleased(*WHEN, 7), {"kind": "item_released", "item": 7}),
    (
        events.ItemPassed(*WHEN, 7, "an", "ba", "delegate", "Đi công tác"),
        {
            "kind": "item_passed",
            "item": 7,
            "person": "an",
            "to": "ba",
            "means": "delegate",
            "reason": "Đi công tác",
        },
    ),
    (
        events.ReviewerAdded(*WHEN, "an", "before", "Xem mục 2"),
        {"kind": "reviewer_added", "to": "an", "position": "before", "reason": "Xem mục 2"},
    ),
    (events.OpinionAsked(*WHEN, "an", "Đúng không?"), {"kind": "opinion_asked", "to": "an", "reason": "Đúng không?"}),
    (
        events.ContentEdited(*WHEN, 7, "77aa", {"figures": "9a1c", "text": "b0b0"}, ("text",)),
        {
            "kind": "content_edited",
            "item": 7,
            "content_hash": "77aa",
            "sections": {"figures": "9a1c", "text": "b0b0"},
            "edited": ["text"],
        },
    ),
    (
        events.ItemDecided(*WHEN, 7, "return", "Thiếu", "drafter", {"table.2": "Sai"}),
        {
            "kind": "item_decided",
            "item": 7,
            "verdict": "return",
            "reason": "Thiếu",
            "returned_to": "drafter",
            "comments": {"table.2": "Sai"},
        },
    ),
    (
        events.ApprovalKept(*WHEN, 9, 7, 1, "leader", "an", "head", "UBND", "leader"),
        {
            "kind": "approval_kept",
            "item": 9,
            "of": 7,
            "round": 1,
            "step": "leader",
            "person": "an",
            "post": "head",
            "unit": "UBND",
            "slot": "leader",
        },
    ),
    (events.ItemClosed(*WHEN, 7, "passed_on"), {"kind": "item_closed", "item": 7, "cause": "passed_on"}),
    (events.StageCompleted(*WHEN, "boss", 2), {"kind": "stage_completed", "stage": "boss", "entry": 2}),
    (
        events.VoteLost(*WHEN, "council", 1, 3),
        {"kind": "vote_lost", "stage": "council", "approved": 1, "needed": 3},
    ),
    (
        events.EmergencyApproved(*WHEN, "boss", "head", "UBND", "Bão số 4"),
        {
            "kind": "emergency_approved",
            "stage": "boss",
            "post": "head",
            "unit": "UBND",
            "reason": "Bão số 4",
            "comments": {},
        },
    ),
    (
        events.DocumentDue(*WHEN, "boss", "report", "unit", "UBND", "bao", "head", "UBND"),
        {
            "kind": "document_due",
            "stage": "boss",
            "document": "report",
            "place": "unit",
            "unit": "UBND",
            "signer": "bao",
            "signer_post": "head",
            "signer_unit": "UBND",
            "of_head": False,
            "cosigner": "",
            "cosigner_post": "",
            "cosigner_unit": "",
        },
    ),
    (
        events.CaseReturned(*WHEN, "drafter", ("table.2",)),
        {"kind": "case_returned", "to": "drafter", "unlocked": ["table.2"]},
    ),
    (events.CaseRecalled(*WHEN, "Nhầm kỳ"), {"kind": "case_recalled", "reason": "Nhầm kỳ"}),
    (
        events.CaseMigrated(*WHEN, "12", "7", "head", "boss", "Quy chế mới"),
        {
            "kind": "case_migrated",
            "chain": "12",
            "was": "7",
            "left": "head",
            "stage": "boss",
            "reason": "Quy chế mới",
        },
    ),
    (events.RecallRequested(*WHEN, "Nhầm kỳ"), {"kind": "recall_requested", "reason": "Nhầm kỳ"}),
    (events.CaseSuspended(*WHEN, "Chờ Bộ"), {"kind": "case_suspended", "reason": "Chờ Bộ"}),
    (events.CaseResumed(*WHEN, ""), {"kind": "case_resumed", "reason": ""}),
    (events.CaseWithdrawn(*WHEN, "Thôi"), {"kind": "case_withdrawn", "reason": "Thôi"}),
    (events.CaseCancelled(*WHEN, "Trùng"), {"kind": "case_cancelled", "reason": "Trùng"}),
    (events.CaseReopened(*WHEN, "Nhầm"), {"kind": "case_reopened", "reason": "Nhầm"}),
    (events.CaseRejected(*WHEN), {"kind": "case_rejected"}),
    (events.CaseApproved(*WHEN), {"kind": "case_approved"}),
]


@pytest.mark.parametrize(("event", "stored"), STORED, ids=lambda value: getattr(value, "kind", ""))
def test_the_stored_form_of_an_event_is_frozen(event: events.Event, stored: dict[str, object]) -> None:
    written = {"kind": stored["kind"], **HEAD, **stored}
    assert list(event.to_dict().items()) == list(written.items())
    assert from_dict(json.loads(json.dumps(written))) == event


def test_the_frozen_forms_are_of_all_kinds() -> None:
    assert [event.kind for event, _ in STORED] == list(KINDS)


@pytest.mark.parametrize("kind", [None, "", "case_burnt", 7])
def test_an_event_of_an_unknown_kind_is_an_error(kind: object) -> None:
    with pytest.raises(WorkflowError) as caught:
        from_dict({"kind": kind, "version": 1})
    assert (caught.value.code, caught.value.params) == ("unknown_event", {"kind": kind})


@pytest.mark.parametrize("wrong", [{}, {"item": 7, "colour": "red"}])
def test_an_event_that_lacks_a_field_or_has_one_too_many_is_an_error(wrong: dict[str, object]) -> None:
    with pytest.raises(TypeError):
        from_dict({"kind": "item_resumed", **HEAD, **wrong})


def read_first() -> Case:
    """The case as the events of the first version tell it today."""
    return replay(CHAIN, [from_dict(json.loads(line)) for line in FIRST.read_text(encoding="utf-8").splitlines()])


CHAIN = chain(
    stage("never", when={"eq": [{"fact": "total"}, 2]}),
    stage("both", step("head", "head", "deputy"), step("police"), complete="any"),
    stage("boss"),
    issues=[{"after": "boss", "issuer": {"place": "own"}, "document": "report", "signer": "decider"}],
)
OFFICE = staffed(head="hoa", deputy="dung", police="phuc", boss="bao")


def done_today() -> Desk:
    """What was done then, done by the engine of today."""
    desk = submitted(CHAIN, OFFICE, {"total": 1})
    desk.recall(reason="Nhầm kỳ")
    desk.submit()
    desk.approve("hoa", "Đạt")
    desk.send_back("bao", "Thiếu bảng 2")
    desk.submit(drafters=["dung"])
    desk.approve("phuc")
    return desk


def test_events_of_the_first_version_give_the_case_that_today_s_give() -> None:
    assert replace(read_first(), events=(), slots=0) == replace(done_today().case, events=(), slots=0)


def test_a_document_due_of_an_old_record_is_not_the_head_s_own() -> None:
    stored = events.DocumentDue(*WHEN, "boss", "report", "own", None, "bao", "1", "2").to_dict()
    for later in ("of_head", "cosigner", "cosigner_post", "cosigner_unit"):
        del stored[later]
    read = from_dict(stored)
    assert isinstance(read, events.DocumentDue)
    assert (read.of_head, read.cosigner) == (False, "")


def test_a_case_of_the_first_version_is_finished_by_the_engine_of_today() -> None:
    desk = done_today()
    desk.case = read_first()
    desk.approve("bao")
    assert desk.kinds == ["item_decided", "stage_completed", "document_due", "case_approved"]
    assert replay(CHAIN, desk.case.events) == desk.case


def test_a_stage_that_was_entered_by_the_first_version_counts_the_slots_of_its_items() -> None:
    both = chain(stage("both", step("head"), step("police")))
    desk = submitted(both, OFFICE)
    lines = [event.to_dict() for event in desk.case.events]
    for line in lines:
        for new in ("slots", "slot", "role", "instead_of", "added_by"):
            line.pop(new, None)
    desk.case = replay(both, [from_dict(line) for line in lines])
    desk.approve("hoa")
    assert desk.case.in_review
    desk.approve("phuc")
    assert desk.case.status == "approved"
