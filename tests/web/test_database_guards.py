"""What the database itself refuses of the state of a case, whoever writes: by name, on SQLite and PostgreSQL."""

from __future__ import annotations

import time
from threading import Event, Thread
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import func, insert, inspect, select, text, update
from sqlalchemy.exc import IntegrityError

from portal.approvals.models import ApprovalCase, CaseDecision, WorkItem
from portal.db import utc_now
from tests.portal.province import FEBRUARY, REVIEWERS, Province
from workflows.actions import Approve, Cancel, Reject, Reopen, Return, Withdraw
from workflows.case import OVER
from workflows.periods import Period, PeriodKind

if TYPE_CHECKING:
    from flask import Flask
    from sqlalchemy import Connection, Engine

MARCH = Period(PeriodKind.MONTH, 2025, 3)
ENDED = "approval_case_over_without_open_items"
OPENED, REOPENED = "approval_work_item_not_opened_when_over", "approval_work_item_not_reopened_when_over"


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def house(request: pytest.FixtureRequest) -> Flask:
    """A portal on either database: case 1 is rejected, case 2 was approved by the head and waits for the police."""
    app: Flask = request.getfixturevalue("portal" if request.param == "sqlite" else "portal_on_postgres")
    with app.app_context():
        database = app.extensions["trinh"]["database"]
        province = Province(database.session())
        over, waiting = province.submitted(), province.submitted(FEBRUARY)
        assert (over.row.id, waiting.row.id) == (1, 2)
        province.act("head", over, Reject(1, "Trùng báo cáo."))
        province.approve("head", waiting)
        province.session.commit()
        database.session.remove()
    return app


@pytest.fixture
def engine(house: Flask) -> Engine:
    found: Engine = house.extensions["trinh"]["database"].engine
    return found


def refused(engine: Engine, statement: str, **values: Any) -> str:
    """Why the database refuses a statement; nothing of it is kept."""
    with engine.connect() as connection, pytest.raises(IntegrityError) as error:
        connection.execute(text(statement), values)
    return str(error.value.orig)


def copied(connection: Connection, model: Any, key: int, **changes: Any) -> None:
    """Insert another row that says the same as one, but for some columns."""
    table = inspect(model).local_table
    row = dict(connection.execute(select(table).where(table.c.id == key)).mappings().one())
    del row["id"]
    connection.execute(insert(table).values({**row, **changes}))


def copying_refused(engine: Engine, model: Any, key: int, **changes: Any) -> str:
    with engine.connect() as connection, pytest.raises(IntegrityError) as error:
        copied(connection, model, key, **changes)
    return str(error.value.orig)


def key_of(engine: Engine, *conditions: Any, model: Any = WorkItem) -> int:
    with engine.connect() as connection:
        key: int = connection.execute(select(model.id).where(*conditions).order_by(model.id)).scalars().first()
        return key


def waiting_item(engine: Engine) -> int:
    return key_of(engine, WorkItem.case_id == 2, WorkItem.closed_at.is_(None))


def is_postgres(engine: Engine) -> bool:
    return engine.dialect.name == "postgresql"


# -- a case that is over has no open items -------------------------------------------------------------------------


@pytest.mark.parametrize("status", sorted(OVER))
@pytest.mark.parametrize("item", ["open", "parked"])
def test_no_case_ends_over_an_item_that_waits(engine: Engine, status: str, item: str) -> None:
    with engine.begin() as connection:
        connection.execute(text("UPDATE approval_work_item SET status = :item WHERE closed_at IS NULL"), {"item": item})
    ending = "UPDATE approval_case SET status = :status, stage = NULL WHERE id = 2"
    assert ENDED in refused(engine, ending, status=status)
    with engine.begin() as connection:
        connection.execute(update(WorkItem).values(status="closed", closed_at=utc_now()))
        connection.execute(text(ending), {"status": status})


@pytest.mark.parametrize("status", ["open", "parked"])
def test_no_item_is_opened_in_a_case_that_is_over(engine: Engine, status: str) -> None:
    waiting = waiting_item(engine)
    assert OPENED in copying_refused(engine, WorkItem, waiting, case_id=1, number=99, status=status)
    with engine.begin() as connection:
        copied(connection, WorkItem, waiting, case_id=1, number=99, status="closed", closed_at=utc_now())


@pytest.mark.parametrize("status", ["open", "parked"])
def test_no_item_of_a_case_that_is_over_is_opened_again(engine: Engine, status: str) -> None:
    again = "UPDATE approval_work_item SET status = :status, closed_at = NULL WHERE case_id = 1"
    assert REOPENED in refused(engine, again, status=status)


def test_no_open_item_is_moved_into_a_case_that_is_over(engine: Engine) -> None:
    moving = "UPDATE approval_work_item SET case_id = 1, number = 99 WHERE id = :key"
    assert REOPENED in refused(engine, moving, key=waiting_item(engine))


@pytest.mark.postgres
@pytest.mark.parametrize("house", ["postgres"], indirect=True)  # SQLite's writers come one after another
@pytest.mark.parametrize("first", ["ends", "opens"])
def test_an_end_and_an_opening_at_the_same_moment_do_not_miss_each_other(engine: Engine, first: str) -> None:
    with engine.begin() as connection:
        connection.execute(text("UPDATE approval_work_item SET status = 'closed', closed_at = now() WHERE case_id = 2"))
    key = key_of(engine, WorkItem.case_id == 2)

    def ends(connection: Connection) -> None:
        connection.execute(text("UPDATE approval_case SET status = 'cancelled', stage = NULL WHERE id = 2"))

    def opens(connection: Connection) -> None:
        copied(connection, WorkItem, key, number=99, status="open", closed_at=None)

    begun, said = Event(), []

    def second() -> None:
        with engine.connect() as connection:
            begun.set()
            try:
                (opens if first == "ends" else ends)(connection)
                connection.commit()
            except IntegrityError as error:
                said.append(str(error.orig))

    with engine.connect() as connection:
        (ends if first == "ends" else opens)(connection)
        thread = Thread(target=second)
        thread.start()
        begun.wait(30)
        time.sleep(0.3)  # the second one is in the database, and waits there
        assert thread.is_alive()
        connection.commit()
        thread.join(60)
    assert len(said) == 1
    assert (OPENED if first == "ends" else ENDED) in said[0]


# -- one open item per step and person, one decision per entry, slot and person ------------------------------------


def test_nobody_has_one_step_open_twice(engine: Engine) -> None:
    why = copying_refused(engine, WorkItem, waiting_item(engine), number=99, slot="leader+99")
    columns = "approval_work_item.case_id, approval_work_item.step, approval_work_item.user_id"
    assert ("uq_approval_work_item_open" if is_postgres(engine) else columns) in why


@pytest.mark.parametrize(
    ("changes", "name", "columns"),
    [
        ({"item": 99, "slot": "other"}, "uq_approval_decision_person", ("case_id", "entry", "user_id")),
        ({"item": 99, "user_id": 1}, "uq_approval_decision_slot", ("case_id", "entry", "slot")),
        ({"entry": 99}, "uq_approval_decision_item", ("case_id", "item")),
    ],
)
def test_nobody_decides_twice(engine: Engine, changes: dict[str, Any], name: str, columns: tuple[str, ...]) -> None:
    key = key_of(engine, CaseDecision.case_id == 2, model=CaseDecision)
    why = copying_refused(engine, CaseDecision, key, **changes)
    assert (name if is_postgres(engine) else ", ".join(f"approval_decision.{each}" for each in columns)) in why


# -- every end that the portal writes is one that the database takes ------------------------------------------------

ENDS = {
    "approved": [(who, Approve, ()) for who in REVIEWERS],
    "rejected": [("head", Reject, ("Trùng.",))],
    "withdrawn": [("head", Return, ("Xem lại.",)), ("clerk", Withdraw, ("Không trình nữa.",))],
    "cancelled": [("admin", Cancel, ("Lập nhầm.",))],
}


@pytest.mark.parametrize("status", ENDS)
def test_every_way_to_end_a_case_is_taken_and_reopening_too(house: Flask, status: str) -> None:
    with house.app_context():
        database = house.extensions["trinh"]["database"]
        province = Province(database.session())
        folder = province.submitted(MARCH)
        for who, action, said in ENDS[status]:
            folder = province.act(who, folder, action(folder.case.version, *said))
        province.session.commit()
        row = province.session.get_one(ApprovalCase, folder.row.id)
        province.session.refresh(row)
        assert (row.status, row.stage) == (status, None)
        waiting = (WorkItem.case_id == row.id, WorkItem.closed_at.is_(None))
        assert province.session.scalar(select(func.count()).select_from(WorkItem).where(*waiting)) == 0
        if status != "approved":
            again = province.act("admin", folder, Reopen(folder.case.version, "Nhầm."))
            province.hand_in(province.report_of(again))
        province.session.commit()
        database.session.remove()
