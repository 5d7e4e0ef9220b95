from tests.workflows.office import CLERK, chain, closings, refused, staffed, stage, step, submitted

BOTH = chain(stage("both", step("head"), step("police")), stage("boss"))
OFFICE = staffed(head="hoa", police="phuc", boss="bao")


def test_explicit_termination_a_rejection_ends_the_case() -> None:
    desk = submitted(BOTH, OFFICE)
    desk.reject("hoa", "Trùng báo cáo tháng trước")
    assert desk.kinds == ["item_decided", "item_closed", "case_rejected"]
    assert closings(desk) == [("phuc", "case_rejected")]
    assert (desk.case.status, desk.case.stage) == ("rejected", None)
    assert desk.case.decisions[0].reason == "Trùng báo cáo tháng trước"


def test_nobody_does_anything_with_a_rejected_case() -> None:
    desk = submitted(BOTH, OFFICE)
    desk.reject("hoa")
    for attempt in (desk.submit, desk.recall):
        with refused("finished", status="rejected"):
            attempt()
    for decide in (desk.approve, desk.send_back, desk.reject):
        with refused("finished", status="rejected"):
            decide("phuc")


def test_a_rejection_needs_a_reason_by_default() -> None:
    desk = submitted(BOTH, OFFICE)
    assert desk.may("hoa", "reject").reason_required
    with refused("reason_required"):
        desk.reject("hoa", "")


def test_a_step_that_does_not_offer_reject_refuses_it() -> None:
    desk = submitted(chain(stage("head", step("head", actions=["approve", "return"]))), OFFICE)
    with refused("action_not_offered", step="head", offered=["approve", "return"]):
        desk.reject("hoa")


def test_a_drafter_does_not_reject_his_own_draft() -> None:
    desk = submitted(BOTH, OFFICE)
    with refused("own_draft"):
        desk.reject(CLERK)


def test_one_rejection_ends_a_stage_that_any_approval_would_complete() -> None:
    desk = submitted(chain(stage("any", step("head"), step("police"), complete="any")), OFFICE)
    desk.reject("hoa")
    assert desk.case.status == "rejected"


def test_who_approved_a_step_does_not_reject_another_of_the_same_entry() -> None:
    desk = submitted(BOTH, OFFICE)
    desk.approve("hoa")
    with refused("decided_in_stage", stage="both"):
        desk.reject("hoa")
