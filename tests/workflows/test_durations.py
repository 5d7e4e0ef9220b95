"""In whose hands a case was for how long: working time, place by place and round by round."""

from datetime import UTC, datetime, timedelta

from tests.workflows.almanac import SHIPPED
from tests.workflows.office import Desk, chain, staffed, stage
from workflows.durations import Stay, stays_of

OFFICE = staffed(head="hoa", boss="bao")
CHAIN = chain(stage("head"), stage("boss"))


def at(desk: Desk, hours: float, day: int = 2) -> None:
    """Lets it be so late on a day of March 2026, in Vietnam, when the next action is done."""
    desk.now = moment(hours, day) - timedelta(minutes=1)


def moment(hours: float, day: int = 2) -> datetime:
    return datetime(2026, 3, day, tzinfo=UTC) + timedelta(hours=hours - 7)


def told(stays: list[Stay]) -> list[tuple[str, int, float]]:
    return [(each.place, each.round, each.taken / timedelta(hours=1)) for each in stays]


def travelled() -> Desk:
    """Handed in on Monday, suspended for a day, returned, handed in again, and on its way since Thursday at 10:00."""
    desk = Desk(CHAIN, OFFICE)
    at(desk, 8)
    desk.submit()
    at(desk, 10)
    desk.suspend("hoa")
    at(desk, 10, 3)
    desk.resume("hoa")
    at(desk, 11, 3)
    desk.approve("hoa")
    at(desk, 15, 3)
    desk.send_back("bao")
    at(desk, 9, 4)
    desk.submit()
    at(desk, 10, 5)
    desk.approve("hoa")
    return desk


def test_each_place_took_its_working_time_without_what_was_suspended() -> None:
    stays = stays_of(travelled().case.events, SHIPPED, moment(11, 5))
    assert told(stays)[1:] == [
        ("head", 1, 3.0),
        ("boss", 1, 2.0),  # 11:00 to 11:30 and 13:30 to 15:00
        ("drafter", 2, 4.0),  # 15:00 to 17:00 and 7:00 to 9:00
        ("head", 2, 9.0),
        ("boss", 2, 1.0),
    ]
    assert [each.end is None for each in stays] == [False] * 5 + [True]
    assert (stays[1].start, stays[1].end) == (moment(8), moment(11, 3))


def test_what_is_over_takes_no_more_time() -> None:
    desk = travelled()
    at(desk, 11, 5)
    desk.approve("bao")
    stays = stays_of(desk.case.events, SHIPPED, moment(12, 20))
    assert told(stays)[-1] == ("boss", 2, 1.0)
    assert stays[-1].end == moment(11, 5)


def test_a_reopened_case_is_with_its_drafter_from_then_on() -> None:
    desk = travelled()
    at(desk, 11, 5)
    desk.reject("bao")
    at(desk, 9, 9)
    desk.reopen()
    stays = stays_of(desk.case.events, SHIPPED, moment(10, 9))
    assert told(stays)[-2:] == [("boss", 2, 1.0), ("drafter", 3, 1.0)]
    assert stays[-1].start == moment(9, 9)


def test_a_return_to_a_stage_and_a_reopening_are_told() -> None:
    desk = Desk(CHAIN, OFFICE)
    at(desk, 8)
    desk.submit()
    at(desk, 9)
    desk.approve("hoa")
    at(desk, 10)
    desk.send_back("bao", to="head")
    at(desk, 11)
    desk.reject("hoa")
    at(desk, 9, 3)
    desk.reopen()
    assert told(stays_of(desk.case.events, SHIPPED, moment(10, 3)))[1:] == [
        ("head", 1, 1.0),
        ("boss", 1, 1.0),
        ("head", 1, 1.0),
        ("drafter", 2, 1.0),
    ]
