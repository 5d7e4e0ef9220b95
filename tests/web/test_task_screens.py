"""Tasks in the browser and by REST: what may be seen, what is refused, and that nothing typed is lost."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from markupsafe import escape
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.tasks.models import Task
from tests.web.calls import edit, rows

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask

    from tests.conftest import Visit, Visitor

UNCLEAR = "Kiểm tra, đánh giá bảo đảm an ninh, an toàn hệ thống thông tin phục vụ Đề án 06"
CLEAR = "Cập nhật kiến trúc chính quyền điện tử của tỉnh theo phiên bản 3.0"


@pytest.fixture
def read(portal: Flask) -> Callable[[str], Task]:
    """Gives a task by its title, as it is in the database now."""

    def task(title: str) -> Task:
        with Session(portal.extensions["trinh"]["database"].engine) as session:
            return session.scalars(select(Task).where(Task.title == title)).one()

    return task


def _json(visitor: Visitor, method: str, path: str, body: dict[str, Any], **headers: str) -> Any:
    return visitor.client.open(path, method=method, json=body, headers={"X-CSRFToken": visitor.token(), **headers})


def test_an_unclear_task_offers_no_assignment_and_refuses_it(visit: Visit, read: Callable[[str], Task]) -> None:
    number, version = read(UNCLEAR).id, read(UNCLEAR).version
    clerk = visit("clerk")
    page = clerk.get(f"/tasks/show/{number}")
    assert page.status_code == 200
    assert "/tasks/assign/" not in page.text
    assert clerk.post(f"/tasks/assign/{number}", {"version": version}).status_code == 422
    assert read(UNCLEAR).assigned_at is None


def test_an_outsider_finds_neither_the_page_nor_the_verbs(visit: Visit, read: Callable[[str], Task]) -> None:
    number, version = read(CLEAR).id, read(CLEAR).version
    outsider = visit("outsider")
    assert outsider.get(f"/tasks/show/{number}").status_code == 404
    assert outsider.get(f"/api/v1/task/{number}").status_code == 404
    for verb in ("assign", "note", "complete", "reopen"):
        assert outsider.post(f"/tasks/{verb}/{number}", {"version": version}).status_code == 404
    assert CLEAR not in outsider.get("/tasks/list/").text
    assert visit("clerk").get(f"/tasks/show/{number}").status_code == 200


def test_an_auditor_reads_and_does_nothing(visit: Visit, read: Callable[[str], Task]) -> None:
    number, version = read(CLEAR).id, read(CLEAR).version
    auditor = visit("auditor")
    page = auditor.get(f"/tasks/show/{number}")
    assert page.status_code == 200
    assert "<textarea" not in page.text
    assert auditor.post(f"/tasks/note/{number}", {"version": version, "note": "x"}).status_code == 403


def test_an_old_page_is_a_conflict_and_keeps_what_was_typed(visit: Visit, read: Callable[[str], Task]) -> None:
    number, version = read(CLEAR).id, read(CLEAR).version
    clerk = visit("clerk2")
    noted = clerk.post(f"/tasks/note/{number}", {"version": version, "note": "Đã lấy ý kiến của 15 đơn vị"})
    assert noted.status_code == 302
    again = clerk.post(f"/tasks/note/{number}", {"version": version, "note": "Đã lấy ý kiến của 16 đơn vị"})
    assert again.status_code == 409
    assert re.search(r"<textarea[^>]*>Đã lấy ý kiến của 16 đơn vị</textarea>", again.text)


def test_a_task_is_completed_on_evidence_and_reopened_with_cause(visit: Visit, read: Callable[[str], Task]) -> None:
    number, version = read(CLEAR).id, read(CLEAR).version
    clerk = visit("clerk")
    assert clerk.post(f"/tasks/complete/{number}", {"version": version, "evidence": " "}).status_code == 422
    assert clerk.post(f"/tasks/complete/{number}", {"version": version, "evidence": "15/TTr-STTTT"}).status_code == 302
    assert read(CLEAR).evidence == "15/TTr-STTTT"
    typed = {"version": version + 1, "reason": "Thiếu một thành phần"}
    assert clerk.post(f"/tasks/reopen/{number}", typed).status_code == 302
    assert read(CLEAR).completed_on is None


def test_rest_runs_the_same_verbs_under_the_same_rules(visit: Visit, read: Callable[[str], Task]) -> None:
    number, version = read(CLEAR).id, read(CLEAR).version
    admin, url = visit("admin"), f"/api/v1/task/{number}/complete"
    refused = _json(admin, "POST", url, {"version": version})
    assert (refused.status_code, refused.json["reason"]) == (422, "evidence_required")
    stale = _json(admin, "POST", url, {"version": str(version), "evidence": "15/TTr-STTTT"})
    assert (stale.status_code, stale.json["reason"]) == (409, "stale_version")
    done = _json(admin, "POST", url, {"version": version, "evidence": "15/TTr-STTTT"})
    assert (done.status_code, done.json["version"]) == (200, version + 1)
    assert admin.get(f"/api/v1/task/{number}").json["result"]["evidence"] == "15/TTr-STTTT"


@pytest.mark.parametrize(("verb", "name", "most"), [("complete", "evidence", 500), ("note", "note", 4000)])
def test_a_text_too_long_is_refused_and_stays_on_the_page(
    visit: Visit, read: Callable[[str], Task], verb: str, name: str, most: int
) -> None:
    number, version, long = read(CLEAR).id, read(CLEAR).version, "dài " * (most // 4) + "quá"
    clerk = visit("clerk")
    refused = clerk.post(f"/tasks/{verb}/{number}", {"version": version, name: long})
    assert refused.status_code == 422
    assert re.search(rf'<textarea id="{name}"[^>]*>{long}</textarea>', refused.text)
    answer = _json(clerk, "POST", f"/api/v1/task/{number}/{verb}", {"version": version, name: long})
    assert (answer.status_code, answer.json["reason"]) == (422, "text_too_long")
    assert (read(CLEAR).version, read(CLEAR).evidence) == (version, None)


@pytest.mark.parametrize("column", ["title", "objective", "product", "expected_result"])
def test_no_text_of_a_task_outgrows_its_column(visit: Visit, read: Callable[[str], Task], column: str) -> None:
    number, head, grows = read(UNCLEAR).id, visit("head"), "\u0958" * 251
    tag = head.get(f"/api/v1/task/{number}").headers["ETag"]
    for text, reason in (("x" * 501, None), (grows, "text_too_long")):
        answer = _json(head, "PUT", f"/api/v1/task/{number}", {column: text}, **{"If-Match": tag})
        assert (answer.status_code, answer.json.get("reason")) == (422, reason)
        page = edit(head, f"/tasks/edit/{number}", **{column: text})
        assert page.status_code == 422
        assert text in page.text
    assert head.get(f"/api/v1/task/{number}").headers["ETag"] == tag


def test_the_list_filters_by_status_and_finds_without_marks(visit: Visit) -> None:
    clerk = visit("clerk")
    overdue = clerk.get("/tasks/list/?status=overdue").text
    assert "19 mô hình điểm" in overdue
    assert "58 câu hỏi" not in overdue
    assert "58 câu hỏi" in clerk.get("/tasks/list/?q=58+cau+hoi").text
    assert "58 câu hỏi" in clerk.get("/tasks/list/?status=nonsense").text
    assert "58 câu hỏi" not in clerk.get("/tasks/list/?silent=1").text


@pytest.mark.parametrize("query", ["", "?sort=due_on", "?sort=-due_on"])
def test_tasks_without_a_deadline_come_last(visit: Visit, portal: Flask, query: str) -> None:
    with rows(portal) as session:
        undated = session.scalars(select(Task.title).where(Task.due_on.is_(None))).all()
        dated = session.scalars(select(Task.title).where(Task.due_on.is_not(None))).all()
    page = visit("police").get(f"/tasks/list/{query}").text
    assert undated
    assert max(page.index(str(escape(title))) for title in dated) < min(
        page.index(str(escape(title))) for title in undated
    )


@pytest.mark.parametrize("direction", ["asc", "desc"])
def test_rest_gives_tasks_without_a_deadline_last(visit: Visit, direction: str) -> None:
    query = f"(order_column:due_on,order_direction:{direction},page_size:100)"
    days = [task["due_on"] for task in visit("police").get(f"/api/v1/task/?q={query}").json["result"]]
    dated = [day for day in days if day]
    assert days == [*sorted(dated, reverse=direction == "desc"), *[None] * (len(days) - len(dated))]
    assert 0 < len(dated) < len(days)


def test_the_lead_cannot_be_given_to_another_unit(visit: Visit, read: Callable[[str], Task]) -> None:
    number, head = read(UNCLEAR).id, visit("head")
    units = head.get("/api/v1/unit/?q=(page_size:100)").json["result"]
    other = next(unit["id"] for unit in units if unit["code"] == "SYT")
    tag = head.get(f"/api/v1/task/{number}").headers["ETag"]
    answer = _json(head, "PUT", f"/api/v1/task/{number}", {"lead_unit": other}, **{"If-Match": tag})
    assert (answer.status_code, answer.json["reason"]) == (422, "not_lead_unit")
    assert read(UNCLEAR).lead_unit.code == "STTTT"


def test_sources_are_found_by_number_and_profiles_name_known_facets(visit: Visit) -> None:
    admin = visit("admin")
    assert "2433/KH-UBND" in admin.get("/sources/list/?q=2433").text
    assert "766/QĐ-TTg" not in admin.get("/sources/list/?q=2433").text
    assert admin.get("/clarity/show/3").status_code == 200
    for facets in (["ro_rang"], [{}], ["nguoi", None], {}, 5, "nguoi", []):
        body = {"code": "x", "name_vi": "x", "name_en": "x", "facets": facets}
        wrong = _json(admin, "POST", "/api/v1/clarity-profile/", body)
        assert (wrong.status_code, wrong.json["reason"]) == (422, "bad_facets"), facets
