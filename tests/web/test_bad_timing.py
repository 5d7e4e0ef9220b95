"""Bad timing: ended sessions, second clicks and old pages lose nothing and do nothing twice."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.approvals.models import ApprovalCase, CaseDecision
from tests.cast import PASSWORD
from tests.web.report_page import Page, address, filled_in, send, sent
from tests.web.rows import count

if TYPE_CHECKING:
    from flask import Flask

    from tests.conftest import Visit


# -- sessions ------------------------------------------------------------------------------------------------------


def resume(answer: Any) -> tuple[str, dict[str, str]]:
    """The one form on the page that holds back what was sent, and where it will go."""
    assert answer.status_code == 401
    ((target, form),) = [each for each in Page(answer.text).forms.items() if "/save/" in each[0]]
    return target, form


def test_a_form_sent_after_the_session_ended_is_held_back_whole_and_sent_again(visit: Visit, draft: int) -> None:
    clerk = visit("clerk")
    lines = "\n  Dòng một\r\n\r\nDòng hai & <b>ba</b>"
    typed = filled_in(clerk, draft, proposals=lines, meetings="7", index_766__value="sáu mươi")
    clerk.client.delete_cookie("trinh_session")
    target, form = resume(send(clerk, draft, typed))
    of_the_page = {"csrf_token", "resume_ticket"}
    assert {name: text for name, text in form.items() if name not in of_the_page} == {
        name: text.replace("\r\n", "\n") for name, text in {**typed, "then": "save"}.items() if name != "csrf_token"
    }
    clerk.sign_in("clerk")
    saved = clerk.client.post(target, data=form)
    assert (saved.status_code, saved.location) == (302, address(draft))
    now = filled_in(clerk, draft)
    assert (now["meetings"], now["index_766.value"]) == ("7", "sáu mươi")
    assert now["proposals"] == "Dòng một\n\nDòng hai & <b>ba</b>"


def test_a_form_sent_after_the_password_changed_elsewhere_is_held_back_too(visit: Visit, draft: int) -> None:
    clerk, elsewhere = visit("clerk"), visit("clerk")
    typed = filled_in(clerk, draft, meetings="7")
    fresh = "mot-mat-khau-moi-de-thu"
    elsewhere.post("/account/password", {"current": PASSWORD, "password": fresh, "again": fresh})
    _, form = resume(send(clerk, draft, typed))
    assert form["meetings"] == "7"


# -- decisions -----------------------------------------------------------------------------------------------------


def test_a_second_click_on_approve_decides_once_and_says_so_kindly(visit: Visit, waiting: int, portal: Flask) -> None:
    head = visit("head")
    form = Page(head.get(address(waiting)).text).forms["/cases/1/approve"]
    first, second = (head.client.post("/cases/1/approve", data=form) for _ in range(2))
    assert (first.status_code, second.status_code) == (302, 302)
    assert count(portal, CaseDecision) == 1
    notes = head.get(second.location).text
    assert notes.count('class="flash') >= 2
    assert "nothing was done twice" not in notes


def test_deciding_on_an_old_version_shows_what_changed_and_keeps_the_reason(
    visit: Visit, waiting: int, portal: Flask
) -> None:
    head, deputy = visit("head"), visit("deputy")
    form = Page(head.get(address(waiting)).text).forms["/cases/1/approve"]
    deputy.post("/cases/1/return", {"version": "1", "reason": "Số liệu mục II chưa khớp"})
    refused = head.client.post("/cases/1/approve", data={**form, "reason": "Đồng ý trình"})
    assert refused.status_code == 409
    page = Page(refused.text)
    assert "Phạm Thu Hạnh" in page.words
    assert "Số liệu mục II chưa khớp" in page.words
    assert "Đồng ý trình" in refused.text
    assert count(portal, CaseDecision) == 1


def test_a_return_without_a_reason_is_refused_and_can_be_sent_again(visit: Visit, waiting: int, portal: Flask) -> None:
    head = visit("head")
    refused = head.post("/cases/1/return", {"version": "1", "reason": " \n\t"})
    assert refused.status_code == 422
    page = Page(refused.text)
    assert "/cases/1/return" in page.forms
    assert count(portal, CaseDecision) == 0
    form = {**page.forms["/cases/1/return"], "reason": "Bổ sung số cuộc họp"}
    assert head.client.post("/cases/1/return", data=form).status_code == 302
    with Session(portal.extensions["trinh"]["database"].engine) as session:
        assert session.scalars(select(ApprovalCase.status)).all() == ["returned"]


@pytest.mark.parametrize("version", ["", "x", "9" * 30, "-1", "0", "99"])
def test_a_decision_on_a_version_that_never_was_is_refused(
    visit: Visit, waiting: int, portal: Flask, version: str
) -> None:
    assert visit("head").post("/cases/1/approve", {"version": version}).status_code in {400, 409}
    assert count(portal, CaseDecision) == 0


def test_a_reason_of_a_megabyte_is_refused_and_given_back(visit: Visit, waiting: int, portal: Flask) -> None:
    reason = "Xem lại mục hai. " * 60_000
    head = visit("head")
    form = {"version": "1", "reason": reason, "csrf_token": head.token()}
    refused = head.client.post("/cases/1/return", **sent(form))
    assert refused.status_code == 422
    assert Page(refused.text).forms["/cases/1/return"]["reason"].strip() == reason.strip()
    assert count(portal, CaseDecision) == 0
