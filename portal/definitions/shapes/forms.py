"""What the designer shows of a form."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from flask_babel import lazy_gettext as _l

from portal.definitions.facts import is_ratio
from portal.definitions.shapes.around import fields_of, indicators_of, own_facts
from portal.definitions.shapes.description import Branch, Part, Shape, always, in_both
from portal.definitions.shaping import free_name
from workflows.forms import TYPES
from workflows.forms.definition import EVERY_COLUMN, EVERY_FIELD, FILE_KINDS, GIVEN, HEADING, LISTED, NOT_IN_COLUMNS
from workflows.forms.fieldtypes import COLUMN_TYPES
from workflows.forms.given import facts_for
from workflows.forms.schema import MEASURED

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

TYPE_NAMES: dict[str, Any] = {
    "text": _l("Text on one line"),
    "long_text": _l("Text of several lines"),
    "rich_text": _l("Paragraphs with bold, italic and lists"),
    "integer": _l("Whole number"),
    "decimal": _l("Number with decimals"),
    "money": _l("Amount of money"),
    "ratio": _l("Ratio: numerator and denominator"),
    "score": _l("Score with a maximum"),
    "rank": _l("Rank among a number"),
    "computed": _l("Figure computed from others"),
    "date": _l("Date"),
    "date_range": _l("Days from one to another"),
    "yes_no": _l("Yes or no"),
    "choice": _l("One of several answers"),
    "choices": _l("Several of several answers"),
    "table": _l("Table"),
    "attachment": _l("Attached files"),
    HEADING: _l("Heading, asks nothing"),
}
"""What the kinds of answers are called, in the order in which they are offered."""

NEEDED: Mapping[str, Any] = {
    "choices": [
        {"key": "a", "label": in_both("Lựa chọn 1")},
        {"key": "b", "label": in_both("Lựa chọn 2")},
    ],
    "columns": [{"name": "content", "type": "text", "label": in_both("Nội dung")}],
    "max": 100,
    "formula": {"sum": []},
}
"""What a kind of answer cannot be without, as it is at first."""

EXPECTED = (
    ("in_period", _l("in the period reported on")),
    ("past", _l("in the past")),
    ("future", _l("still to come")),
)
COMPARATORS = (("at_least", _l("at least")), ("at_most", _l("at most")))
SEVERITIES = (("error", _l("it cannot be handed in")), ("warning", _l("its author is told")))
PREFILLS = (("last", _l("the answer of the last report")),)

FIGURES = ("integer", "decimal", "money", "score", "ratio", "computed")
"""Kinds of answers that can be computed with; of a ratio its distance from its target alone."""

FACTS: Mapping[str, Any] = {
    "units_asked": _l("how many units the list is about"),
    "units_done": _l("how many of them are done"),
    "units_late": _l("how many of them are late"),
    "received": _l("what has come of those that are done, as in “nhận được báo cáo của”"),
    "list_name": _l("what the list says is late"),
    "old_due": _l("the last day that was in time"),
    "source": _l("the document that asks for it"),
    "late_units": _l("the units that are late"),
    "earlier_reference": _l("number and symbol of the earlier document"),
    "earlier_date": _l("date of the earlier document"),
    "earlier_subject": _l("subject of the earlier document"),
}
FACTS_OF_ROWS: Mapping[str, Any] = {
    "unit": _l("the name of the unit"),
    "missing": _l("what is missing"),
    "days": _l("days late"),
    "person": _l("the person responsible"),
}
"""What the facts are called that a question, or a column, can be given."""

FOLLOWS = (
    ("corrects", _l("it corrects it (đính chính)")),
    ("replaces", _l("it replaces it (thay thế)")),
)

TIMES = (("one", _l("once for a period")), ("many", _l("as often as it has to in a period")))

SOURCES = (
    ("units", _l("the units of the province")),
    ("posts", _l("the posts of the reporting unit")),
    ("tasks", _l("the tasks of the reporting unit")),
    ("indicators", _l("the indicators in use")),
)
OFFERED = _l("Then no answers are listed here: those are offered that there are when somebody reports.")

KINDS_OF_FILES = tuple((kind, kind.upper()) for kind in FILE_KINDS)

BOUND = _l("What is measured. Figures of the same indicator are followed over time, whichever form asks for them.")

OFTEN = _l(
    "Reports are filled in once, and so is what says nothing here; letters, decisions and minutes as often as somebody "
    "has to write one."
)

FOLLOWING = _l(
    "With this form people begin a correction or a replacement on the page of an issued document; when it is issued, "
    "both documents say so. Left empty, it is a document of its own."
)

GIVEN_BY = _l(
    "A draft begun from a list of late units or from an issued document begins with what is known there. Its drafter "
    "can change it."
)

PATTERN = _l("A regular expression of RE2, such as [0-9]{12}; it is for the whole text.")

OPTIONS: dict[str, tuple[Part, ...]] = {
    "help": (Part("help", _l("How to answer"), "long_label", rare=True),),
    "unit": (Part("unit", _l("Unit of measure"), "label"),),
    "indicator": (Part("indicator", _l("Indicator"), "choice", help=BOUND),),
    "required": (Part("required", _l("It must be answered"), "flag"),),
    "printed": (Part("printed", _l("It is printed in the document"), "flag"),),
    "nothing_to_report": (Part("nothing_to_report", _l("“Nothing to report” is an answer"), "flag", rare=True),),
    "as_of": (Part("as_of", _l("The date of the figure is asked for"), "flag", rare=True),),
    "approximate": (Part("approximate", _l("It may be over, under or about"), "flag", rare=True),),
    "from": (Part("from", _l("Answers come from"), "choice", SOURCES, help=OFFERED, rare=True),),
    "choices": (Part("choices", _l("Answers"), "answers", needed=True),),
    "least": (Part("least", _l("At least so many ticks"), "number", rare=True),),
    "most": (Part("most", _l("At most so many ticks"), "number", rare=True),),
    "min": (Part("min", _l("Smallest figure"), "figure", rare=True),),
    "max": (Part("max", _l("Largest figure"), "figure"),),
    "decimals": (Part("decimals", _l("Digits after the mark, at most"), "number", rare=True),),
    "currency": (Part("currency", _l("Currency"), "line", help=_l("Three letters; empty for đồng."), rare=True),),
    "target": (
        Part("target.comparator", _l("Target"), "choice", COMPARATORS, rare=True),
        Part("target.value", _l("Figure of the target"), "figure", rare=True),
    ),
    "numerator": (Part("numerator", _l("What the numerator counts"), "label"),),
    "denominator": (Part("denominator", _l("What the denominator counts"), "label"),),
    "may_exceed": (Part("may_exceed", _l("The numerator may be larger"), "flag", rare=True),),
    "signed": (Part("signed", _l("The numerator may be negative"), "flag", rare=True),),
    "formula": (Part("formula", _l("How it is computed"), "formula", fields_of(*FIGURES), needed=True),),
    "sum_of": (Part("sum_of", _l("It is the sum of"), "words", fields_of("integer", "money"), rare=True),),
    "rows_of": (Part("rows_of", _l("It is the number of rows of"), "choice", fields_of("table"), rare=True),),
    "pattern": (
        Part("pattern.matches", _l("Pattern that the text matches"), "line", help=PATTERN, rare=True),
        Part("pattern.message", _l("What is said where it does not"), "label", rare=True),
    ),
    "max_length": (Part("max_length", _l("At most so many characters"), "number", rare=True),),
    "earliest": (Part("earliest", _l("First day allowed"), "day", rare=True),),
    "latest": (Part("latest", _l("Last day allowed"), "day", rare=True),),
    "expected": (Part("expected", _l("Where the day should lie"), "choice", EXPECTED, rare=True),),
    "max_rows": (Part("max_rows", _l("At most so many rows"), "number", rare=True),),
    "max_files": (Part("max_files", _l("At most so many files"), "number", rare=True),),
    "max_megabytes": (Part("max_megabytes", _l("Each at most so many megabytes"), "number", rare=True),),
    "kinds": (
        Part("kinds", _l("Kinds of files"), "words", KINDS_OF_FILES, help=_l("Nothing ticked: all."), rare=True),
    ),
    "default": (Part("default", _l("It begins with"), "yaml", rare=True),),
    "prefill": (Part("prefill", _l("Or it begins with"), "choice", PREFILLS, rare=True),),
    "given": (Part("given", _l("Or it is given"), "choice", help=GIVEN_BY, rare=True),),
    "visible_when": (Part("visible_when", _l("Asked only if"), "condition", facts=own_facts, rare=True),),
}
"""How each option of an answer is put in, in the order in which they are shown."""

OF_HEADINGS = ("help", "printed")


def options_of(kind: str, *, column: bool = False) -> list[str]:
    """The options of a kind of answer, in order.

    Args:
        kind: a key of `TYPE_NAMES`; of any other nothing is known.
        column: whether it is a column of a table.
    """
    if kind == HEADING:
        return list(OF_HEADINGS)
    if kind not in TYPES:
        return [key for key in OPTIONS if key in EVERY_COLUMN]
    shared = (EVERY_COLUMN if column else EVERY_FIELD) - TYPES[kind].bars
    own = TYPES[kind].keys - (NOT_IN_COLUMNS if column else frozenset())
    given = {GIVEN} if facts_for(kind, column=column) else frozenset[str]()
    return [key for key in OPTIONS if key in own | shared | given]


def _kinds(names: Mapping[str, Any] | Sequence[str]) -> list[tuple[str, Any]]:
    return [(key, words) for key, words in TYPE_NAMES.items() if key in names]


def _parts(field: Mapping[str, Any], *, column: bool) -> list[Part]:
    kind = field.get("type")
    known = [*COLUMN_TYPES] if column else [*TYPES, HEADING]
    listed = LISTED if "from" in field else frozenset[str]()
    options = [key for key in options_of(kind if isinstance(kind, str) else "", column=column) if key not in listed]
    return [
        Part("label", _l("What is asked"), "label", needed=True),
        Part("type", _l("Kind of answer"), "choice", _kinds(known), needed=True),
        *(_bound(part, field, column=column) for key in options for part in OPTIONS[key]),
        *([] if kind == HEADING else [Part("name", _l("Name in data"), "line", needed=True, help=NAMES, rare=True)]),
    ]


def _bound(part: Part, field: Mapping[str, Any], *, column: bool) -> Part:
    """A part as it is; those of indicators and of facts with what can be chosen for the field's kind of answer."""
    kind = str(field.get("type"))
    if part.key == GIVEN:
        words = FACTS_OF_ROWS if column else FACTS
        return replace(part, choices=[(fact, words[fact]) for fact in facts_for(kind, column=column)])
    if part.key != "indicator":
        return part
    figure = "ratio" if is_ratio(field) else MEASURED.get(kind)
    return replace(part, choices=indicators_of(figure, field.get("indicator")))


NAMES = _l("Small letters without accents, digits and “_”. Conditions, tables and later versions know it by this.")


def _of_field(field: Mapping[str, Any]) -> Sequence[Part]:
    return _parts(field, column=False)


def _of_column(field: Mapping[str, Any]) -> Sequence[Part]:
    return _parts(field, column=True)


FIRST_LABELS = {HEADING: "Tiêu đề mới", "table": "Bảng mới", "attachment": "Tệp đính kèm mới"}
"""What new questions of some types are called; content of the form, so it is no text of the portal."""


def first_field(kind: str, taken: set[str]) -> dict[str, Any]:
    """A new question of a kind; it can be published as it is.

    Args:
        kind: a key of `TYPE_NAMES`.
        taken: names that are not free.
    """
    label = in_both(FIRST_LABELS.get(kind, "Câu hỏi mới"))
    if kind == HEADING:
        return {"type": kind, "label": label}
    needs = {key: NEEDED[key] for key in sorted(TYPES[kind].needs)}
    return {"name": free_name(f"{kind}_1", taken), "type": kind, "label": label, **needs}


def _first_section(_kind: str, taken: set[str]) -> dict[str, Any]:
    key = free_name("section", taken)
    return {"key": key, "name": in_both("Mục mới"), "fields": [first_field("long_text", taken | {key})]}


def _first_rule(_kind: str, taken: set[str]) -> dict[str, Any]:
    message = {"vi": "Kiểm tra lại các số liệu này.", "en": "Check these figures."}
    return {"key": free_name("rule", taken), "holds": {}, "message": message, "fields": []}


def _of_rule(_rule: Mapping[str, Any]) -> Sequence[Part]:
    return [
        Part("message", _l("What is said where it does not hold"), "long_label", needed=True),
        Part("holds", _l("What must hold"), "condition", facts=own_facts, needed=True),
        Part("when", _l("Only if"), "condition", facts=own_facts),
        Part("fields", _l("At which fields it is said"), "words", fields_of(), needed=True),
        Part("severity", _l("Where it does not hold"), "choice", SEVERITIES),
        Part("key", _l("Code"), "line", needed=True, rare=True),
    ]


def _with_needs(field: dict[str, Any]) -> dict[str, Any]:
    """A question that has just become one of another kind, with what that kind cannot be without."""
    kind = TYPES.get(str(field.get("type")))
    needs = kind.needs - (LISTED if "from" in field else frozenset()) if kind else frozenset[str]()
    return {**field, **{key: NEEDED[key] for key in sorted(needs) if key not in field}}


COLUMN = Shape(_l("Column"), _of_column, always(), _with_needs)
COLUMNS = Branch("columns", COLUMN, _kinds(list(COLUMN_TYPES)), first_field)
FIELD = Shape(_l("Question"), _of_field, lambda field: [COLUMNS] if field.get("type") == "table" else [], _with_needs)
SECTION = Shape(
    _l("Section"),
    always(
        Part("name", _l("Heading"), "label", needed=True),
        Part("help", _l("How to answer"), "long_label"),
        Part("key", _l("Code"), "line", needed=True, rare=True),
    ),
    always(Branch("fields", FIELD, list(TYPE_NAMES.items()), first_field)),
)
RULE = Shape(_l("Rule"), _of_rule, always())
FORM = Shape(
    _l("Form"),
    always(
        Part("name", _l("Name in lists"), "label", needed=True),
        Part("title", _l("Heading of a report"), "label", help=_l("{period} stands for the period.")),
        Part("per_period", _l("How often a unit fills it in"), "choice", TIMES, help=OFTEN),
        Part("follows", _l("What its document does to an earlier one"), "choice", FOLLOWS, help=FOLLOWING, rare=True),
    ),
    always(
        Branch("sections", SECTION, [("section", _l("Section"))], _first_section),
        Branch("rules", RULE, [("rule", _l("Rule on several answers"))], _first_rule),
    ),
)
