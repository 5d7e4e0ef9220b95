"""The JSON Schema of working calendars, from the words and limits by which they are read."""

from __future__ import annotations

from typing import Final

from portal.definitions.schemas.bricks import (
    choice,
    closed,
    day,
    items,
    label,
    number,
    schema_number,
    text,
    whole,
    word,
)
from workflows.calendars import (
    EARLIEST,
    LATEST,
    MAX_HOLIDAYS,
    MAX_SPANS,
    MAX_SWAPS,
    MAX_TIMETABLES,
    MAX_YEARS,
    SCHEMA,
    SPAN,
    WEEKDAYS,
)
from workflows.reader import LABEL_LENGTH

_SPANS: Final = items(
    "The working hours of this weekday, in order; a weekly day off has none.",
    word("From and to, such as 07:30-11:30.", SPAN),
    1,
    MAX_SPANS,
)
_SOURCE: Final = text("The document that says so.", LABEL_LENGTH)

_TIMETABLE: Final = closed(
    "The working hours of a week.",
    {"since": day("The first day on which they hold.")},
    dict.fromkeys(WEEKDAYS, _SPANS),
    minProperties=2,
)

_HOLIDAY: Final = closed(
    "Days off by law.",
    {"name": label("What it is called."), "from": day("Its first day.")},
    {
        "to": day("Its last day, where it has several."),
        "status": choice("Whether the law is in force.", ["in_force", "pending"]),
        "source": _SOURCE,
    },
)

_SWAP: Final = closed(
    "A working day that is moved.",
    {
        "day_off": day("The working day that becomes a day off."),
        "worked": day("The day off on which its hours are worked."),
    },
    {"source": _SOURCE},
)

_YEAR: Final = closed(
    "The exceptions of one year.",
    {
        "year": number("Which one.", EARLIEST.year, LATEST.year),
        "status": choice("Whether its days off have been decided.", ["announced", "provisional"]),
        "holidays": items("Its holidays.", _HOLIDAY, 0, MAX_HOLIDAYS),
    },
    {"swaps": items("Its working days that are moved.", _SWAP, 0, MAX_SWAPS)},
)

CALENDAR: Final = whole(
    "A working calendar",
    closed(
        "Working hours and days off.",
        {
            "schema": schema_number(SCHEMA),
            "key": word("Under which it is kept."),
            "name": label("What it is called."),
            "hours": items("The hours, by their first day.", _TIMETABLE, 1, MAX_TIMETABLES),
            "years": items("The years that it knows, one after another.", _YEAR, 1, MAX_YEARS),
        },
    ),
)
