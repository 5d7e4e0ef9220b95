"""Every kind of document of Decree 30/2020 on paper: faces, sizes and places of the decree, read back from the PDF.

What is expected stands in `decree_table`.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

import pytest

from portal.documents import rules
from portal.documents.content import Column, Section, Table
from portal.documents.marks import Marks
from tests.portal.documents.decree_table import BOLD, HEAD, ITALIC, PRINTED, REGULAR, Element
from tests.portal.documents.document_samples import report, report_job
from tests.portal.documents.kinds_of_documents import (
    CONTACT,
    KINDS,
    TEXT,
    annexed,
    decision,
    joint_plan,
    letter,
    marked,
    minutes,
    short,
    telegram,
)
from tests.portal.documents.pressing import pressed
from tests.portal.documents.printed_page import read_frames, read_lines, read_paper, read_rules

if TYPE_CHECKING:
    from portal.documents.content import Document
    from tests.portal.documents.printed_page import Line

LEFT, RIGHT, TOP, BOTTOM, INDENT = 30, 195, 20, 277, 12.7
MIDDLE = (LEFT + RIGHT) / 2
HAIR = 0.5
BLACK, RED = (0, 0, 0), (1, 0, 0)
CASES = [(kind, element) for kind, elements in PRINTED.items() for element in elements]


@cache
def printed(kind: str) -> bytes:
    return pdf_of(KINDS[kind]())


def pdf_of(document: Document) -> bytes:
    return pressed(report_job(document)).pdf


def lines_of(kind: str) -> list[Line]:
    return read_lines(printed(kind))


def first(lines: list[Line], text: str) -> Line:
    """The first line that begins with a text; whole words, for a title may begin like another line."""
    found = [line for line in lines if line.text == text] or [line for line in lines if line.text.startswith(text)]
    assert found, (text, [line.text for line in lines])
    return found[0]


def stands(line: Line, where: str, lines: list[Line]) -> bool:
    """Whether a line stands where the plan of boxes has it."""
    state, number = first(lines, "CỘNG HÒA"), first(lines, "Số:")
    return {
        "right column": abs(line.middle - state.middle) < HAIR,
        "left column": abs(line.middle - number.middle) < 1,
        "middle": abs(line.middle - MIDDLE) < HAIR,
        "left margin": abs(line.left - LEFT) < HAIR,
        "indent": abs(line.left - LEFT - INDENT) < HAIR,
        "right half": line.left > MIDDLE - 15 and line.middle > MIDDLE + 10,
        "left half": line.right < MIDDLE,
        "anywhere": line.left >= LEFT - HAIR and line.right <= RIGHT + HAIR,
    }[where]


@pytest.mark.parametrize(("kind", "element"), CASES, ids=lambda each: getattr(each, "box", each))
def test_each_line_has_the_face_size_and_place_of_the_decree(kind: str, element: Element) -> None:
    lines = lines_of(kind)
    line = first(lines, element.text)
    assert line.faces == {element.face}
    assert all(element.least <= size <= element.most for size in line.sizes), line.sizes
    assert stands(line, element.stands, lines), (element.stands, line)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_the_state_in_box_1_within_the_margins(kind: str) -> None:
    lines = lines_of(kind)
    for element in HEAD:
        line = first(lines, element.text)
        assert (line.page, line.faces) == (1, {element.face})
        assert stands(line, element.stands, lines)
    upright = {number for number, paper in enumerate(read_paper(printed(kind)), start=1) if paper == (210, 297)}
    inside = [line for line in lines if line.page in upright and line.top >= TOP and line.bottom <= BOTTOM]
    assert min(line.left for line in inside) >= LEFT - HAIR
    assert max(line.right for line in inside) <= RIGHT + HAIR


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_but_the_stamp_of_urgency_has_a_colour(kind: str) -> None:
    coloured = {line.text for line in lines_of(kind) if line.colours != {BLACK}}
    assert coloured <= {"HỎA TỐC", "KHẨN"}


def test_boxes_follow_each_other_as_in_the_plan() -> None:
    """Appendix I.IV: from the top of the first page to its foot; left and right of one row share a height."""
    lines, plan = lines_of("marks"), ("LƯU HÀNH", "CỘNG HÒA", "Số:", "BÁO CÁO", "Kính gửi", "Thực hiện Quyết định")
    tops = [first(lines, text).top for text in (*plan, CONTACT[0][:20])]
    assert tops == sorted(tops)
    assert first(lines, "LƯU HÀNH").bottom <= TOP + HAIR
    assert first(lines, CONTACT[0][:20]).top >= BOTTOM - HAIR
    stamp, address = first(lines, "KHẨN"), first(lines, "Kính gửi")
    assert stamp.right < address.left
    assert abs(stamp.top - address.top) < 5


# -- decisions -------------------------------------------------------------------------------------------------


def test_articles_begin_with_their_number_in_bold_and_the_closing_is_the_last() -> None:
    lines = lines_of("decision")
    for number, text in ((1, "Kiện toàn"), (2, "Tổ công tác chấm dứt"), (3, "Chánh Văn phòng")):
        line = first(lines, f"Điều {number}. {text}")
        assert line.faces == {BOLD, REGULAR}
        assert line.left == pytest.approx(LEFT + INDENT, abs=HAIR)
    assert not [line for line in lines if line.text.startswith(("Điều 4", "I. "))]
    assert [line for line in lines if line.text.endswith("Quyết định này./.")]


def test_grounds_end_with_semicolons_and_the_last_with_a_full_stop() -> None:
    italic = " ".join(line.text for line in lines_of("decision") if line.faces == {ITALIC})
    assert italic.count(";") == 2
    assert italic.endswith("Theo đề nghị của Giám đốc Công an tỉnh.")


def test_an_article_that_begins_with_a_table_has_its_number_on_a_line_of_its_own() -> None:
    table = Table("", (Column("Nội dung"),), (("Một",),))
    lines = read_lines(pdf_of(replace(decision(), sections=(Section("", (table,)),))))
    assert first(lines, "Điều 1.").text == "Điều 1."


# -- who signs -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("document", "names"),
    [
        (minutes, ("Trần Văn Thành", "Nguyễn Thị Thanh Lịch")),
        (joint_plan, ("Thượng tá Ksor H’Bơ Khắp", "Nguyễn Thị Thanh Lịch")),
    ],
)
def test_two_who_sign_stand_side_by_side_and_the_recipients_below(document: object, names: tuple[str, str]) -> None:
    lines = read_lines(pdf_of(document()))  # type: ignore[operator]
    left, right = (first(lines, name) for name in names)
    assert left.top == pytest.approx(right.top, abs=HAIR)
    assert left.right < right.left
    assert first(lines, "Nơi nhận:").top > left.bottom


# -- marks -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "stamp", "width"),
    [
        ("Hỏa tốc", "HỎA TỐC", 30),
        ("Thượng khẩn", "THƯỢNG KHẨN", 40),
        ("Khẩn", "KHẨN", 20),
        ("khẩn", "KHẨN", 20),
    ],
)
def test_a_stamp_of_urgency_has_its_words_its_red_frame_and_its_size(said: str, stamp: str, width: int) -> None:
    pdf = pdf_of(replace(short(), marks=Marks(urgency=said)))
    line = first(read_lines(pdf), stamp)
    frame = max(read_frames(pdf), key=lambda each: each.width)
    assert (round(frame.width, 1), round(frame.height, 1), frame.colour) == (width, 8.0, RED)
    assert line.colours == {RED}
    assert frame.left == pytest.approx(LEFT, abs=HAIR)
    assert line.left > frame.left
    assert line.right < frame.left + frame.width
    assert (line.top + line.bottom) / 2 == pytest.approx(frame.top + frame.height / 2, abs=0.6)


@pytest.mark.parametrize("said", ["", "Thường", "…"])
def test_what_is_not_urgent_has_no_stamp(said: str) -> None:
    assert not read_frames(pdf_of(replace(short(), marks=Marks(urgency=said))))


def test_the_address_stands_under_a_rule_as_wide_as_the_text_on_the_first_page_alone() -> None:
    pdf = printed("marks")
    [line] = [each for each in read_lines(pdf) if each.text.startswith(CONTACT[0][:20])]
    strokes = [each for each in read_rules(pdf) if each.page == 1 and each.top > BOTTOM - 1]
    rule = max(strokes, key=lambda each: each.width)
    assert (rule.left, rule.right) == (pytest.approx(LEFT, abs=HAIR), pytest.approx(RIGHT, abs=HAIR))
    assert line.page == 1
    assert 0 <= line.top - rule.top < 3
    assert line.bottom < 297 - 8


def test_the_longest_address_fits_between_the_text_and_the_edge_of_the_paper() -> None:
    contact = tuple(f"{n}" + " địa chỉ" * 11 for n in range(3))
    lines = read_lines(pdf_of(replace(marked(), marks=Marks(contact=contact))))
    found = [line for line in lines if line.text.endswith("địa chỉ")]
    assert len(found) == 3
    assert max(line.bottom for line in found) < 297 - 2


# -- annexes ---------------------------------------------------------------------------------------------------


def numbers_above(pdf: bytes) -> list[str]:
    """What stands in the top margin of each page."""
    lines, pages = read_lines(pdf), len(read_paper(pdf))
    return ["".join(each.text for each in lines if each.page == n and each.bottom < TOP) for n in range(1, pages + 1)]


def test_each_annex_counts_its_own_pages_and_hides_the_first_number() -> None:
    assert numbers_above(printed("annexes")) == ["", "", "2", ""]
    three = replace(annexed(), annexes=annexed().annexes[:1] * 3)
    assert numbers_above(pdf_of(three)) == ["", "", "2", "", "2", "", "2"]


def test_annexes_have_roman_numbers_where_there_are_two() -> None:
    leads = [line.text for line in lines_of("annexes") if line.text.startswith("Phụ lục")]
    assert leads == ["Phụ lục I", "Phụ lục II"]
    one = replace(annexed(), annexes=annexed().annexes[:1])
    assert [line.text for line in read_lines(pdf_of(one)) if line.text.startswith("Phụ lục")] == ["Phụ lục"]


def test_an_annex_says_what_it_belongs_to_and_leaves_number_and_day_open() -> None:
    lines = read_lines(pdf_of(replace(annexed(), annexes=(TEXT,))))
    [reference] = [line for line in lines if line.text.startswith("(Kèm theo")]
    rest = next(line.text for line in lines if line.page == reference.page and line.top > reference.top)
    words = "(Kèm theo Công văn số /CAT-PC06 ngày tháng năm của Công an tỉnh Gia Lai)"
    assert " ".join(f"{reference.text} {rest}".split()) == words


def test_sections_that_are_annexes_are_not_counted_in_the_body() -> None:
    lines = [line.text for line in lines_of("annexes") if line.page == 1]
    assert [text for text in lines if text.startswith(("I. ", "II. "))] == ["I. ĐỀ XUẤT, KIẾN NGHỊ"]


def test_a_table_of_many_columns_lies_on_its_side_within_its_margins_and_what_follows_stands() -> None:
    wide = annexed().annexes[1]
    document = replace(short(), sections=(TEXT, wide, TEXT))
    pdf = pdf_of(document)
    assert read_paper(pdf) == [(210, 297), (297, 210), (210, 297)]
    assert numbers_above(pdf) == ["", "2", "3"]
    table = [line for line in read_lines(pdf) if line.page == 2 and line.top > TOP]
    assert min(line.left for line in table) >= 30 - HAIR
    assert max(line.right for line in table) <= 297 - 15 + HAIR
    assert first(read_lines(pdf), "III. NỘI DUNG").page == 3


def test_a_table_that_just_fits_stays_upright() -> None:
    columns = annexed().annexes[1].blocks[0].columns[:8]  # type: ignore[union-attr]
    table = Table("", columns, (("1",) * 8,))
    assert read_paper(pdf_of(replace(short(), sections=(Section("Bảng", (table,)),)))) == [(210, 297)]


# -- long and many ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["report", "letter", "decision", "telegram", "minutes", "joint-plan"])
def test_thirty_recipients_and_a_long_subject_stay_within_the_page(kind: str) -> None:
    many = tuple(f"Ủy ban nhân dân xã số {n} và các đơn vị trực thuộc" for n in range(1, 31))
    subject = "Về việc tăng cường phối hợp " * 12
    document = replace(KINDS[kind](), recipients=many, addressees=many if kind == "telegram" else (), subject=subject)
    lines = read_lines(pdf_of(document))
    assert min(line.left for line in lines) >= LEFT - HAIR
    assert max(line.right for line in lines) <= RIGHT + HAIR
    assert max(line.bottom for line in lines) <= BOTTOM + HAIR
    assert [line.text.rstrip(";.") for line in lines if line.text.startswith("- Ủy ban nhân dân xã số 30")]
    archive = first(lines, "- Lưu: VT")
    assert first(lines, "Nơi nhận:").page <= archive.page


def test_the_telegrams_names_stand_under_each_other() -> None:
    lines = read_lines(pdf_of(telegram()))
    one, other = first(lines, "- Giám đốc"), first(lines, "- Chủ tịch Ủy ban")
    assert one.left == pytest.approx(other.left, abs=HAIR)
    assert first(lines, "HỎA TỐC").right < one.left


def test_a_letter_has_no_authority_and_no_articles() -> None:
    texts = [line.text for line in read_lines(pdf_of(letter()))]
    assert not [text for text in texts if text.startswith(("QUYẾT ĐỊNH", "Điều 1"))]
    assert report().kind == "BC"


def test_more_annexes_than_can_be_counted_are_refused() -> None:
    with pytest.raises(rules.DecreeError) as refused:
        pdf_of(replace(annexed(), annexes=(TEXT,) * 40))
    assert refused.value.code == "bad_number"
