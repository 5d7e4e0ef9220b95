"""The field types of figures: numbers, and the fractions, scores and ranks of which they are parts."""
# ruff: noqa: ARG002 - every type is asked the same questions

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from workflows.errors import Finding
from workflows.forms.fieldtype import FieldType, join
from workflows.forms.leaves import Day, Exact, Leaf, OneOf, Percentage, Whole
from workflows.forms.notation import percent, write_number
from workflows.forms.schema import DONG, Choice

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from workflows.forms.schema import Field, Scalar
    from workflows.forms.sheet import Inspection

QUALIFIERS = (
    Choice("over", {"vi": "trên", "en": "over"}),
    Choice("under", {"vi": "dưới", "en": "under"}),
    Choice("about", {"vi": "khoảng", "en": "about"}),
)
"""How an approximate figure stands to what is written: "trên 1,7 nghìn tỷ đồng"."""

DONG_WORDS = ("đồng", "VNĐ", "VND", "đ")
"""How offices write the currency behind an amount."""

SCORE_DECIMALS = 2
"""Index 766 is published with two decimals: 60,74."""


class Integer(FieldType):
    """A whole number. Value: ``6632``; with an as-of date or a qualifier a dict with ``value``."""

    keys = frozenset({"indicator", "unit", "as_of", "approximate", "target", "min", "max", "sum_of", "rows_of"})
    extras = frozenset({"qualifier"})

    def number(self, field: Field) -> Leaf:
        """How its figure is read."""
        return Whole(_units(field))

    def parts(self, field: Field) -> Mapping[str, Leaf]:
        """The figure, and what travels with it."""
        if not (field.as_of or field.approximate):
            return {"": self.number(field)}
        qualifier: dict[str, Leaf] = {"qualifier": OneOf(QUALIFIERS)} if field.approximate else {}
        return {**qualifier, "value": self.number(field), **_as_of(field)}

    def rules(self, field: Field, held: Mapping[str, Any], path: str, gate: Inspection) -> Iterator[Finding]:
        """Smallest and largest figure."""
        part = "" if "" in held else "value"
        if part in held:
            yield from _range(held[part], join(path, part), field.min, field.max)
            yield from _decimals(field, held[part], join(path, part))


class DecimalType(Integer):
    """A number with decimals. Value: ``"60.74"``, or a dict as for ``Integer``."""

    keys = frozenset({"indicator", "unit", "as_of", "approximate", "target", "min", "max", "decimals"})

    def number(self, field: Field) -> Leaf:
        """How its figure is read."""
        return Exact(_units(field))


class Money(Integer):
    """An amount of money. Value: ``1200000000``, or a dict as for ``Integer``; a decimal string with ``decimals``."""

    keys = frozenset({"indicator", "currency", "as_of", "approximate", "target", "min", "max", "decimals", "sum_of"})

    def number(self, field: Field) -> Leaf:
        """How its figure is read."""
        words = DONG_WORDS if field.currency == DONG else (field.currency,)
        return Exact(words) if field.decimals else Whole(words)


class Ratio(FieldType):
    """A part of a whole, never a bare percentage. Value: ``{"numerator": 6450, "denominator": 6632}``.

    ``stated`` is the percentage that the unit itself gives, ``as_of`` the date; with ``decimals`` in the
    definition numerator and denominator are decimal strings.
    """

    keys = frozenset(
        {"indicator", "unit", "as_of", "target", "decimals", "numerator", "denominator", "may_exceed", "signed"}
    )
    extras = frozenset({"stated"})

    def parts(self, field: Field) -> Mapping[str, Leaf]:
        """Numerator, denominator, stated percentage and date."""
        number: Leaf = Exact(_units(field)) if field.decimals else Whole(_units(field))
        return {"numerator": number, "denominator": number, "stated": Percentage(), **_as_of(field)}

    def gaps(self, field: Field, held: Mapping[str, Any], path: str, gate: Inspection) -> Iterator[Finding]:
        """A percentage alone says nothing; otherwise as for every type."""
        if "stated" in held and not held.keys() & {"numerator", "denominator"} and not gate.is_unread(path):
            yield Finding(join(path, "stated"), "bare_percentage")
        else:
            yield from super().gaps(field, held, path, gate)

    def rules(self, field: Field, held: Mapping[str, Any], path: str, gate: Inspection) -> Iterator[Finding]:
        """A sensible fraction that agrees with the percentage stated."""
        for part in ("numerator", "denominator"):
            if part in held:
                yield from _decimals(field, held[part], join(path, part))
        if {"numerator", "denominator"} <= held.keys():
            yield from self._fraction(field, held, path)

    def _fraction(self, field: Field, held: Mapping[str, Any], path: str) -> Iterator[Finding]:
        numerator, denominator = Decimal(held["numerator"]), Decimal(held["denominator"])
        shown = {part: str(held[part]) for part in ("numerator", "denominator")}
        if denominator <= 0:
            yield Finding(join(path, "denominator"), "denominator_not_positive", shown)
            return
        if numerator < 0 and not field.signed:
            yield Finding(join(path, "numerator"), "negative_numerator", shown)
        if abs(numerator) > denominator and not field.may_exceed:
            computed = f"{percent(numerator, denominator):f}"
            yield Finding(join(path, "numerator"), "numerator_exceeds", {**shown, "percent": computed})
        if "stated" in held:
            yield from _agreement(held["stated"], numerator, denominator, join(path, "stated"))

    def facts(self, field: Field, value: Any) -> Iterator[tuple[str, Scalar]]:
        """Its parts, and the percentage to two decimals."""
        yield from super().facts(field, value)
        if (computed := self._percent(value)) is not None:
            yield "percent", computed

    def fact_leaves(self, field: Field) -> Mapping[str, Leaf]:
        """Its parts, and the percentage."""
        return {**self.parts(field), "percent": Percentage()}

    def text(self, field: Field, value: Any, language: str) -> str:
        """``6.450/6.632 (97,26 %)``."""
        shown = "/".join(write_number(value[part]) for part in ("numerator", "denominator") if part in value)
        computed = self._percent(value)
        return shown if computed is None else f"{shown} ({write_number(computed)} %)"

    def _percent(self, value: Mapping[str, Any]) -> Decimal | None:
        numerator, denominator = (Decimal(value.get(part, 0)) for part in ("numerator", "denominator"))
        return percent(numerator, denominator) if "numerator" in value and denominator > 0 else None


class Score(FieldType):
    """Points out of the most that can be reached. Value: ``{"value": "60.74"}``, perhaps with ``as_of``."""

    keys = frozenset({"indicator", "unit", "as_of", "target", "max", "decimals"})
    needs = frozenset({"max"})

    def parts(self, field: Field) -> Mapping[str, Leaf]:
        """Points and date."""
        return {"value": Exact(_units(field)), **_as_of(field)}

    def rules(self, field: Field, held: Mapping[str, Any], path: str, gate: Inspection) -> Iterator[Finding]:
        """From zero to the most that can be reached."""
        if "value" in held:
            yield from _range(held["value"], join(path, "value"), field.min or Decimal(0), field.max)
            yield from _decimals(field, held["value"], join(path, "value"), SCORE_DECIMALS)

    def text(self, field: Field, value: Any, language: str) -> str:
        """``60,74/100``."""
        return f"{super().text(field, value, language)}/{write_number(field.max or 0)}"


class Rank(FieldType):
    """A place among so many. Value: ``{"rank": 54, "total": 63}``, perhaps with ``as_of``."""

    keys = frozenset({"indicator", "as_of", "target"})

    def parts(self, field: Field) -> Mapping[str, Leaf]:
        """Place, number of places and date."""
        return {"rank": Whole(), "total": Whole(), **_as_of(field)}

    def rules(self, field: Field, held: Mapping[str, Any], path: str, gate: Inspection) -> Iterator[Finding]:
        """From the first place to the last."""
        if {"rank", "total"} <= held.keys() and not 1 <= held["rank"] <= held["total"]:
            shown = {"rank": held["rank"], "total": held["total"]}
            yield Finding(join(path, "rank"), "rank_out_of_range", shown)

    def text(self, field: Field, value: Any, language: str) -> str:
        """``54/63``."""
        return "/".join(write_number(value[part]) for part in ("rank", "total") if part in value)


def _units(field: Field) -> tuple[str, ...]:
    return tuple(field.unit.values()) if field.unit else ()


def _as_of(field: Field) -> dict[str, Leaf]:
    return {"as_of": Day()} if field.as_of else {}


def _range(number: int | str, path: str, low: Decimal | None, high: Decimal | None) -> Iterator[Finding]:
    if low is not None and Decimal(number) < low:
        yield Finding(path, "below_minimum", {"value": str(number), "min": f"{low:f}"})
    if high is not None and Decimal(number) > high:
        yield Finding(path, "above_maximum", {"value": str(number), "max": f"{high:f}"})


def _decimals(field: Field, number: int | str, path: str, usual: int | None = None) -> Iterator[Finding]:
    allowed = usual if field.decimals is None else field.decimals
    given = len(str(number).partition(".")[2])
    if allowed is not None and given > allowed:
        yield Finding(path, "too_many_decimals", {"decimals": given, "max": allowed})


def _agreement(stated: str, numerator: Decimal, denominator: Decimal, path: str) -> Iterator[Finding]:
    computed = percent(numerator, denominator, len(stated.partition(".")[2]))
    if computed != Decimal(stated):
        shown = {"stated": stated, "computed": f"{computed:f}"}
        yield Finding(path, "percentage_disagrees", shown, "warning")
