"""Each type of a field on the way that all answers go: onto the form, into the draft, to the reader, onto paper."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING, Any

import pytest

from portal.approvals import recording
from portal.documents.content import Clause, FiguresTable, Heading, Paragraph, Table
from portal.submissions.models import Submission
from tests.portal.province import FEBRUARY
from tests.portal.test_files import DOCX
from tests.web import own_form
from tests.web.report_page import Page, address, filled_in, send, upload
from tests.web.rows import stored
from tests.workflows.paper import TWO_CHOICES, field, label
from workflows.actions import Reject

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask

    from tests.conftest import Visit, Visitor
    from tests.portal.province import Province

    Prepare = Callable[[Callable[[Province], Any]], Any]


@pytest.fixture
def asked(prepare: Prepare) -> Callable[..., int]:
    """Publishes a form and gives the key of a report that the clerk opened with it."""

    def do(*fields: dict[str, object], **options: object) -> int:
        def deed(province: Province) -> int:
            own_form.publish(province, *fields, **options)
            return own_form.opened(province)

        key: int = prepare(deed)
        return key

    return do


def fieldset(page: str, name: str) -> str:
    """The part of a page that asks one question."""
    found = re.search(rf'<fieldset class="question[^"]*" id="f-{name}".*?</fieldset>', page, re.DOTALL)
    assert found, name
    return html.unescape(found[0])


def handed_in(clerk: Visitor, report: int, **typed: str) -> None:
    """Fill in the form as it is shown, and hand it in."""
    answer = send(clerk, report, filled_in(clerk, report, **typed), "submit")
    assert answer.status_code == 302, Page(answer.text).words


def read_by_head(visit: Visit, report: int) -> str:
    return Page(visit("head").get(address(report)).text).words


def test_ticks_go_from_the_form_to_the_reader_and_onto_paper(
    visit: Visit, prepare: Prepare, asked: Callable[..., int]
) -> None:
    report = asked(
        field("choices", "areas", printed=True, required=True, most=1, help=label("Chọn nhiều nhất một")),
        field("table", "rows", printed=True, columns=[field("text", "what"), field("choices", "of")]),
    )
    clerk = visit("clerk")
    shown = fieldset(clerk.get(address(report)).text, "areas")
    assert shown.count('type="checkbox"') == len(TWO_CHOICES)
    assert shown.count('aria-describedby="said-areas"') == len(TWO_CHOICES)
    both = {"areas__legal": "yes", "areas__data": "yes", "rows__0__what": "Việc", "rows__0__of__data": "yes"}
    refused = send(clerk, report, filled_in(clerk, report, **both), "submit")
    assert refused.status_code == 422
    assert "2" in Page(refused.text).said["areas"]
    form = filled_in(clerk, report)
    del form["areas.legal"]
    assert send(clerk, report, form, "submit").status_code == 302
    assert prepare(lambda province: own_form.frozen(province, report)) == {
        "areas": ["data"],
        "rows": [{"what": "Việc", "of": ["data"]}],
    }
    assert "Dữ liệu" in read_by_head(visit, report)
    blocks = prepare(lambda province: own_form.printed(province, report))
    assert Paragraph("Dữ liệu") in blocks
    (table,) = (block for block in blocks if isinstance(block, Table))
    assert table.rows == (("Việc", "Dữ liệu"),)
    assert Clause("Câu hỏi") in blocks


def test_a_column_of_several_inputs_stays_under_its_heading(visit: Visit, asked: Callable[..., int]) -> None:
    report = asked(field("table", "rows", columns=[field("ratio", "share"), field("choices", "of")]))
    page = visit("clerk").get(address(report)).text
    row = re.search(r'<table class="entry">.*?</table>', page, re.DOTALL)
    assert row
    assert (row[0].count("<th "), row[0].count("<td ")) == (2, 2)
    assert {"rows.0.share.numerator", "rows.0.share.denominator"} <= Page(page).bound


def test_an_approximate_figure_can_be_said_to_be_over_or_under(visit: Visit, asked: Callable[..., int]) -> None:
    report = asked(field("integer", "people", approximate=True))
    shown = fieldset(visit("clerk").get(address(report)).text, "people")
    assert [key in shown for key in ('value="over"', 'value="under"', 'value="about"')] == [True] * 3


def test_what_was_chosen_is_printed_by_its_label(visit: Visit, prepare: Prepare, asked: Callable[..., int]) -> None:
    report = asked(field("choice", "one", printed=True), field("yes_no", "sure", printed=True))
    handed_in(visit("clerk"), report, one="legal", sure="yes")
    blocks = prepare(lambda province: own_form.printed(province, report))
    assert [each for each in blocks if isinstance(each, Paragraph)] == [Paragraph("Pháp lý"), Paragraph("có")]


def test_days_from_one_to_another_go_the_whole_way(visit: Visit, prepare: Prepare, asked: Callable[..., int]) -> None:
    report = asked(field("date_range", "campaign", printed=True, expected="in_period"))
    clerk = visit("clerk")
    assert {"campaign.from", "campaign.to"} <= Page(clerk.get(address(report)).text).bound
    typed = {"campaign__from": "20-12-2024", "campaign__to": "10/12/2024"}
    refused = Page(send(clerk, report, filled_in(clerk, report, **typed), "submit").text)
    assert "10/12/2024" in refused.said["campaign.to"]
    handed_in(clerk, report, campaign__to="5.1")
    assert prepare(lambda province: own_form.frozen(province, report)) == {
        "campaign": {"from": "2024-12-20", "to": "2025-01-05"}
    }
    assert "20/12/2024 – 05/01/2025" in read_by_head(visit, report)
    assert prepare(lambda province: own_form.printed(province, report)) == (Paragraph("20/12/2024 – 05/01/2025"),)


def test_money_is_read_as_it_is_written_and_printed_with_its_currency(
    visit: Visit, prepare: Prepare, asked: Callable[..., int]
) -> None:
    report = asked(
        field("money", "paid", printed=True, required=True),
        field("table", "rows", printed=True, columns=[field("money", "cost")]),
    )
    clerk = visit("clerk")
    typed = {"paid": "1,2 tỷ đồng", "rows__0__cost": "500 nghìn"}
    saved = send(clerk, report, filled_in(clerk, report, **typed), headers={"Accept": "application/json"}).json
    assert [each["severity"] for each in saved["remarks"]["paid"]] == ["info"]
    assert "1.200.000.000" in saved["remarks"]["paid"][0]["words"]
    page = Page(clerk.get(address(report)).text)
    assert page.forms[f"/submissions/save/{report}"]["paid"] == "1.200.000.000"
    handed_in(clerk, report)
    assert prepare(lambda province: own_form.frozen(province, report)) == {
        "paid": 1_200_000_000,
        "rows": [{"cost": 500_000}],
    }
    assert "1.200.000.000 đồng" in read_by_head(visit, report)
    blocks = prepare(lambda province: own_form.printed(province, report))
    (figures,) = (block for block in blocks if isinstance(block, FiguresTable))
    assert [(row.value, row.unit) for row in figures.figures] == [("1.200.000.000", "đồng")]
    (table,) = (block for block in blocks if isinstance(block, Table))
    assert (table.rows, table.columns[0].align) == ((("500.000",),), "number")


def test_a_heading_stands_above_its_questions_everywhere_and_asks_nothing(
    visit: Visit, prepare: Prepare, asked: Callable[..., int]
) -> None:
    report = asked(
        field("text", "first", printed=True, required=True),
        {"type": "heading", "label": label("Nhân lực"), "help": label("Chỉ trong kỳ"), "printed": True},
        field("integer", "people", printed=True),
        {"type": "heading", "label": label("Kinh phí"), "printed": True},
        field("integer", "cost", printed=True),
    )
    clerk = visit("clerk")
    page = Page(clerk.get(address(report)).text)
    assert "Nhân lực Chỉ trong kỳ Câu hỏi" in page.words
    assert "còn thiếu 1" in page.words
    handed_in(clerk, report, first="Một", people="7")
    assert "Nhân lực" in read_by_head(visit, report)
    assert "Kinh phí" not in read_by_head(visit, report)
    assert set(prepare(lambda province: own_form.frozen(province, report))) == {"first", "people"}
    blocks = prepare(lambda province: own_form.printed(province, report))
    assert [type(block) for block in blocks] == [Clause, Paragraph, Heading, FiguresTable]
    assert blocks[2] == Heading("Nhân lực")


def test_a_new_report_begins_with_defaults_and_what_was_handed_in_last(visit: Visit, prepare: Prepare) -> None:
    asked = [field("integer", "staff", prefill="last"), field("text", "place", default="Trụ sở"), field("text", "more")]
    prepare(lambda province: own_form.publish(province, *asked) or 0)
    january = prepare(own_form.opened)
    clerk = visit("clerk")
    assert filled_in(clerk, january)["place"] == "Trụ sở"
    assert filled_in(clerk, january)["staff"] == ""
    handed_in(clerk, january, staff="12", more="Khác", place="")
    february = prepare(lambda province: own_form.opened(province, FEBRUARY))
    page = Page(clerk.get(address(february)).text)
    form = page.forms[f"/submissions/save/{february}"]
    assert (form["staff"], form["place"], form["more"]) == ("12", "Trụ sở", "")
    assert page.said["staff"]
    saved = send(clerk, february, form, headers={"Accept": "application/json"}).json
    assert list(saved["remarks"]) == ["staff"]
    send(clerk, february, {**form, "staff": "13", "place": ""})
    again = Page(clerk.get(address(february)).text)
    assert again.said["staff"] == ""
    assert again.forms[f"/submissions/save/{february}"]["place"] == ""


def test_what_a_rejected_report_said_is_not_written_over(visit: Visit, prepare: Prepare) -> None:
    def rejected(province: Province) -> int:
        own_form.publish(province, field("text", "place", default="Trụ sở"))
        return own_form.opened(province)

    report = prepare(rejected)
    handed_in(visit("clerk"), report, place="Kho")

    def again(province: Province) -> int:
        folder = recording.read(province.session, province.session.get_one(Submission, report).case)
        province.act("head", folder, Reject(folder.case.version, "Sai mẫu"))
        return own_form.opened(province)

    assert filled_in(visit("clerk"), prepare(again))["place"] == "Kho"


def test_a_hidden_field_stays_in_the_draft_and_goes_nowhere(
    visit: Visit, prepare: Prepare, asked: Callable[..., int]
) -> None:
    late = {"visible_when": {"eq": [{"fact": "late"}, True]}}
    report = asked(
        field("yes_no", "late", printed=True),
        field("text", "why", printed=True, required=True, max_length=20, **late),
        field("ratio", "share", **late),
    )
    clerk = visit("clerk")

    def is_hidden(page: str, name: str) -> bool:
        found = re.search(rf'id="f-{name}"(?P<hidden>[^>]*)>', page)
        assert found
        return "hidden" in found["hidden"]

    assert is_hidden(clerk.get(address(report)).text, "why")
    saved = send(clerk, report, filled_in(clerk, report, late="yes"), headers={"Accept": "application/json"}).json
    assert saved["hidden"] == []
    page = clerk.get(address(report)).text
    assert [is_hidden(page, name) for name in ("why", "share")] == [False, False]
    assert "còn thiếu 1" in Page(page).words
    long = "Thiếu người làm đầu mối ở cơ sở"
    saved = send(clerk, report, filled_in(clerk, report, why=long, late="no"), headers={"Accept": "application/json"})
    assert saved.json["hidden"] == ["share", "why"]
    assert filled_in(clerk, report)["why"] == long
    handed_in(clerk, report)
    assert prepare(lambda province: own_form.frozen(province, report)) == {"late": False}
    assert long not in read_by_head(visit, report)
    assert prepare(lambda province: own_form.printed(province, report)) == (Paragraph("không"),)


def test_a_hidden_file_is_not_handed_in(visit: Visit, prepare: Prepare, asked: Callable[..., int]) -> None:
    report = asked(
        field("yes_no", "late"),
        field("attachment", "proof", visible_when={"eq": [{"fact": "late"}, True]}),
    )
    clerk = visit("clerk")
    form = {**filled_in(clerk, report, late="yes"), "proof.file": upload("proof.docx", DOCX)}
    assert send(clerk, report, form, "upload:proof").status_code == 302
    handed_in(clerk, report, late="no")
    assert prepare(lambda province: own_form.frozen(province, report)) == {"late": False}
    assert prepare(lambda province: own_form.files(province, report)) == []


def test_a_rule_of_the_form_is_said_at_its_fields_and_to_reviewers(visit: Visit, asked: Callable[..., int]) -> None:
    said = {"vi": "Số chậm không thể lớn hơn tổng số.", "en": "More are late than there are."}
    much = {"vi": "Quá nửa bị chậm.", "en": "More than half are late."}
    late, total, half = {"fact": "late"}, {"fact": "total"}, {"fact": "half"}
    report = asked(
        *(field("integer", name) for name in ("total", "half", "late")),
        rules=[
            {"key": "within", "holds": {"le": [late, total]}, "message": said, "fields": ["late", "total"]},
            {"key": "few", "holds": {"le": [late, half]}, "message": much, "fields": ["late"], "severity": "warning"},
        ],
    )
    clerk = visit("clerk")
    refused = send(clerk, report, filled_in(clerk, report, total="4", half="2", late="5"), "submit")
    page = Page(refused.text)
    assert refused.status_code == 422
    assert said["vi"] in page.said["late"]
    assert said["vi"] in page.said["total"]
    assert page.said["half"] == ""
    handed_in(clerk, report, late="3")
    assert much["vi"] in read_by_head(visit, report)


def test_a_text_must_have_the_shape_that_the_form_asks_for(visit: Visit, asked: Callable[..., int]) -> None:
    said = {"vi": "Ghi như 15/KH-STTTT.", "en": "Write it as 15/KH-STTTT."}
    report = asked(field("text", "number", pattern={"matches": r"[0-9]{1,5}/[\p{Lu}-]+", "message": said}))
    clerk = visit("clerk")
    refused = send(clerk, report, filled_in(clerk, report, number="KH 15"), "submit")
    assert refused.status_code == 422
    assert said["vi"] in Page(refused.text).said["number"]
    handed_in(clerk, report, number="15/KH-ĐSTTTT")


def test_that_there_is_no_file_to_report_is_kept_until_one_lies_there(
    visit: Visit, portal: Flask, asked: Callable[..., int]
) -> None:
    report = asked(field("attachment", "proof", required=True, nothing_to_report=True), field("text", "words"))
    clerk = visit("clerk")
    said = {"proof.nothing": "yes", "proof.reason": "Trong kỳ không phát sinh"}
    assert send(clerk, report, {**filled_in(clerk, report), **said}).status_code == 302
    assert stored(portal, report).values["proof"] == {"nothing": True, "reason": "Trong kỳ không phát sinh"}
    assert filled_in(clerk, report).items() >= said.items()
    form = {**filled_in(clerk, report), "proof.file": upload("proof.docx", DOCX)}
    assert send(clerk, report, form, "upload:proof").status_code == 302
    assert len(stored(portal, report).values["proof"]) == 1
    assert "proof.nothing" not in filled_in(clerk, report)
    assert send(clerk, report, filled_in(clerk, report), "submit").status_code == 302
