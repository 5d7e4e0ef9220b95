"""What every field type has to say; the types themselves are in plain, figures and table."""
# ruff: noqa: ARG002 - every type is asked the same questions

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any, ClassVar

from workflows.errors import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from workflows.forms.leaves import Leaf
    from workflows.forms.schema import Field, Scalar
    from workflows.forms.sheet import Inspection, Sheet


def join(path: str, part: str) -> str:
    """The name of a part's input."""
    return f"{path}.{part}" if part else path


class FieldType(ABC):
    """What a type has to say; for most types ``parts`` and ``rules`` are all of it.

    Attributes:
        keys: What its definition may say besides what every field may.
        needs: Which of these it must say.
        extras: Parts that may stay blank when the others are filled in.
        bars: What every field may say and this one may not.
        blanks: Folded texts by which an input says nothing.
    """

    keys: ClassVar[frozenset[str]] = frozenset()
    needs: ClassVar[frozenset[str]] = frozenset()
    extras: ClassVar[frozenset[str]] = frozenset()
    bars: ClassVar[frozenset[str]] = frozenset()
    blanks: ClassVar[frozenset[str]] = frozenset({""})

    @abstractmethod
    def parts(self, field: Field) -> Mapping[str, Leaf]:
        """Its inputs: ``{"": leaf}`` for one input that is the value, or named parts of a dict value."""

    def rules(self, field: Field, held: Mapping[str, Any], path: str, gate: Inspection) -> Iterator[Finding]:
        """What the submit gate says about an answer, given the parts that it holds."""
        yield from ()

    def inputs(self, field: Field, path: str) -> tuple[str, ...]:
        """The names of its inputs."""
        return tuple(join(path, part) for part in self.parts(field))

    def read(self, field: Field, path: str, sheet: Sheet) -> object | None:
        """The answer typed into its inputs; None when they hold nothing readable."""
        parts = {part: sheet.read(leaf, join(path, part)) for part, leaf in self.parts(field).items()}
        return self.together(field, {part: value for part, value in parts.items() if value is not None})

    def together(self, field: Field, held: Mapping[str, Any]) -> object | None:
        """The answer that parts make up; None when there are none."""
        return held.get("") if "" in self.parts(field) else held or None

    def apart(self, field: Field, value: Any) -> Mapping[str, Any]:
        """The parts of a sound answer."""
        parts: Mapping[str, Any] = {"": value} if "" in self.parts(field) else value
        return parts

    def write(self, field: Field, value: Any, path: str) -> Iterator[tuple[str, str]]:
        """What its inputs show for a sound answer."""
        for part, leaf, held in self._leaves(field, value):
            yield join(path, part), leaf.write(held)

    def is_sound(self, field: Field, value: object) -> bool:
        """Whether an answer has a shape that reading can give."""
        leaves = self.parts(field)
        held = {"": value} if "" in leaves else value
        if not isinstance(held, dict) or not held or not held.keys() <= leaves.keys():
            return False
        return all(leaves[part].is_sound(item) for part, item in held.items())

    def judge(self, field: Field, value: object, path: str, gate: Inspection) -> Iterator[Finding]:
        """What the submit gate says about any stored answer, or its absence; never raises."""
        if value is None:
            if field.required and not gate.is_unread(path):
                yield Finding(path, "required")
        elif self.is_sound(field, value):
            yield from self.check(field, value, path, gate)
        else:
            yield Finding(path, "malformed")

    def check(self, field: Field, value: Any, path: str, gate: Inspection) -> Iterator[Finding]:
        """What the submit gate says about a sound answer."""
        held = self.apart(field, value)
        yield from self.gaps(field, held, path, gate)
        if held.get("as_of", "") > gate.context.today.isoformat():
            yield Finding(join(path, "as_of"), "as_of_in_future", {"as_of": held["as_of"]})
        yield from self.rules(field, held, path, gate)

    def gaps(self, field: Field, held: Mapping[str, Any], path: str, gate: Inspection) -> Iterator[Finding]:
        """Parts that an answer lacks."""
        for part in self.parts(field):
            if part not in held and part not in self.extras and not gate.is_unread(join(path, part)):
                yield Finding(join(path, part), "incomplete", {"part": part})

    def facts(self, field: Field, value: Any) -> Iterator[tuple[str, Scalar]]:
        """What guards may see of a sound answer, by part."""
        for part, leaf, held in self._leaves(field, value):
            yield part, leaf.fact(held)

    def fact_leaves(self, field: Field) -> Mapping[str, Leaf]:
        """The parts that ``facts`` can name, each as it would be read and written."""
        return self.parts(field)

    def text(self, field: Field, value: Any, language: str) -> str:
        """A sound answer on one line, in Vietnamese notation, without its date or qualifier.

        Labels that stand for it are those of the language, ``vi`` or ``en``.
        """
        shown = (leaf.write(held) for part, leaf, held in self._leaves(field, value) if part in ("", "value"))
        return "".join(shown)

    def _leaves(self, field: Field, value: Any) -> Iterator[tuple[str, Leaf, Any]]:
        leaves, held = self.parts(field), self.apart(field, value)
        return ((part, leaf, held[part]) for part, leaf in leaves.items() if part in held)
