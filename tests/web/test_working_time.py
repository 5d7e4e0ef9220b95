"""Budgets in the portal: when something is due, who is told, what everybody reads of it, and how often."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from html import unescape
from typing import TYPE_CHECKING

import pytest
from flask_appbuilder.security.sqla.models import User
from sqlalchemy import select

from portal import jobs
from portal.approvals import due_work, service, timing
from portal.approvals.models import ApprovalCase, CaseEvent, Notice, WorkItem
from portal.approvals.recording import Folder, read
from portal.definitions import publishing
from portal.definitions import service as definitions
from portal.words import format_datetime
from tests.web.calls import rows
from tests.web.chains import LEADER, POLICE, chain, put_in_force, stage
from tests.web.desk import CASE, Desk
from tests.web.report_page import filled_in, saving
from workflows.errors import Refusal

if TYPE_CHECKING:
    from flask import Flask

    from tests.conftest import Visit

LADDER = [{"at": -1}, {"at": 0}, {"at": 8, "to": {"posts": ["head"], "place": "unit", "unit": "PC06"}}]
OFFICER = {**LEADER, "owner": {"posts": ["head"], "place": "own"}}
TIMED = stage("unit", "Lãnh đạo đơn vị duyệt", {**OFFICER, "budget": 8, "ladder": LADDER})
FAR = timedelta(days=20)


@pytest.fixture
def timed(portal: Flask, visit: Visit, draft: int) -> Desk:
    """A report that waits in a step with a budget of eight working hours."""
    assert draft == CASE
    put_in_force(portal, chain(TIMED, stage("police", "Công an tỉnh thẩm định", POLICE)))
    desk = Desk(portal, visit)
    clerk = desk.visitor("clerk")
    assert clerk.client.post(saving(1), data={**filled_in(clerk, 1), "then": "submit"}).status_code == 302
    return desk


def let_pass(monkeypatch: pytest.MonkeyPatch, much: timedelta) -> None:
    """From now on it is so much later for whoever looks at the clock or acts."""
    later = datetime.now(UTC) + much
    for module in (due_work, service, timing):
        monkeypatch.setattr(module, "utc_now", lambda: later)


def look(portal: Flask) -> None:
    """A worker looks what is due."""
    with portal.app_context():
        due_work.DueWatch(portal.extensions["trinh"]["database"])()


def told(portal: Flask) -> list[tuple[str, str]]:
    """Who was told what, in order."""
    with rows(portal) as session:
        names = {user.id: user.username for user in session.scalars(select(User))}
        return [(names[each.user_id], each.kind) for each in session.scalars(select(Notice).order_by(Notice.id))]


def reached(portal: Flask) -> list[int]:
    """The rungs that were reached, in order."""
    with rows(portal) as session:
        found = session.scalars(select(CaseEvent).where(CaseEvent.kind == "rung_reached").order_by(CaseEvent.seq))
        return [each.payload["rung"] for each in found]


def test_a_case_knows_when_it_is_due(portal: Flask, timed: Desk) -> None:
    with rows(portal) as session:
        row = session.get_one(ApprovalCase, CASE)
        assert row.due_at is not None
        assert row.next_rung_at is not None
        assert row.next_rung_at < row.due_at
        due = format_datetime(row.due_at)
    assert f"hạn {due}" in " ".join(timed.report("head").split())
    assert "Thời gian xử lý" in timed.report("clerk")
    timed.done("head", "approve")
    with rows(portal) as session:
        assert session.get_one(ApprovalCase, CASE).due_at is None


def test_each_rung_is_reached_once_however_often_somebody_looks(
    portal: Flask, timed: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    look(portal)
    assert reached(portal) == []
    let_pass(monkeypatch, FAR)
    for _ in range(3):
        look(portal)
    assert reached(portal) == [0, 1, 2]
    assert timed.waits_for("police.head")
    assert told(portal) == [
        ("head", "work"),
        ("head", "reminder"),
        ("police.head", "work"),
    ]
    with rows(portal) as session:
        assert session.get_one(ApprovalCase, CASE).next_rung_at is None


def test_whoever_acts_first_wins_over_the_clock(portal: Flask, timed: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    let_pass(monkeypatch, FAR)
    with rows(portal) as session:
        row = session.get_one(ApprovalCase, CASE)
        seen = read(session, row)
    monkeypatch.setattr(due_work, "read", lambda _session, row: Folder(row, seen.case))
    timed.done("head", "approve")
    with portal.app_context():
        database = portal.extensions["trinh"]["database"]
        assert not due_work.reach(database.session(), CASE)
        database.session.remove()
    assert reached(portal) == []
    assert timed.state[:2] == ("in_review", "police")


def test_the_clock_wins_over_whoever_read_before_it(
    portal: Flask, timed: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    version = timed.version
    let_pass(monkeypatch, FAR)
    look(portal)
    monkeypatch.undo()
    answer = timed.ask("head", "approve", version=version)
    assert answer.status_code == 409
    assert "đã hết hạn" in unescape(answer.text)
    timed.done("head", "approve")


def test_nobody_is_reminded_of_what_is_decided(portal: Flask, timed: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    timed.done("head", "approve")
    let_pass(monkeypatch, FAR)
    look(portal)
    assert reached(portal) == []
    assert "reminder" not in dict(told(portal)).values()


def test_a_calendar_that_ends_too_early_stops_nobody(
    portal: Flask, visit: Visit, draft: int, caplog: pytest.LogCaptureFixture
) -> None:
    assert draft
    with rows(portal) as session:
        body = definitions.current(session, "calendar", definitions.CALENDAR).body
        short = {**body, "years": body["years"][:1], "name": {"vi": "Ngắn", "en": "Short"}}
        publishing.publish(session, actor="test", kind="calendar", key=definitions.CALENDAR, body=short)
        session.commit()
    put_in_force(portal, chain(TIMED, stage("police", "Công an tỉnh thẩm định", POLICE)))
    desk = Desk(portal, visit)
    clerk = desk.visitor("clerk")
    caplog.set_level("INFO")
    assert clerk.client.post(saving(1), data={**filled_in(clerk, 1), "then": "submit"}).status_code == 302
    look(portal)
    assert "does not say when a case is due" in caplog.text
    desk.done("head", "approve")


# -- notices ---------------------------------------------------------------------------------------------------


def test_people_are_told_what_comes_to_them_and_what_became_of_it(portal: Flask, timed: Desk) -> None:
    assert told(portal) == [("head", "work")]
    assert "1 thông báo mới" in timed.home("head")
    timed.done("head", "return", reason="Đề nghị bổ sung.")
    assert told(portal)[-1] == ("clerk", "returned")
    assert "thông báo mới" not in timed.home("head")  # it is done
    page = unescape(timed.visitor("clerk").get("/notices/").text)
    assert "Hồ sơ được trả lại cho bạn." in page
    assert "đã xong" in unescape(timed.visitor("head").get("/notices/").text)


def test_what_was_read_is_new_no_more_and_what_came_later_is(portal: Flask, timed: Desk) -> None:
    with rows(portal) as session:
        newest = session.scalars(select(Notice.id)).one()
    assert timed.visitor("clerk").post("/notices/read", {"notice": newest}).status_code == 302
    assert "1 thông báo mới" in timed.home("head")  # not his
    assert timed.visitor("head").post("/notices/read", {"notice": newest}).status_code == 302
    assert "thông báo mới" not in timed.home("head")
    timed.done("clerk", "recall", reason="Nhầm số liệu.")
    clerk = timed.visitor("clerk")
    assert clerk.client.post(saving(1), data={**filled_in(clerk, 1), "then": "submit"}).status_code == 302
    assert "1 thông báo mới" in timed.home("head")


def test_asking_to_have_it_back_is_told_to_those_who_have_it(portal: Flask, timed: Desk) -> None:
    timed.done("head", "accept")
    timed.done("clerk", "request_recall", reason="Nhầm số liệu.")
    assert told(portal)[-1] == ("head", "wanted_back")


def test_the_refusal_of_the_clock_leaves_nothing_behind(portal: Flask, timed: Desk) -> None:
    with rows(portal) as session:
        folder = read(session, session.get_one(ApprovalCase, CASE))
        calendar = definitions.current_calendar(session)
        assert calendar is not None
        with pytest.raises(Refusal, match="nothing_due"):
            service.perform(session, service.PORTAL, folder, due_work.Tick(folder.case.version, calendar))
        session.rollback()
        assert len(session.scalars(select(WorkItem)).all()) == 1
    assert timed.version == 1


def test_a_next_calendar_moves_what_is_due_without_anybody_acting(portal: Flask, timed: Desk) -> None:
    with rows(portal) as session:
        before = session.get_one(ApprovalCase, CASE).due_at
        assert before is not None
        body = definitions.current(session, "calendar", definitions.CALENDAR).body
        mornings = {day: ["07:00-11:30"] for day in ("monday", "tuesday", "wednesday", "thursday", "friday")}
        longer = {**body, "hours": [{"since": "2024-01-01", **mornings}]}
        publishing.publish(session, actor="test", kind="calendar", key=definitions.CALENDAR, body=longer)
    with portal.app_context():
        database = portal.extensions["trinh"]["database"]
        while jobs.work_one(database, 60, 3):
            pass
        database.session.remove()
    with rows(portal) as session:
        after = session.get_one(ApprovalCase, CASE).due_at
        assert after is not None
        assert after > before
        assert session.get_one(ApprovalCase, CASE).version == 1
