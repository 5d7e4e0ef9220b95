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
    "{% macro part(x) %}{{ x }}{% endmacro %}{% macro all(part) %}{{ part }}{% endmacro %}{{ all(doc.title) }}",
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
    "{% macro m(a) %}{{ a.x }}{% endmacro %}{{ m(doc.answers) }}": ".answers",
    "{{ (doc.answers|default('')).x }}": ".answers",
    "{{ (doc.answers or doc).x }}": ".answers",
    "{% for a in doc.answers %}{{ a }}{% endfor %}": ".answers",
    "{{ doc.answers }}": ".answers",
    "{% filter upper %}x{% endfilter %}": "FilterBlock",
    "{% call part() %}x{% endcall %}": "CallBlock",
    "{% autoescape false %}{{ doc.title }}{% endautoescape %}": "ScopedEvalContextModifier",
    "{% macro part(x) %}{{ x }}{% endmacro %}{{ part(*doc.a) }}": "()",
    "{{ [1, 2] }}": "List",
    "{{ {'a': 1} }}": "Dict",
    "{{ 1.5 }}": "Const",
    "{% macro a(b) %}{{ b(b) }}{% endmacro %}{% macro b() %}{% endmacro %}{{ a(a) }}": "()",
    "{% macro a() %}{% endmacro %}{% for a in doc.a %}{{ a() }}{% endfor %}": "()",
}

NAMELESS = {
    "{{ nope }}": "nope",
    "{{ nope|default('x') }}": "nope",
    "{{ subject.lower }}": "subject",
    "{{ range }}{{ doc.title }}": "range",
    "{{ loop.index }}": "loop",
    "{{ self }}": "self",
    "{% macro part() %}{{ caller }}{% endmacro %}": "caller",
    "{% for x in doc.a %}{% endfor %}{{ x }}": "x",
    "{{ part() }}{% macro part() %}x{% endmacro %}": "part",
    "{% macro part(x=y) %}{{ x }}{% endmacro %}": "y",
    "{% import 'decree30.html' as d %}{{ d.nothing(doc) }}": "d.nothing",
    "{% import 'decree30.html' as d %}{{ d.title_of }}": "d.title_of",
}
"""What nothing provides, however it is used."""

ENDLESS = {
    "{% macro a() %}{{ a() }}{% endmacro %}": "template: a → template: a",
    "{% macro a(x) %}{% if x %}{{ b(x) }}{% endif %}{% endmacro %}{% macro b(x) %}{{ a(x) }}{% endmacro %}": (
        "template: a → template: b → template: a"
    ),
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


@pytest.mark.parametrize("template", NAMELESS)
def test_what_nothing_provides_cannot_be_named(template: str) -> None:
    assert found(template) == [("template", NAMELESS[template])]


@pytest.mark.parametrize("template", ENDLESS)
def test_macros_do_not_call_each_other_for_ever(template: str) -> None:
    assert found(template) == [("template", ENDLESS[template])]


def of_block(block: str, template: str = "{% import 'decree30.html' as d %}{{ d.a() }}") -> list[tuple[str, Any]]:
    """What is found where the one block of a document is another."""
    try:
        blocks = {"decree30.html": block}
        check("document", "provincial-report", {**copy.deepcopy(DOCUMENT), "template": template, "blocks": blocks})
    except DefinitionError as error:
        return [(each.path, each.params.get("what", each.code)) for each in error.findings]
    return []


def test_a_block_sees_the_document_only_when_it_is_given_to_it() -> None:
    block = "{% macro a() %}{{ doc.title }}{% endmacro %}"
    assert of_block(block) == [("decree30.html", "doc")]
    assert of_block(block, "{% import 'decree30.html' as d with context %}{{ d.a() }}") == []


def test_a_block_does_not_import_itself() -> None:
    block = "{% import 'decree30.html' as again %}{% macro a() %}x{% endmacro %}"
    assert of_block(block) == [("decree30.html", "decree30.html → decree30.html")]


def test_thousands_of_macros_are_followed_to_their_end() -> None:
    chained = "".join(f"{{% macro m{at}() %}}{{{{ m{at + 1}() }}}}{{% endmacro %}}" for at in range(3_000))
    assert found(chained + "{% macro m3000() %}{% endmacro %}") == []
    [(_path, what)] = found(chained + "{% macro m3000() %}{{ m0() }}{% endmacro %}")
    assert what.count("→") == 19


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
