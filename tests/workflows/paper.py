"""Paper to test forms on: short ways to write a form, fill it in and judge it, and strategies for its answers."""

import unicodedata
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import yaml
from hypothesis import strategies as st

from workflows.errors import Finding
from workflows.forms import Context, Form, check, parse_form, read
from workflows.forms.findings import BEGINNING, GATE, READING
from workflows.periods import Window

JANUARY = Window(date(2024, 12, 15), date(2025, 1, 14))
TODAY = date(2025, 1, 16)
LIBRARY = Path(__file__).parents[2] / "workflows" / "library" / "forms"
TWO_CHOICES = [
    {"key": "legal", "label": {"vi": "Pháp lý", "en": "Legal"}},
    {"key": "data", "label": {"vi": "Dữ liệu", "en": "Data"}},
]


def label(text: str = "Câu hỏi") -> dict[str, str]:
    return {"vi": text, "en": f"{text} (en)"}


def field(kind: str, name: str = "f", **options: object) -> dict[str, object]:
    usual: dict[str, object] = {}
    if kind in ("choice", "choices"):
        usual = {"choices": TWO_CHOICES}
    if kind == "score":
        usual = {"max": 100}
    return {"name": name, "type": kind, "label": label(), **usual, **options}


def body(*fields: Mapping[str, object], **options: object) -> dict[str, Any]:
    section = {"key": "all", "name": label("Phần"), "fields": list(fields)}
    return {"schema": 1, "key": "paper", "name": label("Mẫu"), "sections": [section], **options}


def form(*fields: Mapping[str, object]) -> Form:
    return parse_form(body(*fields))


def one(kind: str, **options: Any) -> Form:
    """A form with one field, called f."""
    return form(field(kind, **options))


def shipped(name: str = "monthly-report") -> Form:
    return parse_form(yaml.safe_load((LIBRARY / f"{name}.yaml").read_text(encoding="utf-8")))


def judged(
    asked: Form,
    raw: Mapping[str, str],
    deny_list: tuple[str, ...] = (),
    period: Window | None = JANUARY,
) -> tuple[Finding, ...]:
    """What the gate says about what was typed."""
    reading = read(asked, raw, period)
    kept(reading.findings)
    return kept(check(asked, reading.values, reading.unread, Context(TODAY, period, deny_list)))


def kept(findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """These findings, after a look whether each is as grave, and has the params, as its code promises."""
    for each in findings:
        assert (each.severity, tuple(each.params)) == {**READING, **BEGINNING, **GATE}[each.code]
        assert each.path
        assert None not in each.params.values()
    return findings


def codes(findings: tuple[Finding, ...], *severities: str) -> list[tuple[str, str]]:
    return [(each.path, each.code) for each in kept(findings) if each.severity in (severities or ("error", "warning"))]


def only(findings: tuple[Finding, ...]) -> Finding:
    assert len(findings) == 1, findings
    return kept(findings)[0]


def value(kind: str, typed: str, period: Window | None = None, **options: object) -> object:
    reading = read(one(kind, **options), {"f": typed}, period)
    assert not reading.unread
    return reading.values.get("f")


def refusal(kind: str, typed: str, period: Window | None = None, **options: object) -> str:
    """Why a text stays unread; it stays as typed."""
    reading = read(one(kind, **options), {"f": typed}, period)
    assert reading.unread == {"f": typed}
    assert not reading.values
    assert only(reading.findings).path == "f"
    return only(reading.findings).code


def notes(kind: str, typed: str, period: Window | None = None, **options: object) -> list[dict[str, object]]:
    return [
        dict(each.params)
        for each in kept(read(one(kind, **options), {"f": typed}, period).findings)
        if each.code == "read_as" and each.severity == "info"
    ]


def _line(text: str) -> str:
    return unicodedata.normalize("NFC", text).strip()


VIETNAMESE = "aăâbcdđeêghiklmnoôơpqrstuưvxyàảãáạằẵắặầẫấậèẽéẹềễếệìĩíịòõóọồỗốộờỡớợùũúụừữứựỳỹýỵ AĐ0123456789.,;:-/()%<>&"
LINES = st.text(VIETNAMESE, min_size=1).map(_line).filter(bool)
PARAGRAPHS = st.lists(LINES, min_size=1, max_size=4).map("\n".join)
WHOLES = st.integers(-(10**18) + 1, 10**18 - 1)
EXACTS = st.builds(
    lambda whole, part: f"{whole}.{part}" if part else str(whole),
    WHOLES,
    st.text("0123456789", max_size=9),
)
DAYS = st.dates(date(1000, 1, 1), date(2999, 12, 31)).map(date.isoformat)
FILES = st.lists(st.from_regex(r"[A-Za-z0-9_-]{1,64}", fullmatch=True), min_size=1, max_size=5, unique=True)
NOTHING = st.fixed_dictionaries({"nothing": st.just(value=True), "reason": st.just("") | PARAGRAPHS})


def _some(**parts: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({}, optional=parts).filter(bool)


ANSWERS: dict[str, st.SearchStrategy[Any]] = {
    "text": LINES,
    "long_text": PARAGRAPHS,
    "date": DAYS,
    "date_range": _some(**{"from": DAYS, "to": DAYS}),
    "choice": st.sampled_from(["legal", "data"]),
    "choices": st.sampled_from([["legal"], ["data"], ["legal", "data"]]),
    "yes_no": st.booleans(),
    "integer": WHOLES,
    "decimal": EXACTS,
    "money": WHOLES,
    "ratio": _some(numerator=WHOLES, denominator=WHOLES, stated=EXACTS, as_of=DAYS),
    "score": _some(value=EXACTS, as_of=DAYS),
    "rank": _some(rank=WHOLES, total=WHOLES, as_of=DAYS),
    "attachment": FILES,
}
AS_OF = ("ratio", "score", "rank")
COLUMNS = [field(kind, kind, as_of=True) if kind in AS_OF else field(kind, kind) for kind in ANSWERS]
EVERYTHING = form(
    *COLUMNS,
    field("integer", "carried", as_of=True, approximate=True),
    field("money", "dollars", currency="USD", decimals=2, approximate=True),
    field("ratio", "budget", decimals=2, unit=label("tỷ đồng")),
    field("table", "rows", columns=COLUMNS, nothing_to_report=True, max_rows=5),
    field("decimal", "maybe", nothing_to_report=True),
)
"""A form with a field of every type, and every type in a table."""

VALUES = st.fixed_dictionaries(
    {},
    optional={
        **ANSWERS,
        "carried": _some(value=WHOLES, as_of=DAYS, qualifier=st.sampled_from(["over", "under", "about"])),
        "dollars": _some(value=EXACTS, qualifier=st.sampled_from(["over", "under", "about"])),
        "budget": _some(numerator=EXACTS, denominator=EXACTS),
        "rows": NOTHING | st.lists(_some(**ANSWERS), min_size=1, max_size=5),
        "maybe": NOTHING | EXACTS,
    },
)
"""Every answer that the form above can store."""

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=20,
)
