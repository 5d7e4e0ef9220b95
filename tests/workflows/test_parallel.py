from collections.abc import Mapping
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.workflows.office import Desk, Office, chain, closings, refused, staffed, stage, step, submitted
from workflows.eligibility import matching
from workflows.errors import Refusal

HEAD, POLICE, BOSS = step("head"), step("police"), step("boss")
OFFICE = staffed(head="hoa", police="phuc", boss="bao")


def test_parallel_split_all_steps_open_at_once() -> None:
    desk = submitted(chain(stage("all", HEAD, POLICE, BOSS)), OFFICE)
    assert desk.owners == [("head", "hoa"), ("police", "phuc"), ("boss", "bao")]


def test_synchronization_a_stage_waits_for_all_its_steps() -> None:
    desk = submitted(chain(stage("all", HEAD, POLICE, BOSS, complete="all")), OFFICE)
    desk.approve("bao")
    desk.approve("hoa")
    assert desk.kinds == ["item_decided"]
    assert desk.case.in_review
    desk.approve("phuc")
    assert desk.case.status == "approved"


def test_structured_discriminator_any_approval_completes_the_stage() -> None:
    desk = submitted(chain(stage("any", HEAD, POLICE, complete="any"), stage("boss")), OFFICE)
    desk.approve("phuc")
    assert desk.kinds == ["item_decided", "item_closed", "stage_completed", "stage_entered", "item_opened"]
    assert closings(desk) == [("hoa", "stage_completed")]
    assert desk.owners == [("boss", "bao")]


def test_structured_partial_join_n_approvals_complete_the_stage() -> None:
    desk = submitted(chain(stage("two", HEAD, POLICE, BOSS, complete={"n": 2})), OFFICE)
    desk.approve("hoa")
    assert desk.case.in_review
    desk.approve("bao")
    assert desk.case.status == "approved"
    assert closings(desk) == [("phuc", "stage_completed")]


def test_a_person_decides_once_per_entry_whoever_else_he_is() -> None:
    desk = submitted(chain(stage("both", HEAD, POLICE)), staffed(head=["hoa", "hai"], police=["hoa", "phuc"]))
    desk.approve("hoa", step="head")
    assert closings(desk) == [("hai", "step_decided"), ("hoa", "person_decided")]
    assert desk.owners == [("police", "phuc")]
    with refused("decided_in_stage", stage="both"):
        desk.approve("hoa", step="police")


def test_a_person_with_several_steps_says_which_one_he_approves() -> None:
    desk = submitted(chain(stage("both", HEAD, POLICE)), staffed(head=["hoa", "hai"], police=["hoa", "phuc"]))
    assert desk.may("hoa", "approve").targets == ("head", "police")
    desk.approve("hoa", step="police")
    assert desk.case.decisions[0].step == "police"


def test_without_a_step_the_first_that_nothing_speaks_against_is_approved() -> None:
    desk = submitted(chain(stage("both", HEAD, POLICE)), staffed(head=["hoa", "hai"], police=["hoa"]))
    assert desk.may("hoa", "approve").targets == ("police",)
    desk.approve("hoa")
    assert desk.case.decisions[0].step == "police"


def test_an_approval_that_would_leave_another_step_without_anybody_is_refused() -> None:
    desk = submitted(chain(stage("both", HEAD, POLICE)), staffed(head=["hoa", "hai"], police=["hoa"]))
    before = desk.case
    with refused("needed_elsewhere", step="head", steps=["police"]):
        desk.approve("hoa", step="head")
    assert desk.case == before
    desk.approve("hai")
    desk.approve("hoa")
    assert desk.case.status == "approved"


def test_an_adviser_beside_them_does_not_fill_the_step() -> None:
    advised = chain(stage("three", HEAD, POLICE, step("legal", role="advise")))
    desk = submitted(advised, staffed(head=["hoa", "hai"], police=["hoa"], legal=["phap"]))
    with refused("needed_elsewhere", step="head", steps=["police"]):
        desk.approve("hoa", step="head")


def test_who_is_needed_elsewhere_may_still_return_the_case() -> None:
    desk = submitted(chain(stage("both", HEAD, POLICE)), staffed(head=["hoa", "hai"], police=["hoa"]))
    desk.send_back("hoa")
    assert desk.case.status == "returned"


def test_a_step_left_without_anybody_is_no_harm_where_others_suffice() -> None:
    desk = submitted(
        chain(stage("two", HEAD, POLICE, BOSS, complete={"n": 2})), staffed(head="hoa", police="hoa", boss="bao")
    )
    desk.approve("hoa", step="head")
    assert desk.owners == [("boss", "bao")]
    desk.approve("bao")
    assert desk.case.status == "approved"


def test_two_steps_that_one_person_alone_could_take_are_refused_at_entry() -> None:
    with refused("nobody_eligible", stage="both", step="police", needed=2, found=1):
        submitted(chain(stage("both", HEAD, POLICE)), staffed(head="hoa", police="hoa"))


def test_eligible_people_are_shared_out_so_that_every_step_gets_one() -> None:
    office = staffed(head=["hoa", "hai"], police=["hoa"], boss=["hai", "bao"])
    desk = submitted(chain(stage("all", HEAD, POLICE, BOSS)), office)
    assert desk.case.in_review


def test_a_vacant_step_is_no_obstacle_where_any_approval_will_do() -> None:
    desk = submitted(chain(stage("any", HEAD, POLICE, complete="any")), staffed(police="phuc"))
    assert desk.owners == [("police", "phuc")]


PEOPLE = ("a", "b", "c", "d")
STEPS = ("s1", "s2", "s3")
staffing = st.fixed_dictionaries({step: st.lists(st.sampled_from(PEOPLE), unique=True) for step in STEPS})


def best_possible(wanted: Mapping[str, list[str]]) -> int:
    """How many steps can be filled, by trying every way to hand them out."""
    ways = permutations([*PEOPLE, None, None, None], len(STEPS))
    return max(sum(person in wanted[step] for step, person in zip(STEPS, way, strict=True)) for way in ways)


@given(staffing)
def test_as_many_steps_are_filled_as_possible_and_nobody_twice(wanted: dict[str, list[str]]) -> None:
    filled = matching(wanted)
    assert all(person in wanted[step] for step, person in filled.items())
    assert len(set(filled.values())) == len(filled)
    assert len(filled) == best_possible(wanted)


@settings(max_examples=200, deadline=None)
@given(staffing, st.integers(1, 3), st.data())
def test_a_stage_that_was_entered_can_always_be_completed(
    wanted: dict[str, list[str]], needed: int, data: st.DataObject
) -> None:
    steps = [step(each) for each in STEPS]
    desk = Desk(chain(stage("all", *steps, complete={"n": needed})), Office({"own": wanted}))
    if best_possible(wanted) < needed:
        with refused("nobody_eligible"):
            desk.submit()
        return
    desk.submit()
    for _ in range(needed):
        allowed = [(who, each) for who in PEOPLE for each in desk.may(who, "approve").targets]
        assert allowed
        who, each = data.draw(st.sampled_from(allowed))
        desk.approve(who, step=each)
    assert desk.case.status == "approved"


@given(staffing)
def test_who_has_one_item_only_is_never_needed_elsewhere(wanted: dict[str, list[str]]) -> None:
    desk = Desk(chain(stage("all", *[step(each) for each in STEPS], complete={"n": 2})), Office({"own": wanted}))
    try:
        desk.submit()
    except Refusal:
        return
    for person in PEOPLE:
        if sum(person in people for people in wanted.values()) == 1:
            assert desk.may(person, "approve").allowed


@pytest.mark.parametrize("needed", [1, 2, 3])
def test_every_completion_rule_counts_distinct_people(needed: int) -> None:
    office = staffed(head=["hoa", "hai"], police=["hoa", "hai"], boss=["hoa", "hai", "bao"])
    desk = submitted(chain(stage("all", HEAD, POLICE, BOSS, complete={"n": needed})), office)
    while desk.case.in_review:
        who = next(person for person in ("hoa", "hai", "bao") if desk.may(person, "approve").allowed)
        desk.approve(who)
    assert len({decision.person for decision in desk.case.decisions}) == needed
