from datetime import UTC, datetime, timedelta, timezone

import pytest

from tests.workflows.office import CLERK, NOON, Desk, Office, chain, refused, staffed, stage, step, submitted
from workflows.actions import Submit
from workflows.case import CaseStatus, ItemStatus
from workflows.engine import act, open_case

ONE = chain(stage("head"))
TWO = chain(stage("head"), stage("boss"))


def test_a_new_case_is_a_draft_of_its_initiator_at_version_0() -> None:
    case = open_case(ONE, CLERK, NOON).case
    assert (case.status, case.version, case.round, case.entry) == (CaseStatus.DRAFT, 0, 0, 0)
    assert case.initiator == CLERK
    assert case.drafters == {CLERK}
    assert case.stage is None


def test_submitting_enters_the_first_stage_and_gives_every_candidate_an_item() -> None:
    desk = submitted(chain(stage("department", step("leader", "head", "deputy"))), staffed(head="hoa", deputy="dung"))
    assert desk.kinds == ["case_submitted", "stage_entered", "item_opened", "item_opened"]
    assert (desk.case.status, desk.case.stage, desk.case.round, desk.case.entry) == ("in_review", "department", 1, 1)
    assert [(item.number, item.person, item.post, item.status) for item in desk.case.items] == [
        (1, "hoa", "head", ItemStatus.OPEN),
        (2, "dung", "deputy", ItemStatus.OPEN),
    ]


def test_a_person_with_two_posts_gets_one_item_for_the_post_named_first() -> None:
    desk = submitted(chain(stage("department", step("leader", "head", "deputy"))), staffed(head="hoa", deputy="hoa"))
    assert [(item.person, item.post) for item in desk.case.items] == [("hoa", "head")]


def test_a_submission_keeps_what_was_submitted() -> None:
    desk = Desk(ONE, staffed(head="hoa"))
    desk.submit(content="5f2c")
    desk.approve("hoa")
    assert desk.case.content_hash == "5f2c"
    assert desk.case.decisions[0].content_hash == "5f2c"


def test_only_the_initiator_submits() -> None:
    with refused("not_initiator", initiator=CLERK):
        Desk(ONE, staffed(head="hoa")).submit(by="hoa")


def test_a_case_in_review_cannot_be_submitted_again() -> None:
    desk = submitted(ONE, staffed(head="hoa"))
    with refused("already_submitted"):
        desk.submit()


def test_a_finished_case_cannot_be_submitted_again() -> None:
    desk = submitted(ONE, staffed(head="hoa"))
    desk.approve("hoa")
    with refused("finished", status="approved"):
        desk.submit()


def test_an_action_on_an_older_version_is_refused() -> None:
    desk = submitted(TWO, staffed(head="hoa", boss="bao"))
    with refused("stale_version", seen=0, current=1):
        desk.do("hoa", Submit(0, "content"))


def test_a_stage_without_anybody_stops_the_submission_loudly() -> None:
    desk = Desk(ONE, Office({}))
    before = desk.case
    with refused("nobody_eligible", stage="head", step="head", needed=1, found=0):
        desk.submit()
    assert desk.case == before


def test_a_stage_whose_only_candidate_drafted_the_submission_is_refused() -> None:
    with refused("nobody_eligible", stage="head", step="head"):
        Desk(ONE, staffed(head="hoa")).submit(drafters=["hoa"])


def test_a_stage_whose_only_candidate_is_the_initiator_is_refused() -> None:
    with refused("nobody_eligible", stage="head", step="head"):
        Desk(ONE, staffed(head=CLERK)).submit()


def test_resubmitting_starts_a_new_round_at_the_first_stage() -> None:
    desk = submitted(TWO, staffed(head="hoa", boss="bao"))
    desk.approve("hoa")
    desk.send_back("bao")
    desk.submit(content="better")
    assert (desk.case.round, desk.case.entry, desk.case.stage) == (2, 3, "head")
    assert desk.case.content_hash == "better"
    assert [decision.round for decision in desk.case.decisions] == [1, 1]


def test_who_drafted_an_earlier_round_still_may_not_decide_on_a_later_one() -> None:
    office = staffed(head=["hoa", "hai"])
    desk = Desk(ONE, office)
    desk.submit(drafters=["hai"])
    desk.send_back("hoa")
    desk.submit(drafters=[])
    assert desk.owners == [("head", "hoa")]
    with refused("own_draft"):
        desk.approve("hai")


def test_times_are_recorded_in_utc() -> None:
    vietnam = datetime(2025, 1, 14, 12, 0, tzinfo=timezone(timedelta(hours=7)))
    opened = open_case(ONE, CLERK, vietnam)
    assert opened.events[0].at == NOON
    assert opened.events[0].at.tzinfo is UTC


def test_a_time_without_a_zone_is_an_error() -> None:
    naive = NOON.replace(tzinfo=None)
    with pytest.raises(ValueError, match="zone"):
        open_case(ONE, CLERK, naive)
    case = open_case(ONE, CLERK, NOON).case
    with pytest.raises(ValueError, match="zone"):
        act(case, Submit(0, "content"), by=CLERK, at=naive, facts={}, directory=staffed(head="hoa"))
