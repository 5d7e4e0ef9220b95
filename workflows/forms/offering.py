"""Answers to choose from that the portal knows and a definition does not list, such as the units of the province."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from workflows.forms.schema import Field

if TYPE_CHECKING:
    from collections.abc import Mapping

    from workflows.forms.schema import Choice, Form, Heading, Section


def offering(form: Form, offered: Mapping[str, tuple[Choice, ...]]) -> Form:
    """A form with the answers that its questions offer now.

    Args:
        form: As its definition describes it.
        offered: The answers of each source that it names; of one that is left out there are none.
    """
    if not form.sources:
        return form
    return replace(form, sections=tuple(_section(section, offered) for section in form.sections))


def _section(section: Section, offered: Mapping[str, tuple[Choice, ...]]) -> Section:
    return replace(section, blocks=tuple(_block(block, offered) for block in section.blocks))


def _block(block: Field | Heading, offered: Mapping[str, tuple[Choice, ...]]) -> Field | Heading:
    return _field(block, offered) if isinstance(block, Field) else block


def _field(field: Field, offered: Mapping[str, tuple[Choice, ...]]) -> Field:
    columns = tuple(_field(column, offered) for column in field.columns)
    choices = offered.get(field.source, ()) if field.source else field.choices
    return replace(field, choices=choices, columns=columns)
