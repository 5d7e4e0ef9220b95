"""From answers to the words of the document: figures in a table, choices by their label, nothing invented."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, TypeVar

import pytest

from portal.approvals.recording import read
from portal.definitions import publishing
from portal.definitions import service as definitions
from portal.definitions.models import Definition
from portal.demo.journey import january_inputs
from portal.documents.content import Block, Clause, Figure, FiguresTable, Paragraph, Section, Table
from portal.submissions import service
from portal.submissions.wording import wording_of
from tests.portal.province import FEBRUARY, REVIEWERS
from workflows.actions import Return

if TYPE_CHECKING:
    from portal.documents.service import Wording
    from portal.submissions.models import Submission
    from tests.portal.province import Province
    from workflows.periods import Period

T = TypeVar("T", bound=Block)


def worded(province: Province, report: Submission) -> Wording:
    return wording_of(province.session, report, definitions.current(province.session, "document", "provincial-report"))


def handed_in(province: Province, **typed: str) -> Submission:
    report = province.draft()
    inputs = {**january_inputs(), **{name.replace("__", "."): said for name, said in typed.items()}}
    service.save(province.session, province.actor("clerk"), report, inputs, report.edition)
    province.hand_in(report)
    return report


def section(wording: Wording, title: str) -> Section:
    return next(each for each in wording.sections if each.title == title)


def blocks(found: Section, kind: type[T]) -> list[T]:
    return [block for block in found.blocks if isinstance(block, kind)]


def figure(wording: Wording, label: str) -> Figure:
    rows = (row for each in wording.sections for table in blocks(each, FiguresTable) for row in table.figures)
    return next(row for row in rows if row.label == label)


def paragraphs_after(found: Section, label: str) -> list[str]:
    """The paragraphs under a title, up to the next block of another kind."""
    start = found.blocks.index(Clause(label)) + 1
    lines = []
    for block in found.blocks[start:]:
        if not isinstance(block, Paragraph):
            break
        lines.append(block.text)
    return lines


def test_fixed_phrases_are_filled_with_period_unit_and_window(province: Province) -> None:
    wording = worded(province, handed_in(province))
    assert wording.subject == "Tình hình, kết quả thực hiện Đề án 06 tháng 01/2025"
    (opening,) = wording.opening
    assert opening == (
        "Ủy ban nhân dân tỉnh Gia Lai báo cáo tình hình, kết quả thực hiện Đề án 06 tháng 01/2025 "
        "(số liệu từ ngày 15/12/2024 đến ngày 14/01/2025, theo báo cáo của Sở Thông tin và Truyền thông "
        "đã được Công an tỉnh thẩm định) như sau:"
    )
    assert wording.addressees == ("Văn phòng Chính phủ", "Bộ Công an")


def saying(province: Province, template: str, **wording: str | list[str]) -> None:
    """Publish a template of another text and other phrases."""
    body = copy.deepcopy(definitions.current(province.session, "document", "provincial-report").body)
    body["metadata"]["wording"] |= wording
    new = {**body, "template": template}
    publishing.publish(province.session, actor="admin", kind="document", key="provincial-report", body=new)


def settling(province: Province, kind: str, wording: dict[str, object], **metadata: object) -> None:
    """Publish a template of another type with some of what stands around its text."""
    body = copy.deepcopy(definitions.current(province.session, "document", "provincial-report").body)
    body["metadata"] |= {"type": kind, **metadata}
    body["metadata"]["wording"] |= wording
    publishing.publish(province.session, actor="admin", kind="document", key="provincial-report", body=body)


def test_sections_that_are_annexes_leave_the_body_in_the_order_of_the_template(province: Province) -> None:
    report = handed_in(province)
    before = worded(province, report)
    assert before.annexes == ()
    settling(province, "BC", {}, annexes=["proposals", "nowhere", "direction"])
    wording = worded(province, report)
    titles = [each.title for each in wording.annexes]
    assert titles == ["Đề xuất, kiến nghị", "Công tác chỉ đạo, điều hành"]
    assert [each.title for each in wording.sections] == [
        each.title for each in before.sections if each.title not in titles
    ]


def test_grounds_keep_the_lines_of_an_answer(province: Province) -> None:
    settling(province, "BC", {"grounds": ["Căn cứ Luật", "{answers.proposals}"]})
    assert worded(province, handed_in(province, proposals="Căn cứ A\nCăn cứ B")).grounds == (
        "Căn cứ Luật",
        "Căn cứ A\nCăn cứ B",
    )


def test_marks_are_those_of_the_template_and_the_typist_is_who_began_the_report(province: Province) -> None:
    said = {"urgency": "Khẩn", "circulation": "Lưu hành nội bộ", "issued_copies": 300, "archive_copies": 2}
    settling(province, "BC", said, contact=True)
    report = handed_in(province)
    wording = worded(province, report)
    marks = wording.marks
    assert (marks.urgency, marks.circulation, marks.issued_copies) == ("Khẩn", "Lưu hành nội bộ", 300)
    assert marks.typist == "".join(part[0] for part in report.creator.get_full_name().split())
    assert (wording.archive_copies, wording.shows_contact, wording.secretary) == (2, True, "")


def test_minutes_name_the_secretary_that_an_answer_gives(province: Province) -> None:
    settling(province, "BB", {"secretary": "Trần Văn Thành, {answers.meetings}"})
    assert worded(province, handed_in(province, meetings="12")).secretary == "Trần Văn Thành, 12"


def test_answers_are_said_by_name_as_they_are_written(province: Province) -> None:
    names = ("meetings", "dossiers_on_time", "index_766", "proposals", "utility_citizens", "cashless_growth")
    saying(province, " ".join(f"{{{{ doc.answers.{name} }}}}" for name in names), subject="Họp {answers.meetings} cuộc")
    words = {"utility_citizens": "", "utility_citizens__nothing": "yes", "utility_citizens__reason": "Chưa triển khai."}
    wording = worded(province, handed_in(province, meetings="12", proposals="Bố trí\n kinh phí.", **words))
    assert wording.subject == "Họp 12 cuộc"
    assert wording.answers.keys() == set(names)
    assert wording.answers["dossiers_on_time"] == "6.450/6.632 (97,26\u00a0%)"
    assert wording.answers["index_766"] == "60,74/100"
    assert wording.answers["proposals"] == "Bố trí\n kinh phí."
    assert wording.answers["utility_citizens"] == "Không phát sinh: Chưa triển khai"


def test_an_answer_in_a_phrase_is_on_one_line_and_a_gap_where_there_is_none(province: Province) -> None:
    saying(province, "", closing="Đề nghị: {answers.proposals}", opening=["Chỉ đạo: {answers.direction}"])
    wording = worded(province, handed_in(province, proposals="Bố trí\n kinh phí.", direction=""))
    assert (wording.closing, wording.opening) == ("Đề nghị: Bố trí kinh phí.", ("Chỉ đạo: …",))


def test_an_earlier_form_that_did_not_ask_leaves_a_gap(province: Province) -> None:
    report = handed_in(province)
    form = copy.deepcopy(definitions.current(province.session, "form", "monthly-report").body)
    form["sections"][0]["fields"].append({"name": "topic", "type": "text", "label": {"vi": "Chủ đề", "en": "Topic"}})
    publishing.publish(province.session, actor="admin", kind="form", key="monthly-report", body=form)
    saying(province, "{{ doc.answers.topic }}", subject="Về {answers.topic}")
    wording = worded(province, report)
    assert (wording.subject, wording.answers) == ("Về …", {"topic": ""})


def test_figures_are_written_the_vietnamese_way_with_their_date_and_unit(province: Province) -> None:
    wording = worded(province, handed_in(province))
    on_time = figure(wording, "Hồ sơ giải quyết sớm và đúng hạn")
    assert (on_time.value, on_time.unit, on_time.as_of) == ("6.450/6.632 (97,26\u00a0%)", "hồ sơ", "31/01/2025")
    index = figure(wording, "Điểm Bộ chỉ số 766")
    assert (index.value, index.unit, index.as_of) == ("60,74/100", "điểm", "15/01/2025")
    assert figure(wording, "Xếp hạng Bộ chỉ số 766").value == "54/63"


def test_a_figure_without_a_date_of_its_own_speaks_of_the_end_of_the_window(province: Province) -> None:
    assert figure(worded(province, handed_in(province)), "Tổng số nhiệm vụ được giao").as_of == "14/01/2025"


def test_the_percentage_printed_is_computed_and_not_the_one_that_was_stated(province: Province) -> None:
    report = handed_in(province, cashless_growth__stated="14,02")
    printed = figure(worded(province, report), "Tăng trưởng số người được chi trả không dùng tiền mặt").value
    assert printed == "72.944/513.031 (14,22\u00a0%)"


def test_nothing_to_report_is_said_with_its_reason(province: Province) -> None:
    results = section(worded(province, handed_in(province)), "Kết quả thực hiện")
    said = paragraphs_after(results, "Kết nối, khai thác, bổ sung làm giàu dữ liệu dân cư")
    assert said == ["Không phát sinh: Chưa có nhiệm vụ làm giàu dữ liệu trong kỳ báo cáo."]


def test_nothing_to_report_of_a_figure_is_words_and_no_row(province: Province) -> None:
    inputs = {
        "index_766__value": "",
        "index_766__as_of": "",
        "index_766__nothing": "yes",
        "index_766__reason": "Chưa công bố.",
    }
    wording = worded(province, handed_in(province, **inputs))
    labels = [row.label for each in wording.sections for table in blocks(each, FiguresTable) for row in table.figures]
    assert "Điểm Bộ chỉ số 766" not in labels
    results = section(wording, "Kết quả thực hiện")
    assert paragraphs_after(results, "Điểm Bộ chỉ số 766") == ["Không phát sinh: Chưa công bố."]


def test_a_choice_is_printed_by_its_vietnamese_label(province: Province) -> None:
    (models,) = blocks(section(worded(province, handed_in(province)), "Kết quả thực hiện"), Table)
    assert [column.title for column in models.columns] == ["Tên mô hình", "Tình trạng", "Kết quả cụ thể"]
    assert models.rows[0][1] == "Đang triển khai"


def test_a_date_in_a_table_is_printed_day_first(province: Province) -> None:
    (issued,) = blocks(section(worded(province, handed_in(province)), "Công tác chỉ đạo, điều hành"), Table)
    assert [row[:2] for row in issued.rows] == [("15/KH-STTTT", "10/01/2025"), ("42/STTTT-CĐS", "13/01/2025")]


def test_a_cell_left_blank_is_printed_blank(province: Province) -> None:
    report = handed_in(province, difficulties__0__responsible="")
    (difficulties,) = blocks(section(worded(province, report), "Tồn tại, khó khăn, vướng mắc"), Table)
    assert difficulties.rows[0][-1] == ""


def test_every_line_of_a_long_answer_is_a_paragraph(province: Province) -> None:
    lines = "Đã bố trí kinh phí.\n\n  Đã kiểm tra 03 hệ thống.  \r\nChưa phát hiện vi phạm."
    results = section(worded(province, handed_in(province, security=lines)), "Kết quả thực hiện")
    said = paragraphs_after(results, "An ninh, an toàn, hạ tầng và nguồn lực")
    assert said == ["Đã bố trí kinh phí.", "Đã kiểm tra 03 hệ thống.", "Chưa phát hiện vi phạm."]


def test_only_the_newest_frozen_round_is_printed_never_the_draft(province: Province) -> None:
    report = handed_in(province)
    assert report.case is not None
    province.act("head", read(province.session, report.case), Return(report.case.version, "Xem lại"))
    service.save(province.session, province.actor("clerk"), report, {"meetings": "9"}, report.edition)
    assert figure(worded(province, report), "Số cuộc họp, giao ban về Đề án 06").value == "2"


def drafted(province: Province, period: Period) -> Submission:
    report = province.draft(period)
    province.hand_in(report)
    return report


def test_the_first_report_has_no_figures_of_a_period_before(province: Province) -> None:
    assert figure(worded(province, drafted(province, FEBRUARY)), "Điểm Bộ chỉ số 766").previous == ""


def test_figures_of_the_period_before_stand_beside_once_that_report_was_approved(province: Province) -> None:
    folder = province.submitted()
    february = drafted(province, FEBRUARY)
    assert figure(worded(province, february), "Điểm Bộ chỉ số 766").previous == ""
    for username in REVIEWERS:
        folder = province.approve(username, folder)
    wording = worded(province, february)
    assert figure(wording, "Điểm Bộ chỉ số 766").previous == "60,74/100"
    assert figure(wording, "Hồ sơ giải quyết sớm và đúng hạn").previous == "6.450/6.632 (97,26\u00a0%)"


@pytest.mark.parametrize(
    "phrase", ["Kỳ {}", "{period:d}", "{period!x}", "{unit:>30000000}", "{ {unit.__class__} }", "{"]
)
def test_a_phrase_that_was_published_before_it_was_refused_stops_no_approval(province: Province, phrase: str) -> None:
    body = copy.deepcopy(definitions.current(province.session, "document", "provincial-report").body)
    body["metadata"]["wording"].update(subject=f"{phrase} {{period}}", opening=[phrase], closing=phrase)
    wording = wording_of(province.session, handed_in(province), Definition(body=body))
    assert wording.subject == f"{phrase} tháng 01/2025"
    assert (wording.opening, wording.closing) == ((phrase,), phrase)
