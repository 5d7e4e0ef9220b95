"""Values that the data lack: by their name in red while a template is only looked at, and told with their lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from portal.documents.job import Missing, RenderFailed, RenderJob
from portal.documents.missing import LONGEST_NAME, MOST_FOUND
from portal.documents.rendering import render
from portal.documents.templating import fill_in, fill_in_trial

if TYPE_CHECKING:
    from collections.abc import Mapping

RED, END = "<span style=color:#c00000;font-weight:700>", "</span>"
DATA = {"title": "Báo cáo", "draft": True, "sections": [{"heading": "I. A"}, {"heading": "II. B"}], "address": None}


def trial(template: str, blocks: Mapping[str, str] | None = None) -> tuple[str, list[Missing]]:
    page, missing = fill_in_trial(RenderJob(template=template, data=DATA, blocks=blocks or {}, is_trial=True))
    return page, list(missing)


def names(template: str) -> list[str]:
    return [each.name for each in trial(template)[1]]


def test_a_missing_value_stands_in_red_under_its_name_and_is_told_with_its_line() -> None:
    page, missing = trial("<p>{{ doc.title }}</p>\n<p>{{ doc.subjct }}</p>")
    assert page == f"<p>Báo cáo</p>\n<p>{RED}doc.subjct{END}</p>"
    assert missing == [Missing("doc.subjct", "template.html", 2)]


def test_the_same_template_fails_as_a_real_document() -> None:
    with pytest.raises(RenderFailed) as failed:
        fill_in(RenderJob(template="<p>{{ doc.subjct }}</p>", data=DATA))
    assert failed.value.code == "missing_value"


@pytest.mark.parametrize(
    ("template", "name"),
    [
        ("{{ subject }}", "subject"),
        ("{{ doc.signature.name }}", "doc.signature.name"),
        ("{% for s in doc.sections %}{{ s.headng }}{% endfor %}", "doc.sections[].headng"),
        ("{% macro m(part) %}{{ part.nme }}{% endmacro %}{{ m(doc) }}", "doc.nme"),
        ("{% if doc.drft %}x{% endif %}", "doc.drft"),
        ("{% for s in doc.sctions %}x{% endfor %}", "doc.sctions"),
        ("{{ doc.titl|length }}", "doc.titl"),
        ("{{ doc.titl|upper }}", "doc.titl"),
        ("{% if doc.titl == 'x' %}{% endif %}", "doc.titl"),
        ("{% if doc.titl != 'x' %}{% endif %}", "doc.titl"),
        ("{% if doc.titl < 1 or 'x' in doc.titl %}{% endif %}", "doc.titl"),
        ("<p class='{{ doc.titl }}'>", "doc.titl"),
    ],
)
def test_it_is_found_wherever_it_is_used(template: str, name: str) -> None:
    assert names(template) == [name]
    with pytest.raises(RenderFailed):
        fill_in(RenderJob(template=template, data=DATA))


@pytest.mark.parametrize(
    "template",
    [
        "{% if doc.titl is defined %}x{% endif %}",
        "{{ doc.titl|default('x') }}",
        "{% if doc.address %}{{ doc.address.lead }}{% endif %}",
        "{{ doc.sections[0].heading }}",
    ],
)
def test_what_a_real_document_does_not_mind_is_not_told(template: str) -> None:
    assert names(template) == []
    fill_in(RenderJob(template=template, data=DATA))


def test_what_is_missing_in_a_block_is_found_there() -> None:
    block = {"decree.html": "{% macro head(doc) %}\n\n{{ doc.isuer }}{% endmacro %}"}
    template = "{% import 'decree.html' as decree %}{{ decree.head(doc) }}"
    assert trial(template, block)[1] == [Missing("doc.isuer", "decree.html", 3)]


def test_a_name_is_text_and_ends_no_attribute() -> None:
    page, _missing = trial("<p title=\"{{ doc['<img src=x>'] }}\">")
    assert "<img" not in page
    assert '"' not in page.removeprefix('<p title="').removesuffix('">')


def test_a_missing_macro_is_no_value_and_stops_the_trial() -> None:
    with pytest.raises(RenderFailed) as failed:
        trial("{% import 'd.html' as d %}\n{{ d.hed(doc) }}", {"d.html": "{% macro head(doc) %}{% endmacro %}"})
    assert (failed.value.code, failed.value.detail.partition(": ")[0]) == ("missing_value", "template.html:2")


@pytest.mark.parametrize("template", ["{{ doc.title.__class__ }}", "{{ ''.__class__.__mro__ }}", "{{ doc.title.x }}"])
def test_attributes_are_as_forbidden_as_in_a_real_document(template: str) -> None:
    with pytest.raises(RenderFailed) as failed:
        trial(template)
    assert failed.value.code == "template_forbidden"


def test_only_so_many_are_told_and_no_name_is_long() -> None:
    many = "".join(f"{{{{ doc.a{number} }}}}" for number in range(MOST_FOUND + 5))
    assert len(names(many)) == MOST_FOUND
    assert len(names("{{ doc." + "a" * 500 + " }}")[0]) == LONGEST_NAME


def test_they_come_back_from_the_child() -> None:
    result = render(RenderJob(template="<p>{{ doc.subjct }}</p>", data=DATA, is_trial=True))
    assert result.missing == (Missing("doc.subjct", "template.html", 1),)
    assert render(RenderJob(template="<p>{{ doc.title }}</p>", data=DATA)).missing == ()
