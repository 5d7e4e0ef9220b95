from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.workflows.paper import EVERYTHING, JANUARY, TODAY, VALUES, body, codes, field, form, judged
from workflows.errors import DefinitionError
from workflows.forms import Context, Form, check, facts, parse_form, settle
from workflows.forms.settling import fact_names

NOW = Context(TODAY, JANUARY)


def when(name: str, **options: Any) -> dict[str, Any]:
    """A condition on a yes or no."""
    return {"visible_when": {"eq": [{"fact": name}, True]}, **options}


def asked() -> Form:
    """A question, one that depends on it, and one that depends on that."""
    return form(
        field("text", "why", **when("late", required=True)),
        field("yes_no", "mine", **when("late")),
        field("integer", "days", **when("mine", required=True, max=9)),
        field("yes_no", "late"),
    )


def hidden(values: dict[str, object]) -> set[str]:
    return set(settle(asked(), values).hidden)


def test_a_field_is_asked_when_its_condition_holds() -> None:
    assert hidden({"late": True, "mine": True}) == set()
    assert hidden({"late": True}) == {"days"}
    assert hidden({"late": False}) == {"why", "mine", "days"}
    assert hidden({}) == {"why", "mine", "days"}


def test_a_hidden_answer_decides_on_nothing() -> None:
    values = {"late": False, "mine": True, "days": 3}
    assert hidden(values) == {"why", "mine", "days"}
    assert settle(asked(), values).values == {"late": False}
    assert facts(asked(), values) == {"late": False}


def test_what_is_hidden_is_neither_required_nor_judged() -> None:
    assert check(asked(), {"late": False, "days": 99}, {}, NOW) == ()
    assert check(asked(), {"days": "damaged"}, {"days": "chín", "why": "x"}, NOW) == ()
    assert codes(judged(asked(), {"late": "yes", "mine": "yes", "days": "99"})) == [
        ("why", "required"),
        ("days", "above_maximum"),
    ]


def test_text_that_could_not_be_read_stands_in_the_way_only_where_it_is_asked_for() -> None:
    typed = {"days": "chín", "late": "yes", "why": "Thiếu người"}
    assert judged(asked(), typed) == ()
    assert codes(judged(asked(), {**typed, "mine": "yes"})) == [("days", "not_a_number")]


def test_a_total_is_not_compared_with_hidden_parts() -> None:
    paper = form(
        field("yes_no", "split"),
        field("integer", "part", **when("split")),
        field("integer", "total", sum_of=["part"]),
    )
    assert check(paper, {"split": False, "part": 1, "total": 2}, {}, NOW) == ()
    assert codes(check(paper, {"split": True, "part": 1, "total": 2}, {}, NOW)) == [("total", "sum_disagrees")]


def test_what_the_form_does_not_know_is_kept_to_be_refused() -> None:
    assert settle(asked(), {"other": 3}).values == {"other": 3}
    assert codes(check(asked(), {"other": 3}, {}, NOW)) == [("other", "unknown_field")]


@given(VALUES)
def test_a_condition_may_name_every_fact_that_there_can_be(values: dict[str, object]) -> None:
    known = {name for each in EVERYTHING.fields.values() for name in fact_names(each)}
    assert facts(EVERYTHING, values).keys() <= known


@given(st.dictionaries(st.sampled_from(["late", "mine"]), st.booleans()))
def test_what_was_settled_stays_so(values: dict[str, object]) -> None:
    once = settle(asked(), {**values, "why": "Thiếu người", "days": 3})
    assert settle(asked(), once.values) == once
    assert not once.hidden & once.values.keys()


def circle(*fields: dict[str, Any]) -> dict[str, list[str]]:
    with pytest.raises(DefinitionError) as refused:
        parse_form(body(*fields))
    assert {found.code for found in refused.value.findings} == {"in_a_circle"}
    return {found.path: list(found.params["fields"]) for found in refused.value.findings}  # type: ignore[call-overload]


def test_fields_never_decide_on_each_other() -> None:
    fields = [
        field("yes_no", "a", **when("b")),
        field("yes_no", "b", **when("c")),
        field("yes_no", "c", **when("a")),
        field("yes_no", "before"),
        field("yes_no", "d", **when("before")),
        field("text", "after", **when("a")),
    ]
    found = circle(*fields)
    assert found == {f"sections[0].fields[{number}].visible_when": ["a", "b", "c"] for number in range(3)}


def test_a_long_chain_of_conditions_is_no_circle() -> None:
    fields = [field("yes_no", f"f{number}", **when(f"f{number + 1}")) for number in range(400)]
    paper = form(*fields, field("yes_no", "f400"))
    assert settle(paper, dict.fromkeys(paper.fields, True)).hidden == frozenset()
    assert settle(paper, {"f400": False}).hidden == paper.fields.keys() - {"f400"}


def test_conditions_compare_exact_numbers() -> None:
    guard = {"visible_when": {"lt": [{"fact": "share.percent"}, "90.5"]}}
    paper = form(field("ratio", "share"), field("text", "why", **guard))
    assert settle(paper, {"share": {"numerator": 905, "denominator": 1000}}).hidden == {"why"}
    assert settle(paper, {"share": {"numerator": 9049, "denominator": 10000}}).hidden == set()
    assert facts(paper, {"share": {"numerator": 1, "denominator": 4}})["share.percent"] == Decimal(25)
