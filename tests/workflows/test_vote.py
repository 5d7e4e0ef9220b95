import pytest

from tests.workflows.office import Desk, chain, closings, refused, staffed, stage, step, submitted
from workflows.actions import Return
from workflows.definition import Chain, Completion
from workflows.events import VoteLost

REJECT = ["approve", "reject"]
RETURN = ["approve", "return"]
FIVE = staffed(member=["an", "ba", "cu", "da", "em"], head="hoa", boss="bao")


def council(complete: object = None, actions: list[str] = REJECT) -> Chain:
    """Every member has a vote; without anything else, three of five must approve."""
    member = step("member", taken_by="each", actions=actions)
    return chain(stage("council", member, complete=complete or {"percent": 60}, refusal="vote"), stage("boss"))


@pytest.mark.parametrize(
    ("slots", "percent", "needed"),
    [(3, 50, 2), (3, 66, 2), (3, 67, 3), (4, 50, 2), (4, 51, 3), (5, 1, 1), (5, 100, 5), (200, 1, 2), (7, 14, 1)],
)
def test_a_percentage_of_the_slots_is_rounded_up(slots: int, percent: int, needed: int) -> None:
    assert Completion("percent", percent).needed(slots) == needed


def test_a_percentage_of_the_slots_completes_a_stage() -> None:
    steps = [step(key, "member") for key in ("a", "b", "c")]
    desk = submitted(chain(stage("council", *steps, complete={"percent": 50})), FIVE)
    desk.approve("an")
    assert desk.case.in_review
    desk.approve("ba")
    assert desk.case.status == "approved"


def test_a_vote_is_won_as_soon_as_enough_have_approved() -> None:
    desk = submitted(council(), FIVE)
    desk.approve("an")
    desk.approve("ba")
    assert desk.kinds == ["item_decided"]
    desk.approve("cu")
    assert closings(desk) == [("da", "stage_completed"), ("em", "stage_completed")]
    assert desk.owners == [("boss", "bao")]


def test_a_single_refusal_is_only_a_vote_against() -> None:
    desk = submitted(council(), FIVE)
    desk.reject("an")
    assert desk.kinds == ["item_decided"]
    assert desk.case.in_review
    assert [decision.verdict for decision in desk.case.decisions] == ["reject"]


def test_a_vote_is_won_in_spite_of_refusals() -> None:
    desk = submitted(council(), FIVE)
    desk.reject("an")
    desk.approve("ba")
    desk.reject("cu")
    desk.approve("da")
    desk.approve("em")
    assert desk.owners == [("boss", "bao")]


def test_a_vote_is_lost_as_soon_as_the_approvals_needed_are_out_of_reach() -> None:
    desk = submitted(council(), FIVE)
    desk.approve("an")
    desk.reject("ba")
    desk.reject("cu")
    assert desk.case.in_review
    desk.reject("da")
    assert desk.kinds == ["item_decided", "vote_lost", "item_closed", "case_rejected"]
    assert desk.last[1] == VoteLost(5, desk.now, "da", "council", approved=1, needed=3)
    assert closings(desk) == [("em", "case_rejected")]
    assert (desk.case.status, desk.case.stage) == ("rejected", None)


def test_a_vote_that_offers_to_return_sends_the_case_back_when_it_is_lost() -> None:
    desk = submitted(council("any", RETURN), FIVE)
    for person in ("an", "ba", "cu", "da"):
        desk.send_back(person)
        assert desk.case.in_review
    desk.send_back("em")
    assert desk.kinds == ["item_decided", "vote_lost", "case_returned"]
    assert (desk.case.status, desk.case.stage) == ("returned", None)
    assert [decision.returned_to for decision in desk.case.decisions] == ["drafter"] * 5


def test_where_all_must_approve_the_first_refusal_decides() -> None:
    desk = submitted(council("all"), FIVE)
    desk.reject("em")
    assert desk.case.status == "rejected"


def test_a_refusal_ends_a_stage_of_several_that_is_no_vote() -> None:
    member = step("member", taken_by="each")
    desk = submitted(chain(stage("council", member, complete={"percent": 60})), FIVE)
    desk.reject("an")
    assert desk.case.status == "rejected"


def test_a_vote_is_about_the_drafter_and_goes_back_to_no_stage() -> None:
    members = stage("council", step("member", taken_by="each", actions=RETURN), refusal="vote")
    desk = submitted(chain(stage("head"), members), FIVE)
    desk.approve("hoa")
    assert desk.may("an", "return").targets == ("drafter",)
    with refused("bad_target", to="head", targets=["drafter"]):
        desk.do("an", Return(desk.case.version, "Thiếu", "head"))


def test_a_lost_vote_can_be_taken_anew_in_the_next_round() -> None:
    desk = submitted(council("all", RETURN), FIVE)
    desk.send_back("an")
    desk.submit()
    for person in ("an", "ba", "cu", "da", "em"):
        desk.approve(person)
    assert desk.owners == [("boss", "bao")]


def test_several_candidates_of_one_slot_have_one_vote() -> None:
    steps = [step("leader", "head", "deputy", actions=REJECT), step("boss", actions=REJECT)]
    office = staffed(head="hoa", deputy="dung", boss="bao")
    desk = submitted(chain(stage("two", *steps, complete="any", refusal="vote")), office)
    desk.reject("dung")
    assert closings(desk) == [("hoa", "step_decided")]
    with refused("already_decided", step="leader", person="dung"):
        desk.approve("hoa")
    desk.reject("bao")
    assert desk.case.status == "rejected"


def test_who_votes_against_in_one_slot_is_lost_to_his_others() -> None:
    steps = [step("a", "head", actions=REJECT), step("b", "head", actions=REJECT), step("c", "boss", actions=REJECT)]
    desk = submitted(chain(stage("three", *steps, complete={"percent": 60}, refusal="vote")), FIVE)
    desk.reject("hoa")
    assert desk.last[-1].kind == "case_rejected"
    assert ("hoa", "person_decided") in closings(desk)


def test_an_approval_that_would_lose_the_vote_is_refused() -> None:
    steps = [step("a", "head", "boss", actions=REJECT), step("b", "head", actions=REJECT)]
    desk = submitted(chain(stage("two", *steps, refusal="vote")), FIVE)
    with refused("needed_elsewhere", step="a", steps=["b"]):
        desk.approve("hoa", step="a")
    desk.approve("bao")
    desk.approve("hoa")
    assert desk.case.status == "approved"


def test_a_slot_that_nobody_can_take_is_a_slot_all_the_same() -> None:
    steps = [step(key, actions=REJECT) for key in ("head", "boss", "vacant")]
    for percent, needed in ((34, 2), (33, 1)):
        desk = submitted(chain(stage("three", *steps, complete={"percent": percent}, refusal="vote")), FIVE)
        assert desk.case.slots == 3
        desk.approve("hoa")
        assert desk.case.in_review is (needed == 2)


def test_a_vacant_slot_is_missed_when_a_vote_is_lost() -> None:
    steps = [step(key, actions=REJECT) for key in ("head", "boss", "vacant")]
    desk = submitted(chain(stage("three", *steps, complete={"percent": 60}, refusal="vote")), FIVE)
    desk.reject("hoa")
    assert desk.case.status == "rejected"


def test_too_many_vacant_slots_stop_the_submission() -> None:
    steps = [step(key, actions=REJECT) for key in ("head", "vacant", "empty")]
    with refused("nobody_eligible", stage="three", step="vacant", needed=2, found=1):
        submitted(chain(stage("three", *steps, complete={"percent": 60}, refusal="vote")), FIVE)


@pytest.mark.parametrize("position", ["before", "after"])
def test_nobody_is_added_to_a_vote(position: str) -> None:
    desk = submitted(council(), FIVE)
    with refused("not_in_a_vote", stage="council"):
        desk.add("an", "hoa", "before" if position == "before" else "after")
    assert not desk.may("an", "add_reviewer").allowed


def test_an_opinion_asked_for_in_a_vote_is_no_vote() -> None:
    desk = submitted(council(), FIVE)
    desk.ask("an", "hoa")
    desk.advise("hoa")
    assert desk.kinds == ["item_decided"]
    for person in ("an", "ba"):
        desk.reject(person)
    assert desk.case.in_review
    desk.reject("cu")
    assert desk.case.status == "rejected"


def test_a_delegate_votes_for_the_member() -> None:
    desk = Desk(council("all", RETURN), FIVE)
    desk.submit()
    desk.delegate("an", "hoa")
    desk.send_back("hoa")
    assert desk.case.status == "returned"
