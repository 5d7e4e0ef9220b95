"""What templates of documents may hold: enough to lay out what is given, and nothing else."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from portal.definitions.checks import check
from portal.definitions.library import shipped
from workflows.errors import DefinitionError

DOCUMENT: dict[str, Any] = next(body for kind, _key, body in shipped() if kind == "document")

ALLOWED = (
    "{{ doc.title }}",
    "{% if doc.draft and not doc.address %}DỰ THẢO{% elif doc.title == 'x' %}y{% else %}z{% endif %}",
    "{% for line in doc.subject_lines %}{{ line|upper|trim }}{{ loop.index }}{% else %}–{% endfor %}",
    "{{ 'a' if doc.draft is defined else 'b' }}",
    "{{ doc.title|default('x') }}",
    "{% macro part(x) %}{{ x }}{% endmacro %}{{ part(doc.title) }}",
    "{% import 'decree30.html' as d %}{{ d.head(doc) }}",
)

FORBIDDEN = {
    "{{ doc.__class__ }}": ".__class__",
    "{{ doc['__class__'] }}": "[…]",
    "{{ doc|attr('x') }}": "|attr",
    "{{ ''.join }}{{ ''.join(doc) }}": "()",
    "{{ 'a' * 1000000000 }}": "Mul",
    "{{ 'a' ~ 'b' }}": "~",
    "{{ '%1000000000d'|format(1) }}": "|format",
    "{{ 'a'.center(1000000000) }}": "()",
    "{{ 10 ** 10 }}": "Pow",
    "{{ 1 + 1 }}": "Add",
    "{{ range(100000000) }}": "()",
    "{{ lipsum(100) }}": "()",
    "{{ cycler.__init__.__globals__ }}": ".__init__",
    "{{ self.x() }}": "()",
    "{% include 'decree30.html' %}": "include",
    "{% extends 'decree30.html' %}": "extends",
    "{% import 'other.html' as d %}": "import",
    "{% import doc.title as d %}": "import",
    "{% from 'decree30.html' import head %}": "from … import",
    "{% set x = 1 %}": "set",
    "{% for x in doc.a recursive %}{{ loop(x) }}{% endfor %}": "For",
    "{{ doc.title|safe }}": "|safe",
    "{{ doc.title|replace('a', 'b') }}": "|replace",
    "{{ doc.a|map('upper') }}": "|map",
    "{{ doc.a is mapping }}": "is mapping",
    "{% filter upper %}x{% endfilter %}": "FilterBlock",
    "{% call part() %}x{% endcall %}": "CallBlock",
    "{% autoescape false %}{{ doc.title }}{% endautoescape %}": "ScopedEvalContextModifier",
    "{% macro part(x) %}{{ x }}{% endmacro %}{{ part(*doc.a) }}": "()",
    "{{ [1, 2] }}": "List",
    "{{ {'a': 1} }}": "Dict",
    "{{ 1.5 }}": "Const",
}


def found(template: str) -> list[tuple[str, Any]]:
    """What is found in the template of a document that is sound otherwise."""
    try:
        check("document", "provincial-report", {**copy.deepcopy(DOCUMENT), "template": template})
    except DefinitionError as error:
        return [(each.path, each.params.get("what", each.code)) for each in error.findings]
    return []


@pytest.mark.parametrize("template", ALLOWED)
def test_what_lays_out_is_allowed(template: str) -> None:
    assert found(template) == []


@pytest.mark.parametrize("template", FORBIDDEN)
def test_what_computes_or_reaches_elsewhere_is_not(template: str) -> None:
    assert ("template", FORBIDDEN[template]) in found(template)


def test_blocks_are_looked_at_like_the_template() -> None:
    body = copy.deepcopy(DOCUMENT)
    body["blocks"]["decree30.html"] = "\n{{ doc.__class__ }}"
    with pytest.raises(DefinitionError) as caught:
        check("document", "provincial-report", body)
    assert [(each.path, each.params) for each in caught.value.findings] == [
        ("decree30.html", {"line": 2, "what": ".__class__"})
    ]


def test_of_much_that_is_forbidden_the_beginning_is_told() -> None:
    assert len(found("{{ doc.__class__ }}" * 1000)) == 20


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"blocks": {}}, "blocks.decree30.html"),
        ({"blocks": {**DOCUMENT["blocks"], "../x.html": ""}}, "blocks.../x.html"),
        ({"block_styles": []}, "block_styles"),
        ({"style": 3}, "style"),
        ({"block_styles": [None]}, "block_styles[0]"),
    ],
)
def test_blocks_are_those_that_are_named_and_styles_are_texts(change: dict[str, Any], path: str) -> None:
    with pytest.raises(DefinitionError) as caught:
        check("document", "provincial-report", {**copy.deepcopy(DOCUMENT), **change})
    assert path in [each.path for each in caught.value.findings]
