"""Which passwords are refused, and why; that length, not composition, makes a good one; what judging them costs."""

from __future__ import annotations

import time

import pytest

from portal.passwords import LONGEST, NO_PASSWORD, hash_of, is_password_of, refuse_weak
from workflows.errors import Refusal

WORDS = ("hyen.thu", "Rơ Châm H'Yến", "hyen.thu@gialai.example", "STTTT", "Sở Thông tin và Truyền thông")
GOOD = (
    "một-câu-khác-để-nhớ",
    "mot cau khac de nho",
    "correct horse battery staple",
    "trâu trắng dắt trâu đen",
    "x7Kq!m2Vw9#p",
    "kqzjwvxmtrpl",
    "84720395618274950617283",
    "§¶†‡◊¤¬¦Ω≈ç√",
    "a" + "đường xa ướt mưa " * 7,
)
OWN = (
    "hyen.thu12345",
    "HYEN.THU2024!",
    "ro cham hyen 1",
    "rơchâmhyến123",
    "hyen.thu@gialai.example",
    "SoThongTin123",
    "truyenthong12",
)
GUESSABLE = (
    "123456789012",
    "password1234",
    "Password123!",
    "qwertyuiop[]",
    "aaaaaaaaaaaaaaaa",
    "abcabcabcabcabc",
    "matkhau12345",
    "mậtkhẩu123456",
    "anhyeuem1234",
    "congan123456",
    "iloveyou2024",
    "passwordpassword",
    "01/01/1990 01",
    "p@ssw0rd1234",
    " " * 20,
    "abcdefghijklmnop",
    "a" * 128,
)


def refused(password: str) -> str:
    try:
        refuse_weak(password, WORDS)
    except Refusal as refusal:
        return refusal.code
    return ""


@pytest.mark.parametrize("password", GOOD)
def test_a_long_password_is_taken_whatever_it_is_composed_of(password: str) -> None:
    assert refused(password) == ""


@pytest.mark.parametrize("password", OWN)
def test_what_others_know_of_its_owner_is_refused(password: str) -> None:
    assert refused(password) == "password_of_own_words"


@pytest.mark.parametrize("password", GUESSABLE)
def test_what_many_people_use_is_refused(password: str) -> None:
    assert refused(password) in {"password_guessable", "password_of_own_words"}


@pytest.mark.parametrize("length", [0, 1, 11])
def test_a_short_one_is_refused_however_strange_it_is(length: int) -> None:
    assert refused("x7Kq!m2Vw9#"[:length]) == "password_too_short"


def test_long_ones_are_allowed_and_endless_ones_are_not() -> None:
    assert refused(GOOD[0] * 6) == ""
    assert len(GOOD[0] * 6) >= 64
    assert refused("x7Kq!m2Vw9#pLs" * 10) == "password_too_long"
    assert LONGEST == 128


@pytest.mark.parametrize("unit", ["a", "ab", "abc1", "password1", "1234567890", "p@ssw0rd", "aA1!", "\u0301a", "đ"])
def test_judging_never_takes_long(unit: str) -> None:
    begun = time.process_time()
    refused((unit * LONGEST)[:LONGEST])
    assert time.process_time() - begun < 1


def test_only_the_password_itself_is_right(monkeypatch: pytest.MonkeyPatch) -> None:
    class Account:
        active: bool | None = True
        password: str | None = hash_of("một-câu-khác-để-nhớ")

    account = Account()
    assert account.password is not None
    assert account.password.startswith("scrypt:")
    assert is_password_of(account, "một-câu-khác-để-nhớ")  # type: ignore[arg-type]
    for typed in ("", "\0", "một-câu-khác-để-nhớ ", "Một-câu-khác-để-nhớ"):
        assert not is_password_of(account, typed)  # type: ignore[arg-type]
    account.active = False
    assert not is_password_of(account, "một-câu-khác-để-nhớ")  # type: ignore[arg-type]
    for kept in (NO_PASSWORD, None, ""):
        account.active, account.password = True, kept
        for typed in ("", "\0", "!", "None"):
            assert not is_password_of(account, typed)  # type: ignore[arg-type]
    assert not is_password_of(None, "\0")
