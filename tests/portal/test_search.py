"""Vietnamese text is found and sorted as its readers expect."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.search import collation_key, search_key

DISTRICTS = [
    "An Khê",
    "Ayun Pa",
    "Chư Păh",
    "Chư Prông",
    "Chư Pưh",
    "Chư Sê",
    "Đak Đoa",
    "Đak Pơ",
    "Đức Cơ",
    "Ia Grai",
    "Ia Pa",
    "Kbang",
    "Kông Chro",
    "Krông Pa",
    "Mang Yang",
    "Phú Thiện",
    "Pleiku",
]
"""The 17 districts of Gia Lai until 30/6/2025, by the Vietnamese alphabet."""


@pytest.mark.parametrize("query", ["bao cao", "BÁO CÁO", "báo cáo", "Bao  Cáo", "\tbao\u00a0cao "])
def test_a_query_finds_the_text_however_it_is_typed(query: str) -> None:
    assert search_key(query) in search_key("Tổng hợp Báo cáo ĐẶC BIỆT tháng 7")


def test_d_with_a_bar_is_found_as_d() -> None:
    assert search_key("dac biet") in search_key("Báo cáo ĐẶC BIỆT")
    assert search_key("Đề án 06") == "de an 06"


@pytest.mark.parametrize(("old", "new"), [("hòa", "hoà"), ("Thủy", "Thuỷ"), ("khỏe", "khoẻ")])
def test_old_and_new_tone_placement_are_the_same(old: str, new: str) -> None:
    assert search_key(old) == search_key(new)
    assert collation_key(old) == collation_key(new)


def test_decomposed_text_equals_composed_text() -> None:
    decomposed = unicodedata.normalize("NFD", "Huyện Chư Păh")
    assert decomposed != "Huyện Chư Păh"
    assert search_key(decomposed) == search_key("Huyện Chư Păh") == "huyen chu pah"
    assert collation_key(decomposed) == collation_key("Huyện Chư Păh")


def test_characters_that_show_nothing_do_not_hide_a_text() -> None:
    assert search_key("bá\u200bo c\u00adáo\ufeff") == "bao cao"


def test_letters_of_jrai_and_bahnar_are_found_without_their_marks() -> None:
    assert search_key("Ƀơ̆ Kŏn Čư") == "bo kon cu"


def test_signs_are_kept_because_numbers_and_symbols_are_searched() -> None:
    assert search_key("Số 15/BC-UBND (60,74%)") == "so 15/bc-ubnd (60,74%)"


def test_nothing_gives_an_empty_key() -> None:
    assert search_key(" \u0301\u200b ") == ""


@given(st.text())
def test_the_key_of_a_key_is_itself(text: str) -> None:
    assert search_key(search_key(text)) == search_key(text)


@given(st.text())
def test_both_normal_forms_have_one_key(text: str) -> None:
    composed, decomposed = unicodedata.normalize("NFC", text), unicodedata.normalize("NFD", text)
    assert search_key(composed) == search_key(decomposed)
    assert collation_key(composed) == collation_key(decomposed)


def in_order(*words: str) -> bool:
    """Return whether sorting puts the words, handed over back to front, into the given order."""
    backwards = words[::-1]
    return sorted(backwards, key=collation_key) == list(words)


def test_districts_sort_by_the_vietnamese_alphabet() -> None:
    assert in_order(*DISTRICTS)


def test_letters_sort_in_the_order_of_the_alphabet() -> None:
    assert in_order(*"aăâbcdđeêghiklmnoôơpqrstuưvxy")


def test_d_with_a_bar_comes_after_every_d() -> None:
    assert in_order("Da", "Dy", "Đa", "E")


def test_tones_sort_level_huyen_hoi_nga_sac_nang() -> None:
    assert in_order("ma", "mà", "mả", "mã", "má", "mạ")


def test_letters_decide_before_tones() -> None:
    assert in_order("Ha Long", "Hạ Long", "Hà Nội")
    assert in_order("cạnh", "căng", "cấn")


def test_a_shorter_name_comes_before_its_continuation() -> None:
    assert in_order("Ia", "Ia Pa", "Ia Pa B", "Iab")


def test_digits_come_before_letters() -> None:
    assert in_order("Phòng 2", "Phòng A")


def test_case_does_not_decide() -> None:
    assert collation_key("CHƯ PĂH") == collation_key("chư păh")


def test_letters_of_other_alphabets_sort_as_their_plain_letter() -> None:
    assert in_order("Kŏn", "Kọp", "Kŏt", "Zurie", "Zürig")
