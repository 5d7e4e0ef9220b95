"""From a list of late units to a draft in the browser: the button, the page between, and what is refused there."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from portal.definitions.gallery import process_of
from portal.submissions.models import Submission
from portal.units.models import Unit
from tests.web.calls import key_of, rows
from tests.web.processes_at_work import put_in_force

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask

    from tests.conftest import Visit
    from tests.portal.province import Province

    Prepare = Callable[[Callable[[Province], Any]], Any]

LETTER = "/urging/letter/overdue-tasks/all"
BUTTON = "Soạn văn bản đôn đốc"
LATE = "Đánh giá khả năng triển khai 19 mô hình điểm"
"""The overdue task of the clerk's unit."""


@pytest.fixture
def in_force(prepare: Prepare) -> None:
    """The two processes that take such a list."""

    def deed(province: Province) -> int:
        for key in ("urging-letter", "urging-notice"):
            process = process_of(key)
            assert process is not None
            put_in_force(province, process)
        return 0

    prepare(deed)


def drafts(portal: Flask) -> list[tuple[int, int, dict[str, Any]]]:
    """The key, the unit and the answers of each."""
    with rows(portal) as session:
        return [(each.id, each.unit_id, each.values) for each in session.scalars(select(Submission))]


def test_the_list_of_overdue_tasks_leads_to_a_letter_for_whoever_writes(visit: Visit) -> None:
    page = visit("clerk").get("/tasks/list/?status=overdue").text
    assert f'href="{LETTER}"' in page
    assert BUTTON in page
    assert BUTTON not in visit("clerk").get("/tasks/list/").text
    assert BUTTON not in visit("police.head").get("/tasks/list/?status=overdue").text
    of_one = visit("clerk").get("/tasks/list/?status=overdue&source=6").text
    assert 'href="/urging/letter/overdue-tasks/6"' in of_one


def test_without_a_process_the_page_says_who_can_take_one(visit: Visit) -> None:
    page = visit("clerk").get(LETTER).text
    assert "Chưa có quy trình nào đang dùng nhận danh sách đơn vị chậm." in page
    assert "/definitions/gallery" not in page
    assert "/definitions/gallery" in visit("admin").get(LETTER).text


@pytest.mark.usefixtures("in_force")
def test_a_letter_is_begun_once_and_says_from_which_list(visit: Visit, portal: Flask) -> None:
    clerk, unit = visit("clerk"), key_of(portal, Unit, code="STTTT")
    page = clerk.get(LETTER).text
    assert re.search(rf'name="late" value="{unit}" checked', page)
    typed = {"form": "urging-letter", "unit": unit, "late": unit, "idempotency_key": "one-letter"}
    answers = [clerk.post(LETTER, typed) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [302, 302]
    ((key, of_unit, values),) = drafts(portal)
    assert {answer.location for answer in answers} == {f"/submissions/show/{key}"}
    assert (of_unit, values["late_number"], values["late"][0]["unit"]) == (unit, 1, "Sở Thông tin và Truyền thông")
    shown = unescape(clerk.get(answers[0].location).text)
    assert '<a href="/tasks/list/?status=overdue">danh sách đơn vị có nhiệm vụ quá hạn' in shown
    assert LATE in shown


@pytest.mark.usefixtures("in_force")
def test_what_is_refused_says_why_and_keeps_what_was_chosen(visit: Visit, portal: Flask) -> None:
    clerk, unit = visit("clerk"), key_of(portal, Unit, code="STTTT")
    for typed, words in (
        ({"unit": unit, "late": unit}, "Chọn quy trình"),
        ({"form": "urging-notice", "unit": unit}, "chưa chọn đơn vị nào"),
        ({"form": "urging-notice", "unit": key_of(portal, Unit, code="IAGRAI"), "late": unit}, "Chỉ người của đơn vị"),
    ):
        answer = clerk.post(LETTER, typed)
        assert (answer.status_code, words in answer.text) == (403 if words[:3] == "Chỉ" else 422, True), words
    assert re.search(r'value="urging-notice" checked', answer.text)
    assert re.search(rf'name="late" value="{unit}" checked', answer.text)
    assert drafts(portal) == []


def test_others_see_nothing_of_a_unit_whose_work_they_do_not_see(visit: Visit) -> None:
    assert LATE not in visit("outsider").get(LETTER).text
    for address in ("/urging/letter/nothing/all", "/urging/letter/overdue-tasks/999", "/urging/reports/nothing"):
        assert visit("outsider").get(address).status_code == 404
    page = visit("outsider").get("/urging/reports/monthly-report").text
    assert re.search(r"0/\d đơn vị đã gửi", page)
    assert "Sở Y tế" not in page
    assert "Sở Y tế" in visit("police").get("/urging/reports/monthly-report").text
