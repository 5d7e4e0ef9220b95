"""What answers come to: which fields are asked, what is handed in, and what guards may see of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from workflows.forms.entry import says_nothing
from workflows.forms.fieldtype import join
from workflows.forms.fieldtypes import TYPES
from workflows.forms.formulas import Known, result
from workflows.guards import holds

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from workflows.forms.schema import Field, Form, Scalar, Values


@dataclass(frozen=True)
class Settled:
    """Answers as they are handed in.

    Attributes:
        values: The answers of all fields that are asked, with the figures that are computed.
        hidden: The names of the fields that are not, for their condition does not hold.
        facts: What guards may see; see ``facts``.
    """

    values: dict[str, Any]
    hidden: frozenset[str]
    facts: Mapping[str, Scalar]


def settle(form: Form, values: Values, before: Values | None = None) -> Settled:
    """Find out which fields are asked and what is handed in; a hidden answer decides on no other field.

    Args:
        form: The form.
        values: Answers as stored, those of hidden fields among them.
        before: The answers of the period before, which computed figures may be compared with; None where nobody
            looked for them: then figures that are among the values were computed already, and stay.
    """
    earlier = settle(form, before).facts if before and form.compares else {}
    seen: dict[str, Scalar] = {}
    known = Known(seen, earlier, form.targets)
    answers, hidden = dict(values), set()
    for field in (form.fields[name] for name in form.order):
        if field.visible_when and not holds(field.visible_when, seen):
            hidden.add(field.name)
            continue
        if field.formula and (before is not None or field.name not in values):
            answers[field.name] = result(field.formula, field.decimals, known)
        seen.update(_facts(field, answers.get(field.name)))
    computed = {name for name, field in form.fields.items() if field.formula and answers.get(name) is None}
    asked = {name: value for name, value in answers.items() if name not in hidden | computed}
    return Settled(asked, frozenset(hidden), seen)


def facts(form: Form, values: Values) -> dict[str, Scalar]:
    """What guards may see: ``f``, ``f.part``, for ratios ``f.percent``, for tables ``f.count`` and ``f.sum.column``.

    Numbers are ``int`` or ``Decimal``, dates ISO text, choices their key; ``f.nothing`` is true where there is
    nothing to report. What is not answered, or not sound, or hidden, is absent.
    """
    return dict(settle(form, values).facts)


def fact_names(field: Field) -> frozenset[str]:
    """The names of all facts that an answer to a field can give."""
    parts = (*TYPES[field.type].fact_leaves(field), *(("nothing",) if field.nothing_to_report else ()))
    return frozenset(join(field.name, part) for part in parts)


def _facts(field: Field, value: object) -> Iterator[tuple[str, Scalar]]:
    kind = TYPES[field.type]
    if says_nothing(field, value):
        yield join(field.name, "nothing"), True
    elif kind.is_sound(field, value):
        for part, fact in kind.facts(field, value):
            yield join(field.name, part), fact
