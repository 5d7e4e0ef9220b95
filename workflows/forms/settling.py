"""What answers come to: which fields are asked, what is handed in, and what guards may see of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from workflows.forms.entry import says_nothing
from workflows.forms.fieldtype import join
from workflows.forms.fieldtypes import TYPES
from workflows.guards import holds

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from workflows.forms.schema import Field, Form, Scalar, Values


@dataclass(frozen=True)
class Settled:
    """Answers as they are handed in.

    Attributes:
        values: The answers of all fields that are asked.
        hidden: The names of the fields that are not, for their condition does not hold.
        facts: What guards may see; see ``facts``.
    """

    values: dict[str, Any]
    hidden: frozenset[str]
    facts: Mapping[str, Scalar]


def settle(form: Form, values: Values) -> Settled:
    """Find out which fields are asked and what is handed in; a hidden answer decides on no other field.

    Args:
        form: The form.
        values: Answers as stored, those of hidden fields among them.
    """
    seen: dict[str, Scalar] = {}
    hidden = set()
    for field in (form.fields[name] for name in form.order):
        if field.visible_when and not holds(field.visible_when, seen):
            hidden.add(field.name)
        else:
            seen.update(_facts(field, values.get(field.name)))
    asked = {name: value for name, value in values.items() if name not in hidden}
    return Settled(asked, frozenset(hidden), seen)


def facts(form: Form, values: Values) -> dict[str, Scalar]:
    """What guards may see: ``f``, ``f.part``, for ratios ``f.percent``, for tables ``f.count`` and ``f.sum.column``.

    Numbers are ``int`` or ``Decimal``, dates ISO text, choices their key; ``f.nothing`` is true where there is
    nothing to report. What is not answered, or not sound, or hidden, is absent.
    """
    return dict(settle(form, values).facts)


def fact_names(field: Field) -> frozenset[str]:
    """The names of all facts that an answer to a field can give."""
    parts = (*TYPES[field.type].fact_parts(field), *(("nothing",) if field.nothing_to_report else ()))
    return frozenset(join(field.name, part) for part in parts)


def _facts(field: Field, value: object) -> Iterator[tuple[str, Scalar]]:
    kind = TYPES[field.type]
    if says_nothing(field, value):
        yield join(field.name, "nothing"), True
    elif kind.is_sound(field, value):
        for part, fact in kind.facts(field, value):
            yield join(field.name, part), fact
