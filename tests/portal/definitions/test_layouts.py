"""Templates as lists of parts: taken apart and put together again to the letter, and never guessed at."""

from __future__ import annotations

import re
from typing import Any

import pytest

from portal.definitions.gallery import processes
from portal.definitions.layout import OF_SECTION, call_of, folded, layout_of, offered_parts, unfolded, with_parts
from portal.definitions.library import shipped
from portal.definitions.shapes.documents import OF_SECTION as SECTION_PARTS
from portal.definitions.shapes.documents import PARTS
from portal.definitions.templates import check_template
from portal.documents.job import RenderJob
from portal.documents.sample import sample_data
from portal.documents.templating import fill_in

TEMPLATES: list[dict[str, Any]] = [
    *(body for kind, _key, body in shipped() if kind == "document"),
    *(each.bodies["document"] for each in processes() if "document" in each.bodies),
]
WHOLE = tuple(f"decree30.{part}" for part in ("head", "title", "address", "body", "foot", "annexes"))
FIRST: dict[str, Any] = TEMPLATES[0]
TAG = re.compile(r"<[^>]+>")
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
        offered, of_section = offered_parts(each), offered_parts(each, OF_SECTION)
        assert set(WHOLE) < set(offered)
        assert {part.partition(".")[2] for part in offered} == set(PARTS)
        assert {part.partition(".")[2] for part in of_section} == set(SECTION_PARTS)


def printed(*parts: str) -> str:
    """A page of these parts, filled in with the sample."""
    template = with_parts(SOURCE, parts)
    check_template(body(template))
    job = RenderJob(template=template, data=sample_data(FIRST["metadata"]), blocks=FIRST["blocks"])
    return fill_in(job).partition("<body>")[2]


@pytest.mark.parametrize(
    ("whole", "pieces"),
    [
        ("head", ("issuer", "number")),
        ("body", ("opening", "sections", "closing")),
        ("foot", ("recipients", "signature")),
    ],
)
def test_the_pieces_of_a_part_print_what_it_prints(whole: str, pieces: tuple[str, ...]) -> None:
    texts = [TAG.sub(" ", printed(*(f"decree30.{part}" for part in parts))).split() for parts in ((whole,), pieces)]
    assert texts[0] == texts[1]
    assert len(texts[0]) > 20


def test_a_section_is_printed_alone_and_so_are_tables() -> None:
    second = printed("decree30.section:2")
    assert "II. KẾT QUẢ THỰC HIỆN (MẪU)" in second
    assert "I. CÔNG TÁC" not in second
    assert printed("decree30.section:99").count("<") == printed("decree30.tables_of:1").count("<")
    assert printed("decree30.tables_of:2").count("<table") == 2
    assert printed("decree30.tables").count("<table") == 3
    assert "Đây là nội dung mẫu" not in printed("decree30.tables_of:2")


def test_a_part_of_a_section_keeps_its_number() -> None:
    template = with_parts(SOURCE, ["decree30.section:12", "decree30.title"])
    assert "{{ decree30.section(doc, 12) }}\n{{ decree30.title(doc) }}" in template
    layout = layout_of(template.replace("(doc, 12)", "( doc,12 )"))
    assert layout is not None
    assert layout.parts == ("decree30.section:12", "decree30.title")


@pytest.mark.parametrize(
    "markup",
    [
        "<p>Kính gửi</p>",
        "{% if doc.draft %}{{ decree30.title(doc) }}{% endif %}",
        "{{ doc.title }}",
        "{{ decree30.figures(doc.sections) }}",
        "{{ other.title(doc) }}",
        "{{ decree30.section(doc, 0) }}",
        "{{ decree30.section(doc, number) }}",
        "{{ decree30.section(doc, 1, 2) }}",
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
