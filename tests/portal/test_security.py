"""The actor: what a person may do comes from his own roles, his groups and the posts he holds on that day."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import pytest
from flask_appbuilder.security.sqla.models import Group, Permission, PermissionView, Role, User, ViewMenu
from sqlalchemy import event

from portal import security
from portal.security import NOBODY, READ_EVERYTHING, Actor, Posting, build_actor
from portal.units.models import Holding, Post, Unit

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask
    from sqlalchemy.orm import Session

BORN, ENDED, DAY = date(2024, 1, 1), date(2025, 1, 31), date(2025, 1, 14)


def unit(code: str, kind: str = "department", parent: Unit | None = None) -> Unit:
    names = {"name_vi": code, "name_en": code, "symbol": code, "header_name": code, "place_name": "Gia Lai"}
    return Unit(code=code, kind=kind, parent=parent, valid_from=BORN, search=code, **names)


def post(where: Unit, code: str, role: Role | None, kind: str = "officer") -> Post:
    return Post(unit=where, code=code, kind=kind, title_vi=code, title_en=code, role=role, valid_from=BORN)


@pytest.fixture
def right(session: Session) -> Callable[[str], Role]:
    """Gives a role with one right, named after its screen."""

    def role(screen: str) -> Role:
        permission = PermissionView(permission=Permission(name=f"can_{screen}"), view_menu=ViewMenu(name=screen))
        made = Role(name=screen, permissions=[permission])
        session.add(made)
        session.flush()
        return made

    return role


@pytest.fixture
def person(app: Flask, session: Session) -> User:
    """Someone without any right; the application is there so that posts are known."""
    names = {"first_name": "Trần Thị Mai", "last_name": "Lan", "email": "lan@gialai.example"}
    user = User(username="clerk", active=True, password="!", **names)
    session.add(user)
    session.flush()
    return user


def rights(session: Session, user: User, on: date = DAY) -> set[str]:
    return {screen for _permission, screen in build_actor(session, user, on).permissions}


def test_nobody_may_do_nothing() -> None:
    assert not NOBODY.user_id
    assert not NOBODY.permissions
    assert not NOBODY.sees_everything
    assert not NOBODY.may("can_list", "UnitView")


def test_a_person_without_roles_has_a_name_and_nothing_else(session: Session, person: User) -> None:
    actor = build_actor(session, person, DAY)
    assert actor == Actor(user_id=person.id, username="clerk", full_name="Trần Thị Mai Lan")


def test_rights_come_from_roles_groups_and_posts_together(
    session: Session, person: User, right: Callable[[str], Role]
) -> None:
    person.roles = [right("Own")]
    session.add(Group(name="to", roles=[right("Grouped")], users=[person]))
    seat = post(unit("STTTT"), "cv", right("Seated"))
    session.add(Holding(user=person, post=seat, valid_from=BORN))
    session.flush()
    assert rights(session, person) == {"Own", "Grouped", "Seated"}


def test_a_role_that_comes_in_three_ways_counts_once(
    session: Session, person: User, right: Callable[[str], Role]
) -> None:
    role = right("Same")
    person.roles = [role]
    session.add(Group(name="to", roles=[role], users=[person]))
    session.add(Holding(user=person, post=post(unit("STTTT"), "cv", role), valid_from=BORN))
    session.flush()
    assert build_actor(session, person, DAY).permissions == {("can_Same", "Same")}


def test_what_others_have_is_not_his(session: Session, person: User, right: Callable[[str], Role]) -> None:
    names = {"first_name": "x", "last_name": "x", "email": "x@x"}
    other = User(username="other", active=True, password="!", roles=[right("Own")], **names)
    session.add(other)
    session.add(Group(name="to", roles=[right("Grouped")], users=[other]))
    session.add(Holding(user=other, post=post(unit("STTTT"), "cv", right("Seated")), valid_from=BORN))
    session.flush()
    assert rights(session, person) == set()


@pytest.mark.parametrize(
    ("on", "holds"),
    [
        (date(2023, 12, 31), False),
        (BORN, True),
        (DAY, True),
        (ENDED, True),
        (date(2025, 2, 1), False),
    ],
)
def test_a_post_gives_its_role_from_its_first_day_through_its_last(
    session: Session, person: User, right: Callable[[str], Role], on: date, *, holds: bool
) -> None:
    seat = post(unit("STTTT"), "cv", right("Seated"))
    session.add(Holding(user=person, post=seat, valid_from=BORN, valid_to=ENDED))
    session.flush()
    assert rights(session, person, on) == ({"Seated"} if holds else set())


def test_a_post_or_unit_that_ended_gives_nothing(session: Session, person: User, right: Callable[[str], Role]) -> None:
    office = unit("STTTT")
    seat = post(office, "cv", right("Seated"))
    session.add(Holding(user=person, post=seat, valid_from=BORN))
    session.flush()
    assert rights(session, person) == {"Seated"}
    seat.valid_to = date(2024, 12, 31)
    session.flush()
    assert rights(session, person) == set()
    seat.valid_to, office.valid_to = None, date(2024, 12, 31)
    session.flush()
    assert rights(session, person) == set()


def test_posts_give_units_and_the_reach_below_them(session: Session, person: User) -> None:
    police = unit("CAT", "police")
    division, other = unit("PC06", "division", police), unit("STTTT")
    seat = post(police, "gd", None, "head")
    session.add_all([division, other, Holding(user=person, post=seat, valid_from=BORN)])
    session.flush()
    actor = build_actor(session, person, DAY)
    assert actor.postings == (Posting(seat.id, "head", police.id, "police", None),)
    assert actor.own_units == {police.id}
    assert actor.reach == {police.id, division.id}


def test_reading_everything_is_a_right_of_its_own(session: Session, person: User) -> None:
    permission, screen = READ_EVERYTHING
    row = PermissionView(permission=Permission(name=permission), view_menu=ViewMenu(name=screen))
    person.roles = [Role(name="Auditor", permissions=[row])]
    session.add(person.roles[0])
    session.flush()
    actor = build_actor(session, person, DAY)
    assert actor.sees_everything
    assert not actor.reach


def test_an_actor_costs_three_queries(session: Session, person: User, right: Callable[[str], Role]) -> None:
    for number in range(3):
        seat = post(unit(f"U{number}"), "cv", right(f"Seated{number}"))
        session.add(Holding(user=person, post=seat, valid_from=BORN))
    session.flush()
    statements: list[str] = []
    engine: Any = session.get_bind()

    def count(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        statements.append(statement)

    event.listen(engine, "before_cursor_execute", count)
    build_actor(session, person, DAY)
    event.remove(engine, "before_cursor_execute", count)
    print(f"{len(statements)} queries")
    assert len(statements) == 3


def test_the_day_turns_with_the_clock_in_vietnam(monkeypatch: pytest.MonkeyPatch) -> None:
    class Clock(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> Any:
            return datetime(2025, 1, 31, 17, 0, tzinfo=UTC).astimezone(tz)

    monkeypatch.setattr(security, "datetime", Clock)
    assert security.today() == date(2025, 2, 1)
