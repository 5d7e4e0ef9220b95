import pytest

from tests.workflows.office import ADMIN, CLERK, Desk, chain, closings, refused, staffed, stage, step, submitted

TWO = chain(stage("both", step("head"), step("police")), stage("boss"))
OFFICE = staffed(head="hoa", police="phuc", boss="bao")


def test_the_initiator_gives_up_what_nobody_has_in_hand() -> None:
    desk = submitted(TWO, OFFICE)
    desk.withdraw(reason="Không cần nữa")
    assert desk.kinds == ["item_closed", "item_closed", "case_withdrawn"]
    assert closings(desk) == [("hoa", "case_withdrawn"), ("phuc", "case_withdrawn")]
    assert desk.last[-1].to_dict()["reason"] == "Không cần nữa"
    assert (desk.case.status, desk.case.stage, desk.case.finished) == ("withdrawn", None, True)


def test_the_initiator_gives_up_a_draft() -> None:
    desk = Desk(TWO, OFFICE)
    desk.withdraw()
    assert desk.kinds == ["case_withdrawn"]


def test_the_initiator_gives_up_what_came_back_whoever_had_decided_on_it() -> None:
    returned = submitted(TWO, OFFICE)
    returned.send_back("hoa")
    returned.withdraw()
    assert returned.case.status == "withdrawn"
    recalled = submitted(TWO, OFFICE)
    recalled.recall()
    recalled.withdraw()
    assert recalled.case.status == "withdrawn"


def test_what_others_have_in_hand_cannot_be_given_up() -> None:
    desk = submitted(TWO, OFFICE)
    desk.accept("hoa")
    with refused("in_hand", person="hoa"):
        desk.withdraw()
    desk.approve("phuc")
    with refused("decided_in_round", stage="both", step="police", person="phuc"):
        desk.withdraw()


def test_only_the_initiator_gives_up() -> None:
    for person in ("hoa", ADMIN):
        with refused("not_initiator", initiator=CLERK):
            submitted(TWO, OFFICE).withdraw(by=person)


def test_who_gives_up_says_why() -> None:
    with refused("reason_required"):
        submitted(TWO, OFFICE).withdraw(reason=" ")


def test_an_administrator_cancels_whoever_has_decided() -> None:
    desk = submitted(TWO, OFFICE)
    desk.approve("hoa")
    desk.cancel(reason="Trùng")
    assert desk.kinds == ["item_closed", "case_cancelled"]
    assert closings(desk) == [("phuc", "case_cancelled")]
    assert (desk.case.status, desk.case.stage, desk.case.finished) == ("cancelled", None, True)


def test_an_administrator_cancels_a_draft() -> None:
    desk = Desk(TWO, OFFICE)
    desk.cancel()
    assert desk.case.status == "cancelled"


def test_nobody_else_cancels_or_reopens() -> None:
    desk = submitted(TWO, OFFICE)
    for person in (CLERK, "hoa", "outsider"):
        with refused("not_administrator"):
            desk.cancel(by=person)
    desk.reject("hoa")
    for person in (CLERK, "hoa", "outsider"):
        with refused("not_administrator"):
            desk.reopen(by=person)


def test_cancelling_and_reopening_have_reasons() -> None:
    desk = submitted(TWO, OFFICE)
    with refused("reason_required"):
        desk.cancel(reason="")
    desk.cancel()
    with refused("reason_required"):
        desk.reopen(reason="")


def end(desk: Desk, status: str) -> None:
    """Brings a case in review to an end."""
    if status == "approved":
        for person in ("hoa", "phuc", "bao"):
            desk.approve(person)
    elif status == "rejected":
        desk.reject("hoa")
    elif status == "withdrawn":
        desk.withdraw()
    else:
        desk.cancel()
    assert desk.case.status == status


ENDS = pytest.mark.parametrize("status", ["approved", "rejected", "withdrawn", "cancelled"])


@ENDS
def test_what_is_over_is_over(status: str) -> None:
    desk = submitted(TWO, OFFICE)
    end(desk, status)
    assert not desk.case.pending_items
    for attempt in (desk.submit, desk.recall, desk.request_recall, desk.withdraw, desk.cancel):
        with refused("finished", status=status):
            attempt()
    for decide in (desk.approve, desk.send_back, desk.reject, desk.advise, desk.accept, desk.claim, desk.suspend):
        with refused("finished", status=status):
            decide("phuc")
    with refused("finished", status=status):
        desk.reassign("hoa")


@ENDS
def test_an_administrator_reopens_what_is_over_and_its_drafter_has_it_again(status: str) -> None:
    desk = submitted(TWO, OFFICE)
    end(desk, status)
    desk.reopen(reason="Nhầm")
    assert desk.kinds == ["case_reopened"]
    assert (desk.case.status, desk.case.stage, desk.case.finished) == ("returned", None, False)
    desk.submit()
    assert (desk.case.round, desk.case.stage) == (2, "both")
    end(desk, "approved")


def test_who_decided_before_decides_on_a_reopened_case_again() -> None:
    desk = submitted(TWO, OFFICE)
    desk.reject("hoa")
    desk.reopen()
    desk.submit()
    desk.approve("hoa")
    assert [decision.verdict for decision in desk.case.decisions] == ["reject", "approve"]


def test_what_is_not_over_cannot_be_reopened() -> None:
    for desk in (Desk(TWO, OFFICE), submitted(TWO, OFFICE)):
        with refused("not_finished"):
            desk.reopen()


ISSUED = chain(
    stage("head"),
    stage("boss"),
    issues=[{"after": "head", "issuer": {"place": "own"}, "document": "report", "signer": "decider"}],
)


def test_what_a_document_was_issued_of_is_not_reopened() -> None:
    desk = submitted(ISSUED, OFFICE)
    desk.approve("hoa")
    desk.reject("bao")
    with refused("document_issued"):
        desk.reopen()


def test_what_no_document_was_issued_of_yet_is_reopened() -> None:
    desk = submitted(ISSUED, OFFICE)
    desk.reject("hoa")
    desk.reopen()
    assert desk.case.status == "returned"
