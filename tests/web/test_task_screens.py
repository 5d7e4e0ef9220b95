"""Tasks in the browser and by REST: what may be seen, what is refused, and that nothing typed is lost."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from portal.tasks.models import Task
from portal.units.models import Unit

if TYPE_CHECKING:
    from flask.testing import FlaskClient

    from .conftest import Site

UNCLEAR = "Kiểm tra, đánh giá bảo đảm an ninh, an toàn hệ thống thông tin phục vụ Đề án 06"
CLEAR = "Cập nhật kiến trúc chính quyền điện tử của tỉnh theo phiên bản 3.0"
CLERK_RIGHTS = ("can_list", "can_show", "can_edit", "can_work", "can_get")


@pytest.fixture
def clerk(site: Site) -> FlaskClient:
    site.allow("Clerk", "TaskView", *CLERK_RIGHTS)
    return site.signed_in("clerk")


def test_an_unclear_task_offers_no_assignment_and_refuses_it(site: Site, clerk: FlaskClient) -> None:
    task = site.one(Task, title=UNCLEAR)
    page = clerk.get(f"/tasks/show/{task.id}")
    assert page.status_code == 200
    assert "/tasks/assign/" not in page.text
    answer = clerk.post(f"/tasks/assign/{task.id}", data={"version": task.version})
    assert answer.status_code == 422
    assert site.one(Task, title=UNCLEAR).assigned_at is None


def test_an_outsider_finds_neither_the_page_nor_the_verbs(site: Site, clerk: FlaskClient) -> None:
    task = site.one(Task, title=CLEAR)
    outsider = site.signed_in("outsider")
    assert outsider.get(f"/tasks/show/{task.id}").status_code == 404
    assert outsider.get(f"/api/v1/tasks/{task.id}").status_code == 404
    for verb in ("assign", "note", "complete", "reopen"):
        assert outsider.post(f"/tasks/{verb}/{task.id}", data={"version": task.version}).status_code == 404
        assert outsider.post(f"/api/v1/tasks/{task.id}/{verb}", json={"version": task.version}).status_code == 404
    assert CLEAR not in outsider.get("/tasks/list/").text
    assert clerk.get(f"/tasks/show/{task.id}").status_code == 200


def test_a_role_without_the_right_to_work_sees_no_buttons_and_is_refused(site: Site) -> None:
    site.allow("Clerk", "TaskView", "can_list", "can_show")
    task = site.one(Task, title=CLEAR)
    reader = site.signed_in("clerk")
    assert "<textarea" not in reader.get(f"/tasks/show/{task.id}").text
    assert reader.post(f"/tasks/note/{task.id}", data={"version": task.version, "note": "x"}).status_code == 403


def test_an_old_page_is_a_conflict_and_keeps_what_was_typed(site: Site, clerk: FlaskClient) -> None:
    task = site.one(Task, title=CLEAR)
    typed = {"version": task.version, "note": "Đã lấy ý kiến của 15 đơn vị"}
    assert clerk.post(f"/tasks/note/{task.id}", data=typed).status_code == 302
    again = clerk.post(f"/tasks/note/{task.id}", data={**typed, "note": "Đã lấy ý kiến của 16 đơn vị"})
    assert again.status_code == 409
    assert re.search(r"<textarea[^>]*>Đã lấy ý kiến của 16 đơn vị</textarea>", again.text)


def test_a_task_is_completed_on_evidence_and_reopened_with_cause(site: Site, clerk: FlaskClient) -> None:
    task = site.one(Task, title=CLEAR)
    url = f"/tasks/complete/{task.id}"
    assert clerk.post(url, data={"version": task.version, "evidence": " "}).status_code == 422
    assert clerk.post(url, data={"version": task.version, "evidence": "15/TTr-STTTT"}).status_code == 302
    done = site.one(Task, title=CLEAR)
    assert done.evidence == "15/TTr-STTTT"
    reason = {"version": done.version, "reason": "Thiếu một thành phần"}
    assert clerk.post(f"/tasks/reopen/{task.id}", data=reason).status_code == 302
    assert site.one(Task, title=CLEAR).completed_on is None


def test_rest_runs_the_same_verbs_under_the_same_rules(site: Site, clerk: FlaskClient) -> None:
    task = site.one(Task, title=CLEAR)
    url = f"/api/v1/tasks/{task.id}/complete"
    refused = clerk.post(url, json={"version": task.version})
    assert (refused.status_code, refused.json and refused.json["reason"]) == (422, "evidence_required")
    stale = clerk.post(url, json={"version": str(task.version), "evidence": "15/TTr-STTTT"})
    assert (stale.status_code, stale.json and stale.json["reason"]) == (409, "stale_version")
    done = clerk.post(url, json={"version": task.version, "evidence": "15/TTr-STTTT"})
    assert done.json is not None
    assert done.json["version"] == task.version + 1
    assert clerk.get(f"/api/v1/tasks/{task.id}").json["result"]["evidence"] == "15/TTr-STTTT"  # type: ignore[index]


def test_the_list_filters_by_status_and_finds_without_marks(clerk: FlaskClient) -> None:
    overdue = clerk.get("/tasks/list/?status=overdue").text
    assert "19 mô hình điểm" in overdue
    assert "58 câu hỏi" not in overdue
    assert "58 câu hỏi" in clerk.get("/tasks/list/?q=58+cau+hoi").text
    assert "58 câu hỏi" in clerk.get("/tasks/list/?status=nonsense").text
    assert "58 câu hỏi" not in clerk.get("/tasks/list/?silent=1").text


def test_the_lead_cannot_be_given_to_another_unit(site: Site, clerk: FlaskClient) -> None:
    task = site.one(Task, title=UNCLEAR)
    tag = clerk.get(f"/api/v1/tasks/{task.id}").headers["ETag"]
    site.allow("Clerk", "TaskView", *CLERK_RIGHTS, "can_put")
    other = site.one(Unit, code="SYT")
    answer = clerk.put(f"/api/v1/tasks/{task.id}", json={"lead_unit": other.id}, headers={"If-Match": tag})
    assert (answer.status_code, answer.json and answer.json["reason"]) == (422, "not_lead_unit")
    assert site.one(Task, title=UNCLEAR).lead_unit.code == "STTTT"


def test_sources_and_profiles_are_read_by_everyone_with_the_screen(site: Site) -> None:
    admin = site.signed_in("admin")
    assert "2433/KH-UBND" in admin.get("/sources/list/?q=2433").text
    assert "766/QĐ-TTg" not in admin.get("/sources/list/?q=2433").text
    assert admin.get("/clarity/show/3").status_code == 200
    wrong = admin.post("/api/v1/clarity/", json={"code": "x", "name_vi": "x", "name_en": "x", "facets": ["ro_rang"]})
    assert (wrong.status_code, wrong.json and wrong.json["reason"]) == (422, "bad_facets")
