"""What a new report begins with: answers that the form itself gives, and those of the report before."""

from __future__ import annotations

from copy import deepcopy
from datetime import date
from typing import TYPE_CHECKING

from workflows.errors import Finding
from workflows.forms.entry import says_nothing
from workflows.forms.fieldtypes import TYPES
from workflows.forms.schema import Context
from workflows.forms.sheet import Inspection

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from workflows.forms.schema import Field, Form, Values


def fits(field: Field, value: object, matches: Callable[[str, str], bool] | None = None) -> bool:
    """Whether the submit gate would take an answer on any day to come.

    Args:
        field: What is asked.
        value: The answer as it would be stored.
        matches: Tells whether a pattern matches a whole text; None where nobody can tell.
    """
    found = TYPES[field.type].judge(field, value, field.name, Inspection(Context(date.max, matches=matches)))
    return all(finding.severity != "error" for finding in found)


def begin(form: Form, last: Values) -> dict[str, object]:
    """The answers that a new report begins with.

    Args:
        form: Its form.
        last: What the same unit handed in last, perhaps with an older version of the form.
    """
    found = {field.name: _first(field, last) for field in form.fields.values()}
    return {name: deepcopy(answer) for name, answer in found.items() if answer is not None}


def taken_over(form: Form, values: Values, last: Values) -> Iterator[Finding]:
    """A remark on each answer that is still the one of the report before, from which it was taken over.

    Args:
        form: The form.
        values: The answers of a draft.
        last: As for ``begin``.
    """
    for field in form.fields.values():
        answer = _before(field, last)
        if answer is not None and values.get(field.name) == answer:
            yield Finding(field.name, "taken_over", severity="info")


def _first(field: Field, last: Values) -> object | None:
    before = _before(field, last)
    return field.default if before is None else before


def _before(field: Field, last: Values) -> object | None:
    """The answer that is taken over, where one is and the field can still hold it."""
    value = last.get(field.name) if field.prefill else None
    is_sound = says_nothing(field, value) or TYPES[field.type].is_sound(field, value)
    return value if is_sound else None
