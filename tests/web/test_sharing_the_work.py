"""Sharing the work on a case in the browser: taken in hand, handed on, asked about, set aside, seen by others."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from portal.approvals.models import CaseDecision, CaseEvent
from portal.approvals.words import STATUSES
from tests.web.calls import rows
from tests.web.desk import kept
from tests.web.report_page import address

if TYPE_CHECKING:
    from tests.web.desk import Desk

QUESTION = "Số liệu hồ sơ có khớp với dữ liệu dân cư không?"
OPINION = "Đã đối chiếu, số liệu khớp."


def decided(desk: Desk) -> list[tuple[int, int | None, str]]:
    """Who decided, in whose place, and what."""
    with rows(desk.portal) as session:
        said = session.scalars(select(CaseDecision).order_by(CaseDecision.id))
        return [(each.user_id, each.instead_of_id, each.verdict) for each in said]


# -- in hand ---------------------------------------------------------------------------------------------------


def test_what_somebody_has_in_hand_is_no_longer_recalled_but_asked_back(desk: Desk) -> None:
    desk.refused("clerk", "request_recall", 422, "recall_instead", reason="Nhầm số liệu")
    desk.done("head", "accept")
    page = desk.refused("clerk", "recall", 409, "in_hand", reason="Nhầm số liệu", params={"person": desk.name("head")})
    assert "Nhầm số liệu" in kept(page)
    assert 'class="doubt"' not in desk.report("head")
    desk.done("clerk", "request_recall", reason="Nhầm số liệu của tháng trước")
    for reviewer in ("head", "deputy"):
        notice = desk.report(reviewer).partition('class="doubt">')[2].partition("</p>")[0]
        assert desk.name("clerk") in notice
        assert "Nhầm số liệu của tháng trước" in desk.report(reviewer)
    assert desk.form("clerk", "request_recall") is None
    desk.refused("clerk", "request_recall", 409, "already_requested", reason="Xin lại")
    desk.done("deputy", "return", reason="Trả lại theo đề nghị")
    assert desk.state[0] == "returned"


def test_an_adviser_is_not_asked_to_give_back_what_he_cannot_return(desk: Desk) -> None:
    desk.done("head", "ask_opinion", to="police", reason=QUESTION)
    desk.done("head", "accept")
    desk.done("clerk", "request_recall", reason="Nhầm số liệu")
    notices = [desk.report(who).partition('class="doubt">')[2].partition("</p>")[0] for who in ("head", "police")]
    assert [desk.name("clerk") in notice for notice in notices] == [True, False]


def test_it_is_taken_in_hand_once(desk: Desk) -> None:
    desk.done("head", "accept")
    desk.refused("deputy", "accept", 409, "already_in_hand", params={"person": desk.name("head")})
    assert desk.form("deputy", "accept") is None


def test_a_step_taken_by_one_waits_for_the_other_in_vain_until_it_is_given_back(desk: Desk) -> None:
    head = desk.name("head")
    assert (head in desk.home("deputy"), f"{head} (Giám đốc)," in desk.report("deputy")) == (False, False)
    desk.done("head", "claim")
    assert head in desk.home("deputy").partition('id="waiting"')[2].partition("</section>")[0]
    assert f"{head} (Giám đốc)," in desk.report("deputy")
    assert desk.waits_for("deputy"), "it is hidden from nobody"
    taken = {"person": head, "step": "Lãnh đạo đơn vị"}
    for action in ("approve", "return", "reject", "claim"):
        assert QUESTION in kept(desk.refused("deputy", action, 409, "claimed", reason=QUESTION, params=taken))
    assert 'name="case"' not in desk.visitor("deputy").get("/cases/several").text
    desk.refused("deputy", "release", 409, "claimed", params=taken)
    desk.done("head", "release")
    assert head not in desk.home("deputy")
    desk.done("deputy", "approve")
    assert desk.state == ("in_review", "police", 4)


def test_whoever_took_a_step_decides_on_it(desk: Desk) -> None:
    desk.done("head", "claim")
    desk.refused("head", "claim", 422, "already_yours")
    desk.done("head", "approve")
    assert desk.state == ("in_review", "police", 3)


# -- handed on -------------------------------------------------------------------------------------------------


def test_nobody_delegates_to_who_has_the_same_work_already(desk: Desk) -> None:
    assert desk.form("head", "delegate") is None
    page = desk.refused(
        "head", "delegate", 422, "has_item", to="deputy", reason=QUESTION, params={"person": desk.name("deputy")}
    )
    assert QUESTION in kept(page)


def test_a_delegate_approves_in_the_name_of_both(desk: Desk) -> None:
    desk.done("head", "approve")
    assert not desk.waits_for("police")
    assert desk.offered("police.head", "delegate", "to") == ["", str(desk.key("police"))]
    desk.done("police.head", "delegate", to="police", reason="Tôi đi công tác")
    assert desk.waits_for("police")
    assert not desk.waits_for("police.head")
    desk.refused(
        "police.head",
        "approve",
        422,
        "not_your_item",
        params={"stage": "Công an tỉnh thẩm định", "people": f"{desk.name('police.deputy')} và {desk.name('police')}"},
    )
    desk.refused(
        "police", "delegate", 422, "already_delegated", to="police.deputy", params={"person": desk.name("police.head")}
    )
    desk.done("police", "approve", reason=OPINION)
    assert desk.state == ("in_review", "ubnd", 4)
    assert decided(desk)[-1] == (desk.key("police"), desk.key("police.head"), "approve")
    assert [(each.status, each.instead_of_id) for each in desk.items("police")] == [
        ("decided", desk.key("police.head"))
    ]
    for reader in ("clerk", "chairman"):
        said = desk.report(reader).partition(OPINION)[0].rpartition("<p")[2]
        assert desk.name("police") in said
        assert desk.name("police.head") in said


@pytest.mark.parametrize(
    ("to", "code"),
    [
        ("police.head", "to_oneself"),
        ("clerk", "drafted_it"),
        ("outsider", "outsider"),
        ("chairman", "outsider"),
        ("police.deputy", "has_item"),
    ],
)
def test_a_step_is_delegated_to_colleagues_alone(desk: Desk, to: str, code: str) -> None:
    desk.done("head", "approve")
    params = {} if code in ("to_oneself", "outsider") else {"person": desk.name(to)}
    page = desk.refused("police.head", "delegate", 422, code, to=to, reason=QUESTION, params=params)
    assert QUESTION in kept(page)
    assert to != "outsider" or desk.name(to) not in page, "a key that is guessed tells nobody's name"
    assert desk.items("outsider") == []


@pytest.mark.parametrize("action", ["delegate", "ask_opinion", "add_reviewer"])
def test_nobody_is_brought_in_by_leaving_the_list_as_it_is(desk: Desk, action: str) -> None:
    desk.done("head", "approve")
    assert (desk.form("police.head", action) or {})["to"] == ""
    desk.refused("police.head", action, 422, "nobody_named", reason=QUESTION)


def test_the_same_said_of_another_step_is_not_what_was_done_before(desk: Desk) -> None:
    key = {"version": 1, "idempotency_key": "claim-1"}
    desk.done("head", "claim", step="leader", **key)
    assert desk.ask("head", "claim", step="elsewhere", **key).status_code == 422
    assert desk.ask("head", "claim", step="leader", **key).status_code == 302


@pytest.mark.parametrize("action", ["delegate", "ask_opinion", "add_reviewer"])
@pytest.mark.parametrize("to", ["", "drafter", "0", "-1", "999999", "99999999999999999999", "²", "9" * 5000])
def test_a_person_who_is_none_is_brought_into_nothing_and_the_text_is_kept(desk: Desk, action: str, to: str) -> None:
    desk.done("head", "approve")
    before = desk.count(CaseEvent)
    answer = desk.visitor("police.head").post(f"/cases/1/{action}", {"version": 2, "to": to, "reason": QUESTION})
    assert answer.status_code == 422
    assert QUESTION in kept(answer.text)
    assert desk.count(CaseEvent) == before


# -- asked -----------------------------------------------------------------------------------------------------


def test_whoever_is_asked_for_an_opinion_reads_the_report_and_gives_it(desk: Desk) -> None:
    adviser = desk.visitor("police")
    assert (adviser.get(address(1)).status_code, desk.waits_for("police")) == (404, False)
    assert str(desk.key("police")) in desk.offered("head", "ask_opinion", "to")
    desk.done("head", "ask_opinion", to="police", reason=QUESTION)
    assert desk.waits_for("police")
    assert QUESTION in desk.report("police")
    assert [desk.form("police", action) is None for action in ("advise", "approve", "reject")] == [False, True, True]
    assert 'name="case"' not in adviser.get("/cases/several").text, "an opinion is not given for several at once"
    for action in ("approve", "return", "reject", "suspend"):
        code = "not_your_item" if action == "suspend" else "advises_only"
        people = f"{desk.name('head')} và {desk.name('deputy')}"
        params = {"stage": "Lãnh đạo đơn vị duyệt", "people": people} if action == "suspend" else {}
        desk.refused("police", action, 422, code, reason=OPINION, params=params)
    page = desk.refused("police", "advise", 422, "reason_required", reason="  ")
    assert "/cases/1/advise" in page
    desk.done("police", "advise", reason=OPINION)
    assert OPINION in desk.report("head")
    assert not desk.waits_for("police")
    assert adviser.get(address(1)).status_code == 200
    assert decided(desk) == [(desk.key("police"), None, "advise")]
    desk.done("deputy", "approve")
    assert desk.state == ("in_review", "police", 4)


def test_the_one_who_asked_need_not_wait_for_the_answer(desk: Desk) -> None:
    desk.done("head", "ask_opinion", to="police", reason=QUESTION)
    desk.done("head", "approve")
    assert desk.state == ("in_review", "police", 3)
    assert not desk.waits_for("police")
    desk.refused(
        "police",
        "advise",
        422,
        "not_your_item",
        reason=OPINION,
        params={
            "stage": "Công an tỉnh thẩm định",
            "people": f"{desk.name('police.head')} và {desk.name('police.deputy')}",
        },
    )


def test_a_question_needs_words(desk: Desk) -> None:
    desk.refused("head", "ask_opinion", 422, "reason_required", to="police", reason=" ")
    desk.refused("head", "add_reviewer", 422, "reason_required", to="police", reason=" ")


def test_a_reviewer_added_before_decides_first(desk: Desk) -> None:
    desk.done("head", "add_reviewer", to="police", reason=QUESTION, position="before")
    assert not desk.waits_for("head")
    assert QUESTION in desk.report("police")
    page = desk.refused("head", "approve", 422, "must_wait", reason=OPINION, params={"people": desk.name("police")})
    assert OPINION in kept(page)
    desk.done("deputy", "approve")
    assert desk.state == ("in_review", "department", 3), "it is not complete before the added one has decided"
    desk.done("police", "approve")
    assert desk.state == ("in_review", "police", 4)


def test_the_one_who_added_a_reviewer_decides_when_he_has(desk: Desk) -> None:
    desk.done("head", "add_reviewer", to="police", reason=QUESTION, position="before")
    desk.done("police", "approve", reason=OPINION)
    assert desk.state[1] == "department"
    assert desk.waits_for("head")
    desk.done("head", "approve")
    assert desk.state == ("in_review", "police", 4)
    assert [who for who, _, _ in decided(desk)] == [desk.key("police"), desk.key("head")]


def test_a_reviewer_added_after_waits_for_the_one_who_added_him(desk: Desk) -> None:
    desk.done("head", "add_reviewer", to="police", reason=QUESTION, position="after")
    assert not desk.waits_for("police")
    desk.refused(
        "police", "approve", 422, "must_wait", params={"people": f"{desk.name('head')} và {desk.name('deputy')}"}
    )
    desk.done("head", "approve")
    assert desk.state == ("in_review", "department", 3)
    assert desk.waits_for("police")
    desk.done("police", "reject", reason=OPINION)
    assert desk.state == ("rejected", None, 4)


# -- set aside -------------------------------------------------------------------------------------------------


def test_what_is_suspended_waits_for_all_and_says_so(desk: Desk) -> None:
    badge = desk.words(STATUSES["suspended"])
    assert [badge in desk.home(who) for who in ("head", "deputy", "clerk")] == [False] * 3
    page = desk.refused("head", "suspend", 422, "reason_required", reason="")
    assert "/cases/1/suspend" in page
    desk.done("head", "suspend", reason="Chờ số liệu của cục thống kê")
    assert [badge in desk.home(who) for who in ("head", "deputy", "clerk")] == [True] * 3
    assert desk.state == ("suspended", "department", 2)
    for who, action in (("deputy", "approve"), ("head", "delegate"), ("clerk", "recall"), ("head", "suspend")):
        page = desk.refused(who, action, 409, "suspended", reason=OPINION)
        assert OPINION in kept(page)
    desk.done("deputy", "resume")
    assert desk.state == ("in_review", "department", 3)
    assert [badge in desk.home(who) for who in ("head", "deputy", "clerk")] == [False] * 3
    desk.refused("deputy", "resume", 422, "not_suspended")


def test_an_administrator_sets_aside_and_lets_go_on(desk: Desk) -> None:
    desk.done("admin", "suspend", reason="Theo yêu cầu của thanh tra")
    desk.done("admin", "resume")
    assert desk.state == ("in_review", "department", 3)
    assert "Theo yêu cầu của thanh tra" in desk.report("clerk")
