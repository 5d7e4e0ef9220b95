"""A failure says where: line and value of a template, or the letter and the part of the content it stands in."""

from __future__ import annotations

from typing import Any

import pytest

from portal.documents.faults import Spot, code_of, spots_of
from portal.documents.job import Limits, RenderFailed
from portal.documents.printed import template_data
from portal.documents.rendering import RenderJob
from tests.portal.documents.document_samples import report_job, short_report
from tests.portal.documents.pressing import pressed

BODY: dict[str, Any] = {
    "template": "<p>\n{{ doc.title }} ✂</p>",
    "blocks": {"head.html": "\n\n<img src='http://a/b.png'>"},
}


def content(text: str) -> dict[str, Any]:
    return {**template_data(short_report(text)), "answers": {"note": "Ổn 𞤀"}}


def failed(job: RenderJob) -> str:
    with pytest.raises(RenderFailed) as error:
        pressed(job)
    return str(error.value)


def test_a_missing_value_is_named_with_block_and_line_from_the_child_on() -> None:
    sources = {"own.html": "{% macro head(doc) %}\n<p>{{ doc.chair.name }}</p>{% endmacro %}"}
    template = "{% import 'own.html' as own %}{{ own.head(doc) }}\n{{ doc.seal }}"
    error = failed(RenderJob(template, {"chair": {}}, blocks=sources))
    assert code_of(error) == "missing_value"
    assert spots_of(error, {}, {"template": template, "blocks": sources}) == [
        Spot("doc.chair.name", "own.html", 2),
        Spot("doc.seal", "template.html", 2),
    ]


def test_a_letter_is_found_in_section_answer_and_template() -> None:
    text = "Thực hiện Quyết định số 06 𐍈 của Thủ tướng"
    error = failed(report_job(short_report(text)))
    assert error == "letter_missing: 𐍈 U+10348"
    assert spots_of(error, content(text), BODY) == [
        Spot("𐍈 U+10348", part="sections", heading="I. NỘI DUNG", around="ực hiện Quyết định số 06 𐍈 của Thủ tướng"),
        Spot("𞤀 U+1E900", part="answers", heading="note", around="Ổn 𞤀"),
        Spot("✂ U+2702", "template.html", 2),
    ]


def test_an_address_is_found_in_the_block_that_asks_for_it() -> None:
    error = failed(RenderJob(BODY["blocks"]["head.html"], {}))
    assert spots_of(error, {}, BODY) == [Spot("http://a/b.png", "head.html", 3)]


@pytest.mark.parametrize(
    "error", [None, "", "timed_out: 60 s", "too_many_pages: 4 pages, at most 3", "Traceback (most"]
)
def test_what_has_no_place_is_told_without_one(error: str | None) -> None:
    assert spots_of(error, content("Ổn"), BODY) == []


def test_no_more_is_told_than_somebody_reads() -> None:
    names = "".join(f"{{{{ doc.a{n} }}}}" for n in range(60))
    assert len(spots_of(failed(RenderJob(names, {}, limits=Limits())), {}, BODY)) == 20
