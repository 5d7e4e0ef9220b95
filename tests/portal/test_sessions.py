"""Sessions as rows, on both databases: opened, found, ended by what they stand on, swept away."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from flask_appbuilder.security.sqla.models import Group, Role, User

from portal import sessions, tables
from portal.db import Base, Database, utc_now
from portal.sessions import CODE, HALF, HALF_LIFE, PASSWORD, Limits, UserSession

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.orm import Session

LIMITS = Limits(timedelta(hours=8), timedelta(hours=12))


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """An empty database whose sessions are watched."""
    assert tables.LOADED
    found = Database(database_url)
    sessions.watch(found.session)
    Base.metadata.create_all(found.engine)
    yield found
    found.session.remove()
    found.engine.dispose()


def person(session: Session, name: str) -> User:
    user = User(username=name, first_name=name, last_name=name, email=name, password="x", active=True)
    session.add(user)
    session.flush()
    return user


def opened(session: Session, user: User, proof: str = PASSWORD) -> str:
    return sessions.open_session(session, user, proof=proof, address="a" * 99, agent="b" * 999, limits=LIMITS)


def why(session: Session, token: str) -> str:
    session.expire_all()
    row = sessions.find(session, token)
    assert row is not None
    return sessions.why_dead(row, LIMITS)


def test_a_session_is_found_by_its_id_alone(database: Database) -> None:
    session = database.session()
    user = person(session, "a")
    token = opened(session, user)
    session.commit()
    row = sessions.find(session, token)
    assert row is not None
    assert (row.user.username, len(row.address), len(row.agent)) == ("a", 64, 200)
    assert sessions.find(session, row.digest) is None
    assert sessions.find(session, "") is None


def test_everything_a_session_stands_on_ends_it_and_those_of_others_stay(database: Database) -> None:
    session = database.session()
    owner, other, role = person(session, "a"), person(session, "b"), Role(name="r")
    group = Group(name="g", users=[owner])
    session.add_all([role, group])
    session.commit()
    stays = opened(session, other)

    def change_password() -> None:
        owner.password = "y"

    def change_roles() -> None:
        owner.roles = [role]

    def leave_group() -> None:
        group.users = []

    def join_group() -> None:
        owner.groups = [group]

    def change_roles_of_group() -> None:
        group.roles = [role]

    def remove_group() -> None:
        session.delete(group)

    def close() -> None:
        owner.active = False

    ends = (change_password, change_roles, leave_group, join_group, change_roles_of_group, remove_group, close)
    for change in ends:
        token = opened(session, owner)
        session.commit()
        assert why(session, token) == ""
        change()
        session.commit()
        assert why(session, token) in sessions.WATCHED.values(), change.__name__
    assert why(session, stays) == ""


def test_what_is_rolled_back_ends_nothing(database: Database) -> None:
    session = database.session()
    owner = person(session, "a")
    token = opened(session, owner)
    session.commit()
    owner.password = "y"
    session.flush()
    session.rollback()
    assert why(session, token) == ""


def test_sessions_age(database: Database) -> None:
    session = database.session()
    user = person(session, "a")
    ages = {
        "fresh": (timedelta(0), timedelta(0), PASSWORD, ""),
        "idle": (timedelta(hours=9), timedelta(hours=8), CODE, "idle"),
        "old": (timedelta(hours=12), timedelta(0), CODE, "expired"),
        "half": (HALF_LIFE, timedelta(0), HALF, "expired"),
    }
    for opened_ago, seen_ago, proof, expected in ages.values():
        token = opened(session, user, proof)
        row = sessions.find(session, token)
        assert row is not None
        row.opened_at, row.seen_at = utc_now() - opened_ago, utc_now() - seen_ago
        session.commit()
        assert why(session, token) == expected
    assert [row.proof for row in sessions.open_sessions(session, user.id, LIMITS)] == [PASSWORD]


def test_the_last_request_is_noted_in_a_transaction_of_its_own(database: Database) -> None:
    session = database.session()
    token = opened(session, person(session, "a"))
    row = sessions.find(session, token)
    assert row is not None
    row.seen_at = utc_now() - timedelta(minutes=2)
    session.commit()
    assert sessions.is_worth_noting(row)
    key = row.id
    database.session.remove()
    sessions.note_seen(database, key)
    assert not sessions.is_worth_noting(database.session().get_one(UserSession, key))
