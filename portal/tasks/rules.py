"""What makes a task clear enough to assign, when its last valid day is, and how its status follows from its dates."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Final, Protocol

from workflows.periods import VIETNAM, Before, NoLaterThan, WithinMonth

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

DUE_SOON_DAYS: Final = 3
"""From how many calendar days before the last valid day a task counts as due soon (sắp đến hạn)."""

STALE_AFTER_DAYS: Final = 7
"""After how many days without a note a task counts as not updated (cập nhật hàng tuần)."""

RECURRING: Final = "recurring"
NO_DEADLINE: Final = "none"


class Status(StrEnum):
    """Where a task stands on a day; the classes of Decision 42/2014, standing tasks and drafts besides."""

    DRAFT = "draft"
    STANDING = "standing"
    IN_PROGRESS = "in_progress"
    DUE_SOON = "due_soon"
    OVERDUE = "overdue"
    DONE_ON_TIME = "done_on_time"
    DONE_LATE = "done_late"


class Person(Protocol):
    """Someone named in a task."""

    @property
    def active(self) -> bool | None:
        """Whether the account is in use."""


class TaskLike(Protocol):
    """What a task says of itself, as far as its clarity goes."""

    @property
    def title(self) -> str:
        """What is to be done, a verb and its object."""

    @property
    def objective(self) -> str | None:
        """The indicator with its target and unit."""

    @property
    def product(self) -> str | None:
        """What will be handed over."""

    @property
    def expected_result(self) -> str | None:
        """The result in figures."""

    @property
    def authority(self) -> str | None:
        """Who decides."""

    @property
    def source(self) -> object | None:
        """The superior's document."""

    @property
    def lead_unit(self) -> object | None:
        """The one unit in the lead."""

    @property
    def leader(self) -> Person | None:
        """The leader in charge."""

    @property
    def officer(self) -> Person | None:
        """The officer who does it."""

    @property
    def standing(self) -> bool:
        """Whether it never ends."""

    @property
    def starts_on(self) -> date | None:
        """The first day."""

    @property
    def deadline_kind(self) -> str:
        """One of the kinds of `last_day`."""

    @property
    def deadline_on(self) -> date | None:
        """The day the deadline names."""


def _said(text: str | None) -> bool:
    return bool(text and text.strip())


def _has_figure(text: str | None) -> bool:
    return any(char.isdigit() for char in text or "")


def _named(person: Person | None) -> bool:
    return person is not None and bool(person.active)


def _timed(task: TaskLike) -> bool:
    endless = task.deadline_kind == NO_DEADLINE and not task.standing
    return task.starts_on is not None and not endless


FACETS: Final[dict[str, Callable[[TaskLike], bool]]] = {
    "muc_tieu": lambda task: _has_figure(task.objective),
    "nguoi": lambda task: _named(task.leader) and _named(task.officer),
    "viec": lambda task: _said(task.title) and task.source is not None,
    "thoi_gian": _timed,
    "trach_nhiem": lambda task: task.lead_unit is not None,
    "san_pham": lambda task: _said(task.product),
    "ket_qua": lambda task: _has_figure(task.expected_result),
    "tham_quyen": lambda task: _said(task.authority),
}
"""Facet ("rõ …") → whether a task shows it.

An objective or a result without a single figure is no target: "đẩy mạnh thực hiện" alone says nothing that could be
measured. People are named and active: a unit is nobody. Only a standing task may do without a deadline."""


def missing_facets(task: TaskLike, facets: Iterable[str]) -> tuple[str, ...]:
    """The facets a task does not show, in the order asked.

    Args:
        task: what it says of itself.
        facets: keys of `FACETS`, as the task's clarity profile lists them.

    Raises:
        KeyError: a facet nobody has defined.
    """
    return tuple(facet for facet in facets if not FACETS[facet](task))


def last_day(kind: str, day: date | None) -> date | None:
    """The last valid day of a deadline, as the superior fixed it: never shifted to a working day.

    Args:
        kind: `before` (trước ngày), `by` (chậm nhất ngày), `within_month` (trong tháng), `recurring` or `none`.
        day: the day it names; any day of the month for `within_month`.

    Returns:
        None for recurring tasks and for those without a deadline.

    Raises:
        ValueError: a kind that names a day has none, or the kind is unknown.
    """
    if kind in (RECURRING, NO_DEADLINE):
        return None
    if day is None:
        raise ValueError(f"a deadline of kind {kind!r} names a day")
    match kind:
        case "before":
            return Before(day).last_day()
        case "by":
            return NoLaterThan(day).last_day()
        case "within_month":
            return WithinMonth(day.year, day.month).last_day()
    raise ValueError(f"unknown kind of deadline {kind!r}")


def status(*, assigned: bool, standing: bool, due_on: date | None, completed_on: date | None, on: date) -> Status:
    """Where a task stands.

    Args:
        assigned: whether it has left the draft.
        standing: whether it is a standing task (nhiệm vụ thường xuyên).
        due_on: its last valid day; None when it has none.
        completed_on: the day it was completed.
        on: the day of the question.
    """
    if not assigned:
        return Status.DRAFT
    if completed_on is not None:
        return Status.DONE_LATE if due_on is not None and completed_on > due_on else Status.DONE_ON_TIME
    if standing:
        return Status.STANDING
    return _open_status(due_on, on)


def _open_status(due_on: date | None, on: date) -> Status:
    if due_on is None or due_on > on + timedelta(days=DUE_SOON_DAYS):
        return Status.IN_PROGRESS
    return Status.OVERDUE if due_on < on else Status.DUE_SOON


def is_stale(status_now: Status, last_heard_on: date, on: date) -> bool:
    """Whether an open task has gone without a note for more than a week.

    Args:
        status_now: its status; drafts and completed tasks owe no notes.
        last_heard_on: the day of its last note, or of its assignment when there is none.
        on: the day of the question.
    """
    silent = status_now in (Status.DRAFT, Status.DONE_ON_TIME, Status.DONE_LATE)
    return not silent and on - last_heard_on > timedelta(days=STALE_AFTER_DAYS)


def week_of(day: date) -> date:
    """The Monday of a day's week, by which progress notes are kept."""
    return day - timedelta(days=day.weekday())


def vietnam_day(moment: datetime) -> date:
    """The date on the wall in Vietnam at a moment."""
    return moment.astimezone(VIETNAM).date()
