from dataclasses import dataclass
from datetime import date

import pytest

from tests.workflows.almanac import on
from tests.workflows.regimes import SHIPPED, level, schedule
from workflows.schedules import Schedule, units_owing


@dataclass(frozen=True)
class Body:
    """A unit as the portal knows it, as far as a schedule asks."""

    code: str
    kind: str
    valid_from: date = date(2004, 1, 1)
    valid_to: date | None = None


UNITS = [
    Body("UBND", "ppc"),
    Body("CAT", "police"),
    Body("PC06", "division"),
    Body("SNV", "department"),
    Body("STP", "department"),
    Body("PLEIKU", "dpc", valid_to=date(2025, 6, 30)),
    Body("DIENHONG", "cpc", valid_from=date(2025, 7, 1)),
]


def codes(schedule: Schedule, day: str) -> dict[str, list[str]]:
    return {key: [unit.code for unit in found] for key, found in units_owing(schedule, UNITS, on(day)).items()}


def test_the_shipped_report_is_owed_by_departments_districts_and_communes() -> None:
    assert codes(SHIPPED, "2025-01-14") == {"communes": [], "departments": ["SNV", "STP", "PLEIKU"]}
    assert codes(SHIPPED, "2025-07-14") == {"communes": ["DIENHONG"], "departments": ["SNV", "STP"]}


@pytest.mark.parametrize(
    ("day", "expected"),
    [("2025-06-30", ["PLEIKU"]), ("2025-07-01", []), ("2004-01-01", ["PLEIKU"]), ("2003-12-31", [])],
)
def test_only_units_that_exist_on_the_day_owe_a_report(day: str, expected: list[str]) -> None:
    assert codes(schedule(level("districts", kinds=["dpc"])), day) == {"districts": expected}


def test_units_are_named_by_code_besides_their_kinds() -> None:
    regime = schedule(level("all", kinds=["department"], units=["CAT", "NOWHERE"], **{"except": ["STP"]}))
    assert codes(regime, "2025-01-14") == {"all": ["CAT", "SNV"]}
    assert codes(schedule(level("two", kinds=None, units=["STP", "UBND"])), "2025-01-14") == {"two": ["UBND", "STP"]}


def test_a_unit_that_a_level_names_belongs_to_no_other() -> None:
    regime = schedule(level("all", kinds=["department"]), level("one", kinds=None, units=["STP"]))
    assert codes(regime, "2025-01-14") == {"all": ["SNV"], "one": ["STP"]}


def test_an_exception_holds_for_its_own_level() -> None:
    regime = schedule(
        level("all", kinds=["department"], **{"except": ["STP"]}), level("late", kinds=None, units=["STP"])
    )
    assert codes(regime, "2025-01-14") == {"all": ["SNV"], "late": ["STP"]}
