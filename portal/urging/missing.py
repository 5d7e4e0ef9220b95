"""Units that owe a report of a schedule and have not handed it in: one list for each time that it was asked for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from flask_appbuilder.security.sqla.models import User
from sqlalchemy import and_, select

from portal.approvals.models import ApprovalCase
from portal.definitions.service import all_current, calendar_of, current, schedule_of
from portal.periods import period_name
from portal.submissions.models import GIVEN_UP, Submission
from portal.tasks.service import OVERSEE
from portal.units.models import Holding, Post, Unit
from portal.units.seating import sitting
from portal.urging.rules import Gathered, Late, one_day
from workflows.errors import Refusal
from workflows.forms import write_date
from workflows.schedules import Occasion, occurrences, units_owing

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session

    from portal.definitions.models import Definition
    from portal.security import Actor
    from workflows.schedules import Due, Occurrence, Schedule

KIND = "missing-reports"
RECEIVED = "nhận được báo cáo của"
BETWEEN = ":"
"""Stands in the key of a list between the key of the schedule and that of the occurrence."""

BACK = timedelta(days=400)
"""How far back occurrences are offered: a year and its last report."""

MOST = 80
"""How many are looked at: 400 days have 58 weeks, and the next ones have no deadline that has passed."""

NOT_WITH_US = (*GIVEN_UP, "recalled")
"""The states of a report that was handed in and is not any more. One that was returned was handed in all the same."""


@dataclass(frozen=True)
class Roll:
    """Who has handed in, and who has not, of one occurrence of a schedule.

    Attributes:
        gathered: those whose deadline has passed.
        handed_in: the units of those that have handed in.
        waiting: how many units have time left, or a deadline that the calendar cannot tell.
    """

    gathered: Gathered
    handed_in: tuple[Unit, ...]
    waiting: int


def schedules(session: Session) -> list[Definition]:
    """The schedules in force, by key."""
    return all_current(session, "schedule")


def passed(session: Session, schedule: Schedule, on: date) -> list[Occurrence]:
    """The occurrences of which a deadline has passed, the last one first.

    Args:
        session: any transaction.
        schedule: of the portal.
        on: the day.

    Raises:
        Refusal: `no_definition`, its calendar is not in force.
    """
    calendar = calendar_of(current(session, "calendar", schedule.calendar))
    since = date.min if schedule.occasions else on - BACK
    found = [
        each for each in occurrences(schedule, calendar, since, MOST) if any(_is_over(due, on) for due in each.dues)
    ]
    return found[::-1]


def _is_over(due: Due, on: date) -> bool:
    return due.day is not None and due.day < on


def called(occurrence: Occurrence) -> str:
    """What it is called in titles, as in "tháng 01/2025"."""
    period = occurrence.period
    return period.name["vi"] if isinstance(period, Occasion) else period_name(period)


def key_of(schedule: Schedule, occurrence: Occurrence) -> str:
    """The key of the list about an occurrence."""
    return f"{schedule.key}{BETWEEN}{occurrence.key}"


def gather(session: Session, actor: Actor, key: str, on: date) -> Gathered:
    """As `rules.Gathered`, by the key of the list; arguments and refusals as for `roll`."""
    return roll(session, actor, key, on).gathered


def roll(session: Session, actor: Actor, key: str, on: date) -> Roll:
    """Who has handed in what a schedule asked for, and who has not.

    A unit owes by the schedule as it is in force, if it existed on the day of the cut-off. It has handed in what it
    reported on the schedule's form for that period, unless that was rejected, withdrawn, cancelled or recalled; of an
    occasion counts what it reported for a period that has days of the occasion's window.

    Args:
        session: any transaction.
        actor: who reads; only of units whose work he sees, or of all for whoever oversees the programme.
        key: as `key_of` gives it.
        on: the day; a deadline that ends on it has not passed.

    Raises:
        Refusal: `not_found`, no such schedule is in force, or no such occurrence is over.
    """
    schedule, occurrence = _named(session, key, on)
    owing = units_owing(schedule, _units(session, actor), occurrence.cut_off)
    over = {due.level: due.day for due in occurrence.dues if due.day and _is_over(due, on)}
    asked = {unit.id: over[level] for level, units in owing.items() if level in over for unit in units}
    handed = _handed_in(session, schedule, occurrence, asked)
    units = [unit for level in over for unit in owing[level]]
    late = sorted((unit for unit in units if unit.id not in handed), key=lambda unit: unit.sort_key)
    name = f"{schedule.name['vi']} {called(occurrence)}"
    heads = _heads(session, [unit.id for unit in late], on)
    rows = tuple(_late(unit, name, asked[unit.id], on, heads.get(unit.id, "")) for unit in late)
    gathered = Gathered(
        name=f"danh sách đơn vị chưa gửi {_going_on(name)}, đến ngày {write_date(on.isoformat())}",
        about=f"gửi {_going_on(name)}",
        received=RECEIVED,
        asked=len(asked),
        rows=rows,
        due_on=one_day(rows),
    )
    waiting = sum(map(len, owing.values())) - len(asked)
    return Roll(gathered, tuple(unit for unit in units if unit.id in handed), waiting)


def _late(unit: Unit, name: str, due: date, on: date, head: str) -> Late:
    what = f"{name} (hạn {write_date(due.isoformat())})"
    return Late(unit.id, unit.name_vi, what, (on - due).days, due, head)


def _named(session: Session, key: str, on: date) -> tuple[Schedule, Occurrence]:
    schedule_key, _, occurrence_key = key.partition(BETWEEN)
    definition = next((each for each in schedules(session) if each.key == schedule_key), None)
    if definition is None:
        raise Refusal("not_found")
    schedule = schedule_of(definition)
    found = next((each for each in passed(session, schedule, on) if each.key == occurrence_key), None)
    if found is None:
        raise Refusal("not_found")
    return schedule, found


def _units(session: Session, actor: Actor) -> Iterable[Unit]:
    every = select(Unit).order_by(Unit.sort_key)
    if not (actor.sees_everything or actor.may(*OVERSEE)):
        every = every.where(Unit.id.in_(actor.reach))
    return session.scalars(every)


def _handed_in(
    session: Session, schedule: Schedule, occurrence: Occurrence, unit_ids: Collection[int]
) -> frozenset[int]:
    """Those of some units that have handed in."""
    mine = (Submission.form_key == schedule.form, Submission.unit_id.in_(unit_ids), *_of_period(occurrence))
    asked = select(Submission.unit_id).join(ApprovalCase, ApprovalCase.id == Submission.case_id)
    return frozenset(session.scalars(asked.where(*mine, ApprovalCase.status.not_in(NOT_WITH_US)).distinct()))


def _of_period(occurrence: Occurrence) -> tuple[ColumnElement[bool], ...]:
    period, window = occurrence.period, occurrence.window
    if isinstance(period, Occasion):
        return (Submission.window_from <= window.end, Submission.window_to >= window.start)
    return (
        Submission.period_kind == str(period.kind),
        Submission.period_year == period.year,
        Submission.period_number == period.number,
    )


def _heads(session: Session, unit_ids: Sequence[int], on: date) -> Mapping[int, str]:
    """Who heads each of some units on a day."""
    asked = (
        select(Post.unit_id, User.first_name, User.last_name)
        .select_from(Post)
        .join(Unit, Unit.id == Post.unit_id)
        .join(Holding, and_(Holding.post_id == Post.id, sitting(on)))
        .join(User, User.id == Holding.user_id)
        .where(Post.unit_id.in_(unit_ids), Post.kind == "head")
    )
    return {unit: f"{first} {last}" for unit, first, last in session.execute(asked)}


def _going_on(name: str) -> str:
    """A name in the middle of a sentence: "báo cáo …", but "TTHC …"."""
    return name if name[1:2].isupper() else name[:1].lower() + name[1:]
