from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.workflows import promised
from workflows.errors import DefinitionError
from workflows.guards import Guard, Scalar, holds, parse_guard

TOTAL = {"fact": "total"}


def found(body: object, path: str = "") -> list[tuple[str, str]]:
    with pytest.raises(DefinitionError) as caught:
        parse_guard(body, path)
    promised.check_errors(caught.value.findings)
    return [(finding.path, finding.code) for finding in caught.value.findings]


def says(body: object, **facts: Scalar) -> bool:
    return holds(parse_guard(body), facts)


@pytest.mark.parametrize(
    ("op", "below", "equal", "above"),
    [
        ("eq", False, True, False),
        ("ne", True, False, True),
        ("lt", True, False, False),
        ("le", True, True, False),
        ("gt", False, False, True),
        ("ge", False, True, True),
    ],
)
def test_comparisons_of_numbers(op: str, below: bool, equal: bool, above: bool) -> None:  # noqa: FBT001 - a table
    assert [says({op: [TOTAL, 10]}, total=total) for total in (9, 10, 11)] == [below, equal, above]


def test_whole_and_decimal_numbers_and_texts_that_spell_numbers_compare_as_numbers() -> None:
    assert says({"lt": [TOTAL, 60.75]}, total=Decimal("60.74"))
    assert says({"lt": [TOTAL, 60.75]}, total="60.74")
    assert says({"gt": [TOTAL, 9]}, total="10")
    assert says({"eq": [TOTAL, 10]}, total=Decimal("10.0"))
    assert says({"gt": [{"fact": "a"}, {"fact": "b"}]}, a="10", b=9)


def test_a_decimal_in_a_guard_is_the_number_that_was_written() -> None:
    assert says({"eq": [TOTAL, 0.1]}, total=Decimal("0.1"))


def test_texts_compare_as_texts_so_iso_dates_compare_as_dates() -> None:
    assert says({"le": [{"fact": "day"}, "2025-01-14"]}, day="2025-01-13")
    assert not says({"eq": [{"fact": "code"}, "1"]}, code="01")


@pytest.mark.parametrize("value", [None, "nhiều", True, Decimal("NaN"), Decimal("Infinity")])
def test_a_comparison_that_makes_no_sense_does_not_hold(value: Scalar) -> None:
    for op in ("eq", "lt", "le", "gt", "ge"):
        assert not says({op: [TOTAL, 1]}, total=value)
    assert not says({"in": [TOTAL, [1, 2]]}, total=value)
    assert not says({"between": [TOTAL, 0, 9]}, total=value)
    assert says({"ne": [TOTAL, 1]}, total=value)


def test_yes_and_no_are_not_numbers() -> None:
    assert says({"eq": [{"fact": "urgent"}, True]}, urgent=True)
    assert not says({"eq": [{"fact": "urgent"}, 1]}, urgent=True)


def test_an_unknown_fact_is_like_no_value() -> None:
    assert not says({"eq": [TOTAL, 0]})
    assert says({"empty": TOTAL})


def test_between_includes_both_ends() -> None:
    between = {"between": [TOTAL, 1, 3]}
    assert [says(between, total=total) for total in (0, 1, 2, 3, 4)] == [False, True, True, True, False]


def test_in_finds_a_value_in_a_list() -> None:
    assert says({"in": [{"fact": "unit"}, ["PC06", "UBND"]]}, unit="UBND")
    assert not says({"in": [{"fact": "unit"}, ["PC06", "UBND"]]}, unit="STC")


@pytest.mark.parametrize(
    ("value", "empty"), [(None, True), ("", True), ("  ", True), ("x", False), (0, False), (False, False)]
)
def test_empty_means_no_value_or_blank_text(value: Scalar, empty: bool) -> None:  # noqa: FBT001 - a table
    assert says({"empty": TOTAL}, total=value) is empty


def test_all_any_and_not_join_guards() -> None:
    large, small = {"ge": [TOTAL, 10]}, {"lt": [TOTAL, 100]}
    assert [says({"all": [large, small]}, total=total) for total in (9, 10, 100)] == [False, True, False]
    assert [says({"any": [{"not": large}, {"not": small}]}, total=total) for total in (9, 10, 100)] == [
        True,
        False,
        True,
    ]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (None, [("when", "wrong_type")]),
        ([], [("when", "wrong_type")]),
        ({}, [("when", "bad_operator")]),
        ({"eval": "1"}, [("when", "bad_operator")]),
        ({1: 2}, [("when", "bad_operator")]),
        ({"eq": [1, 1], "ne": [1, 1]}, [("when", "bad_operator")]),
        ({"all": []}, [("when.all", "too_few")]),
        ({"all": {"eq": [1, 1]}}, [("when.all", "wrong_type")]),
        ({"not": [{"eq": [1, 1]}]}, [("when.not", "wrong_type")]),
        ({"eq": [1]}, [("when.eq", "too_few")]),
        ({"eq": [1, 2, 3]}, [("when.eq", "too_many")]),
        ({"between": [1, 2]}, [("when.between", "too_few")]),
        ({"in": [1, []]}, [("when.in[1]", "too_few")]),
        ({"in": [1, 2]}, [("when.in[1]", "wrong_type")]),
        ({"in": []}, [("when.in", "too_few")]),
        ({"eq": [1, None]}, [("when.eq[1]", "wrong_type")]),
        ({"eq": [1, [2]]}, [("when.eq[1]", "wrong_type")]),
        ({"eq": [1, float("nan")]}, [("when.eq[1]", "wrong_type")]),
        ({"eq": [1, float("inf")]}, [("when.eq[1]", "wrong_type")]),
        ({"eq": [1, ""]}, [("when.eq[1]", "blank")]),
        ({"eq": [1, "x" * 201]}, [("when.eq[1]", "too_long")]),
        ({"eq": [1, "a\x00b"]}, [("when.eq[1]", "bad_character")]),
        ({"eq": [1, "\ud800"]}, [("when.eq[1]", "bad_character")]),
        ({"eq": [1, "a\u202eb"]}, [("when.eq[1]", "bad_character")]),
        ({"eq": [1, "a\u2066b"]}, [("when.eq[1]", "bad_character")]),
        ({"eq": [1, "a\u200fb"]}, [("when.eq[1]", "bad_character")]),
        ({"eq": [1, "a\U000e0041b"]}, [("when.eq[1]", "bad_character")]),
        ({"eq": [1, {"fact": "__class__"}]}, [("when.eq[1].fact", "bad_word")]),
        ({"eq": [1, {"fact": 7}]}, [("when.eq[1].fact", "wrong_type")]),
        ({"eq": [1, {}]}, [("when.eq[1].fact", "missing_key")]),
        ({"eq": [{"fact": "a", "x": 1}, 1]}, [("when.eq[0].x", "unknown_key")]),
        (
            {"any": [{"eq": [1]}, {"nor": []}]},
            [("when.any[0].eq", "too_few"), ("when.any[1]", "bad_operator")],
        ),
    ],
)
def test_every_error_is_reported_at_its_path(body: object, expected: list[tuple[str, str]]) -> None:
    assert found(body, "when") == expected


def nested(depth: int) -> object:
    body: object = {"eq": [1, 1]}
    for _ in range(depth - 1):
        body = {"not": body}
    return body


def test_guards_nest_ten_deep_and_no_deeper() -> None:
    assert not holds(parse_guard(nested(10)), {})
    assert found(nested(11)) == [(".".join(["not"] * 10), "guard_too_deep")]


def test_a_guard_as_deep_as_json_can_be_is_refused_without_recursion() -> None:
    assert found(nested(100_000))[-1][1] == "guard_too_deep"


def test_a_guard_has_two_hundred_nodes_and_no_more() -> None:
    compare, blank = {"eq": [1, 1]}, {"empty": TOTAL}  # three nodes, two nodes
    assert holds(parse_guard({"all": [compare] * 65 + [blank] * 2}), {})  # 200 with the root
    assert found({"all": [compare] * 66 + [blank]}) == [("", "guard_too_big")]  # 201
    assert found({"all": [{"all": [compare] * 100}] * 100}) == [("", "guard_too_big")]


def test_a_list_of_a_million_options_is_not_read() -> None:
    assert ("in[1]", "too_many") in found({"in": [1, list(range(1_000_000))]})


scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5)
words = st.sampled_from(["all", "any", "not", "eq", "ne", "lt", "in", "between", "empty", "fact", "total", "x"])
bodies = st.recursive(
    scalars | words,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words, inner, max_size=2),
    max_leaves=20,
)


@given(bodies)
def test_any_value_is_a_guard_or_a_definition_error(body: object) -> None:
    try:
        assert isinstance(parse_guard(body), Guard)
    except DefinitionError as error:
        found_something = bool(error.findings)
        assert found_something


operands = st.just(TOTAL) | st.just({"fact": "unit"}) | st.integers(-9, 9) | st.booleans() | st.sampled_from("ab")
two = st.lists(operands, min_size=2, max_size=2)
comparisons = (
    st.builds(lambda op, pair: {op: pair}, st.sampled_from(["eq", "ne", "lt", "le", "gt", "ge"]), two)
    | st.builds(lambda value: {"empty": value}, operands)
    | st.builds(lambda value, options: {"in": [value, options]}, operands, two)
    | st.builds(lambda value, ends: {"between": [value, *ends]}, operands, two)
)
guards = st.recursive(
    comparisons,
    lambda inner: (
        st.builds(lambda parts: {"all": parts}, st.lists(inner, min_size=1, max_size=3))
        | st.builds(lambda parts: {"any": parts}, st.lists(inner, min_size=1, max_size=3))
        | st.builds(lambda part: {"not": part}, inner)
    ),
    max_leaves=8,
)
facts = st.dictionaries(
    st.sampled_from(["total", "unit"]),
    st.none() | st.integers() | st.decimals() | st.text() | st.booleans(),
)


@given(guards, facts)
def test_every_guard_has_an_answer_for_any_facts(body: object, facts: dict[str, Scalar]) -> None:
    try:
        guard = parse_guard(body)
    except DefinitionError as error:
        only_too_deep = {finding.code for finding in error.findings} == {"guard_too_deep"}
        assert only_too_deep
        return
    assert holds(guard, facts) in (True, False)
    assert holds(Guard("not", guards=(guard,)), facts) is not holds(guard, facts)
