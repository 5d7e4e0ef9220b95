"""Two who change one row at the same moment on PostgreSQL: the second waits, then hears that he was overtaken."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.orm import Session

from portal.units.models import Unit
from tests.conftest import Visitor
from tests.web.calls import send, typed_in

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask
    from sqlalchemy import Engine

pytestmark = pytest.mark.postgres
PATIENCE = 20
WAITING = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"


def overtake(engine: Engine, key: int, change: Callable[[], Any]) -> Any:
    """The answer to a change that begins while another transaction has changed the row and not yet ended."""
    with ThreadPoolExecutor(1) as pool, Session(engine) as first, Session(engine) as watcher:
        first.execute(update(Unit).where(Unit.id == key).values(place_name="Pleiku"))
        answer = pool.submit(change)
        deadline = time.monotonic() + PATIENCE
        while not watcher.scalar(text(WAITING)):
            watcher.rollback()
            assert time.monotonic() < deadline, "the second never came to the row"
            time.sleep(0.02)
        first.commit()
        return answer.result(PATIENCE)


@pytest.fixture
def admin(portal_on_postgres: Flask) -> Visitor:
    """Who may change units."""
    visitor = Visitor(portal_on_postgres.test_client())
    visitor.sign_in("admin")
    return visitor


@pytest.fixture
def engine(portal_on_postgres: Flask) -> Engine:
    """The portal's database, past the application."""
    engine: Engine = portal_on_postgres.extensions["trinh"]["database"].engine
    return engine


@pytest.fixture
def key(engine: Engine) -> int:
    """The unit that both change."""
    with Session(engine) as session:
        return session.scalars(select(Unit.id).where(Unit.code == "STTTT")).one()


def kept(engine: Engine, key: int) -> tuple[str, bool]:
    """Where the unit is now, and whether the second one's symbol was written."""
    with Session(engine) as session:
        unit = session.get_one(Unit, key)
        return unit.place_name, unit.symbol == "MUON"


def test_a_form_never_overwrites_what_its_author_has_not_seen(admin: Visitor, engine: Engine, key: int) -> None:
    form = {**typed_in(admin.get(f"/units/edit/{key}").text), "symbol": "MUON"}
    answer = overtake(engine, key, lambda: admin.client.post(f"/units/edit/{key}", data=form))
    assert answer.status_code == 409
    assert 'value="MUON"' in answer.text, "what he typed is still there"
    assert kept(engine, key) == ("Pleiku", False)


def test_a_program_never_overwrites_what_it_has_not_read(admin: Visitor, engine: Engine, key: int) -> None:
    path = f"/api/v1/unit/{key}"
    tag = {"If-Match": admin.get(path).headers["ETag"]}
    answer = overtake(engine, key, lambda: send(admin, "PUT", path, {"symbol": "MUON"}, **tag))
    assert answer.status_code == 412
    assert kept(engine, key) == ("Pleiku", False)
