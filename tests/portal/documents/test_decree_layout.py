"""Decree 30/2020, appendix I, measured on the printed page; sizes and places are typed from the decree."""

from __future__ import annotations

import io
import re
import subprocess
import unicodedata
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from pypdf import PdfReader

from portal.documents import rules
from portal.documents.content import (
    Clause,
    Column,
    Figure,
    FiguresTable,
    Heading,
    Paragraph,
    Section,
    Table,
)
from portal.documents.printed import template_data
from tests.portal.documents.document_samples import ALPHABET, letter, report, report_job, short_report
from tests.portal.documents.pressing import pressed
from tests.portal.documents.printed_page import read_lines, read_rules
from workflows.forms.markup import Run

if TYPE_CHECKING:
    from pathlib import Path

    from printed_page import Line, Rule

REGULAR, BOLD, ITALIC, BOLD_ITALIC = "Tinos", "Tinos-Bold", "Tinos-Italic", "Tinos-Bold-Italic"
LEFT, RIGHT, TOP, BOTTOM = 30, 210 - 15, 20, 297 - 20
HAIR = 0.5  # millimetres that a place may be off


@pytest.fixture(scope="module")
def pdf() -> bytes:
    return pressed(report_job()).pdf


@pytest.fixture(scope="module")
def lines(pdf: bytes) -> list[Line]:
    return read_lines(pdf)


@pytest.fixture(scope="module")
def strokes(pdf: bytes) -> list[Rule]:
    return read_rules(pdf)


def the(lines: list[Line], text: str) -> Line:
    """The one line that begins with a text."""
    found = [line for line in lines if line.text.startswith(text)]
    assert len(found) == 1, (text, found)
    return found[0]


ELEMENTS = (
    ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", BOLD, 12, 13),
    ("Độc lập - Tự do - Hạnh phúc", BOLD, 13, 14),
    ("ỦY BAN NHÂN DÂN", BOLD, 12, 13),
    ("TỈNH GIA LAI", BOLD, 12, 13),
    ("Số: 05/BC-UBND", REGULAR, 13, 13),
    ("Gia Lai, ngày 05 tháng 3 năm 2025", ITALIC, 13, 14),
    ("BÁO CÁO", BOLD, 13, 14),
    ("Tình hình, kết quả thực hiện Đề án 06 tháng 01 năm 2025", BOLD, 13, 14),
    ("Kính gửi: - Văn phòng Chính phủ;", REGULAR, 13, 14),
    ("- Bộ Công an (Tổ công tác triển khai Đề án 06).", REGULAR, 13, 14),
    ("Thực hiện Quyết định số 06/QĐ-TTg", REGULAR, 13, 14),
    ("I. CÔNG TÁC CHỈ ĐẠO, ĐIỀU HÀNH", BOLD, 13, 14),
    ("1. Quán triệt, ban hành văn bản", BOLD, 13, 14),
    ("TM. ỦY BAN NHÂN DÂN", BOLD, 13, 14),
    ("KT. CHỦ TỊCH", BOLD, 13, 14),
    ("PHÓ CHỦ TỊCH", BOLD, 13, 14),
    ("Nguyễn Thị Thanh Lịch", BOLD, 13, 14),
    ("Nơi nhận:", BOLD_ITALIC, 12, 12),
    ("- Như trên;", REGULAR, 11, 11),
    ("- Lưu: VT, NC.", REGULAR, 11, 11),
)


@pytest.mark.parametrize(("text", "face", "smallest", "largest"), ELEMENTS)
def test_each_element_has_the_face_and_size_of_the_decree(
    lines: list[Line], text: str, face: str, smallest: int, largest: int
) -> None:
    line = the(lines, text)
    assert line.faces == {face}
    assert all(smallest <= size <= largest for size in line.sizes)


def test_the_paper_is_a4_upright(pdf: bytes) -> None:
    for page in PdfReader(io.BytesIO(pdf)).pages:
        assert float(page.mediabox.width) * 25.4 / 72 == pytest.approx(210, abs=0.1)
        assert float(page.mediabox.height) * 25.4 / 72 == pytest.approx(297, abs=0.1)


def test_the_text_keeps_the_margins_and_reaches_them(lines: list[Line]) -> None:
    text = [line for line in lines if not line.text.isdigit() or line.top > TOP]
    assert min(line.left for line in text) == pytest.approx(LEFT, abs=HAIR)
    assert max(line.right for line in text) == pytest.approx(RIGHT, abs=HAIR)
    assert min(line.top for line in text) >= TOP - HAIR
    assert max(line.bottom for line in text) <= BOTTOM + HAIR


def test_the_state_stands_to_the_right_and_the_issuer_to_the_left_at_one_height(lines: list[Line]) -> None:
    state, issuer = the(lines, "CỘNG HÒA"), the(lines, "ỦY BAN NHÂN DÂN")
    assert issuer.right < state.left
    assert issuer.middle < 105 < state.middle
    assert issuer.bottom == pytest.approx(state.bottom, abs=HAIR)


def test_both_columns_are_centred_on_their_own_middle(lines: list[Line]) -> None:
    issuer, number = the(lines, "ỦY BAN NHÂN DÂN"), the(lines, "Số: 05")
    state, day = the(lines, "CỘNG HÒA"), the(lines, "Gia Lai, ngày")
    assert the(lines, "TỈNH GIA LAI").middle == pytest.approx(issuer.middle, abs=HAIR)
    assert number.middle == pytest.approx(issuer.middle, abs=HAIR)
    assert the(lines, "Độc lập").middle == pytest.approx(state.middle, abs=HAIR)
    assert day.middle == pytest.approx(state.middle, abs=HAIR)


def test_number_and_date_stand_in_one_row_below_both(lines: list[Line]) -> None:
    number, day = the(lines, "Số: 05"), the(lines, "Gia Lai, ngày")
    assert number.bottom == pytest.approx(day.bottom, abs=HAIR)
    assert number.top > the(lines, "TỈNH GIA LAI").bottom
    assert day.top > the(lines, "Độc lập").bottom


def test_the_type_is_centred_on_the_text(lines: list[Line]) -> None:
    middle = (LEFT + RIGHT) / 2
    assert the(lines, "BÁO CÁO").middle == pytest.approx(middle, abs=HAIR)
    assert the(lines, "Tình hình, kết quả").middle == pytest.approx(middle, abs=HAIR)
    assert the(lines, "Số: 05").bottom < the(lines, "BÁO CÁO").top


def the_stroke_under(strokes: list[Rule], line: Line) -> Rule:
    found = [
        rule
        for rule in strokes
        if rule.page == line.page and 0 < rule.top - line.bottom < 2 and line.left - 1 < rule.middle < line.right + 1
    ]
    assert len(found) == 1
    return found[0]


def test_the_rule_under_the_motto_is_as_long_as_the_motto(lines: list[Line], strokes: list[Rule]) -> None:
    motto = the(lines, "Độc lập")
    rule = the_stroke_under(strokes, motto)
    assert rule.left == pytest.approx(motto.left, abs=HAIR)
    assert rule.right == pytest.approx(motto.right, abs=HAIR)


@pytest.mark.parametrize("text", ["TỈNH GIA LAI", "(từ ngày 15/12/2024"])
def test_the_rule_under_issuer_and_subject_is_a_third_to_a_half_of_the_line(
    lines: list[Line], strokes: list[Rule], text: str
) -> None:
    line = the(lines, text)
    rule = the_stroke_under(strokes, line)
    assert 1 / 3 <= rule.width / line.width <= 1 / 2
    assert rule.middle == pytest.approx(line.middle, abs=HAIR)


def test_the_dashes_of_several_addressees_stand_in_one_line(pdf: bytes) -> None:
    boxes = subprocess.run(["pdftotext", "-bbox", "-l", "1", "-", "-"], input=pdf, capture_output=True, check=True)
    words = re.findall(r'xMin="([0-9.]+)".*>(.+)</word>', boxes.stdout.decode())
    lead = [word for _, word in words].index("gửi:")
    dashes = [float(left) for left, word in words[lead:] if word == "-"][:2]
    assert dashes[0] == pytest.approx(dashes[1], abs=0.5)


def test_paragraphs_are_indented_by_1_27_centimetres_and_justified(lines: list[Line]) -> None:
    first, second = the(lines, "Thực hiện Quyết định"), the(lines, "tướng Chính phủ")
    assert first.left == pytest.approx(LEFT + 12.7, abs=HAIR)
    assert second.left == pytest.approx(LEFT, abs=HAIR)
    assert first.right == pytest.approx(RIGHT, abs=HAIR)
    assert second.right == pytest.approx(RIGHT, abs=HAIR)


def test_paragraphs_stand_at_least_six_points_apart(lines: list[Line]) -> None:
    page = [line for line in lines if line.page == 1]
    step = the(page, "và xác thực").top - the(page, "tướng Chính phủ").top
    last, heading = the(page, "hiện tháng 01/2025"), the(page, "I. CÔNG TÁC")
    assert (heading.top - last.top - step) * 72 / 25.4 >= 6 - 0.1
    assert 14 <= step * 72 / 25.4 <= 14 * 1.5 * 1.15


def test_the_first_page_shows_no_number_and_the_others_do_in_the_top_margin(lines: list[Line]) -> None:
    above = [line for line in lines if line.bottom < TOP]
    assert [(line.page, line.text) for line in above] == [(2, "2"), (3, "3")]
    for line in above:
        assert line.middle == pytest.approx((LEFT + RIGHT) / 2, abs=HAIR)
        assert line.faces == {REGULAR}
        assert all(13 <= size <= 14 for size in line.sizes)


def test_the_text_ends_with_the_end_mark_before_the_signature(lines: list[Line]) -> None:
    signature = the(lines, "TM. ỦY BAN NHÂN DÂN")
    before = [line for line in lines if (line.page, line.bottom) < (signature.page, signature.top)]
    assert before[-1].text.endswith("./.")


def test_the_recipients_stand_to_the_left_level_with_the_signature(lines: list[Line]) -> None:
    recipients, signature = the(lines, "Nơi nhận:"), the(lines, "TM. ỦY BAN NHÂN DÂN")
    assert recipients.page == signature.page
    assert recipients.left == pytest.approx(LEFT, abs=HAIR)
    assert recipients.top == pytest.approx(signature.top, abs=1.5)
    assert recipients.right < signature.left


def test_the_name_stands_under_the_title_with_room_for_a_signature(lines: list[Line]) -> None:
    title, name = the(lines, "PHÓ CHỦ TỊCH"), the(lines, "Nguyễn Thị Thanh Lịch")
    assert name.middle == pytest.approx(title.middle, abs=HAIR)
    assert name.middle == pytest.approx(the(lines, "TM. ỦY BAN NHÂN DÂN").middle, abs=HAIR)
    assert name.top - title.bottom > 20


def test_only_tinos_is_in_the_file_and_it_is_embedded(pdf: bytes, tmp_path: Path) -> None:
    (tmp_path / "report.pdf").write_bytes(pdf)
    table = subprocess.run(["pdffonts", tmp_path / "report.pdf"], capture_output=True, check=True, text=True).stdout
    rows = [row.split() for row in table.splitlines()[2:]]
    assert {row[0].split("+")[1] for row in rows} == {REGULAR, BOLD, ITALIC, BOLD_ITALIC}
    assert all(row[-5:-2] == ["yes", "yes", "yes"] for row in rows)


def test_the_file_is_tagged_has_a_title_a_language_and_says_it_is_pdf_a_2b(pdf: bytes) -> None:
    reader = PdfReader(io.BytesIO(pdf))
    root = reader.trailer["/Root"]
    assert root["/Lang"] == "vi"
    assert root["/MarkInfo"]["/Marked"]
    assert reader.metadata is not None
    assert str(reader.metadata.title).startswith("Báo cáo Tình hình, kết quả thực hiện Đề án 06 tháng 01 năm 2025")
    xmp = root["/Metadata"].get_object().get_data().decode()
    assert 'pdfaid:part="2"' in xmp or "<pdfaid:part>2<" in xmp
    assert 'pdfaid:conformance="B"' in xmp or "<pdfaid:conformance>B<" in xmp


def test_all_vietnamese_letters_come_back_from_the_file_composed() -> None:
    letters = ALPHABET.split()
    assert len({letter for word in letters for letter in word + word.upper() if not letter.isascii()}) == 134
    decomposed = unicodedata.normalize("NFD", " ".join((*letters, ALPHABET.upper())))
    pdf = pressed(report_job(short_report(decomposed))).pdf
    text = subprocess.run(["pdftotext", "-", "-"], input=pdf, capture_output=True, check=True).stdout.decode()
    assert {letter for letter in ALPHABET + ALPHABET.upper() if letter not in text} == set()


def test_a_long_table_repeats_its_head_and_splits_no_row() -> None:
    rows = tuple((f"dau-{n}", "Nội dung nhiệm vụ cần theo dõi. " * (1 + n % 4) + f"cuoi-{n}") for n in range(1, 61))
    columns = (Column("Mã"), Column("Nhiệm vụ giao", weight=2))
    document = replace(report(), sections=(Section("Nhiệm vụ", (Table("Theo dõi", columns, rows),)),))
    found = read_lines(pressed(report_job(document)).pdf)
    pages = {line.page for line in found if "dau-" in line.text}
    assert len(pages) >= 3
    assert {line.page for line in found if line.text == "Nhiệm vụ giao"} == pages
    for n in range(1, 61):
        first = [line.page for line in found if f"dau-{n}" in line.text.split()]
        last = [line.page for line in found if f"cuoi-{n}" in line.text.split()]
        assert first == last
        assert len(first) == 1


def test_a_table_is_as_wide_as_the_text(strokes: list[Rule]) -> None:
    in_tables = [rule for rule in strokes if rule.page > 1]
    assert min(rule.left for rule in in_tables) == pytest.approx(LEFT, abs=HAIR)
    assert max(rule.right for rule in in_tables) == pytest.approx(RIGHT, abs=HAIR)


def test_a_department_prints_its_superior_plain_above_a_name_that_wraps() -> None:
    header = rules.issuer_header("UBND tỉnh Gia Lai", "Sở Nông nghiệp và Phát triển nông thôn")
    pdf = pressed(report_job(short_report("Nội dung.", issuer=header))).pdf
    lines = read_lines(pdf)
    superior, name = the(lines, "UBND TỈNH GIA LAI"), the(lines, "PHÁT TRIỂN NÔNG THÔN")
    assert superior.faces == {REGULAR}
    assert the(lines, "SỞ NÔNG NGHIỆP VÀ").faces == name.faces == {BOLD}
    assert superior.bottom < name.top
    assert name.right < the(lines, "Độc lập").left
    assert 1 / 3 <= the_stroke_under(read_rules(pdf), name).width / name.width <= 1 / 2


def test_a_draft_says_so_and_has_neither_number_nor_day() -> None:
    draft = short_report("Nội dung.", draft=True, number=None, day=None, signature=None)
    lines = read_lines(pressed(report_job(draft)).pdf)
    assert the(lines, "DỰ THẢO").middle < 105
    assert the(lines, "Số:").text.split() == ["Số:", "/BC-UBND"]
    assert the(lines, "Gia Lai, ngày").text.split() == ["Gia", "Lai,", "ngày", "tháng", "năm"]


def test_without_addressees_nothing_is_addressed() -> None:
    lines = read_lines(pressed(report_job(short_report("Nội dung.", addressees=()))).pdf)
    assert not [line for line in lines if "Kính gửi" in line.text or "Như trên" in line.text]


def test_columns_that_no_figure_fills_are_left_out() -> None:
    full = (Figure("Hồ sơ", "hồ sơ", "6.632", "31/01/2025", previous="6.000", target="7.000", note="Tăng"),)
    bare = (Figure("Điểm", "điểm", "60,74", "15/01/2025"),)
    sections = tuple(Section("Số liệu", (FiguresTable("Biểu", figures),)) for figures in (full, bare))
    texts = [line.text for line in read_lines(pressed(report_job(replace(report(), sections=sections))).pdf)]
    assert [texts.count(head) for head in ("Kết quả", "Kỳ trước", "Ghi chú")] == [2, 1, 1]


@pytest.mark.parametrize(("target", "note"), [("7.000", "Tăng mạnh"), ("7.000", ""), ("", "Tăng mạnh")])
def test_a_table_with_every_column_stays_within_the_margins(target: str, note: str) -> None:
    share = "5.120/6.632 (77,20\u00a0%)"
    figure = Figure("Hồ sơ nộp trực tuyến", "hồ sơ", share, "31/01/2025", previous=share, target=target, note=note)
    sections = (Section("Số liệu", (FiguresTable("Biểu", (figure,)),)),)
    lines = read_lines(pressed(report_job(replace(report(), sections=sections))).pdf)
    assert max(line.right for line in lines) <= RIGHT + HAIR
    assert any(line.text.endswith("Nội dung") for line in lines), "the column of names is too narrow for its head"


def test_clauses_are_counted_within_their_section() -> None:
    blocks = (Clause("Một"), Paragraph("Nội dung."), Clause("Hai"))
    data = template_data(replace(report(), sections=(Section("A", blocks), Section("B", blocks[:1]))))
    headings = [
        (section["heading"], [block["title"] for block in section["blocks"] if block["kind"] == "clause"])
        for section in data["sections"]  # type: ignore[union-attr,index,call-overload]
    ]
    assert headings == [("I. A", ["1. Một", "2. Hai"]), ("II. B", ["1. Một"])]


def test_a_heading_is_printed_in_bold_and_not_counted() -> None:
    blocks = (Clause("Một"), Heading("Nhân lực"), Clause("Hai"))
    job = report_job(replace(report(), sections=(Section("A", blocks),)))
    lines = {line.text: line for line in read_lines(pressed(job).pdf)}
    assert {"1. Một", "Nhân lực", "2. Hai"} <= set(lines)
    assert lines["Nhân lực"].faces == lines["1. Một"].faces


def test_runs_of_a_paragraph_have_their_faces_and_keep_the_words_together() -> None:
    runs = (
        Run("Đậm", bold=True),
        Run(", thường, "),
        Run("nghiêng", italic=True),
        Run(" <cả hai>", bold=True, italic=True),
    )
    paragraph = Paragraph("Đậm, thường, nghiêng <cả hai>", runs)
    job = report_job(replace(report(), sections=(Section("A", (paragraph,)),)))
    line = the(read_lines(pressed(job).pdf), "Đậm")
    assert line.text == "Đậm, thường, nghiêng <cả hai>"
    assert {REGULAR, BOLD, ITALIC, BOLD_ITALIC} == set(line.faces)


def test_a_row_of_another_length_is_refused() -> None:
    table = Table("Biểu", (Column("A"), Column("B")), (("một",),))
    with pytest.raises(rules.DecreeError) as error:
        template_data(replace(report(), sections=(Section("A", (table,)),)))
    assert error.value.code == "ragged_table"


def test_a_mark_of_secrecy_anywhere_is_refused() -> None:
    table = Table("Biểu", (Column("A"),), (("TỐI MẬT",),))
    with pytest.raises(rules.DecreeError) as error:
        template_data(replace(report(), sections=(Section("A", (table,)),)))
    assert error.value.code == "classified"


def test_words_that_look_classified_where_a_line_ends_are_not() -> None:
    subject = "Kết quả toàn thông tin mạng và BẢO MẬT CHO HỆ THỐNG DỮ LIỆU DÂN CƯ"
    lines = template_data(replace(report(), subject=subject))["subject_lines"]
    assert any(line.startswith("MẬT") for line in lines)
    with pytest.raises(rules.DecreeError):
        template_data(replace(report(), subject="Kết quả, TỐI MẬT"))


# -- an official letter (công văn), which has no type ------------------------------------------------------------


@pytest.fixture(scope="module")
def letter_lines() -> list[Line]:
    return read_lines(pressed(report_job(letter())).pdf)


def test_a_letter_names_who_drafted_it_and_no_type(letter_lines: list[Line]) -> None:
    assert the(letter_lines, "Số: 4598/CAT-PC06").faces == {REGULAR}
    assert not [line for line in letter_lines if line.text.isupper() and "CÔNG VĂN" in line.text]
    assert the(letter_lines, "- Lưu: VT, PC06.")


def test_the_subject_of_a_letter_stands_under_its_symbol(letter_lines: list[Line]) -> None:
    symbol, first = the(letter_lines, "Số: 4598/CAT-PC06"), the(letter_lines, "V/v tiếp tục đôn đốc")
    below = the(letter_lines, "Kính gửi:").top
    subject = [line for line in letter_lines if symbol.top < line.top < below]
    assert " ".join(line.text for line in subject) == f"V/v {letter().subject}"
    assert {size for line in subject for size in line.sizes} == {12}
    assert first.faces == {REGULAR}
    for line in subject:
        assert (line.left + line.right) / 2 == pytest.approx((symbol.left + symbol.right) / 2, abs=1)
    assert 25.4 / 72 * 6 - HAIR <= first.top - symbol.bottom <= 25.4 / 72 * 12


def test_a_letter_is_called_so_in_its_file() -> None:
    data = template_data(letter())
    assert str(data["title"]).startswith("Công văn V/v tiếp tục đôn đốc")
    assert (data["type_title"], data["subject_lines"]) == ("", [])
