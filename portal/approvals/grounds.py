"""Why a condition of a chain did not hold, in words: "Total documents = 0"."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from portal.words import format_number
from workflows.guards import Fact, grounds

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from portal.approvals.words import Names
    from workflows.guards import Ground, Guard, Scalar

FACTS: Mapping[str, Any] = {"unit_kind": _l("kind of unit"), "task_lead": _l("lead unit of the task")}
"""What facts are called that no field of a form is asked for."""

PARTS: Mapping[str, Any] = {
    "numerator": _l("numerator"),
    "denominator": _l("denominator"),
    "percent": _l("percentage"),
    "rank": _l("rank"),
    "total": _l("number ranked"),
    "rows": _l("number of rows"),
    "as_of": _l("date"),
}
"""What the parts of a figure are called behind its name."""


def told(guards: Iterable[Guard], facts: Mapping[str, Scalar], names: Names) -> str:
    """What made conditions fail: every fact that they asked for and that mattered, with its value.

    Args:
        guards: conditions that did not hold.
        facts: what they asked for, as it was then.
        names: of the case.
    """
    said = [each for guard in guards for ground in grounds(guard, facts) for each in _facts(ground, names)]
    return "; ".join(dict.fromkeys(said))


def _facts(ground: Ground, names: Names) -> list[str]:
    pairs = zip(ground.guard.operands, ground.values, strict=True)
    return [f"{_name(each.name, names)} = {_value(value)}" for each, value in pairs if isinstance(each, Fact)]


def _name(fact: str, names: Names) -> str:
    field, _, part = fact.partition(".")
    called = str(names.facts.get(field) or FACTS.get(field, field))
    return f"{called} ({PARTS.get(part, part)})" if part else called


def _value(value: Scalar) -> str:
    if value is None or value == "":
        return str(gettext("not given"))
    if isinstance(value, bool):
        return str(gettext("yes") if value else gettext("no"))
    return value if isinstance(value, str) and not _is_number(value) else format_number(str(value))


def _is_number(text: str) -> bool:
    return text.lstrip("-").replace(".", "", 1).isdecimal()
