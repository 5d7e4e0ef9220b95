"""The screens of auditors and operators speak in words, in the reader's language."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tests import cast
from tests.web.report_page import Page

if TYPE_CHECKING:
    from tests.conftest import Visit


def test_the_audit_log_says_what_was_done_and_to_what(visit: Visit) -> None:
    page = visit("auditor").get("/audit/list/").text
    assert "Giao nhiệm vụ" in page
    assert "Nhiệm vụ" in page
    assert "task_assigned" not in page


def test_an_entry_of_the_audit_log_is_headed_by_its_number_and_deed(visit: Visit) -> None:
    page = visit("auditor").get("/audit/show/1").text
    assert "<h1>1: Thêm mới</h1>" in page
    assert "Vai trò" in page


def test_a_role_shows_its_rights_in_words(visit: Visit) -> None:
    page = visit("admin").get("/roles/list/").text
    assert "Lãnh đạo đơn vị duyệt" in page
    assert "Department reviewer" not in page


def test_the_editor_of_roles_offers_rights_in_words(visit: Visit) -> None:
    page = visit("admin").get("/roles/add").text
    assert "Đơn vị: xem danh sách" in page
    assert "UnitView" not in page


def test_the_details_of_an_entry_are_told_in_words(visit: Visit) -> None:
    admin = visit(cast.ADMIN)
    form = admin.get("/units/edit/1").text
    typed = {name: value for name, value in Page(form).forms[""].items() if name != "csrf_token"}
    assert admin.post("/units/edit/1", {**typed, "place_name": "Pleiku"}).status_code == 302
    newest = admin.get("/audit/list/").text
    entry = re.search(r'href="(/audit/show/\d+)"', newest)
    assert entry
    assert "Địa danh: Gia Lai → Pleiku" in admin.get(entry[1]).text
