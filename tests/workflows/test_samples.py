import json
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.definitions.library import shipped as shipped_definitions
from portal.definitions.reading import read_yaml
from portal.definitions.writing import write_yaml
from portal.patterns import matches
from tests.random_forms import OFFERED, bodies
from tests.workflows.paper import EVERYTHING, JANUARY, JSON, TODAY, codes, field, form, label, one
from workflows.forms import (
    TYPES,
    Context,
    Field,
    Form,
    Section,
    canonical_json,
    check,
    facts,
    offering,
    parse_form,
    read,
    sample,
    settle,
    text_of,
    write,
)
from workflows.forms.samples import PHRASES, SAMPLES
from workflows.periods import Window

NOW = Context(TODAY, JANUARY, (), matches)
BETWEEN = {"sum_disagrees", "rule_broken"}
"""What the gate says of answers that do not go together; chance does not look at that."""
SEEDS = st.integers(0, 1_000)


def whole(asked: Form, seed: int, period: Window | None = JANUARY) -> dict[str, object]:
    """A sample that the gate takes and that inputs give back."""
    values = sample(asked, seed, TODAY, period)
    found = codes(check(asked, values, {}, Context(TODAY, period, (), matches, OFFERED)), "error")
    assert [each for each in found if each[1] not in BETWEEN] == []
    reading = read(asked, write(asked, values), period)
    assert (reading.values, reading.unread) == (values, {})
    assert json.loads(canonical_json(values)) == values
    return values


def answer(kind: str, seed: int = 1, **options: Any) -> Any:
    return whole(one(kind, **options), seed).get("f")


@given(SEEDS)
def test_every_form_that_ships_can_be_filled_in(seed: int) -> None:
    forms = [parse_form(body) for kind, _key, body in shipped_definitions() if kind == "form"]
    assert forms
    for each in forms:
        values = whole(each, seed)
        assert values.keys() == {name for name in each.fields if name not in settle(each, values).hidden}


@given(bodies(), SEEDS, st.sampled_from([JANUARY, None]))
def test_every_form_can_be_filled_in(body: dict[str, Any], seed: int, period: Window | None) -> None:
    asked = offering(parse_form(body), OFFERED)
    values = whole(asked, seed, period)
    typed = {name for name, each in asked.fields.items() if not each.formula}
    assert values.keys() == typed - settle(asked, values).hidden


@given(bodies())
def test_every_form_survives_its_yaml(body: dict[str, Any]) -> None:
    again = read_yaml(write_yaml(body))
    assert again == body
    assert parse_form(again) == parse_form(body)
    assert canonical_json(again) == canonical_json(body)


@given(bodies(most=4), st.data())
def test_random_values_pass_everywhere_or_nowhere(body: dict[str, Any], data: st.DataObject) -> None:
    for each in parse_form(body).fields.values():
        asked = alone(each)
        value = data.draw(JSON.filter(lambda said: said is not None))
        says_nothing = "f.nothing" in write(asked, {"f": value})
        passes = says_nothing or TYPES[each.type].is_sound(asked.fields["f"], value)
        assert passes is (("f", "malformed") not in codes(check(asked, {"f": value}, {}, NOW)))
        if not passes:
            assert (write(asked, {"f": value}), text_of(each, value)) == ({}, "")
            assert not any(fact.split(".")[0] == "f" for fact in facts(asked, {"f": value}))


def alone(asked: Field) -> Form:
    """A form with this question alone, called f, which is always asked."""
    question = replace(asked, name="f", visible_when=None, formula=None, sum_of=(), rows_of=None)
    return Form("alone", label(), (Section("alone", label(), (question,)),))


def test_a_seed_always_gives_the_same_and_another_one_something_else() -> None:
    assert whole(EVERYTHING, 7) == whole(EVERYTHING, 7)
    assert len({canonical_json(whole(EVERYTHING, seed)) for seed in range(10)}) == 10


def test_an_answer_stays_when_a_question_comes_before_it() -> None:
    asked, longer = form(field("integer")), form(field("text", "new"), field("integer"))
    assert all(whole(longer, seed)["f"] == whole(asked, seed)["f"] for seed in range(20))


def test_figures_that_belong_together_agree() -> None:
    rows = field("table", "rows", columns=[field("text")])
    parts = [field("integer", "a"), field("integer", "b", approximate=True), rows]
    asked = form(
        field("integer", "total", sum_of=["a", "b"]),
        field("integer", "counted", rows_of="rows", as_of=True, nothing_to_report=True),
        field("money", "spent", currency="USD", decimals=2, sum_of=["x"]),
        field("money", "x", currency="USD", decimals=2),
        *parts,
    )
    for seed in range(30):
        assert codes(check(asked, whole(asked, seed), {}, NOW)) == []


def test_what_cannot_agree_stays_as_it_is() -> None:
    asked = form(
        field("integer", "few", max=1, sum_of=["many"]),
        field("integer", "lost", sum_of=["many", "never"]),
        field("integer", "many", min=10),
        field("integer", "never", min="0.2", max="0.8"),
        field("integer", "counted", rows_of="rows"),
        field("table", "rows", columns=[field("text", pattern={"matches": r"\bx", "message": label()})]),
    )
    values = whole(asked, 1)
    assert values.keys() == {"few", "lost", "many", "counted"}
    assert values["counted"] == 0


def test_what_chance_cannot_answer_stays_without_an_answer_even_where_one_is_needed() -> None:
    asked = form(
        field("text", "code", required=True, pattern={"matches": r"(?i)a", "message": label()}),
        field("decimal", "rate", decimals=0, min="0.2", max="0.8"),
        field("text", "words"),
    )
    values = sample(asked, 1, TODAY)
    assert values.keys() == {"words"}
    assert codes(check(asked, values, {}, NOW)) == [("code", "required")]


def test_hidden_questions_are_not_answered() -> None:
    asked = form(field("yes_no", "late"), field("text", "why", visible_when={"eq": [{"fact": "late"}, True]}))
    found = [whole(asked, seed) for seed in range(20)]
    assert {(each["late"], "why" in each) for each in found} == {(True, True), (False, False)}


def test_nothing_to_report_is_one_of_the_answers() -> None:
    found = [answer("integer", seed, nothing_to_report=True) for seed in range(60)]
    assert any(isinstance(each, dict) for each in found)
    assert any(isinstance(each, int) for each in found)


@pytest.mark.parametrize(
    ("options", "first", "last"),
    [
        ({}, JANUARY.start, JANUARY.end),
        ({"expected": "past"}, date(2024, 12, 17), TODAY),
        ({"expected": "future"}, TODAY, date(2025, 2, 15)),
        ({"earliest": "2025-01-10"}, date(2025, 1, 10), JANUARY.end),
        ({"earliest": "2026-01-10"}, date(2026, 1, 10), date(2026, 2, 9)),
        ({"earliest": "2026-01-10", "latest": "2026-01-11"}, date(2026, 1, 10), date(2026, 1, 11)),
        ({"latest": "2020-02-01"}, date(2020, 1, 2), date(2020, 2, 1)),
    ],
)
def test_days_lie_where_they_should(options: dict[str, Any], first: date, last: date) -> None:
    days = {answer("date", seed, **options) for seed in range(40)}
    assert len(days) > 1
    assert all(first.isoformat() <= day <= last.isoformat() for day in days)


def test_texts_are_cut_between_words_where_they_can_be() -> None:
    assert {len(answer("text", seed, max_length=1)) for seed in range(9)} == {1}
    for seed in range(9):
        words = answer("text", seed, max_length=12)
        assert any(f"{phrase} ".startswith(f"{words} ") or f"{phrase}".startswith(f"{words},") for phrase in PHRASES)
    assert "\n" in answer("long_text")


def test_amounts_are_round_where_they_can_be() -> None:
    assert answer("money") % 100_000 == 0
    assert answer("money", min=1_234_567, max=1_234_569) in range(1_234_567, 1_234_570)
    assert answer("integer", max=-7) < 0


def test_every_type_that_is_typed_has_samples() -> None:
    assert SAMPLES.keys() == TYPES.keys() - {"computed"}
