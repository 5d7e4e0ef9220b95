"""The field types of words: text, dates, answers to choose from and attached files."""
# ruff: noqa: ARG002 - every type is asked the same questions

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar

from workflows.errors import Finding
from workflows.forms.fieldtype import FieldType, join
from workflows.forms.leaves import NO, Day, FileIds, Leaf, Offered, OneOf, Tick, Whole, Words, YesNo, as_offered
from workflows.forms.markup import plain
from workflows.forms.notation import write_date
from workflows.forms.schema import Choice

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from workflows.forms.schema import Field, Scalar
    from workflows.forms.sheet import Inspection

YES_OR_NO = {
    True: Choice("yes", {"vi": "có", "en": "yes"}),
    False: Choice("no", {"vi": "không", "en": "no"}),
}
"""How yes and no are called in a text."""


class Text(FieldType):
    """A line of text. Value: ``"Sở Tư pháp"``."""

    keys = frozenset({"max_length", "pattern"})
    leaf: ClassVar[Leaf] = Words()
    longest: ClassVar[int] = 500

    def parts(self, field: Field) -> Mapping[str, Leaf]:
        """The text."""
        return {"": self.leaf}

    def rules(self, field: Field, held: Mapping[str, Any], path: str, gate: Inspection) -> Iterator[Finding]:
        """Length, shape, HTML, secrecy marks, the deny list and glued words."""
        longest, matches = field.max_length or self.longest, gate.context.matches
        yield from gate.words(path, held[""], longest)
        if field.pattern and matches and len(held[""]) <= longest and not matches(field.pattern.matches, held[""]):
            yield Finding(path, "pattern_missed", {"message": field.pattern.message})


class LongText(Text):
    """Text of several lines. Value: as ``Text``, with line breaks."""

    keys = frozenset({"max_length"})
    leaf = Words(lines=True)
    longest = 20_000


class RichText(LongText):
    """Text of several paragraphs with marks; see ``markup``. Value: as ``LongText``, with its marks."""

    def text(self, field: Field, value: Any, language: str) -> str:
        """The words without marks."""
        return plain(str(value))


class Date(FieldType):
    """A day. Value: ``"2025-01-31"``."""

    keys = frozenset({"earliest", "latest", "expected"})

    def parts(self, field: Field) -> Mapping[str, Leaf]:
        """The day."""
        return {"": Day()}

    def rules(self, field: Field, held: Mapping[str, Any], path: str, gate: Inspection) -> Iterator[Finding]:
        """Bounds refuse; an unexpected date is flagged."""
        for part, day in held.items():
            yield from _bounds(field, day, join(path, part))
            yield from _expectation(field, day, join(path, part), gate)


class DateRange(Date):
    """Days from one to another, which both belong to it. Value: ``{"from": "2025-01-15", "to": "2025-01-31"}``."""

    def parts(self, field: Field) -> Mapping[str, Leaf]:
        """The first day and the last."""
        return {"from": Day(), "to": Day()}

    def rules(self, field: Field, held: Mapping[str, Any], path: str, gate: Inspection) -> Iterator[Finding]:
        """Each day as for a date, and neither before the other."""
        yield from super().rules(field, held, path, gate)
        if held.keys() == {"from", "to"} and held["to"] < held["from"]:
            yield Finding(join(path, "to"), "ends_before_start", {"start": held["from"], "end": held["to"]})

    def facts(self, field: Field, value: Any) -> Iterator[tuple[str, Scalar]]:
        """The days, and how many there are."""
        yield from super().facts(field, value)
        if value.keys() == {"from", "to"}:
            first, last = (date.fromisoformat(value[part]) for part in ("from", "to"))
            if last >= first:
                yield "days", (last - first).days + 1

    def fact_leaves(self, field: Field) -> Mapping[str, Leaf]:
        """The days, and their number."""
        return {**self.parts(field), "days": Whole()}

    def text(self, field: Field, value: Any, language: str) -> str:
        """``15/01/2025 – 31/01/2025``."""
        return " – ".join(write_date(value[part]) if part in value else "…" for part in ("from", "to"))


class ChoiceType(FieldType):
    """One of the answers that the definition lists, or the portal offers. Value: its key, or as of ``Offered``."""

    keys = frozenset({"choices", "from"})
    needs = frozenset({"choices"})

    def parts(self, field: Field) -> Mapping[str, Leaf]:
        """The answer."""
        return {"": Offered(field.choices) if field.source else OneOf(field.choices)}

    def rules(self, field: Field, held: Mapping[str, Any], path: str, gate: Inspection) -> Iterator[Finding]:
        """What the portal offers is there still."""
        if field.source:
            yield from _still_offered(field, [held[""]], path, gate)

    def text(self, field: Field, value: Any, language: str) -> str:
        """Its label."""
        if field.source:
            return str(value["label"][language])
        return next(choice.label[language] for choice in field.choices if choice.key == value)


class Choices(FieldType):
    """Any number of answers. Value: their keys, in the definition's order; of the portal's a list as ``Offered``."""

    keys = frozenset({"choices", "least", "most", "from"})
    needs = frozenset({"choices"})
    blanks = frozenset({"", *NO})

    def parts(self, field: Field) -> Mapping[str, Leaf]:
        """A tick for each answer, by its key."""
        return {choice.key: Tick() for choice in field.choices}

    def together(self, field: Field, held: Mapping[str, Any]) -> object | None:
        """What is ticked."""
        ticked = [choice for choice in field.choices if held.get(choice.key)]
        return [as_offered(choice) if field.source else choice.key for choice in ticked] or None

    def apart(self, field: Field, value: Any) -> Mapping[str, Any]:
        """What is ticked, by its key."""
        return dict.fromkeys(_keys(field, value), True)

    def is_sound(self, field: Field, value: object) -> bool:
        """A list of keys that are offered, each once, in order, not empty; or of what the portal offered."""
        if not isinstance(value, list) or not value:
            return False
        if field.source:
            return all(map(Offered(()).is_sound, value)) and len(set(_keys(field, value))) == len(value)
        return value == [each.key for each in field.choices if each.key in value]

    def check(self, field: Field, value: Any, path: str, gate: Inspection) -> Iterator[Finding]:
        """Neither too few ticks nor too many; and what the portal offers is there still."""
        if field.source:
            yield from _still_offered(field, value, path, gate)
        if field.least is not None and len(value) < field.least:
            yield Finding(path, "too_few_chosen", {"count": len(value), "least": field.least})
        if field.most is not None and len(value) > field.most:
            yield Finding(path, "too_many_chosen", {"count": len(value), "most": field.most})

    def facts(self, field: Field, value: Any) -> Iterator[tuple[str, Scalar]]:
        """How many are ticked, and of each that the definition lists whether it is."""
        yield "", len(value)
        for choice in () if field.source else field.choices:
            yield choice.key, choice.key in value

    def fact_leaves(self, field: Field) -> Mapping[str, Leaf]:
        """Their number, and each of them."""
        return {"": Whole(), **({} if field.source else self.parts(field))}

    def text(self, field: Field, value: Any, language: str) -> str:
        """Their labels."""
        if field.source:
            return "; ".join(each["label"][language] for each in value)
        return "; ".join(choice.label[language] for choice in field.choices if choice.key in value)


class YesNoType(FieldType):
    """Yes or no. Value: ``true`` or ``false``."""

    def parts(self, field: Field) -> Mapping[str, Leaf]:
        """The answer."""
        return {"": YesNo()}

    def text(self, field: Field, value: Any, language: str) -> str:
        """``có`` or ``không``."""
        return YES_OR_NO[value].label[language]


class Attachment(FieldType):
    """Stored files by id. Value: ``["f3a9", "b771"]``."""

    keys = frozenset({"max_files", "max_megabytes", "kinds"})
    bars = frozenset({"default", "prefill"})

    def parts(self, field: Field) -> Mapping[str, Leaf]:
        """The ids."""
        return {"": FileIds()}

    def fact_leaves(self, field: Field) -> Mapping[str, Leaf]:
        """How many there are."""
        return {"": Whole()}

    def rules(self, field: Field, held: Mapping[str, Any], path: str, gate: Inspection) -> Iterator[Finding]:
        """Not too many."""
        if len(held[""]) > field.max_files:
            yield Finding(path, "too_many_files", {"count": len(held[""]), "max": field.max_files})


def _keys(field: Field, value: Any) -> list[str]:
    return [each["key"] for each in value] if field.source else value


def _still_offered(field: Field, chosen: list[Any], path: str, gate: Inspection) -> Iterator[Finding]:
    there = {each.key for each in field.choices}
    if gate.context.offered is not None and not there.issuperset(each["key"] for each in chosen):
        yield Finding(path, "not_offered")


def _bounds(field: Field, day: str, path: str) -> Iterator[Finding]:
    if field.earliest and day < field.earliest.isoformat():
        yield Finding(path, "too_early", {"date": day, "earliest": field.earliest.isoformat()})
    if field.latest and day > field.latest.isoformat():
        yield Finding(path, "too_late", {"date": day, "latest": field.latest.isoformat()})


def _expectation(field: Field, day: str, path: str, gate: Inspection) -> Iterator[Finding]:
    today, period = gate.context.today.isoformat(), gate.context.period
    if field.expected == "past" and day > today:
        yield Finding(path, "in_the_future", {"date": day}, "warning")
    if field.expected == "future" and day < today:
        yield Finding(path, "in_the_past", {"date": day}, "warning")
    if field.expected == "in_period" and period:
        start, end = period.start.isoformat(), period.end.isoformat()
        if not start <= day <= end:
            yield Finding(path, "outside_period", {"date": day, "start": start, "end": end}, "warning")
