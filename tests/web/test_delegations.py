"""Who is away lets somebody stand in; posts change hands while reports wait; the work follows."""

from __future__ import annotations

from datetime import date, timedelta
from html import unescape
from typing import TYPE_CHECKING, Any

import pytest
from flask_appbuilder.security.sqla.models import User
from sqlalchemy import select

from portal import jobs
from portal.approvals.models import ApprovalCase, BegunDay, CaseDecision, CaseEvent, StandingDelegation, WorkItem
from portal.approvals.reseating import begin_days
from portal.definitions import publishing
from portal.definitions import service as definitions
from portal.security import today
from portal.units.models import Holding, Post, Unit
from tests.web.calls import one, rows
from tests.web.desk import CASE, Desk
from tests.web.report_page import Page
from tests.web.rows import count

if TYPE_CHECKING:
    from flask import Flask

NEW = "/delegations/new"


def day(offset: int) -> str:
    """A day from today on, as people type it."""
    return (today() + timedelta(days=offset)).strftime("%d/%m/%Y")


def seat(desk: Desk, who: str) -> str:
    """The seat of one of the cast, as the form calls it."""
    key = desk.key(who)
    with rows(desk.portal) as session:
        holding = session.scalars(select(Holding).where(Holding.user_id == key)).first()
        assert holding is not None
        return f"{holding.post_id}.{holding.user_id}"


def ask(desk: Desk, by: str = "head", to: str = "deputy", of: str = "", **typed: Any) -> Any:
    """Let somebody stand in, from today for ten days unless other days are named."""
    form = {
        "seat": seat(desk, of or by),
        "delegate": desk.key(to),
        "kind": "absence",
        "valid_from": day(0),
        "valid_to": day(10),
        "reason": "Đi công tác tại Hà Nội",
        "form_key": "",
        "unit": "",
        "step": "",
    }
    unit = ""
    if of:
        number = int(form["seat"].partition(".")[0])
        with rows(desk.portal) as session:
            post = session.get_one(Post, number)
            unit = f"?unit={post.unit_id}"
    return desk.visitor(by).post(NEW + unit, {**form, **typed})


def work(portal: Flask) -> None:
    """Do what is owed."""
    with portal.app_context():
        database = portal.extensions["trinh"]["database"]
        while jobs.work_one(database, 60, 3):
            pass


def owners(portal: Flask) -> list[tuple[str, str]]:
    """Who has the case now: account, and in whose place."""
    with rows(portal) as session:
        names = {user.id: user.username for user in session.scalars(select(User))}
        found = session.scalars(select(WorkItem).where(WorkItem.closed_at.is_(None)).order_by(WorkItem.number))
        return [(names[each.user_id], names.get(each.instead_of_id or 0, "")) for each in found]


def narrow(desk: Desk) -> None:
    """From now on the shipped chain's first stage is for the head alone; the report goes through it anew."""
    deputy = desk.key("deputy")
    with rows(desk.portal) as session:
        post = session.scalars(select(Post).join(Holding).where(Holding.user_id == deputy)).first()
        assert post is not None
        post.kind = "officer"
        session.commit()
    desk.done("clerk", "recall")
    clerk = desk.visitor("clerk")
    form = Page(clerk.get("/submissions/show/1").text).forms["/submissions/save/1"]
    assert clerk.client.post("/submissions/save/1", data={**form, "then": "submit"}).status_code == 302


def test_whoever_stands_in_gets_what_waits_and_decides_in_the_others_place(portal: Flask, desk: Desk) -> None:
    narrow(desk)
    assert owners(portal) == [("head", "")]
    answer = ask(desk)
    assert (answer.status_code, answer.location) == (302, "/delegations/")
    assert not desk.waits_for("deputy")
    work(portal)
    assert owners(portal) == [("head", ""), ("deputy", "head")]
    assert desk.waits_for("deputy")
    assert f"Bạn đang làm thay {desk.name('head')}" in desk.home("deputy")
    page = desk.report("deputy")
    assert f"thay {desk.name('head')}" in page
    assert "được xác định lại" in page
    desk.done("deputy", "approve", reason="Đồng ý trình.")
    both = desk.key("deputy"), desk.key("head")
    with rows(portal) as session:
        said = session.scalars(select(CaseDecision)).one()
        assert (said.user_id, said.instead_of_id) == both
        told = session.scalars(select(CaseEvent).where(CaseEvent.kind == "seats_revised")).one()
        assert told.actor_id is None


def test_what_is_ended_takes_the_work_back(portal: Flask, desk: Desk) -> None:
    narrow(desk)
    ask(desk)
    work(portal)
    assert "Kết thúc ngay" in unescape(desk.visitor("deputy").get("/delegations/").text)
    assert desk.visitor("head").post("/delegations/1/revoke", {}).status_code == 302
    refused = desk.ask("deputy", "approve")
    assert refused.status_code == 422
    assert "việc đó đã kết thúc" in unescape(refused.text)
    work(portal)
    assert owners(portal) == [("head", "")]
    assert desk.visitor("head").post("/delegations/1/revoke", {}).status_code == 422


def test_what_is_submitted_while_it_holds_goes_to_both(portal: Flask, desk: Desk) -> None:
    ask(desk)
    work(portal)
    narrow(desk)
    assert owners(portal) == [("head", ""), ("deputy", "head")]


@pytest.mark.parametrize("part", ["form_key", "step", "unit"])
@pytest.mark.parametrize("is_meant", [True, False])
def test_a_part_of_the_work_is_a_part(portal: Flask, desk: Desk, part: str, *, is_meant: bool) -> None:
    narrow(desk)
    with rows(portal) as session:
        case = session.get_one(ApprovalCase, CASE)
        item = session.scalars(select(WorkItem).where(WorkItem.closed_at.is_(None))).one()
        step = f"{case.definition.key}.{item.stage}.{item.step}"
        own, other = case.unit_id, one(session, Unit, code="IAGRAI").id
        second = {**definitions.current(session, "form", "monthly-report").body, "key": "other-report"}
        publishing.publish(session, actor="test", kind="form", key="other-report", body=second)
        session.commit()
    meant = {"form_key": "monthly-report", "step": step, "unit": str(own)}
    beside = {"form_key": "other-report", "step": "provincial-report.police.leader", "unit": str(other)}
    answer = ask(desk, **{part: (meant if is_meant else beside)[part]})
    assert answer.status_code == 302, unescape(answer.text)
    work(portal)
    assert (("deputy", "head") in owners(portal)) == is_meant


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"valid_from": day(-1)}, "Không thể bắt đầu trước hôm nay"),
        ({"valid_from": day(3), "valid_to": day(2)}, "trước"),
        ({"valid_to": day(400)}, "Tối đa"),
        ({"valid_to": "31/02/2027"}, 'id="valid_to-error"'),
        ({"reason": "  "}, "reason"),
        ({"kind": "chain"}, 'id="kind-error"'),
        ({"delegate": ""}, 'id="delegate-error"'),
        ({"delegate": "999999"}, 'id="delegate-error"'),
        ({"seat": "1.1"}, 'id="seat-error"'),
        ({"step": "nowhere.at.all"}, 'id="step-error"'),
    ],
)
def test_what_makes_no_sense_is_refused_and_stays_typed(desk: Desk, typed: dict[str, str], words: str) -> None:
    answer = ask(desk, **{"reason": "Đi công tác", **typed})
    assert answer.status_code == 422
    assert words in unescape(answer.text)
    if typed.get("reason", "x").strip():
        assert "Đi công tác" in unescape(answer.text)
    assert desk.count(StandingDelegation) == 0


def test_nobody_stands_in_for_others_without_them(desk: Desk) -> None:
    assert ask(desk, "deputy", "head", seat=seat(desk, "police.head")).status_code == 422
    assert ask(desk, "head", "police.head").status_code == 422  # of another unit
    assert ask(desk, "head", "clerk").status_code == 422  # may not decide
    assert ask(desk, "head", "head").status_code == 422
    assert desk.count(StandingDelegation) == 0
    assert ask(desk).status_code == 302
    assert ask(desk).status_code == 422
    assert desk.count(StandingDelegation) == 1


def test_an_administrator_lets_somebody_stand_in_for_one_who_cannot(portal: Flask, desk: Desk) -> None:
    assert ask(desk, "admin", "deputy", "head").status_code == 302
    assert desk.visitor("police.head").post("/delegations/1/revoke", {}).status_code == 404
    assert desk.visitor("outsider").post("/delegations/1/revoke", {}).status_code in {403, 404}
    assert f"{desk.name('deputy')}" in unescape(desk.visitor("head").get("/delegations/").text)
    assert desk.visitor("clerk").get("/delegations/").status_code == 403
    assert count(portal, StandingDelegation) == 1


def test_a_successor_gets_the_work_of_his_predecessor(portal: Flask, desk: Desk) -> None:
    narrow(desk)
    head = desk.key("head")
    with rows(portal) as session:
        holding = session.scalars(select(Holding).where(Holding.user_id == head)).one()
        number, post, since = holding.id, holding.post_id, holding.valid_from
    admin = desk.visitor("units")
    ended = {"rank": "", "valid_from": since.strftime("%d/%m/%Y"), "valid_to": day(-1)}
    form = Page(admin.get(f"/holdings/edit/{number}").text).forms
    typed = {**next(iter([each for each in form.values() if "valid_to" in each])), **ended}
    assert admin.client.post(f"/holdings/edit/{number}", data=typed).status_code == 302
    work(portal)
    assert owners(portal) == [("head", "")]  # there is nobody else yet
    page = Page(admin.get(f"/holdings/add?post={post}").text).forms
    blank = next(each for each in page.values() if "valid_to" in each)
    seated = {**blank, "user": desk.key("deputy"), "post": post, "valid_from": day(0), "valid_to": ""}
    assert admin.client.post("/holdings/add", data=seated).status_code == 302
    work(portal)
    assert owners(portal) == [("deputy", "")]


def test_a_day_that_begins_is_seen_to_once(portal: Flask, desk: Desk) -> None:
    narrow(desk)
    ask(desk, valid_from=day(1), valid_to=day(2))
    work(portal)
    assert owners(portal) == [("head", "")]

    def begin(on: date) -> list[date]:
        with rows(portal) as session:
            days = begin_days(session, on)
            session.commit()
        return days

    assert begin(today()) == [today()]
    assert begin(today()) == []
    with rows(portal) as session:
        before = len(session.scalars(select(jobs.Job).where(jobs.Job.status == jobs.WAITING)).all())
    assert begin(today() + timedelta(days=3)) == [today() + timedelta(days=number) for number in (1, 2, 3)]
    with rows(portal) as session:
        waiting = session.scalars(select(jobs.Job).where(jobs.Job.status == jobs.WAITING)).all()
        assert len(waiting) == before + 1  # one unit changes, on the first of these days and on the last
        assert len(session.scalars(select(BegunDay)).all()) == 4
