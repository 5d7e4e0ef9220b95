from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.workflows.paper import JANUARY, JSON, TODAY, body, codes, field, form, judged, label
from workflows.errors import DefinitionError
from workflows.forms import TYPES, Context, Form, change, check, facts, parse_form, read, settle, text_of, write
from workflows.guards import holds, parse_guard

NOW = Context(TODAY, JANUARY)
COSTS = field("table", "rows", columns=[field("money", "cost"), field("text", "what")], nothing_to_report=True)


def computed(formula: object, name: str = "f", **options: Any) -> dict[str, Any]:
    return field("computed", name, formula=formula, **options)


def asked(formula: object, **options: Any) -> Form:
    return form(
        computed(formula, **options),
        field("integer", "a", nothing_to_report=True),
        field("decimal", "b", as_of=True),
        field("money", "c"),
        COSTS,
    )


VALUES: dict[str, object] = {
    "a": 6,
    "b": {"value": "2.50", "as_of": "2025-01-14"},
    "c": 100,
    "rows": [{"cost": 30}, {"cost": 12}, {"what": "Khác"}],
}


@pytest.mark.parametrize(
    ("formula", "result"),
    [
        ({"sum": ["a", "b", "c"]}, "108.5"),
        ({"+": ["a", "b", 1]}, "9.5"),
        ({"-": ["a", "c"]}, "-94"),
        ({"*": ["a", "b", "0.5"]}, "7.5"),
        ({"/": ["c", "a"]}, "16.67"),
        ({"/": ["a", "b"]}, "2.4"),
        ({"/": [{"*": [{"-": ["c", "a"]}, 100]}, "c"]}, "94"),
        ({"column_sum": {"table": "rows", "column": "cost"}}, "42"),
        ({"-": ["c", {"column_sum": {"table": "rows", "column": "cost"}}]}, "58"),
        ({"ratio": {"numerator": "a", "denominator": "c"}}, {"numerator": "6", "denominator": "100"}),
        ({"ratio": {"numerator": {"-": [0, "a"]}, "denominator": 8}}, {"numerator": "-6", "denominator": "8"}),
    ],
)
def test_a_figure_is_computed_exactly(formula: object, result: object) -> None:
    assert settle(asked(formula), VALUES).values["f"] == result


@pytest.mark.parametrize(
    ("formula", "values"),
    [
        ({"/": ["c", {"-": ["a", "a"]}]}, VALUES),
        ({"+": ["a", "c"]}, {"a": 6}),
        ({"sum": ["a", "b"]}, {"c": 3}),
        ({"sum": ["a"]}, {"a": {"nothing": True, "reason": "Không có"}}),
        ({"sum": ["a"]}, {"a": "sáu"}),
        ({"column_sum": {"table": "rows", "column": "cost"}}, {}),
        ({"change": "a"}, VALUES),
        ({"*": ["c", "c"]}, {"c": 10**17}),
        ({"ratio": {"numerator": "a", "denominator": {"-": ["a", "a"]}}}, VALUES),
        ({"ratio": {"numerator": "a", "denominator": {"-": ["a", "c"]}}}, VALUES),
        ({"ratio": {"numerator": "a", "denominator": "c"}}, {"a": 6}),
    ],
)
def test_without_a_sound_result_there_is_no_figure(formula: object, values: dict[str, object]) -> None:
    settled = settle(asked(formula), values)
    assert "f" not in settled.values
    assert not any(name.split(".")[0] == "f" for name in settled.facts)
    assert codes(check(asked(formula), {}, {}, NOW)) == []


def test_a_sum_adds_what_there_is() -> None:
    assert settle(asked({"sum": ["a", "c"]}), {"c": 3}).values["f"] == "3"
    column = {"column_sum": {"table": "rows", "column": "cost"}}
    assert settle(asked(column), {"rows": {"nothing": True, "reason": "Không có"}}).values["f"] == "0"
    assert settle(asked(column), {"rows": [{"what": "Khác"}]}).values.get("f") is None


@pytest.mark.parametrize(
    ("decimals", "result"), [(None, "0.13"), (0, "0"), (1, "0.1"), (2, "0.13"), (3, "0.125"), (4, "0.1250")]
)
def test_a_result_is_rounded_half_up(decimals: int | None, result: str) -> None:
    options = {} if decimals is None else {"decimals": decimals}
    assert settle(asked({"/": [1, 8]}, **options), {}).values["f"] == result
    below = settle(asked({"/": [-1, 8]}, **options), {}).values["f"]
    assert below == (result if result == "0" else f"-{result}")


@given(st.integers(-(10**8), 10**8), st.integers(1, 10**8))
def test_a_quotient_is_as_near_as_its_decimals_allow(a: int, c: int) -> None:
    found = settle(asked({"/": ["a", "c"]}, decimals=4), {"a": a, "c": c}).values["f"]
    assert abs(Fraction(found) - Fraction(a, c)) <= Fraction(1, 20_000)


def test_a_figure_is_compared_with_the_period_before() -> None:
    paper = form(field("integer", "a"), computed({"change": "double"}), computed({"*": ["a", 2]}, "double"))
    settled = settle(paper, {"a": 7}, {"a": 5, "double": "10"})
    assert settled.values == {"a": 7, "double": "14", "f": "4"}
    assert settle(paper, settled.values) == settled
    assert "f" not in settle(paper, {"a": 7}, {}).values


def test_what_was_computed_before_counts_only_until_somebody_computes_again() -> None:
    assert settle(asked({"+": ["a", 1]}), {"a": 6, "f": "9"}).values["f"] == "9"
    assert settle(asked({"+": ["a", 1]}), {"a": 6, "f": "9"}, {}).values["f"] == "7"
    assert "f" not in settle(asked({"+": ["a", 1]}), {"f": "9"}, {}).values


def test_figures_are_computed_from_computed_figures_and_decide_what_is_asked() -> None:
    paper = form(
        field("text", "why", required=True, visible_when={"lt": [{"fact": "f.percent"}, 90]}),
        computed({"ratio": {"numerator": "done", "denominator": "all"}}),
        computed({"sum": ["done", "late"]}, "all"),
        field("integer", "done"),
        field("integer", "late"),
    )
    assert facts(paper, {"done": 3, "late": 1})["f.percent"] == Decimal(75)
    assert codes(judged(paper, {"done": "3", "late": "1"})) == [("why", "required")]
    assert judged(paper, {"done": "30", "late": "1"}) == ()


def test_a_hidden_figure_is_not_computed_and_not_computed_with() -> None:
    paper = form(
        field("yes_no", "more"),
        field("integer", "a"),
        field("integer", "b", visible_when={"eq": [{"fact": "more"}, True]}),
        computed({"sum": ["a", "b"]}, "total"),
        computed({"+": ["a", 1]}, "next", visible_when={"eq": [{"fact": "more"}, True]}),
    )
    assert settle(paper, {"a": 1, "b": 2, "more": False}).values == {"a": 1, "more": False, "total": "1"}
    assert settle(paper, {"a": 1, "b": 2, "more": True}).values["total"] == "3"


def test_nobody_types_a_computed_figure() -> None:
    paper = asked({"+": ["a", 1]})
    reading = read(paper, {"f": "9", "a": "6"})
    assert (reading.values, reading.unread, reading.findings) == ({"a": 6}, {}, ())
    assert write(paper, {"f": "9"}) == {}
    assert TYPES["computed"].inputs(paper.fields["f"], "f") == ()
    assert check(paper, {"f": "9", "a": 8}, {}, NOW) == ()
    assert codes(check(paper, {"f": "chín"}, {}, NOW)) == [("f", "malformed")]


def test_a_computed_figure_is_written_and_compared_like_a_typed_one() -> None:
    number, ratio = (
        asked(formula).fields["f"] for formula in ({"+": ["a", 1]}, {"ratio": {"numerator": "a", "denominator": "c"}})
    )
    assert text_of(number, "1234.5") == "1.234,5"
    assert text_of(ratio, {"numerator": "6450", "denominator": "6632"}) == "6.450/6.632 (97,26 %)"
    assert change(number, "2", "3") == ("number", Decimal(1), Decimal("50.00"))
    moved = change(ratio, {"numerator": "1", "denominator": "4"}, {"numerator": "2", "denominator": "4"})
    assert moved == ("percentage_points", Decimal("25.00"), None)
    assert facts(asked({"+": ["a", "0.5"]}), {"a": 6})["f"] == Decimal("6.5")


AIMED = {"target": {"comparator": "at_least", "value": "70"}}


@pytest.mark.parametrize(
    ("kind", "value", "result"),
    [
        ("ratio", {"numerator": 956, "denominator": 1000}, "25.6"),
        ("ratio", {"numerator": 6450, "denominator": 9999}, "-5.49"),
        ("ratio", {"numerator": 1}, None),
        ("integer", 82, "12"),
        ("decimal", "70.00", "0"),
        ("score", {"value": "60.74"}, "-9.26"),
        ("integer", None, None),
    ],
)
def test_a_figure_is_held_against_its_target(kind: str, value: object, result: object) -> None:
    aimed = field(kind, "a", **AIMED, **({"max": 100} if kind == "score" else {}))
    paper = form(aimed, computed({"against_target": "a"}))
    assert settle(paper, {"a": value}).values.get("f") == result
    assert paper.order == ("a", "f")


def test_the_distance_is_computed_with() -> None:
    doubled = form(field("integer", "a", **AIMED), computed({"*": [{"against_target": "a"}, 2]}))
    assert settle(doubled, {"a": 71}).values["f"] == "2"


def test_a_rank_has_no_distance_to_compute_with() -> None:
    rank = field("rank", "a", **AIMED)
    with pytest.raises(DefinitionError) as refused:
        parse_form(body(rank, computed({"against_target": "a"})))
    assert [each.code for each in refused.value.findings] == ["no_target"]


def nested(depth: int) -> object:
    return "a" if depth == 1 else {"+": [nested(depth - 1), 1]}


@pytest.mark.parametrize(
    ("formula", "path", "code"),
    [
        ([], "", "bad_formula"),
        (1.5, "", "bad_formula"),
        ({}, "", "bad_formula"),
        ({"sum": ["a"], "+": ["a", "a"]}, "", "bad_formula"),
        ({"power": ["a", 2]}, "", "bad_formula"),
        ({"+": ["a", {"ratio": {"numerator": "a", "denominator": "c"}}]}, ".+[1]", "bad_formula"),
        ({"ratio": {"numerator": "a"}}, ".ratio.denominator", "missing_key"),
        ({"ratio": ["a", "c"]}, ".ratio", "wrong_type"),
        ({"+": ["a"]}, ".+", "too_few"),
        ({"-": ["a", "c", 1]}, ".-", "too_many"),
        ({"sum": []}, ".sum", "too_few"),
        ({"sum": [3]}, ".sum[0]", "wrong_type"),
        ({"+": ["a", "Sở"]}, ".+[1]", "bad_word"),
        ({"column_sum": {"table": "rows"}}, ".column_sum.column", "missing_key"),
        ({"+": ["a", "gone"]}, "", "unknown_figure"),
        ({"sum": ["rows"]}, "", "unknown_figure"),
        ({"change": "what"}, "", "unknown_figure"),
        ({"against_target": "what"}, "", "no_target"),
        ({"against_target": "a"}, "", "no_target"),
        ({"against_target": ["a"]}, ".against_target", "wrong_type"),
        ({"column_sum": {"table": "rows", "column": "what"}}, "", "unknown_figure"),
        ({"column_sum": {"table": "a", "column": "cost"}}, "", "unknown_figure"),
        (nested(11), "" + ".+[0]" * 10, "formula_too_deep"),
        ({"sum": ["a"] * 200}, "", "formula_too_big"),
        ({"+": ["a"] * 200}, "", "formula_too_big"),
        ({"+": ["a", "f"]}, "", "in_a_circle"),
    ],
)
def test_a_formula_that_makes_no_sense_is_refused_at_its_path(formula: object, path: str, code: str) -> None:
    with pytest.raises(DefinitionError) as refused:
        asked(formula)
    found = [(each.path, each.code) for each in refused.value.findings]
    assert (f"sections[0].fields[0].formula{path}", code) in found
    assert {each for _, each in found} <= {code, "unknown_figure"}


def test_a_formula_may_be_as_deep_and_as_big_as_its_limits() -> None:
    assert settle(asked(nested(10)), {"a": 1}).values["f"] == "10"
    assert settle(asked({"sum": ["a"] * 199}), {"a": 1}).values["f"] == "199"


@pytest.mark.parametrize("option", ["required", "default", "prefill", "nothing_to_report", "min"])
def test_a_computed_figure_says_nothing_that_only_a_typed_one_can(option: str) -> None:
    with pytest.raises(DefinitionError) as refused:
        asked({"sum": ["a"]}, **{option: True})
    assert [(each.path, each.code) for each in refused.value.findings] == [
        (f"sections[0].fields[0].{option}", "unknown_key")
    ]


def test_figures_never_depend_on_each_other() -> None:
    first = computed({"+": ["second", 1]}, "first")
    second = computed({"+": [1, 2]}, "second", visible_when={"gt": [{"fact": "first"}, 1]})
    with pytest.raises(DefinitionError) as refused:
        parse_form(body(first, second))
    assert [(each.path, each.code, each.params["fields"]) for each in refused.value.findings] == [
        ("sections[0].fields[0].formula", "in_a_circle", ["first", "second"]),
        ("sections[0].fields[1].visible_when", "in_a_circle", ["first", "second"]),
        ("sections[0].fields[1].formula", "in_a_circle", ["first", "second"]),
    ]


def test_a_ratio_is_not_computed_with() -> None:
    share = computed({"ratio": {"numerator": "a", "denominator": "b"}}, "share")
    with pytest.raises(DefinitionError) as refused:
        parse_form(body(field("integer", "a"), field("integer", "b"), share, computed({"change": "share"})))
    assert [each.code for each in refused.value.findings] == ["unknown_figure"]


@given(JSON)
def test_any_formula_is_read_or_refused(formula: object) -> None:
    try:
        paper = parse_form(body(computed(formula), field("integer", "a")))
    except DefinitionError as refused:
        listed = refused.findings
    else:
        settle(paper, {"a": 1})
        return
    assert listed


def test_guards_see_computed_figures() -> None:
    seen = facts(asked({"/": ["c", "a"]}, unit=label("đồng")), VALUES)
    assert holds(parse_guard({"between": [{"fact": "f"}, "16.66", "16.67"]}), seen)
