from tests.workflows.office import Desk, chain, closings, refused, staffed, stage, step, submitted

TWO = chain(stage("both", step("head"), step("police")), stage("boss"))
OFFICE = staffed(head="hoa", police="phuc", boss="bao")


def test_cancel_activity_a_recall_takes_the_case_back_and_closes_all_items() -> None:
    desk = submitted(TWO, OFFICE)
    desk.recall(reason="Nhầm kỳ")
    assert desk.kinds == ["item_closed", "item_closed", "case_recalled"]
    assert closings(desk) == [("hoa", "case_recalled"), ("phuc", "case_recalled")]
    assert (desk.case.status, desk.case.stage) == ("recalled", None)


def test_a_recall_needs_no_reason() -> None:
    desk = submitted(TWO, OFFICE)
    assert not desk.may("chi", "recall").reason_required
    desk.recall()
    assert desk.case.status == "recalled"


def test_only_the_initiator_recalls() -> None:
    desk = submitted(TWO, OFFICE)
    with refused("not_initiator", initiator="chi"):
        desk.recall(by="hoa")


def test_after_the_first_decision_of_the_round_it_is_too_late_to_recall() -> None:
    desk = submitted(TWO, OFFICE)
    desk.approve("phuc")
    with refused("decided_in_round", stage="both", step="police", person="phuc"):
        desk.recall()


def test_once_a_stage_has_decided_it_is_too_late_even_if_the_next_has_not() -> None:
    desk = submitted(TWO, OFFICE)
    desk.approve("hoa")
    desk.approve("phuc")
    assert desk.case.stage == "boss"
    with refused("decided_in_round", stage="both", person="hoa"):
        desk.recall()


def test_a_new_round_can_be_recalled_until_its_own_first_decision() -> None:
    desk = submitted(TWO, OFFICE)
    desk.send_back("hoa")
    desk.submit()
    desk.recall()
    assert desk.case.status == "recalled"


def test_a_recalled_case_can_be_submitted_again() -> None:
    desk = submitted(TWO, OFFICE)
    desk.recall()
    desk.submit()
    assert (desk.case.status, desk.case.round) == ("in_review", 2)


def test_a_recalled_case_cannot_be_decided() -> None:
    desk = submitted(TWO, OFFICE)
    desk.recall()
    with refused("not_submitted", status="recalled"):
        desk.approve("hoa")


def test_a_draft_cannot_be_recalled() -> None:
    with refused("not_submitted", status="draft"):
        Desk(TWO, OFFICE).recall()
