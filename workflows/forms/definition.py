"""Form definitions as data: read whole, with every error at its path, before they can be used."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final, Literal

from workflows.errors import DefinitionError
from workflows.forms.beginning import fits
from workflows.forms.fieldtypes import COLUMN_TYPES, TYPES
from workflows.forms.formulas import FINDINGS as OF_FORMULAS
from workflows.forms.formulas import read_formula
from workflows.forms.given import FACTS, OF_ROWS, check_given, facts_for
from workflows.forms.given import FINDINGS as OF_GIVEN
from workflows.forms.leaves import Exact, Whole
from workflows.forms.notation import MAX_DECIMALS, is_iso_date
from workflows.forms.references import FINDINGS as OF_REFERENCES
from workflows.forms.references import check_references
from workflows.forms.rules import read_rules
from workflows.forms.schema import DONG, FIELD_NAME, Choice, Field, Form, Heading, Pattern, Section, Target
from workflows.guards import read_guard
from workflows.reader import LANGUAGES, Node, refuse_repeats

if TYPE_CHECKING:
    from workflows.errors import Label
    from workflows.forms.fieldtype import FieldType

SCHEMA: Final = 1
HEADING: Final = "heading"
"""The type of what stands among the fields of a section and asks nothing."""
MAX_SECTIONS: Final = 39
MAX_FIELDS: Final = 500
MAX_COLUMNS: Final = 30
MAX_CHOICES: Final = 200
MAX_ROWS: Final = 500
MAX_FILES: Final = 20
MAX_MEGABYTES: Final = 100
FILE_KINDS: Final = ("pdf", "docx", "xlsx", "png", "jpg")
MAX_LENGTH: Final = 200_000
PATTERN_LENGTH: Final = 200
HELP_LENGTH: Final = 1_000
SOURCE: Final = "from"
"""The option that says where answers come from instead of listing them."""
SOURCES: Final = ("units", "posts", "tasks", "indicators")
GIVEN: Final = "given"
"""The option that says which fact of what a draft is begun from is the first answer; see ``given``."""
PER_PERIOD: Final = ("one", "many")
FOLLOWS: Final = ("corrects", "replaces")
"""What a document may do to an earlier one (Decree 30/2020, article 18.3)."""
OWN_PARTS: Final = frozenset({"nothing", "reason"})
"""Parts of inputs and facts that every field may have: no answer to tick can be called so."""
CURRENCY: Final = re.compile(r"[A-Z]{3}")
MONEY_DECIMALS: Final = 2

FINDINGS: Final[Mapping[str, tuple[str, ...]]] = {
    "bounds_crossed": ("least",),
    "default_unfit": (),
    **OF_REFERENCES,
    **OF_FORMULAS,
    **OF_GIVEN,
}
"""Codes about a form definition, with their params, besides those of ``workflows.reader``."""


def parse_form(body: object) -> Form:
    """Read a form, schema 1, from plain JSON or YAML data of any shape.

    Args:
        body: The definition; see ``workflows/library/forms`` for one.

    Raises:
        DefinitionError: With every error at its path, such as ``sections[0].fields[2].choices``.
            Unknown keys and types are errors; 500 fields, 30 columns and 500 rows are the limits.
    """
    root = Node(body, "", [])
    parts = root.fields(["schema", "key", "name", "sections"], ["title", "per_period", "follows", "rules"])
    parts["schema"].number(SCHEMA, SCHEMA)
    form = Form(
        key=parts["key"].word(),
        name=parts["name"].label(),
        sections=_sections(parts["sections"]),
        title=parts["title"].label() if parts["title"].given else None,
        per_period="many" if parts["per_period"].given and parts["per_period"].choice(PER_PERIOD) == "many" else "one",
        follows=_follows(parts["follows"]),
    )
    if parts["rules"].given:
        form = replace(form, rules=read_rules(parts["rules"], form.fields))
    if root.findings:
        raise DefinitionError(root.findings)
    return form


def _follows(node: Node) -> Literal["corrects", "replaces"] | None:
    if not node.given:
        return None
    return "corrects" if node.choice(FOLLOWS) == "corrects" else "replaces"


def _sections(node: Node) -> tuple[Section, ...]:
    nodes = node.items(1, MAX_SECTIONS)
    read: list[tuple[Node, Field]] = []
    sections = tuple(_section(each, read) for each in nodes)
    refuse_repeats(nodes, [section.key for section in sections])
    refuse_repeats([each for each, _ in read], [field.name for _, field in read])
    if len(read) > MAX_FIELDS:
        node.note("too_many", most=MAX_FIELDS)
    check_references(read)
    check_given(read)
    return sections


def _section(node: Node, read: list[tuple[Node, Field]]) -> Section:
    parts = node.fields(["key", "name", "fields"], ["help"])
    nodes = parts["fields"].items(1, MAX_FIELDS)
    blocks = tuple(_block(each) for each in nodes)
    asked = [(each, block) for each, block in zip(nodes, blocks, strict=True) if isinstance(block, Field)]
    if nodes and not asked:
        parts["fields"].note("too_few", least=1)
    read.extend(asked)
    return Section(
        key=parts["key"].word(),
        name=parts["name"].label(),
        blocks=blocks,
        help=_help(parts["help"]) if parts["help"].given else None,
    )


def _block(node: Node) -> Field | Heading:
    if not isinstance(node.value, Mapping) or node.value.get("type") != HEADING:
        kind = _kind(node, TYPES)
        return _field(node, TYPES, EVERY_FIELD.difference(kind.bars if kind else ()), _NOWHERE)
    parts = node.fields(["type", "label"], ["help", "printed"])
    return Heading(
        label=parts["label"].label(),
        help=_help(parts["help"]) if parts["help"].given else None,
        printed=parts["printed"].given and parts["printed"].flag(),
    )


def _field(node: Node, types: Mapping[str, FieldType], shared: frozenset[str], barred: frozenset[str]) -> Field:
    """Read a field, or a column when types and keys are those of columns."""
    kind, before = _kind(node, types), len(node.findings)
    if kind and SOURCE in kind.keys and SOURCE in node.mapping():
        barred, shared = barred | LISTED, shared - LISTED
    needs = sorted(kind.needs - barred) if kind else []
    keys = (kind.keys | _facts(kind, types) if kind else frozenset(OPTIONS)) - barred
    parts = node.fields(["name", "type", "label", *needs], sorted((keys | shared).difference(needs)))
    given = (key for key in OPTIONS if key in parts and parts[key].given)
    said: dict[str, Any] = {"source" if key == SOURCE else key: OPTIONS[key](parts[key]) for key in given}
    field = Field(
        name=parts["name"].word(FIELD_NAME),
        type=parts["type"].choice([*types, HEADING] if types is TYPES else types),
        label=parts["label"].label(),
        **said,
    )
    _bounds(parts, field)
    if kind and field.default is not None and len(node.findings) == before and not fits(field, field.default):
        parts["default"].note("default_unfit")
    return field


def _facts(kind: FieldType, types: Mapping[str, FieldType]) -> frozenset[str]:
    """The key by which a field says what it is given, where there is anything that its type takes."""
    name = next(key for key, each in types.items() if each is kind)
    return frozenset({GIVEN} if facts_for(name, column=types is COLUMN_TYPES) else ())


def _kind(node: Node, types: Mapping[str, FieldType]) -> FieldType | None:
    name = node.value.get("type") if isinstance(node.value, Mapping) else None
    return types.get(name) if isinstance(name, str) else None


def _bounds(parts: Mapping[str, Node], field: Field) -> None:
    least = Decimal(0) if field.type == "score" else field.min
    if least is not None and field.max is not None and field.max < least:
        parts["max"].note("bounds_crossed", least=str(least))
    if field.earliest and field.latest and field.latest < field.earliest:
        parts["latest"].note("bounds_crossed", least=field.earliest.isoformat())
    coins = 0 if field.currency == DONG else MONEY_DECIMALS
    if field.type == "money" and (field.decimals or 0) > coins:
        parts["decimals"].note("out_of_range", least=0, most=coins)
    if field.type == "choices":
        _ticks(parts, field)


def _ticks(parts: Mapping[str, Node], field: Field) -> None:
    for number, choice in enumerate(field.choices):
        if choice.key in OWN_PARTS:
            parts["choices"].item(number, choice).child("key", choice.key).note("reserved", value=choice.key)
    for part, count in (("least", field.least), ("most", field.most)):
        if count and count > len(field.choices) > 0:
            parts[part].note("out_of_range", least=1, most=len(field.choices))
    if field.least is not None and field.most is not None and field.most < field.least:
        parts["most"].note("bounds_crossed", least=str(field.least))


def _help(node: Node) -> Label:
    return {key: text.text(HELP_LENGTH) for key, text in node.fields(LANGUAGES).items()}


def _figure(node: Node) -> Decimal | None:
    """Read an exact number: a whole one, or a decimal in quotes."""
    if Whole().is_sound(node.value) or Exact().is_sound(node.value):
        return Decimal(str(node.value))
    node.note("wrong_type", expected="integer or decimal in quotes")
    return None


def _day(node: Node) -> date | None:
    if is_iso_date(node.value):
        return date.fromisoformat(str(node.value))
    node.note("wrong_type", expected="date in quotes")
    return None


def _target(node: Node) -> Target:
    parts = node.fields(["comparator", "value"])
    comparator = parts["comparator"].choice(["at_least", "at_most"])
    return Target("at_most" if comparator == "at_most" else "at_least", _figure(parts["value"]) or Decimal(0))


def _pattern(node: Node) -> Pattern:
    parts = node.fields(["matches", "message"])
    return Pattern(parts["matches"].text(PATTERN_LENGTH), parts["message"].label())


def _choices(node: Node) -> tuple[Choice, ...]:
    nodes = node.items(1, MAX_CHOICES)
    choices = tuple(_choice(each) for each in nodes)
    refuse_repeats(nodes, [choice.key for choice in choices])
    return choices


def _choice(node: Node) -> Choice:
    parts = node.fields(["key", "label"])
    return Choice(parts["key"].word(), parts["label"].label())


def _columns(node: Node) -> tuple[Field, ...]:
    nodes = node.items(1, MAX_COLUMNS)
    columns = tuple(_field(each, COLUMN_TYPES, EVERY_COLUMN, NOT_IN_COLUMNS) for each in nodes)
    refuse_repeats(nodes, [column.name for column in columns])
    return columns


def _file_kinds(node: Node) -> tuple[str, ...]:
    nodes = node.items(1, len(FILE_KINDS))
    kinds = tuple(each.choice(FILE_KINDS) for each in nodes)
    refuse_repeats(nodes, kinds)
    return kinds


def _names(node: Node) -> tuple[str, ...]:
    nodes = node.items(1, MAX_FIELDS)
    names = tuple(each.word(FIELD_NAME) for each in nodes)
    refuse_repeats(nodes, names)
    return names


OPTIONS: Final[Mapping[str, Callable[[Node], object]]] = {
    "help": _help,
    "unit": Node.label,
    "indicator": Node.word,
    "required": Node.flag,
    "printed": Node.flag,
    "visible_when": read_guard,
    "default": lambda node: node.value,
    "prefill": lambda node: node.choice(["last"]),
    GIVEN: lambda node: node.choice([*FACTS, *OF_ROWS]),
    "nothing_to_report": Node.flag,
    "as_of": Node.flag,
    "approximate": Node.flag,
    "target": _target,
    "min": _figure,
    "max": _figure,
    "currency": lambda node: node.word(CURRENCY),
    "decimals": lambda node: node.number(0, MAX_DECIMALS),
    "numerator": Node.label,
    "denominator": Node.label,
    "may_exceed": Node.flag,
    "signed": Node.flag,
    "formula": read_formula,
    "sum_of": _names,
    "rows_of": lambda node: node.word(FIELD_NAME),
    "pattern": _pattern,
    "max_length": lambda node: node.number(1, MAX_LENGTH),
    "earliest": _day,
    "latest": _day,
    "expected": lambda node: node.choice(["in_period", "past", "future"]),
    "choices": _choices,
    SOURCE: lambda node: node.choice(SOURCES),
    "least": lambda node: node.number(1, MAX_CHOICES),
    "most": lambda node: node.number(1, MAX_CHOICES),
    "columns": _columns,
    "max_rows": lambda node: node.number(1, MAX_ROWS),
    "max_files": lambda node: node.number(1, MAX_FILES),
    "max_megabytes": lambda node: node.number(1, MAX_MEGABYTES),
    "kinds": _file_kinds,
}
"""How each option of a field is read; a type says in ``keys`` which of them it takes."""

EVERY_COLUMN: Final = frozenset({"help", "required"})
"""What every column may say, whatever its type."""

EVERY_FIELD: Final = EVERY_COLUMN | {"visible_when", "default", "prefill", "printed", "nothing_to_report"}
"""What every field may say unless its type bars it."""

NOT_IN_COLUMNS: Final = frozenset({"indicator", "sum_of", "rows_of"})
"""What a type takes as a field and not as a column of a table."""

LISTED: Final = frozenset({"choices", "default"})
"""What a field does not say where its answers come from somewhere else."""

_NOWHERE: Final[frozenset[str]] = frozenset()
