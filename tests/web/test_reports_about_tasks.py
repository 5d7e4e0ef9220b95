"""A report that is about one task: who may choose which, what readers see, and that its lead unit can be asked."""

from __future__ import annotations

from html import unescape
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select, update

from portal.demo.journey import january_inputs
from portal.submissions.models import Submission
from portal.tasks.models import Task
from portal.units.models import Unit
from tests.web.calls import key_of, one, rows
from tests.web.chains import chain, put_in_force, stage
from tests.web.report_page import saving

if TYPE_CHECKING:
    from flask import Flask

    from tests.conftest import Visit, Visitor

PLAN = "Xây dựng kế hoạch thực hiện Đề án 06 năm 2025"
"""A task that PC06 leads and the clerk's unit helps with."""

OWN = "Nâng tỷ lệ hồ sơ trực tuyến của đơn vị theo Bộ chỉ số 766"
LEADER = {
    "key": "leader",
    "name": {"vi": "Lãnh đạo đơn vị chủ trì", "en": "Head of the lead unit"},
    "owner": {"posts": ["head", "deputy"], "place": "field", "field": "task_lead"},
}


@pytest.fixture
def plan(portal: Flask) -> int:
    """The key of that task, under way."""
    with rows(portal) as session:
        session.execute(update(Task).where(Task.title == PLAN).values(completed_on=None, evidence=None))
    return key_of(portal, Task, title=PLAN)


def open_report(who: Visitor, portal: Flask, task: object) -> Any:
    unit = key_of(portal, Unit, code="STTTT")
    return who.post("/submissions/new", {"unit": unit, "number": "1", "year": "2025", "task": task})


def test_a_unit_chooses_among_the_tasks_it_leads_or_helps_with(visit: Visit, plan: int, portal: Flask) -> None:
    page = unescape(visit("clerk").get("/submissions/new").text)
    assert f'<option value="{plan}">{PLAN}</option>' in page
    assert OWN in page
    with rows(portal) as session:
        theirs = session.scalars(select(Task.title).where(Task.completed_on.is_not(None))).all()
    assert theirs
    assert not [title for title in theirs if f">{title}</option>" in page]


def test_readers_see_what_it_is_about(visit: Visit, plan: int, portal: Flask) -> None:
    clerk = visit("clerk")
    answer = open_report(clerk, portal, plan)
    assert answer.status_code == 302
    assert PLAN in unescape(clerk.get(answer.location).text)
    with rows(portal) as session:
        assert one(session, Submission, task_id=plan).title


def test_the_unit_that_leads_the_task_is_asked(visit: Visit, plan: int, portal: Flask) -> None:
    put_in_force(portal, chain(stage("lead", "Đơn vị chủ trì", LEADER)))
    clerk = visit("clerk")
    address = open_report(clerk, portal, plan).location
    number = int(address.rpartition("/")[2])
    answer = clerk.post(saving(number), {**january_inputs(), "edition": "0", "version": "0", "then": "submit"})
    assert answer.status_code == 302, answer.text
    assert address in waiting(visit("police.head"))
    assert address not in waiting(visit("head"))


def waiting(who: Visitor) -> str:
    """What waits for somebody on his first page."""
    return who.get("/").text.partition('id="waiting"')[2].partition("</section>")[0]


def test_without_a_task_there_is_nobody_to_ask_and_that_is_said(visit: Visit, portal: Flask) -> None:
    put_in_force(portal, chain(stage("lead", "Đơn vị chủ trì", LEADER)))
    clerk = visit("clerk")
    address = open_report(clerk, portal, "").location
    number = int(address.rpartition("/")[2])
    answer = clerk.post(saving(number), {**january_inputs(), "edition": "0", "version": "0", "then": "submit"})
    assert answer.status_code == 422
    assert "Lãnh đạo đơn vị chủ trì" in unescape(answer.text)


@pytest.mark.parametrize("task", ["999999", "abc", "-1", "1'"])
def test_a_task_that_is_none_of_the_unit_s_is_refused_and_what_was_typed_stays(
    visit: Visit, portal: Flask, task: str
) -> None:
    answer = open_report(visit("clerk"), portal, task)
    page = unescape(answer.text)
    assert (answer.status_code, 'value="2025"' in page) == (422, True)
    assert "nhiệm vụ" in page
    with rows(portal) as session:
        assert session.scalars(select(Submission)).all() == []


def test_a_task_of_others_and_one_that_is_completed_are_refused(visit: Visit, portal: Flask) -> None:
    with rows(portal) as session:
        others = select(Task.id).where(Task.assigned_at.is_not(None), Task.completed_on.is_(None))
        foreign = session.scalars(others.join(Task.lead_unit).where(Unit.code != "STTTT")).all()
    clerk = visit("clerk")
    done = key_of(portal, Task, title=PLAN)
    assert open_report(clerk, portal, done).status_code == 422
    offered = unescape(clerk.get("/submissions/new").text)
    for task in [each for each in foreign if f'value="{each}">' not in offered]:
        assert open_report(clerk, portal, task).status_code == 422
