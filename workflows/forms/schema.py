"""What a form definition is once parsed, what reading a form gives, and what the submit gate needs to know."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from graphlib import TopologicalSorter
from typing import TYPE_CHECKING, Literal, TypeAlias

from workflows.guards import mentioned

if TYPE_CHECKING:
    from datetime import date

    from workflows.errors import Finding, Label
    from workflows.guards import Guard
    from workflows.periods import Window

Values: TypeAlias = Mapping[str, object]
"""What is stored: one JSON value per answered field; the shapes are those of ``fieldtypes.TYPES``."""

Scalar: TypeAlias = str | bool | int | Decimal
"""What a guard may see."""


@dataclass(frozen=True)
class Choice:
    """One answer that a field of type ``choice`` or ``choices`` offers."""

    key: str
    label: Label


@dataclass(frozen=True)
class Target:
    """What a figure should reach, in the field's unit; for a ratio, in percent."""

    comparator: Literal["at_least", "at_most"]
    value: Decimal


FIELD_NAME = re.compile(r"[a-z][a-z0-9_]{0,40}")

MEASURED: Mapping[str, str] = {
    **dict.fromkeys(("integer", "decimal", "money", "computed"), "number"),
    **{kind: kind for kind in ("ratio", "score", "rank")},
}
"""Types whose answer is a figure that an indicator can be made of → which kind of figure."""

DONG = "VND"
"""The currency of an amount that names none; it has no smaller coin, so its amounts are whole."""


@dataclass(frozen=True)
class Pattern:
    """The shape of a text.

    Attributes:
        matches: A regular expression that the whole text must match, in the syntax of whoever matches it.
        message: What is said to whoever typed something else.
    """

    matches: str
    message: Label


@dataclass(frozen=True)
class Formula:
    """How a computed figure comes about.

    Attributes:
        op: ``number field sum column_sum change against_target ratio``, or a sign of arithmetic.
        terms: What ``ratio`` and the signs apply to.
        names: The fields that the others name; for ``column_sum`` the table and its column.
        number: What ``number`` is.
    """

    op: str
    terms: tuple[Formula, ...] = ()
    names: tuple[str, ...] = ()
    number: Decimal = Decimal(0)

    @property
    def figures(self) -> frozenset[str]:
        """The names of the fields of which it takes the figure."""
        own = self.names if self.op not in {"column_sum", "against_target"} else ()
        return frozenset(own).union(*(term.figures for term in self.terms))

    @property
    def columns(self) -> frozenset[tuple[str, ...]]:
        """The tables and columns of which it takes the sum."""
        own = (self.names,) if self.op == "column_sum" else ()
        return frozenset(own).union(*(term.columns for term in self.terms))

    @property
    def aimed(self) -> frozenset[str]:
        """The names of the fields that it holds against their targets."""
        own = self.names if self.op == "against_target" else ()
        return frozenset(own).union(*(term.aimed for term in self.terms))

    @property
    def compares(self) -> bool:
        """Whether it looks at the period before."""
        return self.op == "change" or any(term.compares for term in self.terms)


@dataclass(frozen=True)
class Field:
    """One question of a form, or one column of a table.

    Attributes:
        name: Its name in stored values, inputs and facts.
        type: A key of ``fieldtypes.TYPES``.
        label: What is asked.
        help: How to answer, shown beside the input.
        unit: Unit of measure of its figure.
        indicator: The key of the indicator that its figure is of; figures are followed over time and added up by it.
        required: Submitting without it is refused.
        visible_when: The condition on other answers under which it is asked; otherwise it is hidden and counts nowhere.
        printed: Its answer goes into the official document, in the order of the form.
        default: The answer that a new report begins with, as it would be stored.
        prefill: ``last``: a new report begins with the answer of the same unit's last one.
        given: The fact of what a new report is begun from that it begins with; see ``given``.
        nothing_to_report: "Không phát sinh" with a reason is an answer.
        as_of: Its figure travels with the date at which it was true.
        approximate: Its figure may be "over", "under" or "about" what is written.
        target: What its figure should reach.
        min: Smallest figure allowed.
        max: Largest figure allowed; for a score, the number of points that can be reached.
        decimals: Decimals allowed; a ratio of counts has none, nor has an amount of đồng.
        currency: What an amount of money is counted in, by its code of three letters.
        numerator: What the numerator of a ratio counts.
        denominator: What its denominator counts.
        may_exceed: The numerator of a ratio may be larger than its denominator.
        signed: The numerator of a ratio may be negative.
        formula: How a computed figure comes about.
        sum_of: Fields of the same type, and currency, whose sum this figure must be.
        rows_of: The table whose number of rows this integer should be.
        pattern: The shape of a line of text.
        max_length: Longest text, in characters.
        earliest: First date allowed.
        latest: Last date allowed.
        expected: Where a date should lie; elsewhere it is flagged, not refused.
        choices: The answers offered.
        source: Where they come from, if the definition does not list them; see ``offering``.
        least: Fewest of them to be ticked, where any are.
        most: Most of them to be ticked.
        columns: The columns of a table.
        max_rows: Most rows of a table.
        max_files: Most files attached.
        max_megabytes: Largest file attached; None for whatever is taken at all.
        kinds: Kinds of files that may be attached; empty for all that are taken at all.
    """

    name: str
    type: str
    label: Label
    help: Label | None = None
    unit: Label | None = None
    indicator: str | None = None
    required: bool = False
    visible_when: Guard | None = None
    printed: bool = False
    default: object = None
    prefill: Literal["last"] | None = None
    given: str | None = None
    nothing_to_report: bool = False
    as_of: bool = False
    approximate: bool = False
    target: Target | None = None
    min: Decimal | None = None
    max: Decimal | None = None
    decimals: int | None = None
    currency: str = DONG
    numerator: Label | None = None
    denominator: Label | None = None
    may_exceed: bool = False
    signed: bool = False
    formula: Formula | None = None
    sum_of: tuple[str, ...] = ()
    rows_of: str | None = None
    pattern: Pattern | None = None
    max_length: int | None = None
    earliest: date | None = None
    latest: date | None = None
    expected: Literal["in_period", "past", "future"] | None = None
    choices: tuple[Choice, ...] = ()
    source: Literal["units", "posts", "tasks", "indicators"] | None = None
    least: int | None = None
    most: int | None = None
    columns: tuple[Field, ...] = ()
    max_rows: int = 100
    max_files: int = 10
    max_megabytes: int | None = None
    kinds: tuple[str, ...] = ()

    @property
    def needs(self) -> frozenset[str]:
        """The fields whose answers decide on it."""
        asked = mentioned(self.visible_when) if self.visible_when else ()
        named = frozenset(fact.partition(".")[0] for fact in asked)
        if not self.formula:
            return named
        return named.union(self.formula.figures, self.formula.aimed, (table for table, _ in self.formula.columns))

    @property
    def figure(self) -> str | None:
        """What kind of figure it asks for: ``number``, ``ratio``, ``score`` or ``rank``; None for none."""
        return "ratio" if self.formula and self.formula.op == "ratio" else MEASURED.get(self.type)

    @property
    def measure(self) -> Label | None:
        """What its figure is counted in, as it stands beside it."""
        if self.type != "money":
            return self.unit
        return {"vi": "đồng", "en": DONG} if self.currency == DONG else dict.fromkeys(("vi", "en"), self.currency)


@dataclass(frozen=True)
class Heading:
    """Words between the questions of a section; nobody answers them.

    Attributes:
        label: The words.
        help: What to know about the questions below, shown on the form alone.
        printed: They stand in the official document, above the answers below them.
    """

    label: Label
    help: Label | None = None
    printed: bool = False


@dataclass(frozen=True)
class Section:
    """A headed part of a form.

    Attributes:
        key: Its key within the form.
        name: Its heading.
        blocks: Its questions, and the headings between them, in order.
        help: How to answer it.
    """

    key: str
    name: Label
    blocks: tuple[Field | Heading, ...]
    help: Label | None = None

    @cached_property
    def fields(self) -> tuple[Field, ...]:
        """Its questions."""
        return tuple(block for block in self.blocks if isinstance(block, Field))


@dataclass(frozen=True)
class Rule:
    """What answers to several fields must be together.

    Attributes:
        key: Its key within the form.
        holds: The condition that must hold; it is judged when every fact that it compares is known.
        message: What is said where it does not.
        fields: The names of the fields where that is said.
        severity: Whether it refuses the report, or makes its author and reviewers look again.
        when: The condition under which it is judged at all.
    """

    key: str
    holds: Guard
    message: Label
    fields: tuple[str, ...]
    severity: Literal["error", "warning"] = "error"
    when: Guard | None = None


@dataclass(frozen=True)
class Form:
    """A form as its definition describes it.

    Attributes:
        key: Its key among form definitions.
        name: Its name in lists.
        sections: Its parts, in order.
        title: The heading of what is written with it; ``{period}`` stands for the period, such as tháng 01/2025.
        rules: What answers must be together.
        per_period: Whether a unit fills it in once for a period, as reports are, or as often as it has to, as letters
            and minutes are.
        follows: What a document that is made of it does to an earlier one; None where it follows none.
    """

    key: str
    name: Label
    sections: tuple[Section, ...]
    title: Label | None = None
    rules: tuple[Rule, ...] = ()
    per_period: Literal["one", "many"] = "one"
    follows: Literal["corrects", "replaces"] | None = None

    @cached_property
    def fields(self) -> Mapping[str, Field]:
        """All fields by name, in the order of the form."""
        return {field.name: field for section in self.sections for field in section.fields}

    @cached_property
    def order(self) -> tuple[str, ...]:
        """The names of all fields, each after those that decide on it."""
        needs = {name: field.needs & self.fields.keys() for name, field in self.fields.items()}
        return tuple(TopologicalSorter(needs).static_order())

    @cached_property
    def sources(self) -> frozenset[str]:
        """Where answers come from that it does not list itself."""
        asked = (each for field in self.fields.values() for each in (field, *field.columns))
        return frozenset(each.source for each in asked if each.source)

    @cached_property
    def targets(self) -> Mapping[str, Decimal]:
        """What figures should reach, by the name of the field."""
        return {name: field.target.value for name, field in self.fields.items() if field.target}

    @cached_property
    def compares(self) -> bool:
        """Whether a figure of it is computed from the period before."""
        return any(field.formula.compares for field in self.fields.values() if field.formula)

    @property
    def printed(self) -> tuple[Field, ...]:
        """The fields whose answers go into the official document, in its order."""
        return tuple(field for field in self.fields.values() if field.printed)


@dataclass(frozen=True)
class Reading:
    """What reading a form gives.

    Attributes:
        values: What could be read, in storable shape.
        unread: What could not, as typed, by the name of the input.
        findings: Why, at the input's name; ``info`` where something was read another way than it was typed.
    """

    values: Values
    unread: Mapping[str, str]
    findings: tuple[Finding, ...]


@dataclass(frozen=True)
class Context:
    """What the submit gate has to know besides the answers.

    Attributes:
        today: The date in Vietnam.
        period: The reporting window, for reports that have one.
        deny_list: Phrases that no text may contain.
        matches: Tells whether a pattern matches a whole text, in time that grows no faster than the text; None where
            nobody can tell, so that no text is refused for its shape.
        offered: The answers to choose from that definitions do not list, by their source; None where nobody looked,
            so that none is refused for being gone.
    """

    today: date
    period: Window | None = None
    deny_list: tuple[str, ...] = ()
    matches: Callable[[str, str], bool] | None = None
    offered: Mapping[str, tuple[Choice, ...]] | None = None
