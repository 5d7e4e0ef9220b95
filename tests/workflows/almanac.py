"""Calendars to test on: the shipped one, short ways to write another, and strategies for days and instants."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import yaml
from hypothesis import strategies as st

import workflows
from workflows.calendars import Calendar, parse_calendar
from workflows.periods import VIETNAM

LIBRARY = Path(workflows.__file__).parent / "library" / "calendars"
SHIPPED = parse_calendar(yaml.safe_load((LIBRARY / "vietnam.yaml").read_text(encoding="utf-8")))
FULL_DAY = ["07:00-11:30", "13:30-17:00"]
WEEK = dict.fromkeys(("monday", "tuesday", "wednesday", "thursday", "friday"), FULL_DAY)

DAYS = st.dates(SHIPPED.first, SHIPPED.last)
INSTANTS = st.datetimes(datetime(2023, 12, 31, 17), datetime(2027, 12, 31, 17), timezones=st.just(UTC))  # noqa: DTZ001
BUDGETS = st.timedeltas(timedelta(), timedelta(hours=400))


def label(text: str) -> dict[str, str]:
    return {"vi": text, "en": text}


def week(since: str = "2025-01-01", **days: list[str]) -> dict[str, Any]:
    return {"since": since, **(days or WEEK)}


def holiday(first: str, **more: object) -> dict[str, Any]:
    return {"name": label("Lễ"), "from": first, **more}


def year(number: int = 2025, *holidays: dict[str, Any], **more: object) -> dict[str, Any]:
    return {"year": number, "status": "announced", "holidays": list(holidays), **more}


def body(*years: dict[str, Any], **more: object) -> dict[str, Any]:
    return {
        "schema": 1,
        "key": "test",
        "name": label("Lịch"),
        "hours": [week()],
        "years": list(years or [year()]),
        **more,
    }


def calendar(*years: dict[str, Any], **more: object) -> Calendar:
    return parse_calendar(body(*years, **more))


def at(day: str, clock: str) -> datetime:
    """An instant by the clock on the wall of a Vietnamese office."""
    return datetime.fromisoformat(f"{day}T{clock}").replace(tzinfo=VIETNAM)


def on(text: str) -> date:
    return date.fromisoformat(text)
