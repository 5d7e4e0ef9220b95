import pytest

from tests.workflows.office import ADMIN, CLERK, Desk, chain, closings, refused, staffed, stage, step, submitted

BOTH = chain(stage("both", step("head"), step("police"), step("legal", role="advise")), stage("boss"))
OFFICE = staffed(head="hoa", police="phuc", legal="phap", boss="bao", officer="anh")


@pytest.fixture
def suspended() -> Desk:
    desk = submitted(BOTH, OFFICE)
    desk.suspend("hoa", "Chờ số liệu của Bộ")
    return desk


def test_a_suspended_case_stands_still_where_it_is(suspended: Desk) -> None:
    assert suspended.kinds == ["case_suspended"]
    assert suspended.last[0].to_dict()["reason"] == "Chờ số liệu của Bộ"
    assert (suspended.case.status, suspended.case.stage) == ("suspended", "both")
    assert suspended.owners == [("head", "hoa"), ("police", "phuc"), ("legal", "phap")]


def test_nobody_works_on_a_suspended_case(suspended: Desk) -> None:
    for attempt in (suspended.approve, suspended.send_back, suspended.reject, suspended.advise, suspended.suspend):
        for person in ("hoa", "phap", ADMIN, "outsider"):
            with refused("suspended"):
                attempt(person)
    for handle in (suspended.accept, suspended.claim, suspended.release):
        with refused("suspended"):
            handle("phuc")
    for bring_in in (suspended.delegate, suspended.add, suspended.ask):
        with refused("suspended"):
            bring_in("hoa", "anh")


def test_the_initiator_waits_too(suspended: Desk) -> None:
    for attempt in (suspended.recall, suspended.request_recall, suspended.withdraw):
        with refused("suspended"):
            attempt()
    with refused("already_submitted"):
        suspended.submit()


def test_an_administrator_does_not_reassign_what_stands_still(suspended: Desk) -> None:
    with refused("suspended"):
        suspended.reassign("anh")


@pytest.mark.parametrize("person", ["hoa", "phuc", ADMIN])
def test_those_who_have_it_or_an_administrator_let_it_go_on(suspended: Desk, person: str) -> None:
    suspended.resume(person)
    assert suspended.kinds == ["case_resumed"]
    assert suspended.case.in_review
    suspended.approve("hoa")
    suspended.approve("phuc")
    assert suspended.owners == [("boss", "bao")]


@pytest.mark.parametrize("person", [CLERK, "phap", "bao", "outsider"])
def test_nobody_else_lets_it_go_on(suspended: Desk, person: str) -> None:
    with refused("not_your_item", stage="both", people=["hoa", "phuc"]):
        suspended.resume(person)


@pytest.mark.parametrize("person", [CLERK, "phap", "bao", "outsider"])
def test_nobody_else_stops_it(person: str) -> None:
    with refused("not_your_item", stage="both", people=["hoa", "phuc"]):
        submitted(BOTH, OFFICE).suspend(person)


def test_who_lost_the_post_stops_nothing() -> None:
    desk = submitted(BOTH, OFFICE)
    desk.office = staffed(head="hung", police="phuc", legal="phap", boss="bao")
    with refused("not_your_item", stage="both", people=["hoa", "phuc"]):
        desk.suspend("hoa")


def test_an_administrator_stops_a_case() -> None:
    desk = submitted(BOTH, OFFICE)
    desk.suspend(ADMIN)
    assert desk.case.status == "suspended"


def test_a_case_is_stopped_for_a_reason_and_goes_on_without_one() -> None:
    desk = submitted(BOTH, OFFICE)
    with refused("reason_required"):
        desk.suspend("hoa", " ")
    desk.suspend("hoa")
    desk.resume("hoa")
    assert desk.last[0].to_dict()["reason"] == ""


def test_what_does_not_stand_still_cannot_go_on() -> None:
    for desk in (submitted(BOTH, OFFICE), Desk(BOTH, OFFICE)):
        with refused("not_suspended"):
            desk.resume("hoa")


def test_a_draft_cannot_be_stopped() -> None:
    with refused("not_submitted", status="draft"):
        Desk(BOTH, OFFICE).suspend("hoa")


def test_a_suspended_case_can_be_cancelled(suspended: Desk) -> None:
    suspended.cancel()
    assert [person for person, _ in closings(suspended)] == ["hoa", "phuc", "phap"]
    with refused("finished", status="cancelled"):
        suspended.resume("hoa")
