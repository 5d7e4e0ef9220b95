"""What a draft is given by what it was begun from: which fields take which fact, and what of it they can hold."""

import re
from datetime import date
from typing import Any

import pytest

from tests.workflows.paper import body, field, form
from workflows.errors import DefinitionError
from workflows.forms import TYPES, given_answers, parse_form
from workflows.forms.given import FACTS, OF_ROWS, facts_for

ROWS = [
    {"unit": "UBND huyện Ia Grai", "missing": "danh sách đăng ký", "days": 3, "person": "Rơ Lan A"},
    {"unit": "UBND huyện Chư Păh", "missing": "danh sách đăng ký", "days": 3, "person": "x" * 21},
]


def table(**options: Any) -> dict[str, object]:
    columns = [
        field("text", "unit", given="unit", required=True),
        field("long_text", "what", given="missing"),
        field("integer", "late", given="days"),
        field("text", "who", given="person", max_length=20, required=True),
        field("text", "note"),
    ]
    return field("table", "late", **{"given": "late_units", "columns": columns, **options})


def refused(*fields: dict[str, object]) -> list[tuple[str, str]]:
    with pytest.raises(DefinitionError) as error:
        parse_form(body(*fields))
    return [(found.path.removeprefix("sections[0].fields"), found.code) for found in error.value.findings]


def test_each_fact_lies_in_the_fields_of_its_types() -> None:
    asked = form(
        field("integer", "asked", given="units_asked"),
        field("integer", "count", given="units_late", default=9),
        field("date", "due", given="old_due"),
        field("long_text", "about", given="list_name"),
        table(),
    )
    facts = {"units_asked": 37, "units_late": 2, "old_due": "2024-08-19", "list_name": "Danh sách", "late_units": ROWS}
    found = given_answers(asked, facts)
    assert (found["asked"], found["count"], found["due"], found["about"]) == (37, 2, "2024-08-19", "Danh sách")
    assert found["late"] == [
        {"unit": "UBND huyện Ia Grai", "what": "danh sách đăng ký", "late": 3, "who": "Rơ Lan A"},
        {"unit": "UBND huyện Chư Păh", "what": "danh sách đăng ký", "late": 3},
    ]
    found["late"].append({})  # type: ignore[attr-defined]
    assert len(ROWS) == len(given_answers(asked, facts)["late"]) == 2  # type: ignore[arg-type]


def test_what_a_field_cannot_hold_is_left_out_and_nothing_is_refused() -> None:
    asked = form(
        field("integer", "asked", given="units_asked", max=30),
        field("date", "due", given="old_due", earliest=date(2025, 1, 1).isoformat()),
        field("text", "source", given="source", pattern={"matches": "[0-9]+/.+", "message": {"vi": "x", "en": "x"}}),
        table(max_rows=1),
    )
    facts = {"units_asked": 37, "old_due": "2024-08-19", "source": "kế hoạch", "late_units": ROWS}
    matches = lambda pattern, text: bool(re.fullmatch(pattern, text))  # noqa: E731
    assert given_answers(asked, facts, matches) == {}
    assert given_answers(asked, {"source": "4598/CAT-PC06", "late_units": ROWS[:1]}, matches).keys() == {
        "source",
        "late",
    }
    assert given_answers(asked, {"late_units": [], "unknown": 1}) == {}


def test_a_definition_says_only_facts_that_there_are_each_once_and_where_they_fit() -> None:
    assert refused(field("integer", given="units_gone")) == [("[0].given", "not_one_of")]
    assert refused(field("text", given="units_asked")) == [("[0].given", "not_one_of")]
    assert refused(field("money", given="units_asked")) == [("[0].given", "unknown_key")]
    twice = [field("integer", name, given="units_asked") for name in "ab"]
    assert refused(*twice) == [("[1].given", "duplicate")]
    columns = [field("text", name, given="unit") for name in "ab"]
    assert refused(table(columns=columns)) == [("[0].columns[1].given", "duplicate")]
    assert refused(table(columns=[field("text", "a", given="source")])) == [("[0].columns[0].given", "not_one_of")]
    alone = field("table", columns=[field("text", "a", given="unit")])
    assert refused(alone) == [("[0].columns[0].given", "given_without_rows")]


def test_every_fact_has_a_type_that_takes_it() -> None:
    taken = {fact for kind in TYPES for fact in facts_for(kind)}
    assert taken == FACTS.keys()
    assert {fact for kind in TYPES for fact in facts_for(kind, column=True)} == OF_ROWS.keys()


def test_a_form_is_for_one_report_in_a_period_unless_it_says_many() -> None:
    assert form(field("text")).per_period == "one"
    assert parse_form(body(field("text"), per_period="many")).per_period == "many"
    with pytest.raises(DefinitionError) as error:
        parse_form(body(field("text"), per_period="some"))
    assert [(found.path, found.code) for found in error.value.findings] == [("per_period", "not_one_of")]


def test_a_form_says_what_its_document_does_to_an_earlier_one_or_nothing() -> None:
    assert form(field("text")).follows is None
    for said in ("corrects", "replaces"):
        assert parse_form(body(field("text"), follows=said)).follows == said
    with pytest.raises(DefinitionError) as error:
        parse_form(body(field("text"), follows="recalls"))
    assert [(found.path, found.code) for found in error.value.findings] == [("follows", "not_one_of")]
