"""Approving several at once: each is decided for itself, and one that cannot be leaves the others as they are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from portal.approvals import service
from portal.approvals.models import ApprovalCase, CaseDecision
from portal.demo.journey import Journey, january_inputs
from tests.web.calls import rows
from tests.web.report_page import Page
from workflows.periods import Period, PeriodKind

if TYPE_CHECKING:
    from flask import Flask

    from tests.conftest import Visit


@pytest.fixture
def reports(portal: Flask) -> list[int]:
    """Three reports that wait for the head of their unit; the keys of them and of their cases are the same."""
    with portal.app_context():
        journey = Journey(portal, lambda _line: None)
        keys = [journey.draft(january_inputs())]
        keys += [journey.draft(january_inputs(), Period(PeriodKind.MONTH, 2025, month)) for month in (2, 3)]
        for key in keys:
            journey.hand_in(key)
        portal.extensions["trinh"]["database"].session.remove()
    return keys


def states(portal: Flask) -> list[tuple[str | None, int]]:
    with rows(portal) as session:
        return [(row.stage, row.version) for row in session.scalars(select(ApprovalCase).order_by(ApprovalCase.id))]


def approve(visit: Visit, who: str, *keys: str, reason: str = "") -> tuple[int, str]:
    answer = visit(who).post("/cases/several", {"case": list(keys), "reason": reason})
    return answer.status_code, answer.text


def test_the_page_lists_what_waits_and_home_leads_there(visit: Visit, reports: list[int]) -> None:
    head = visit("head")
    assert 'href="/cases/several"' in head.get("/").text
    page = head.get("/cases/several").text
    assert [f'value="{key}.1"' in page for key in reports] == [True, True, True]


def test_each_one_ticked_is_approved_with_the_same_words(visit: Visit, portal: Flask, reports: list[int]) -> None:
    status, page = approve(visit, "head", "1.1", "3.1", reason="Nhất trí")
    assert status == 200
    assert "2 trên 2" in page
    assert states(portal) == [("police", 2), ("department", 1), ("police", 2)]
    with rows(portal) as session:
        assert [each.reason for each in session.scalars(select(CaseDecision))] == ["Nhất trí", "Nhất trí"]


def test_one_that_cannot_be_approved_leaves_the_others(visit: Visit, portal: Flask, reports: list[int]) -> None:
    assert visit("deputy").post("/cases/2/return", {"version": 1, "reason": "Thiếu số liệu."}).status_code == 302
    status, page = approve(visit, "head", "1.1", "2.1", "3.1")
    assert status == 200
    assert "2 trên 3" in page
    assert [stage for stage, _ in states(portal)] == ["police", None, "police"]


def test_what_others_see_or_nobody_has_is_told_alike(visit: Visit, portal: Flask, reports: list[int]) -> None:
    pages = [approve(visit, "outsider.head", key)[1] for key in ("1.1", "99.1")]
    texts = [page.split("<main")[1] for page in pages]
    assert texts[0] == texts[1]
    assert states(portal) == [("department", 1)] * 3


def test_the_same_form_again_does_nothing_twice_and_tells_the_same(
    visit: Visit, portal: Flask, reports: list[int]
) -> None:
    head = visit("head")
    form = {**Page(head.get("/cases/several").text).forms[""], "case": ["1.1", "3.1"], "reason": "Nhất trí"}
    pages = [head.client.post("/cases/several", data=form).text.split("<main")[1] for _ in range(2)]
    assert pages[0] == pages[1]
    assert "2 trên 2" in pages[0]
    assert states(portal) == [("police", 2), ("department", 1), ("police", 2)]


def test_what_broke_off_goes_on_where_it_stopped(
    visit: Visit, portal: Flask, reports: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    head, perform = visit("head"), service.perform
    form = {**Page(head.get("/cases/several").text).forms[""], "case": ["1.1", "2.1", "3.1"]}

    def break_at_the_second(*given: Any) -> Any:
        if given[2].row.id == 2:
            raise OSError("the power is gone")
        return perform(*given)

    monkeypatch.setattr(service, "perform", break_at_the_second)
    assert head.client.post("/cases/several", data=form).status_code == 500
    assert states(portal) == [("police", 2), ("department", 1), ("department", 1)]
    monkeypatch.undo()
    assert "3 trên 3" in head.client.post("/cases/several", data=form).text
    assert states(portal) == [("police", 2)] * 3


def test_the_same_form_with_others_ticked_is_refused_whole(visit: Visit, portal: Flask, reports: list[int]) -> None:
    head = visit("head")
    form = {**Page(head.get("/cases/several").text).forms[""], "case": ["1.1"], "reason": "Nhất trí"}
    assert head.client.post("/cases/several", data=form).status_code == 200
    answer = head.client.post("/cases/several", data={**form, "case": ["2.1", "3.1"]})
    assert answer.status_code == 422
    assert all(f'value="{key}.1" checked' in answer.text for key in (2, 3))
    assert "Nhất trí" in answer.text
    assert states(portal) == [("police", 2), ("department", 1), ("department", 1)]


def test_another_form_for_what_was_approved_is_late(visit: Visit, portal: Flask, reports: list[int]) -> None:
    approve(visit, "head", "1.1")
    status, page = approve(visit, "head", "1.1")
    assert (status, "0 trên 1" in page) == (200, True)
    assert states(portal)[0] == ("police", 2)


def test_the_submitter_approves_nothing_of_his_own(visit: Visit, portal: Flask, reports: list[int]) -> None:
    assert approve(visit, "clerk", "1.1")[0] == 403
    assert "0 trên 1" in approve(visit, "admin", "1.1")[1]
    assert states(portal) == [("department", 1)] * 3


@pytest.mark.parametrize("keys", [(), ("",), ("1",), ("1.x",), ("x.1",), ("1.1.1",), ("1e3.1",), ("²." + "1",)])
def test_a_form_that_names_nothing_is_told_so_and_keeps_what_was_typed(
    visit: Visit, portal: Flask, reports: list[int], keys: tuple[str, ...]
) -> None:
    status, page = approve(visit, "head", *keys, reason="Nhất trí cả ba")
    assert status == 422
    assert "Nhất trí cả ba" in page
    assert states(portal) == [("department", 1)] * 3


def test_more_than_fifty_at_once_are_refused(visit: Visit, reports: list[int]) -> None:
    assert approve(visit, "head", *(f"{key}.1" for key in range(1, 52)))[0] == 422


def test_the_one_who_has_nothing_to_decide_is_told_so(visit: Visit, reports: list[int]) -> None:
    assert "checkbox" not in visit("chairman").get("/cases/several").text
