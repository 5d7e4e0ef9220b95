"""Templates as lists of parts: taken apart and put together again to the letter, and never guessed at."""

from __future__ import annotations

from typing import Any

import pytest

from portal.definitions.gallery import processes
from portal.definitions.layout import call_of, folded, layout_of, offered_parts, unfolded, with_parts
from portal.definitions.library import shipped
from portal.definitions.shapes.documents import PARTS
from portal.definitions.templates import check_template

TEMPLATES: list[dict[str, Any]] = [
    *(body for kind, _key, body in shipped() if kind == "document"),
    *(each.bodies["document"] for each in processes() if "document" in each.bodies),
]
WHOLE = ("decree30.head", "decree30.title", "decree30.address", "decree30.body", "decree30.foot")
FIRST: dict[str, Any] = TEMPLATES[0]
SOURCE: str = FIRST["template"]


def body(template: Any) -> dict[str, Any]:
    return {**FIRST, "template": template}


@pytest.mark.parametrize("each", TEMPLATES, ids=lambda each: each["metadata"]["key"])
def test_every_shipped_template_is_made_of_parts_and_written_back_to_the_letter(each: dict[str, Any]) -> None:
    layout = layout_of(each["template"])
    assert layout is not None
    assert layout.parts == WHOLE
    assert folded(unfolded(each)) == each
    other = with_parts(each["template"], layout.parts[::-1])
    assert other != each["template"]
    assert with_parts(other, layout.parts) == each["template"]
    check_template({**each, "template": other})


def test_every_part_that_is_offered_has_words() -> None:
    for each in TEMPLATES:
        offered = offered_parts(each)
        assert set(WHOLE) <= set(offered)
        assert {part.partition(".")[2] for part in offered} <= set(PARTS)


@pytest.mark.parametrize(
    "markup",
    [
        "<p>Kính gửi</p>",
        "{% if doc.draft %}{{ decree30.title(doc) }}{% endif %}",
        "{{ doc.title }}",
        "{{ decree30.figures(doc.sections) }}",
        "{{ other.title(doc) }}",
        "{# {{ decree30.title(doc) }} #}",
        "{{ decree30.title(doc) ",
    ],
)
def test_what_has_markup_of_its_own_has_no_parts_and_stays(markup: str) -> None:
    template = SOURCE.replace(call_of("decree30.title"), markup)
    assert layout_of(template) is None
    assert with_parts(template, WHOLE) == template
    assert folded(unfolded(body(template)))["template"] == template


@pytest.mark.parametrize("template", [None, 7, [], "", "<p>", "{% for x in %}", "<body></body>", SOURCE + "{{ 1 }}"])
def test_what_is_no_template_is_left_alone(template: Any) -> None:
    assert layout_of(template) is None
    assert folded(unfolded(body(template))) == body(template)
    assert folded(unfolded(template)) == template


def test_an_empty_page_takes_parts() -> None:
    empty = with_parts(SOURCE, ())
    assert layout_of(empty) is not None
    assert with_parts(empty, WHOLE) == SOURCE


def test_the_list_of_parts_is_written_into_the_text() -> None:
    changed = unfolded(FIRST)
    changed["parts"] = [changed["parts"][1], {"part": "decree30.body"}, {}, {"part": "{% bad %}"}, {"part": None}]
    after = folded(changed)
    assert set(after) == set(FIRST)
    layout = layout_of(after["template"])
    assert layout is not None
    assert layout.parts == ("decree30.title", "decree30.body")


def test_text_that_was_changed_counts_where_the_list_was_not() -> None:
    changed = unfolded(FIRST)
    changed["template"] = {**changed["template"], "source": "<p>Viết tay</p>"}
    assert folded(changed)["template"] == "<p>Viết tay</p>"


def test_a_key_that_is_not_known_is_kept_to_be_told() -> None:
    odd = {**FIRST, "parts": "odd"}
    assert folded(unfolded(odd)) == odd


def test_a_block_that_cannot_be_read_offers_nothing() -> None:
    for source in (None, "{% macro", "{{ " + "(" * 5_000):
        assert offered_parts({**FIRST, "blocks": {"decree30.html": source}}) == []
