"""A running case goes on under another version of its chain: what stays, what is asked anew, and what is refused."""

from datetime import UTC, datetime

import pytest

from tests.workflows.almanac import SHIPPED
from tests.workflows.office import (
    CLERK,
    Desk,
    Office,
    chain,
    closings,
    label,
    refused,
    staffed,
    stage,
    step,
    submitted,
)
from workflows.actions import Tick
from workflows.case import CaseStatus
from workflows.clock import next_rung_at
from workflows.definition import Chain
from workflows.events import ApprovalKept, CaseMigrated, RungReached
from workflows.migration import goes_on_as_it_is

OFFICE = staffed(head=["hoa", "ha"], deputy=["dung"], boss=["bao", "binh"], officer=["an"])
ONE = chain(stage("head"), stage("boss"))
LONGER = chain(stage("head"), stage("deputy"), stage("boss"))


def renamed() -> Chain:
    """The same chain with another name on a step, and a proof."""
    return chain(stage("head", step("head", name=label("Trưởng phòng"), prove=True)), stage("boss"))


# -- with its drafter ------------------------------------------------------------------------------------------


def test_with_its_drafter_only_the_version_changes() -> None:
    desk = submitted(ONE, OFFICE)
    desk.send_back("hoa")
    desk.migrate(LONGER)
    assert desk.last == (CaseMigrated(3, desk.now, "quan", "2", "1", None, None, "Quy chế mới"),)
    assert (desk.case.chain, desk.case.status, desk.case.round) == (LONGER, CaseStatus.RETURNED, 1)
    desk.submit()
    desk.approve("hoa")
    assert desk.case.stage == "deputy"


def test_with_its_drafter_it_goes_into_no_stage() -> None:
    desk = submitted(ONE, OFFICE)
    desk.recall()
    with refused("bad_target", to="head", targets=[]):
        desk.migrate(LONGER, "head")


# -- where the same is asked -----------------------------------------------------------------------------------


def test_what_was_begun_goes_on_where_the_same_is_asked_of_the_same_people() -> None:
    desk = submitted(ONE, OFFICE)
    desk.ask("hoa", "an")
    desk.claim("hoa")
    before = desk.case
    desk.migrate(renamed(), "head")
    assert desk.kinds == ["case_migrated"]
    assert (desk.case.items, desk.case.entry, desk.case.in_hand_of) == (before.items, before.entry, "hoa")
    assert desk.case.chain.stage("head").step("head").prove
    desk.approve("hoa")
    assert desk.case.stage == "boss"


def test_a_suspended_case_stays_suspended_where_the_same_is_asked() -> None:
    desk = submitted(ONE, OFFICE)
    desk.suspend("hoa")
    desk.migrate(renamed(), "head")
    assert desk.case.status == CaseStatus.SUSPENDED
    desk.resume("hoa")
    assert desk.owners == [("head", "hoa"), ("head", "ha")]


@pytest.mark.parametrize(
    "other",
    [
        stage("head", step("head", "boss")),
        stage("head", step("head", role="advise"), step("deputy")),
        stage("head", step("head", taken_by="each")),
        stage("head", step("head", when={"eq": [1, 1]})),
        stage("head", step("head"), step("deputy")),
        stage("head", complete="any"),
        stage("head", step("head", actions=["approve", "reject"]), refusal="vote"),
    ],
)
def test_it_is_not_the_same_when_others_are_asked_or_counted_otherwise(other: dict[str, object]) -> None:
    case = submitted(ONE, OFFICE).case
    assert goes_on_as_it_is(case, ONE, "head")
    assert not goes_on_as_it_is(case, chain(other, stage("boss")), "head")
    assert not goes_on_as_it_is(case, ONE, "boss")


# -- where it is entered anew ----------------------------------------------------------------------------------


def test_where_others_are_asked_the_stage_is_entered_anew() -> None:
    desk = submitted(ONE, OFFICE)
    desk.migrate(chain(stage("head", step("head", "deputy")), stage("boss")), "head")
    assert desk.kinds == ["case_migrated", "item_closed", "item_closed", "stage_entered", "item_opened"]
    assert closings(desk) == [("hoa", "case_migrated"), ("ha", "case_migrated")]
    assert (desk.owners, desk.case.entry, desk.case.round) == ([("head", "dung")], 2, 1)


def test_it_goes_into_the_stage_that_is_named() -> None:
    desk = submitted(ONE, OFFICE)
    desk.migrate(LONGER, "deputy")
    assert (desk.case.stage, desk.owners) == ("deputy", [("deputy", "dung")])
    desk.approve("dung")
    desk.approve("bao")
    assert desk.case.status == CaseStatus.APPROVED


def test_a_stage_that_does_not_apply_is_skipped() -> None:
    desk = submitted(ONE, OFFICE)
    desk.approve("hoa")
    desk.migrate(chain(stage("deputy", when={"eq": [1, 2]}), stage("boss")), "deputy")
    assert desk.kinds[-4:] == ["stage_skipped", "stage_entered", "item_opened", "item_opened"]
    assert desk.case.stage == "boss"


def test_who_approved_there_already_is_not_asked_again() -> None:
    two = chain(stage("two", step("head"), step("boss")), stage("deputy"))
    three = chain(stage("two", step("head"), step("boss"), step("officer")), stage("deputy"))
    desk = submitted(two, OFFICE)
    desk.approve("hoa")
    desk.migrate(three, "two")
    kept = [event for event in desk.last if isinstance(event, ApprovalKept)]
    assert [(event.of, event.round, event.person, event.slot) for event in kept] == [(1, 1, "hoa", "head")]
    assert desk.owners == [("boss", "bao"), ("boss", "binh"), ("officer", "an")]
    with refused("decided_in_stage"):
        desk.approve("hoa")
    desk.migrate(two, "two", key="1")
    assert [event.of for event in desk.last if isinstance(event, ApprovalKept)] == [1]
    desk.approve("bao")
    assert desk.case.stage == "deputy"


def test_approvals_that_stay_may_complete_the_stage() -> None:
    desk = submitted(chain(stage("two", step("head"), step("boss")), stage("deputy")), OFFICE)
    desk.approve("hoa")
    desk.migrate(chain(stage("two", step("head"), step("boss"), complete="any"), stage("deputy")), "two")
    assert desk.case.stage == "deputy"


@pytest.mark.parametrize(
    "other",
    [
        step("head", "head", "deputy"),
        step("head", checks="form"),
        step("head", covers=["text"]),
        step("other", "head"),
    ],
)
def test_an_approval_does_not_stay_where_something_else_is_asked(other: dict[str, object]) -> None:
    desk = submitted(chain(stage("two", step("head"), step("boss")), stage("deputy")), OFFICE)
    desk.approve("hoa")
    desk.migrate(chain(stage("two", other, step("boss")), stage("deputy")), "two")
    assert "approval_kept" not in desk.kinds


def test_an_approval_does_not_stay_when_its_author_has_the_post_no_more_or_it_was_a_delegate_s() -> None:
    two, three = (chain(stage("two", step("head"), step("boss"), *more)) for more in ([], [step("deputy")]))
    desk = submitted(two, Office(OFFICE.seats))
    desk.approve("hoa")
    desk.office.seats = {"own": {**OFFICE.seats["own"], "head": ["moi"]}}
    desk.migrate(three, "two")
    assert desk.owners == [("head", "moi"), ("boss", "bao"), ("boss", "binh"), ("deputy", "dung")]
    desk = submitted(two, OFFICE)
    desk.delegate("hoa", "an")
    desk.approve("an")
    desk.migrate(three, "two")
    assert ("head", "hoa") in desk.owners


def test_a_vote_against_is_never_left_out() -> None:
    voting = step("boss", "boss", "head", taken_by="each", actions=["approve", "reject"])
    desk = submitted(chain(stage("vote", voting, refusal="vote", complete={"n": 3})), OFFICE)
    desk.approve("hoa")
    desk.reject("bao")
    desk.migrate(chain(stage("vote", voting, refusal="vote", complete={"n": 2})), "vote")
    assert "approval_kept" not in desk.kinds
    assert len(desk.owners) == 4


def test_approvals_do_not_stay_where_too_few_others_would_be_left() -> None:
    office = staffed(head=["hoa", "ha"], boss=["hoa"], deputy=["dung"])
    desk = submitted(chain(stage("two", step("head"), step("deputy"))), office)
    desk.approve("hoa")
    desk.migrate(chain(stage("two", step("head"), step("boss"))), "two")
    assert "approval_kept" not in desk.kinds
    assert desk.owners == [("head", "hoa"), ("head", "ha"), ("boss", "hoa")]


# -- the clock -------------------------------------------------------------------------------------------------

MONDAY = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


def timed(budget: int, *rungs: int) -> Chain:
    return chain(stage("head", step("head", budget=budget, ladder=[{"at": at} for at in rungs])), stage("boss"))


def waiting(made: Chain) -> Desk:
    desk = Desk(made, OFFICE)
    desk.now = MONDAY
    desk.submit()
    return desk


def rungs(desk: Desk) -> list[int]:
    return [event.rung for event in desk.case.events if isinstance(event, RungReached)]


def test_the_clock_goes_on_and_rungs_of_the_same_ladder_are_not_reached_twice() -> None:
    desk = waiting(timed(4, -2, 0))
    desk.now = MONDAY.replace(hour=3, minute=30)
    desk.do("quan", Tick(desk.case.version, SHIPPED))
    same = chain(*(stage("head", step("head", prove=True, budget=4, ladder=[{"at": -2}, {"at": 0}])), stage("boss")))
    due = next_rung_at(desk.case, SHIPPED)
    desk.migrate(same, "head")
    assert (rungs(desk), next_rung_at(desk.case, SHIPPED)) == ([0], due)


def test_a_new_ladder_begins_where_the_case_is() -> None:
    desk = waiting(timed(16, 0))
    desk.now = MONDAY.replace(hour=9)
    desk.migrate(timed(4, -2, 0, 8), "head")
    assert next_rung_at(desk.case, SHIPPED) == datetime(2026, 3, 3, 5 + 2, 1, tzinfo=UTC)
    with refused("nothing_due"):
        desk.do("quan", Tick(desk.case.version, SHIPPED))


def test_the_drafter_is_not_told_to_be_anybody_s_reviewer() -> None:
    desk = submitted(ONE, staffed(head=["hoa"], deputy=[CLERK, "dung"], boss=["bao"]))
    desk.migrate(LONGER, "deputy")
    assert desk.owners == [("deputy", "dung")]
