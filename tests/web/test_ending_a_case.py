"""Giving work to somebody else, ending a case and opening it again, and the report that takes its place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from portal.submissions.models import Submission
from tests.portal.province import FEBRUARY
from tests.web.desk import kept
from tests.web.report_page import Page, address, filled_in, saving
from tests.web.report_page import send as press
from tests.web.rows import count, stored

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.portal.province import Province
    from tests.web.desk import Desk

WHY = "Người được giao đã nghỉ chế độ từ đầu tháng."
TITLE = "Báo cáo tình hình, kết quả thực hiện Đề án 06 tháng 01/2025"


def begin_again(desk: Desk) -> Any:
    """The clerk begins a report for the same month."""
    unit = stored(desk.portal, 1).unit_id
    return desk.visitor("clerk").post("/submissions/new", {"unit": unit, "year": 2025, "number": 1})


def number_of(desk: Desk, who: str) -> int:
    """The number of the last piece of work that somebody got."""
    return desk.items(who)[-1].number


# -- given to somebody else ------------------------------------------------------------------------------------


def test_work_given_to_somebody_else_is_his_own(desk: Desk) -> None:
    assert desk.offered("admin", "reassign", "item") == [str(number_of(desk, who)) for who in ("head", "deputy")]
    assert not desk.waits_for("police.head")
    desk.done("admin", "reassign", item=number_of(desk, "head"), to="police.head", reason=WHY)
    assert (desk.waits_for("head"), desk.waits_for("deputy"), desk.waits_for("police.head")) == (False, True, True)
    people = f"{desk.name('deputy')} và {desk.name('police.head')}"
    told = {"stage": "Lãnh đạo đơn vị duyệt", "people": people}
    desk.refused("head", "approve", 422, "not_your_item", params=told)
    assert WHY in desk.report("police.head")
    desk.done("police.head", "approve")
    assert desk.state == ("in_review", "police", 3)
    given = desk.items("police.head")[0]
    assert (given.status, given.instead_of_id) == ("decided", None)


@pytest.mark.parametrize("item", ["0", "999", "3", "-1", "x", "²", "99999999999999999999", ""])
def test_work_that_is_not_open_in_this_case_is_given_to_nobody(
    desk: Desk, prepare: Callable[[Callable[[Province], int]], int], item: str
) -> None:
    prepare(lambda province: province.submitted(FEBRUARY).row.id)  # whose pieces of work have the keys 3 and 4
    page = desk.refused("admin", "reassign", 409, "no_such_item", item=item, to="police.head", reason=WHY)
    assert WHY in kept(page)
    assert desk.items("police.head") == []


def test_work_that_was_given_away_is_not_given_away_again(desk: Desk) -> None:
    closed = number_of(desk, "head")
    desk.done("admin", "reassign", item=closed, to="police.head", reason=WHY)
    desk.refused("admin", "reassign", 409, "no_such_item", item=closed, to="police", reason=WHY)
    assert desk.items("police") == []


@pytest.mark.parametrize(
    ("to", "code"),
    [
        ("clerk", "drafted_it"),
        ("head", "has_item"),
        ("deputy", "has_item"),
        ("outsider", "outsider"),
        ("outsider.head", "outsider"),
        ("registrar", "outsider"),
        ("admin", "to_oneself"),
    ],
)
def test_work_is_given_to_people_who_may_decide_on_it_alone(desk: Desk, to: str, code: str) -> None:
    params = {} if code == "to_oneself" else {"person": desk.name(to)}
    page = desk.refused("admin", "reassign", 422, code, item=1, to=to, reason=WHY, params=params)
    assert WHY in kept(page)


@pytest.mark.parametrize("who", ["clerk", "head", "police.head", "outsider.head", "units", "auditor"])
@pytest.mark.parametrize("action", ["reassign", "cancel", "reopen"])
def test_only_administrators_administer(desk: Desk, who: str, action: str) -> None:
    before = desk.state
    assert desk.ask(who, action, item=1, to="police", reason=WHY).status_code == 403
    assert desk.state == before


# -- given up --------------------------------------------------------------------------------------------------


def test_what_was_withdrawn_is_over_and_another_begins_with_its_answers(desk: Desk) -> None:
    assert begin_again(desk).status_code == 422
    desk.refused("clerk", "withdraw", 422, "reason_required", reason="")
    desk.done("clerk", "withdraw", reason=WHY)
    assert desk.state == ("withdrawn", None, 2)
    assert (desk.waits_for("head"), desk.waits_for("deputy")) == (False, False)
    assert WHY in desk.report("head")
    again = begin_again(desk)
    assert (again.status_code, again.location) == (302, address(2))
    before, after = stored(desk.portal, 1).values, stored(desk.portal, 2).values
    assert after == before
    assert Page(desk.visitor("clerk").get(address(2)).text).forms[saving(2)]["meetings"] == "2"


def test_what_came_back_can_be_withdrawn_too(desk: Desk) -> None:
    desk.done("head", "return", reason=WHY)
    assert desk.form("clerk", "withdraw") is not None, "beside the form in which he could mend it"
    assert desk.form("clerk2", "withdraw") is None
    desk.done("clerk", "withdraw", reason=WHY)
    assert desk.state == ("withdrawn", None, 3)


def test_what_somebody_has_in_hand_is_not_withdrawn(desk: Desk) -> None:
    desk.done("head", "accept")
    page = desk.refused("clerk", "withdraw", 409, "in_hand", reason=WHY, params={"person": desk.name("head")})
    assert WHY in kept(page)


@pytest.mark.parametrize("who", ["clerk2", "head", "outsider"])
def test_only_who_submitted_withdraws(desk: Desk, who: str) -> None:
    before = desk.state
    assert desk.ask(who, "withdraw", reason=WHY).status_code == {"clerk2": 422, "head": 403, "outsider": 404}[who]
    assert desk.state == before


@pytest.mark.parametrize("before", [(), ("suspend",), ("return",)])
def test_what_an_administrator_cancels_is_over_wherever_it_was(desk: Desk, before: tuple[str, ...]) -> None:
    for action in before:
        desk.done("head", action, reason=WHY)
    desk.refused("admin", "cancel", 422, "reason_required", reason=" ")
    desk.done("admin", "cancel", reason=WHY)
    assert desk.state[:2] == ("cancelled", None)
    assert not desk.waits_for("head")
    form = {"edition": stored(desk.portal, 1).edition, "meetings": "7", "then": "save"}
    assert desk.visitor("clerk").post(saving(1), form).status_code == 409
    assert begin_again(desk).status_code == 302


# -- opened again ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("who", "ending"), [("head", "reject"), ("clerk", "withdraw"), ("admin", "cancel")])
def test_what_is_over_is_reopened_for_its_drafter_and_goes_its_way_again(desk: Desk, who: str, ending: str) -> None:
    desk.done(who, ending, reason=WHY)
    desk.refused("admin", "reopen", 422, "reason_required", reason="")
    desk.done("admin", "reopen", reason="Kết luận của thanh tra")
    assert desk.state == ("returned", None, 3)
    clerk = desk.visitor("clerk")
    assert "Kết luận của thanh tra" in desk.report("clerk")
    assert address(1) in desk.home("clerk").partition('id="drafts"')[2].partition("</section>")[0]
    assert press(clerk, 1, filled_in(clerk, 1, meetings="3"), "submit").status_code == 302
    assert desk.state == ("in_review", "department", 4)
    assert desk.waits_for("head")


def test_what_is_not_over_is_not_reopened(desk: Desk) -> None:
    desk.refused("admin", "reopen", 422, "not_finished", reason=WHY)


def test_what_a_document_was_issued_on_is_not_reopened(desk: Desk) -> None:
    for who in ("head", "police.head", "chairman"):
        desk.done(who, "approve")
    page = desk.refused("admin", "reopen", 422, "document_issued", reason=WHY)
    assert WHY in kept(page)
    assert desk.form("admin", "reopen") is None


def test_what_another_report_has_replaced_is_not_reopened_until_that_one_is_given_up(desk: Desk) -> None:
    desk.done("head", "reject", reason=WHY)
    assert begin_again(desk).status_code == 302
    page = desk.refused("admin", "reopen", 422, "already_opened", reason=WHY, params={"title": TITLE})
    assert WHY in kept(page)
    clerk = desk.visitor("clerk")
    assert press(clerk, 2, filled_in(clerk, 2), "submit").status_code == 302
    assert clerk.post("/cases/2/withdraw", {"version": 1, "reason": WHY}).status_code == 302
    desk.done("admin", "reopen", reason=WHY)
    assert desk.state == ("returned", None, 3)


def test_a_report_reopened_takes_its_place_back(desk: Desk) -> None:
    desk.done("head", "reject", reason=WHY)
    desk.done("admin", "reopen", reason=WHY)
    assert begin_again(desk).status_code == 422
    assert count(desk.portal, Submission) == 1
