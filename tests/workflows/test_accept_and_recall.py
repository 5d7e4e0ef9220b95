import pytest

from tests.workflows.office import ADMIN, CLERK, Desk, chain, refused, staffed, stage, step, submitted

TWO = chain(stage("both", step("head", "head", "deputy"), step("legal", role="advise")), stage("boss"))
OFFICE = staffed(head="hoa", deputy="dung", legal="phap", boss="bao")


def test_who_accepts_takes_the_case_in_hand_for_his_level() -> None:
    desk = submitted(TWO, OFFICE)
    desk.accept("hoa")
    assert desk.kinds == ["case_accepted"]
    assert (desk.case.accepted_by, desk.case.stage) == ("hoa", "both")
    assert desk.owners == [("head", "hoa"), ("head", "dung"), ("legal", "phap")]


def test_what_was_accepted_cannot_be_recalled() -> None:
    desk = submitted(TWO, OFFICE)
    desk.accept("hoa")
    with refused("in_hand", person="hoa"):
        desk.recall()


def test_an_adviser_accepts_too() -> None:
    desk = submitted(TWO, OFFICE)
    desk.accept("phap")
    with refused("in_hand", person="phap"):
        desk.recall()


def test_a_case_is_taken_in_hand_once() -> None:
    desk = submitted(TWO, OFFICE)
    desk.accept("hoa")
    for person in ("hoa", "dung"):
        with refused("already_in_hand", person="hoa"):
            desk.accept(person)


def test_who_decided_has_taken_the_case_in_hand() -> None:
    desk = submitted(TWO, OFFICE)
    desk.advise("phap")
    with refused("already_in_hand", person="phap"):
        desk.accept("hoa")


def test_each_level_takes_it_in_hand_for_itself() -> None:
    desk = submitted(TWO, OFFICE)
    desk.approve("hoa")
    assert (desk.case.accepted_by, desk.case.in_hand_of) == ("hoa", None)
    desk.accept("bao")
    assert (desk.case.accepted_by, desk.case.in_hand_of) == ("hoa", "bao")
    with refused("already_in_hand", person="bao"):
        desk.accept("bao")


def test_what_one_level_had_in_hand_is_not_recalled_from_the_next_before_that_accepts() -> None:
    desk = submitted(chain(stage("legal", step("legal", role="advise")), stage("boss")), OFFICE)
    desk.advise("phap")
    with refused("in_hand", person="phap"):
        desk.recall()


def test_only_those_accept_who_have_the_case() -> None:
    desk = submitted(TWO, OFFICE)
    for person in ("bao", "outsider", ADMIN):
        with refused("not_your_item", stage="both", people=["hoa", "dung", "phap"]):
            desk.accept(person)
    with refused("own_draft"):
        desk.accept(CLERK)


def test_a_draft_is_not_accepted() -> None:
    with refused("not_submitted", status="draft"):
        Desk(TWO, OFFICE).accept("hoa")


def test_the_initiator_asks_to_have_back_what_others_have_in_hand() -> None:
    desk = submitted(TWO, OFFICE)
    desk.accept("hoa")
    desk.request_recall(reason="Nhầm kỳ")
    assert desk.kinds == ["recall_requested"]
    assert desk.case.recall_requested
    assert desk.last[0].to_dict()["reason"] == "Nhầm kỳ"


def test_a_request_stops_nobody() -> None:
    desk = submitted(TWO, OFFICE)
    desk.accept("hoa")
    desk.request_recall()
    desk.approve("dung")
    desk.approve("bao")
    assert desk.case.status == "approved"


def test_those_who_have_it_grant_a_request_by_returning_it() -> None:
    desk = submitted(TWO, OFFICE)
    desk.accept("hoa")
    desk.request_recall()
    desk.send_back("hoa")
    assert desk.case.status == "returned"


def test_what_can_be_recalled_need_not_be_requested() -> None:
    desk = submitted(TWO, OFFICE)
    with refused("recall_instead"):
        desk.request_recall()


def test_a_recall_is_requested_once_in_a_round() -> None:
    desk = submitted(TWO, OFFICE)
    desk.accept("hoa")
    desk.request_recall()
    desk.approve("hoa")
    with refused("already_requested"):
        desk.request_recall()


def test_a_request_says_why() -> None:
    desk = submitted(TWO, OFFICE)
    desk.accept("hoa")
    with refused("reason_required"):
        desk.request_recall(reason=" ")


def test_only_the_initiator_requests_a_recall() -> None:
    desk = submitted(TWO, OFFICE)
    desk.accept("hoa")
    with refused("not_initiator", initiator=CLERK):
        desk.request_recall(by="hoa")


def test_a_new_round_is_in_nobody_s_hand_and_nobody_asked_for_it() -> None:
    desk = submitted(TWO, OFFICE)
    desk.accept("hoa")
    desk.request_recall()
    desk.send_back("hoa")
    desk.submit()
    assert desk.case.accepted_by is None
    assert not desk.case.recall_requested
    desk.recall()
    assert desk.case.status == "recalled"


@pytest.mark.parametrize("status", ["draft", "recalled"])
def test_there_is_no_request_for_what_is_with_the_initiator(status: str) -> None:
    desk = Desk(TWO, OFFICE)
    if status == "recalled":
        desk.submit()
        desk.recall()
    with refused("not_submitted", status=status):
        desk.request_recall()
