"""Which facts the answers of a form give to conditions, and what they are called."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from portal.definitions.wording import item_name
from workflows.forms import TYPES, Choice, Field
from workflows.forms.schema import Formula
from workflows.forms.settling import fact_names

if TYPE_CHECKING:
    from collections.abc import Iterator

FACTS_OF_THE_PORTAL: dict[str, Any] = {
    "unit_kind": _l("kind of unit"),
    "task_lead": _l("lead unit of the task"),
}
"""What the portal itself says of a submission."""

PARTS: dict[str, Any] = {
    "as_of": _l("the date of the figure"),
    "count": _l("how many"),
    "days": _l("number of days"),
    "denominator": _l("the denominator"),
    "from": _l("first day"),
    "nothing": _l("nothing to report"),
    "numerator": _l("the numerator"),
    "percent": _l("in percent"),
    "qualifier": _l("over, under or about"),
    "rank": _l("the rank"),
    "reason": _l("why there is nothing"),
    "stated": _l("the percentage stated"),
    "to": _l("last day"),
    "total": _l("the number ranked"),
}
"""What the parts of an answer are called; the answer itself, and its `value`, by the label of the field."""


def facts_in(body: Any) -> Iterator[tuple[str, str]]:
    """The facts of a form: name, and words.

    Args:
        body: of the form, however wrong.
    """
    for section in _list(body, "sections"):
        for field in _list(section, "fields"):
            yield from _of_field(field)


def _of_field(said: dict[str, Any]) -> Iterator[tuple[str, str]]:
    field = _field(said)
    if field is None:
        return
    words, columns = item_name(said), {each.get("name"): item_name(each) for each in _list(said, "columns")}
    ticks = {choice.key: choice.label["vi"] for choice in field.choices}
    for name in fact_names(field):
        part = name.removeprefix(field.name).removeprefix(".")
        summed = columns.get(part.removeprefix("sum."))
        more = gettext("sum of “%(column)s”", column=summed) if summed else ticks.get(part, str(PARTS.get(part, "")))
        yield name, f"{words}: {more}" if more else words


def _field(said: dict[str, Any]) -> Field | None:
    """As much of a field as its facts depend on; None where it has no name or no kind."""
    name, kind = said.get("name"), said.get("type")
    if not isinstance(name, str) or kind not in TYPES:
        return None
    columns = (_field(each) for each in _list(said, "columns"))
    return Field(
        name=name,
        type=str(kind),
        label={},
        as_of=said.get("as_of") is True,
        approximate=said.get("approximate") is True,
        nothing_to_report=said.get("nothing_to_report") is True,
        source="units" if "from" in said else None,
        choices=tuple(_choice(each) for each in _list(said, "choices")),
        formula=Formula("ratio") if _is_ratio(said) else None,
        columns=tuple(each for each in columns if each and each.type != "table"),
    )


def _is_ratio(said: dict[str, Any]) -> bool:
    formula = said.get("formula")
    return isinstance(formula, dict) and "ratio" in formula


def _choice(said: dict[str, Any]) -> Choice:
    return Choice(str(said.get("key", "")), {"vi": item_name(said)})


def _list(holder: Any, key: str) -> Iterator[dict[str, Any]]:
    items = holder.get(key) if isinstance(holder, dict) else None
    return (each for each in items if isinstance(each, dict)) if isinstance(items, list) else iter(())
