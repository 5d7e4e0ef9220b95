import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.workflows.paper import codes, field, form, judged, one, value
from workflows.errors import DefinitionError
from workflows.forms import facts, text_of, write
from workflows.forms.markup import Piece, Run, lines_of, pieces, plain

MARKED = st.text("ab *_-\n.1ơ", max_size=60)


def paragraph(*runs: Run) -> Piece:
    return Piece(is_list=False, lines=(runs,))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", ()),
        ("Một dòng\nnối tiếp", (paragraph(Run("Một dòng nối tiếp")),)),
        ("Đoạn một\n \n\nĐoạn hai", (paragraph(Run("Đoạn một")), paragraph(Run("Đoạn hai")))),
        (
            "Gồm:\n- một\n  nối\n\n-  hai\nba\n\nHết",
            (
                paragraph(Run("Gồm:")),
                Piece(is_list=True, lines=((Run("một nối"),), (Run("hai ba"),))),
                paragraph(Run("Hết")),
            ),
        ),
        ("-không\n-", (paragraph(Run("-không -")),)),
        ("a **b** c", (paragraph(Run("a "), Run("b", bold=True), Run(" c")),)),
        ("_a_, **_b_**", (paragraph(Run("a", italic=True), Run(", "), Run("b", bold=True, italic=True)),)),
        ("**a _b** c_", (paragraph(Run("a ", bold=True), Run("b", bold=True, italic=True), Run(" c", italic=True)),)),
        ("- **a**", (Piece(is_list=True, lines=((Run("a", bold=True),),)),)),
    ],
)
def test_a_text_is_paragraphs_and_lists_of_runs(text: str, found: tuple[Piece, ...]) -> None:
    assert pieces(text) == found


@pytest.mark.parametrize(
    "text", ["5 ** 3 ** 2", "so_lieu_thang", "**mở", "đóng**", "____", "****", "* một *", "_ a _", "a_b_", "_a_b", "**"]
)
def test_a_mark_without_its_other_one_stays_a_letter(text: str) -> None:
    assert pieces(text) == (paragraph(Run(text)),)
    assert plain(text) == text


def test_the_last_mark_that_can_open_does() -> None:
    assert pieces("**a **b**") == (paragraph(Run("**a "), Run("b", bold=True)),)


@given(MARKED)
def test_marking_loses_no_words_and_invents_none(text: str) -> None:
    bare = re.sub(r"[*_\s-]", "", text)
    assert re.sub(r"[*_\s-]", "", plain(text)) == bare
    runs = [run for piece in pieces(text) for line in piece.lines for run in line]
    assert all(run.text for run in runs)
    assert re.sub(r"[*_\s-]", "", "".join(run.text for run in runs)) == bare


@given(MARKED)
def test_a_letter_says_the_same_in_lines_as_in_pieces(text: str) -> None:
    lines = list(lines_of(text))
    assert [line for line, _ in lines] == ["".join(run.text for run in runs) for _, runs in lines]
    assert len(lines) == sum(len(piece.lines) for piece in pieces(text))
    assert plain(text).count("\n") == max(len(lines) - 1, 0)
    assert not any("\n" in line for line, _ in lines)


def test_it_is_kept_as_it_was_typed_and_told_without_marks() -> None:
    typed = "**Kết quả**:\n\n- một;\n- hai."
    asked = one("rich_text")
    assert value("rich_text", f" {typed}\r\n") == typed
    assert write(asked, {"f": typed}) == {"f": typed}
    assert text_of(asked.fields["f"], typed) == "Kết quả:\n- một;\n- hai."
    assert facts(asked, {"f": typed}) == {"f": typed}


def test_it_is_judged_as_other_texts_are() -> None:
    asked = one("rich_text", max_length=10)
    assert codes(judged(asked, {"f": "<b>x</b>"})) == [("f", "html_in_text")]
    assert codes(judged(asked, {"f": "a" * 6 + "\n\n" + "b" * 6}), "error") == [("f", "too_long")]
    assert codes(judged(asked, {"f": "**a**\n- b"})) == []


def test_it_is_no_column_and_has_no_pattern() -> None:
    for wrong in (
        field("table", columns=[field("rich_text")]),
        field("rich_text", pattern={"matches": "a", "message": {"vi": "a", "en": "a"}}),
    ):
        with pytest.raises(DefinitionError):
            form(wrong)
