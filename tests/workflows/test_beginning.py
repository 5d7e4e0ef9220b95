from typing import Any

import pytest
from hypothesis import given

from tests.workflows.paper import EVERYTHING, JSON, VALUES, body, field, form, kept, label, one
from workflows.errors import DefinitionError
from workflows.forms import begin, parse_form, taken_over

TICKS = [{"key": "legal", "label": label()}, {"key": "data", "label": label()}]


@pytest.mark.parametrize(
    ("kind", "options", "default"),
    [
        ("text", {}, "Không có"),
        ("integer", {"min": 0}, 0),
        ("integer", {"as_of": True}, {"value": 3, "as_of": "2025-01-31"}),
        ("decimal", {}, "60.74"),
        ("date", {"latest": "2025-12-31"}, "2025-01-31"),
        ("yes_no", {}, False),
        ("choice", {}, "legal"),
        ("choices", {"choices": TICKS}, ["legal", "data"]),
        ("ratio", {}, {"numerator": 1, "denominator": 2}),
        ("table", {"columns": [field("text", "what")]}, [{"what": "Việc"}]),
    ],
)
def test_a_new_report_begins_with_what_the_form_gives(kind: str, options: dict[str, Any], default: object) -> None:
    assert begin(one(kind, default=default, **options), {}) == {"f": default}


@pytest.mark.parametrize(
    ("kind", "options", "default"),
    [
        ("text", {}, ""),
        ("text", {}, "MẬT"),
        ("text", {"max_length": 2}, "ba chữ"),
        ("integer", {}, "3"),
        ("integer", {"min": 1}, 0),
        ("integer", {"as_of": True}, {"value": 3}),
        ("decimal", {}, 1.5),
        ("date", {"earliest": "2025-02-01"}, "2025-01-31"),
        ("yes_no", {}, "yes"),
        ("choice", {}, "staff"),
        ("choices", {"most": 1}, ["legal", "data"]),
        ("table", {"columns": [field("text", "what", required=True)]}, [{}]),
        ("text", {"nothing_to_report": True}, {"nothing": True, "reason": "Không có"}),
    ],
)
def test_a_report_cannot_begin_with_what_the_form_refuses(kind: str, options: dict[str, Any], default: object) -> None:
    with pytest.raises(DefinitionError) as refused:
        parse_form(body(field(kind, default=default, **options)))
    (found,) = refused.value.findings
    assert (found.path, found.code) == ("sections[0].fields[0].default", "default_unfit")


def test_what_an_answer_may_be_is_asked_only_of_a_field_without_errors() -> None:
    with pytest.raises(DefinitionError) as refused:
        parse_form(body(field("choice", choices="legal", default="legal")))
    assert [found.code for found in refused.value.findings] == ["wrong_type"]


def test_the_answer_of_the_report_before_goes_before_that_of_the_form() -> None:
    asked = form(field("integer", "a", default=1, prefill="last"), field("integer", "b", default=2), field("text", "c"))
    assert begin(asked, {}) == {"a": 1, "b": 2}
    assert begin(asked, {"a": 7, "b": 8, "c": "x", "d": 9}) == {"a": 7, "b": 2}


def test_what_the_field_can_no_longer_hold_is_not_taken_over() -> None:
    assert begin(one("integer", prefill="last"), {"f": "bảy"}) == {}
    nothing = {"nothing": True, "reason": "Không có"}
    assert begin(one("integer", prefill="last"), {"f": nothing}) == {}
    assert begin(one("integer", prefill="last", nothing_to_report=True), {"f": nothing}) == {"f": nothing}


def test_what_a_report_begins_with_is_its_own() -> None:
    asked = one("choices", default=["legal"])
    first = begin(asked, {})
    first["f"].append("data")  # type: ignore[attr-defined]
    assert begin(asked, {}) == {"f": ["legal"]}


def test_what_was_taken_over_is_marked_until_it_is_changed() -> None:
    asked = form(field("integer", "a", prefill="last"), field("integer", "b"))
    last = {"a": 7, "b": 8}
    (found,) = kept(tuple(taken_over(asked, {"a": 7, "b": 8}, last)))
    assert (found.path, found.code) == ("a", "taken_over")
    assert list(taken_over(asked, {"a": 6}, last)) == []
    assert list(taken_over(asked, {}, {})) == []


@given(VALUES, JSON)
def test_a_report_begins_with_nothing_that_its_form_does_not_say(values: dict[str, object], anything: object) -> None:
    assert begin(EVERYTHING, {**values, "text": anything}) == {}
