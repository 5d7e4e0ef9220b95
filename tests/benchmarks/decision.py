"""A decision through the whole service against the very same rows written in raw SQL, on SQLite and on PostgreSQL."""

from __future__ import annotations

import os
import secrets
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from sqlalchemy import create_engine, func, make_url, select, text
from sqlalchemy.exc import OperationalError

from portal import audit
from portal.app import create_app
from portal.approvals import service as approvals
from portal.approvals.models import ApprovalCase, CaseDecision, CaseEvent, Notice, WorkItem
from portal.security import build_actor, today
from tests.asked import statements
from tests.benchmarks.raw_decision import RawDecisions
from tests.benchmarks.timing import CannotRunError, Comparison, in_turns
from tests.conftest import POSTGRES_URL, prepare_province, settings_in
from tests.portal.province import Province
from workflows.actions import Approve
from workflows.periods import Period, PeriodKind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask
    from sqlalchemy.orm import Session

    from portal.security import Actor

RUNS, WARM = 90, 8
WAYS = 3
AIMS = {"sqlite": 3.0, "postgresql": 2.0}
NAMES = {"sqlite": "SQLite, WAL, synchronous=FULL", "postgresql": "PostgreSQL"}
TABLES = (CaseEvent, WorkItem, CaseDecision, Notice)


@contextmanager
def empty_postgres() -> Iterator[str]:
    """The address of an empty PostgreSQL database, dropped afterwards.

    Raises:
        CannotRunError: there is no server.
    """
    server = make_url(os.environ.get("TEST_POSTGRES_URL", POSTGRES_URL))
    name = f"trinh_{secrets.token_hex(6)}"
    engine = create_engine(server, isolation_level="AUTOCOMMIT", connect_args={"connect_timeout": 3})
    try:
        with engine.connect() as connection:
            connection.execute(text(f'CREATE DATABASE "{name}"'))
    except OperationalError as error:
        raise CannotRunError(f"no PostgreSQL: {str(error.orig).splitlines()[0]}") from None
    try:
        yield server.set(database=name).render_as_string(hide_password=False)
    finally:
        with engine.connect() as connection:
            connection.execute(text(f'DROP DATABASE "{name}" WITH (FORCE)'))
        engine.dispose()


def submitted(session: Session, number: int) -> list[int]:
    """Cases that wait for the head of their unit."""
    months = (Period(PeriodKind.MONTH, year, month) for year in range(2000, 2026) for month in range(1, 13))
    province = Province(session)
    keys = [province.submitted(month).row.id for month in islice(months, number)]
    session.commit()
    return keys


def approve(session: Session, head: Actor, case: int) -> None:
    """What the page of a case does, once it knows who asks."""
    approvals.perform(session, head, approvals.find(session, head, case), Approve(1))
    session.commit()


def check(session: Session, cases: list[int]) -> None:
    """Every case was decided once, whichever way, into the same number of rows, and the log holds."""
    assert set(session.scalars(select(ApprovalCase.version).where(ApprovalCase.id.in_(cases)))) == {2}
    for table in TABLES:
        counted = select(func.count()).where(table.case_id.in_(cases)).group_by(table.case_id)
        assert len(rows := session.scalars(counted).all()) == len(cases), table
        assert len(set(rows)) == 1, table
    assert audit.verify(session)[1] == ()


def compare(app: Flask) -> Iterator[str]:
    """The lines for one database."""
    database = app.extensions["trinh"]["database"]
    kind = database.engine.dialect.name
    with app.app_context():
        session = database.session()
        cases = submitted(session, WAYS * (RUNS + WARM) + 1)
        user = Province(session).user("head")
        head = build_actor(session, user, today())
        session.commit()
        approve(session, head, cases[0])
        driver = RawDecisions(database.engine, cases[0])
        left = iter(cases[1:])

        def ours() -> None:
            approve(database.session(), head, next(left))
            database.session.remove()

        def ours_and_who_asks() -> None:
            approve(database.session(), build_actor(database.session(), user, today()), next(left))
            database.session.remove()

        ways = {"ours": ours, "raw": lambda: driver.decide(next(left)), "all": ours_and_who_asks}
        database.session.remove()
        in_turns(ways, WARM)
        taken = in_turns(ways, RUNS)
        driver.close()
        check(database.session(), cases)
        database.session.remove()
        what, against = f"decision, {NAMES[kind]}", "the same rows in raw SQL"
        ours, raw, all_of_it = taken["ours"], taken["raw"], taken["all"]
        yield Comparison(what, against, "time", AIMS[kind]).line(ours.wall, raw.wall)
        yield Comparison(what, against).line(ours.cpu, raw.cpu)
        yield Comparison(f"{what}, reading who asks", against, "time").line(all_of_it.wall, raw.wall)


def count_statements(app: Flask) -> str:
    """How many statements one decision needs."""
    database = app.extensions["trinh"]["database"]
    with app.app_context():
        province = Province(database.session())
        case = province.submitted(Period(PeriodKind.MONTH, 2025, 12)).row.id
        head = province.actor("head")
        province.session.commit()
        with statements(database.engine) as asked:
            approve(database.session(), head, case)
        database.session.remove()
    own = [each for each in asked if " approval_" in each or " audit_entry" in each or "advisory" in each]
    kind = NAMES[database.engine.dialect.name]
    return f"decision, {kind}: {len(own)} statements for case and log, {len(asked)} in all"


def run() -> Iterator[str]:
    """Both databases, one after the other."""
    for kind in ("sqlite", "postgresql"):
        try:
            yield from _on(kind)
        except CannotRunError as reason:
            yield f"decision, {NAMES[kind]}: not run, {reason}"


def _on(kind: str) -> Iterator[str]:
    with TemporaryDirectory() as folder:
        if kind == "sqlite":
            app = create_app(settings_in(Path(folder)))
            yield from _prepared(app)
            return
        with empty_postgres() as url:
            app = create_app(settings_in(Path(folder), DATABASE_URL=url))
            yield from _prepared(app)


def _prepared(app: Flask) -> Iterator[str]:
    prepare_province(app)
    try:
        yield count_statements(app)
        yield from compare(app)
    finally:
        app.extensions["trinh"]["database"].engine.dispose()
