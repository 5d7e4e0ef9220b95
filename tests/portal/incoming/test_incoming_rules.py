"""Symbols as others print them, the same document under other spellings, and what is late."""

from __future__ import annotations

from datetime import date

import pytest

from portal.documents.finding import read_number
from portal.incoming import rules
from workflows.errors import Refusal


@pytest.mark.parametrize(
    ("text", "number", "notation"),
    [
        ("4598/CAT-PC06", "4598", "CAT-PC06"),
        ("2433/KH-UBND", "2433", "KH-UBND"),
        ("89/TTr-CAT-PC64", "89", "TTr-CAT-PC64"),
        ("100-KL/ĐU", "100", "KL/ĐU"),
        ("05-CTr/TU", "05", "CTr/TU"),
        ("02-KH/BCĐTW", "02", "KH/BCĐTW"),
        ("15a / QĐ-BNV", "15a", "QĐ-BNV"),
        ("Không số", "", "Không số"),
        ("TB-VP", "", "TB-VP"),
    ],
)
def test_a_symbol_is_taken_apart(text: str, number: str, notation: str) -> None:
    assert rules.read_symbol(text) == (number, notation)


@pytest.mark.parametrize("text", ["123456789012/KH-UBND", f"1/{'X' * 31}", "X" * 31])
def test_a_symbol_longer_than_appendix_vi_allows_is_refused(text: str) -> None:
    with pytest.raises(Refusal) as refused:
        rules.read_symbol(text)
    assert refused.value.code == "symbol_too_long"


def key(symbol: str, author: str = "Công an tỉnh Gia Lai", year: int = 2026) -> str:
    return rules.same_key(rules.read_symbol(symbol), author, year)


@pytest.mark.parametrize(
    ("symbol", "author"),
    [
        ("4598/CAT-PC06", "CÔNG AN TỈNH GIA LAI"),
        ("04598/CAT-PC06", "Công an tỉnh  Gia Lai"),
        ("4598 / cat - pc06", "Cong an tinh Gia Lai"),
    ],
)
def test_another_spelling_is_the_same_document(symbol: str, author: str) -> None:
    assert key(symbol, author) == key("4598/CAT-PC06")


def test_short_forms_of_an_author_are_the_same_author() -> None:
    full = key("2433/KH-UBND", "Ủy ban nhân dân tỉnh Gia Lai")
    assert full == key("2433/KH-UBND", "UBND tỉnh Gia Lai")


@pytest.mark.parametrize(
    "other",
    [
        key("4599/CAT-PC06"),
        key("4598/CAT-PC08"),
        key("4598/CAT-PC06", "Công an tỉnh Kon Tum"),
        key("4598/CAT-PC06", year=2025),
    ],
)
def test_another_number_notation_author_or_year_is_another_document(other: str) -> None:
    assert other != key("4598/CAT-PC06")


def test_a_document_without_a_number_is_like_no_other() -> None:
    assert key("Không số") == ""


def test_only_what_is_open_is_late_and_its_last_day_is_in_time() -> None:
    day = date(2026, 11, 28)
    for state in rules.STATES:
        assert rules.is_late(state, date(2026, 11, 27), day) == (state in {"new", "assigned", "in_progress"})
        assert not rules.is_late(state, day, day)
        assert not rules.is_late(state, None, day)


@pytest.mark.parametrize(
    ("words", "number"),
    [("4598", 4598), (" 4598/CAT-PC06", 4598), ("CAT", None), ("", None), ("1" * 30, None), ("²", None)],
)
def test_a_search_names_a_number_alone_or_before_a_symbol(words: str, number: int | None) -> None:
    assert read_number(words) == number
