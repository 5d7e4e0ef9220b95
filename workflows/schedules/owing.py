"""Which units owe the reports of a schedule on a day, level by level."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from workflows.schedules.schema import Level, Schedule


class ReportingUnit(Protocol):
    """What is asked of a unit."""

    @property
    def code(self) -> str:
        """What definitions name it by."""

    @property
    def kind(self) -> str:
        """A word such as ``department``."""

    @property
    def valid_from(self) -> date:
        """Its first day."""

    @property
    def valid_to(self) -> date | None:
        """Its last day; None while no end is known."""


Unit = TypeVar("Unit", bound=ReportingUnit)


def units_owing(schedule: Schedule, units: Iterable[Unit], on: date) -> dict[str, tuple[Unit, ...]]:
    """Gives the units of each level, by the level's key; no unit stands in two.

    A unit that a level names belongs to that level, whatever its kind.

    Args:
        schedule: Says who reports.
        units: All there are; each level keeps their order.
        on: The day on which they must exist: that of the cut-off.
    """
    owing: dict[str, list[Unit]] = {level.key: [] for level in schedule.owed_by}
    for unit in units:
        level = _level_of(schedule, unit)
        if level and unit.valid_from <= on <= (unit.valid_to or on):
            owing[level.key].append(unit)
    return {key: tuple(found) for key, found in owing.items()}


def _level_of(schedule: Schedule, unit: ReportingUnit) -> Level | None:
    named = (level for level in schedule.owed_by if unit.code in level.units)
    of_kind = (level for level in schedule.owed_by if unit.kind in level.kinds and unit.code not in level.exceptions)
    return next(named, None) or next(of_kind, None)
