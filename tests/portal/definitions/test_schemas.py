"""The JSON Schemas: what ships is valid, and schema and parser refuse the same, as far as a schema can tell."""

from __future__ import annotations

import copy
import re
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from portal.definitions.checks import CHECKS
from portal.definitions.models import KINDS
from portal.definitions.schemas import SCHEMAS, schema_text
from portal.definitions.schemas.forms import OPTION_SCHEMAS
from tests.portal.definitions.in_full import CALENDAR, CHAIN, FORM, IN_FULL, SCHEDULE
from workflows.errors import DefinitionError, Finding
from workflows.forms.definition import OPTIONS

if TYPE_CHECKING:
    from collections.abc import Iterator

STRUCTURAL = frozenset(
    {
        *("missing_key", "unknown_key", "wrong_type", "not_one_of", "too_few", "too_many", "out_of_range"),
        *("bad_word", "too_long"),
    }
)
"""What is wrong with a place whatever stands elsewhere: schema and parser have to agree on these."""

BEYOND: tuple[tuple[str, str, str, str], ...] = (
    ("form", "not_one_of", r"sum_of\[|rows_of$", "names a field of the form, and of the right type"),
    ("form", "not_one_of", r"^rules\[\d+\]\.fields\[", "names a field of the form"),
    ("form", "out_of_range", r"\.(least|most)$", "there must be as many choices to tick"),
    ("form", "too_many", r"^sections$", "counts the fields of all sections together"),
    ("chain", "not_one_of", r"^issues\[\d+\]\.after$", "names a stage of the chain"),
    ("chain", "out_of_range", r"\.complete\.n$", "there must be as many people in the stage"),
    ("chain|schedule", "bad_word", r"\.(unit|units\[\d+\]|except\[\d+\])$", "letters of other scripts are letters"),
    ("document", "missing_key|unknown_key", r"^blocks\.", "the blocks are those that the metadata name"),
    ("document", "too_few|too_many", r"^block_styles$", "each block has its style"),
    ("document", "not_one_of", r"^metadata\.wording\.", "looks into the text for what is filled in"),
)
"""What a schema cannot say, for it looks at one place: kinds, codes, where, and what it would have to know."""

VALIDATORS = {
    kind: Draft202012Validator(SCHEMAS[kind], format_checker=Draft202012Validator.FORMAT_CHECKER) for kind in KINDS
}


def found_by_parser(kind: str, body: Any) -> tuple[Finding, ...]:
    try:
        CHECKS[kind](body)
    except DefinitionError as error:
        return error.findings
    return ()


def is_beyond(kind: str, finding: Finding) -> bool:
    """Whether a schema cannot know."""
    return any(
        re.fullmatch(kinds, kind) and re.fullmatch(codes, finding.code) and re.search(where, finding.path)
        for kinds, codes, where, _reason in BEYOND
    )


def expected_of_schema(kind: str, findings: tuple[Finding, ...]) -> list[Finding]:
    return [each for each in findings if each.code in STRUCTURAL and not is_beyond(kind, each)]


def assert_agreement(kind: str, body: Any) -> None:
    findings = found_by_parser(kind, body)
    refused = [f"{error.json_path}: {error.message[:200]}" for error in VALIDATORS[kind].iter_errors(body)]
    if expected := expected_of_schema(kind, findings):
        assert refused, expected
    if refused:
        assert findings, refused


# -- what ships --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_a_schema_is_one_and_its_text_holds_all_of_it(kind: str) -> None:
    Draft202012Validator.check_schema(SCHEMAS[kind])
    assert '"$schema": "https://json-schema.org/draft/2020-12/schema"' in schema_text(kind)


@pytest.mark.parametrize(("kind", "body"), IN_FULL)
def test_what_ships_and_what_says_everything_is_sound_for_both(kind: str, body: dict[str, Any]) -> None:
    assert found_by_parser(kind, body) == ()
    assert [error.message for error in VALIDATORS[kind].iter_errors(body)] == []


def test_every_option_of_a_field_is_described() -> None:
    assert OPTION_SCHEMAS.keys() == OPTIONS.keys()


def keys_of(schema: Any) -> Iterator[str]:
    """Every key that a schema allows somewhere."""
    if isinstance(schema, list):
        for each in schema:
            yield from keys_of(each)
    if isinstance(schema, dict):
        yield from (schema.get("properties") or {}) if isinstance(schema.get("properties"), dict) else ()
        for each in schema.values():
            yield from keys_of(each)


def keys_in(body: Any) -> Iterator[str]:
    if isinstance(body, list):
        for each in body:
            yield from keys_in(each)
    if isinstance(body, dict):
        yield from body
        for each in body.values():
            yield from keys_in(each)


@pytest.mark.parametrize("kind", KINDS)
def test_no_key_of_a_schema_goes_untried(kind: str) -> None:
    tried = {key for each, body in IN_FULL if each == kind for key in keys_in(body)}
    assert set(keys_of(SCHEMAS[kind])) <= tried


def described(schema: Any, path: str) -> Iterator[str]:
    """The properties that nothing is said about."""
    for key, each in schema.get("properties", {}).items():
        if isinstance(each, dict) and not {"description", "$ref", "const", "maximum"} & each.keys():
            yield f"{path}.{key}"
    for key, each in schema.items():
        for inner in each if isinstance(each, list) else [each]:
            if isinstance(inner, dict):
                yield from described(inner, f"{path}.{key}")


@pytest.mark.parametrize("kind", KINDS)
def test_every_key_is_described(kind: str) -> None:
    assert list(described(SCHEMAS[kind], kind)) == []


# -- agreement ---------------------------------------------------------------------------------------------------

OTHERS: tuple[Any, ...] = (
    *(None, True, False, 0, 1, 2, 7, 10, 21, 29, 101, 367, 2001, -1, -2001, 10**18, -(10**18), 200_001),
    *("", " ", "x", "last", "one", "all", "unit", "heading", "table", "month", "quarter", "1", "1.5", "-0.0", "01"),
    *("2025-02-30", "2023-02-29", "2025-13-01", "2025-01-01", "24:00", "08:00", "07:30-24:00", "Ký tự", "a b", "A"),
    *("x" * 41, "x" * 61, "x" * 62, "x" * 201, "x" * 501, "x" * 1001, "x" * 2001),
    *([], {}, ["x"], [1], [None], {"x": 1}, {"vi": "Một", "en": "One"}, {"fact": "number"}, {"all": []}, {"n": 1}),
    *({"choose": 1}, {"percent": 50}, {"ratio": {"numerator": 1, "denominator": 2}}, {"+": [1, 2]}, {"sum": ["x"]}),
)
"""What may stand somewhere instead."""

MOST_REPEATED = 510
DEEPEST_TRIED = 5


def places(body: Any, way: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The way to every value of a body, the whole one first."""
    yield way
    entries = body.items() if isinstance(body, dict) else enumerate(body) if isinstance(body, list) else ()
    for key, value in entries:
        yield from places(value, (*way, key))


PLACES = [(kind, body, list(places(body))) for kind, body in IN_FULL]


def at(body: Any, way: tuple[Any, ...]) -> Any:
    for key in way:
        body = body[key]
    return body


def replaced(sound: Any, way: tuple[Any, ...], instead: object) -> Any:
    """A definition with something else in one place."""
    body = copy.deepcopy(sound)
    at(body, way[:-1])[way[-1]] = instead
    return body


def instead_of(value: Any, elsewhere: Any) -> st.SearchStrategy[Any]:
    """Something else in the place of a value: anything, what stands elsewhere, or nearly the same."""
    ways = [st.sampled_from(OTHERS), st.just(copy.deepcopy(elsewhere))]
    if isinstance(value, dict) and value:
        ways += of_mappings(value, elsewhere)
    if isinstance(value, list) and value:
        ways += of_lists(value)
    if type(value) is int:
        ways.append(st.sampled_from([-1, 1, -100, 100, -10_000, 10_000]).map(lambda more: value + more))
    if isinstance(value, str):
        ways.append(st.sampled_from([" ", ".", "-", "A", "ă", "x" * 300, "x" * 2500]).map(lambda more: value + more))
    return st.one_of(ways)


def of_mappings(value: dict[str, Any], elsewhere: Any) -> list[st.SearchStrategy[Any]]:
    keys = st.sampled_from(sorted(value))
    more = st.sampled_from(["more", "x", "at", "unit", "help", "default"])
    return [
        keys.map(lambda gone: {key: each for key, each in value.items() if key != gone}),
        keys.map(lambda renamed: {f"{key}s" if key == renamed else key: each for key, each in value.items()}),
        more.map(lambda key: {**value, key: elsewhere}),
    ]


def of_lists(value: list[Any]) -> list[st.SearchStrategy[Any]]:
    times = st.sampled_from([2, 7, 11, 31, 61, 201, MOST_REPEATED])
    return [
        st.integers(0, len(value) - 1).map(lambda fewer: value[:fewer]),
        times.map(lambda many: (value * many)[: max(many, len(value) + 1)]),
        st.just([*value, value[0]]),
    ]


@st.composite
def spoilt(draw: st.DrawFn) -> tuple[str, Any]:
    """A sound definition in which one to three things became something else."""
    kind, sound, ways = draw(st.sampled_from(PLACES))
    body = copy.deepcopy(sound)
    for way in draw(st.lists(st.sampled_from(ways), min_size=1, max_size=3)):
        elsewhere = at(sound, draw(st.sampled_from(ways)))
        try:
            value = draw(instead_of(at(body, way), elsewhere))
            if way:
                at(body, way[:-1])[way[-1]] = value
            else:
                body = value
        except (LookupError, TypeError):
            continue  # an earlier change took the place away
    return kind, body


@settings(max_examples=300)
@given(spoilt())
@example(("chain", None))
@example(("form", []))
def test_schema_and_parser_refuse_the_same(case: tuple[str, Any]) -> None:
    assert_agreement(*case)


@pytest.mark.parametrize(("kind", "body"), [("chain", CHAIN), ("schedule", SCHEDULE), ("calendar", CALENDAR)])
def test_whatever_is_missing_or_of_another_type_is_told_by_both(kind: str, body: dict[str, Any]) -> None:
    for way in places(body):
        if way and len(way) <= DEEPEST_TRIED:
            for instead in (None, 7, "x y", []):
                assert_agreement(kind, replaced(body, way, instead))


@pytest.mark.parametrize(
    ("kind", "sound", "way", "instead", "path", "code"),
    [
        ("form", FORM, ("rules", 0, "fields", 0), "nothing", "rules[0].fields[0]", "not_one_of"),
        (
            "form",
            FORM,
            ("sections", 0, "fields", 4, "rows_of"),
            "nothing",
            "sections[0].fields[4].rows_of",
            "not_one_of",
        ),
        ("chain", CHAIN, ("issues", 0, "after"), "nothing", "issues[0].after", "not_one_of"),
        ("chain", CHAIN, ("stages", 2, "complete", "n"), 3, "stages[2].complete.n", "out_of_range"),
        ("schedule", SCHEDULE, ("owed_by", 1, "units", 0), "PC06…", "owed_by[1].units[0]", "bad_word"),
    ],
)
def test_what_a_schema_cannot_know_the_parser_finds(  # noqa: PLR0917 - a table of cases
    kind: str, sound: dict[str, Any], way: tuple[Any, ...], instead: object, path: str, code: str
) -> None:
    body = replaced(sound, way, instead)
    assert [(each.path, each.code) for each in found_by_parser(kind, body)] == [(path, code)]
    assert VALIDATORS[kind].is_valid(body)
