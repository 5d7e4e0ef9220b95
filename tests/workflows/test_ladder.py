"""Budgets of working time: the clock of a step, its pauses, and what happens when nobody acts."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.workflows.almanac import SHIPPED
from tests.workflows.office import ADMIN, CLERK, Desk, Office, body, chain, refused, stage, step, submitted
from workflows.actions import Approve, Tick
from workflows.clock import due_at, next_rung_at, rungs_to_come, spans_of
from workflows.definition import Chain, Owner, Rung
from workflows.errors import DefinitionError
from workflows.events import RungReached
from workflows.parsing import parse_chain

MONDAY = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
"""08:00 in Vietnam on an ordinary Monday; work is from 7:00 to 11:30 and from 13:30 to 17:00."""

LADDER = [{"at": -4}, {"at": 0}, {"at": 8, "to": {"posts": ["boss"], "place": "own"}}]
TIMED = step("head", budget=8, ladder=LADDER)
CHAIN = chain(stage("head", TIMED), stage("boss"))
SEATS = {"own": {"head": ["hoa"], "deputy": ["dung"], "boss": ["bao", "binh"], "officer": ["an"]}}


def waiting(made: Chain = CHAIN) -> Desk:
    """A case that came to its first stage a minute after 8:00."""
    desk = Desk(made, Office(SEATS))
    desk.now = MONDAY
    desk.submit()
    return desk


def at(desk: Desk, hours: float, day: int = 2) -> None:
    """Lets it be so late on a day of March, in Vietnam, when the next action is done."""
    desk.now = datetime(2026, 3, day, tzinfo=UTC) + timedelta(hours=hours - 7, minutes=-1)


def tick(desk: Desk, by: str = ADMIN) -> None:
    desk.do(by, Tick(desk.case.version, SHIPPED))


def test_a_step_has_a_budget_and_a_ladder() -> None:
    first = CHAIN.stages[0].steps[0]
    assert first.budget == 8
    assert first.ladder == (Rung(-4, None), Rung(0, None), Rung(8, Owner("own", None, ("boss",))))
    assert (CHAIN.is_timed, chain(stage("head")).is_timed) == (True, False)


def test_the_budget_is_used_up_in_working_time() -> None:
    desk = waiting()
    assert due_at(desk.case, SHIPPED) == datetime(2026, 3, 3, 1, 1, tzinfo=UTC)  # 8:01 on Tuesday
    assert next_rung_at(desk.case, SHIPPED) == datetime(2026, 3, 2, 7, 1, tzinfo=UTC)  # 14:01 on Monday


TIMED_STEP = CHAIN.stages[0].steps[0]


def test_each_rung_is_reached_once() -> None:
    desk = waiting()
    at(desk, 13.5)
    with refused("nothing_due"):
        tick(desk)
    at(desk, 14.5)
    tick(desk)
    assert desk.last == (RungReached(2, desk.now, ADMIN, "head", 1, "head", 0),)
    with refused("nothing_due"):
        tick(desk)
    assert [each.number for each in rungs_to_come(desk.case, SHIPPED)] == [1, 2]


def test_what_was_missed_is_reached_in_the_order_of_time() -> None:
    desk = waiting()
    at(desk, 9, day=4)
    tick(desk)
    assert [(event.kind, getattr(event, "rung", None)) for event in desk.last] == [
        ("rung_reached", 0),
        ("rung_reached", 1),
        ("rung_reached", 2),
        ("item_opened", None),
        ("item_opened", None),
    ]
    assert next_rung_at(desk.case, SHIPPED) is None
    assert desk.owners == [("head", "hoa"), ("head", "bao"), ("head", "binh")]
    desk.approve("bao")
    assert desk.case.stage == "boss"


def test_the_last_rung_gives_the_step_to_nobody_who_may_not_have_it() -> None:
    desk = Desk(CHAIN, Office(SEATS))
    desk.now = MONDAY
    desk.submit(drafters=["bao"])
    at(desk, 9, day=4)
    tick(desk)
    assert desk.owners == [("head", "hoa"), ("head", "binh")]


def beside(*posts: str) -> Desk:
    """A case in two steps at once, the first of which goes to these posts as well when nobody acts in time."""
    escalated = step("a", "head", budget=4, ladder=[{"at": 4, "to": {"posts": posts, "place": "own"}}])
    return waiting(chain(stage("two", escalated, step("b", "deputy"), complete="all"), stage("boss")))


def test_a_rung_names_once_more_nobody_who_has_the_step_but_one_who_has_another() -> None:
    desk = beside("head", "deputy")
    at(desk, 9, day=4)
    tick(desk)
    assert desk.owners == [("a", "hoa"), ("b", "dung"), ("a", "dung")]
    assert desk.case.items[-1].slot == "a"


def test_a_rung_of_the_second_step_gives_the_second_step_to_others() -> None:
    later = step("b", "deputy", budget=4, ladder=[{"at": 4, "to": {"posts": ["boss"], "place": "own"}}])
    desk = waiting(chain(stage("two", step("a", "head"), later), stage("last", step("last", "boss"))))
    at(desk, 9, day=4)
    tick(desk)
    assert [(item.slot, item.person) for item in desk.case.open_items[2:]] == [("b", "bao"), ("b", "binh")]


def test_who_has_decided_in_the_stage_gets_no_other_step_of_it_to_decide() -> None:
    desk = beside("deputy", "boss")
    desk.approve("dung")
    at(desk, 9, day=4)
    tick(desk)
    assert desk.owners == [("a", "hoa"), ("a", "bao"), ("a", "binh")]


def test_who_has_decided_in_the_stage_may_still_be_asked_for_an_opinion() -> None:
    made = chain(
        stage(
            "two",
            step("a", "head", role="advise", budget=4, ladder=[{"at": 4, "to": {"posts": ["deputy"], "place": "own"}}]),
            step("b", "deputy"),
            step("c", "boss"),
            complete="all",
        )
    )
    desk = waiting(made)
    desk.approve("dung")
    at(desk, 9, day=4)
    tick(desk)
    assert desk.owners == [("a", "hoa"), ("c", "bao"), ("c", "binh"), ("a", "dung")]
    assert desk.case.items[-1].role == "advise"


def test_who_changed_it_in_a_stage_may_be_named_there_by_a_rung_once_more() -> None:
    ladder = [{"at": 4, "to": {"posts": ["deputy"], "place": "own"}}]
    desk = Desk(
        chain(stage("head", step("head", budget=4, ladder=ladder, edits=["text"])), stage("boss")), Office(SEATS)
    )
    desk.now = MONDAY
    desk.submit(sections={"text": "t1"})
    at(desk, 9, day=4)
    tick(desk)
    desk.do("dung", Approve(desk.case.version, content_hash="content 2", sections={"text": "t2"}))
    desk.send_back("bao")
    desk.submit(sections={"text": "t3"})
    at(desk, 9, day=6)
    tick(desk)
    assert desk.owners == [("head", "hoa"), ("head", "dung")]


def test_who_decided_in_time_reaches_no_rung() -> None:
    desk = waiting()
    desk.approve("hoa")
    at(desk, 9, day=4)
    with refused("nothing_due"):
        tick(desk)
    assert due_at(desk.case, SHIPPED) is None


def test_the_clock_stands_still_while_it_is_suspended() -> None:
    desk = waiting()
    at(desk, 10)
    desk.suspend("hoa")
    assert next_rung_at(desk.case, SHIPPED) is None
    with refused("suspended"):
        tick(desk)
    at(desk, 8, day=4)
    desk.resume("hoa")
    assert [each.end is None for each in spans_of(desk.case, TIMED_STEP)] == [False, True]
    # two hours less a minute before, and what is left from 8:00 on Wednesday: 16:01
    assert due_at(desk.case, SHIPPED) == datetime(2026, 3, 4, 9, 1, tzinfo=UTC)


def test_it_stands_still_while_an_opinion_is_asked_for() -> None:
    desk = waiting()
    at(desk, 10)
    desk.ask("hoa", "an")
    assert (due_at(desk.case, SHIPPED), next_rung_at(desk.case, SHIPPED)) == (None, None)
    at(desk, 8, day=4)
    desk.advise("an")
    assert due_at(desk.case, SHIPPED) == datetime(2026, 3, 4, 9, 1, tzinfo=UTC)


def test_a_rung_that_was_reached_before_a_pause_stays_due() -> None:
    desk = waiting()
    at(desk, 16)
    desk.suspend("hoa")
    at(desk, 8, day=4)
    desk.resume("hoa")
    assert next_rung_at(desk.case, SHIPPED) == datetime(2026, 3, 2, 7, 1, tzinfo=UTC)
    at(desk, 9, day=4)
    tick(desk)
    assert [event.kind for event in desk.last] == ["rung_reached"]


def test_it_begins_anew_when_the_stage_is_entered_again() -> None:
    desk = waiting()
    at(desk, 14.5)
    tick(desk)
    desk.send_back("hoa")
    assert due_at(desk.case, SHIPPED) is None
    at(desk, 8, day=9)
    desk.submit()
    assert due_at(desk.case, SHIPPED) == datetime(2026, 3, 10, 1, 0, tzinfo=UTC)
    assert [each.number for each in rungs_to_come(desk.case, SHIPPED)] == [0, 1, 2]


def test_steps_side_by_side_have_clocks_of_their_own() -> None:
    made = chain(stage("two", step("a", "head", budget=4, ladder=[{"at": 0}]), step("b", "deputy", budget=8)))
    desk = waiting(made)
    assert due_at(desk.case, SHIPPED) == datetime(2026, 3, 2, 7, 1, tzinfo=UTC)
    at(desk, 10)
    desk.ask("hoa", "an")
    assert due_at(desk.case, SHIPPED) == datetime(2026, 3, 3, 1, 1, tzinfo=UTC)
    at(desk, 10.5)
    desk.approve("hoa")
    assert next_rung_at(desk.case, SHIPPED) is None


def test_what_waits_for_an_added_reviewer_is_parked_for_others_as_well() -> None:
    desk = waiting()
    desk.add("hoa", "an")
    at(desk, 9, day=4)
    tick(desk)
    assert desk.owners == [("head", "an")]
    desk.approve("an")
    assert desk.owners == [("head", "hoa"), ("head", "bao"), ("head", "binh")]


def test_what_nobody_takes_goes_back_to_its_drafter_in_the_end() -> None:
    made = chain(
        stage("two", step("a", "head", budget=4, ladder=[{"at": 4, "expires": True}]), step("b", "deputy", budget=4)),
        stage("boss"),
    )
    desk = waiting(made)
    at(desk, 9, day=4)
    tick(desk)
    assert [event.kind for event in desk.last] == ["rung_reached", "item_closed", "item_closed", "case_returned"]
    assert (desk.case.status, desk.case.decisions) == ("returned", ())
    desk.submit()
    assert desk.owners == [("a", "hoa"), ("b", "dung")]


def test_of_two_steps_that_expire_one_takes_it_back() -> None:
    both = [
        step(key, post, budget=4, ladder=[{"at": 4, "expires": True}]) for key, post in (("a", "head"), ("b", "deputy"))
    ]
    desk = waiting(chain(stage("two", *both), stage("boss")))
    at(desk, 9, day=4)
    tick(desk)
    assert [event.kind for event in desk.last].count("rung_reached") == 1
    assert desk.case.status == "returned"


def test_only_the_portal_looks_at_the_clock() -> None:
    desk = waiting()
    at(desk, 9, day=4)
    for by in ("hoa", CLERK):
        with refused("not_administrator"):
            tick(desk, by)
    with refused("not_submitted", status="draft"):
        tick(Desk(CHAIN, Office(SEATS)))
    desk = submitted(chain(stage("head")), Office(SEATS))
    with refused("nothing_due"):
        tick(desk)


@pytest.mark.parametrize(
    ("more", "found"),
    [
        ({"ladder": [{"at": 0}]}, [("ladder", "budget_needed")]),
        ({"budget": 0}, [("budget", "out_of_range")]),
        ({"budget": 4, "ladder": []}, [("ladder", "too_few")]),
        ({"budget": 4, "ladder": [{"at": -4}]}, [("ladder[0].at", "rungs_out_of_order")]),
        ({"budget": 4, "ladder": [{"at": 2}, {"at": 2}]}, [("ladder[1].at", "rungs_out_of_order")]),
        ({"budget": 4, "ladder": [{"at": "noon"}]}, [("ladder[0].at", "wrong_type")]),
        ({"budget": 4, "ladder": [{"at": 1, "expires": True}, {"at": 2}]}, [("ladder", "nothing_after_expiry")]),
        (
            {"budget": 4, "ladder": [{"at": 1, "expires": True, "to": {"posts": ["boss"], "place": "own"}}]},
            [("ladder[0]", "one_of_these")],
        ),
        (
            {"budget": 4, "taken_by": "each", "ladder": [{"at": 0, "to": {"posts": ["boss"], "place": "own"}}]},
            [("ladder[0].to", "escalates_one")],
        ),
    ],
)
def test_a_ladder_that_makes_no_sense_is_refused(more: dict[str, object], found: list[tuple[str, str]]) -> None:
    with pytest.raises(DefinitionError) as caught:
        parse_chain(body(stage("head", step("head", **more))))
    assert [(each.path, each.code) for each in caught.value.findings] == [
        (f"stages[0].steps[0].{path}", code) for path, code in found
    ]


def test_whoever_stands_in_for_one_whom_a_rung_names_is_asked_as_well() -> None:
    desk = Desk(CHAIN, Office(SEATS, ["bao>an"]))
    desk.now = MONDAY
    desk.submit()
    at(desk, 9, day=4)
    tick(desk)
    assert desk.owners == [("head", "hoa"), ("head", "bao"), ("head", "binh"), ("head", "an")]


def test_what_lies_beyond_the_end_of_the_calendar_is_left_out() -> None:
    desk = waiting()
    desk.now = datetime(2027, 12, 31, 8, 0, tzinfo=UTC)  # 15:00 on the last day that is known
    desk.send_back("hoa")
    desk.submit()
    assert due_at(desk.case, SHIPPED) is None
    assert next_rung_at(desk.case, SHIPPED) is None
