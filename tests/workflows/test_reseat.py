"""Posts change hands while a case waits: by an explicit event the work goes to whoever holds them now."""

from collections.abc import Mapping, Sequence

from tests.workflows.office import CLERK, Desk, Office, chain, closings, refused, stage, step, submitted
from workflows.definition import Chain

SEATS: Mapping[str, Sequence[str]] = {"head": ["hoa"], "deputy": ["dung"], "boss": ["bao"], "officer": ["an", "anh"]}
CHAIN = chain(stage("head"), stage("boss"))


def waiting(made: Chain = CHAIN, *mandates: str) -> Desk:
    return submitted(made, Office({"own": SEATS}, mandates))


def seat(desk: Desk, **posts: Sequence[str]) -> None:
    """From now on other people hold some posts."""
    desk.office.seats = {"own": {**desk.office.seats["own"], **posts}}


def test_the_successor_gets_the_work_and_the_predecessor_has_it_no_more() -> None:
    desk = waiting()
    seat(desk, head=["moi"])
    with refused("post_not_held"):
        desk.approve("hoa")
    desk.reseat()
    assert desk.kinds == ["seats_revised", "item_opened", "item_closed"]
    assert closings(desk) == [("hoa", "seat_lost")]
    assert desk.owners == [("head", "moi")]
    desk.approve("moi")
    assert desk.case.stage == "boss"


def test_nothing_happens_while_nothing_changed() -> None:
    desk = waiting()
    with refused("seats_current"):
        desk.reseat()
    seat(desk, boss=["khac"])  # of another stage
    with refused("seats_current"):
        desk.reseat()


def test_it_happens_once() -> None:
    desk = waiting()
    seat(desk, head=["moi"])
    desk.reseat()
    with refused("seats_current"):
        desk.reseat()


def test_a_further_holder_is_asked_too() -> None:
    desk = waiting()
    seat(desk, head=["hoa", "moi"])
    desk.reseat()
    assert desk.owners == [("head", "hoa"), ("head", "moi")]


def test_several_successors_are_all_asked() -> None:
    desk = waiting()
    seat(desk, head=["moi", "nua"])
    desk.reseat()
    assert desk.owners == [("head", "moi"), ("head", "nua")]


def test_work_stays_where_it_is_while_nobody_can_take_it() -> None:
    desk = waiting()
    seat(desk, head=[])
    with refused("seats_current"):
        desk.reseat()
    assert desk.owners == [("head", "hoa")]
    seat(desk, head=["hoa"])
    desk.approve("hoa")


def test_who_comes_back_to_the_post_is_asked_again() -> None:
    desk = waiting()
    for holder in ("moi", "hoa"):
        seat(desk, head=[holder])
        desk.reseat()
        assert desk.owners == [("head", holder)]


def test_whoever_gave_it_away_does_not_get_it_back() -> None:
    desk = waiting(chain(stage("head", step("head", "head", "deputy")), stage("boss")))
    desk.reassign("an", item=1)
    seat(desk, deputy=["moi"])
    desk.reseat()
    assert desk.owners == [("head", "an"), ("head", "moi")]


def test_whoever_decided_in_the_stage_is_asked_no_more() -> None:
    desk = waiting(chain(stage("two", step("a", "head"), step("b", "deputy"))))
    desk.approve("hoa")
    seat(desk, deputy=["hoa", "moi"])
    desk.reseat()
    assert desk.owners == [("b", "moi")]


def test_drafters_and_outsiders_of_the_step_are_not_asked() -> None:
    desk = waiting()
    seat(desk, head=[CLERK, "moi"], officer=["ai"])
    desk.reseat()
    assert desk.owners == [("head", "moi")]


def test_the_slot_of_one_person_goes_to_his_successor_alone() -> None:
    each = chain(stage("all", step("all", "officer", taken_by="each")), stage("boss"))
    desk = waiting(each)
    seat(desk, officer=["anh", "moi", "nua"])
    desk.reseat()
    assert [(item.slot, item.person) for item in desk.case.open_items] == [("all/anh", "anh"), ("all/an", "moi")]
    desk.approve("anh")
    desk.approve("moi")
    assert desk.case.stage == "boss"


def test_one_successor_takes_several_steps_where_they_are_different_ones() -> None:
    made = chain(stage("two", step("a", "head", "deputy"), step("b", "head")))
    desk = waiting(made)
    seat(desk, head=["moi"])
    desk.reseat()
    assert desk.owners == [("a", "dung"), ("a", "moi"), ("b", "moi")]


def test_nobody_is_let_go_whom_the_stage_cannot_do_without() -> None:
    made = chain(stage("two", step("a", "head"), step("b", "deputy")))
    desk = waiting(made)
    seat(desk, head=["moi"], deputy=["moi"])
    desk.reseat()
    assert closings(desk) == []
    assert desk.owners == [("a", "hoa"), ("b", "dung"), ("a", "moi"), ("b", "moi")]
    desk.approve("moi", step="a")
    desk.reassign("anh", item=2)
    desk.approve("anh")
    assert desk.case.status == "approved"


def test_one_successor_is_not_counted_for_two_steps_of_a_stage_that_needs_both() -> None:
    made = chain(stage("three", step("a", "head"), step("b", "deputy"), step("c", "boss")))
    desk = waiting(made)
    seat(desk, head=["moi"], deputy=["khac"], boss=["moi"])
    desk.reseat()
    assert closings(desk) == []
    assert [person for _, person in desk.owners] == ["hoa", "dung", "bao", "moi", "khac", "moi"]


def test_what_waits_for_an_added_reviewer_waits_for_the_successor_too() -> None:
    desk = waiting()
    desk.add("hoa", "an")
    seat(desk, head=["moi"])
    desk.reseat()
    assert desk.owners == [("head", "an")]
    with refused("must_wait", people=["an"]):
        desk.approve("moi")
    desk.approve("an")
    desk.approve("moi")
    assert desk.case.stage == "boss"


def test_an_added_reviewer_keeps_what_he_was_asked_for() -> None:
    desk = waiting()
    desk.add("hoa", "an")
    seat(desk, officer=["moi"])
    with refused("seats_current"):
        desk.reseat()


def test_who_stands_in_comes_and_goes_with_the_delegation() -> None:
    desk = waiting()
    desk.office.mandates = ("hoa>an",)
    desk.reseat()
    assert desk.owners == [("head", "hoa"), ("head", "an")]
    desk.office.mandates = ()
    desk.reseat()
    assert closings(desk) == [("an", "seat_lost")]
    desk.office.mandates = ("hoa>an",)
    desk.reseat()
    assert desk.owners == [("head", "hoa"), ("head", "an")]


def test_who_stood_in_for_somebody_who_left_goes_with_him() -> None:
    desk = waiting(CHAIN, "hoa>an")
    seat(desk, head=["moi"])
    desk.reseat()
    assert desk.owners == [("head", "moi")]


def test_what_was_delegated_goes_to_the_successor_of_whoever_delegated_it() -> None:
    desk = waiting()
    desk.delegate("hoa", "an")
    seat(desk, head=["moi"])
    desk.reseat()
    assert desk.owners == [("head", "moi")]


def test_advisers_are_asked_anew_likewise() -> None:
    desk = waiting(chain(stage("two", step("a", "head"), step("b", "deputy", role="advise"))))
    seat(desk, deputy=["moi"])
    desk.reseat()
    assert desk.owners == [("a", "hoa"), ("b", "moi")]
    desk.advise("moi")


def test_whoever_has_decided_may_follow_an_adviser() -> None:
    made = chain(stage("two", step("a", "head"), step("b", "deputy", role="advise"), step("c", "boss")))
    desk = waiting(made)
    desk.approve("hoa")
    seat(desk, deputy=["hoa"])
    desk.reseat()
    assert desk.owners == [("c", "bao"), ("b", "hoa")]


def test_a_suspended_case_is_asked_anew_too() -> None:
    desk = waiting()
    desk.suspend("hoa")
    seat(desk, head=["moi"])
    desk.reseat()
    assert desk.owners == [("head", "moi")]
    desk.resume("moi")


def test_only_the_portal_does_this_and_only_in_a_stage() -> None:
    desk = Desk(CHAIN, Office({"own": SEATS}))
    with refused("not_submitted", status="draft"):
        desk.reseat()
    desk.submit()
    with refused("not_administrator"):
        desk.reseat("hoa")
    desk.cancel()
    with refused("finished", status="cancelled"):
        desk.reseat()


def test_whoever_stood_in_and_becomes_the_successor_gets_the_work_as_such() -> None:
    desk = waiting(CHAIN, "hoa>dung")
    seat(desk, head=["dung"], deputy=[])
    desk.office.mandates = ()
    desk.reseat()
    assert [(item.person, item.instead_of, item.post) for item in desk.case.open_items] == [("dung", None, "head")]
    desk.approve("dung")
    assert desk.case.stage == "boss"


def test_whoever_it_was_delegated_to_and_becomes_the_successor_gets_it_as_such() -> None:
    desk = waiting()
    desk.delegate("hoa", "dung")
    seat(desk, head=["dung"])
    desk.reseat()
    assert [(item.person, item.instead_of) for item in desk.case.open_items] == [("dung", None)]
    desk.approve("dung")


def test_a_successor_of_delegated_work_waits_for_the_added_reviewer_too() -> None:
    desk = waiting()
    desk.delegate("hoa", "dung")
    desk.add("dung", "an")
    seat(desk, head=["moi"])
    desk.reseat()
    assert desk.owners == [("head", "an")]
    desk.approve("an")
    desk.approve("moi")
    assert desk.case.stage == "boss"


def test_an_added_reviewer_who_becomes_the_successor_is_heard_as_such() -> None:
    desk = waiting()
    desk.add("hoa", "an")
    seat(desk, head=["an"])
    desk.reseat()
    assert [(item.person, item.added_by, item.post) for item in desk.case.open_items] == [("an", None, "head")]
    desk.approve("an")
    assert desk.case.stage == "boss"


def test_who_has_another_post_of_the_step_keeps_his_part_by_it() -> None:
    each = chain(stage("all", step("all", "head", "deputy", taken_by="each")), stage("boss"))
    desk = submitted(each, Office({"own": {"head": ["hoa", "dung"], "deputy": ["duc"], "boss": ["bao"]}}))
    desk.office.seats = {"own": {"head": ["hoa"], "deputy": ["dung"], "boss": ["bao"]}}
    desk.reseat()
    assert [(item.slot, item.person, item.post) for item in desk.case.open_items] == [
        ("all/hoa", "hoa", "head"),
        ("all/duc", "duc", "deputy"),
        ("all/dung", "dung", "deputy"),
    ]
    desk.approve("dung")
    desk.approve("hoa")
    assert desk.owners == [("all", "duc")]


def test_nobody_leaves_his_own_part_to_follow_another_whose_part_comes_first() -> None:
    each = chain(stage("all", step("all", "deputy", "head", taken_by="each")), stage("boss"))
    desk = submitted(each, Office({"own": {"head": ["hoa", "dung"], "deputy": ["duc"], "boss": ["bao"]}}))
    desk.office.seats = {"own": {"head": ["hoa"], "deputy": ["dung"], "boss": ["bao"]}}
    desk.reseat()
    assert [(item.slot, item.person, item.post) for item in desk.case.open_items] == [
        ("all/duc", "duc", "deputy"),
        ("all/hoa", "hoa", "head"),
        ("all/dung", "dung", "deputy"),
    ]
