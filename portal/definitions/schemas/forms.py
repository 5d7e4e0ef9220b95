"""The JSON Schema of forms, from the types, options and limits by which they are read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from portal.definitions.schemas.bricks import (
    Schema,
    choice,
    closed,
    day,
    field_name,
    figure,
    flag,
    items,
    label,
    names,
    number,
    only_with,
    ref,
    schema_number,
    text,
    whole,
    without,
    word,
)
from portal.definitions.schemas.formulas import FORMULA
from portal.definitions.schemas.guards import CONDITION, condition
from workflows.forms.definition import (
    CURRENCY,
    EVERY_COLUMN,
    EVERY_FIELD,
    FILE_KINDS,
    FOLLOWS,
    GIVEN,
    HEADING,
    HELP_LENGTH,
    LISTED,
    MAX_CHOICES,
    MAX_COLUMNS,
    MAX_FIELDS,
    MAX_FILES,
    MAX_LENGTH,
    MAX_MEGABYTES,
    MAX_ROWS,
    MAX_SECTIONS,
    MONEY_DECIMALS,
    NOT_IN_COLUMNS,
    OPTIONS,
    PATTERN_LENGTH,
    PER_PERIOD,
    SCHEMA,
    SOURCE,
    SOURCES,
)
from workflows.forms.fieldtypes import COLUMN_TYPES, TYPES
from workflows.forms.given import FACTS, OF_ROWS, facts_for
from workflows.forms.notation import MAX_DECIMALS
from workflows.forms.rules import MAX_PLACES, MAX_RULES, MESSAGE_LENGTH
from workflows.forms.schema import DONG, FIELD_NAME

if TYPE_CHECKING:
    from collections.abc import Mapping

    from workflows.forms.fieldtype import FieldType

_CHOICE: Final = closed(
    "An answer that is offered.", {"key": word("Its key in stored values."), "label": label("What people read.")}
)

_GIVEN: Final = "The fact of what a new report is begun from, such as a list of late units, that it begins with."

OPTION_SCHEMAS: Final[Mapping[str, Schema]] = {
    "help": label("How to answer, shown beside the input.", HELP_LENGTH),
    "unit": label("The unit of measure of its figure."),
    "indicator": word("The key of the indicator that its figure is of."),
    "required": flag("Whether submitting without it is refused."),
    "printed": flag("Whether its answer goes into the official document."),
    "visible_when": condition("When it is asked; otherwise it is hidden and counts nowhere."),
    "default": {"description": "The answer that a new report begins with, as it would be stored."},
    "prefill": choice("A new report begins with the answer of the same unit's last one.", ["last"]),
    GIVEN: choice(_GIVEN, [*FACTS, *OF_ROWS]),
    "nothing_to_report": flag("Whether “nothing to report” with a reason is an answer."),
    "as_of": flag("Whether its figure travels with the date at which it was true."),
    "approximate": flag("Whether its figure may be over, under or about what is written."),
    "target": closed(
        "What its figure should reach.",
        {
            "comparator": choice("Whether less or more than the value is missed.", ["at_least", "at_most"]),
            "value": figure("The value to reach."),
        },
    ),
    "min": figure("The smallest figure allowed."),
    "max": figure("The largest figure allowed; of a score, the points that can be reached."),
    "currency": word("What an amount is counted in, by its code of three letters.", CURRENCY),
    "decimals": number("How many decimals are allowed.", 0, MAX_DECIMALS),
    "numerator": label("What the numerator counts."),
    "denominator": label("What the denominator counts."),
    "may_exceed": flag("Whether the numerator may be larger than the denominator."),
    "signed": flag("Whether the numerator may be negative."),
    "formula": ref("formula", "How the figure comes about."),
    "sum_of": names("The fields whose sum this figure must be.", MAX_FIELDS, FIELD_NAME),
    "rows_of": field_name("The table whose number of rows this should be."),
    "pattern": closed(
        "What the text has to match.",
        {
            "matches": text("The pattern, which the whole text has to match.", PATTERN_LENGTH),
            "message": label("What is said where it does not."),
        },
    ),
    "max_length": number("The longest text, in characters.", 1, MAX_LENGTH),
    "earliest": day("The first date allowed."),
    "latest": day("The last date allowed."),
    "expected": choice(
        "Where a date should lie; elsewhere it is flagged, not refused.", ["in_period", "past", "future"]
    ),
    "choices": items("The answers that are offered.", _CHOICE, 1, MAX_CHOICES),
    SOURCE: choice("Where the answers come from, instead of being listed.", SOURCES),
    "least": number("The fewest of them to be ticked, where any are.", 1, MAX_CHOICES),
    "most": number("The most of them to be ticked.", 1, MAX_CHOICES),
    "columns": items("The columns of the table.", ref("column"), 1, MAX_COLUMNS),
    "max_rows": number("The most rows of the table.", 1, MAX_ROWS),
    "max_files": number("The most files that are attached.", 1, MAX_FILES),
    "max_megabytes": number("The largest file that is attached.", 1, MAX_MEGABYTES),
    "kinds": items(
        "The kinds of files that are attached.", choice("A kind.", FILE_KINDS), 1, len(FILE_KINDS), once=True
    ),
}
"""What each option of a field takes; the parser's `OPTIONS` says which there are."""

_MONEY: Final = {
    "if": {"properties": {"currency": {"const": DONG}}},
    "then": {"properties": {"decimals": {"maximum": 0}}},
    "else": {"properties": {"decimals": {"maximum": MONEY_DECIMALS}}},
}
"""Nobody counts parts of a đồng, which is the currency where none is said."""

_OFFERED: Final = {
    "if": {"required": [SOURCE]},
    "then": without(LISTED),
    "else": {"required": ["choices"]},
}
"""Answers are listed, or they come from somewhere else; then nobody knows which could be a default."""


def _field(name: str, kind: FieldType, shared: frozenset[str], barred: frozenset[str]) -> Schema:
    """A field of one type, or a column where shared and barred keys are those of columns."""
    offered = SOURCE in kind.keys
    needs = sorted(kind.needs - LISTED if offered else kind.needs)
    taken = {key: ref(f"option_{key}") for key in OPTIONS if key in (kind.keys - barred) | shared | kind.needs}
    if facts := facts_for(name, column=shared is EVERY_COLUMN):
        taken[GIVEN] = choice(_GIVEN, facts)  # fewer than the option knows
    required = {
        "name": field_name("Its name in stored values and facts; it stays the same in later versions."),
        "type": {"const": name},
        "label": ref("label"),
        **{key: taken.pop(key) for key in needs},
    }
    more = (_MONEY if name == "money" else {}) | (_OFFERED if offered else {})
    return closed(f"A question of the type {name}.", required, taken, **more)


_HEADING: Final = closed(
    "A heading among the questions; it asks nothing.",
    {"type": {"const": HEADING}, "label": label("What it says.")},
    {"help": label("What stands below it.", HELP_LENGTH), "printed": flag("Whether it is printed.")},
)


def _by_type(says: str, prefix: str, types: Mapping[str, object]) -> Schema:
    """Whatever its type makes of it: only what is wrong with that one is told."""
    return {
        "description": says,
        "type": "object",
        "required": ["type"],
        "properties": {"type": choice("What kind of answer it takes.", types)},
        "allOf": [only_with("type", name, ref(f"{prefix}_{name}")) for name in types],
    }


_SECTION: Final = closed(
    "A part of the form.",
    {
        "key": word("By which chains name it."),
        "name": label("Its heading."),
        "fields": {
            **items("Its questions, and headings among them.", ref("field"), 1, MAX_FIELDS),
            "contains": {
                "description": "At least one question.",
                "not": {"type": "object", "required": ["type"], "properties": {"type": {"const": HEADING}}},
            },
        },
    },
    {"help": label("How to fill it in.", HELP_LENGTH)},
)

_RULE: Final = closed(
    "A condition on several answers.",
    {
        "key": word("Its key."),
        "holds": condition("What must hold."),
        "message": label("What is said where it does not.", MESSAGE_LENGTH),
        "fields": names("The fields at which it is said.", MAX_PLACES, FIELD_NAME),
    },
    {
        "when": condition("When it is judged; always where this is not said."),
        "severity": choice("Whether it stands in the way or only warns.", ["error", "warning"]),
    },
)

FORM: Final = whole(
    "A form",
    closed(
        "What a unit fills in.",
        {
            "schema": schema_number(SCHEMA),
            "key": word("Under which it is kept."),
            "name": label("What it is called."),
            "sections": items("Its parts, in order.", _SECTION, 1, MAX_SECTIONS),
        },
        {
            "title": label("The heading of a report."),
            "per_period": choice("Whether a unit fills it in once for a period, or as often as it has to.", PER_PERIOD),
            "follows": choice("What a document that is made of it does to an earlier one.", FOLLOWS),
            "rules": items("Conditions on several answers.", _RULE, 0, MAX_RULES),
        },
    ),
    {
        "field": _by_type("A question, or a heading.", "field", {**TYPES, HEADING: None}),
        "column": _by_type("A column of a table.", "column", COLUMN_TYPES),
        **{
            f"field_{name}": _field(name, kind, EVERY_FIELD.difference(kind.bars), frozenset())
            for name, kind in TYPES.items()
        },
        f"field_{HEADING}": _HEADING,
        **{f"column_{name}": _field(name, kind, EVERY_COLUMN, NOT_IN_COLUMNS) for name, kind in COLUMN_TYPES.items()},
        "label": label("What is asked."),
        **{f"option_{key}": OPTION_SCHEMAS[key] for key in OPTIONS if key != GIVEN},
        **FORMULA,
        **CONDITION,
    },
)
