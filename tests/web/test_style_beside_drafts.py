"""Notes on style stand beside what is printed, before authors and reviewers, and are in nobody's way."""

from __future__ import annotations

from html import unescape
from typing import TYPE_CHECKING, Any

import pytest

from portal.submissions.models import Submission
from tests.web.calls import rows
from tests.web.chains import LEADER, POLICE, chain, put_in_force, stage
from tests.web.report_page import Page, address, filled_in, saving, send

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask

    from tests.conftest import Visit
    from tests.portal.province import Province

WRONG = "Trình Sở Tài Chính xem xét"
MENDED = "Sở Tài chính"
LIST = "Lưu ý về cách viết"
JSON = {"Accept": "application/json"}


def listed(html: str) -> str:
    """The list of notes on style of a page; nothing where it is hidden."""
    _, found, rest = html.partition('<details class="card notes-on-style"')
    own = rest.partition("</details>")[0]
    return "" if not found or " hidden>" in own.partition("<summary>")[0] else unescape(own)


def test_a_note_stands_beside_its_question_and_in_a_list_that_leads_there(visit: Visit, draft: int) -> None:
    clerk = visit("clerk")
    assert listed(clerk.get(address(draft)).text) == ""
    send(clerk, draft, filled_in(clerk, draft, direction=WRONG, documents__0__summary=WRONG))
    html = clerk.get(address(draft)).text
    page = Page(html)
    assert page.said["direction"] == page.said["documents.0.summary"] != ""
    assert MENDED in page.said["direction"]
    assert LIST in listed(html)
    assert "(<span data-count>2</span>)" in listed(html)
    assert '<a href="#f-documents">' in listed(html)
    assert '<a href="#f-direction">' in listed(html)
    assert {"f-documents", "f-direction"} <= page.ids
    assert page.forms[saving(draft)]["direction"] == WRONG, "nothing is rewritten"
    assert 'class="question field wrong" id="f-direction"' not in html


def test_what_was_mended_is_noted_no_more(visit: Visit, draft: int) -> None:
    clerk = visit("clerk")
    send(clerk, draft, filled_in(clerk, draft, direction=WRONG))
    send(clerk, draft, filled_in(clerk, draft, direction="Trình Sở Tài chính xem xét"))
    html = clerk.get(address(draft)).text
    assert (Page(html).said["direction"], listed(html)) == ("", "")


def test_a_page_that_saves_itself_hears_the_notes(visit: Visit, draft: int) -> None:
    clerk = visit("clerk")
    answer = send(clerk, draft, filled_in(clerk, draft, direction=WRONG), headers=JSON).get_json()
    ((name, asked, words),) = answer["styled"]
    assert (name, asked) == ("direction", "Nội dung chỉ đạo, điều hành nổi bật")
    assert answer["remarks"]["direction"] == [{"words": words, "severity": "info"}]
    assert MENDED in words
    assert clerk.post("/language/en").status_code == 302
    said = send(clerk, draft, filled_in(clerk, draft), headers=JSON).get_json()["styled"][0][2]
    assert said == "Capitals of a body: “Sở Tài chính”, not “Sở Tài Chính”."


def test_a_report_with_notes_is_handed_in_as_it_is(visit: Visit, draft: int, portal: Flask) -> None:
    clerk = visit("clerk")
    assert send(clerk, draft, filled_in(clerk, draft, direction=WRONG), "submit").status_code == 302
    with rows(portal) as session:
        report = session.get_one(Submission, draft)
        assert (report.case_status, report.values["direction"]) == ("in_review", WRONG)


def test_what_was_typed_and_not_saved_is_not_judged(visit: Visit, draft: int) -> None:
    clerk = visit("clerk")
    send(clerk, draft, filled_in(clerk, draft, direction=WRONG))
    late = {**filled_in(clerk, draft), "edition": "0", "direction": "Đã rà soát"}
    refused = send(clerk, draft, late)
    assert refused.status_code == 409
    assert (Page(refused.text).said["direction"], listed(refused.text)) == ("", "")


def test_who_reviews_it_reads_the_notes_with_links_to_the_answers(visit: Visit, draft: int) -> None:
    clerk = visit("clerk")
    send(clerk, draft, filled_in(clerk, draft, direction=WRONG), "submit")
    html = visit("head").get(address(draft)).text
    assert MENDED in listed(html)
    assert '<a href="#a-direction">' in listed(html)
    assert "a-direction" in Page(html).ids


def test_who_reads_parts_reads_the_notes_on_these_alone(portal: Flask, visit: Visit, draft: int) -> None:
    reading = {**POLICE, "reads": ["direction"], "covers": ["direction"]}
    put_in_force(portal, chain(stage("police", "Công an thẩm định", reading), stage("unit", "Đơn vị", LEADER)))
    clerk = visit("clerk")
    form = filled_in(clerk, draft, direction=WRONG, proposals="Đề nghị ủy ban nhân dân tỉnh")
    assert send(clerk, draft, form, "submit").status_code == 302
    own = listed(visit("police.head").get(address(draft)).text)
    assert '<a href="#a-direction">' in own
    assert "proposals" not in own
    assert "Ủy ban" not in own
    assert "Ủy ban" in listed(clerk.get(address(draft)).text)


def test_what_was_returned_is_noted_for_its_author_where_he_may_write(visit: Visit, desk: Any, waiting: int) -> None:
    assert waiting
    desk.done("head", "return", reason="Viết hoa cho đúng")
    clerk = desk.visitor("clerk")
    send(clerk, waiting, filled_in(clerk, waiting, direction=WRONG))
    assert '<a href="#f-direction">' in listed(clerk.get(address(waiting)).text)
    assert listed(visit("head").get(address(waiting)).text) == ""


def test_what_was_decided_is_noted_no_more(visit: Visit, prepare: Callable[[Callable[[Province], int]], int]) -> None:
    report = prepare(lambda province: province.approved().row.subject_id)
    assert listed(visit("head").get(address(report)).text) == ""


@pytest.mark.parametrize("page", ["", "/design"])
def test_set_phrases_are_noted_beside_a_template_which_is_published_all_the_same(visit: Visit, page: str) -> None:
    designer = visit("admin")
    designer.post("/definitions/document/provincial-report/begin")
    draft = "/definitions/document/provincial-report/draft"
    form = Page(designer.get(draft).text).forms[draft]
    source = form["source"].replace("Ủy ban nhân dân tỉnh Gia Lai báo cáo", "Ủy ban Nhân dân Tỉnh Gia Lai báo cáo")
    assert source != form["source"]
    designer.post(draft, {"source": source, "edition": "1"})
    text = unescape(designer.get(f"{draft}{page}").text)
    heeded = text.partition('<h2 id="heed">')[2].partition("</section>")[0]
    assert "“Ủy ban nhân dân tỉnh Gia Lai”" in heeded
    answer = designer.post(f"{draft}/publish", {"edition": "2", "knows": "1", "note": "Viết lại"})
    assert answer.status_code == 302
