from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.patterns import matches, problem_of
from workflows.forms.matching import LONGEST, matching


@pytest.mark.parametrize(
    "pattern",
    [
        "",
        "[0-9]{12}",
        r"^[0-9]{1,5}/[\p{Lu}-]+$",
        r"\d\w\pL\pN\p{Ll}\p{Nd}.",
        r"(KH|QĐ|)-?\d{2,}",
        r"(?:a|b(c|d)*)+z??",
        r"[a\-z][\d.][x-z-]\.\/",
        "ơ{3}",
        "a{1000}",
    ],
)
def test_texts_match_their_pattern(pattern: str) -> None:
    for seed in range(30):
        text = matching(pattern, Random(seed))
        assert text is not None
        assert matches(pattern, text), text


@pytest.mark.parametrize(
    "pattern",
    [
        *("(?i)a", "[^a]", "[]a]", "[[:alpha:]]", "[a", "[a-", "[z-a]", "[\\d-z]", "[a-\\d]", "[\x01-\uffff]"),
        *("\\b", "\\p{Greek}", "\\", "a)", "(a", "*a", "a{2,1}", "a**", "^^a", "a$b", "{", "a{1001}", "(a{40}){40}"),
        *("(" * 15 + "a" + "{9}){9}" * 15, "a|(", "a{x}"),
    ],
)
def test_what_is_not_followed_gives_nothing(pattern: str) -> None:
    assert matching(pattern, Random(1)) is None


@given(st.text("ab0-^$.|?*+()[]{}\\dwpL{u},1/", max_size=12), st.integers(0, 9))
def test_whatever_a_pattern_is_its_text_matches_or_there_is_none(pattern: str, seed: int) -> None:
    text = matching(pattern, Random(seed))
    if text is not None and not problem_of(pattern):
        assert matches(pattern, text)
        assert len(text) <= LONGEST
