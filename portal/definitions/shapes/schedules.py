"""What the designer shows of a reporting schedule."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask_babel import lazy_gettext as _l

from portal.definitions.shapes.around import calendars, chains, forms, unit_kinds, units
from portal.definitions.shapes.calendars import WEEKDAYS
from portal.definitions.shapes.description import Branch, Part, Shape, always, in_both
from portal.definitions.shaping import free_name
from workflows.periods import PeriodKind
from workflows.schedules.schema import REPLACEABLE

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

REGIMES = (
    ("periodic", _l("periodic")),
    ("thematic", _l("on a theme")),
    ("on_demand", _l("on demand")),
)
EVERY = (
    ("week", _l("every week")),
    ("month", _l("every month")),
    ("quarter", _l("every quarter")),
    ("half_year", _l("every half-year")),
    ("nine_months", _l("for nine months")),
    ("year", _l("every year")),
)
SHORTER = (
    ("month", _l("of the month")),
    ("quarter", _l("of the quarter")),
    ("half_year", _l("of the half-year")),
)
"""What longer periods can stand for."""

KINDS = (("no_later_than", _l("that day at the latest")), ("before", _l("before that day")))
SHIFTS = (
    ("next", _l("to the next working day")),
    ("previous", _l("to the working day before")),
    ("none", _l("not at all")),
)
TURNS = (("same", _l("the same")), ("next", _l("the next")))
DAYS_OF_THE_WEEK = tuple((str(number), words) for number, (_, words) in enumerate(WEEKDAYS, 1))

WAYS: Mapping[str, Any] = {
    "working_days_after": _l("so many working days after the cut-off"),
    "day": _l("a day of the month"),
    "weekday": _l("a day of the week"),
    "date": _l("a date"),
}
"""The ways to name the day of a deadline, by the key that says it."""

TURN_OF: Mapping[str, str] = {"day": "month", "weekday": "week"}
"""Where each of them says whether it means the one in which the data end, or the next."""


def _way_of(level: Mapping[str, Any]) -> str:
    """How the day of a deadline is named now; by working days where it is not."""
    deadline = level.get("deadline")
    said = deadline if isinstance(deadline, dict) else {}
    return next((way for way in ("weekday", "day", "date") if way in said), "working_days_after")


def _of_deadline(level: Mapping[str, Any]) -> list[Part]:
    """The ways there are to name the day of a deadline, and what belongs to the one it is named by."""
    way = _way_of(level)
    of_way: Mapping[str, list[Part]] = {
        "weekday": [
            Part("deadline.weekday", _l("Day of the week"), "numbered", DAYS_OF_THE_WEEK, needed=True),
            Part("deadline.week", _l("In which week"), "choice", TURNS),
        ],
        "day": [
            Part("deadline.day", _l("Day of the month"), "number", needed=True),
            Part("deadline.month", _l("In which month"), "choice", TURNS),
        ],
        "date": [Part("deadline.date", _l("Day"), "day", needed=True)],
        "working_days_after": [
            Part("deadline.working_days_after", _l("Working days after the cut-off"), "number", needed=True)
        ],
    }
    chosen = Part(
        "deadline.way", _l("How the deadline is counted"), "choice", [*WAYS.items()], standing=way, needed=True
    )
    return [chosen, *of_way[way]]


def _in_its_way(level: dict[str, Any]) -> dict[str, Any]:
    """A level whose deadline is named in the way that was chosen, with all of it that still has a meaning."""
    said = level.get("deadline")
    deadline = dict(said) if isinstance(said, dict) else {}
    way = deadline.pop("way", None)
    if way not in WAYS or way in deadline:
        return {**level, "deadline": deadline} if deadline else level
    before = [each for each in WAYS if each in deadline]
    turn = next((deadline[key] for key in TURN_OF.values() if key in deadline), None)
    kept = {key: value for key, value in deadline.items() if key not in {*WAYS, *TURN_OF.values()}}
    turned = {TURN_OF[way]: turn} if turn and way in TURN_OF else {}
    return {**level, "deadline": {way: FIRST_DAYS[way] if before else "", **turned, **kept}}


def _of_level(level: Mapping[str, Any]) -> Sequence[Part]:
    return [
        Part("name", _l("Name"), "label", needed=True),
        Part("kinds", _l("Kinds of units that report"), "words", unit_kinds),
        Part("units", _l("Further units that report"), "list", units, help=_l("Codes, one to a line."), rare=True),
        Part("except", _l("Units that do not"), "list", units, help=_l("Codes, one to a line."), rare=True),
        *_of_deadline(level),
        Part("deadline.kind", _l("Until when"), "choice", KINDS),
        Part(
            "deadline.at",
            _l("Until which hour of that day"),
            "line",
            help=_l("Such as 16:30; empty for midnight."),
            rare=True,
        ),
        Part("deadline.shift", _l("On a day off it moves"), "choice", SHIFTS),
        Part("key", _l("Code"), "line", needed=True, rare=True),
    ]


DEADLINES = (
    ("working_days_after", _l("Level with working days after the cut-off")),
    ("day", _l("Level with a day of the month")),
    ("weekday", _l("Level with a weekday")),
    ("date", _l("Level with a date")),
)
FIRST_DAYS: Mapping[str, Any] = {"working_days_after": 2, "day": 20, "weekday": 5, "date": ""}


def _first_level(kind: str, taken: set[str]) -> dict[str, Any]:
    return {
        "key": free_name("level", taken),
        "name": in_both("Cấp mới"),
        "kinds": [],
        "deadline": {kind: FIRST_DAYS[kind]},
    }


def _first_window(_kind: str, taken: set[str]) -> dict[str, Any]:
    return {"key": free_name("window", taken), "name": in_both("Kỳ mới"), "from": "", "to": ""}


LEVEL = Shape(_l("Level"), _of_level, always(), _in_its_way)
WINDOW = Shape(
    _l("Window"),
    always(
        Part("name", _l("Name"), "label", needed=True),
        Part("from", _l("First day"), "day", needed=True, rare=True),
        Part("to", _l("Last day"), "day", needed=True),
        Part("key", _l("Code"), "line", needed=True, rare=True),
    ),
    always(),
)


def _of_frequency(frequency: Mapping[str, Any]) -> Sequence[Part]:
    replaceable = _replaceable(frequency)
    choices = [(key, words) for key, words in SHORTER if key in replaceable]
    return [
        Part("kind", _l("How often"), "choice", EVERY, needed=True),
        *(
            [Part("replaces", _l("With the same cut-off it stands for the reports"), "words", choices)]
            if choices
            else []
        ),
    ]


def _replaceable(frequency: Mapping[str, Any]) -> list[str]:
    """The shorter periods that a frequency can stand for."""
    kind = frequency.get("kind")
    return [str(each) for each in REPLACEABLE[PeriodKind(kind)]] if kind in list(PeriodKind) else []


def _as_it_can(frequency: dict[str, Any]) -> dict[str, Any]:
    """A frequency that has just become another one, without what it cannot stand for."""
    said = frequency.get("replaces")
    kept = [each for each in said if each in _replaceable(frequency)] if isinstance(said, list) else []
    rest = {key: value for key, value in frequency.items() if key != "replaces"}
    return {**rest, "replaces": kept} if kept else rest


def _frequency_title(frequency: Any, _schedule: Any) -> str:
    kind = frequency.get("kind") if isinstance(frequency, dict) else ""
    return next((str(words) for key, words in EVERY if key == kind), "")


def unfolded(schedule: Any) -> Any:
    """A schedule whose frequencies are all things of its tree, also one that is written as a word."""
    every = schedule.get("every") if isinstance(schedule, dict) else None
    if not isinstance(every, str | list):
        return schedule
    named = [
        {"kind": each} if isinstance(each, str) else each for each in ([every] if isinstance(every, str) else every)
    ]
    return {**schedule, "every": named}


def folded(schedule: Any) -> Any:
    """A schedule with each frequency as short as it can be written: a word where it replaces nothing."""
    every = schedule.get("every") if isinstance(schedule, dict) else None
    if not isinstance(every, list):
        return schedule
    short = [each["kind"] if isinstance(each, dict) and [*each] == ["kind"] else each for each in every]
    if not short:
        return {key: said for key, said in schedule.items() if key != "every"}
    return {**schedule, "every": short[0] if len(short) == 1 and isinstance(short[0], str) else short}


FREQUENCY = Shape(_l("Frequency"), _of_frequency, always(), _as_it_can, title=_frequency_title)


def _of_schedule(schedule: Mapping[str, Any]) -> Sequence[Part]:
    strange = "every" in schedule and not isinstance(schedule["every"], list)
    return [
        Part("name", _l("Name"), "label", needed=True),
        Part("form", _l("Form"), "choice", forms, needed=True),
        Part("chain", _l("Chain"), "choice", chains, help=_l("Empty: the one that is for the form."), rare=True),
        Part("regime", _l("Regime"), "choice", REGIMES, needed=True),
        *([Part("every", _l("How often"), "yaml")] if strange else []),
        Part(
            "window.from",
            _l("First day of a month’s data"),
            "number",
            help=_l("15 by Decree 09/2019, article 12."),
            rare=True,
        ),
        Part("calendar", _l("Calendar"), "choice", calendars, rare=True),
        Part("legal_basis", _l("Legal basis"), "line", rare=True),
        Part("from", _l("First cut-off"), "day"),
        Part("until", _l("Last cut-off"), "day", rare=True),
        Part("opens", _l("Opens so many days before the cut-off"), "number", rare=True),
        Part("lock_after", _l("Closed so many days after the deadline"), "number", rare=True),
        Part(
            "remind",
            _l("Reminders: working days before the deadline"),
            "numbers",
            help=_l("Several with commas between, such as 3, 1, 0; 0 is the last day."),
            rare=True,
        ),
        Part("recipients", _l("Recipients"), "labels", rare=True),
    ]


SCHEDULE = Shape(
    _l("Schedule"),
    _of_schedule,
    always(
        Branch("every", FREQUENCY, EVERY, lambda kind, _taken: {"kind": kind}),
        Branch("owed_by", LEVEL, DEADLINES, _first_level),
        Branch("windows", WINDOW, [("window", _l("Window"))], _first_window),
    ),
    unfolded=unfolded,
    folded=folded,
)
