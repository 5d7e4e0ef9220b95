"""Answers to choose from that the portal knows and a definition does not list, such as the units of the province."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from workflows.forms.leaves import Offered
from workflows.forms.schema import Choice, Field

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from workflows.forms.schema import Form, Heading, Values


def offering(form: Form, offered: Mapping[str, tuple[Choice, ...]], kept: Values | None = None) -> Form:
    """A form with the answers that its questions offer now.

    Args:
        form: As its definition describes it.
        offered: The answers of each source that it names; of one that is left out there are none.
        kept: What was answered already: it can be chosen still, so that nothing is lost before its author has seen
            that it is gone.
    """
    if not form.sources:
        return form
    values = kept or {}
    sections = (
        replace(section, blocks=tuple(_block(block, offered, values) for block in section.blocks))
        for section in form.sections
    )
    return replace(form, sections=tuple(sections))


def _block(block: Field | Heading, offered: Mapping[str, tuple[Choice, ...]], values: Values) -> Field | Heading:
    return _field(block, offered, [values.get(block.name)]) if isinstance(block, Field) else block


def _field(field: Field, offered: Mapping[str, tuple[Choice, ...]], kept: Sequence[object]) -> Field:
    if field.source:
        now = {choice.key: choice for choice in offered.get(field.source, ())}
        then = {choice.key: choice for choice in _chosen(kept)}
        # in the order of now and by the names of now, and what is gone behind them
        return replace(field, choices=tuple({**now, **then, **now}.values()))
    rows = [row for row in _flat(kept) if isinstance(row, dict)]
    columns = (_field(column, offered, [row.get(column.name) for row in rows]) for column in field.columns)
    return replace(field, columns=tuple(columns))


def _chosen(kept: Sequence[object]) -> Iterator[Choice]:
    """What answers chose, by the name that it had then."""
    for each in _flat(kept):
        if isinstance(each, dict) and Offered(()).is_sound(each):
            yield Choice(each["key"], each["label"])


def _flat(values: Sequence[object]) -> Iterator[object]:
    for value in values:
        yield from value if isinstance(value, list) else [value]
