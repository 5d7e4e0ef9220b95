"""Which facts the answers of a form give to conditions, what they are called, and what they can be."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from portal.definitions.surroundings import TASK_LEAD, UNIT_KIND
from portal.definitions.wording import item_name, value_words
from portal.units.wiring import UNIT_KIND_NAMES
from portal.words import label
from workflows.forms import TYPES, Choice, Field
from workflows.forms.askable import Askable, askable_of
from workflows.forms.leaves import OneOf
from workflows.forms.schema import Formula

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from portal.units.models import Unit

FACTS_OF_THE_PORTAL: dict[str, Any] = {
    UNIT_KIND: _l("kind of unit"),
    TASK_LEAD: _l("lead unit of the task"),
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


class KnownFact(NamedTuple):
    """A fact that a condition may ask for.

    Attributes:
        name: by which conditions know it.
        words: what it is called.
        askable: what it can be.
    """

    name: str
    words: str
    askable: Askable

    @property
    def answers(self) -> list[tuple[str, str]]:
        """The values it can have, as they are typed, and what each is called; none where it can have any."""
        leaf = self.askable.leaf
        if isinstance(leaf, OneOf):
            return [(choice.key, label(choice.label)) for choice in leaf.choices]
        return [(leaf.write(each), value_words(each)) for each in self.askable.values or ()]


def facts_in(body: Any) -> Iterator[KnownFact]:
    """The facts of a form.

    Args:
        body: of the form, however wrong.
    """
    for section in _list(body, "sections"):
        for field in _list(section, "fields"):
            yield from _of_field(field)


def facts_of_the_portal(units: Iterable[Unit]) -> Iterator[KnownFact]:
    """What the portal itself says of a submission.

    Args:
        units: that may lead a task.
    """
    kinds = OneOf(tuple(_named(kind, str(words)) for kind, words in UNIT_KIND_NAMES.items()))
    leads = OneOf(tuple(Choice(unit.code, dict(unit.name)) for unit in units))
    for name, leaf in ((UNIT_KIND, kinds), (TASK_LEAD, leads)):
        values = tuple(choice.key for choice in leaf.choices)
        yield KnownFact(name, str(FACTS_OF_THE_PORTAL[name]), Askable(leaf, values))


def _of_field(said: dict[str, Any]) -> Iterator[KnownFact]:
    field = _field(said)
    if field is None:
        return
    words, columns = item_name(said), dict(_columns(_list(said, "columns")))
    ticks = {choice.key: choice.label["vi"] for choice in field.choices}
    for name, askable in askable_of(field).items():
        part = name.removeprefix(field.name).removeprefix(".")
        summed = columns.get(part.removeprefix("sum."))
        more = gettext("sum of “%(column)s”", column=summed) if summed else ticks.get(part, str(PARTS.get(part, "")))
        yield KnownFact(name, f"{words}: {more}" if more else words, askable)


def _field(said: dict[str, Any]) -> Field | None:
    """As much of a field as its facts depend on; None where it has no name or no kind."""
    name, kind = said.get("name"), said.get("type")
    if not isinstance(name, str) or not isinstance(kind, str) or kind not in TYPES:
        return None
    columns = (_field(each) for each in _list(said, "columns"))
    return Field(
        name=name,
        type=kind,
        label={},
        as_of=said.get("as_of") is True,
        approximate=said.get("approximate") is True,
        nothing_to_report=said.get("nothing_to_report") is True,
        source="units" if "from" in said else None,
        choices=tuple(_named(str(each.get("key", "")), item_name(each)) for each in _list(said, "choices")),
        formula=Formula("ratio") if is_ratio(said) else None,
        columns=tuple(each for each in columns if each and each.type != "table"),
    )


def _columns(columns: Iterable[dict[str, Any]]) -> Iterator[tuple[str, str]]:
    return ((each["name"], item_name(each)) for each in columns if isinstance(each.get("name"), str))


def is_ratio(said: Mapping[str, Any]) -> bool:
    """Whether a field, however wrong, is computed as a ratio."""
    formula = said.get("formula")
    return isinstance(formula, dict) and "ratio" in formula


def _named(key: str, words: str) -> Choice:
    """An answer as it is called in the language of whoever reads this."""
    return Choice(key, {"vi": words, "en": words})


def _list(holder: Any, key: str) -> Iterator[dict[str, Any]]:
    items = holder.get(key) if isinstance(holder, dict) else None
    return (each for each in items if isinstance(each, dict)) if isinstance(items, list) else iter(())
