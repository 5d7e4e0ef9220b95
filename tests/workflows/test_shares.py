import pytest

from tests.workflows.office import CLERK, Desk, Office, chain, closings, refused, staffed, stage, step, submitted
from workflows.case import ItemStatus
from workflows.events import CaseSubmitted

EACH = chain(stage("both", step("member", "head", "deputy", taken_by="each")), stage("boss"))
CHOSEN = chain(stage("two", step("member", "head", "deputy", taken_by={"choose": 2})), stage("boss"))
OFFICE = staffed(head="hoa", deputy=["dung", "duc"], boss="bao")


def test_each_of_the_candidates_has_a_slot_of_his_own() -> None:
    desk = submitted(EACH, OFFICE)
    assert [(item.slot, item.step, item.person) for item in desk.case.items] == [
        ("member/hoa", "member", "hoa"),
        ("member/dung", "member", "dung"),
        ("member/duc", "member", "duc"),
    ]


def test_a_stage_that_each_takes_waits_for_all_of_them() -> None:
    desk = submitted(EACH, OFFICE)
    desk.approve("dung")
    desk.approve("hoa")
    assert desk.kinds == ["item_decided"]
    assert desk.owners == [("member", "duc")]
    desk.approve("duc")
    assert desk.owners == [("boss", "bao")]


def test_of_each_of_several_the_completion_rule_may_want_fewer() -> None:
    member = step("member", "head", "deputy", taken_by="each")
    desk = submitted(chain(stage("both", member, complete={"n": 2})), OFFICE)
    desk.approve("hoa")
    desk.approve("duc")
    assert desk.case.status == "approved"
    assert closings(desk) == [("dung", "stage_completed")]


def test_who_decided_his_own_slot_is_told_so() -> None:
    desk = submitted(EACH, OFFICE)
    desk.approve("dung")
    with refused("decided_in_stage", stage="both"):
        desk.approve("dung")


def test_a_person_with_two_of_the_posts_has_one_slot() -> None:
    desk = submitted(EACH, staffed(head="hoa", deputy=["hoa", "duc"], boss="bao"))
    assert [item.slot for item in desk.case.items] == ["member/hoa", "member/duc"]


def test_a_drafter_is_none_of_those_who_each_decide() -> None:
    desk = Desk(EACH, OFFICE)
    desk.submit(drafters=["duc"])
    assert desk.owners == [("member", "hoa"), ("member", "dung")]


def test_a_step_for_each_of_nobody_is_refused() -> None:
    with refused("nobody_eligible", stage="both", step="member", needed=1, found=0):
        submitted(EACH, staffed(boss="bao"))


def test_a_step_for_each_beside_one_that_the_same_person_alone_can_take_is_refused() -> None:
    both = chain(stage("both", step("member", "deputy", taken_by="each"), step("other", "deputy")))
    with refused("nobody_eligible", stage="both", step="other", needed=3, found=2):
        submitted(both, OFFICE)


def test_the_submitter_chooses_who_decides() -> None:
    desk = Desk(CHOSEN, OFFICE)
    desk.submit(chosen={"two.member": ("duc", "hoa")})
    assert [item.slot for item in desk.case.open_items] == ["member/duc", "member/hoa"]
    desk.approve("hoa")
    desk.approve("duc")
    assert desk.owners == [("boss", "bao")]


def test_the_choice_is_recorded() -> None:
    desk = Desk(CHOSEN, OFFICE)
    desk.submit(chosen={"two.member": ("duc",)})
    submission = desk.last[0]
    assert isinstance(submission, CaseSubmitted)
    assert submission.chosen == desk.case.chosen == {"two.member": ("duc",)}


def test_nobody_is_recorded_for_a_step_that_wants_nobody_chosen() -> None:
    desk = Desk(CHOSEN, OFFICE)
    desk.submit(chosen={"two.member": ("hoa",), "boss.boss": ("bao",), "x": ("y",)})
    assert dict(desk.case.chosen) == {"two.member": ("hoa",)}


def test_each_round_has_a_choice_of_its_own() -> None:
    desk = Desk(CHOSEN, OFFICE)
    desk.submit(chosen={"two.member": ("duc",)})
    desk.send_back("duc")
    with refused("choice_needed", stage="two", step="member", most=2):
        desk.submit()
    desk.submit(chosen={"two.member": ("dung",)})
    assert desk.owners == [("member", "dung")]


@pytest.mark.parametrize("picked", [(), ("hoa", "dung", "duc")])
def test_one_chooses_somebody_and_no_more_than_the_step_allows(picked: tuple[str, ...]) -> None:
    desk = Desk(CHOSEN, OFFICE)
    with refused("choice_needed", stage="two", step="member", most=2):
        desk.submit(chosen={"two.member": picked})


@pytest.mark.parametrize("picked", [("bao",), ("hoa", "outsider"), (CLERK, "hoa"), ("duc", "duc")])
def test_only_candidates_are_chosen_and_each_once(picked: tuple[str, ...]) -> None:
    desk = Desk(CHOSEN, staffed(head=["hoa", CLERK], deputy=["dung", "duc"], boss="bao"))
    with refused("bad_choice", stage="two", step="member"):
        desk.submit(chosen={"two.member": picked})


def test_a_drafter_is_not_chosen() -> None:
    desk = Desk(CHOSEN, OFFICE)
    with refused("bad_choice", stage="two", step="member"):
        desk.submit(drafters=["duc"], chosen={"two.member": ("duc", "hoa")})


def test_who_drafted_an_earlier_round_is_not_chosen_in_a_later_one() -> None:
    desk = Desk(CHOSEN, OFFICE)
    desk.submit(drafters=["duc"], chosen={"two.member": ("hoa",)})
    desk.send_back("hoa")
    with refused("bad_choice", stage="two", step="member"):
        desk.submit(chosen={"two.member": ("duc",)})


def test_nobody_need_be_chosen_for_what_does_not_apply() -> None:
    never = {"eq": [1, 2]}
    optional = step("member", "deputy", taken_by={"choose": 1}, when=never)
    skipped = stage("skipped", step("member", "deputy", taken_by={"choose": 1}), when=never)
    desk = submitted(chain(stage("two", optional, step("head")), skipped, stage("boss")), OFFICE)
    assert desk.owners == [("head", "hoa")]


LATER = chain(stage("head"), stage("two", step("member", "deputy", taken_by={"choose": 2})))


def test_a_chosen_person_who_lost_the_post_by_the_time_of_entry_stops_the_case_loudly() -> None:
    desk = Desk(LATER, OFFICE)
    desk.submit(chosen={"two.member": ("duc", "dung")})
    desk.office = staffed(head="hoa", deputy="dung")
    before = desk.case
    with refused("nobody_eligible", stage="two", step="member", needed=2, found=1):
        desk.approve("hoa")
    assert desk.case == before


def test_when_all_chosen_people_lost_the_post_nobody_takes_their_place() -> None:
    desk = Desk(LATER, OFFICE)
    desk.submit(chosen={"two.member": ("duc",)})
    desk.office = staffed(head="hoa", deputy="dung")
    with refused("nobody_eligible", stage="two", step="member", needed=1, found=0):
        desk.approve("hoa")


def test_a_step_whose_people_nobody_chose_because_it_did_not_apply_then_is_entered_by_nobody() -> None:
    member = step("member", "deputy", taken_by={"choose": 1}, when={"eq": [{"fact": "big"}, True]})
    desk = submitted(chain(stage("head"), stage("two", member, step("boss"))), OFFICE, {"big": False})
    desk.facts = {"big": True}
    with refused("nobody_eligible", stage="two", step="member", needed=2, found=1):
        desk.approve("hoa")


def test_chosen_people_may_sit_elsewhere() -> None:
    owner = {"posts": ["head"], "place": "parent"}
    desk = Desk(
        chain(stage("two", step("member", owner=owner, taken_by={"choose": 1}))), Office({"parent": {"head": ["uyen"]}})
    )
    desk.submit(chosen={"two.member": ("uyen",)})
    desk.approve("uyen")
    assert desk.case.items[0].status == ItemStatus.DECIDED
    assert desk.case.status == "approved"
