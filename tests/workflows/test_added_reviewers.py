import pytest

from tests.workflows.office import CLERK, Desk, chain, closings, refused, staffed, stage, step, submitted
from workflows.case import ItemStatus
from workflows.events import ItemParked, ReviewerAdded

ONE = chain(stage("head"), stage("boss"))
SHARED = chain(stage("department", step("leader", "head", "deputy")), stage("boss"))
ANY = chain(stage("any", step("head"), step("police"), complete="any"), stage("boss"))
OFFICE = staffed(head="hoa", deputy="dung", police="phuc", boss="bao", officer=["anh", "an"])


def statuses(desk: Desk) -> dict[str, str]:
    return {item.person: str(item.status) for item in desk.case.items}


def test_a_reviewer_added_before_decides_first() -> None:
    desk = submitted(ONE, OFFICE)
    desk.add("hoa", "anh", "before", "Xem mục 2")
    assert desk.kinds == ["reviewer_added", "item_opened", "item_parked"]
    assert desk.last[0] == ReviewerAdded(2, desk.now, "hoa", "anh", "before", "Xem mục 2")
    assert desk.last[2] == ItemParked(2, desk.now, "hoa", item=1, until="head+2")
    assert desk.owners == [("head", "anh")]
    with refused("must_wait", people=["anh"]):
        desk.approve("hoa")


def test_when_he_has_decided_the_one_who_added_him_goes_on() -> None:
    desk = submitted(ONE, OFFICE)
    desk.add("hoa", "anh", "before")
    desk.approve("anh")
    assert desk.kinds == ["item_decided", "item_resumed"]
    assert desk.owners == [("head", "hoa")]
    desk.approve("hoa")
    assert desk.owners == [("boss", "bao")]


def test_a_reviewer_added_after_decides_last() -> None:
    desk = submitted(ONE, OFFICE)
    desk.add("hoa", "anh", "after")
    assert desk.last[2] == ItemParked(2, desk.now, "hoa", item=2, until="head")
    assert desk.owners == [("head", "hoa")]
    with refused("must_wait", people=["hoa"]):
        desk.approve("anh")
    desk.approve("hoa")
    assert desk.kinds == ["item_decided", "item_resumed"]
    desk.approve("anh")
    assert desk.owners == [("boss", "bao")]


def test_an_added_reviewer_is_recorded_with_who_added_him() -> None:
    desk = submitted(ONE, OFFICE)
    desk.add("hoa", "anh")
    item = desk.case.items[-1]
    assert (item.person, item.added_by, item.role, item.slot, item.step) == ("anh", "hoa", "decide", "head+2", "head")
    assert item.instead_of is None


@pytest.mark.parametrize("position", ["before", "after"])
def test_an_added_reviewer_may_return_the_case(position: str) -> None:
    desk = submitted(ONE, OFFICE)
    desk.add("hoa", "anh", "before" if position == "before" else "after")
    if position == "after":
        desk.approve("hoa")
    desk.send_back("anh")
    assert desk.case.status == "returned"
    assert not desk.case.pending_items


def test_reviewers_nest() -> None:
    desk = submitted(ONE, OFFICE)
    desk.add("hoa", "anh", "before")
    desk.add("anh", "an", "before")
    assert statuses(desk) == {"hoa": "parked", "anh": "parked", "an": "open"}
    desk.add("an", "phuc", "after")
    for person in ("an", "phuc", "anh", "hoa"):
        assert desk.may(person, "approve").allowed
        desk.approve(person)
    assert desk.owners == [("boss", "bao")]


def test_several_reviewers_can_be_added_after_and_one_more_before() -> None:
    desk = submitted(ONE, OFFICE)
    desk.add("hoa", "anh", "after")
    desk.add("hoa", "an", "after")
    desk.add("hoa", "phuc", "before")
    assert statuses(desk) == {"hoa": "parked", "anh": "parked", "an": "parked", "phuc": "open"}
    desk.approve("phuc")
    desk.approve("hoa")
    assert desk.kinds == ["item_decided", "item_resumed", "item_resumed"]
    desk.approve("an")
    desk.approve("anh")
    assert desk.owners == [("boss", "bao")]


def test_who_waits_adds_nobody() -> None:
    desk = submitted(ONE, OFFICE)
    desk.add("hoa", "anh", "before")
    with refused("must_wait", people=["anh"]):
        desk.add("hoa", "an", "before")


def test_where_any_approval_will_do_an_added_reviewer_is_heard_all_the_same() -> None:
    desk = submitted(ANY, OFFICE)
    desk.add("hoa", "anh", "before")
    desk.approve("phuc")
    assert desk.kinds == ["item_decided"]
    assert desk.owners == [("head", "anh")]
    desk.approve("anh")
    assert closings(desk) == [("hoa", "stage_completed")]
    assert desk.owners == [("boss", "bao")]


def test_an_added_reviewer_is_not_one_of_the_approvals_that_are_needed() -> None:
    desk = submitted(ANY, OFFICE)
    desk.add("hoa", "anh", "before")
    desk.approve("anh")
    assert desk.case.stage == "any"
    desk.approve("hoa")
    assert desk.owners == [("boss", "bao")]


def test_a_colleague_may_decide_the_step_meanwhile_and_the_added_reviewer_is_still_heard() -> None:
    desk = submitted(SHARED, OFFICE)
    desk.add("hoa", "anh", "before")
    desk.approve("dung")
    assert closings(desk) == [("hoa", "step_decided")]
    assert desk.owners == [("leader", "anh")]
    desk.approve("anh")
    assert desk.owners == [("boss", "bao")]


def test_who_was_to_come_after_a_step_comes_after_the_colleague_who_decided_it() -> None:
    desk = submitted(SHARED, OFFICE)
    desk.add("hoa", "anh", "after")
    desk.approve("dung")
    assert desk.kinds == ["item_decided", "item_closed", "item_resumed"]
    assert desk.owners == [("leader", "anh")]


def test_who_was_to_come_after_a_step_does_not_wait_when_nobody_is_left_for_it() -> None:
    desk = submitted(chain(stage("any", step("a", "head"), step("b", "head"), complete="any")), OFFICE)
    desk.add("hoa", "anh", "after")
    desk.approve("hoa", step="b")
    assert closings(desk) == [("hoa", "person_decided")]
    assert desk.owners == [("a", "anh")]
    desk.approve("anh")
    assert desk.case.status == "approved"


def test_the_last_of_the_chain_s_own_deciders_signs_though_an_added_reviewer_came_later() -> None:
    issue = {"after": "head", "issuer": {"place": "own"}, "document": "report", "signer": "decider"}
    desk = submitted(chain(stage("head"), issues=[issue]), OFFICE)
    desk.add("hoa", "anh", "after")
    desk.approve("hoa")
    desk.approve("anh")
    due = next(event for event in desk.last if event.kind == "document_due").to_dict()
    assert (due["signer"], due["signer_post"]) == ("hoa", "head")


def test_an_added_reviewer_does_not_decide_twice() -> None:
    desk = submitted(ONE, OFFICE)
    desk.add("hoa", "anh", "before")
    desk.approve("anh")
    with refused("decided_in_stage", stage="head"):
        desk.approve("anh")
    with refused("has_decided", person="anh"):
        desk.add("hoa", "anh", "before")


def test_who_adds_a_reviewer_says_why() -> None:
    desk = submitted(ONE, OFFICE)
    with refused("reason_required"):
        desk.add("hoa", "anh", reason=" ")


def test_only_who_is_new_to_the_stage_and_known_here_is_added() -> None:
    desk = Desk(chain(stage("both", step("head"), step("police"))), OFFICE)
    desk.submit(drafters=["an"])
    for person, code in ((CLERK, "drafted_it"), ("an", "drafted_it"), ("phuc", "has_item")):
        with refused(code, person=person):
            desk.add("hoa", person)
    for person, code in (("hoa", "to_oneself"), ("outsider", "outsider"), ("", "nobody_named")):
        with refused(code):
            desk.add("hoa", person)


def test_who_has_a_delegate_is_not_added_for_they_would_wait_for_each_other() -> None:
    desk = submitted(ONE, OFFICE)
    desk.delegate("hoa", "anh")
    with refused("has_item", person="hoa"):
        desk.add("anh", "hoa", "before")


def test_an_added_reviewer_may_delegate() -> None:
    desk = submitted(ONE, OFFICE)
    desk.add("hoa", "anh", "before")
    desk.delegate("anh", "an")
    assert (desk.case.items[-1].added_by, desk.case.items[-1].instead_of) == ("hoa", "anh")
    desk.approve("an")
    assert desk.owners == [("head", "hoa")]


def test_only_who_has_the_step_adds_somebody_to_it() -> None:
    desk = submitted(ONE, OFFICE)
    with refused("not_your_item", stage="head", people=["hoa"]):
        desk.add("bao", "anh")


def test_a_new_entry_forgets_who_was_added() -> None:
    desk = submitted(ONE, OFFICE)
    desk.add("hoa", "anh", "before")
    desk.send_back("anh")
    assert [item.status for item in desk.case.items] == [ItemStatus.CLOSED, ItemStatus.DECIDED]
    desk.submit()
    assert desk.owners == [("head", "hoa")]
