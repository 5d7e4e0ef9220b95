"""The gate that a submission passes: everything that stands against it, all at once."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from workflows.errors import Finding
from workflows.forms.entry import read, reason_in, says_nothing, write
from workflows.forms.fieldtype import join
from workflows.forms.fieldtypes import TYPES
from workflows.forms.offering import offering
from workflows.forms.rules import broken
from workflows.forms.settling import settle
from workflows.forms.sheet import Inspection

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from workflows.forms.schema import Context, Field, Form, Scalar, Values

LONGEST_REASON = 2_000
"""Characters in the reason for having nothing to report."""


def check(form: Form, values: Values, unread: Mapping[str, str], context: Context) -> tuple[Finding, ...]:
    """Judge answers as a submission; it may go ahead when no finding is an ``error``.

    Args:
        form: The form.
        values: Answers as stored; any JSON value is judged, none raises. Those of hidden fields are passed over.
        unread: Texts that could not be read, by input name; each stands in the way.
        context: Date, period, deny list, and the answers that the portal offers.
    """
    form = offering(form, context.offered or {})
    settled = settle(form, values)
    asked = [field for field in form.fields.values() if field.name not in settled.hidden]
    unread = {name: text for name, text in unread.items() if name.partition(".")[0] not in settled.hidden}
    gate = Inspection(context, frozenset(unread))
    return (
        *(_still_unread(form, values, unread, gate) if unread else ()),
        *(Finding(str(name), "unknown_field") for name in values if name not in form.fields),
        *(found for field in asked for found in _judge(field, values.get(field.name), gate)),
        *(found for field in asked for found in _agreement(field, settled.facts)),
        *broken(form, settled),
    )


def _still_unread(form: Form, values: Values, unread: Mapping[str, str], gate: Inspection) -> Iterator[Finding]:
    """Read again what was left unread, so that the refusal gives the same reason as the screen did."""
    again = read(form, write(form, values, unread), gate.context.period)
    reasons = [found for found in again.findings if found.severity == "error" and gate.is_unread(found.path)]
    yield from reasons
    explained = {found.path for found in reasons}
    for name in unread:
        parts = name.split(".")
        if not any(".".join(parts[:end]) in explained for end in range(1, len(parts) + 1)):
            yield Finding(name, "unread_text")


def _judge(field: Field, value: object, gate: Inspection) -> Iterator[Finding]:
    if not says_nothing(field, value):
        yield from TYPES[field.type].judge(field, value, field.name, gate)
        return
    path, reason = join(field.name, "reason"), reason_in(value)
    if reason:
        yield from gate.words(path, reason, LONGEST_REASON)
    elif not gate.is_unread(path):
        yield Finding(path, "reason_required")


def _agreement(field: Field, seen: Mapping[str, Scalar]) -> Iterator[Finding]:
    """Whether figures that belong together agree: a total with its parts, a count with its table."""
    stated = _figure(field.name, seen) if field.sum_of or field.rows_of else None
    if stated is None:
        return
    parts = [part for name in field.sum_of if (part := _figure(name, seen)) is not None]
    if parts and len(parts) == len(field.sum_of) and sum(parts) != stated:
        shown = {"stated": _told(stated), "computed": _told(sum(parts)), "parts": list(field.sum_of)}
        yield Finding(field.name, "sum_disagrees", shown)
    if field.rows_of:
        rows = seen.get(f"{field.rows_of}.count", 0)
        if rows != stated:
            counted = {"stated": _told(stated), "rows": rows, "table": field.rows_of}
            yield Finding(field.name, "rows_disagree", counted, "warning")


def _figure(name: str, seen: Mapping[str, Scalar]) -> int | Decimal | None:
    """The figure of a field of numbers, if it holds one."""
    number = seen.get(name, seen.get(f"{name}.value"))
    return None if isinstance(number, str) else number


def _told(number: int | Decimal) -> int | str:
    """A figure as findings carry it."""
    return f"{number:f}" if isinstance(number, Decimal) else number
