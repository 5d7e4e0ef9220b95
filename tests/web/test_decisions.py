"""Deciding in the browser: on the version that was seen, once, with nothing lost that was typed."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.approvals.models import ApprovalCase, CaseDecision, CaseEvent
from portal.audit import AuditEntry
from portal.demo.journey import Journey, january_inputs
from portal.documents.models import OfficialDocument
from tests.web.report_page import Page, address

if TYPE_CHECKING:
    from flask import Flask

    from tests.conftest import Visit

REASON = "Đề nghị bổ sung số cuộc họp giao ban trong kỳ."
READONLY = re.compile(r"<textarea[^>]*readonly[^>]*>\s*([^<]*)</textarea>")


@pytest.fixture
def report(portal: Flask) -> int:
    """A report that waits for the head of its unit; the key of it and of its case is the same."""
    with portal.app_context():
        journey = Journey(portal, lambda _line: None)
        number = journey.draft(january_inputs())
        journey.hand_in(number)
        portal.extensions["trinh"]["database"].session.remove()
    return number


def state(portal: Flask) -> tuple[str, str | None, int]:
    with Session(portal.extensions["trinh"]["database"].engine) as session:
        row = session.scalars(select(ApprovalCase)).one()
        return row.status, row.stage, row.version


def count(portal: Flask, table: type) -> int:
    with Session(portal.extensions["trinh"]["database"].engine) as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def form_of(html: str, action: str) -> str:
    """The form that sends to an address ending so."""
    found = re.search(rf'<form[^>]*action="[^"]*/{action}".*?</form>', html, re.DOTALL)
    assert found, f"no form for {action}"
    return found[0]


def value(form: str, name: str) -> str:
    area = re.search(rf'<textarea[^>]*name="{name}"[^>]*>\n?(.*?)</textarea>', form, re.DOTALL)
    field = re.search(rf'name="{name}" value="([^"]*)"', form)
    found = area or field
    assert found, f"no field {name}"
    return found[1]


def decide(visit: Visit, username: str, action: str, version: int, **fields: Any) -> Any:
    return visit(username).post(f"/cases/1/{action}", {"version": version, **fields})


def test_a_report_goes_through_three_hands_and_becomes_a_document(visit: Visit, portal: Flask, report: int) -> None:
    for version, username in enumerate(("head", "police.head", "vicechair"), start=1):
        reviewer = visit(username)
        form = form_of(reviewer.get(f"/submissions/show/{report}").text, "approve")
        assert value(form, "version") == str(version)
        answer = reviewer.post("/cases/1/approve", {"version": value(form, "version"), "reason": "Đồng ý"})
        assert (answer.status_code, answer.location) == (302, f"/submissions/show/{report}")
    assert state(portal) == ("approved", None, 4)
    with Session(portal.extensions["trinh"]["database"].engine) as session:
        document = session.scalars(select(OfficialDocument)).one()
        assert str(document) == "01/BC-UBND"


def test_a_return_needs_a_reason_and_gives_back_the_form_without_one(visit: Visit, portal: Flask, report: int) -> None:
    before = count(portal, AuditEntry)
    answer = decide(visit, "head", "return", 1, reason="  ")
    assert answer.status_code == 422
    assert value(form_of(answer.text, "return"), "version") == "1"
    assert state(portal) == ("in_review", "department", 1)
    assert count(portal, AuditEntry) == before + 1  # the sign-in


def test_a_decision_on_an_old_version_shows_what_changed_and_keeps_what_was_typed(
    visit: Visit, portal: Flask, report: int
) -> None:
    assert decide(visit, "clerk", "recall", 1, reason="Nhầm số liệu").status_code == 302
    clerk = visit("clerk")
    page = clerk.get(f"/submissions/show/{report}").text
    clerk.post(
        f"/submissions/save/{report}",
        {**january_inputs(), "edition": value(page, "edition"), "version": "2", "then": "submit"},
    )
    assert state(portal) == ("in_review", "department", 3)
    answer = decide(visit, "head", "return", 1, reason=REASON)
    assert answer.status_code == 409
    assert "Trần Thị Mai Lan" in answer.text
    assert "Nhầm số liệu" in answer.text
    form = form_of(answer.text, "return")
    assert (value(form, "version"), value(form, "reason").strip()) == ("3", REASON)
    assert state(portal) == ("in_review", "department", 3)
    again = decide(visit, "head", "return", 3, reason=REASON)
    assert again.status_code == 302
    assert state(portal) == ("returned", None, 4)


def test_what_was_typed_can_be_copied_when_someone_else_has_decided(visit: Visit, portal: Flask, report: int) -> None:
    assert decide(visit, "head", "approve", 1).status_code == 302
    answer = decide(visit, "deputy", "return", 1, reason=REASON)
    assert answer.status_code == 409
    assert "Đoàn Minh Trí" in answer.text
    kept = READONLY.search(answer.text)
    assert kept
    assert kept[1].strip() == REASON
    assert '/cases/1/return"' not in answer.text
    assert count(portal, CaseDecision) == 1


@pytest.mark.parametrize(
    ("action", "fields"),
    [
        ("approve", {"reason": "Đồng ý"}),
        ("return", {"reason": f"  {REASON}\u200b\r\n"}),
        ("reject", {"reason": REASON}),
    ],
)
def test_the_second_click_of_a_double_click_is_no_error_and_does_nothing(
    visit: Visit, portal: Flask, report: int, action: str, fields: dict[str, str]
) -> None:
    head = visit("head")
    form = {**Page(head.get(address(1)).text).forms[f"/cases/1/{action}"], **fields}
    first = head.client.post(f"/cases/1/{action}", data=form)
    events = count(portal, CaseEvent)
    second = head.client.post(f"/cases/1/{action}", data=form)
    assert (first.status_code, second.status_code) == (302, 302)
    assert second.location == first.location
    assert head.get("/account/password").text.count('class="flash success"') == 2
    assert count(portal, CaseEvent) == events


def test_a_double_click_on_recall_is_no_error_either(visit: Visit, portal: Flask, report: int) -> None:
    clerk = visit("clerk")
    form = Page(clerk.get(address(1)).text).forms["/cases/1/recall"]
    answers = [clerk.client.post("/cases/1/recall", data=form).status_code for _ in range(2)]
    assert answers == [302, 302]
    assert state(portal) == ("recalled", None, 2)


def test_a_changed_mind_is_no_double_click(visit: Visit, portal: Flask, report: int) -> None:
    head = visit("head")
    assert head.post("/cases/1/approve", {"version": 1}).status_code == 302
    assert head.post("/cases/1/return", {"version": 1, "reason": REASON}).status_code == 409
    assert state(portal) == ("in_review", "police", 2)


def test_nobody_decides_on_his_own_draft(visit: Visit, portal: Flask, report: int) -> None:
    assert decide(visit, "clerk", "approve", 1).status_code == 403  # clerks have no such right at all
    admin = visit("admin").post("/cases/1/approve", {"version": 1})
    assert admin.status_code == 422  # an administrator has every right and no post
    assert state(portal) == ("in_review", "department", 1)


def test_a_return_to_a_stage_that_is_not_before_is_refused(visit: Visit, portal: Flask, report: int) -> None:
    assert decide(visit, "head", "return", 1, reason=REASON, to="ubnd").status_code == 422
    assert state(portal) == ("in_review", "department", 1)


@pytest.mark.parametrize("username", ["outsider.head", "chairman", "vicechair"])
def test_a_case_that_has_not_reached_someone_does_not_exist_for_him(
    visit: Visit, portal: Flask, report: int, username: str
) -> None:
    visitor = visit(username)
    assert visitor.get("/cases/show/1").status_code == 404
    assert visitor.get("/api/v1/case/1").status_code == 404
    for action in ("approve", "return", "reject"):
        answer = visitor.post(f"/cases/1/{action}", {"version": 1, "reason": REASON})
        assert answer.status_code == 404
    assert state(portal) == ("in_review", "department", 1)


def test_without_signing_in_nothing_is_decided(visit: Visit, portal: Flask, report: int) -> None:
    answer = visit(None).post("/cases/1/approve", {"version": 1})
    assert answer.status_code == 401
    assert "/login/" in answer.text
    assert state(portal) == ("in_review", "department", 1)


def test_a_decision_without_the_token_of_the_page_is_not_taken(visit: Visit, portal: Flask, report: int) -> None:
    answer = visit("head").client.post("/cases/1/approve", data={"version": 1, "reason": "Đồng ý"})
    assert answer.status_code == 401
    assert "Đồng ý" in answer.text
    assert state(portal) == ("in_review", "department", 1)


@pytest.mark.parametrize("version", ["", "one", None])
def test_a_form_that_names_no_version_is_not_ours(
    visit: Visit, portal: Flask, report: int, version: str | None
) -> None:
    data = {} if version is None else {"version": version}
    assert visit("head").post("/cases/1/approve", data).status_code == 400
    assert state(portal) == ("in_review", "department", 1)


def test_a_reason_too_long_to_keep_comes_back_whole(visit: Visit, portal: Flask, report: int) -> None:
    reason = "Đề nghị bổ sung. " * 300
    answer = decide(visit, "head", "return", 1, reason=reason)
    assert answer.status_code == 422
    assert value(form_of(answer.text, "return"), "reason").strip() == reason.strip()


def test_the_list_of_cases_is_narrowed_by_state_and_shows_the_stage(visit: Visit, report: int) -> None:
    head = visit("head")
    page = head.get("/cases/list/?status=in_review").text
    assert "/cases/show/1" in page
    assert "Lãnh đạo đơn vị duyệt" in page
    assert "/cases/show/1" not in head.get("/cases/list/?status=approved").text
    assert head.get("/cases/list/?unit=nowhere").status_code == 200


def test_an_outsider_sees_an_empty_list(visit: Visit, report: int) -> None:
    outsider = visit("outsider.head")
    assert "/cases/show/1" not in outsider.get("/cases/list/").text
    assert outsider.get("/api/v1/case/").get_json()["count"] == 0


def test_the_page_of_a_case_tells_its_history_and_leads_to_the_report(visit: Visit, report: int) -> None:
    assert decide(visit, "head", "return", 1, reason=REASON).status_code == 302
    page = visit("clerk").get("/cases/show/1").text
    assert f'href="/submissions/show/{report}"' in page
    assert REASON in page
    assert page.index("Trần Thị Mai Lan") < page.rindex("Đoàn Minh Trí")


def test_cases_by_rest_carry_named_columns_only(visit: Visit, report: int) -> None:
    answer = visit("head").get("/api/v1/case/1").get_json()["result"]
    assert set(answer) == {
        "title", "id", "unit", "status", "stage", "round", "version", "changed_at", "subject_kind", "subject_id",
        "opened_at",
    }  # fmt: skip
    assert (answer["status"], answer["stage"], answer["version"]) == ("in_review", "department", 1)


def test_every_label_of_a_decision_belongs_to_an_input(visit: Visit, report: int) -> None:
    assert decide(visit, "head", "approve", 1).status_code == 302
    page = visit("police.head").get(f"/submissions/show/{report}").text
    ids = re.findall(r'\bid="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    assert set(re.findall(r'<label for="([^"]+)"', page)) <= set(ids)
    assert "style=" not in page
    assert "onclick" not in page
