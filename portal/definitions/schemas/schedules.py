"""The JSON Schema of schedules of reports, from the words and limits by which they are read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from portal.definitions.schemas.bricks import (
    Schema,
    choice,
    closed,
    day,
    items,
    label,
    number,
    only_with,
    schema_number,
    text,
    unit_code,
    whole,
    without,
    word,
)
from workflows.periods import PeriodKind
from workflows.schedules.definition import (
    BASIS_LENGTH,
    CLOCK,
    DUE_DAYS,
    MAX_DAYS,
    MAX_FIRST_DAY,
    MAX_KINDS,
    MAX_LEVELS,
    MAX_RECIPIENTS,
    MAX_REMINDERS,
    MAX_UNITS,
    MAX_WINDOWS,
    MAX_WORKING_DAYS,
    OPTIONS,
    SCHEMA,
    SHIFTS,
)
from workflows.schedules.schema import Regime

if TYPE_CHECKING:
    from collections.abc import Mapping

_PERIODS: Final = [str(kind) for kind in PeriodKind]
_PERIOD: Final = choice("How often.", _PERIODS)

_EVERY: Final[Schema] = {
    "description": "For which periods a report is owed.",
    "anyOf": [
        _PERIOD,
        items(
            "Several kinds of periods.",
            {
                "anyOf": [
                    _PERIOD,
                    closed(
                        "A kind of period whose report replaces others.",
                        {"kind": _PERIOD},
                        {"replaces": items("Which ones.", _PERIOD, 1, len(_PERIODS), once=True)},
                    ),
                ]
            },
            1,
            len(_PERIODS),
        ),
    ],
}

_WINDOW: Final = closed(
    "A period that is named by itself.",
    {
        "key": word("Its key."),
        "name": label("What it is called."),
        "from": day("Its first day."),
        "to": day("Its last day."),
    },
)

_TURNS: Final = ["same", "next"]

_WAYS: Final[Mapping[str, Schema]] = {
    "working_days_after": number("So many working days after the period.", 1, MAX_WORKING_DAYS),
    "day": number("On this day of a month.", 1, 31),
    "weekday": number("On this weekday, 1 for Monday.", 1, 7),
    "date": day("On this day."),
    "month": choice("Whether in the month in which the period ends or in the next.", _TURNS),
    "week": choice("Whether in the week in which the period ends or in the next.", _TURNS),
}

_DUE_OPTIONS: Final[Mapping[str, Schema]] = {
    "kind": choice("Whether the day itself still counts.", ["no_later_than", "before"]),
    "shift": choice("Where it goes from a day off.", SHIFTS),
    "at": word("At which time of the day, such as 17:00.", CLOCK),
}


def _due(way: str) -> Schema:
    """A deadline that names its day in one way."""
    besides = {key: _WAYS[key] for key in DUE_DAYS[way]}
    before = only_with("kind", "before", without(["at"]))
    return closed("When the report is due.", {way: _WAYS[way]}, {**besides, **_DUE_OPTIONS}, **before)


def _units(says: str) -> Schema:
    return items(says, unit_code("The code of a unit."), 1, MAX_UNITS)


_LEVEL: Final = closed(
    "Units with one deadline.",
    {
        "key": word("Its key."),
        "name": label("What it is called."),
        "deadline": {"description": "When they report.", "oneOf": [_due(way) for way in DUE_DAYS]},
    },
    {
        "kinds": items("Kinds of units that report.", word("A kind of unit."), 1, MAX_KINDS),
        "units": _units("Units that report, by their codes."),
        "except": _units("Units of these kinds that do not report."),
    },
    anyOf=[{"required": ["kinds"]}, {"required": ["units"]}],
    dependentRequired={"except": ["kinds"]},
)

_OPTION_SCHEMAS: Final[Mapping[str, Schema]] = {
    "chain": word("The chain of its reports, where the form has several."),
    "calendar": word("The calendar by which working days are counted."),
    "legal_basis": text("The document that asks for the report.", BASIS_LENGTH),
    "recipients": items("Who gets it.", label("What a recipient is called."), 1, MAX_RECIPIENTS),
    "every": _EVERY,
    "windows": items("Periods that do not recur.", _WINDOW, 1, MAX_WINDOWS),
    "window": closed(
        "What counts as a month.", {"from": number("The day on which its figures begin.", 1, MAX_FIRST_DAY)}
    ),
    "from": day("Since when it is owed."),
    "until": day("Until when it is owed."),
    "opens": number("How many days before its end a period can be reported on.", 0, MAX_DAYS),
    "lock_after": number("How many days after the deadline it is closed.", 0, MAX_DAYS),
    "remind": items(
        "How many working days before the deadline people are reminded.",
        number("Working days.", 0, MAX_WORKING_DAYS),
        1,
        MAX_REMINDERS,
        once=True,
    ),
}

SCHEDULE: Final = whole(
    "A schedule of reports",
    closed(
        "Who reports, for which periods, until when.",
        {
            "schema": schema_number(SCHEMA),
            "key": word("Under which it is kept."),
            "name": label("What it is called."),
            "form": word("The key of the form that is filled in."),
            "regime": choice("Which kind of report it is (Decree 09/2019, article 4).", [str(each) for each in Regime]),
            "owed_by": items("Who reports.", _LEVEL, 1, MAX_LEVELS),
        },
        {key: _OPTION_SCHEMAS[key] for key in OPTIONS},
        oneOf=[{"required": ["every"]}, {"required": ["windows"]}],
    ),
)
