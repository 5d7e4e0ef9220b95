"""Conditions as rows of a panel: values are read as what they are compared with, shown as people write them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from flask import Flask
from flask_babel import Babel
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from portal.definitions.conditions import COMPARISONS, VALUES, Row, guard_of, place_of_row, rows_of, sentence_of
from portal.definitions.facts import facts_in
from portal.definitions.panels import changed, shown
from portal.definitions.shapes.description import Part
from workflows.guards import parse_guard

if TYPE_CHECKING:
    from collections.abc import Iterator

    from portal.definitions.facts import KnownFact

FACTS = st.sampled_from(["total", "results.percent", "unit_kind"])
TEXTS = st.sampled_from(["1", "-3", "true", "department", "60.74"])
WHEN = Part("when", "When", "condition")


@st.composite
def rows(draw: st.DrawFn) -> Row:
    """A row with as many values as its comparison takes."""
    comparison = draw(st.sampled_from(list(COMPARISONS)))
    count = VALUES.get(comparison, draw(st.integers(1, 3)) if comparison == "in" else 1)
    return Row(draw(FACTS), comparison, tuple(draw(st.lists(TEXTS, min_size=count, max_size=count))))


@pytest.fixture
def english() -> Iterator[None]:
    """A request of whoever reads English."""
    app = Flask(__name__)
    Babel(app, locale_selector=lambda: "en")
    with app.test_request_context():
        yield


def typed(texts: dict[str, Any]) -> MultiDict[str, str]:
    """What a browser sends: a text once, several as often as there are."""
    pairs = [(name, each) for name, text in texts.items() for each in (text if isinstance(text, list) else [text])]
    return MultiDict(pairs)


def field(kind: str, name: str, **more: Any) -> dict[str, Any]:
    return {"name": name, "type": kind, "label": {"vi": name.title(), "en": name.title()}, **more}


CHOICES = [
    {"key": "running", "label": {"vi": "Đang làm", "en": "Running"}},
    {"key": "done", "label": {"vi": "Xong; đã nộp", "en": "Done"}},
]
FIELDS = [
    field("yes_no", "case"),
    field("choice", "state", choices=CHOICES),
    field("choices", "ticks", choices=CHOICES),
    field("integer", "number", nothing_to_report=True),
    field("decimal", "score"),
    field("date", "day"),
    field("text", "words"),
]


def known() -> dict[str, KnownFact]:
    """The facts of those fields, called as the reader of now calls them."""
    return {fact.name: fact for fact in facts_in({"sections": [{"fields": FIELDS}]})}


KNOWN = known()


@given(st.lists(rows(), min_size=1, max_size=5), st.sampled_from(["all", "any"]))
def test_rows_make_a_guard_that_is_sound_and_read_as_the_same_rows(given_rows: list[Row], join: str) -> None:
    guard = guard_of(join, given_rows)
    parse_guard(guard)
    found = rows_of(guard)
    assert found is not None
    assert found[1] == given_rows
    assert found[0] == join or len(given_rows) == 1


@pytest.mark.parametrize(
    "guard",
    [
        {"ge": [{"fact": "a"}, {"fact": "b"}]},
        {"all": [{"any": [{"eq": [{"fact": "a"}, 1]}]}]},
        {"not": {"eq": [{"fact": "a"}, 1]}},
        {"eq": [1, 1]},
        {"eq": [{"fact": "a"}, 1, 2]},
        {"eq": [{"fact": "a"}, "true"]},
        {"eq": [{"fact": "words"}, "one\ntwo"]},
        {"in": [{"fact": "a"}, ["x; y"]]},
        {"odd": 1},
        "text",
    ],
)
def test_what_rows_cannot_say_is_left_as_it_is(guard: Any) -> None:
    assert rows_of(guard, KNOWN) is None
    thing = {"when": guard}
    assert changed([WHEN], thing, typed(shown([WHEN], thing, KNOWN)), KNOWN).thing == thing


@pytest.mark.parametrize(
    ("fact", "text", "value"),
    [
        ("case", "yes", True),
        ("case", "no", False),
        ("case", "Có", True),
        ("case", "không", False),
        ("case", "true", True),
        ("case", "có vụ", "có vụ"),
        ("state", "running", "running"),
        ("state", "Đang làm", "running"),
        ("state", "gone", "gone"),
        ("ticks", "2", 2),
        ("ticks.done", "yes", True),
        ("number", "1.234", 1234),
        ("number", "1,5", "1.5"),
        ("number", "many", "many"),
        ("number.nothing", "yes", True),
        ("score", "60,74", "60.74"),
        ("score", "60", 60),
        ("day", "31/1/2025", "2025-01-31"),
        ("day", "soon", "soon"),
        ("words", "true", "true"),
        ("words", "766", "766"),
        ("stranger", "true", True),
        ("stranger", "766", 766),
        ("stranger", "1,5", "1,5"),
    ],
)
def test_a_value_is_read_as_what_it_is_compared_with(fact: str, text: str, value: Any) -> None:
    sent = {"when.0.fact": fact, "when.0.comparison": "eq", "when.0.value": text}
    said = changed([WHEN], {}, typed(sent), KNOWN).thing["when"]["eq"][1]
    assert (said, type(said)) == (value, type(value))


@pytest.mark.parametrize(
    ("guard", "texts"),
    [
        ({"eq": [{"fact": "case"}, True]}, ["yes"]),
        ({"eq": [{"fact": "case"}, "có vụ"]}, ["có vụ"]),
        ({"in": [{"fact": "state"}, ["running", "done"]]}, ["running", "done"]),
        ({"in": [{"fact": "score"}, ["1.5", 2]]}, ["1,5; 2"]),
        ({"in": [{"fact": "words"}, ["một, hai", "ba"]]}, ["một, hai; ba"]),
        ({"between": [{"fact": "number"}, "1.5", 12345]}, ["1,5", "12.345"]),
        ({"between": [{"fact": "day"}, "2025-01-31", "2025-02-28"]}, ["31/01/2025", "28/02/2025"]),
        ({"ge": [{"fact": "number"}, 10**30]}, [str(10**30)]),
        ({"not": {"empty": {"fact": "case"}}}, []),
    ],
)
def test_a_value_is_shown_as_people_write_it_and_read_as_it_was(guard: Any, texts: list[str]) -> None:
    thing = {"when": guard}
    inputs = shown([WHEN], thing, KNOWN)
    assert inputs["when.0.value"] == texts
    assert changed([WHEN], thing, typed(inputs), KNOWN).thing == thing


@pytest.mark.parametrize("value", [5, "5", "5.0", "007"])
def test_a_figure_however_written_stays_the_same_figure(value: Any) -> None:
    thing = {"when": {"eq": [{"fact": "score"}, value]}}
    said = changed([WHEN], thing, typed(shown([WHEN], thing, KNOWN)), KNOWN).thing["when"]["eq"][1]
    assert float(said) == float(value)


def test_a_comparison_has_its_number_of_values_and_an_empty_row_says_nothing() -> None:
    assert guard_of("all", [Row("a", "between", ("1", "5")), Row("", "eq", ("x",))]) == {
        "between": [{"fact": "a"}, 1, 5]
    }
    assert guard_of("all", [Row("a", "between", ("1",))]) == {"between": [{"fact": "a"}, 1, ""]}
    assert guard_of("all", [Row("a", "eq", ("1", "2"))]) == {"eq": [{"fact": "a"}, 1]}
    assert guard_of("all", [Row("a", "in", ("1; 2 ;", "3"))]) == {"in": [{"fact": "a"}, [1, 2, 3]]}
    assert guard_of("all", [Row("", "eq", ("x",))]) is None


@pytest.mark.parametrize(
    ("guard", "said"),
    [
        ({"eq": [{"fact": "case"}, True]}, "“Case” is yes"),
        ({"eq": [{"fact": "state"}, "done"]}, "“State” is Done"),
        ({"eq": [{"fact": "state"}, "gone"]}, "“State” is gone"),
        ({"in": [{"fact": "state"}, ["running", "done"]]}, "“State” is one of Running, Done"),
        ({"between": [{"fact": "score"}, "1.5", 1000]}, "“Score” is between 1,5 and 1.000"),
        ({"between": [{"fact": "score"}, 1]}, "“Score” is between 1"),
        ({"gt": [{"fact": "day"}, "2025-01-31"]}, "“Day” is more than 31/01/2025"),
        ({"le": [{"fact": "number"}, {"fact": "score"}]}, "“Number” is at most “Score”"),
        ({"eq": [{"fact": "stranger"}, True]}, "“stranger” is yes"),
        ({"not": {"empty": {"fact": "case"}}}, "“Case” is answered"),
    ],
)
@pytest.mark.usefixtures("english")
def test_a_condition_is_read_back_in_words(guard: Any, said: str) -> None:
    assert sentence_of(guard, known()) == said


@pytest.mark.usefixtures("english")
@pytest.mark.parametrize(
    ("place", "said"),
    [
        ("eq[1]", ""),
        ("not.empty", ""),
        ("all[1].eq[1]", "row 2"),
        ("any[0].in[1][2]", "row 1"),
        ("all[0].any[1].eq[1]", "all[0].any[1].eq[1]"),
        ("vi", "vi"),
    ],
)
def test_what_is_wrong_is_told_by_its_row(place: str, said: str) -> None:
    assert place_of_row(place) == said


@pytest.mark.usefixtures("english")
def test_few_answers_are_chosen_from_and_others_typed() -> None:
    answers = {name: [key for key, _words in fact.answers] for name, fact in KNOWN.items() if fact.answers}
    assert answers == {
        "case": ["yes", "no"],
        "state": ["running", "done"],
        "ticks.running": ["yes", "no"],
        "ticks.done": ["yes", "no"],
        "number.nothing": ["yes"],
    }
