"""What is different between two bodies, at its place and in words."""

from __future__ import annotations

import copy
from random import Random
from typing import TYPE_CHECKING, Any
from unittest import mock

import pytest
from flask_babel import force_locale
from hypothesis import given
from hypothesis import strategies as st

from portal.definitions import lines
from portal.definitions.comparing import Crumb, Difference, differences
from portal.definitions.library import shipped
from portal.definitions.lines import changed_lines
from portal.definitions.wording import difference_lines, place_of, told, value_words, way_to

if TYPE_CHECKING:
    from flask import Flask

FORM: dict[str, Any] = next(body for kind, _key, body in shipped() if kind == "form")
DOCUMENT: dict[str, Any] = next(body for kind, _key, body in shipped() if kind == "document")
SECTIONS = {"sections": [{"key": "a", "fields": [{"name": "x"}, {"name": "y"}]}, {"key": "b", "fields": []}]}

SCALARS = st.none() | st.booleans() | st.integers(-3, 3) | st.sampled_from(["", "a", "b", "a\nb"])
KEYS = st.sampled_from(["key", "name", "fields", "label", "vi"])
BODIES = st.recursive(SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4))


def changed(**parts: Any) -> dict[str, Any]:
    return {**copy.deepcopy(SECTIONS), **parts}


def way(*words: str | tuple[str, int]) -> list[tuple[str, int]]:
    return [word if isinstance(word, tuple) else (word, 0) for word in words]


def kinds(found: list[Difference]) -> list[tuple[str, list[tuple[str, int]]]]:
    return [(each.kind, [(crumb.word, crumb.number) for crumb in each.way]) for each in found]


@given(BODIES)
def test_what_says_the_same_has_no_difference(body: Any) -> None:
    assert differences(body, copy.deepcopy(body)) == []


@given(BODIES, BODIES)
def test_what_says_something_else_has_one(before: Any, after: Any) -> None:
    assert differences(before, after) != [] or before == after


def test_a_part_comes_goes_and_changes() -> None:
    found = differences({"a": 1, "b": 2}, {"b": 3, "c": 4})
    assert found == [
        Difference("changed", (Crumb("b"),), 2, 3),
        Difference("added", (Crumb("c"),), None, 4),
        Difference("removed", (Crumb("a"),), 1, None),
    ]


def test_true_is_not_one() -> None:
    assert kinds(differences({"a": True}, {"a": 1})) == [("changed", way("a"))]


def test_an_item_is_told_by_its_key_wherever_it_stands() -> None:
    after = changed()
    after["sections"][0]["fields"][1]["required"] = True
    assert kinds(differences(SECTIONS, after)) == [("added", way(("sections", 1), ("fields", 2), "required"))]


def test_what_moves_is_said_once_and_not_by_those_that_stay() -> None:
    rows = [{"name": name} for name in "abcde"]
    found = differences({"fields": rows}, {"fields": [rows[4], *rows[:4]]})
    assert kinds(found) == [("moved", way(("fields", 1)))]
    assert (found[0].before, found[0].after) == (5, 1)


def test_what_moves_and_changes_is_said_twice() -> None:
    before = [{"name": "a"}, {"name": "b"}, {"name": "c"}]
    after = [{"name": "c", "type": "text"}, {"name": "a"}, {"name": "b"}]
    assert kinds(differences({"fields": before}, {"fields": after})) == [
        ("moved", way(("fields", 1))),
        ("added", way(("fields", 1), "type")),
    ]


def test_a_list_of_words_is_one_thing() -> None:
    assert kinds(differences({"actions": ["approve"]}, {"actions": ["approve", "return"]})) == [
        ("changed", way("actions"))
    ]


def test_items_that_nothing_tells_apart_are_compared_by_their_places() -> None:
    before, after = [{"at": -4}, {"at": 0}], [{"at": -4}, {"at": 2}, {"at": 8}]
    found = differences({"ladder": before}, {"ladder": after})
    assert kinds(found) == [("changed", way(("ladder", 2), "at")), ("added", way(("ladder", 3)))]
    assert kinds(differences({"ladder": after}, {"ladder": before}))[-1] == ("removed", way(("ladder", 3)))


def test_two_items_of_one_key_are_compared_by_their_places() -> None:
    twins = [{"key": "a", "x": 1}, {"key": "a", "x": 2}]
    assert kinds(differences({"steps": twins}, {"steps": twins[:1]})) == [("removed", way(("steps", 2)))]


# -- in words --------------------------------------------------------------------------------------------------


def renamed_field() -> dict[str, Any]:
    body = copy.deepcopy(FORM)
    body["sections"][0]["fields"][0]["label"]["vi"] = "Số văn bản"
    return body


def test_a_difference_is_told_with_the_names_of_things(app: Flask) -> None:
    with app.test_request_context(), force_locale("en"):
        lines = list(difference_lines(FORM, renamed_field()))
    place = "Section “Direction and management” › Question “Documents issued” › what is asked › in Vietnamese"
    assert lines == [f"~ {place}: Số văn bản đã ban hành → Số văn bản"]


def test_a_text_of_several_lines_is_told_by_those_that_differ(app: Flask) -> None:
    other = {**DOCUMENT, "template": DOCUMENT["template"].replace("<body>", "<body class='own'>")}
    with app.test_request_context(), force_locale("en"):
        told_all = told(differences(DOCUMENT, other))
    assert [(each.place, each.before, each.after) for each in told_all] == [("template", "", "")]
    assert [line for line in told_all[0].lines if line[0] in "+-"] == ["-<body>", "+<body class='own'>"]


def lines_of(before: str, after: str) -> tuple[str, ...]:
    return told(differences({"template": before}, {"template": after}))[0].lines


def test_a_line_that_begins_like_the_head_of_a_comparison_is_told() -> None:
    assert lines_of("a\nb", "a\nb\n++{{ doc.secret }}") == ("@@ 1 @@", " a", " b", "+++{{ doc.secret }}")
    assert lines_of("a\n-- gone\nb", "a\nb") == ("@@ 1 @@", " a", "--- gone", " b")


def test_only_the_lines_around_a_difference_are_told_and_where_they_stand() -> None:
    before = [f"line {number}" for number in range(20)]
    after = [*before[:3], "new", *before[4:15], *before[16:]]
    assert lines_of("\n".join(before), "\n".join(after)) == (
        *("@@ 2 @@", " line 1", " line 2", "-line 3", "+new", " line 4", " line 5"),
        *("@@ 14 @@", " line 13", " line 14", "-line 15", " line 16", " line 17"),
    )


@given(st.lists(st.sampled_from("ab\n"), max_size=30), st.lists(st.sampled_from("abc\n"), max_size=30))
def test_every_line_of_both_texts_is_accounted_for(before: list[str], after: list[str]) -> None:
    old, new = "\n".join(["", *before]), "\n".join(["", *after])
    with mock.patch.object(lines, "AROUND", 1_000):
        found = changed_lines(old, new)[1:]
    if old != new:
        assert "\n".join(line[1:] for line in found if line[0] != "+") == old
        assert "\n".join(line[1:] for line in found if line[0] != "-") == new


class Counted(str):
    """A line that knows how often it was compared with another."""

    __slots__ = ()

    compared = 0

    def __eq__(self, other: object) -> bool:
        Counted.compared += 1
        return str.__eq__(self, other)

    __hash__ = str.__hash__


@pytest.mark.parametrize("kinds", [2, 150, 8_000])
def test_lines_are_compared_a_few_times_each_however_many_there_are(kinds: int) -> None:
    """Sixteen thousand lines in disorder: a comparison that looks at every pair would look at 256 millions."""
    order = Random(7)
    old = [Counted(number % kinds) for number in range(16_000)]
    new = [Counted(each) for each in order.sample(old, len(old))]
    Counted.compared = 0
    assert list(lines.marked(old, new))
    assert Counted.compared < 20 * len(old)


def test_what_moved_is_told_with_both_places(app: Flask) -> None:
    body = copy.deepcopy(FORM)
    body["sections"].append(body["sections"].pop(0))
    with app.test_request_context(), force_locale("en"):
        assert list(difference_lines(FORM, body)) == ["↕ Section “Direction and management” 1 → 6"]


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (None, ""),
        (True, "yes"),
        (False, "no"),
        (3, "3"),
        ("x", "x"),
        (["a", True], "a, yes"),
        ({"a": 1}, "a: 1"),
        ([{"a": 1}], "- a: 1"),
    ],
)
def test_values_are_said_as_people_read_them(app: Flask, value: Any, words: str) -> None:
    with app.test_request_context(), force_locale("en"):
        assert value_words(value) == words


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("", "the whole definition"),
        ("sections[0].fields[0].choices", "Section “Direction and management” › Question “Documents issued” › answers"),
        ("sections[99].fields[3].label.vi", "Section 100 › Question 4 › what is asked › in Vietnamese"),
        ("owner.odd", "who has it › odd"),
        ("[2]", " 3"),
    ],
)
def test_the_path_of_a_finding_is_a_place_in_words(app: Flask, path: str, words: str) -> None:
    with app.test_request_context(), force_locale("en"):
        assert place_of(way_to(FORM, path)) == words


@given(BODIES, BODIES)
def test_any_difference_can_be_told(app: Flask, before: Any, after: Any) -> None:
    with app.test_request_context(), force_locale("vi"):
        assert len(told(differences(before, after))) == len(differences(before, after))


def test_a_word_means_what_its_holder_makes_of_it(app: Flask) -> None:
    with app.test_request_context(), force_locale("en"):
        assert place_of(way_to({"metadata": {"type": "BC"}}, "metadata.type")) == "particulars › type of document"
        assert place_of(way_to({"fields": [{"name": "a"}]}, "fields[0].type")) == "Question “a” › kind of answer"
