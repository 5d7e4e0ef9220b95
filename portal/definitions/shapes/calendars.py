"""What the designer shows of a working calendar."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask_babel import lazy_gettext as _l

from portal.definitions.shapes.description import Branch, Part, Shape, always, in_both
from portal.security import today

if TYPE_CHECKING:
    from collections.abc import Mapping

WEEKDAYS = (
    ("monday", _l("Monday")),
    ("tuesday", _l("Tuesday")),
    ("wednesday", _l("Wednesday")),
    ("thursday", _l("Thursday")),
    ("friday", _l("Friday")),
    ("saturday", _l("Saturday")),
    ("sunday", _l("Sunday")),
)
STATUSES = (("announced", _l("announced")), ("provisional", _l("an estimate, not announced yet")))
SPANS = _l("One to a line, such as 07:00-11:30. None: a day off.")


def _first_hours(_kind: str, _taken: set[str]) -> dict[str, Any]:
    spans = ["07:00-11:30", "13:30-17:00"]
    return {"since": f"{today().year}-01-01", **{day: list(spans) for day, _ in WEEKDAYS[:5]}}


def _first_year(_kind: str, _taken: set[str]) -> dict[str, Any]:
    return {"year": today().year + 1, "status": "provisional", "holidays": []}


def _first_holiday(_kind: str, _taken: set[str]) -> dict[str, Any]:
    return {"name": in_both("Ngày nghỉ mới"), "from": f"{today().year}-01-01"}


def _first_swap(_kind: str, _taken: set[str]) -> dict[str, Any]:
    return {"day_off": "", "worked": "", "source": ""}


def _of_holiday(_holiday: Mapping[str, Any]) -> list[Part]:
    return [
        Part("name", _l("Name"), "label", needed=True),
        Part("from", _l("First day"), "day", needed=True),
        Part("to", _l("Last day"), "day", help=_l("Empty for a single day.")),
        Part("status", _l("In force?"), "choice", (("pending", _l("not in force yet, waits for the law")),)),
        Part("source", _l("Legal source"), "line"),
    ]


HOURS = Shape(
    _l("Working hours"),
    always(
        Part("since", _l("From which day"), "day", needed=True),
        *(Part(key, words, "list", help=SPANS) for key, words in WEEKDAYS),
    ),
    always(),
)
HOLIDAY = Shape(_l("Holiday"), _of_holiday, always())
SWAP = Shape(
    _l("Swapped day"),
    always(
        Part("day_off", _l("The working day that is off"), "day", needed=True),
        Part("worked", _l("The day off that is worked instead"), "day", needed=True),
        Part("source", _l("Legal source"), "line"),
    ),
    always(),
)
YEAR = Shape(
    _l("Year"),
    always(
        Part("year", _l("Year"), "number", needed=True),
        Part("status", _l("Its days off are"), "choice", STATUSES, needed=True),
    ),
    always(
        Branch("holidays", HOLIDAY, [("holiday", _l("Holiday"))], _first_holiday),
        Branch("swaps", SWAP, [("swap", _l("Swapped day"))], _first_swap),
    ),
)
CALENDAR = Shape(
    _l("Calendar"),
    always(Part("name", _l("Name"), "label", needed=True)),
    always(
        Branch("hours", HOURS, [("hours", _l("Working hours from another day on"))], _first_hours),
        Branch("years", YEAR, [("year", _l("Year"))], _first_year),
    ),
)
