from collections.abc import Iterator
from copy import deepcopy
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from tests.workflows import promised
from tests.workflows.paper import COLUMNS, JSON, LIBRARY, TWO_CHOICES, body, field, form, label, one, shipped
from workflows.errors import DefinitionError, Finding
from workflows.forms import TYPES, Choice, Heading, Target, parse_form

PATH = "sections[0].fields[0]"


def findings(definition: object) -> tuple[Finding, ...]:
    with pytest.raises(DefinitionError) as caught:
        parse_form(definition)
    promised.check_errors(caught.value.findings)
    return caught.value.findings


def errors(definition: object) -> list[tuple[str, str]]:
    return [(finding.path, finding.code) for finding in findings(definition)]


def test_a_definition_becomes_sections_of_typed_fields() -> None:
    parsed = parse_form(body(field("integer", "meetings", required=True, printed=True), field("text", "note")))
    assert [section.key for section in parsed.sections] == ["all"]
    assert list(parsed.fields) == ["meetings", "note"]
    assert [each.name for each in parsed.printed] == ["meetings"]
    assert parsed.fields["meetings"].required
    assert parsed.title is None


def test_title_and_help_are_kept() -> None:
    definition = body(field("text", help=label("Trợ giúp")), title=label("Tháng {period}"))
    definition["sections"][0]["help"] = label("Phần này")
    parsed = parse_form(definition)
    assert parsed.title == label("Tháng {period}")
    assert parsed.sections[0].help == label("Phần này")
    assert parsed.fields["f"].help == label("Trợ giúp")


def test_options_get_their_types() -> None:
    score = one("score", max="99.5", target={"comparator": "at_least", "value": 80}).fields["f"]
    assert score.max == Decimal("99.5")
    assert score.target == Target("at_least", Decimal(80))
    day = one("date", earliest="2025-01-01", latest="2025-12-31", expected="past").fields["f"]
    assert (day.earliest, day.latest, day.expected) == (date(2025, 1, 1), date(2025, 12, 31), "past")
    choice = one("choice").fields["f"]
    assert choice.choices[0] == Choice("legal", {"vi": "Pháp lý", "en": "Legal"})
    ratio = one("ratio", numerator=label("Đúng hạn"), denominator=label("Tiếp nhận"), may_exceed=True).fields["f"]
    assert (ratio.numerator, ratio.denominator) == (label("Đúng hạn"), label("Tiếp nhận"))
    assert ratio.may_exceed
    files = one("attachment", kinds=["pdf", "xlsx"], max_megabytes=5).fields["f"]
    assert (files.kinds, files.max_megabytes) == (("pdf", "xlsx"), 5)


def test_a_table_has_columns_of_every_type_but_tables_computed_figures_and_marked_text() -> None:
    rows = one("table", columns=COLUMNS, max_rows=500).fields["f"]
    assert {column.type for column in rows.columns} == TYPES.keys() - {"table", "computed", "rich_text"}
    inner = field("table", "inner", columns=[field("text")])
    assert errors(body(field("table", columns=[inner])))[0] == (f"{PATH}.columns[0].type", "not_one_of")


def test_all_errors_are_reported_at_once() -> None:
    definition = body(field("integer", "Bad name", colour="red"), field("poem", "b"), field("choice", "c", choices=[]))
    definition["key"] = "No Key"
    assert errors(definition) == [
        ("key", "bad_word"),
        ("sections[0].fields[0].colour", "unknown_key"),
        ("sections[0].fields[0].name", "bad_word"),
        ("sections[0].fields[1].type", "not_one_of"),
        ("sections[0].fields[2].choices", "too_few"),
    ]


@pytest.mark.parametrize(
    ("options", "path", "code"),
    [
        ({"type": "text", "columns": []}, "columns", "unknown_key"),
        ({"type": ["text"]}, "type", "not_one_of"),
        ({"type": "text", "required": "yes"}, "required", "wrong_type"),
        ({"type": "text", "label": {"vi": "Chỉ tiếng Việt"}}, "label.en", "missing_key"),
        ({"type": "text", "name": "a" * 42}, "name", "bad_word"),
        ({"type": "text", "name": "đề_án"}, "name", "bad_word"),
        ({"type": "text", "pattern": "[0-9]+"}, "pattern", "wrong_type"),
        ({"type": "text", "pattern": {"matches": "[0-9]+"}}, "pattern.message", "missing_key"),
        ({"type": "text", "pattern": {"matches": "a" * 201, "message": label()}}, "pattern.matches", "too_long"),
        ({"type": "long_text", "pattern": {"matches": "a", "message": label()}}, "pattern", "unknown_key"),
        ({"type": "text", "prefill": "first"}, "prefill", "not_one_of"),
        ({"type": "attachment", "default": ["a"]}, "default", "unknown_key"),
        ({"type": "attachment", "prefill": "last"}, "prefill", "unknown_key"),
        ({"type": "table", "columns": [field("text", default="x")]}, "columns[0].default", "unknown_key"),
        ({"type": "text", "visible_when": {"eq": 1}}, "visible_when.eq", "wrong_type"),
        ({"type": "text", "visible_when": {"empty": {"fact": "gone"}}}, "visible_when", "unknown_fact"),
        ({"type": "text", "visible_when": {"empty": {"fact": "other.value"}}}, "visible_when", "unknown_fact"),
        ({"type": "text", "visible_when": {"empty": {"fact": "f"}}}, "visible_when", "in_a_circle"),
        ({"type": "table", "columns": [field("text", visible_when={})]}, "columns[0].visible_when", "unknown_key"),
        ({"type": "text", "max_length": 0}, "max_length", "out_of_range"),
        ({"type": "integer", "min": 0.5}, "min", "wrong_type"),
        ({"type": "integer", "min": True}, "min", "wrong_type"),
        ({"type": "integer", "max": "1e3"}, "max", "wrong_type"),
        ({"type": "integer", "min": 2, "max": 1}, "max", "bounds_crossed"),
        ({"type": "score", "max": -1}, "max", "bounds_crossed"),
        ({"type": "date", "earliest": date(2025, 1, 1)}, "earliest", "wrong_type"),
        ({"type": "date", "latest": "2025-02-30"}, "latest", "wrong_type"),
        ({"type": "date", "earliest": "2025-02-02", "latest": "2025-02-01"}, "latest", "bounds_crossed"),
        ({"type": "date", "expected": "soon"}, "expected", "not_one_of"),
        ({"type": "date_range", "earliest": "2025-02-02", "latest": "2025-02-01"}, "latest", "bounds_crossed"),
        ({"type": "date_range", "as_of": True}, "as_of", "unknown_key"),
        ({"type": "decimal", "decimals": 10}, "decimals", "out_of_range"),
        ({"type": "money", "currency": "dong"}, "currency", "bad_word"),
        ({"type": "money", "decimals": 1}, "decimals", "out_of_range"),
        ({"type": "money", "currency": "USD", "decimals": 3}, "decimals", "out_of_range"),
        ({"type": "money", "unit": label()}, "unit", "unknown_key"),
        ({"type": "money", "sum_of": ["other"]}, "sum_of[0]", "not_one_of"),
        ({"type": "score"}, "max", "missing_key"),
        ({"type": "choice"}, "choices", "missing_key"),
        ({"type": "choice", "choices": [TWO_CHOICES[0]] * 2}, "choices[1]", "duplicate"),
        ({"type": "choice", "choices": TWO_CHOICES, "most": 1}, "most", "unknown_key"),
        ({"type": "choices", "least": 1}, "choices", "missing_key"),
        ({"type": "choices", "choices": "legal"}, "choices", "wrong_type"),
        ({"type": "choices", "choices": TWO_CHOICES, "least": 0}, "least", "out_of_range"),
        ({"type": "choices", "choices": TWO_CHOICES, "most": 3}, "most", "out_of_range"),
        ({"type": "choices", "choices": TWO_CHOICES, "least": 2, "most": 1}, "most", "bounds_crossed"),
        ({"type": "choices", "choices": [{"key": "nothing", "label": label()}]}, "choices[0].key", "reserved"),
        ({"type": "choices", "choices": [{"key": "reason", "label": label()}]}, "choices[0].key", "reserved"),
        ({"type": "ratio", "target": {"comparator": "near", "value": 1}}, "target.comparator", "not_one_of"),
        ({"type": "ratio", "target": {"comparator": "at_most", "value": 1.5}}, "target.value", "wrong_type"),
        ({"type": "table"}, "columns", "missing_key"),
        ({"type": "table", "columns": []}, "columns", "too_few"),
        ({"type": "table", "columns": [field("text")], "max_rows": 501}, "max_rows", "out_of_range"),
        ({"type": "table", "columns": [field("text"), field("date")]}, "columns[1]", "duplicate"),
        ({"type": "table", "columns": [field("text", printed=True)]}, "columns[0].printed", "unknown_key"),
        ({"type": "table", "columns": [field("integer", sum_of=["f"])]}, "columns[0].sum_of", "unknown_key"),
        ({"type": "attachment", "max_files": 21}, "max_files", "out_of_range"),
        ({"type": "attachment", "max_megabytes": 0}, "max_megabytes", "out_of_range"),
        ({"type": "attachment", "kinds": []}, "kinds", "too_few"),
        ({"type": "attachment", "kinds": ["exe"]}, "kinds[0]", "not_one_of"),
        ({"type": "attachment", "kinds": ["pdf", "pdf"]}, "kinds[1]", "duplicate"),
        ({"type": "integer", "sum_of": ["f"]}, "sum_of[0]", "not_one_of"),
        ({"type": "integer", "sum_of": ["other", "other"]}, "sum_of[1]", "duplicate"),
        ({"type": "integer", "rows_of": "other"}, "rows_of", "not_one_of"),
        ({"type": "integer", "indicator": "Số cuộc họp"}, "indicator", "bad_word"),
        ({"type": "text", "indicator": "meetings"}, "indicator", "unknown_key"),
        ({"type": "table", "columns": [field("integer", indicator="meetings")]}, "columns[0].indicator", "unknown_key"),
    ],
)
def test_an_option_that_makes_no_sense_is_refused_at_its_path(options: dict[str, object], path: str, code: str) -> None:
    first = {"name": "f", "label": label(), **options}
    assert errors(body(first, field("integer", "other"))) == [(f"{PATH}.{path}", code)]


def test_an_amount_is_the_sum_of_amounts_of_its_own_currency() -> None:
    dollars = {"currency": "USD", "decimals": 2}
    total, part = field("money", "total", sum_of=["part"], **dollars), field("money", "part")
    assert errors(body(total, part)) == [(f"{PATH}.sum_of[0]", "not_one_of")]
    assert form(total, {**part, **dollars}).fields["total"].sum_of == ("part",)


def test_two_figures_of_one_indicator_are_one_too_many() -> None:
    first, second = (field("integer", name, indicator="meetings") for name in ("first", "second"))
    assert errors(body(first, second)) == [("sections[0].fields[1].indicator", "duplicate")]
    assert form(first, field("integer", "second")).fields["first"].indicator == "meetings"


@pytest.mark.parametrize(
    ("kind", "options", "figure"),
    [
        ("integer", {}, "number"),
        ("money", {}, "number"),
        ("ratio", {}, "ratio"),
        ("score", {"max": 100}, "score"),
        ("rank", {}, "rank"),
        ("computed", {"formula": {"sum": ["other"]}}, "number"),
        ("computed", {"formula": {"ratio": {"numerator": "other", "denominator": "other"}}}, "ratio"),
        ("date", {}, None),
        ("text", {}, None),
    ],
)
def test_what_kind_of_figure_a_field_asks_for(kind: str, options: dict[str, Any], figure: str | None) -> None:
    assert form(field(kind, **options), field("integer", "other")).fields["f"].figure == figure


def test_a_heading_is_no_question() -> None:
    title = {"type": "heading", "label": label("Nhân lực"), "help": label("Trong kỳ"), "printed": True}
    bare = {"type": "heading", "label": label("Kinh phí")}
    parsed = form(title, field("text", "a"), bare, field("text", "b"))
    assert list(parsed.fields) == ["a", "b"]
    assert parsed.sections[0].blocks == (
        Heading(label("Nhân lực"), label("Trong kỳ"), printed=True),
        parsed.fields["a"],
        Heading(label("Kinh phí")),
        parsed.fields["b"],
    )


@pytest.mark.parametrize(
    ("said", "path", "code"),
    [
        ({"name": "h"}, "name", "unknown_key"),
        ({"required": True}, "required", "unknown_key"),
        ({"label": "Nhân lực"}, "label", "wrong_type"),
        ({"printed": "yes"}, "printed", "wrong_type"),
        ({"help": {"vi": "Trong kỳ"}}, "help.en", "missing_key"),
    ],
)
def test_a_heading_says_nothing_that_only_a_question_can(said: dict[str, object], path: str, code: str) -> None:
    title = {"type": "heading", "label": label(), **said}
    assert errors(body(title, field("text")))[0] == (f"{PATH}.{path}", code)


def test_headings_alone_make_no_section_and_no_column() -> None:
    title = {"type": "heading", "label": label()}
    assert errors(body(title)) == [("sections[0].fields", "too_few")]
    assert (f"{PATH}.columns[0].type", "not_one_of") in errors(body(field("table", columns=[title])))


def test_columns_are_thirty_at_most() -> None:
    columns = [field("text", f"c{number}") for number in range(31)]
    assert len(one("table", columns=columns[:30]).fields["f"].columns) == 30
    assert errors(body(field("table", columns=columns))) == [(f"{PATH}.columns", "too_many")]


def test_fields_are_five_hundred_at_most_over_all_sections() -> None:
    def sections(count: int) -> list[dict[str, object]]:
        names = [[f"f{section}_{each}" for each in range(count)] for section in range(2)]
        return [
            {"key": f"s{number}", "name": label(), "fields": [field("text", name) for name in part]}
            for number, part in enumerate(names)
        ]

    assert errors({**body(), "sections": sections(251)}) == [("sections", "too_many")]
    assert len(parse_form({**body(), "sections": sections(250)}).fields) == 500


def test_names_are_unique_in_the_whole_form_and_keys_among_sections() -> None:
    section = {"key": "all", "name": label(), "fields": [field("text")]}
    assert errors({**body(), "sections": [section, section]}) == [
        ("sections[1]", "duplicate"),
        ("sections[1].fields[0]", "duplicate"),
    ]


def test_an_option_of_any_type_is_not_unknown_while_the_type_is() -> None:
    assert errors(body(field("poem", columns=[field("text")], as_of=True, max=3))) == [(f"{PATH}.type", "not_one_of")]


@pytest.mark.parametrize("missing", ["schema", "key", "name", "sections"])
def test_what_a_form_must_say_is_missed(missing: str) -> None:
    definition = body(field("text"))
    del definition[missing]
    assert errors(definition) == [(missing, "missing_key")]


def test_another_schema_is_refused() -> None:
    assert errors({**body(field("text")), "schema": 2}) == [("schema", "out_of_range")]


def parses_or_lists_errors(definition: object) -> None:
    try:
        parse_form(definition)
    except DefinitionError as refused:
        listed = refused.findings
    else:
        return
    assert listed


@given(JSON)
def test_any_json_parses_or_is_refused(definition: object) -> None:
    parses_or_lists_errors(definition)


def places(value: object) -> Iterator[tuple[Any, Any]]:
    """Every place inside a definition: the list or mapping, and the key in it."""
    if isinstance(value, dict | list):
        for key in value if isinstance(value, dict) else range(len(value)):
            yield value, key
            yield from places(value[key])


def whole() -> dict[str, Any]:
    table = field("table", "rows", columns=COLUMNS, nothing_to_report=True)
    days = field("date", "day", earliest="2025-01-01", latest="2025-02-01")
    total = field("integer", "total", sum_of=["integer"], rows_of="rows", min=1, max=2)
    goal = field("ratio", "goal", target={"comparator": "at_most", "value": "97.5"})
    return deepcopy(body(*COLUMNS, table, days, total, goal))


@given(st.data(), JSON)
def test_a_definition_with_anything_anywhere_parses_or_is_refused(data: st.DataObject, anything: object) -> None:
    definition = whole()
    form(*definition["sections"][0]["fields"])
    holder, key = data.draw(st.sampled_from(list(places(definition))))
    holder[key] = anything
    parses_or_lists_errors(definition)


@pytest.mark.parametrize("path", sorted(LIBRARY.glob("*.yaml")), ids=lambda path: path.stem)
def test_every_shipped_form_parses_and_is_named_like_its_file(path: Path) -> None:
    assert shipped(path.stem).key == path.stem


def test_a_yaml_date_must_be_in_quotes() -> None:
    definition = yaml.safe_load("earliest: 2025-01-01")
    assert errors(body(field("date", **definition))) == [(f"{PATH}.earliest", "wrong_type")]
