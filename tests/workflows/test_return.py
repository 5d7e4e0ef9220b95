from tests.workflows.office import chain, closings, refused, staffed, stage, step, submitted
from workflows.case import ItemStatus

THREE = chain(stage("head"), stage("police"), stage("boss"))
OFFICE = staffed(head="hoa", police="phuc", boss="bao")


def test_a_return_to_the_drafter_ends_the_round_and_keeps_the_case() -> None:
    desk = submitted(THREE, OFFICE)
    desk.send_back("hoa", "Thiếu bảng 2")
    assert desk.kinds == ["item_decided", "case_returned"]
    assert (desk.case.status, desk.case.stage, desk.case.round) == ("returned", None, 1)
    decision = desk.case.decisions[0]
    assert (decision.verdict, decision.reason, decision.returned_to) == ("return", "Thiếu bảng 2", "drafter")


def test_a_returned_case_cannot_be_approved_meanwhile() -> None:
    desk = submitted(chain(stage("department", step("leader", "head", "police"))), OFFICE)
    desk.send_back("hoa")
    assert closings(desk) == [("phuc", "case_returned")]
    assert not desk.case.open_items
    for person in ("hoa", "phuc"):
        with refused("not_submitted", status="returned"):
            desk.approve(person)


def test_arbitrary_cycle_a_return_to_an_earlier_stage_enters_it_again_in_the_same_round() -> None:
    desk = submitted(THREE, OFFICE)
    desk.approve("hoa")
    desk.approve("phuc")
    desk.send_back("bao", to="head")
    assert desk.kinds == ["item_decided", "case_returned", "stage_entered", "item_opened"]
    assert (desk.case.status, desk.case.stage, desk.case.round, desk.case.entry) == ("in_review", "head", 1, 4)
    assert desk.case.decisions[-1].returned_to == "head"


def test_after_a_return_to_an_earlier_stage_every_stage_from_there_decides_anew() -> None:
    desk = submitted(THREE, OFFICE)
    desk.approve("hoa")
    desk.approve("phuc")
    desk.send_back("bao", to="head")
    for person in ("hoa", "phuc", "bao"):
        desk.approve(person)
    assert desk.case.status == "approved"
    assert [decision.entry for decision in desk.case.decisions] == [1, 2, 3, 4, 5, 6]


def test_a_return_needs_a_reason_by_default() -> None:
    desk = submitted(THREE, OFFICE)
    assert desk.may("hoa", "return").reason_required
    with refused("reason_required"):
        desk.send_back("hoa", reason=" ")


def test_a_step_may_do_without_a_reason() -> None:
    desk = submitted(chain(stage("head", step("head", reason_required=[]))), OFFICE)
    assert not desk.may("hoa", "return").reason_required
    desk.send_back("hoa", reason="")
    assert desk.case.status == "returned"


def test_a_case_goes_back_neither_forward_nor_to_where_it_is_nor_to_a_stage_that_does_not_exist() -> None:
    desk = submitted(THREE, OFFICE)
    desk.approve("hoa")
    for place in ("police", "boss", "nowhere", ""):
        with refused("bad_target", to=place, targets=["drafter", "head"]):
            desk.send_back("phuc", to=place)


def test_a_stage_that_does_not_apply_to_the_case_is_no_target() -> None:
    guarded = stage("head", when={"eq": [{"fact": "big"}, True]})
    desk = submitted(chain(guarded, stage("police"), stage("boss")), OFFICE, {"big": False})
    desk.approve("phuc")
    assert desk.may("bao", "return").targets == ("drafter", "police")
    with refused("bad_target", targets=["drafter", "police"]):
        desk.send_back("bao", to="head")


def test_an_earlier_stage_that_is_vacant_by_now_is_no_target() -> None:
    desk = submitted(THREE, OFFICE)
    desk.approve("hoa")
    desk.office = staffed(police="phuc", boss="bao")
    assert desk.may("phuc", "return").targets == ("drafter",)
    with refused("nobody_eligible", stage="head"):
        desk.send_back("phuc", to="head")


def test_a_step_that_does_not_offer_return_refuses_it() -> None:
    desk = submitted(chain(stage("head", step("head", actions=["approve", "reject"]))), OFFICE)
    with refused("action_not_offered", step="head", offered=["approve", "reject"]):
        desk.send_back("hoa")


def test_one_return_ends_a_parallel_stage_whatever_the_others_said() -> None:
    desk = submitted(chain(stage("both", step("head"), step("police"), step("boss"))), OFFICE)
    desk.approve("hoa")
    desk.send_back("phuc")
    assert closings(desk) == [("bao", "case_returned")]
    assert [item.status for item in desk.case.items] == [ItemStatus.DECIDED, ItemStatus.DECIDED, ItemStatus.CLOSED]
    with refused("not_submitted"):
        desk.approve("bao")


def test_a_reviewer_may_decide_again_when_the_stage_is_entered_again() -> None:
    desk = submitted(THREE, OFFICE)
    desk.send_back("hoa")
    desk.submit()
    desk.approve("hoa")
    assert [decision.verdict for decision in desk.case.decisions] == ["return", "approve"]
