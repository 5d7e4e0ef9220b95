"""Decree 30/2020 by hand: every expected text is typed from the decree or from documents issued under it."""

from __future__ import annotations

import unicodedata
from datetime import date

import pytest

from portal.definitions.decree import TYPE_NAMES
from portal.documents import rules
from portal.documents.rules import DecreeError


def code_of(error: pytest.ExceptionInfo[DecreeError]) -> str:
    return error.value.code


@pytest.mark.parametrize(("number", "text"), [(1, "01"), (9, "09"), (10, "10"), (4598, "4598")])
def test_a_number_below_ten_gets_a_leading_zero(number: int, text: str) -> None:
    assert rules.number_text(number) == text


@pytest.mark.parametrize("number", [0, -1])
def test_a_register_has_no_number_below_one(number: int) -> None:
    with pytest.raises(DecreeError) as error:
        rules.number_text(number)
    assert code_of(error) == "bad_number"


@pytest.mark.parametrize(
    ("issuer", "type_abbreviation", "unit", "symbol"),
    [
        ("UBND", "BC", "", "BC-UBND"),
        ("BNV", "QĐ", "", "QĐ-BNV"),
        ("STTTT", "BC", "", "BC-STTTT"),
        ("CTUBND", "QĐ", "", "QĐ-CTUBND"),
        ("CAT", "TTr", "PC64", "TTr-CAT-PC64"),
        ("CAT", "", "PC06", "CAT-PC06"),
        ("BNV", "", "VP", "BNV-VP"),
        ("UBND", "", "VX", "UBND-VX"),
        ("UBND", "SY", "", "SY-UBND"),
    ],
)
def test_symbols_of_issued_documents_are_composed(issuer: str, type_abbreviation: str, unit: str, symbol: str) -> None:
    assert rules.symbol(issuer, type_abbreviation=type_abbreviation, unit=unit) == symbol


def test_an_official_letter_names_its_drafting_unit() -> None:
    with pytest.raises(DecreeError) as error:
        rules.symbol("UBND")
    assert code_of(error) == "bad_abbreviation"


@pytest.mark.parametrize(
    ("issuer", "kind", "drafter", "symbol"),
    [("CAT", "CV", "PC06", "CAT-PC06"), ("UBND", "CV", "NC", "UBND-NC"), ("UBND", "BC", "NC", "BC-UBND")],
)
def test_only_a_letter_has_its_drafter_in_its_symbol(issuer: str, kind: str, drafter: str, symbol: str) -> None:
    assert rules.symbol_of(issuer, kind, drafter) == symbol


def test_the_subject_of_a_letter_is_cut_for_the_column_under_its_symbol() -> None:
    lines = rules.letter_lines("tiếp tục đôn đốc thực hiện các nhiệm vụ của Đề án 06")
    assert lines[0].startswith("V/v tiếp tục")
    assert all(len(line) <= rules.LETTER_LINE_LETTERS for line in lines)
    with pytest.raises(DecreeError):
        rules.letter_lines(" ")


def test_a_joint_document_names_both_issuers_in_its_symbol() -> None:
    assert rules.symbol_of("SNV", "KH", "", "CAT") == "KH-SNV-CAT"


def test_a_symbol_is_not_longer_than_its_column() -> None:
    with pytest.raises(DecreeError) as error:
        rules.symbol_of("A" * 24, "KH", "", "B" * 24)
    assert code_of(error) == "overlong_symbol"


def test_abbreviations_have_small_letters_where_their_heads_wrote_them_so() -> None:
    assert rules.symbol("SNgV", type_abbreviation="BC") == "BC-SNgV"
    assert rules.symbol("TTr", type_abbreviation="QĐ") == "QĐ-TTr"


@pytest.mark.parametrize(("issuer", "unit"), [("ubnd", ""), ("UBND TỈNH", ""), ("UBND", "PC-06"), ("", "PC06")])
def test_an_abbreviation_is_one_word_that_begins_with_a_capital(issuer: str, unit: str) -> None:
    with pytest.raises(DecreeError) as error:
        rules.symbol(issuer, type_abbreviation="BC", unit=unit)
    assert code_of(error) == "bad_abbreviation"


def test_a_type_outside_appendix_three_is_refused() -> None:
    with pytest.raises(DecreeError) as error:
        rules.symbol("UBND", type_abbreviation="XX")
    assert code_of(error) == "unknown_type"
    with pytest.raises(DecreeError) as error:
        rules.type_title("SY")
    assert code_of(error) == "unknown_type"


def test_appendix_three_has_these_abbreviations() -> None:
    by_hand = "NQ QĐ CT QC QyĐ TC TB HD CTr KH PA ĐA DA BC BB TTr HĐ CĐ BGN BTT GUQ GM GGT GNP PG PC PB"  # as printed
    assert set(TYPE_NAMES) == set(by_hand.split())
    assert set(rules.COPY_NAMES) == {"SY", "TrS", "SL"}
    assert rules.type_title("BC") == "BÁO CÁO"
    assert rules.type_title("TTr") == "TỜ TRÌNH"


def test_number_and_symbol_stand_with_a_slash_and_no_spaces() -> None:
    assert rules.number_line(5, "BC-STTTT") == "Số: 05/BC-STTTT"
    assert rules.reference(2433, "KH-UBND") == "2433/KH-UBND"


def test_a_draft_leaves_room_for_its_number() -> None:
    line = rules.number_line(None, "BC-UBND")
    assert line.startswith("Số: \N{NO-BREAK SPACE}")
    assert line.endswith("\N{NO-BREAK SPACE}/BC-UBND")


@pytest.mark.parametrize(
    ("day", "line"),
    [
        (date(2025, 3, 5), "Gia Lai, ngày 05 tháng 3 năm 2025"),
        (date(2025, 1, 31), "Gia Lai, ngày 31 tháng 01 năm 2025"),
        (date(2025, 2, 9), "Gia Lai, ngày 09 tháng 02 năm 2025"),
        (date(2025, 9, 10), "Gia Lai, ngày 10 tháng 9 năm 2025"),
        (date(2022, 12, 9), "Gia Lai, ngày 09 tháng 12 năm 2022"),
    ],
)
def test_only_days_below_ten_and_months_one_and_two_get_a_zero(day: date, line: str) -> None:
    assert rules.place_date("Gia Lai", day) == line


def test_a_draft_leaves_room_for_its_day() -> None:
    words = rules.place_date("Ia Grai", None, year=2025).split()
    assert words == ["Ia", "Grai,", "ngày", "tháng", "năm", "2025"]


def test_a_provincial_committee_prints_no_superior() -> None:
    header = rules.issuer_header("", "Ủy ban nhân dân\ntỉnh Gia Lai")
    assert header.superior_lines == ()
    assert header.name_lines == ("ỦY BAN NHÂN DÂN", "TỈNH GIA LAI")


def test_the_provincial_police_print_their_ministry() -> None:
    header = rules.issuer_header("Bộ Công an", "Công an tỉnh Gia Lai")
    assert header.superior_lines == ("BỘ CÔNG AN",)
    assert header.name_lines == ("CÔNG AN TỈNH GIA LAI",)


def test_a_long_issuer_is_wrapped_into_lines_of_like_length() -> None:
    header = rules.issuer_header("UBND tỉnh Gia Lai", "Sở Nông nghiệp và Phát triển nông thôn")
    assert header.name_lines == ("SỞ NÔNG NGHIỆP VÀ", "PHÁT TRIỂN NÔNG THÔN")


def test_decomposed_letters_become_composed_capitals() -> None:
    header = rules.issuer_header("", unicodedata.normalize("NFD", "Sở Tư pháp"))
    assert header.name_lines == ("SỞ TƯ PHÁP",)


def test_an_issuer_has_a_name() -> None:
    with pytest.raises(DecreeError) as error:
        rules.issuer_header("UBND tỉnh Gia Lai", " ")
    assert code_of(error) == "empty_line"


def test_a_number_stays_with_the_word_before_it() -> None:
    lines = rules.balanced_lines("Kết quả thực hiện tháng 01 năm 2025", 24)
    assert lines == ("Kết quả thực hiện", "tháng 01 năm 2025")


def test_a_subject_keeps_the_line_breaks_it_was_given() -> None:
    assert rules.subject_lines("Tình hình\ngửi báo cáo") == ("Tình hình", "gửi báo cáo")


def test_a_subject_is_not_empty() -> None:
    with pytest.raises(DecreeError) as error:
        rules.subject_lines("")
    assert code_of(error) == "empty_line"


def test_one_addressee_stands_beside_the_colon() -> None:
    block = rules.address_block(["Văn phòng Chính phủ"])
    assert block == rules.AddressBlock("Kính gửi:", "Văn phòng Chính phủ", ())


def test_several_addressees_stand_below_each_other() -> None:
    block = rules.address_block(["Văn phòng Chính phủ;", "- Bộ Công an."])
    assert block is not None
    assert block.beside == ""
    assert block.lines == ("- Văn phòng Chính phủ;", "- Bộ Công an.")


def test_without_addressees_there_is_no_box_nine_a() -> None:
    assert rules.address_block([" "]) is None


def test_recipients_begin_with_the_above_and_end_with_the_archive() -> None:
    lines = rules.recipient_lines(
        ["Công an tỉnh"], drafter="PC06", copies=2, first=rules.first_recipient(addressed=True)
    )
    assert lines == ("- Như trên;", "- Công an tỉnh;", "- Lưu: VT, PC06 (2).")


def test_without_addressees_the_list_begins_with_the_first_recipient() -> None:
    assert rules.recipient_lines(["Các sở, ban, ngành;"]) == ("- Các sở, ban, ngành;", "- Lưu: VT.")


@pytest.mark.parametrize(
    ("text", "ended"),
    [
        ("Trân trọng báo cáo.", "Trân trọng báo cáo./."),
        ("Trân trọng báo cáo", "Trân trọng báo cáo./."),
        ("Trân trọng báo cáo./.", "Trân trọng báo cáo./."),
        ("", "./."),
    ],
)
def test_a_text_ends_with_the_end_mark_once(text: str, ended: str) -> None:
    assert rules.with_end_mark(text) == ended


@pytest.mark.parametrize(
    ("number", "numeral"), [(1, "I"), (4, "IV"), (6, "VI"), (9, "IX"), (10, "X"), (14, "XIV"), (39, "XXXIX")]
)
def test_sections_are_counted_in_roman_numerals(number: int, numeral: str) -> None:
    assert rules.roman(number) == numeral


@pytest.mark.parametrize("number", [0, 40])
def test_numerals_outside_one_to_thirty_nine_are_refused(number: int) -> None:
    with pytest.raises(DecreeError) as error:
        rules.roman(number)
    assert code_of(error) == "bad_number"


def test_a_section_heading_is_in_capitals() -> None:
    assert rules.section_heading(1, "Những kết quả") == "I. NHỮNG KẾT QUẢ"


@pytest.mark.parametrize(
    ("text", "mark"),
    [
        ("Văn bản này là TUYỆT MẬT", "TUYỆT MẬT"),
        ("TỐI  MẬT", "TỐI MẬT"),
        ("(MẬT) Báo cáo", "MẬT"),
        ("TÀI LIỆU MẬT", "MẬT"),
        ("Báo cáo\nMật\nngày 05", "MẬT"),
        ("Độ mật: Tối mật", "TỐI MẬT"),
        (unicodedata.normalize("NFD", "TỐI MẬT"), "TỐI MẬT"),
    ],
)
def test_a_mark_of_secrecy_is_found(text: str, mark: str) -> None:
    with pytest.raises(DecreeError) as error:
        rules.refuse_classified([text])
    assert error.value.params == {"mark": mark}


@pytest.mark.parametrize(
    "text",
    [
        "Bảo đảm an ninh, an toàn, bảo mật thông tin",
        "CÔNG TÁC BẢO MẬT DỮ LIỆU",
        "BÍ MẬT NHÀ NƯỚC",
        "Không để lộ bí mật nhà nước, mật khẩu",
        "ĐỔI MẬT KHẨU",
        "MẬT ĐỘ DÂN CƯ",
        "Tài liệu tối mật không được gửi qua hệ thống này",
    ],
)
def test_ordinary_words_are_no_mark(text: str) -> None:
    rules.refuse_classified([text])


def test_a_classified_text_is_refused_with_its_mark() -> None:
    with pytest.raises(DecreeError) as error:
        rules.refuse_classified(["Báo cáo", "TỐI MẬT"])
    assert code_of(error) == "classified"
    assert error.value.params == {"mark": "TỐI MẬT"}
