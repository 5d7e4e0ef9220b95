from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.workflows.paper import TODAY, codes, judged, one, only
from workflows.errors import Finding
from workflows.forms import Context, check, read
from workflows.forms.wording import clean

SPAM = ("bongdalu truc tiep",)


def said_of(text: str, deny_list: tuple[str, ...] = (), **options: object) -> tuple[Finding, ...]:
    return judged(one("long_text", **options), {"f": text}, deny_list)


def denied(text: str, *phrases: str) -> list[list[int]]:
    """Where a phrase was found; at most one phrase may be."""
    found = said_of(text, phrases)
    return [list(place) for each in found if each.code == "denied_phrase" for place in each.params["places"]]  # type: ignore[attr-defined]


def test_a_deny_listed_phrase_is_refused_with_its_count_and_places() -> None:
    found = only(said_of("Trong bongdalu truc tiep 2024, tỉnh có bongdalu truc tiep chỉ tiêu", SPAM))
    assert (found.code, found.severity) == ("denied_phrase", "error")
    assert found.params == {"phrase": "bongdalu truc tiep", "count": 2, "places": [[6, 24], [39, 57]]}


@pytest.mark.parametrize("text", ["BONGDALU Truc Tiep", "bongdalu\u00a0 truc\n\ttiep", "(bongdalu truc tiep)"])
def test_case_and_white_space_do_not_hide_a_phrase(text: str) -> None:
    assert len(denied(text, *SPAM)) == 1


def test_a_phrase_in_pieces_or_with_invisible_characters_is_found() -> None:
    assert denied("cá độ bóng đá".replace("ộ", "ọ\u0302"), "Cá Độ") == [[0, 5]]
    assert denied("bong\u200bdalu truc\u2060 tiep", *SPAM) == [[0, 18]]


def test_a_phrase_is_made_of_whole_words() -> None:
    assert denied("các động viên", "cá độ") == []
    assert denied("bongdalu trực tiếp", *SPAM) == []


def test_letters_that_grow_when_folded_do_not_move_the_places() -> None:
    assert denied("Straße ẞ bongdalu truc tiep", *SPAM) == [[9, 27]]


def test_a_blank_deny_list_denies_nothing() -> None:
    assert said_of("một – hai", ("", "  ")) == ()


def test_only_the_first_hundred_places_are_listed() -> None:
    found = only(said_of("bongdalu truc tiep " * 200, SPAM))
    assert found.params["count"] == 200
    assert len(denied("bongdalu truc tiep " * 200, *SPAM)) == 100


@pytest.mark.parametrize(
    "text",
    [
        "<b>đậm</b>",
        "x <SCRIPT>alert(1)",
        "<script src=//x",
        "<img src=x onerror=alert(1)>",
        '<a href="https://x.vn">x</a>',
        "dòng<br/>mới",
        "<p >",
        "<!-- ẩn -->",
        "<!DOCTYPE html>",
        "<o:p></o:p>",
        "&lt;script&gt;",
        "&#60;b&#x3e;",
        "Đề&nbsp;án",
    ],
)
def test_html_is_refused(text: str) -> None:
    assert codes(said_of(text)) == [("f", "html_in_text")]


@pytest.mark.parametrize(
    "text",
    [
        "a < b và c > d",
        "a<b và c>d",
        "x <y và z> 3",
        "tỷ lệ <= 3%, > 5",
        "R&D; AT&T",
        "<3",
        "<Sở Y tế>",
        "<abc> trong mẫu",
        "< b >",
        "văn bản <số 5>",
        "email <chi@gialai.gov.vn>",
    ],
)
def test_signs_that_are_no_html_pass(text: str) -> None:
    assert said_of(text) == ()


@pytest.mark.parametrize(
    ("text", "mark"),
    [
        ("MẬT", "MẬT"),
        ("  TỐI MẬT  \nNội dung", "TỐI MẬT"),
        ("Kính gửi\n[TUYỆT MẬT]\nNội dung", "TUYỆT MẬT"),
        ("Độ mật: Mật", "MẬT"),
        ("ĐỘ MẬT: TỐI MẬT", "TỐI MẬT"),
        ("BÁO CÁO TỐI MẬT\nvề …", "TỐI MẬT"),
        ("TÀI LIỆU MẬT", "MẬT"),
    ],
)
def test_the_mark_of_a_classified_document_is_refused(text: str, mark: str) -> None:
    found = only(said_of(text))
    assert (found.code, found.params) == ("classified_text", {"mark": mark})


@pytest.mark.parametrize(
    "text",
    [
        "Công tác bảo mật thông tin",
        "CÔNG TÁC BẢO MẬT",
        "BẢO VỆ BÍ MẬT NHÀ NƯỚC",
        "MẬT ĐỘ DÂN SỐ",
        "mật",
        "Mật khẩu",
        "Tập huấn về độ MẬT của văn bản",
        "bí\nmật",
    ],
)
def test_words_about_secrecy_are_no_mark(text: str) -> None:
    assert said_of(text) == ()


@pytest.mark.parametrize("word", ["phínămhọc", "cuốinăm", "cácthángcuối", "thườngxuyênquan", "nhữngtháng", "Kỹthuật"])
def test_glued_words_are_flagged_and_left_alone(word: str) -> None:
    found = only(said_of(f"Trong {word},đặc biệt"))
    assert (found.code, found.severity, found.params) == ("glued_words", "warning", {"words": [word], "count": 1})


@pytest.mark.parametrize(
    "text",
    [
        "Nghiêng nghiêng những trường thường xuyên quan",
        "Facebook, internet, dashboard và VNeID",
        "Thượng tá Ksor H’Bơ Khắp, Chư Păh, Krông Pa",
        "ôtô, ôxy, xêri",
        "á" * 80,
    ],
)
def test_words_that_are_not_glued_pass(text: str) -> None:
    assert said_of(text) == ()


def test_a_long_text_is_kept_and_refused_with_both_lengths() -> None:
    found = only(said_of("ă" * 51, max_length=50))
    assert (found.code, found.params) == ("too_long", {"length": 51, "max": 50})
    assert read(one("long_text", max_length=50), {"f": "ă" * 51}).values == {"f": "ă" * 51}
    assert said_of("ă" * 50, max_length=50) == ()
    assert codes(said_of("ă" * 20_001)) == [("f", "too_long")]
    assert codes(judged(one("text"), {"f": "ă" * 501})) == [("f", "too_long")]


def test_a_text_that_is_too_long_is_not_searched_for_glued_words() -> None:
    assert codes(said_of("cuốinăm " * 10, max_length=50)) == [("f", "too_long")]


@given(st.text())
def test_cleaning_twice_is_cleaning_once(text: str) -> None:
    once = clean(text)
    assert clean(once.text) == (once.text, 0, False)


@given(st.text("a\u0301\u0327\u0344\ufb2c\r\n\u2028\u200b\U0001d165"))
def test_cleaning_twice_is_cleaning_once_for_nasty_characters(text: str) -> None:
    once = clean(text)
    assert clean(once.text) == (once.text, 0, False)
    assert once.removed >= 0


PASTES = [
    "Báo cáo kết quả thực hiện Đề án 06 ",
    " \n",
    "<a ",
    "a\u0301\u0327",
    "\u0301\u0327",
    "MẬT ",
    "bongdalu ",
    "\u200b",
    "1",
]


@pytest.mark.parametrize("piece", PASTES, ids=ascii)
def test_the_time_grows_no_faster_than_the_paste(piece: str) -> None:
    asked, context = one("long_text"), Context(TODAY, None, SPAM)

    def seconds(length: int) -> float:
        started = process_time()
        reading = read(asked, {"f": "a" + piece * (length // len(piece)) + "b"})
        check(asked, reading.values, reading.unread, context)
        return process_time() - started

    seconds(10_000)
    assert seconds(2_000_000) < 16 * seconds(500_000) + 0.5
