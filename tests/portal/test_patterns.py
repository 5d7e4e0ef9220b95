"""Patterns of authors: matched whole, in linear time, and refused when they cannot be."""

from __future__ import annotations

import pytest

from portal.definitions.surroundings import of_inputs
from portal.patterns import matches, problem_of
from tests.workflows.paper import field, form, label


@pytest.mark.parametrize(
    ("pattern", "text", "is_matched"),
    [
        (r"[0-9]{1,5}/[\p{Lu}-]+", "15/KH-ĐSTTTT", True),
        (r"[0-9]{1,5}/[\p{Lu}-]+", "15/KH-ĐSTTTT ngày", False),
        (r"[0-9]{1,5}/[\p{Lu}-]+", "số 15/KH", False),
        (r"a|ab", "ab", True),
        (r"(?i)đúng", "ĐÚNG", True),
        (r"", "x", False),
    ],
)
def test_a_pattern_matches_a_whole_text(pattern: str, text: str, is_matched: bool) -> None:  # noqa: FBT001 - a case
    assert matches(pattern, text) is is_matched
    assert problem_of(pattern) == ""


def test_a_pattern_that_lets_others_go_back_for_ever_ends() -> None:
    assert not matches(r"(a|a)*(a|a)*(a|aa)*b", "a" * 100_000)


@pytest.mark.parametrize("pattern", [r"(", r"(?=a)a", r"(a)\1", r"a{5000}", r"((a{100}){100}){100}", r"[z-a]"])
def test_what_cannot_be_matched_in_linear_time_and_little_memory_is_refused(pattern: str) -> None:
    assert problem_of(pattern)


def test_a_form_with_a_pattern_that_cannot_be_used_is_not_published() -> None:
    def text(matched: str, name: str = "f") -> dict[str, object]:
        return field("text", name, pattern={"matches": matched, "message": label()})

    wrong = form(
        {"type": "heading", "label": label()}, text("("), field("table", "t", columns=[text("a"), text("(", "g")])
    )
    assert [(each.path, each.code) for each in of_inputs(wrong)] == [
        ("sections[0].fields[1].pattern.matches", "bad_pattern"),
        ("sections[0].fields[2].columns[1].pattern.matches", "bad_pattern"),
    ]
    assert list(of_inputs(form(text("[0-9]+")))) == []
