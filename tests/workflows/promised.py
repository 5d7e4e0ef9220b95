"""Whether what the engine gives has the types that it promises: mypy reads the code, this looks at the values."""

from collections.abc import Iterable, Mapping
from dataclasses import fields
from functools import cache
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from workflows.calendars import FINDINGS as OF_CALENDARS
from workflows.engine import Outcome
from workflows.errors import Finding
from workflows.forms.definition import FINDINGS as OF_FORMS
from workflows.reader import FINDINGS
from workflows.schedules.cautions import WARNINGS
from workflows.schedules.definition import FINDINGS as OF_SCHEDULES

EXPECTED = {
    *("mapping", "list", "text", "integer", "yes/no", "date in quotes"),
    *("integer or decimal in quotes", "fact, text, number or yes/no"),
}
"""What a definition may be told that it should have instead; screens have words for these."""


@cache
def promises(kind: type) -> dict[str, Any]:
    """The type of each field of a dataclass."""
    hints = get_type_hints(kind)
    return {each.name: hints[each.name] for each in fields(kind)}


def broken(value: object) -> list[str]:
    """The fields of a dataclass that hold something else than they promise, and what it holds besides its fields."""
    promised = promises(type(value))
    wrong = [name for name, kind in promised.items() if not is_of(getattr(value, name), kind)]
    return [f"{type(value).__name__}.{name}" for name in (*wrong, *(set(vars(value)) - set(promised)))]


def is_of(value: object, kind: Any) -> bool:
    """Whether a value is of a type, with all that is in it."""
    inside = get_args(kind)
    match get_origin(kind):
        case None:
            return type(value) is int if kind is int else isinstance(value, kind)
        case origin if origin in (Union, UnionType):
            return any(is_of(value, each) for each in inside)
        case origin if origin is Literal:
            return value in inside
        case origin if origin is Mapping:
            return isinstance(value, Mapping) and all(
                is_of(each, kind) for pair in value.items() for each, kind in zip(pair, inside, strict=True)
            )
        case origin:
            return isinstance(value, origin) and all(is_of(each, inside[0]) for each in value)


def check(outcome: Outcome) -> None:
    """What was recorded, and what the case holds of it, is as promised."""
    case = outcome.case
    for each in (case, *outcome.events, *case.items, *case.decisions, *case.edits, *case.comments):
        assert broken(each) == []


PROMISED = {**FINDINGS, **OF_CALENDARS, **OF_FORMS, **OF_SCHEDULES, **WARNINGS}


def check_errors(findings: Iterable[Finding]) -> None:
    """What is wrong with a definition is told with the params that its code promises."""
    for each in findings:
        assert set(each.params) == set(PROMISED[each.code])
        assert None not in each.params.values()
        assert each.code != "wrong_type" or each.params["expected"] in EXPECTED
