"""Approving at once in the browser: with the password, issuing the document, waiting for a second signature."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from portal.approvals.models import ApprovalCase, WorkItem
from portal.definitions.library import LIBRARY
from portal.definitions.publishing import publish
from portal.definitions.reading import read_definition
from portal.demo.journey import Journey, january_inputs
from portal.documents.models import OfficialDocument
from tests.cast import PASSWORD
from tests.web.calls import rows

if TYPE_CHECKING:
    from flask import Flask

    from tests.conftest import Visit

REASON = "Bão số 4, phải ban hành ngay trong đêm."
SEEN = "Số cuộc họp sẽ đối chiếu sau."
EMERGENCY = {
    "owner": {"posts": ["head"], "place": "own"},
    "second": {"posts": ["head", "deputy"], "place": "unit", "unit": "PC06"},
}


@pytest.fixture
def report(portal: Flask) -> int:
    """A report on a chain that trusts the head of the unit, waiting for its first reviewers."""
    with portal.app_context():
        journey = Journey(portal, lambda _line: None)
        body = copy.deepcopy(read_definition(LIBRARY / "chains" / "provincial-report.yaml"))
        own = [{**rule, "issuer": {"place": "own"}} for rule in body["issues"]]  # whoever signs is of the issuing unit
        chain = {**body, "issues": own, "emergency": EMERGENCY}
        publish(journey.session, actor="test", kind="chain", key="provincial-report", body=chain)
        journey.session.commit()
        number = journey.draft(january_inputs())
        journey.hand_in(number)
        portal.extensions["trinh"]["database"].session.remove()
    return number


def approve_at_once(visit: Visit, who: str, **more: str) -> Any:
    typed = {"version": 1, "reason": REASON, "password": PASSWORD, **more}
    return visit(who).post("/cases/1/approve_in_emergency", typed)


def state(portal: Flask) -> tuple[str, str | None, int]:
    with rows(portal) as session:
        row = session.scalars(select(ApprovalCase)).one()
        issued = len(session.scalars(select(OfficialDocument)).all())
        return row.status, row.stage, issued


def test_the_document_is_issued_at_once_and_the_case_waits_for_the_second_signature(
    visit: Visit, portal: Flask, report: int
) -> None:
    visit("head").post("/cases/1/comment", {"field": "meetings", "round": 1, "text": SEEN})
    assert approve_at_once(visit, "head").status_code == 302
    assert state(portal) == ("in_review", "retrospective", 1)
    with rows(portal) as session:
        waiting = session.scalars(select(WorkItem).where(WorkItem.closed_at.is_(None)))
        assert sorted(item.user.username for item in waiting) == ["police.deputy", "police.head"]
    page = visit("police.head").get(f"/submissions/show/{report}").text
    assert REASON in page
    assert "Ký bổ sung sau duyệt khẩn" in page
    assert SEEN in page
    signed = {"version": 2, "reason": "", "password": PASSWORD}
    assert visit("police.head").post("/cases/1/approve", signed).status_code == 302
    assert state(portal) == ("approved", None, 1)


@pytest.mark.parametrize("password", ["", "sai-mat-khau", None])
def test_without_the_password_nothing_is_done_and_the_reason_stays(
    visit: Visit, portal: Flask, report: int, password: str | None
) -> None:
    typed = {"version": 1, "reason": REASON, **({} if password is None else {"password": password})}
    answer = visit("head").post("/cases/1/approve_in_emergency", typed)
    assert answer.status_code == 422
    assert REASON in answer.text
    assert "sai-mat-khau" not in answer.text
    assert state(portal) == ("in_review", "department", 0)


def test_the_second_signature_wants_the_password_too_also_in_a_bundle(visit: Visit, portal: Flask, report: int) -> None:
    approve_at_once(visit, "head")
    police = visit("police.head")
    assert police.post("/cases/1/approve", {"version": 2}).status_code == 422
    assert "0 trên 1" in police.post("/cases/several", {"case": ["1.2"]}).text
    assert state(portal) == ("in_review", "retrospective", 1)


@pytest.mark.parametrize(("who", "status"), [("deputy", 422), ("clerk", 403), ("police.head", 404), ("admin", 422)])
def test_nobody_else_approves_at_once(visit: Visit, portal: Flask, report: int, who: str, status: int) -> None:
    assert approve_at_once(visit, who).status_code == status
    assert state(portal) == ("in_review", "department", 0)


def test_whoever_is_not_trusted_with_it_is_not_offered_it(visit: Visit, report: int) -> None:
    pages = {who: visit(who).get(f"/submissions/show/{report}").text for who in ("head", "deputy")}
    assert ["/approve_in_emergency" in page for page in pages.values()] == [True, False]


def test_the_second_one_can_object(visit: Visit, portal: Flask, report: int) -> None:
    approve_at_once(visit, "head")
    typed = {"version": 2, "reason": "Không phải việc khẩn.", "password": PASSWORD}
    assert visit("police.deputy").post("/cases/1/reject", typed).status_code == 302
    assert state(portal) == ("rejected", None, 1)
