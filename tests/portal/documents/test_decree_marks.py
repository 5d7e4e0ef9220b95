"""Marks, decisions, minutes and annexes by hand: every expected text is typed from Decree 30/2020 and its samples."""

from __future__ import annotations

import unicodedata

import pytest

from portal.documents import annexes, deciding, marks, minutes, rules, signing
from portal.documents.blocks import article_data, section_data
from portal.documents.content import Clause, Column, Paragraph, Section, Table
from portal.documents.rules import DecreeError

TITLE = ("ỦY BAN NHÂN DÂN", "TỈNH GIA LAI")


@pytest.mark.parametrize(
    ("said", "stamp"),
    [
        ("Hỏa tốc", ("HỎA TỐC", "flash")),
        ("THƯỢNG KHẨN", ("THƯỢNG KHẨN", "express")),
        (" khẩn ", ("KHẨN", "urgent")),
        (unicodedata.normalize("NFD", "Hỏa tốc"), ("HỎA TỐC", "flash")),
        ("Thường", ("", "")),
        ("Khẩn cấp", ("", "")),
        ("", ("", "")),
    ],
)
def test_three_words_are_stamps_and_no_other(said: str, stamp: tuple[str, str]) -> None:
    assert marks.urgency_mark(said) == stamp


def test_two_phrases_say_how_far_a_document_may_go() -> None:
    assert marks.circulation_mark("Xem xong trả lại") == "XEM XONG TRẢ LẠI"
    assert marks.circulation_mark("lưu hành nội bộ") == "LƯU HÀNH NỘI BỘ"
    assert marks.circulation_mark("Nội bộ") == ""


@pytest.mark.parametrize(
    ("name", "letters"),
    [("Phạm Lan", "PL"), ("Ksor H’Bơ Khắp", "KHK"), ("đỗ ánh", "ĐÁ"), ("Nguyễn (Tổ 1) Văn", "NV"), ("", "")],
)
def test_initials_are_the_first_letters_of_the_parts_of_a_name(name: str, letters: str) -> None:
    assert marks.initials(name) == letters


@pytest.mark.parametrize(
    ("typist", "copies", "mark"), [("PL", 300, "PL.(300)"), ("PL", None, ""), ("", 300, ""), ("PL", 0, "")]
)
def test_the_typist_is_named_where_copies_are_counted(typist: str, copies: int | None, mark: str) -> None:
    assert marks.typist_mark(typist, copies) == mark


def test_an_address_keeps_its_lines() -> None:
    assert marks.contact_lines(" Số 1 \n\n ĐT: 0123 ") == ("Số 1", "ĐT: 0123")


# -- decisions -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lines", "title", "collective", "authority"),
    [
        (TITLE, "Chủ tịch", True, "ỦY BAN NHÂN DÂN TỈNH GIA LAI"),
        (("SỞ NỘI VỤ",), "Giám đốc", False, "GIÁM ĐỐC SỞ NỘI VỤ"),
        (("THANH TRA TỈNH",), "Chánh Thanh tra", False, "CHÁNH THANH TRA TỈNH"),
        (("BAN DÂN TỘC",), "Trưởng Ban", False, "TRƯỞNG BAN DÂN TỘC"),
        (("CHỦ TỊCH ỦY BAN NHÂN DÂN", "TỈNH GIA LAI"), "Chủ tịch", False, "CHỦ TỊCH ỦY BAN NHÂN DÂN TỈNH GIA LAI"),
    ],
)
def test_a_body_decides_by_its_name_and_a_head_by_the_title(
    lines: tuple[str, ...], title: str, *, collective: bool, authority: str
) -> None:
    assert deciding.authority(lines, title, collective=collective) == authority


def test_grounds_end_as_the_decree_wants_whatever_they_ended_with() -> None:
    assert deciding.ground_lines(["Căn cứ Luật A.", " Căn cứ Nghị định B ;\n\nTheo đề nghị của C;"]) == (
        "Căn cứ Luật A;",
        "Căn cứ Nghị định B;",
        "Theo đề nghị của C.",
    )
    assert deciding.ground_lines([" ", "\n"]) == ()


@pytest.mark.parametrize(("kind", "line"), [("QĐ", "QUYẾT ĐỊNH:"), ("NQ", "QUYẾT NGHỊ:"), ("BC", ""), ("CV", "")])
def test_decisions_and_resolutions_say_that_they_decide(kind: str, line: str) -> None:
    assert deciding.decides_line(kind) == line


def test_an_article_begins_with_its_number_and_has_no_title() -> None:
    data = article_data(2, Section("Không in", (Paragraph("Một."), Clause("Khoản"), Paragraph("Hai."))))
    first, clause, last = data["blocks"]  # type: ignore[misc]
    assert (first["lead"], first["text"], last["lead"]) == ("Điều 2.", "Một.", "")  # type: ignore[index,call-overload]
    assert clause["title"] == "1. Khoản"  # type: ignore[index,call-overload]
    assert (data["heading"], data["is_article"]) == ("Điều 2.", True)


def test_an_empty_article_is_its_number_alone() -> None:
    [block] = article_data(1, Section("", ()))["blocks"]  # type: ignore[misc]
    assert (block["lead"], block["text"]) == ("Điều 1.", "")  # type: ignore[index,call-overload]


@pytest.mark.parametrize(
    ("addressed", "last_article", "first"), [(True, 0, "Như trên"), (False, 0, ""), (False, 3, "Như Điều 3")]
)
def test_recipients_begin_with_whom_the_text_names(*, addressed: bool, last_article: int, first: str) -> None:
    assert rules.first_recipient(addressed=addressed, last_article=last_article) == first


# -- minutes and joint documents --------------------------------------------------------------------------------


def test_whoever_signs_minutes_chaired_and_the_secretary_stands_beside() -> None:
    signer = signing.signature_block(
        collective="Ủy ban nhân dân",
        head_title="Chủ tịch",
        post="deputy",
        signer_title="Phó Chủ tịch",
        name="Nguyễn Văn A",
        other_post="Giám đốc",
    )
    assert minutes.chair_block(signer) == signing.SignatureBlock(("CHỦ TỌA",), "", "Nguyễn Văn A")
    assert minutes.secretary_block("Trần Văn B") == signing.SignatureBlock(("THƯ KÝ",), "", "Trần Văn B")
    with pytest.raises(DecreeError):
        minutes.secretary_block("TS. Trần Văn B")


def test_two_issuers_are_named_one_after_the_other() -> None:
    lead = rules.issuer_header("UBND tỉnh Gia Lai", "Sở Nội vụ")
    partner = rules.issuer_header("UBND tỉnh Gia Lai", "Sở Tư pháp")
    police = rules.issuer_header("Bộ Công an", "Công an tỉnh Gia Lai")
    both = ("UBND TỈNH GIA LAI",), ("SỞ NỘI VỤ -", "SỞ TƯ PHÁP")
    assert rules.joint_header(lead, partner) == rules.IssuerHeader(*both)
    assert rules.joint_header(lead, police).superior_lines == ()


# -- annexes ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("number", "of", "lead"), [(1, 1, "Phụ lục"), (1, 2, "Phụ lục I"), (4, 4, "Phụ lục IV"), (9, 12, "Phụ lục IX")]
)
def test_annexes_are_counted_in_roman_numerals_where_there_are_several(number: int, of: int, lead: str) -> None:
    assert annexes.annex_lead(number, of) == lead


def test_an_annex_says_what_it_belongs_to() -> None:
    words = " ".join(annexes.annex_reference("Kế hoạch", "KH-UBND", "Ủy ban nhân dân tỉnh Gia Lai").split())
    assert words == "(Kèm theo Kế hoạch số /KH-UBND ngày tháng năm của Ủy ban nhân dân tỉnh Gia Lai)"
    assert " ".join(annexes.annex_reference("Báo cáo", "BC-SNV", "").split()).endswith("năm)")


@pytest.mark.parametrize(("columns", "on_its_side"), [(8, False), (9, True)])
def test_a_table_of_more_than_eight_columns_lies_on_its_side(columns: int, *, on_its_side: bool) -> None:
    table = Table("", (Column("A"),) * columns, ())
    [block] = section_data(1, Section("A", (table,)))["blocks"]  # type: ignore[misc]
    assert block["on_its_side"] is on_its_side  # type: ignore[index,call-overload]


@pytest.mark.parametrize("weights", [(1,) * 11, (2, 5, *(2,) * 10), (1, 1, 1), (7,)])
def test_the_widths_of_columns_add_up_and_equal_ones_differ_by_one_at_most(weights: tuple[int, ...]) -> None:
    table = Table("", tuple(Column("A", weight=weight) for weight in weights), ())
    [block] = section_data(1, Section("A", (table,)))["blocks"]  # type: ignore[misc]
    widths = [column["width"] for column in block["columns"]]  # type: ignore[index,call-overload]
    assert sum(widths) == 100
    alike = [width for width, weight in zip(widths, weights, strict=True) if weight == weights[-1]]
    assert max(alike) - min(alike) <= 1
