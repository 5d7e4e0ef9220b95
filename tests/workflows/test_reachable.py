"""Which stages no submission ever comes to, and what the way through a chain depends on."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.workflows.office import chain, stage, step
from workflows.guards import holds, mentioned, parse_guard
from workflows.reachable import MOST_TRIED, asked_by, can_hold, never_reached

TOTAL, KIND, DAY = ({"fact": name} for name in ("total", "kind", "day"))
ANY = {"total": None, "kind": None, "day": None}


def possible(guard: Any, **known: Any) -> bool:
    return can_hold(parse_guard(guard), {**ANY, **known})


@pytest.mark.parametrize(
    "guard",
    [
        {"ge": [TOTAL, 1]},
        {"all": [{"gt": [TOTAL, 5]}, {"lt": [TOTAL, 6]}]},
        {"all": [{"gt": [TOTAL, 10**39]}, {"lt": [TOTAL, 10**39 + 1]}]},
        {"lt": [TOTAL, -(10**39)]},
        {"between": [TOTAL, 5, 5]},
        {"not": {"in": [KIND, ["a", "b"]]}},
        {"all": [{"gt": [DAY, "2025-01-01"]}, {"lt": [DAY, "2025-01-02"]}]},
        {"all": [{"not": {"empty": KIND}}, {"lt": [KIND, "a"]}]},
        {"empty": KIND},
        {"all": [{"eq": [TOTAL, True]}, {"ne": [TOTAL, False]}]},
        {"all": [{"eq": [TOTAL, 1]}, {"ne": [TOTAL, "1"]}]},
        {"ne": [TOTAL, 60.5]},
        {"lt": [TOTAL, DAY]},
        {"eq": [1, 1]},
    ],
)
def test_what_some_facts_fulfil_can_hold(guard: Any) -> None:
    assert possible(guard)


@pytest.mark.parametrize(
    "guard",
    [
        {"all": [{"gt": [TOTAL, 5]}, {"lt": [TOTAL, 5]}]},
        {"between": [TOTAL, 6, 5]},
        {"all": [{"eq": [KIND, "a"]}, {"eq": [KIND, "b"]}]},
        {"all": [{"empty": TOTAL}, {"ge": [TOTAL, 0]}]},
        {"not": {"any": [{"ge": [TOTAL, 5]}, {"not": {"ge": [TOTAL, 5]}}]}},
        {"ge": [{"fact": "unheard_of"}, 1]},
        {"eq": [1, 2]},
    ],
)
def test_what_no_facts_fulfil_cannot(guard: Any) -> None:
    assert not possible(guard)


def test_a_fact_with_few_values_has_no_others() -> None:
    assert possible({"eq": [KIND, "ward"]}, kind=["ward", "district"])
    assert not possible({"eq": [KIND, "ministry"]}, kind=["ward", "district"])
    assert possible({"empty": KIND}, kind=["ward"])


def test_what_would_take_too_long_is_taken_to_be_possible() -> None:
    never = {"all": [{"eq": [{"fact": f"f{number}"}, 1]} for number in range(20)] + [{"eq": [1, 2]}]}
    assert can_hold(parse_guard(never), {f"f{number}": None for number in range(20)})
    assert MOST_TRIED < 7**20


FACTS = st.sampled_from(["total", "kind"]).map(lambda name: {"fact": name})
LITERALS = st.one_of(st.integers(-2, 2), st.sampled_from(["a", "b", "1", "2025-01-01"]), st.booleans())
COMPARED = st.builds(
    lambda op, fact, value: {op: [fact, value]}, st.sampled_from(["eq", "ne", "lt", "le", "gt", "ge"]), FACTS, LITERALS
)
GUARDS: st.SearchStrategy[Any] = st.recursive(
    COMPARED | FACTS.map(lambda fact: {"empty": fact}),
    lambda inner: (
        st.builds(
            lambda op, parts: {op: parts}, st.sampled_from(["all", "any"]), st.lists(inner, min_size=1, max_size=4)
        )
        | inner.map(lambda part: {"not": part})
    ),
    max_leaves=6,
)
VALUES = st.one_of(LITERALS, st.none(), st.integers(), st.decimals(allow_nan=False), st.text(max_size=3), st.just("01"))


@given(GUARDS, st.fixed_dictionaries({"total": VALUES, "kind": VALUES}))
def test_whatever_holds_of_some_facts_is_never_said_to_be_impossible(body: Any, facts: dict[str, Any]) -> None:
    guard = parse_guard(body)
    assert can_hold(guard, dict.fromkeys(mentioned(guard))) or not holds(guard, facts)


def test_a_stage_is_never_reached_whose_conditions_exclude_each_other() -> None:
    big, small = {"ge": [TOTAL, 10]}, {"lt": [TOTAL, 10]}
    made = chain(
        stage("head"),
        stage("small", when=small),
        stage("two", step("boss", when=small), step("deputy", when=small)),
        stage("half", step("boss", when=small), step("deputy")),
        stage("big", when=big),
        when=big,
    )
    assert [each.key for each in never_reached(made, ANY)] == ["small", "two"]
    assert [each.key for each in never_reached(made, {})] == [each.key for each in made.stages]
    assert never_reached(chain(stage("head")), {}) == ()


def test_what_the_way_depends_on_is_told_once_in_the_order_of_the_chain() -> None:
    named = step("other") | {"owner": {"posts": ["head"], "place": "field", "field": "partner"}}
    made = chain(
        stage("head", when={"ge": [TOTAL, 1]}),
        stage("two", step("boss", when={"eq": [KIND, "a"]}), named),
        when={"gt": [{"fact": "meetings"}, TOTAL]},
    )
    assert asked_by(made) == ("meetings", "total", "kind", "partner")
    assert asked_by(chain(stage("head"))) == ()


def test_two_spellings_of_a_number_are_two_texts() -> None:
    assert possible({"all": [{"eq": [TOTAL, "60.50"]}, {"ne": [TOTAL, "60.5"]}]})
