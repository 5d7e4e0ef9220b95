"""What the form page shows: every input with its label, its text and the remarks that belong to it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from portal.submissions.reading import written
from portal.words import label
from workflows.forms import TYPES, Field
from workflows.forms.definition import FILE_KINDS
from workflows.forms.leaves import Offered, OneOf

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from workflows.errors import Finding
    from workflows.forms import Form, Heading, Settled
    from workflows.forms.leaves import Leaf

BLANK_ROWS = 1
"""Empty rows offered below a table's filled ones; more come with the button, with or without JavaScript."""

PARTS: dict[str, Any] = {
    "numerator": _l("Numerator"),
    "denominator": _l("Denominator"),
    "stated": _l("Percentage stated (optional)"),
    "as_of": _l("As of"),
    "value": _l("Value"),
    "qualifier": _l("Over, under, about"),
    "rank": _l("Rank"),
    "total": _l("Of how many"),
    "from": _l("From"),
    "to": _l("Up to and including"),
}


@dataclass(frozen=True)
class Remark:
    """A finding as its reader sees it.

    Attributes:
        words: the sentence.
        severity: `error`, `warning` or `info`.
    """

    words: str
    severity: str


@dataclass(frozen=True)
class Input:
    """One input.

    Attributes:
        name: as it is posted.
        label: what is asked.
        kind: the leaf's kind: `text`, `lines`, `number`, `percent`, `date`, `choice`, `yes_no`, `tick`.
        text: what it shows.
        choices: for a choice, key and label of each answer.
        unit: unit of measure beside it; may be empty.
        remarks: what is wrong with it or worth knowing.
    """

    name: str
    label: str
    kind: str
    text: str
    choices: tuple[tuple[str, str], ...]
    unit: str
    remarks: tuple[Remark, ...]


@dataclass(frozen=True)
class Cell:
    """One cell of a table.

    Attributes:
        name: what its remarks are about: the input's name, or the beginning of the names of several.
        label: its column.
        type: the column's type.
        inputs: its inputs.
        remarks: what concerns it as a whole, where it has several.
    """

    name: str
    label: str
    type: str
    inputs: tuple[Input, ...]
    remarks: tuple[Remark, ...]

    @property
    def said(self) -> tuple[Remark, ...]:
        """All remarks in it."""
        return (*self.remarks, *(remark for each in self.inputs for remark in each.remarks))


@dataclass(frozen=True)
class Question:
    """One field of the form.

    Attributes:
        name: the field's name.
        type: the field's type.
        label: what is asked.
        help: how to answer; may be empty.
        required: whether submitting needs an answer.
        hidden: it is not asked as the form is filled in now.
        inputs: its inputs; empty for tables and attachments.
        rows: for a table, the cells of each row.
        columns: for a table, the labels of its columns.
        kinds: the kinds of files that may be attached.
        before: how it was answered one period earlier; may be empty.
        computed: what it comes to, where nobody types it; may be empty.
        unit: unit of measure of that; may be empty.
        nothing: the tick for "nothing to report"; None where it is not offered.
        reason: its reason.
        remarks: what concerns the field as a whole.
    """

    name: str
    type: str
    label: str
    help: str
    required: bool
    hidden: bool
    inputs: tuple[Input, ...]
    rows: tuple[tuple[Cell, ...], ...]
    columns: tuple[str, ...]
    kinds: tuple[str, ...]
    before: str
    computed: str
    unit: str
    nothing: Input | None
    reason: Input | None
    remarks: tuple[Remark, ...]

    @property
    def has_errors(self) -> bool:
        """Whether something in it stands in the way of submitting."""
        parts = [part for part in (*self.inputs, self.reason) if part]
        cells = [remark for row in self.rows for cell in row for remark in cell.said]
        said = [*self.remarks, *cells, *(remark for part in parts for remark in part.remarks)]
        return any(remark.severity == "error" for remark in said)


@dataclass(frozen=True)
class Title:
    """A heading between questions.

    Attributes:
        words: the heading.
        help: what to know about the questions below it; may be empty.
    """

    words: str
    help: str


@dataclass(frozen=True)
class Part:
    """A section of the form with its questions.

    Attributes:
        key: its key.
        title: its heading.
        help: how to answer it; may be empty.
        blocks: its fields, and the headings between them.
        missing: how many of them must still be answered.
    """

    key: str
    title: str
    help: str
    blocks: tuple[Question | Title, ...]
    missing: int

    @property
    def questions(self) -> tuple[Question, ...]:
        """Its fields."""
        return tuple(block for block in self.blocks if isinstance(block, Question))

    @property
    def has_errors(self) -> bool:
        """Whether something in it stands in the way of submitting."""
        return any(question.has_errors for question in self.questions)


class Sheet:
    """A form filled in with texts and remarks, ready to be shown.

    Args:
        form: the form.
        shown: text by input name, as `workflows.forms.write` gives it or as it was posted.
        remarks: remarks by input name.
        extra_rows: how many more empty rows a table shows, by its name.
        before: the answers of one period earlier.
        missing: the names of fields that must still be answered.
        settled: what it comes to.
    """

    def __init__(
        self,
        form: Form,
        shown: Mapping[str, str],
        remarks: Mapping[str, tuple[Remark, ...]],
        extra_rows: Mapping[str, int],
        *,
        before: Mapping[str, Any],
        missing: Collection[str],
        settled: Settled,
    ) -> None:
        self.form = form
        self.shown = shown
        self.remarks = remarks
        self.extra_rows = extra_rows
        self.before = before
        self.missing = missing
        self.settled = settled

    @property
    def parts(self) -> tuple[Part, ...]:
        """Its sections in order."""
        return tuple(
            Part(
                key=section.key,
                title=label(section.name),
                help=label(section.help) if section.help else "",
                blocks=tuple(self._block(block) for block in section.blocks),
                missing=sum(field.name in self.missing for field in section.fields),
            )
            for section in self.form.sections
        )

    def _block(self, block: Field | Heading) -> Question | Title:
        if isinstance(block, Field):
            return self._question(block)
        return Title(label(block.label), label(block.help) if block.help else "")

    def _question(self, field: Field) -> Question:
        table = field.type == "table"
        plain = field.type not in ("table", "attachment", "computed")
        return Question(
            name=field.name,
            type=field.type,
            label=label(field.label),
            help=" ".join([*([label(field.help)] if field.help else []), *_limits(field)]),
            required=field.required,
            hidden=field.name in self.settled.hidden,
            inputs=self._inputs(field, field.name) if plain else (),
            rows=self._rows(field) if table else (),
            columns=tuple(label(column.label) for column in field.columns),
            kinds=field.kinds or FILE_KINDS,
            before=written(field, self.before.get(field.name)) if plain or field.formula else "",
            computed=written(field, self.settled.values.get(field.name)) if field.formula else "",
            unit=label(field.measure) if field.measure else "",
            nothing=self._input(f"{field.name}.nothing", gettext("Nothing to report"), "tick", field)
            if field.nothing_to_report
            else None,
            reason=self._input(f"{field.name}.reason", gettext("Why is there nothing to report?"), "text", field)
            if field.nothing_to_report
            else None,
            remarks=() if plain and is_single(field) else self._said(field.name),
        )

    def _inputs(self, field: Field, path: str) -> tuple[Input, ...]:
        leaves = TYPES[field.type].parts(field)
        return tuple(
            self._input(f"{path}.{part}" if part else path, self._part_label(field, part), leaf.kind, field, leaf)
            for part, leaf in leaves.items()
        )

    def _input(self, name: str, words: str, kind: str, field: Field, leaf: Leaf | None = None) -> Input:
        long = field.type in ("long_text", "rich_text") and kind == "text" and not name.endswith(".reason")
        return Input(
            name=name,
            label=words,
            kind="lines" if long else kind,
            text=self.shown.get(name, ""),
            choices=_choices(leaf),
            unit=label(field.measure) if field.measure and not name.endswith(("as_of", "stated")) else "",
            remarks=self._said(name),
        )

    def _part_label(self, field: Field, part: str) -> str:
        ticks = {each.key: each.label for each in field.choices}
        own = {"numerator": field.numerator, "denominator": field.denominator, **ticks}.get(part)
        if own:
            return label(own)
        return str(PARTS[part]) if part else label(field.label)

    def _rows(self, field: Field) -> tuple[tuple[Cell, ...], ...]:
        numbers = {int(name.split(".")[1]) for name in self.shown if self._is_cell(field, name)}
        filled = max(numbers, default=-1) + 1
        more = range(filled, min(filled + BLANK_ROWS + self.extra_rows.get(field.name, 0), field.max_rows))
        within = range(min(filled, field.max_rows))
        beyond = sorted(number for number in numbers if number >= field.max_rows)[: field.max_rows]
        return tuple(self._row(field, number) for number in (*within, *beyond, *more))

    def _is_cell(self, field: Field, name: str) -> bool:
        pieces = name.split(".")
        return pieces[0] == field.name and len(pieces) > 2 and pieces[1].isdigit()  # noqa: PLR2004 - table.row.column

    def _row(self, field: Field, number: int) -> tuple[Cell, ...]:
        return tuple(self._cell(column, f"{field.name}.{number}.{column.name}") for column in field.columns)

    def _cell(self, column: Field, name: str) -> Cell:
        return Cell(
            name=name,
            label=label(column.label),
            type=column.type,
            inputs=self._inputs(column, name),
            remarks=() if is_single(column) else self._said(name),
        )

    def _said(self, name: str) -> tuple[Remark, ...]:
        return self.remarks.get(name, ())


def _choices(leaf: Leaf | None) -> tuple[tuple[str, str], ...]:
    """Key and label of each answer that an input offers."""
    offered = leaf.choices if isinstance(leaf, OneOf | Offered) else ()
    return tuple((each.key, label(each.label)) for each in offered)


def computed_texts(form: Form, settled: Settled) -> dict[str, str]:
    """What the computed figures of a form are, as its page shows them.

    Args:
        form: the form.
        settled: what it comes to.
    """
    computed = (field for field in form.fields.values() if field.formula)
    return {field.name: written(field, settled.values.get(field.name)) for field in computed}


def is_single(field: Field) -> bool:
    """Whether a field has one input, which bears its remarks."""
    return "" in TYPES[field.type].parts(field)


def remarks_of(findings: Iterable[Finding], say: Any) -> dict[str, tuple[Remark, ...]]:
    """Findings as remarks, by the name of the input they belong to.

    Args:
        findings: from reading or from the gate.
        say: finding → sentence in the reader's language.
    """
    remarks: dict[str, tuple[Remark, ...]] = {}
    for finding in findings:
        said = Remark(say(finding), finding.severity)
        known = remarks.get(finding.path, ())
        remarks[finding.path] = known if said in known else (*known, said)
    return remarks


def _limits(field: Field) -> Iterator[str]:
    """What files a field takes, where it does not take all."""
    if field.kinds:
        yield str(gettext("Files of the kinds: %(kinds)s.", kinds=", ".join(map(str.upper, field.kinds))))
    if field.max_megabytes:
        yield str(gettext("Each at most %(max)s MB.", max=field.max_megabytes))
