"""The outbox: a job exists if its change does, is done once, and is tried again until an operator must look."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import OperationalError

from portal import jobs, tables
from portal.db import Base, Database, utc_now

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sqlalchemy.orm import Session

LEASE, ATTEMPTS = 60, 3


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    assert tables.LOADED
    database = Database(f"sqlite:///{tmp_path / 'jobs.db'}")
    Base.metadata.create_all(database.engine)
    yield database
    database.session.remove()
    database.engine.dispose()


@pytest.fixture
def done(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    payloads: list[dict[str, Any]] = []
    monkeypatch.setitem(jobs.HANDLERS, "note", lambda _session, payload: payloads.append(payload))
    return payloads


def _owe(database: Database, kind: str = "note") -> None:
    jobs.enqueue(database.session(), kind, number=7)
    database.session.commit()
    database.session.remove()


def _only(database: Database) -> jobs.Job:
    return database.session().scalars(select(jobs.Job)).one()


def test_a_due_job_is_done_once(database: Database, done: list[dict[str, Any]]) -> None:
    _owe(database)
    assert jobs.work_one(database, LEASE, ATTEMPTS)
    assert not jobs.work_one(database, LEASE, ATTEMPTS)
    assert done == [{"number": 7}]
    assert _only(database).status == jobs.DONE


def test_a_job_falls_with_its_change(database: Database, done: list[dict[str, Any]]) -> None:
    jobs.enqueue(database.session(), "note", number=7)
    database.session.rollback()
    assert not jobs.work_one(database, LEASE, ATTEMPTS)
    assert done == []


def test_a_leased_job_is_nobody_elses_until_the_lease_runs_out(database: Database, done: list[dict[str, Any]]) -> None:
    _owe(database)
    held = jobs.claim(database.session(), LEASE)
    database.session.commit()
    assert held is not None
    assert jobs.claim(database.session(), LEASE) is None
    database.session().execute(update(jobs.Job).values(leased_until=utc_now() - timedelta(seconds=1)))
    database.session.commit()
    assert jobs.work_one(database, LEASE, ATTEMPTS)
    assert done == [{"number": 7}]


def test_whoever_lost_his_lease_writes_nothing(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    def slow(session: Session, _payload: dict[str, Any]) -> None:
        jobs.enqueue(session, "trace")
        session.execute(update(jobs.Job).where(jobs.Job.kind == "slow").values(lease="someone-else"))

    monkeypatch.setitem(jobs.HANDLERS, "slow", slow)
    _owe(database, "slow")
    jobs.work_one(database, LEASE, ATTEMPTS)
    assert [job.kind for job in database.session().scalars(select(jobs.Job))] == ["slow"]


def test_a_failing_job_is_tried_later_and_then_shown_to_an_operator(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_session: Session, _payload: dict[str, Any]) -> None:
        raise ValueError("không in được")

    told: list[str] = []
    monkeypatch.setitem(jobs.HANDLERS, "fail", fail)
    monkeypatch.setitem(jobs.GIVEN_UP, "fail", lambda _session, _payload, error: told.append(error))
    _owe(database, "fail")
    for attempt in range(1, ATTEMPTS + 1):
        assert jobs.work_one(database, LEASE, ATTEMPTS)
        assert not jobs.work_one(database, LEASE, ATTEMPTS), "it waits before the next attempt"
        job = _only(database)
        assert (job.attempts, job.last_error) == (attempt, "ValueError: không in được")
        job.run_after = utc_now()
        database.session.commit()
    assert (_only(database).status, told) == (jobs.FAILED, ["không in được"])


def test_a_hopeless_job_is_not_tried_again(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_session: Session, _payload: dict[str, Any]) -> None:
        raise jobs.HopelessError("mẫu hỏng")

    told: list[str] = []
    monkeypatch.setitem(jobs.HANDLERS, "fail", fail)
    monkeypatch.setitem(jobs.GIVEN_UP, "fail", lambda _session, _payload, error: told.append(error))
    _owe(database, "fail")
    assert jobs.work_one(database, LEASE, ATTEMPTS)
    assert (_only(database).status, _only(database).attempts, told) == (jobs.FAILED, 1, ["mẫu hỏng"])


def test_a_job_that_kills_its_workers_is_given_up(database: Database, done: list[dict[str, Any]]) -> None:
    _owe(database)
    for _ in range(ATTEMPTS):
        assert jobs.claim(database.session(), LEASE), "a worker takes it and dies"
        database.session().execute(update(jobs.Job).values(leased_until=utc_now() - timedelta(seconds=1)))
        database.session.commit()
    assert jobs.work_one(database, LEASE, ATTEMPTS)
    assert (_only(database).status, done) == (jobs.FAILED, [])


def test_a_queue_that_does_not_answer_is_waited_for(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    answers = [OperationalError("claim", {}, Exception("database is locked")), KeyboardInterrupt()]

    def broken(*_: object) -> bool:
        raise answers.pop(0)

    monkeypatch.setattr(jobs, "work_one", broken)
    monkeypatch.setattr(jobs, "IDLE_SECONDS", 0)
    with pytest.raises(KeyboardInterrupt):
        jobs.work_forever(database, LEASE, ATTEMPTS)
    assert answers == []
