"""Schedules to test on: the shipped one, and short ways to write another."""

from pathlib import Path
from typing import Any

import yaml

import workflows
from tests.workflows.almanac import SHIPPED as CALENDAR
from tests.workflows.almanac import label, on
from workflows.errors import Finding
from workflows.schedules import Due, Occurrence, Schedule, occurrences, parse_schedule, warnings

LIBRARY = Path(workflows.__file__).parent / "library" / "schedules"
SHIPPED = parse_schedule(yaml.safe_load((LIBRARY / "monthly-report.yaml").read_text(encoding="utf-8")))


def level(key: str = "departments", **more: object) -> dict[str, Any]:
    """A level of departments with two working days, unless something else is said; None takes a key away."""
    said = {"key": key, "name": label(key), "kinds": [key], "deadline": {"working_days_after": 2}, **more}
    return {name: value for name, value in said.items() if value is not None}


def body(*levels: dict[str, Any], **more: object) -> dict[str, Any]:
    """A monthly schedule, unless something else is said; None takes a key away."""
    said = {
        "schema": 1,
        "key": "test",
        "name": label("Chế độ"),
        "form": "monthly-report",
        "regime": "periodic",
        "every": "month",
        "owed_by": list(levels or [level()]),
        **more,
    }
    return {name: value for name, value in said.items() if value is not None}


def due(**deadline: object) -> dict[str, Any]:
    """A level with a deadline of its own."""
    return level(deadline=deadline)


def window(key: str = "survey", first: str = "2024-01-01", to: str = "2024-08-14") -> dict[str, Any]:
    return {"key": key, "name": label(key), "from": first, "to": to}


def on_demand(*levels: dict[str, Any], **more: object) -> dict[str, Any]:
    """A schedule of one window that was asked for."""
    return body(*levels, **{"regime": "on_demand", "every": None, "windows": [window()], **more})


def schedule(*levels: dict[str, Any], **more: object) -> Schedule:
    return parse_schedule(body(*levels, **more))


def coming(schedule: Schedule, since: str, count: int = 1) -> tuple[Occurrence, ...]:
    """Its next occurrences by the shipped calendar."""
    return occurrences(schedule, CALENDAR, on(since), count)


def first_due(schedule: Schedule, since: str) -> Due:
    """The deadline of its lowest level in its next occurrence."""
    return coming(schedule, since)[0].dues[0]


def doubts(schedule: Schedule, since: str, count: int = 1) -> tuple[Finding, ...]:
    """What is doubtful about its next occurrences."""
    return warnings(schedule, CALENDAR, coming(schedule, since, count))
