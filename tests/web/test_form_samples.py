"""A draft of a form, looked at with something in it: on the clerk's page, and as the document would say it."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING

import pytest

from portal.definitions.design_views import MOST_SAMPLES

if TYPE_CHECKING:
    from tests.conftest import Visit, Visitor

PREVIEW = "/definitions/form/monthly-report/draft/preview"


@pytest.fixture
def designer(visit: Visit) -> Visitor:
    """Who has just begun the next version of the monthly report."""
    visitor = visit("designer")
    visitor.post("/definitions/form/monthly-report/begin")
    return visitor


def page(designer: Visitor, **asked: object) -> str:
    answer = designer.get(PREVIEW, query_string=asked)
    assert answer.status_code == 200
    return unescape(answer.text)


def typed_in(text: str) -> list[str]:
    """What the inputs of a page show."""
    return [each for each in re.findall(r'<input id="i-[^"]*" name="[^"]*" value="([^"]*)"', text) if each]


def links(text: str) -> list[str]:
    return [each for each in re.findall(r'href="([^"]*)"', text) if each.startswith(PREVIEW)]


def test_a_sample_stands_in_the_inputs_and_another_one_is_a_click_away(designer: Visitor) -> None:
    empty, first = page(designer), page(designer, sample=1)
    assert (typed_in(empty), links(empty)) == ([], [PREVIEW, f"{PREVIEW}?sample=1", f"{PREVIEW}?sample=1&print=1"])
    assert len(typed_in(first)) > 20
    assert first == page(designer, sample=1)
    assert f"{PREVIEW}?sample=2" in links(first)
    assert typed_in(page(designer, sample=2)) != typed_in(first)
    assert PREVIEW in links(first)


def test_a_sample_is_read_as_it_would_be_printed(designer: Visitor) -> None:
    printed = page(designer, sample=1, print=1)
    assert "<h2>I. " in printed
    assert typed_in(printed) == []
    assert "<input" not in printed
    figure = r'Số văn bản đã ban hành</th><td data-label="[^"]+">văn bản</td><td data-label="[^"]+">[0-9]+<'
    assert re.search(figure, printed)
    assert f"{PREVIEW}?sample=2&print=1" in links(printed)
    assert page(designer, print=1) == printed


@pytest.mark.parametrize(
    ("asked", "shown"), [("x", 0), ("0", 0), ("-1", MOST_SAMPLES), (str(MOST_SAMPLES), MOST_SAMPLES)]
)
def test_any_number_is_a_sample_or_none(designer: Visitor, asked: str, shown: int) -> None:
    said = page(designer, sample=asked)
    assert bool(typed_in(said)) is bool(shown)
    assert (f"{PREVIEW}?sample=1" in links(said)[2:]) is bool(shown)


def test_what_is_no_form_has_no_samples(visit: Visit) -> None:
    designer = visit("designer")
    designer.post("/definitions/calendar/vietnam/begin")
    preview = PREVIEW.replace("form/monthly-report", "calendar/vietnam")
    plain = designer.get(preview).text
    assert "2026" in plain
    assert designer.get(preview, query_string={"sample": 3, "print": 1}).text == plain
    assert "sample=" not in plain
