"""The designer's parts: a tree of things, panels that give back what they show, moves that lose nothing."""

from __future__ import annotations

import copy
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from portal.definitions import shaping
from portal.definitions.checks import CHECKS
from portal.definitions.library import shipped
from portal.definitions.outline import knot_at, lists_for, owner_of, said_in, tree_of
from portal.definitions.panels import changed, edited, shown
from portal.definitions.paths import at, split, steps_of
from portal.definitions.shapes import SHAPES
from portal.definitions.shapes.description import Part, Shape, always
from portal.definitions.shapes.forms import FIELD, FORM, OPTIONS, TYPE_NAMES, first_field, options_of
from workflows.errors import Finding, Refusal
from workflows.forms import TYPES, parse_form
from workflows.forms import definition as form_definition

SHIPPED = [(kind, key, body) for kind, key, body in shipped() if kind in SHAPES]
MONTHLY: dict[str, Any] = next(body for kind, _key, body in SHIPPED if kind == "form")


def typed(texts: dict[str, Any]) -> MultiDict[str, str]:
    """What a browser sends of the inputs of a panel: ticks as often as they are set, others once."""
    pairs = [(name, each) for name, text in texts.items() for each in (text if isinstance(text, list) else [text])]
    return MultiDict((name, text) for name, text in pairs if text != "")


def forms_of_every_kind() -> dict[str, Any]:
    """A form with a question of every kind."""
    taken: set[str] = set()
    fields = []
    for kind in TYPE_NAMES:
        field = first_field(kind, taken)
        taken.add(field.get("name", ""))
        fields.append(field)
    label = {"vi": "Mục", "en": "Section"}
    section = {"key": "all", "name": label, "fields": fields}
    return {"schema": 1, "key": "every-kind", "name": label, "sections": [section]}


# -- panels ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("kind", "body"), [(kind, body) for kind, _key, body in SHIPPED])
def test_a_panel_that_is_sent_as_it_is_changes_nothing(kind: str, body: dict[str, Any]) -> None:
    knots = tree_of(SHAPES[kind], SHAPES[kind].unfolded(body))
    assert len(knots) > 2
    for knot in knots:
        parts = knot.shape.parts(knot.thing)
        done = edited(knot.shape, knot.thing, typed(shown(parts, knot.thing)))
        assert (done.thing, done.unread) == (knot.thing, {}), knot.path


def test_a_question_of_every_kind_is_sound_and_its_panel_gives_back_what_it_shows() -> None:
    body = forms_of_every_kind()
    next(each for each in body["sections"][0]["fields"] if each["type"] == "computed")["formula"] = {
        "sum": ["integer_1"]
    }
    form = parse_form(body)
    assert len(form.fields) == len(TYPES)
    for knot in tree_of(FORM, body):
        parts = knot.shape.parts(knot.thing)
        assert edited(knot.shape, knot.thing, typed(shown(parts, knot.thing))).thing == knot.thing


@pytest.mark.parametrize("before", TYPE_NAMES)
@pytest.mark.parametrize("after", TYPE_NAMES)
def test_a_question_of_one_kind_becomes_one_of_any_other_and_stays_sound(before: str, after: str) -> None:
    field = first_field(before, set())
    sent = {**shown(FIELD.parts(field), field), "type": after}
    other = edited(FIELD, field, typed(sent)).thing
    if after != "heading":
        other.setdefault("name", "answer")  # a heading has none
    label = {"vi": "Mục", "en": "Section"}
    more = first_field("integer", {"answer", "integer_1"})
    if after == "computed":
        assert other["formula"] == {"sum": []}, "it cannot be told what is computed"
        other["formula"] = {"-": [more["name"], 1]}
    section = {"key": "one", "name": label, "fields": [other, more]}
    parse_form({"schema": 1, "key": "one", "name": label, "sections": [section]})


def test_every_option_of_every_kind_of_answer_has_a_part() -> None:
    structural = {"columns"}
    assert set(OPTIONS) == set(form_definition.OPTIONS) - structural
    for kind, taken in TYPES.items():
        assert taken.keys - structural <= set(options_of(kind)), kind
    assert set(TYPE_NAMES) == {*TYPES, form_definition.HEADING}


LINE = Part("a", "A", "line")
SAME = {"vi": "Sở Nội vụ", "en": "Sở Nội vụ"}


@pytest.mark.parametrize(
    ("control", "sent", "value"),
    [
        ("line", {"a": "b\x00ong\u200bda\u202elu\U000e0041"}, "bongdalu"),
        (
            "label",
            {"a.vi": "Ho\u0323 va\u0300 te\u0302n\u200b", "a.en": "\u2066"},
            {"vi": "Họ và tên", "en": "Họ và tên"},
        ),
        ("number", {"a": "12"}, 12),
        ("number", {"a": "twelve"}, "twelve"),
        ("number", {"a": ""}, None),
        ("number", {"a": "007"}, "007"),
        ("figure", {"a": "1,5"}, "1.5"),
        ("figure", {"a": "-3"}, -3),
        ("figure", {"a": "much"}, "much"),
        ("day", {"a": "31/01/2025"}, "2025-01-31"),
        ("day", {"a": "2025-01-31"}, "2025-01-31"),
        ("day", {"a": "soon"}, "soon"),
        ("flag", {"a": "yes"}, True),
        ("flag", {}, None),
        ("list", {"a": " one \r\n\r\n two"}, ["one", "two"]),
        ("words", {"a": ["x", "y"]}, ["x", "y"]),
        ("words", {}, None),
        ("yaml", {"a": "[3, 1, 0]"}, [3, 1, 0]),
        ("yaml", {"a": ""}, None),
        ("choice", {"a": "all"}, "all"),
        ("choice", {"a": "#n", "a.number": "2"}, {"n": 2}),
        ("choice", {"a": "#percent", "a.number": "two"}, {"percent": "two"}),
        ("label", {"a.vi": " Một  hai ", "a.en": ""}, {"vi": "Một hai", "en": "Một hai"}),
        ("label", {"a.vi": "", "a.en": "One"}, {"vi": "", "en": "One"}),
        ("label", {}, None),
        ("labels", {"a.0.vi": "Sở Nội vụ", "a.2.vi": "UBND", "a.2.en": "PPC"}, [SAME, {"vi": "UBND", "en": "PPC"}]),
        ("labels", {"a.0.vi": " "}, None),
        ("numbers", {"a": "3, 1,0"}, [3, 1, 0]),
        ("numbers", {"a": "3; soon"}, [3, "soon"]),
        ("numbers", {"a": " "}, None),
        ("numbered", {"a": "5"}, 5),
        ("numbered", {"a": ""}, None),
        ("answers", {"a.0.vi": "Đã xong"}, [{"key": "da_xong", "label": {"vi": "Đã xong", "en": "Đã xong"}}]),
        ("answers", {"a.1.vi": "Có", "a.5.vi": "Có"}, ["co", "co_2"]),
        ("answers", {}, None),
    ],
)
def test_what_is_typed_becomes_a_value_and_nothing_is_refused(control: Any, sent: dict[str, Any], value: Any) -> None:
    done = changed([Part("a", "A", control)], {}, typed(sent)).thing.get("a")
    assert ([each["key"] for each in done] if value == ["co", "co_2"] else done) == value


def test_what_is_no_yaml_is_told_and_the_rest_is_kept() -> None:
    done = changed([LINE, Part("b", "B", "yaml")], {"b": [1]}, typed({"a": "text", "b": "[1"}))
    assert (done.thing, [each.code for each in done.unread["b"]]) == ({"b": [1], "a": "text"}, ["not_yaml"])


def test_a_part_inside_a_mapping_comes_and_goes_with_it() -> None:
    parts = [Part("owner.place", "P", "line"), Part("owner.unit", "U", "line")]
    there = changed(parts, {"x": 1}, typed({"owner.place": "own"})).thing
    assert there == {"x": 1, "owner": {"place": "own"}}
    assert changed(parts, there, typed({})).thing == {"x": 1}
    assert changed(parts, {"owner": "wrong"}, typed({"owner.place": "own"})).thing == {"owner": {"place": "own"}}


def test_what_has_no_part_stays() -> None:
    thing = {"odd": [1, {"a": 2}], "a": "x"}
    assert changed([LINE], thing, typed({"a": "y"})).thing == {"odd": [1, {"a": 2}], "a": "y"}
    assert thing["a"] == "x"


JUNK = st.none() | st.booleans() | st.integers() | st.text()


@given(st.recursive(JUNK, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)))
def test_a_panel_shows_anything_and_a_tree_holds_anything(junk: Any) -> None:
    for shape in SHAPES.values():
        for knot in tree_of(shape, shape.unfolded(junk)):
            thing = knot.thing if isinstance(knot.thing, dict) else {}
            texts = shown(knot.shape.parts(thing), thing)
            edited(knot.shape, thing, typed(texts))


# -- the tree --------------------------------------------------------------------------------------------------


def test_the_tree_has_every_thing_with_its_parent_before_it() -> None:
    paths = [knot.path for knot in tree_of(FORM, MONTHLY)]
    assert paths[:4] == ["", "sections[0]", "sections[0].fields[0]", "sections[0].fields[1]"]
    assert len(paths) == len(set(paths)) > 50


def test_what_is_wrong_is_counted_at_the_deepest_thing_it_lies_in() -> None:
    findings = [
        Finding("sections[0].fields[0].label.vi", "blank"),
        Finding("sections[0].fields[0]", "odd"),
        Finding("sections[0].name", "blank"),
        Finding("odd", "unknown_key"),
        Finding("", "wrong_type"),
    ]
    knots = tree_of(FORM, MONTHLY, findings)
    counts = {knot.path: knot.wrong for knot in knots if knot.wrong}
    assert counts == {"": 2, "sections[0]": 1, "sections[0].fields[0]": 2}
    field = knot_at(knots, "sections[0].fields[0]")
    said = said_in(field, ["name", "label"], findings, {knot.path for knot in knots})
    assert {key: len(found) for key, found in said.items()} == {"label": 1, "": 1}


def test_a_path_that_leads_nowhere_opens_the_whole() -> None:
    assert knot_at(tree_of(FORM, MONTHLY), "sections[99]").path == ""
    assert owner_of("sections[99].fields", {"", "sections[0]"}) == ""


def test_a_thing_goes_into_lists_of_its_own_kind_alone() -> None:
    knots = tree_of(FORM, MONTHLY)
    targets = [path for path, _ in lists_for(knots, knot_at(knots, "sections[0].fields[1]"))]
    assert targets == [f"sections[{number}].fields" for number in range(len(MONTHLY["sections"]))]


# -- moves -----------------------------------------------------------------------------------------------------

BODY = {"sections": [{"key": "a", "fields": [{"name": "x"}, {"name": "y"}]}, {"key": "b", "fields": [{"name": "z"}]}]}


def names(body: Any) -> list[list[str]]:
    return [[field["name"] for field in section["fields"]] for section in body["sections"]]


@pytest.mark.parametrize(
    ("path", "target", "number", "after", "at_last"),
    [
        ("sections[0].fields[0]", "sections[0].fields", 1, [["y", "x"], ["z"]], "sections[0].fields[1]"),
        ("sections[0].fields[1]", "sections[0].fields", 0, [["y", "x"], ["z"]], "sections[0].fields[0]"),
        ("sections[0].fields[0]", "sections[1].fields", 0, [["y"], ["x", "z"]], "sections[1].fields[0]"),
        ("sections[0].fields[0]", "sections[1].fields", 99, [["y"], ["z", "x"]], "sections[1].fields[1]"),
        ("sections[0]", "sections", 1, [["z"], ["x", "y"]], "sections[1]"),
    ],
)
def test_a_thing_goes_where_it_is_put(path: str, target: str, number: int, after: Any, at_last: str) -> None:
    before = copy.deepcopy(BODY)
    moved, place = shaping.moved(BODY, path, target, number)
    assert (names(moved), place) == (after, at_last)
    assert at(moved, place) == at(BODY, path)
    assert before == BODY


@pytest.mark.parametrize(
    ("path", "target"),
    [
        ("sections[0]", "sections[0].fields"),
        ("sections[9]", "sections"),
        ("sections", "sections"),
        ("sections[0].fields[9]", "sections[1].fields"),
        ("sections[0].fields[0]", "sections[9].fields"),
        ("sections[0].fields[0]", "sections[0].key"),
        ("sections[x]", "sections"),
        ("", ""),
    ],
)
def test_a_thing_goes_nowhere_else(path: str, target: str) -> None:
    with pytest.raises(Refusal, match="no_such_thing"):
        shaping.moved(BODY, path, target, 0)


def test_a_list_that_is_not_there_is_made() -> None:
    body, place = shaping.added({"key": "x"}, "rules", {"key": "r"})
    assert (body, place) == ({"key": "x", "rules": [{"key": "r"}]}, "rules[0]")


def test_no_list_grows_without_end() -> None:
    full = {"sections": [{"key": str(number)} for number in range(shaping.MOST_ITEMS)]}
    with pytest.raises(Refusal, match="too_many_items"):
        shaping.added(full, "sections", {})


def test_a_copy_stands_behind_with_names_of_its_own() -> None:
    body, place = shaping.doubled(MONTHLY, "sections[0]")
    assert place == "sections[1]"
    parse_form(body)
    assert body["sections"][1]["key"] != body["sections"][0]["key"]
    assert [field["indicator"] for field in body["sections"][0]["fields"] if "indicator" in field]
    assert not any("indicator" in field for field in body["sections"][1]["fields"])


def test_what_is_removed_is_gone_and_nothing_else() -> None:
    body, place = shaping.removed(BODY, "sections[0].fields[0]")
    assert (names(body), place) == ([["y"], ["z"]], "sections[0]")
    assert shaping.removed(BODY, "sections[1]")[1] == ""
    with pytest.raises(Refusal, match="no_such_thing"):
        shaping.removed(BODY, "sections[2]")


@pytest.mark.parametrize(("wanted", "taken", "free"), [("a", set(), "a"), ("a", {"a"}, "a_2"), ("a_2", {"a_2"}, "a_3")])
def test_a_name_is_free(wanted: str, taken: set[str], free: str) -> None:
    assert shaping.free_name(wanted, taken) == free


@pytest.mark.parametrize(
    ("words", "key"),
    [
        ("Đã hoàn thành!", "da_hoan_thanh"),
        ("", "answer"),
        ("766", "answer_766"),
        ("  ", "answer"),
        ("Số văn bản chỉ đạo, điều hành đã ban hành trong kỳ", "so_van_ban_chi_dao_dieu_hanh"),
        ("Số văn bản chỉ đạo điều hành ba", "so_van_ban_chi_dao_dieu_hanh"),
        ("Số văn bản chỉ đạo điều hành b", "so_van_ban_chi_dao_dieu_hanh_b"),
        ("m" * 40, "m" * 30),
    ],
)
def test_a_key_is_made_of_letters(words: str, key: str) -> None:
    assert shaping.slug(words, "answer") == key


@given(st.text())
def test_any_text_is_read_as_a_path(text: str) -> None:
    at(BODY, text)
    for step in steps_of(text):
        assert isinstance(step, str | int)
    with suppress(Refusal):
        split(text)


# -- formulas --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "formula",
    [
        {"sum": ["a", "b"]},
        {"+": ["a", 1, "1.5"]},
        {"-": ["a", -2]},
        {"/": ["a", 22]},
        {"ratio": {"numerator": "a", "denominator": 100}},
        {"change": "a"},
        {"-": ["a", {"sum": ["b", "c"]}]},
        {"column_sum": {"table": "t", "column": "c"}},
        {"ratio": {"numerator": {"sum": ["a"]}, "denominator": "b"}},
        "a",
        {"odd": ["a"]},
    ],
)
def test_a_formula_is_given_back_as_it_is(formula: Any) -> None:
    part = Part("formula", "F", "formula")
    thing = {"formula": formula}
    assert changed([part], thing, typed(shown([part], thing))).thing == thing


def test_a_shape_without_parts_says_nothing() -> None:
    assert edited(Shape("X", always(), always()), {"a": 1}, typed({})).thing == {"a": 1}


@pytest.mark.parametrize(("kind", "key", "body"), SHIPPED)
def test_what_is_added_anywhere_leaves_the_rest_as_it_was(kind: str, key: str, body: dict[str, Any]) -> None:
    del key
    CHECKS[kind](body)
    body = SHAPES[kind].unfolded(body)
    for knot in tree_of(SHAPES[kind], body):
        for where, branch in knot.branches:
            for choice, _words in () if callable(branch.kinds) else branch.kinds:
                new = branch.first(choice, shaping.taken_names(body))
                other, place = shaping.added(body, where, new)
                assert at(other, place) == new
                left, _ = shaping.removed(other, place)
                assert at(left, where) == (at(body, where) or [])
