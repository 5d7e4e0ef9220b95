"""The page of a report guides its readers: what changed, what is missing, what a decision does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.portal.province import FEBRUARY
from tests.web.report_page import Page, address, filled_in, send
from workflows.actions import Return

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.conftest import Visit
    from tests.portal.province import Province


def test_a_later_round_says_what_changed(visit: Visit, prepare: Callable[[Callable[[Province], int]], int]) -> None:
    def returned(province: Province) -> int:
        folder = province.submitted()
        return province.act("head", folder, Return(folder.case.version, "Bổ sung số cuộc họp")).row.subject_id

    report = prepare(returned)
    clerk = visit("clerk")
    send(clerk, report, {**filled_in(clerk, report), "meetings": "3"}, "submit")
    page = Page(visit("head").get(address(report)).text)
    assert "Thay đổi so với “Trình lần 1” Số cuộc họp, giao ban về Đề án 06 : 2 → 3" in page.words
    assert "#a-meetings" in page.links
    assert "Thay đổi so với" not in Page(visit("head").get(f"{address(report)}?round=1").text).words


def test_the_form_says_what_is_missing_where(visit: Visit, draft: int) -> None:
    clerk = visit("clerk")
    page = Page(clerk.get(address(draft)).text)
    assert "#s-direction" in page.links
    assert "1. Công tác chỉ đạo, điều hành đủ" in page.words
    send(clerk, draft, {**filled_in(clerk, draft), "meetings": ""}, "save")
    assert "1. Công tác chỉ đạo, điều hành còn thiếu 1" in Page(clerk.get(address(draft)).text).words


def test_the_last_approval_says_that_it_takes_a_number(
    visit: Visit, prepare: Callable[[Callable[[Province], int]], int]
) -> None:
    def at_the_committee(province: Province) -> int:
        folder = province.submitted()
        for username in ("head", "police.head"):
            folder = province.approve(username, folder)
        return folder.row.subject_id

    report = prepare(at_the_committee)
    warning = "văn bản được cấp số ngay"
    assert warning in visit("vicechair").get(address(report)).text
    waiting = prepare(lambda province: province.submitted(FEBRUARY).row.subject_id)
    assert warning not in visit("head").get(address(waiting)).text
