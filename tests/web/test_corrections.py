"""A reviewer mends a slip and approves, and others read only the parts that their step is about."""

from __future__ import annotations

from html import unescape
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from portal.approvals.models import CaseDecision
from portal.submissions.models import Submission, SubmissionFile, SubmissionVersion
from tests.cast import PASSWORD
from tests.web.calls import rows
from tests.web.chains import LEADER, POLICE, chain, put_in_force, stage
from tests.web.desk import Desk
from tests.web.report_page import Page, address, filled_in, saving
from tests.web.rows import count

if TYPE_CHECKING:
    from flask import Flask

    from tests.conftest import Visit

CORRECTING = "/submissions/correct/1"
UNIT = stage("unit", "Lãnh đạo đơn vị duyệt", {**LEADER, "edits": ["direction", "results"]})
THEN = stage("police", "Công an tỉnh thẩm định", POLICE)
ENTRY = {"head": "Sửa rồi duyệt"}


def handed_in(portal: Flask, visit: Visit, *stages: dict[str, Any]) -> Desk:
    """A report that was handed in on a chain of these stages."""
    put_in_force(portal, chain(*stages))
    desk = Desk(portal, visit)
    clerk = desk.visitor("clerk")
    assert clerk.client.post(saving(1), data={**filled_in(clerk, 1), "then": "submit"}).status_code == 302
    return desk


@pytest.fixture
def correcting(portal: Flask, visit: Visit, draft: int) -> Desk:
    """A report before the head of its unit, who may change two of its parts."""
    assert draft == 1
    return handed_in(portal, visit, UNIT, THEN)


def form_of(desk: Desk, who: str = "head") -> dict[str, str]:
    """The page on which the report is mended, as a browser would send it."""
    answer = desk.visitor(who).get(CORRECTING)
    assert answer.status_code == 200, answer.text
    return Page(answer.text).forms[CORRECTING]


def send(desk: Desk, who: str = "head", **typed: str) -> Any:
    """Mend and approve."""
    return desk.visitor(who).post(CORRECTING, {**form_of(desk, who), **typed})


def contents(portal: Flask) -> list[tuple[int, int, str]]:
    """Round, correction and author's name at sign-in of all frozen contents."""
    with rows(portal) as session:
        found = session.scalars(select(SubmissionVersion).order_by(SubmissionVersion.id))
        return [(each.round, each.correction, each.author.username) for each in found]


def test_a_slip_is_mended_and_the_next_reviewer_sees_what_was_changed(portal: Flask, correcting: Desk) -> None:
    assert ENTRY["head"] in correcting.report("head")
    form = form_of(correcting)
    assert form["meetings"] == "2"
    assert "proposals" not in form  # of another part
    answer = send(correcting, meetings="3", reason="Sửa số cuộc họp theo biên bản.")
    assert (answer.status_code, answer.location) == (302, address(1))
    assert correcting.state[:2] == ("in_review", "police")
    assert contents(portal) == [(1, 0, "clerk"), (1, 1, "head")]
    page = correcting.report("police.head")
    assert "Thay đổi so với “Trình lần 1”" in page
    assert "2 → 3" in Page(page).words
    assert "có sửa phần" in page
    assert f"{correcting.name('head')} đã sửa phần" in page
    first = unescape(correcting.visitor("police.head").get(f"{address(1)}?round=1").text)
    assert "Thay đổi so với" not in first
    with rows(portal) as session:
        newest = session.scalars(select(SubmissionVersion).order_by(SubmissionVersion.id.desc())).first()
        decision = session.scalars(select(CaseDecision)).one()
        assert newest is not None
        assert (decision.content_hash, decision.reason) == (newest.sha256, "Sửa số cuộc họp theo biên bản.")
        assert session.get_one(Submission, 1).values["meetings"] == 3


def test_the_drafter_goes_on_with_what_was_mended_when_it_comes_back(correcting: Desk) -> None:
    send(correcting, meetings="3")
    correcting.done("police.head", "return", reason="Đề nghị làm rõ mục kiến nghị.")
    form = filled_in(correcting.visitor("clerk"), 1)
    assert form["meetings"] == "3"
    clerk = correcting.visitor("clerk")
    assert clerk.client.post(saving(1), data={**form, "proposals": "Không có.", "then": "submit"}).status_code == 302
    assert correcting.state[:2] == ("in_review", "unit")


def test_an_earlier_approval_says_that_the_content_was_changed_afterwards(
    portal: Flask, visit: Visit, draft: int
) -> None:
    assert draft
    last = stage("last", "Lãnh đạo PC06 duyệt", POLICE)
    editing = stage("police", "Công an tỉnh thẩm định", {**POLICE, "edits": ["direction"]})
    desk = handed_in(portal, visit, stage("unit", "Lãnh đạo đơn vị duyệt", LEADER), editing, last)
    desk.done("head", "approve")
    assert send(desk, "police.head", meetings="3").status_code == 302
    assert f"{desk.name('police.head')} đã sửa sau đó." in desk.report("clerk")
    assert (desk.waits_for("police.head"), desk.waits_for("police.deputy")) == (False, True)


def test_more_rows_of_a_table_approve_nothing(correcting: Desk) -> None:
    answer = send(correcting, meetings="3", reason="Bổ sung.", then="row:documents")
    assert answer.status_code == 200
    form = Page(answer.text).forms[CORRECTING]
    assert (form["meetings"], form["reason"]) == ("3", "Bổ sung.")
    assert len(form) > len(form_of(correcting))  # a row more
    assert (correcting.state[:2], correcting.count(SubmissionVersion)) == (("in_review", "unit"), 1)


def test_what_does_not_pass_the_gate_comes_back_as_it_was_typed(correcting: Desk) -> None:
    answer = send(correcting, meetings="mười", reason="Sửa số cuộc họp.")
    assert answer.status_code == 422
    page = Page(answer.text)
    assert (page.forms[CORRECTING]["meetings"], page.forms[CORRECTING]["reason"]) == ("mười", "Sửa số cuộc họp.")
    assert page.said["meetings"]
    assert "Chưa duyệt" in page.words
    assert (correcting.state[:2], correcting.count(SubmissionVersion)) == (("in_review", "unit"), 1)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({}, "Chưa có gì khác với bản đã trình"),
        ({"proposals": "Của phần khác."}, "Chưa có gì khác với bản đã trình"),
        ({"activities": "Nội dung này là TỐI MẬT."}, "mật"),
    ],
)
def test_what_changes_nothing_or_may_not_be_kept_is_refused(
    correcting: Desk, typed: dict[str, str], words: str
) -> None:
    answer = send(correcting, **typed)
    assert answer.status_code == 422
    assert words in unescape(answer.text)
    assert (correcting.version, correcting.count(SubmissionVersion)) == (1, 1)


def test_a_page_that_was_overtaken_gives_back_what_was_typed(correcting: Desk) -> None:
    form = form_of(correcting)
    correcting.done("head", "claim")
    answer = correcting.visitor("head").post(CORRECTING, {**form, "meetings": "3"})
    assert answer.status_code == 409
    again = Page(answer.text).forms[CORRECTING]
    assert again["meetings"] == "3"
    assert correcting.visitor("head").post(CORRECTING, again).status_code == 302
    theirs = {name: text for name, text in form.items() if name != "csrf_token"}
    late = correcting.visitor("deputy").post(CORRECTING, {**theirs, "meetings": "4"})
    assert late.status_code == 409
    assert "4" in unescape(late.text)
    assert correcting.count(SubmissionVersion) == 2


def test_the_second_of_two_clicks_does_nothing_more(correcting: Desk) -> None:
    form = {**form_of(correcting), "meetings": "3"}
    for _ in range(2):
        assert correcting.visitor("head").post(CORRECTING, form).location == address(1)
    assert correcting.count(CaseDecision) == 1
    assert correcting.count(SubmissionVersion) == 2


def test_a_step_that_wants_a_proof_wants_it_here_too(portal: Flask, visit: Visit, draft: int) -> None:
    assert draft
    proving = stage("unit", "Lãnh đạo đơn vị duyệt", {**LEADER, "edits": ["direction"], "prove": True})
    desk = handed_in(portal, visit, proving, THEN)
    answer = send(desk, meetings="3", password="sai mật khẩu")
    assert answer.status_code == 422
    assert Page(answer.text).forms[CORRECTING]["meetings"] == "3"
    assert desk.count(SubmissionVersion) == 1
    assert send(desk, meetings="3", password=PASSWORD).status_code == 302


def test_nobody_else_opens_the_page(correcting: Desk) -> None:
    assert correcting.visitor("police.head").get(CORRECTING).status_code == 404
    assert correcting.visitor("outsider").get(CORRECTING).status_code in {403, 404}
    assert correcting.visitor("clerk").get(CORRECTING).status_code == 403
    correcting.done("head", "approve")
    assert correcting.visitor("police.head").get(CORRECTING).status_code == 422


def test_a_row_far_beyond_the_end_of_a_table_is_no_burden(correcting: Desk) -> None:
    form = {**form_of(correcting), "version": "0", "documents.999999.number": "1"}
    answer = correcting.visitor("head").post(CORRECTING, form)
    assert answer.status_code == 409
    assert len(answer.text) < 1_000_000


def test_nothing_that_is_stored_can_be_guessed_here(portal: Flask, visit: Visit, draft: int) -> None:
    assert draft
    reading = {**POLICE, "reads": ["direction"], "covers": ["direction"]}
    desk = handed_in(portal, visit, stage("police", "Công an tỉnh thẩm định", reading), stage("unit", "Đơn vị", LEADER))
    with rows(portal) as session:
        secret = str(session.get_one(Submission, 1).values["proposals"])
    for guess in (secret, f"{secret}?"):
        answer = desk.visitor("police.head").post(CORRECTING, {"version": 1, "proposals": guess})
        assert answer.status_code == 422
        assert guess in unescape(answer.text)
    comment = {"field": "proposals", "round": "1", "text": "Xem lại."}
    assert desk.visitor("police.head").post("/cases/1/comment", comment).status_code == 422


# -- reading ---------------------------------------------------------------------------------------------------


def test_who_has_a_step_that_reads_parts_reads_these_alone(portal: Flask, visit: Visit, draft: int) -> None:
    assert draft
    reading = {**POLICE, "reads": ["direction"], "covers": ["direction"]}
    desk = handed_in(portal, visit, stage("police", "Công an tỉnh thẩm định", reading), stage("unit", "Đơn vị", LEADER))
    page = desk.report("police.head")
    assert "Số cuộc họp" in page
    assert "Tiến độ thực hiện nhiệm vụ" in page.partition("Bạn không đọc các phần sau")[2].partition("</p>")[0]
    assert "Không có kiến nghị" not in page
    assert "Bạn không đọc" not in desk.report("clerk")
    assert "Bạn không đọc" not in desk.report("head")
    with rows(portal) as session:
        link = session.scalars(select(SubmissionFile)).first()
    if link is not None:
        file = f"/submissions/file/1/{link.id}"
        assert desk.visitor("police.head").get(file).status_code == 404
        assert desk.visitor("head").get(file).status_code == 200


def test_who_reads_all_by_another_step_reads_all(portal: Flask, visit: Visit, draft: int) -> None:
    assert draft
    reading = {**POLICE, "reads": ["direction"], "covers": ["direction"]}
    stages = (stage("police", "Công an tỉnh thẩm định", reading), stage("more", "Công an tỉnh duyệt", POLICE))
    desk = handed_in(portal, visit, *stages)
    assert "Bạn không đọc" in desk.report("police.head")
    desk.done("police.head", "approve")
    assert "Bạn không đọc" not in desk.report("police.deputy")
    assert count(portal, CaseDecision) == 1
