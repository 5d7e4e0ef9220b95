"""The table of patterns is whole, says what it can show, and is what the page says."""

import importlib

import pytest

from tests.workflows.patterns import ANSWERS, PAGE, Pattern, families, page

EVERY = [pattern for patterns in families().values() for pattern in patterns]


def test_every_pattern_of_both_families_is_in_the_table() -> None:
    assert [[pattern.number for pattern in patterns] for patterns in families().values()] == [list(range(1, 44))] * 2


@pytest.mark.parametrize("pattern", EVERY, ids=lambda pattern: pattern.name)
def test_a_pattern_has_a_reason_and_a_yes_the_test_that_shows_it(pattern: Pattern) -> None:
    assert pattern.answer in ANSWERS
    assert pattern.why.endswith(".")
    assert bool(pattern.test) == (pattern.answer == "yes")
    if pattern.test and not pattern.test.startswith("portal: "):
        module, _, function = pattern.test.partition(".")
        assert callable(getattr(importlib.import_module(f"tests.workflows.{module}"), function))


def test_the_page_is_what_the_table_says() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "write it anew: python -m tests.workflows.patterns"
