"""Rules that are checked and then written hold while two people write at once, on a database without one writer."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from threading import Thread
from typing import TYPE_CHECKING, Any

import pytest
from flask_appbuilder.security.sqla.models import Group, Role, User
from sqlalchemy.orm import Session

from portal import tables
from portal.accounts import settle_group, settle_user
from portal.db import Base, make_engine
from portal.grants import ADMINISTRATOR
from portal.security import POSTS, Actor
from portal.units import service as units
from portal.units.models import Holding, Post, Unit
from workflows.errors import Refusal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sqlalchemy import Engine

pytestmark = pytest.mark.postgres

SINCE = date(2004, 1, 1)
KEEPER = Actor(user_id=9001, username="units", full_name="Kpă H’Nga")
UNGUARDED_SECONDS = 0.5
"""How long a write needs at most that waits for nobody."""


@dataclass(frozen=True)
class Office:
    """Keys of what the races are about."""

    engine: Engine
    first: int
    second: int
    top: int
    below: int
    head: int
    officer: int
    group: int


@pytest.fixture
def office(postgres_url: str) -> Iterator[Office]:
    """Two people who are both administrators, two units, a vacant seat for a head and one for officers."""
    assert tables.LOADED
    POSTS.plug(units)
    engine = make_engine(postgres_url)
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        role = Role(name=ADMINISTRATOR)
        first, second = (
            User(username=name, first_name="Trần", last_name=name, email=f"{name}@gialai.example", active=True)
            for name in ("first", "second")
        )
        first.roles, group = [role], Group(name="quan-tri", roles=[role], users=[second])
        top, below = (
            Unit(code=code, kind="department", name_vi=code, name_en=code, symbol=code, header_name=code)
            for code in ("TOP", "BELOW")
        )
        head, officer = (
            Post(unit=top, code=kind, kind=kind, title_vi=kind, title_en=kind) for kind in ("head", "officer")
        )
        for row in (top, below, head, officer):
            row.valid_from = SINCE
        for unit in (top, below):
            unit.place_name, unit.search = "Gia Lai", ""
        session.add_all([first, second, group, top, below, head, officer])
        session.commit()
        yield Office(engine, first.id, second.id, top.id, below.id, head.id, officer.id, group.id)
    engine.dispose()


@contextmanager
def at_work(office: Office) -> Iterator[Session]:
    with Session(office.engine, expire_on_commit=False) as session, session.no_autoflush:
        yield session


def race(office: Office, one: Callable[[Session], None], other: Callable[[Session], None]) -> str:
    """One writes and has not committed yet when the other begins; gives what the other is refused with, or nothing."""
    refused: list[str] = []

    def follow() -> None:
        with at_work(office) as session:
            try:
                other(session)
                session.commit()
            except Refusal as refusal:
                refused.append(refusal.code)

    follower = Thread(target=follow)
    with at_work(office) as session:
        one(session)
        session.flush()
        follower.start()
        follower.join(UNGUARDED_SECONDS)
        session.commit()
    follower.join(30)
    assert not follower.is_alive()
    return "".join(refused)


def seat(post: int, user: int, until: date | None = None) -> Callable[[Session], None]:
    def write(session: Session) -> None:
        holding = Holding(post_id=post, user_id=user, valid_from=SINCE, valid_to=until)
        session.add(holding)
        units.settle_holding(session, KEEPER, holding)

    return write


def change(
    settle: Callable[[Session, Actor, Any], None], model: type, key: int, **facts: Any
) -> Callable[[Session], None]:
    def write(session: Session) -> None:
        row = session.get_one(model, key)
        for column, value in facts.items():
            setattr(row, column, value)
        settle(session, KEEPER, row)

    return write


def test_two_people_are_not_seated_in_one_heads_post(office: Office) -> None:
    assert race(office, seat(office.head, office.first), seat(office.head, office.second)) == "head_already_held"


def test_a_seat_that_becomes_a_heads_takes_nobody_else(office: Office) -> None:
    with at_work(office) as session:
        seat(office.officer, office.first)(session)
        session.commit()
    became = change(units.settle_post, Post, office.officer, kind="head")
    assert race(office, became, seat(office.officer, office.second)) == "head_already_held"


def test_two_units_are_not_put_below_each_other(office: Office) -> None:
    down = change(units.settle_unit, Unit, office.top, parent_id=office.below)
    up = change(units.settle_unit, Unit, office.below, parent_id=office.top)
    assert race(office, down, up) == "unit_cycle"


def test_nobody_is_seated_in_a_post_that_is_being_ended(office: Office) -> None:
    ended = change(units.settle_post, Post, office.head, valid_to=date(2024, 12, 31))

    def seat_in_what_was_read(session: Session) -> None:
        session.get_one(Post, office.head)
        seat(office.head, office.first)(session)

    assert race(office, ended, seat_in_what_was_read) == "holding_outside_post"


def test_a_post_is_not_ended_under_someone_who_is_being_seated(office: Office) -> None:
    ended = change(units.settle_post, Post, office.head, valid_to=date(2024, 12, 31))
    assert race(office, seat(office.head, office.first), ended) == "holdings_outlive_post"


def test_two_administrators_do_not_take_each_others_right(office: Office) -> None:
    lock_out = change(settle_user, User, office.first, active=False)
    empty = change(settle_group, Group, office.group, users=[])
    assert race(office, lock_out, empty) == "last_administrator"


def test_a_group_is_not_relied_on_while_it_is_being_emptied(office: Office) -> None:
    empty = change(settle_group, Group, office.group, users=[])
    lock_out = change(settle_user, User, office.first, roles=[])
    assert race(office, empty, lock_out) == "last_administrator"
