"""Comments on single places of a report: published with a decision, answered, and opening what may be changed."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import func, select

from portal.approvals.models import CommentDraft
from portal.demo.journey import Journey, january_inputs
from portal.submissions.models import Submission, SubmissionVersion
from tests.web.calls import rows

if TYPE_CHECKING:
    from flask import Flask

    from tests.conftest import Visit

FIELD = "Số cuộc họp khác biên bản."
CELL = "Trích yếu chưa rõ."


@pytest.fixture
def report(portal: Flask) -> int:
    """A report that waits for the head of its unit; the key of it and of its case is the same."""
    with portal.app_context():
        journey = Journey(portal, lambda _line: None)
        number = journey.draft(january_inputs())
        journey.hand_in(number)
        portal.extensions["trinh"]["database"].session.remove()
    return number


def comment(visit: Visit, who: str, text: str = FIELD, **place: str) -> Any:
    return visit(who).post("/cases/1/comment", {"field": "meetings", "round": "1", "text": text, **place})


def drafts(portal: Flask) -> list[tuple[str, str]]:
    with rows(portal) as session:
        return [(each.anchor, each.text) for each in session.scalars(select(CommentDraft).order_by(CommentDraft.id))]


def send_back(visit: Visit, **more: str) -> Any:
    return visit("head").post("/cases/1/return", {"version": 1, "reason": "Xem các ghi chú.", **more})


def resubmit(visit: Visit, report: int, **more: str) -> Any:
    clerk = visit("clerk")
    page = clerk.get(f"/submissions/show/{report}").text
    edition = re.search(r'name="edition" value="(\d+)"', page)
    assert edition
    typed = {**january_inputs(), "edition": edition[1], "version": "2", "then": "submit", **more}
    return clerk.post(f"/submissions/save/{report}", typed)


def values_of(portal: Flask, report: int) -> dict[str, Any]:
    with rows(portal) as session:
        return dict(session.get_one(Submission, report).values)


def rounds_of(portal: Flask) -> int:
    with rows(portal) as session:
        return session.scalar(select(func.count()).select_from(SubmissionVersion)) or 0


def test_a_comment_is_its_authors_alone_until_he_decides(visit: Visit, portal: Flask, report: int) -> None:
    assert comment(visit, "head").status_code == 302
    assert drafts(portal) == [("meetings", FIELD)]
    assert FIELD in visit("head").get(f"/submissions/show/{report}").text
    for other in ("deputy", "clerk", "auditor", "admin"):
        assert FIELD not in visit(other).get(f"/submissions/show/{report}").text
    assert send_back(visit).status_code == 302
    assert drafts(portal) == []
    for reader in ("deputy", "clerk", "auditor"):
        assert FIELD in visit(reader).get(f"/submissions/show/{report}").text


def test_a_second_comment_on_a_place_is_added_and_an_emptied_one_is_gone(
    visit: Visit, portal: Flask, report: int
) -> None:
    comment(visit, "head", more="yes")
    comment(visit, "head", "Xem cả biên bản ngày 12.", more="yes")
    comment(visit, "head", "   ", more="yes")
    assert drafts(portal) == [("meetings", f"{FIELD}\nXem cả biên bản ngày 12.")]
    comment(visit, "head", "Gọn lại.")
    assert drafts(portal) == [("meetings", "Gọn lại.")]
    comment(visit, "head", "")
    assert drafts(portal) == []


def test_a_row_is_a_place_and_a_column_alone_is_none(visit: Visit, portal: Flask, report: int) -> None:
    assert comment(visit, "head", CELL, field="documents", row="1").status_code == 302
    assert drafts(portal) == [("documents.1", CELL)]
    assert re.search(r"· [^<·]+, dòng 2</p>", visit("head").get(f"/submissions/show/{report}").text)
    assert "Hãy chọn cả dòng" in comment(visit, "head", field="documents", column="summary").text


def test_a_row_that_was_rewritten_answers_the_comment_on_it(visit: Visit, portal: Flask, report: int) -> None:
    comment(visit, "head", CELL, field="documents", row="1")
    send_back(visit)
    assert resubmit(visit, report).status_code == 422
    assert resubmit(visit, report, **{"documents.1.summary": "Trích yếu rõ hơn"}).status_code == 302
    assert rounds_of(portal) == 2


def test_a_cell_and_a_file_are_places_of_their_own(visit: Visit, portal: Flask, report: int) -> None:
    assert comment(visit, "head", CELL, field="documents", row="1", column="summary").status_code == 302
    assert drafts(portal) == [("documents.1.summary", CELL)]
    assert "dòng 2" in visit("head").get(f"/submissions/show/{report}").text


@pytest.mark.parametrize(
    "place",
    [
        {"field": "nowhere"},
        {"field": ""},
        {"field": "documents", "row": "99", "column": "summary"},
        {"field": "documents", "row": "-1", "column": "summary"},
        {"field": "documents", "row": "0", "column": "nothing"},
        {"field": "documents", "row": "99"},
        {"field": "documents", "column": "summary"},
        {"round": "2"},
        {"round": ""},
        {"field": "meetings", "row": "0"},
        {"field": "meetings", "row": "0", "column": "x"},
        {"field": "annexes", "file": "999"},
        {"field": "a" * 5000},
    ],
)
def test_a_place_that_is_not_there_takes_no_comment_and_nothing_is_lost(
    visit: Visit, portal: Flask, report: int, place: dict[str, str]
) -> None:
    answer = comment(visit, "head", **place)
    assert answer.status_code == 422
    assert FIELD in answer.text
    assert drafts(portal) == []


@pytest.mark.parametrize(("who", "status"), [("clerk", 403), ("auditor", 403), ("admin", 422), ("outsider.head", 404)])
def test_only_who_has_it_comments(visit: Visit, portal: Flask, report: int, who: str, status: int) -> None:
    assert comment(visit, who).status_code == status
    assert drafts(portal) == []


def test_a_comment_too_long_to_keep_comes_back_whole(visit: Visit, portal: Flask, report: int) -> None:
    text = "Đề nghị xem lại. " * 200
    answer = comment(visit, "head", text)
    assert answer.status_code == 422
    assert text.strip() in answer.text
    assert drafts(portal) == []


def test_after_the_decision_nobody_comments_on_what_is_over(visit: Visit, portal: Flask, report: int) -> None:
    send_back(visit)
    answer = comment(visit, "head")
    assert answer.status_code == 422
    assert FIELD in answer.text


def test_it_is_submitted_again_only_when_every_comment_is_answered_or_met(
    visit: Visit, portal: Flask, report: int
) -> None:
    comment(visit, "head")
    comment(visit, "head", CELL, field="documents", row="1", column="summary")
    send_back(visit)
    answer = resubmit(visit, report, **{"answer:1": "Đã đối chiếu biên bản."})
    assert answer.status_code == 422
    assert "dòng 2" in answer.text
    assert "Đã đối chiếu biên bản." in answer.text, "what was answered is still there"
    assert rounds_of(portal) == 1
    change = {"documents.1.summary": "Kế hoạch về chuyển đổi số năm 2025"}
    assert resubmit(visit, report, **change, **{"answer:1": "Đã đối chiếu biên bản."}).status_code == 302
    page = visit("head").get(f"/submissions/show/{report}").text
    assert "Đã đối chiếu biên bản." in page
    assert "đã sửa" in page
    assert rounds_of(portal) == 2


def test_an_answer_is_saved_with_the_draft(visit: Visit, portal: Flask, report: int) -> None:
    comment(visit, "head")
    send_back(visit)
    resubmit(visit, report, then="save", **{"answer:1": "Đang đối chiếu."})
    assert "Đang đối chiếu." in visit("clerk").get(f"/submissions/show/{report}").text
    assert "Đang đối chiếu." not in visit("head").get(f"/submissions/show/{report}").text


def test_only_what_was_commented_on_can_be_changed_when_the_return_says_so(
    visit: Visit, portal: Flask, report: int
) -> None:
    comment(visit, "head")
    send_back(visit, only="yes")
    before = values_of(portal, report)
    page = visit("clerk").get(f"/submissions/show/{report}").text
    assert page.count('<fieldset class="locked" disabled>') > 10
    resubmit(visit, report, then="save", meetings="3", inspections="99", proposals="Chen vào")
    after = values_of(portal, report)
    assert after == {**before, "meetings": after["meetings"]}
    assert after["meetings"] != before["meetings"]


def test_a_file_of_a_locked_part_is_neither_attached_nor_taken_off(visit: Visit, portal: Flask, report: int) -> None:
    comment(visit, "head")
    send_back(visit, only="yes")
    pdf = io.BytesIO(b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer<<>>\n%%EOF\n")
    answer = resubmit(visit, report, then="upload:annexes", **{"annexes.file": (pdf, "them.pdf")})  # type: ignore[arg-type]
    assert answer.status_code == 422
    assert values_of(portal, report).get("annexes") is None


def test_what_stands_in_the_way_of_submitting_is_open_although_nobody_commented_on_it(
    visit: Visit, portal: Flask, report: int
) -> None:
    comment(visit, "head", CELL, field="documents", row="1", column="summary")
    send_back(visit, only="yes")
    with rows(portal) as session:
        stored = session.get_one(Submission, report)
        stored.values = {**stored.values, "dossiers_on_time": {"numerator": 9, "denominator": 0}}
    page = visit("clerk").get(f"/submissions/show/{report}").text
    inside = page.split('id="f-dossiers_on_time"')[0].rsplit("<fieldset", 1)[-1]
    assert "locked" not in inside


def test_the_reader_sees_what_changed_since_the_round_he_decided_on(visit: Visit, portal: Flask, report: int) -> None:
    send_back(visit)
    assert resubmit(visit, report, meetings="3").status_code == 302
    assert visit("deputy").post("/cases/1/return", {"version": 3, "reason": "Còn thiếu."}).status_code == 302
    clerk = visit("clerk")
    page = clerk.get(f"/submissions/show/{report}").text
    edition = re.search(r'name="edition" value="(\d+)"', page)
    assert edition
    typed = {**january_inputs(), "meetings": "3", "inspections": "7"}
    clerk.post(f"/submissions/save/{report}", {**typed, "edition": edition[1], "version": "4", "then": "submit"})
    head = visit("head").get(f"/submissions/show/{report}").text
    deputy = visit("deputy").get(f"/submissions/show/{report}").text
    assert ("lần trình 1" in head, "a-meetings" in head.split('id="changed"')[1].split("</section>")[0]) == (True, True)
    assert "a-meetings" not in deputy.split('id="changed"')[1].split("</section>")[0]
    assert "a-inspections" in deputy.split('id="changed"')[1].split("</section>")[0]
