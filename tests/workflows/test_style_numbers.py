"""Dates, points and clauses as appendix I of Decree 30/2020/NĐ-CP numbers them."""

import pytest

from tests.workflows.pages import mended, notes


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("ngày 5 tháng 03 năm 2025", "ngày 05 tháng 3 năm 2025"),
        ("ngày 15 tháng 1 năm 2025", "ngày 15 tháng 01 năm 2025"),
        ("Ngày 5 tháng 12 năm 2025", "Ngày 05 tháng 12 năm 2025"),
        ("ngày 25 tháng 09 năm 2025", "ngày 25 tháng 9 năm 2025"),
    ],
)
def test_zeros_stand_before_days_below_ten_and_months_one_and_two(text: str, wanted: str) -> None:
    assert mended(f"Họp {text}.") == [(text, wanted)]


@pytest.mark.parametrize(
    "text",
    [
        "ngày 05 tháng 3 năm 2025, ngày 15 tháng 02 năm 2025, ngày 15 tháng 12 năm 2025",
        "ngày 5/3/2025, ngày 5-3-2025, tháng 03 năm 2025, ngày 5 tháng 03",
        "ngày 45 tháng 03 năm 2025, ngày 5 tháng 13 năm 2025, ngày 0 tháng 3 năm 2025",
    ],
)
def test_other_dates_are_left_alone(text: str) -> None:
    assert mended(text) == []


def points(letters: str) -> str:
    return "\n".join(f"{letter}) Nội dung" for letter in letters)


@pytest.mark.parametrize(
    ("letters", "found", "wanted"),
    [
        ("abcde", "e)", "đ)"),
        ("abcdđef", "f)", "g)"),
        ("abcdđeghij", "j)", "k)"),
        ("abcdđeghiklmnopqrstuvw", "w)", "x)"),
        ("abcdđeghiklmnopqrstuvxz", "z)", "y)"),
        ("abd", "d)", "c)"),
        ("bcd", "b)", "a)"),
        ("abb", "b)", "c)"),
        ("abcabd", "d)", "c)"),
    ],
)
def test_the_first_point_out_of_order_is_told(letters: str, found: str, wanted: str) -> None:
    assert mended(points(letters)) == [(found, wanted)]


@pytest.mark.parametrize("letters", ["abcdđeghiklmnopqrstuvxy", "abcabcd", "a", "d", "aaab"])
def test_points_in_order_are_left_alone(letters: str) -> None:
    assert mended(points(letters)) == []


def test_points_are_found_inside_a_line() -> None:
    assert mended("Gồm: a) hạ tầng; b) dữ liệu; d) nhân lực.") == [("d)", "c)")]


def test_more_points_than_there_are_letters_are_left_alone() -> None:
    assert mended(points("abcdđeghiklmnopqrstuvxyz")) == []


@pytest.mark.parametrize(
    "text",
    [
        "i) Một\nii) Hai\niii) Ba",
        "Theo điểm a), b) và d) khoản 2 Điều 5; d) khoản 1",
        "f(x) = b) c) (d) 5) và x)",
        "A) Một\nC) Hai",
    ],
)
def test_what_is_no_point_of_a_list_is_left_alone(text: str) -> None:
    assert mended(text) == []


def test_a_list_may_go_on_in_the_next_answer() -> None:
    assert mended(points("ab"), points("cd"), points("đe")) == []
    assert mended(points("ab"), points("de")) == [("d)", "a)")]
    assert mended(points("abcdđeghiklmnopqrstuvxy"), points("bc")) == [("b)", "a)")]


@pytest.mark.parametrize(
    ("text", "found", "wanted"),
    [
        ("1. Một\n2. Hai\n4. Bốn", "4.", "3."),
        ("1. Một\n2. Hai\n2. Hai", "2.", "3."),
        ("1. Một\n1. Một con\n2. Hai con\n2. Hai\n4. Bốn\n5. Năm", "4.", "3."),
        ("3. Ba\n5. Năm", "5.", "4."),
    ],
)
def test_a_clause_out_of_order_is_told(text: str, found: str, wanted: str) -> None:
    assert mended(text) == [(found, wanted)]


@pytest.mark.parametrize(
    "text",
    [
        "1. Một\n2. Hai\n3. Ba\n1. Một\n2. Hai",
        "3. Ba\n4. Bốn",
        "1. Một\n1. Một con\n2. Hai con\n3. Ba con\n2. Hai",
        "Đến 17.7. Sau đó\n23. 6. 2022\n5.000 hồ sơ\n1.1. Một\n1.3. Ba\n2024. Năm",
    ],
)
def test_clauses_in_order_are_left_alone(text: str) -> None:
    assert mended(text) == []


def test_each_kind_of_order_has_its_code() -> None:
    text = "1. Họp ngày 5 tháng 03 năm 2025\na) Một\nc) Ba\n3. Ba"
    found = notes(text)
    assert [each.code for each in found] == ["date_zeros", "point_numbering", "clause_numbering"]
    assert [text[each.start : each.end] for each in found] == [each.found for each in found]
