"""However many register at once, on either database: no gap, no number twice, no document twice unawares."""

from __future__ import annotations

from dataclasses import replace
from threading import Barrier, Thread
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from portal.db import utc_now
from portal.documents.finding import found_lines
from portal.incoming import handling, service
from portal.incoming.models import ArrivalBook, IncomingDocument
from portal.security import today
from portal.tasks.models import ClarityProfile
from tests.portal.incoming.arriving import PLAN, handed, unit
from tests.portal.province import Province
from workflows.errors import Refusal

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask
    from sqlalchemy.orm import Session

PEOPLE, EACH = 4, 10


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def house(request: pytest.FixtureRequest) -> Flask:
    """A portal on either database."""
    app: Flask = request.getfixturevalue("portal" if request.param == "sqlite" else "portal_on_postgres")
    return app


def at_once(house: Flask, deed: Callable[[Session, int, int], None]) -> list[str]:
    """Let several act at the same moment, each in sessions of his own; gives what was refused, or nothing."""
    database, gate, ends = house.extensions["trinh"]["database"], Barrier(PEOPLE), [""] * (PEOPLE * EACH)

    def act(mine: int) -> None:
        gate.wait(timeout=30)
        for turn in range(EACH):
            with house.app_context():
                try:
                    deed(database.session(), mine, turn)
                    database.session.commit()
                except Refusal as refusal:
                    database.session.rollback()
                    ends[mine * EACH + turn] = refusal.code
                finally:
                    database.session.remove()

    threads = [Thread(target=act, args=(mine,)) for mine in range(PEOPLE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)
    return ends


def register(session: Session, symbol: str) -> IncomingDocument:
    province = Province(session)
    registrar, committee = province.actor("registrar"), unit(province, "UBND")
    arrival = replace(PLAN, symbol=symbol, code="")
    return service.register(session, registrar, committee, arrival, on=today(), again="")


def numbers(house: Flask) -> tuple[list[int], int]:
    """The numbers that were given, and the last one of the book."""
    with house.app_context():
        session = house.extensions["trinh"]["database"].session()
        given = sorted(session.scalars(select(IncomingDocument.number)))
        last = session.scalars(select(ArrivalBook.last_number)).one()
        session.rollback()
    return given, last


def test_many_register_at_once_without_a_gap(house: Flask) -> None:
    def deed(session: Session, mine: int, turn: int) -> None:
        register(session, f"{mine * 100 + turn + 1}/KH-CAT")
        if turn % 3 == 0:
            raise Refusal("given_up")

    ends = at_once(house, deed)
    given, last = numbers(house)
    assert len(given) == ends.count("")
    assert given == list(range(1, last + 1))


def test_of_those_who_register_one_document_at_once_one_does(house: Flask) -> None:
    ends = at_once(house, lambda session, _mine, turn: register(session, f"{turn + 1}/KH-CAT") and None)
    assert (ends.count(""), ends.count("arrived_before")) == (EACH, EACH * (PEOPLE - 1))
    given, last = numbers(house)
    assert given == list(range(1, EACH + 1)) == list(range(1, last + 1))


def test_where_an_arrival_stands_is_the_same_on_both_databases(house: Flask) -> None:
    with house.app_context():
        database = house.extensions["trinh"]["database"]
        session = database.session()
        province = Province(session)
        items = [register(session, f"{number}/KH-CAT") for number in range(1, 6)]
        for item in items[1:]:
            handed(province, item)
        profile = session.scalars(select(ClarityProfile.id).order_by(ClarityProfile.id)).first()
        head = province.actor("head")
        for item in items[2:4]:
            asked = handling.Asked("Rà soát", profile, item.lead_unit_id, None)
            task = handling.make_task(session, head, item.id, asked, version=item.version)
            task.assigned_at = utc_now()
        task.completed_on, task.evidence = today(), "01/BC"
        told = {"version": items[4].version, "words": "Đang làm"}
        handling.note(session, head, items[4].id, **told)
        session.flush()
        found = session.execute(
            select(IncomingDocument.state, IncomingDocument.last_note).order_by(IncomingDocument.number)
        )
        assert [tuple(row) for row in found] == [
            ("new", None),
            ("assigned", None),
            ("in_progress", None),
            ("done", None),
            ("in_progress", "Đang làm"),
        ]
        made = handling.tasks_of(session, head, items[2])
        assert [(each.task.title, each.is_seen) for each in made] == [("Rà soát", True)]
        assert handling.origin_of(session, head, made[0].task.id) is items[2]
        assert list(found_lines(session, head, "kế hoạch")) == []
        database.session.remove()


def refused(house: Flask, statement: str) -> str:
    """Why the database refuses a statement; nothing of it is kept."""
    with house.extensions["trinh"]["database"].engine.connect() as connection, pytest.raises(DBAPIError) as error:
        connection.execute(text(statement))
    return str(error.value.orig)


def test_the_database_itself_keeps_every_arrival_and_its_number(house: Flask) -> None:
    with house.app_context():
        database = house.extensions["trinh"]["database"]
        incoming = register(database.session(), "1/KH-CAT")
        incoming.void_reason = "Nhầm"
        database.session.commit()
        database.session.remove()
    for statement in (
        "DELETE FROM incoming_document",
        "DELETE FROM arrival_book",
        "UPDATE incoming_document SET number = 2",
        "UPDATE incoming_document SET year = 1999",
        "UPDATE incoming_document SET registered_by = 2",
        "UPDATE incoming_document SET void_reason = NULL",
        "UPDATE incoming_document SET subject = 'Another'",
        "UPDATE arrival_book SET last_number = 0",
        "UPDATE arrival_book SET last_number = 9",
        "UPDATE arrival_book SET before_portal = 1",
        "UPDATE arrival_book SET year = 1999",
    ):
        assert "frozen" in refused(house, statement), statement
    columns = [each.name for each in IncomingDocument.__table__.columns if each.name != "id"]
    for number in (0, 2):
        said = ", ".join(str(number) if name == "number" else name for name in columns)
        statement = f"INSERT INTO incoming_document ({', '.join(columns)}) SELECT {said} FROM incoming_document"
        assert "incoming_document_in_its_book" in refused(house, statement), number
