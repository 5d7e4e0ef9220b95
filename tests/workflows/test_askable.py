"""What conditions may ask of answers: a value that a fact never has is told, wherever it stands."""

from __future__ import annotations

from typing import Any

import pytest

from tests.workflows.paper import field, form
from workflows.forms.askable import Askable, askable_of, can_be, compared, never_so
from workflows.forms.fieldtypes import TYPES
from workflows.forms.leaves import Words
from workflows.forms.settling import fact_names
from workflows.guards import parse_guard

CHOICES = [{"key": key, "label": {"vi": key, "en": key}} for key in ("running", "done")]
PAPER = form(
    field("yes_no", "case"),
    field("choice", "state", choices=CHOICES),
    field("choices", "ticks", choices=CHOICES),
    field("integer", "number", nothing_to_report=True),
    field("ratio", "share"),
    field("date", "day"),
    field("text", "words"),
    field("attachment", "files"),
    field("table", "rows", columns=[field("integer", "sum_of_it"), field("text", "what")]),
)
KNOWN = {name: [each] for one in PAPER.fields.values() for name, each in askable_of(one).items()}


def told(guard: Any, known: Any = KNOWN) -> list[tuple[str, str]]:
    """Where a condition says what never is, and what of it."""
    return [(each.path, each.code) for each in never_so(parse_guard(guard), "when", known)]


@pytest.mark.parametrize(
    ("fact", "value", "code"),
    [
        ("case", True, ""),
        ("case", False, ""),
        ("case", "true", "only_yes_or_no"),
        ("case", "Có", "only_yes_or_no"),
        ("case", 1, "only_yes_or_no"),
        ("number.nothing", True, ""),
        ("number.nothing", False, "never_no"),
        ("ticks.done", False, ""),
        ("ticks.done", "done", "only_yes_or_no"),
        ("state", "done", ""),
        ("state", "Xong", "no_such_answer"),
        ("state", True, "no_such_answer"),
        ("ticks", 2, ""),
        ("ticks", "done", "no_number"),
        ("number", 5, ""),
        ("number", "60.74", ""),
        ("number", "1,5", "no_number"),
        ("number", False, "no_number"),
        ("share.percent", "97.5", ""),
        ("share.percent", "many", "no_number"),
        ("files", 1, ""),
        ("files", "a.pdf", "no_number"),
        ("rows.count", 3, ""),
        ("rows.count", True, "no_number"),
        ("rows.sum.sum_of_it", "3.5", ""),
        ("day", "2025-01-31", ""),
        ("day", "2025-02-31", "no_date"),
        ("day", "31/01/2025", "no_date"),
        ("day", 20250131, "no_date"),
        ("words", "xong", ""),
        ("words", 766, ""),
        ("words", True, "no_text"),
        ("stranger", True, ""),
    ],
)
def test_a_value_that_a_fact_never_has_is_told(fact: str, value: Any, code: str) -> None:
    expected = [("when.eq[1]", code)] if code else []
    assert told({"eq": [{"fact": fact}, value]}) == expected


@pytest.mark.parametrize(
    ("guard", "path"),
    [
        ({"ne": [{"fact": "case"}, "no"]}, "when.ne[1]"),
        ({"eq": ["no", {"fact": "case"}]}, "when.eq[0]"),
        ({"in": [{"fact": "state"}, ["done", "gone"]]}, "when.in[1][1]"),
        ({"between": [{"fact": "day"}, "2025-01-31", "soon"]}, "when.between[2]"),
        ({"not": {"eq": [{"fact": "case"}, "no"]}}, "when.not.eq[1]"),
        ({"all": [{"empty": {"fact": "day"}}, {"any": [{"eq": [{"fact": "case"}, 0]}]}]}, "when.all[1].any[0].eq[1]"),
    ],
)
def test_it_is_told_where_it_stands(guard: Any, path: str) -> None:
    assert [where for where, _code in told(guard)] == [path]


@pytest.mark.parametrize(
    "guard",
    [
        {"eq": [{"fact": "case"}, {"fact": "number"}]},
        {"eq": [1, "one"]},
        {"empty": {"fact": "case"}},
        {"between": [{"fact": "number"}, {"fact": "rows.count"}, 3]},
    ],
)
def test_facts_beside_facts_and_values_beside_values_are_left_alone(guard: Any) -> None:
    assert told(guard) == []


def test_what_is_so_in_one_of_several_forms_can_be() -> None:
    other = {"case": [*KNOWN["case"], Askable(Words())]}
    assert told({"eq": [{"fact": "case"}, "maybe"]}, other) == []
    assert told({"eq": [{"fact": "case"}, False]}, other) == []


def test_the_reader_is_told_what_was_said_and_what_can_be() -> None:
    (found,) = never_so(parse_guard({"eq": [{"fact": "state"}, True]}), "when", KNOWN)
    assert found.params == {"value": "true", "allowed": ["running", "done"]}
    (found,) = never_so(parse_guard({"gt": [{"fact": "number"}, "Nhiều"]}), "when", KNOWN)
    assert found.params == {"value": "Nhiều"}


def test_each_value_is_paired_with_the_fact_that_it_is_compared_with() -> None:
    guard = parse_guard({"any": [{"in": [{"fact": "a"}, [1, {"fact": "b"}]]}, {"lt": [2, {"fact": "c"}]}]})
    assert [*compared(guard, "when")] == [("when.any[0].in[1][0]", "a", 1), ("when.any[1].lt[0]", "c", 2)]


@pytest.mark.parametrize("kind", [one.type for one in PAPER.fields.values()])
def test_every_fact_has_its_kind(kind: str) -> None:
    (one,) = (each for each in PAPER.fields.values() if each.type == kind)
    assert askable_of(one).keys() == fact_names(one)
    assert kind in TYPES


def test_nothing_is_a_value_of_no_fact() -> None:
    assert not any(can_be(each, None) for (each,) in KNOWN.values())
