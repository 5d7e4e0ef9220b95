"""Schedule definitions as data: read whole, with every error at its path, before they can be used."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import time
from typing import Final

from workflows.calendars import EARLIEST, LATEST, read_day
from workflows.errors import DefinitionError
from workflows.periods import FIRST_DAY, PeriodKind, Window
from workflows.reader import UNIT_CODE, Node, refuse_repeats
from workflows.schedules.schema import (
    CALENDAR,
    REPLACEABLE,
    AfterCutOff,
    DueDay,
    DueKind,
    DueRule,
    Frequency,
    InMonth,
    InWeek,
    Level,
    Occasion,
    OnDate,
    Regime,
    Schedule,
    Turn,
)
from workflows.workdays import Shift

SCHEMA: Final = 1
MAX_LEVELS: Final = 10
MAX_KINDS: Final = 50
MAX_UNITS: Final = 200
MAX_WINDOWS: Final = 100
MAX_RECIPIENTS: Final = 20
MAX_REMINDERS: Final = 10
MAX_DAYS: Final = 366
MAX_WORKING_DAYS: Final = 60
MAX_FIRST_DAY: Final = 28
"""The last day that every month has."""

BASIS_LENGTH: Final = 500
CLOCK: Final = re.compile("(?:[01][0-9]|2[0-3]):[0-5][0-9]")

FINDINGS: Final[Mapping[str, tuple[str, ...]]] = {
    "regime_needs": ("key",),
    "not_with_windows": (),
    "weeks_alone": (),
    "not_replaceable": (),
    "nobody_owes": (),
    "nothing_excepted": (),
    "before_has_no_time": (),
    "deadline_does_not_fit": ("allowed",),
    "one_window_only": (),
}
"""Codes about a schedule, with their params, besides those of ``workflows.reader`` and ``day_out_of_range``."""

OPTIONS: Final = (
    *("chain", "calendar", "legal_basis", "recipients", "every", "windows", "window", "from", "until"),
    *("opens", "lock_after", "remind"),
)
"""What a schedule may say besides what it must."""

DUE_DAYS: Final[Mapping[str, tuple[str, ...]]] = {
    "working_days_after": (),
    "day": ("month",),
    "weekday": ("week",),
    "date": (),
}
"""The ways to name the day of a deadline, each with the keys that it takes besides."""

SHIFTS: Final[Mapping[str, Shift]] = {"none": Shift.NONE, "next": Shift.NEXT, "previous": Shift.PREVIOUS}


def parse_schedule(body: object) -> Schedule:
    """Reads a schedule, schema 1, from plain JSON or YAML data of any shape.

    Args:
        body: The definition; see ``workflows/library/schedules`` for one.

    Raises:
        DefinitionError: With every error at its path, such as ``owed_by[1].deadline``. How the parts agree with each
            other is asked once each of them can be read. Unknown keys are errors; 10 levels, 200 units named in a
            list and 100 windows are the limits.
    """
    root = Node(body, "", [])
    parts = root.fields(["schema", "key", "name", "form", "regime", "owed_by"], OPTIONS)
    parts["schema"].number(SCHEMA, SCHEMA)
    schedule = _schedule(parts)
    if not root.findings:
        _check_regime(root, parts, schedule)
        _check_levels(parts["owed_by"], schedule)
    if root.findings:
        raise DefinitionError(root.findings)
    return schedule


def _schedule(parts: dict[str, Node]) -> Schedule:
    first = read_day(parts["from"], EARLIEST, LATEST) if parts["from"].given else None
    return Schedule(
        key=parts["key"].word(),
        name=parts["name"].label(),
        form=parts["form"].word(),
        regime=_regime(parts["regime"]),
        owed_by=_levels(parts["owed_by"]),
        chain=parts["chain"].word() if parts["chain"].given else None,
        calendar=parts["calendar"].word() if parts["calendar"].given else CALENDAR,
        legal_basis=parts["legal_basis"].text(BASIS_LENGTH) if parts["legal_basis"].given else None,
        recipients=tuple(each.label() for each in parts["recipients"].items(1, MAX_RECIPIENTS)),
        every=_frequencies(parts["every"]),
        occasions=_occasions(parts["windows"]),
        first_day=_first_day(parts["window"]) if parts["window"].given else FIRST_DAY,
        first=first,
        last=read_day(parts["until"], first or EARLIEST, LATEST) if parts["until"].given else None,
        opens=_days(parts["opens"]),
        locks_after=_days(parts["lock_after"]),
        remind=_reminders(parts["remind"]),
    )


def _regime(node: Node) -> Regime:
    return Regime(node.choice(list(Regime)) or Regime.PERIODIC)


def _first_day(node: Node) -> int:
    return node.fields(["from"])["from"].number(1, MAX_FIRST_DAY)


def _days(node: Node) -> int | None:
    return node.number(0, MAX_DAYS) if node.given else None


def _reminders(node: Node) -> tuple[int, ...]:
    nodes = node.items(1, MAX_REMINDERS)
    days = [each.number(0, MAX_WORKING_DAYS) for each in nodes]
    refuse_repeats(nodes, [str(each) for each in days])
    return tuple(sorted(days, reverse=True))


def _frequencies(node: Node) -> tuple[Frequency, ...]:
    """Reads one word, or a list of words and of mappings that say what they replace."""
    nodes = [node] if isinstance(node.value, str) else node.items(1, len(PeriodKind))
    read = [_frequency(each) for each in nodes]
    refuse_repeats(nodes, [each.kind for each in read])
    order = list(PeriodKind)
    return tuple(sorted(read, key=lambda each: order.index(each.kind)))


def _frequency(node: Node) -> Frequency:
    if isinstance(node.value, str):
        return Frequency(_period_kind(node))
    parts = node.fields(["kind"], ["replaces"])
    nodes = parts["replaces"].items(1, len(PeriodKind))
    replaces = tuple(_period_kind(each) for each in nodes)
    refuse_repeats(nodes, replaces)
    return Frequency(_period_kind(parts["kind"]), replaces)


def _period_kind(node: Node) -> PeriodKind:
    return PeriodKind(node.choice(list(PeriodKind)) or PeriodKind.MONTH)


def _occasions(node: Node) -> tuple[Occasion, ...]:
    nodes = node.items(1, MAX_WINDOWS)
    occasions = tuple(_occasion(each) for each in nodes)
    refuse_repeats(nodes, [occasion.key for occasion in occasions])
    return occasions


def _occasion(node: Node) -> Occasion:
    parts = node.fields(["key", "name", "from", "to"])
    start = read_day(parts["from"], EARLIEST, LATEST)
    window = Window(start, read_day(parts["to"], start, LATEST))
    return Occasion(parts["key"].word(), parts["name"].label(), window)


def _levels(node: Node) -> tuple[Level, ...]:
    nodes = node.items(1, MAX_LEVELS)
    levels = tuple(_level(each) for each in nodes)
    refuse_repeats(nodes, [level.key for level in levels])
    return levels


def _level(node: Node) -> Level:
    parts = node.fields(["key", "name", "deadline"], ["kinds", "units", "except"])
    if not (parts["kinds"].given or parts["units"].given):
        node.note("nobody_owes")
    if not parts["kinds"].given:
        parts["except"].note("nothing_excepted")
    return Level(
        key=parts["key"].word(),
        name=parts["name"].label(),
        kinds=tuple(each.word() for each in parts["kinds"].items(1, MAX_KINDS)),
        units=_codes(parts["units"]),
        exceptions=_codes(parts["except"]),
        due=_due(parts["deadline"]),
    )


def _codes(node: Node) -> tuple[str, ...]:
    return tuple(each.word(UNIT_CODE) for each in node.items(1, MAX_UNITS))


def _due(node: Node) -> DueRule:
    said = node.mapping()
    ways = [way for way in DUE_DAYS if way in said]
    if len(ways) != 1:
        if isinstance(node.value, Mapping):
            node.note("one_of_these", allowed=list(DUE_DAYS))
        return DueRule(AfterCutOff(1), "no_later_than", Shift.NEXT, None)
    way = ways[0]
    parts = node.fields([way], [*DUE_DAYS[way], "kind", "shift", "at"])
    kind: DueKind = "before" if _chosen(parts["kind"], ["no_later_than", "before"]) == "before" else "no_later_than"
    if kind == "before":
        parts["at"].note("before_has_no_time")
    shift = _chosen(parts["shift"], list(SHIFTS)) or ("none" if way == "date" else "next")
    return DueRule(_due_day(way, parts), kind, SHIFTS[shift], _clock(parts["at"]))


def _due_day(way: str, parts: Mapping[str, Node]) -> DueDay:
    node = parts[way]
    if way == "day":
        return InMonth(node.number(1, 31), _turn(parts["month"]))
    if way == "weekday":
        return InWeek(node.number(1, 7), _turn(parts["week"]))
    if way == "date":
        return OnDate(read_day(node, EARLIEST, LATEST))
    return AfterCutOff(node.number(1, MAX_WORKING_DAYS))


def _turn(node: Node) -> Turn:
    return "next" if _chosen(node, ["same", "next"]) == "next" else "same"


def _chosen(node: Node, allowed: list[str]) -> str:
    return node.choice(allowed) if node.given else ""


def _clock(node: Node) -> time | None:
    text = node.word(CLOCK) if node.given else ""
    return time.fromisoformat(text) if CLOCK.fullmatch(text) else None


def _check_regime(root: Node, parts: Mapping[str, Node], schedule: Schedule) -> None:
    """Decree 09/2019, article 4: a periodic report recurs, one on demand does not, a thematic one may do either."""
    if bool(schedule.every) is bool(schedule.occasions):
        root.note("one_of_these", allowed=["every", "windows"])
    elif schedule.regime is Regime.PERIODIC and not schedule.every:
        parts["regime"].note("regime_needs", key="every")
    elif schedule.regime is Regime.ON_DEMAND and not schedule.occasions:
        parts["regime"].note("regime_needs", key="windows")
    elif schedule.occasions:
        for key in ("window", "from", "until"):
            parts[key].note("not_with_windows")
    else:
        _check_frequencies(parts["every"], schedule)


def _check_frequencies(node: Node, schedule: Schedule) -> None:
    kinds = [each.kind for each in schedule.every]
    if PeriodKind.WEEK in kinds and len(kinds) > 1:
        node.note("weeks_alone")
    nodes = [] if isinstance(node.value, str) else node.items(1, len(PeriodKind))
    for each in (each for each in nodes if isinstance(each.value, Mapping)):
        possible = REPLACEABLE[PeriodKind(str(each.mapping()["kind"]))]
        for named in _listed(each, "replaces"):
            if named.value not in possible or named.value not in kinds:
                named.note("not_replaceable")


def _check_levels(node: Node, schedule: Schedule) -> None:
    nodes = node.items(1, MAX_LEVELS)
    for key in ("kinds", "units"):
        named = [each for level in nodes for each in _listed(level, key)]
        refuse_repeats(named, [str(each.value) for each in named])
    for each, level in zip(nodes, schedule.owed_by, strict=True):
        _check_exceptions(_listed(each, "except"), level)
        _check_deadline(_inside(each, "deadline"), level.due, schedule)


def _check_exceptions(nodes: list[Node], level: Level) -> None:
    named = set(level.units)
    for node, code in zip(nodes, level.exceptions, strict=True):
        if code in named:
            node.note("duplicate", value=code)
        named.add(code)


def _check_deadline(node: Node, rule: DueRule, schedule: Schedule) -> None:
    """A deadline counts from what its periods have: a month, a week, or one window with a date of its own."""
    if schedule.occasions:
        way = "date"
    else:
        way = "weekday" if PeriodKind.WEEK in [each.kind for each in schedule.every] else "day"
    allowed = ("working_days_after", way)
    if not any(each in node.mapping() for each in allowed):
        node.note("deadline_does_not_fit", allowed=list(allowed))
    elif isinstance(rule.day, OnDate) and len(schedule.occasions) > 1:
        _inside(node, "date").note("one_window_only")


def _listed(node: Node, key: str) -> list[Node]:
    return node.child(key, node.mapping().get(key, [])).items(0, MAX_UNITS)


def _inside(node: Node, key: str) -> Node:
    return node.child(key, node.mapping()[key])
