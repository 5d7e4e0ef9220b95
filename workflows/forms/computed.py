"""The field type of figures that nobody types: they are computed from other answers."""
# ruff: noqa: ARG002 - every type is asked the same questions

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from workflows.forms.fieldtype import FieldType
from workflows.forms.figures import Ratio
from workflows.forms.leaves import Exact, Percentage

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from workflows.errors import Finding
    from workflows.forms.leaves import Leaf
    from workflows.forms.schema import Field, Scalar
    from workflows.forms.sheet import Inspection, Sheet

_RATIO = Ratio()


class Computed(FieldType):
    """A figure from a formula. Value: ``"60.74"``; of a ratio ``{"numerator": "6450", "denominator": "6632"}``."""

    keys = frozenset({"indicator", "formula", "unit", "decimals"})
    needs = frozenset({"formula"})
    bars = frozenset({"default", "prefill", "required", "nothing_to_report"})

    def parts(self, field: Field) -> Mapping[str, Leaf]:
        """The figure, or the two of a ratio."""
        return dict.fromkeys(("numerator", "denominator"), Exact()) if field.figure == "ratio" else {"": Exact()}

    def inputs(self, field: Field, path: str) -> tuple[str, ...]:
        """None."""
        return ()

    def read(self, field: Field, path: str, sheet: Sheet) -> object | None:
        """Nothing: whatever was sent under its name was not asked for."""
        return None

    def write(self, field: Field, value: Any, path: str) -> Iterator[tuple[str, str]]:
        """Nothing."""
        yield from ()

    def check(self, field: Field, value: Any, path: str, gate: Inspection) -> Iterator[Finding]:
        """Nothing: what it is made of was judged."""
        yield from ()

    def facts(self, field: Field, value: Any) -> Iterator[tuple[str, Scalar]]:
        """The figure, or the parts and the percentage of a ratio."""
        return _RATIO.facts(field, value) if field.figure == "ratio" else super().facts(field, value)

    def fact_leaves(self, field: Field) -> Mapping[str, Leaf]:
        """The parts, and of a ratio the percentage."""
        return {**self.parts(field), "percent": Percentage()} if field.figure == "ratio" else self.parts(field)

    def text(self, field: Field, value: Any, language: str) -> str:
        """As for a decimal or a ratio."""
        return _RATIO.text(field, value, language) if field.figure == "ratio" else super().text(field, value, language)
