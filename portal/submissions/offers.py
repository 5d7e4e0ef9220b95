"""The answers to choose from that the portal knows itself: units, indicators, and the posts and tasks of a unit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from portal.indicators import service as indicators
from portal.tasks import service as tasks
from portal.units.models import Post, Unit
from portal.units.seating import alive
from workflows.forms import Choice, offering

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date

    from sqlalchemy.orm import Session

    from workflows.forms import Form, Values

MOST_TASKS = 200
"""How many tasks are offered, the longest overdue first."""


def offers(session: Session, form: Form, unit_id: int, on: date) -> dict[str, tuple[Choice, ...]]:
    """What a form offers that it does not list itself, by its source.

    Args:
        session: any transaction.
        form: the form.
        unit_id: whose report it is.
        on: the day on which units and posts are to be there.
    """
    return {source: tuple(OFFERS[source](session, unit_id, on)) for source in sorted(form.sources)}


def offered(session: Session, form: Form, unit_id: int, on: date, kept: Values | None = None) -> Form:
    """The form with what it offers, and with what was chosen before; other arguments as for `offers`."""
    return offering(form, offers(session, form, unit_id, on), kept) if form.sources else form


def _units(session: Session, _unit_id: int, on: date) -> list[Choice]:
    every = session.scalars(select(Unit).where(alive(Unit, on)).order_by(Unit.sort_key, Unit.id))
    return [_choice(each.code, each.name_vi, each.name_en) for each in every]


def _posts(session: Session, unit_id: int, on: date) -> list[Choice]:
    own = session.scalars(select(Post).where(Post.unit_id == unit_id, alive(Post, on)).order_by(Post.id))
    return [_choice(each.code, each.title_vi, each.title_en) for each in own]


def _tasks(session: Session, unit_id: int, _on: date) -> list[Choice]:
    return [_choice(str(each.id), each.title, each.title) for each in tasks.tasks_of(session, [unit_id], MOST_TASKS)]


def _indicators(session: Session, _unit_id: int, _on: date) -> list[Choice]:
    return [_choice(each.key, each.name_vi, each.name_en) for each in indicators.indicators(session, in_use=True)]


def _choice(key: str, vi: str, en: str) -> Choice:
    """An answer whose label is on one line."""
    return Choice(key, {"vi": " ".join(vi.split()), "en": " ".join((en or vi).split())})


OFFERS: Mapping[str, Callable[[Session, int, date], list[Choice]]] = {
    "units": _units,
    "posts": _posts,
    "tasks": _tasks,
    "indicators": _indicators,
}
"""How the answers of each source are found: by code or key, and a task, which has none, by its number."""
