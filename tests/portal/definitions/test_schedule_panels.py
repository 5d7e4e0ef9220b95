"""Panels without YAML: deadlines that change their kind, frequencies, days by name, reminders, emergency approvals."""

from __future__ import annotations

from typing import Any

import pytest
from werkzeug.datastructures import MultiDict

from portal.definitions.beginnings import beginning
from portal.definitions.panels import edited, shown
from portal.definitions.shapes.chains import CHAIN, ISSUE
from portal.definitions.shapes.schedules import DAYS_OF_THE_WEEK, EVERY, FREQUENCY, LEVEL, SCHEDULE, WAYS
from workflows.parsing import parse_chain
from workflows.periods import PeriodKind
from workflows.schedules import parse_schedule
from workflows.schedules.schema import REPLACEABLE

NAME = {"vi": "Báo cáo", "en": "Report"}


def typed(texts: dict[str, Any]) -> MultiDict[str, str]:
    pairs = [(name, each) for name, text in texts.items() for each in (text if isinstance(text, list) else [text])]
    return MultiDict(pairs)


def level(**deadline: Any) -> dict[str, Any]:
    return {"key": "units", "name": NAME, "kinds": ["department"], "deadline": deadline}


def saved(said: dict[str, Any], **typed_over: str) -> Any:
    """The deadline of a level after its panel was sent with some inputs changed."""
    texts = {**shown(LEVEL.parts(said), said), **{name.replace("__", "."): text for name, text in typed_over.items()}}
    return edited(LEVEL, said, typed(texts)).thing.get("deadline")


@pytest.mark.parametrize(
    ("before", "way", "after"),
    [
        ({"working_days_after": 2}, "day", {"day": 20}),
        ({"working_days_after": 2, "at": "16:30"}, "weekday", {"weekday": 5, "at": "16:30"}),
        ({"day": 15, "month": "next", "kind": "before"}, "weekday", {"weekday": 5, "week": "next", "kind": "before"}),
        ({"weekday": 1, "week": "next"}, "day", {"day": 20, "month": "next"}),
        ({"weekday": 1, "week": "next"}, "working_days_after", {"working_days_after": 2}),
        ({"day": 15, "shift": "next"}, "date", {"date": "", "shift": "next"}),
        ({"day": 15, "month": "next"}, "day", {"day": 15, "month": "next"}),
        ({"date": "2026-06-30"}, "nonsense", {"date": "2026-06-30"}),
    ],
)
def test_a_deadline_is_counted_in_another_way_and_keeps_what_fits(
    before: dict[str, Any], way: str, after: dict[str, Any]
) -> None:
    assert saved(level(**before), deadline__way=way) == after


PLAIN = {"schema": 1, "key": "report", "name": NAME, "form": "report"}
MONTHLY = {**PLAIN, "regime": "periodic", "every": "month"}
WINDOW = {"key": "one", "name": NAME, "from": "2026-01-01", "to": "2026-06-15"}
SCHEDULES: dict[str, dict[str, Any]] = {
    "working_days_after": MONTHLY,
    "day": MONTHLY,
    "weekday": {**MONTHLY, "every": "week"},
    "date": {**PLAIN, "regime": "on_demand", "windows": [WINDOW]},
}
"""For each way to count a deadline a schedule that may count so."""


@pytest.mark.parametrize("before", WAYS)
@pytest.mark.parametrize("after", WAYS)
def test_any_way_becomes_any_other_and_stays_sound(before: str, after: str) -> None:
    first = {"working_days_after": 2, "day": 20, "weekday": 5, "date": "2026-06-30"}
    deadline = saved(level(**{before: first[before]}), deadline__way=after)
    if after == "date":
        deadline["date"] = "2026-06-30"
    parse_schedule({**SCHEDULES[after], "owed_by": [{**level(), "deadline": deadline}]})


@pytest.mark.parametrize(("key", "number"), [("day", 20), ("weekday", 5), ("working_days_after", 2)])
def test_a_number_that_is_cleared_is_missed_and_not_made_up(key: str, number: int) -> None:
    assert saved(level(**{key: number}), **{f"deadline__{key}": ""}) == {key: ""}


def test_the_way_is_never_said_in_the_body() -> None:
    assert shown(LEVEL.parts(level(day=3)), level(day=3))["deadline.way"] == "day"
    assert saved(level(day=3)) == {"day": 3}
    assert "deadline" not in edited(LEVEL, {"deadline": "odd"}, MultiDict()).thing


def test_monday_is_the_first_day_of_the_week() -> None:
    assert [key for key, _ in DAYS_OF_THE_WEEK] == list("1234567")
    assert [str(words) for _, words in DAYS_OF_THE_WEEK][::6] == ["Monday", "Sunday"]
    assert saved(level(weekday=5), deadline__weekday="1") == {"weekday": 1}


OF_THE_YEAR = {"kind": "year", "replaces": ["month", "quarter"]}


@pytest.mark.parametrize(
    ("written", "shown_as"),
    [
        ("month", [{"kind": "month"}]),
        (["month", OF_THE_YEAR], [{"kind": "month"}, OF_THE_YEAR]),
        ([OF_THE_YEAR], [OF_THE_YEAR]),
        (["month", "quarter"], [{"kind": "month"}, {"kind": "quarter"}]),
        ([3, {"kind": "month", "odd": 1}], [3, {"kind": "month", "odd": 1}]),
    ],
)
def test_frequencies_are_things_of_the_tree_and_are_written_as_before(written: Any, shown_as: Any) -> None:
    tree = SCHEDULE.unfolded({**PLAIN, "every": written})
    assert tree["every"] == shown_as
    assert SCHEDULE.folded(tree) == {**PLAIN, "every": written}


def test_a_schedule_of_windows_has_no_frequency_and_a_strange_one_stays() -> None:
    for body in (PLAIN, {**PLAIN, "every": 3}, ["odd"], None):
        assert SCHEDULE.folded(SCHEDULE.unfolded(body)) == body
    assert "every" not in SCHEDULE.folded({**PLAIN, "every": []})
    assert [part.control for part in SCHEDULE.parts({**PLAIN, "every": 3}) if part.key == "every"] == ["yaml"]


def test_a_longer_period_stands_for_shorter_ones_by_ticks() -> None:
    def after(said: dict[str, Any], **texts: Any) -> Any:
        return edited(FREQUENCY, said, typed({**shown(FREQUENCY.parts(said), said), **texts})).thing

    quarter = {"kind": "quarter"}
    assert [part.key for part in FREQUENCY.parts({"kind": "month"})] == ["kind"]
    assert after(quarter, replaces=["month"]) == {**quarter, "replaces": ["month"]}
    assert after(OF_THE_YEAR, kind="quarter") == {"kind": "quarter", "replaces": ["month"]}
    assert after(OF_THE_YEAR, kind="month") == {"kind": "month"}
    assert after(OF_THE_YEAR, replaces=[]) == {"kind": "year"}
    assert FREQUENCY.title({"kind": "year"}, None) == "every year"
    assert FREQUENCY.title("odd", None) == FREQUENCY.title({"kind": ["x"]}, None) == ""


def test_every_frequency_that_is_offered_can_be_published() -> None:
    for key, _words in EVERY:
        replaces = [{"kind": key, "replaces": [each]} for each in REPLACEABLE[PeriodKind(key)]]
        for said in (key, *([str(each["replaces"][0]), each] for each in replaces)):
            parse_schedule({**PLAIN, "regime": "periodic", "every": said, "owed_by": [level(working_days_after=2)]})


def after_panel(chain: dict[str, Any], **texts: Any) -> Any:
    """A chain after its panel was sent with some inputs changed."""
    typed_over = {name.replace("__", "."): text for name, text in texts.items()}
    return edited(CHAIN, chain, typed({**shown(CHAIN.parts(chain), chain), **typed_over})).thing


def test_an_emergency_approval_is_drawn_without_yaml() -> None:
    chain = beginning("chain", "report", NAME)
    assert after_panel(chain) == chain
    asked = {"emergency__owner__posts": ["head", "deputy"], "emergency__owner__place": "parent"}
    begun = after_panel(chain, **asked, emergency__second__posts="head", emergency__second__place="unit")
    assert [part.key for part in CHAIN.parts(begun) if part.key.endswith(".unit")] == ["emergency.second.unit"]
    whole = after_panel(begun, emergency__second__unit="UBND")
    assert whole["emergency"] == {
        "owner": {"posts": ["head", "deputy"], "place": "parent"},
        "second": {"posts": ["head"], "place": "unit", "unit": "UBND"},
    }
    parse_chain(whole)
    assert after_panel(whole) == whole
    nothing = {"owner__posts": [], "second__posts": [], "owner__place": "", "second__place": ""}
    assert after_panel(whole, **{f"emergency__{key}": text for key, text in nothing.items()}) == chain


def test_an_emergency_approval_that_is_none_stays_as_it_was_written() -> None:
    strange = {**beginning("chain", "report", NAME), "emergency": ["odd"]}
    assert after_panel(strange) == strange


def test_documents_are_called_by_their_stage_and_by_their_template_where_there_are_several() -> None:
    first, second, other = ({"after": stage, "document": key} for stage, key in (("a", "x"), ("a", "y"), ("b", "x")))
    stages = [{"key": "a", "name": {"vi": "One"}}, {"key": "b", "name": {"vi": "Two"}}]
    chain = {"stages": stages, "issues": [first, second, other, {"document": "x"}, "odd"]}
    assert [ISSUE.title(each, chain) for each in chain["issues"]] == ["One: x", "One: y", "Two", "", ""]
    assert (ISSUE.title({"after": ["a"]}, chain), ISSUE.title(first, None)) == ("", "a")


def test_reminders_and_recipients_are_typed_without_yaml() -> None:
    schedule = beginning("schedule", "report", NAME)
    texts = {**shown(SCHEDULE.parts(schedule), schedule), "remind": "3, 1, 0"}
    texts |= {
        "recipients.0.vi": "UBND tỉnh",
        "recipients.0.en": "",
        "recipients.1.vi": "Sở Nội vụ",
        "recipients.1.en": "Home Affairs",
    }
    other = edited(SCHEDULE, schedule, typed(texts)).thing
    parse_schedule(other)
    assert other["remind"] == [3, 1, 0]
    there = [{"vi": "UBND tỉnh", "en": "UBND tỉnh"}, {"vi": "Sở Nội vụ", "en": "Home Affairs"}]
    assert other["recipients"][:2] == there
    again = shown(SCHEDULE.parts(other), other)
    assert (again["remind"], again["recipients.0.en"], again["recipients.1.en"]) == ("3, 1, 0", "", "Home Affairs")
    assert edited(SCHEDULE, other, typed(again)).thing == other
