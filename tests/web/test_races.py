"""Two who act on one case at the same moment, on both databases: one wins, nothing is done twice or by halves."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from threading import Barrier, Thread
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select, update

from portal.approvals import due_work, reseating, service
from portal.approvals.delegations import Grant, grant
from portal.approvals.models import ApprovalCase, CaseDecision, CaseEvent, WorkItem
from portal.approvals.recording import read
from portal.security import today
from portal.submissions import correcting
from portal.submissions.models import Submission, SubmissionVersion
from portal.submissions.service import form_of
from portal.units.models import Holding
from tests.portal.province import Province
from tests.web.chains import LEADER, POLICE, chain, put_in_force, stage
from workflows.actions import Approve
from workflows.errors import Refusal
from workflows.forms import write
from workflows.history import replay

if TYPE_CHECKING:
    from flask import Flask

Deed = Callable[[Any], object]
HEADED = {**LEADER, "owner": {"posts": ["head"], "place": "own"}, "edits": ["direction"]}
TIMED = {**HEADED, "budget": 8, "ladder": [{"at": 0, "to": {"posts": ["head"], "place": "unit", "unit": "PC06"}}]}
CHAIN = chain(stage("unit", "Lãnh đạo đơn vị duyệt", TIMED), stage("police", "Công an tỉnh thẩm định", POLICE))
LATER = datetime.now(UTC) + timedelta(days=20)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def waiting(request: pytest.FixtureRequest) -> Flask:
    """A portal in which a report waits for the head of its unit, for whom his deputy stands in."""
    portal: Flask = request.getfixturevalue("portal" if request.param == "sqlite" else "portal_on_postgres")
    put_in_force(portal, CHAIN)
    database = portal.extensions["trinh"]["database"]
    with portal.app_context():
        province = Province(database.session())
        head, days = province.actor("head"), (today(), today() + timedelta(days=3))
        people = (head.user_id, province.user("deputy").id)
        grant(province.session, head, Grant("absence", head.postings[0].post_id, *people, *days, "Đi công tác"))
        province.submitted()
        province.session.commit()
        database.session.remove()
    return portal


def at_once(portal: Flask, *deeds: Deed) -> list[str]:
    """Let everybody act at the same moment, each in a session of his own; gives what became of each."""
    database, gate = portal.extensions["trinh"]["database"], Barrier(len(deeds))
    ends = ["" for _ in deeds]

    def act(number: int, deed: Deed) -> None:
        with portal.app_context():
            session = database.session()
            gate.wait(timeout=30)
            try:
                deed(session)
                session.commit()
                ends[number] = "done"
            except Refusal as refusal:
                session.rollback()
                ends[number] = refusal.code
            finally:
                database.session.remove()

    threads = [Thread(target=act, args=each) for each in enumerate(deeds)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return ends


def approves(who: str) -> Deed:
    """Somebody approves on the version that he saw before."""

    def deed(session: Any) -> None:
        actor = Province(session).actor(who)
        service.perform(session, actor, service.find(session, actor, 1), Approve(1))

    return deed


def mends(who: str, meetings: str) -> Deed:
    """Somebody approves with a change."""

    def deed(session: Any) -> None:
        actor = Province(session).actor(who)
        report, folder = session.get_one(Submission, 1), service.find(session, actor, 1)
        typed = {**write(form_of(report), report.values, {}), "meetings": meetings}
        sent = correcting.Correction(typed, "Sửa số cuộc họp.", 1)
        correcting.correct(session, actor, report, folder, sent, deny_list=())

    return deed


def ticks(session: Any) -> None:
    """A worker looks at the clock."""
    if not due_work.reach(session, 1):
        raise Refusal("nothing_due")


def reseats(session: Any) -> None:
    """A worker asks anew who has it."""
    reseating.reseat(session, {"case_id": 1})


def sound(portal: Flask) -> tuple[str | None, list[str]]:
    """The stage of the case and the kinds of its events, after making sure that they belong together."""
    with portal.app_context():
        session = portal.extensions["trinh"]["database"].session()
        row = session.get_one(ApprovalCase, 1)
        case = read(session, row).case
        events = session.scalars(select(CaseEvent).order_by(CaseEvent.seq)).all()
        assert [each.seq for each in events] == list(range(1, len(events) + 1))
        assert replay(case.chain, case.events) == case
        assert (row.status, row.stage, row.version) == (case.status, case.stage, case.version)
        items = session.scalars(select(WorkItem).order_by(WorkItem.number)).all()
        assert [(each.number, each.status) for each in items] == [(each.number, each.status) for each in case.items]
        decided = Counter(each.slot for each in session.scalars(select(CaseDecision)))
        assert set(decided.values()) <= {1}
        told = (row.stage, [each.kind for each in events])
        session.rollback()
        return told


def test_of_a_holder_and_who_stands_in_for_him_one_decides(waiting: Flask) -> None:
    ends = at_once(waiting, approves("head"), approves("deputy"))
    assert sorted(ends) == ["done", "stale_version"]
    now, kinds = sound(waiting)
    assert (now, kinds.count("item_decided")) == ("police", 1)


def test_of_two_corrections_one_is_kept(waiting: Flask) -> None:
    ends = at_once(waiting, mends("head", "3"), mends("deputy", "4"))
    assert ends.count("done") == 1
    assert set(ends) <= {"done", "stale_version", "edited_meanwhile"}
    _, kinds = sound(waiting)
    assert kinds.count("content_edited") == 1
    with waiting.app_context():
        session = waiting.extensions["trinh"]["database"].session()
        assert [each.correction for each in session.scalars(select(SubmissionVersion))] == [0, 1]


def test_a_decision_and_the_clock_do_not_both_happen_on_one_version(
    waiting: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (due_work, service):
        monkeypatch.setattr(module, "utc_now", lambda: LATER)
    ends = at_once(waiting, approves("head"), ticks, ticks)
    assert ends.count("done") == 1
    assert set(ends) <= {"done", "stale_version", "nothing_due"}
    _, kinds = sound(waiting)
    assert kinds.count("rung_reached") + kinds.count("item_decided") == 1


def test_a_post_that_changes_hands_during_a_decision_leaves_one_of_both(waiting: Flask) -> None:
    with waiting.app_context():
        database = waiting.extensions["trinh"]["database"]
        province = Province(database.session())
        head, deputy = province.user("head").id, province.user("deputy").id
        session = province.session
        post_id = session.scalars(select(Holding.post_id).where(Holding.user_id == head)).one()
        session.execute(update(Holding).where(Holding.user_id == deputy).values(post_id=post_id))
        session.commit()
        database.session.remove()
    ends = at_once(waiting, approves("head"), reseats, reseats)
    assert ends[0] in {"done", "stale_version"}
    now, kinds = sound(waiting)
    assert kinds.count("item_decided") == (ends[0] == "done")
    assert now == ("police" if ends[0] == "done" else "unit")
