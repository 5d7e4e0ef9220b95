"""The check of style as a whole: what it points at, how much it says, and that nothing brings it down."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.workflows.pages import UNITS, mended, notes
from workflows.errors import Finding
from workflows.forms.findings import STYLE
from workflows.forms.style import MOST_AT_A_PLACE, Text, check

PIECES = (
    *(
        "Tỉnh",
        "tỉnh",
        "Gia Lai",
        "Thành phố",
        "Pleiku",
        "ủy ban nhân dân",
        "sở tài chính",
        "Sở",
        "Tài Chính",
        "ban chỉ đạo",
    ),
    *("Đề án 06", "phường", "1", "các", "của", "nhà nước", "đảng", "Điểm", "a", "khoản", "Khoản", "2", "điều", "5"),
    *(
        "sáng",
        "thứ hai",
        "tháng",
        "năm",
        "2025",
        "ngày",
        "03",
        "06/QĐ-TTg",
        "57-NQ/TW",
        "Công văn số",
        "về",
        "của UBND",
    ),
    *(
        "\n",
        ". ",
        ", ",
        "; ",
        ": ",
        "(",
        ")",
        "“",
        "-",
        "–",
        "a) ",
        "đ) ",
        "ii) ",
        "1. ",
        "3. ",
        "…",
        "_",
        "**",
        "’",
        "ß",
        "İ",
    ),
)


def test_a_note_is_a_finding_that_stands_in_nobodys_way() -> None:
    (note,) = notes("Toàn Tỉnh Gia Lai")
    said = {"found": "Tỉnh Gia Lai", "wanted": "tỉnh Gia Lai"}
    assert note.finding == Finding("f0", "place_capitals", said, "info")
    (note,) = notes("Theo Kế hoạch số 1/KH-UBND của UBND tỉnh về Đề án 06")
    assert note.finding.params == {"found": "1/KH-UBND", "missing": ["date"]}


def test_texts_in_pieces_are_read_composed() -> None:
    text = "Toàn Tỉnh Gia Lai họp ủy ban nhân dân"
    assert mended(unicodedata.normalize("NFD", text)) == mended(text) != []
    assert mended("tại sở tài chính", known=[unicodedata.normalize("NFD", "Sở Tài chính")]) != []


def test_marks_of_rich_text_are_no_part_of_words() -> None:
    text = Text("f", "**Kết quả** tại _Thành phố_ **Pleiku**", marked=True)
    (note,) = check([text], UNITS)
    assert (note.start, note.wanted) == (17, "thành phố Pleiku")
    assert check([Text("f", "**Thành phố Pleiku** đạt", marked=True)], UNITS) == []


def test_the_same_is_said_once_of_a_text_and_once_of_each() -> None:
    text = "Tại Tỉnh Gia Lai và Tỉnh Gia Lai"
    assert [each.place for each in notes(text, text)] == ["f0", "f1"]


def test_a_text_has_only_so_many_notes() -> None:
    text = "\n".join(f"Theo Kế hoạch số {number}/KH-UBND" for number in range(100))
    assert len(notes(text)) == MOST_AT_A_PLACE


@pytest.mark.parametrize(
    "text",
    [
        "a" * 100_000,
        " " * 100_000,
        "\n" * 100_000,
        "Tỉnh Gia Lai và " * 6_000,
        "1. a\n" * 20_000,
        "a) b\n" * 20_000,
        "1/A-B " * 16_000,
        "1/" * 50_000,
        "A-" * 50_000,
        "điểm a, b, c, d, " * 6_000,
        "khoản 1, 2, 3, " * 6_000,
        "(" * 100_000,
        "ă" * 500 + " " + "thứ " * 25_000,
        "a" + "\u0301" * 100_000,
    ],
)
def test_a_hundred_thousand_letters_are_read_to_the_end(text: str) -> None:
    assert len(notes(text)) <= MOST_AT_A_PLACE


@given(st.lists(st.tuples(st.lists(st.sampled_from(PIECES), max_size=30), st.sampled_from(["", " "])), max_size=4))
def test_every_note_is_one_of_those_promised_and_points_at_its_piece(lines: list[tuple[list[str], str]]) -> None:
    texts = {f"f{number}": glue.join(pieces) for number, (pieces, glue) in enumerate(lines)}
    for note in check([Text(place, words) for place, words in texts.items()], UNITS):
        assert unicodedata.normalize("NFC", texts[note.place])[note.start : note.end] == note.found
        assert note.found not in ("", note.wanted)
        promised = STYLE[note.code]
        assert (note.finding.severity, {*note.finding.params}) == (promised.severity, {*promised.params})


@given(st.text(), st.lists(st.text(max_size=20), max_size=3))
def test_no_text_and_no_name_breaks_it(text: str, known: list[str]) -> None:
    for note in check([Text("f", text, marked=len(text) % 2 == 0)], known):
        assert note.place == "f"
