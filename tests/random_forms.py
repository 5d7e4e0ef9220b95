"""Forms of any shape that can be published, drawn by chance: questions of every type, each with some of its options."""

from __future__ import annotations

import copy
from datetime import date
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from portal.definitions.shapes.forms import TYPE_NAMES, first_field, options_of
from tests.workflows.paper import label
from workflows.forms import TYPES, Choice
from workflows.forms.definition import HEADING
from workflows.forms.fieldtypes import COLUMN_TYPES
from workflows.forms.schema import MEASURED

if TYPE_CHECKING:
    from collections.abc import Callable

PATTERNS = (
    "[0-9]{12}",
    r"^[0-9]{1,5}/[\p{Lu}-]+$",
    r"(KH|QĐ|CV)-\d{2,4}",
    r"[A-Z]{2}[a-c]?\.x*y+",
    "(?:a|b(c|d))+z{2,}",
    r".\w\pL\pN\/",
)
OFFERED = {
    "units": tuple(Choice(f"so-{each}", label(f"Sở {each}")) for each in range(3)),
    "posts": (Choice("head", label("Trưởng phòng")),),
    "indicators": (Choice("meetings", label("Số cuộc họp")), Choice("on-time", label("Tỷ lệ đúng hạn"))),
    "tasks": tuple(Choice(str(each), label(f"Nhiệm vụ {each}")) for each in range(5)),
}
"""What the portal offers to those of them whose answers come from it."""

INDICATORS = {
    "number": ("documents-issued", "meetings", "inspections", "staff"),
    "ratio": ("dossiers-on-time", "satisfaction"),
    "score": ("index-766-score", "index-766-services"),
    "rank": ("index-766-rank",),
}
"""Indicators that ship, by the kind of figure that they are made of."""

SWITCHES = ("required", "printed", "nothing_to_report", "as_of", "approximate", "may_exceed", "signed")
EXPECTED = ("in_period", "past", "future")
SUMMED = ("integer", "decimal")
"""Types of which the computed figures are made."""

Draw = Any


def _bounds(draw: Draw, kind: str) -> dict[str, Any]:
    """A lower and an upper bound with a whole number between them, or one of them, or none."""
    low = 0 if kind == "score" else draw(st.integers(-(10**6), 10**6))
    high = low + draw(st.integers(1, 10**9))
    bounds = {"min": draw(st.sampled_from([low, f"{low}.00"])), "max": draw(st.sampled_from([high, f"{high}.50"]))}
    kept = ["max"] if kind == "score" else draw(st.lists(st.sampled_from(["min", "max"]), unique=True))
    return {key: bounds[key] for key in kept}


def _days(draw: Draw) -> dict[str, Any]:
    first, last = sorted(draw(st.lists(st.dates(date(1000, 1, 1), date(2999, 12, 31)), min_size=2, max_size=2)))
    bounds = {"earliest": first.isoformat(), "latest": last.isoformat()}
    kept = draw(st.lists(st.sampled_from(["earliest", "latest"]), unique=True))
    expected = draw(st.sampled_from([{}, *({"expected": each} for each in EXPECTED)]))
    return {**{key: bounds[key] for key in kept}, **expected}


def _answers(draw: Draw, kind: str) -> dict[str, Any]:
    number = draw(st.integers(1, 3))
    if draw(st.booleans()):
        return {"from": draw(st.sampled_from(list(OFFERED)))}
    choices = [{"key": f"k{each}", "label": label(f"Câu trả lời {each}")} for each in range(number)]
    if kind == "choice":
        return {"choices": choices}
    least, most = sorted(draw(st.lists(st.integers(1, number), min_size=2, max_size=2)))
    return {
        "choices": choices,
        **draw(st.sampled_from([{}, {"least": least}, {"most": most}, {"least": least, "most": most}])),
    }


def _text(draw: Draw) -> dict[str, Any]:
    if draw(st.booleans()):
        return {"pattern": {"matches": draw(st.sampled_from(PATTERNS)), "message": label("Sai mẫu")}}
    return draw(st.sampled_from([{}, {"max_length": draw(st.integers(1, 300))}]))  # type: ignore[no-any-return]


def _money(draw: Draw) -> dict[str, Any]:
    return draw(st.sampled_from([{}, {"currency": "USD"}, {"currency": "USD", "decimals": 2}]))  # type: ignore[no-any-return]


def _decimals(draw: Draw) -> dict[str, Any]:
    return draw(st.sampled_from([{}, {"decimals": draw(st.integers(0, 9))}]))  # type: ignore[no-any-return]


def _number(draw: Draw, kind: str) -> dict[str, Any]:
    return {**_bounds(draw, kind), **(_decimals(draw) if "decimals" in TYPES[kind].keys else {})}


OWN: dict[str, Callable[[Draw, str], dict[str, Any]]] = {
    "text": lambda draw, _kind: _text(draw),
    "long_text": lambda draw, _kind: draw(st.sampled_from([{}, {"max_length": draw(st.integers(1, 300))}])),
    "date": lambda draw, _kind: _days(draw),
    "date_range": lambda draw, _kind: _days(draw),
    "choice": _answers,
    "choices": _answers,
    "integer": _number,
    "decimal": _number,
    "money": lambda draw, kind: {**_bounds(draw, kind), **_money(draw)},
    "score": _number,
    "ratio": lambda draw, _kind: {**_decimals(draw), "numerator": label("Tử"), "denominator": label("Mẫu")},
    "attachment": lambda draw, _kind: {
        "max_files": draw(st.integers(1, 20)),
        **draw(st.sampled_from([{}, {"max_megabytes": 5}, {"kinds": ["pdf"]}, {"kinds": ["jpg", "png"]}])),
    },
}
"""What a type says of its own besides ticks."""


def _bound(draw: Draw, kind: str, taken: set[str]) -> dict[str, Any]:
    """An indicator that ships and that no other question has, at times."""
    free = [key for key in INDICATORS[MEASURED[kind]] if key not in taken]
    if not free or not draw(st.booleans()):
        return {}
    taken.add(free[0])
    return {"indicator": free[0]}


def _question(draw: Draw, kind: str, taken: set[str], *, column: bool = False) -> dict[str, Any]:
    field = copy.deepcopy(first_field(kind, taken))
    taken.add(field.get("name", ""))
    if kind == HEADING:
        return field
    options = options_of(kind, column=column)
    switches = {key: True for key in SWITCHES if key in options and draw(st.booleans())}
    unit = {"unit": label("việc")} if "unit" in options and draw(st.booleans()) else {}
    bound = _bound(draw, kind, taken) if "indicator" in options else {}
    target = {"target": {"comparator": "at_least", "value": 1}} if "target" in options and draw(st.booleans()) else {}
    own = OWN[kind](draw, kind) if kind in OWN else {}
    listed = {key: said for key, said in field.items() if key != "choices" or "from" not in own}
    return {**listed, **switches, **unit, **bound, **target, **own}


def _table(draw: Draw, field: dict[str, Any]) -> dict[str, Any]:
    taken: set[str] = set()
    kinds = draw(st.lists(st.sampled_from(list(COLUMN_TYPES)), min_size=1, max_size=4))
    columns = [_question(draw, kind, taken, column=True) for kind in kinds]
    return {**field, "columns": columns, "max_rows": draw(st.integers(1, 10))}


def _asked_if(draw: Draw, before: list[dict[str, Any]]) -> dict[str, Any]:
    """A condition on an answer before it, at times."""
    known = [each["name"] for each in before if each["type"] == "yes_no"]
    if not known or not draw(st.booleans()):
        return {}
    fact = {"fact": draw(st.sampled_from(known))}
    return {"visible_when": draw(st.sampled_from([{"eq": [fact, True]}, {"not": {"empty": fact}}]))}


def _with_others(draw: Draw, field: dict[str, Any], before: list[dict[str, Any]]) -> dict[str, Any]:
    """A question that says something of those before it."""
    kind = field["type"]
    alike = [each["name"] for each in before if each["type"] == kind and kind == "integer"]
    tables = [each["name"] for each in before if each["type"] == "table"]
    more: dict[str, Any] = {}
    if kind == "computed":
        more = {"formula": {"sum": [each["name"] for each in before if each["type"] in SUMMED]}}
    elif kind == "integer" and draw(st.booleans()):
        more = {"sum_of": alike} if alike else {"rows_of": tables[0]} if tables else {}
    prefill = {"prefill": "last"} if "prefill" in options_of(kind) and draw(st.booleans()) else {}
    return {**field, **more, **prefill, **_asked_if(draw, before)}


@st.composite
def bodies(draw: Draw, most: int = 8) -> dict[str, Any]:
    """The body of a form that can be published, with questions of any types.

    Args:
        draw: of hypothesis.
        most: how many blocks a section has at most.
    """
    taken: set[str] = set()
    before: list[dict[str, Any]] = []
    sections = []
    for number in range(draw(st.integers(1, 2))):
        fields = [_question(draw, "integer", taken)]
        before.append(fields[0])
        for kind in draw(st.lists(st.sampled_from(list(TYPE_NAMES)), max_size=most)):
            field = _question(draw, kind, taken)
            if kind != HEADING:
                field = _with_others(draw, _table(draw, field) if kind == "table" else field, before)
                before.append(field)
            fields.append(field)
        sections.append({"key": f"part-{number}", "name": label(f"Phần {number}"), "fields": fields})
    return {"schema": 1, "key": "random", "name": label("Mẫu"), "sections": sections}
