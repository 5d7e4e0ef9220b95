"""Definitions that say everything there is to say, so that no key of any kind goes untried."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from portal.definitions.library import shipped
from workflows.calendars import WEEKDAYS
from workflows.forms.definition import EVERY_COLUMN, EVERY_FIELD, HEADING, NOT_IN_COLUMNS
from workflows.forms.fieldtypes import COLUMN_TYPES, TYPES

if TYPE_CHECKING:
    from workflows.forms.fieldtype import FieldType

NAME = {"vi": "Một tên", "en": "A name"}
ASKED = {"gt": [{"fact": "number"}, 0]}
CHOICES = [{"key": "first", "label": NAME}, {"key": "second", "label": NAME}]

CONDITION: dict[str, Any] = {
    "all": [
        {"any": [{"eq": [{"fact": "number"}, 1]}, {"ne": [{"fact": "number"}, 2]}]},
        {"not": {"lt": [{"fact": "number"}, 3]}},
        {"le": [{"fact": "number"}, 4]},
        {"gt": [{"fact": "number"}, "4.5"]},
        {"ge": [{"fact": "number"}, -1]},
        {"in": [{"fact": "number"}, [1, True, "một"]]},
        {"between": [{"fact": "number"}, 1, 9]},
        {"empty": {"fact": "number"}},
    ]
}

FORMULA: dict[str, Any] = {
    "+": [
        {"-": ["number", {"/": ["number", "2.5"]}]},
        {"*": ["number", 3]},
        {"sum": ["number", "another"]},
        {"column_sum": {"table": "rows", "column": "count"}},
        {"change": "number"},
        {"against_target": "aimed"},
    ]
}

OPTIONS: dict[str, Any] = {
    "help": NAME,
    "unit": NAME,
    "required": True,
    "printed": True,
    "visible_when": ASKED,
    "prefill": "last",
    "nothing_to_report": False,
    "as_of": True,
    "approximate": True,
    "target": {"comparator": "at_least", "value": "12.5"},
    "min": 1,
    "max": "99.5",
    "currency": "USD",
    "decimals": 2,
    "numerator": NAME,
    "denominator": NAME,
    "may_exceed": True,
    "signed": True,
    "formula": FORMULA,
    "pattern": {"matches": "[0-9]+", "message": NAME},
    "max_length": 100,
    "earliest": "2025-01-31",
    "latest": "2025-12-31",
    "expected": "past",
    "choices": CHOICES,
    "least": 1,
    "most": 2,
    "max_rows": 9,
    "max_files": 3,
    "max_megabytes": 5,
    "kinds": ["pdf", "xlsx"],
}


def field(name: str, type_: str, **more: object) -> dict[str, Any]:
    """A question that says nothing but what it must."""
    return {"name": name, "type": type_, "label": NAME, **more}


def _in_full(name: str, type_: str, kind: FieldType, shared: frozenset[str], barred: frozenset[str]) -> dict[str, Any]:
    keys = sorted((kind.keys | shared).difference(barred))
    return field(name, type_, **{key: OPTIONS[key] for key in keys if key in OPTIONS})


def _fields() -> list[dict[str, Any]]:
    fields = [_in_full(f"a_{each}", each, TYPES[each], EVERY_FIELD - TYPES[each].bars, frozenset()) for each in TYPES]
    for each in fields:
        if each["type"] == "table":
            each["columns"] = [
                _in_full(f"a_{column}", column, COLUMN_TYPES[column], EVERY_COLUMN, NOT_IN_COLUMNS)
                for column in COLUMN_TYPES
            ]
    return fields


FORM: dict[str, Any] = {
    "schema": 1,
    "key": "in-full",
    "name": NAME,
    "title": NAME,
    "per_period": "many",
    "follows": "corrects",
    "sections": [
        {
            "key": "figures",
            "name": NAME,
            "help": NAME,
            "fields": [
                {"type": HEADING, "label": NAME, "help": NAME, "printed": True},
                field("number", "integer", default=7),
                field("another", "integer"),
                field("total", "integer", sum_of=["number", "another"]),
                field("counted", "integer", rows_of="rows"),
                field("rows", "table", columns=[field("count", "integer")]),
                field("share", "computed", formula={"ratio": {"numerator": "number", "denominator": 100}}),
                field("budget", "money", decimals=0),
                field("unit", "choice", **{"from": "units"}),
                field("tasks", "choices", **{"from": "tasks", "least": 1}),
                field("aimed", "ratio", target={"comparator": "at_least", "value": 80}),
                field("measured", "choice", **{"from": "indicators"}),
                field("meetings", "integer", indicator="meetings"),
                field("asked", "integer", given="units_asked"),
                field("due", "date", given="old_due"),
                field("urged", "long_text", given="list_name"),
                field("late", "table", given="late_units", columns=[field("who", "text", given="unit")]),
            ],
        },
        {"key": "everything", "name": NAME, "fields": _fields()},
    ],
    "rules": [
        {
            "key": "enough",
            "holds": CONDITION,
            "when": ASKED,
            "message": NAME,
            "fields": ["number", "another"],
            "severity": "warning",
        }
    ],
}

_OWNER = {"posts": ["head", "deputy"], "place": "own"}
_LATER = {"key": "later", "name": NAME, "owner": _OWNER}

CHAIN: dict[str, Any] = {
    "schema": 1,
    "key": "in-full",
    "name": NAME,
    "forms": ["in-full"],
    "when": CONDITION,
    "emergency": {"owner": _OWNER, "second": {"posts": ["head"], "place": "unit", "unit": "SỞ/TTTT"}},
    "issues": [
        {
            "after": "signing",
            "issuer": {"place": "unit", "unit": "UBND"},
            "document": "provincial-report",
            "signer": "decider",
            "of_head": True,
        },
        {"after": "signing", "issuer": {"place": "parent"}, "document": "another", "signer": "decider"},
    ],
    "stages": [
        {
            "key": "writing",
            "name": NAME,
            "when": ASKED,
            "steps": [
                {
                    **_LATER,
                    "role": "decide",
                    "taken_by": "one",
                    "when": ASKED,
                    "actions": ["approve", "return", "reject"],
                    "reason_required": ["return"],
                    "checks": "form",
                    "prove": True,
                    "in_person": True,
                    "reads": ["figures", "everything"],
                    "edits": ["figures"],
                    "covers": ["everything"],
                    "ask_again": "if_changed",
                    "budget": 16,
                    "ladder": [
                        {"at": -8},
                        {"at": 0, "to": {"posts": ["head"], "place": "field", "field": "rows.unit"}},
                        {"at": 8, "expires": True},
                    ],
                }
            ],
        },
        {
            "key": "voting",
            "name": NAME,
            "complete": {"percent": 60},
            "refusal": "vote",
            "steps": [
                {**_LATER, "taken_by": {"choose": 3}, "actions": ["approve", "reject"]},
                {**_LATER, "key": "advice", "role": "advise", "taken_by": "each", "when": ASKED, "budget": 8},
            ],
        },
        {
            "key": "signing",
            "name": NAME,
            "complete": {"n": 1},
            "refusal": "at_once",
            "steps": [_LATER, {**_LATER, "key": "other", "owner": {**_OWNER, "place": "superior"}}],
        },
        {"key": "ending", "name": NAME, "complete": "any", "steps": [_LATER]},
    ],
}

_LEVEL = {"key": "departments", "name": NAME, "kinds": ["department"]}

SCHEDULE: dict[str, Any] = {
    "schema": 1,
    "key": "in-full",
    "name": NAME,
    "form": "in-full",
    "chain": "in-full",
    "calendar": "vietnam",
    "legal_basis": "Nghị định 09/2019/NĐ-CP",
    "recipients": [NAME, NAME],
    "regime": "periodic",
    "every": ["month", {"kind": "quarter", "replaces": ["month"]}],
    "window": {"from": 15},
    "from": "2025-01-01",
    "until": "2025-12-31",
    "opens": 3,
    "lock_after": 30,
    "remind": [5, 1, 0],
    "owed_by": [
        {
            **_LEVEL,
            "except": ["SNV"],
            "deadline": {"day": 20, "month": "next", "kind": "no_later_than", "shift": "none", "at": "17:00"},
        },
        {
            "key": "named",
            "name": NAME,
            "units": ["PC06", "Sở-TTTT"],
            "deadline": {"working_days_after": 2, "kind": "before", "shift": "previous"},
        },
    ],
}

WEEKLY: dict[str, Any] = {
    **{key: SCHEDULE[key] for key in ("schema", "key", "name", "form", "regime")},
    "every": "week",
    "owed_by": [{**_LEVEL, "deadline": {"weekday": 5, "week": "same"}}],
}

ON_DEMAND: dict[str, Any] = {
    **{key: SCHEDULE[key] for key in ("schema", "key", "name", "form")},
    "regime": "on_demand",
    "windows": [{"key": "survey", "name": NAME, "from": "2024-01-01", "to": "2024-02-29"}],
    "owed_by": [{**_LEVEL, "deadline": {"date": "2024-03-15"}}],
}

CALENDAR: dict[str, Any] = {
    "schema": 1,
    "key": "in-full",
    "name": NAME,
    "hours": [{"since": "2024-01-01", **{key: ["07:30-11:30", "13:00-24:00"] for key in WEEKDAYS}}],
    "years": [{"year": 2024, "status": "provisional", "holidays": [], "swaps": []}],
}

JOINT: dict[str, Any] = {
    "schema": 1,
    "key": "joint",
    "name": NAME,
    "stages": [
        {"key": each, "name": NAME, "steps": [{"key": each, "name": NAME, "owner": _OWNER}]} for each in ("one", "two")
    ],
    "issues": [
        {"after": "two", "issuer": {"place": "own"}, "document": "plan", "signer": "decider", "cosigned_at": "one"}
    ],
}

_SHIPPED: dict[str, Any] = next(body for kind, _key, body in shipped() if kind == "document")

DOCUMENT: dict[str, Any] = {
    **_SHIPPED,
    "metadata": {
        **_SHIPPED["metadata"],
        "type": "BB",
        "annexes": ["first", "second"],
        "contact": True,
        "data_attached": True,
        "verification": "with_subject",
        "retention": {"years": 10},
        "wording": {
            **_SHIPPED["metadata"]["wording"],
            "drafter": "PC06",
            "grounds": ["Căn cứ {answers.number}"],
            "urgency": "{answers.urgency}",
            "circulation": "Lưu hành nội bộ",
            "secretary": "{answers.secretary}",
            "together": {"over": 9, "say": "Các đơn vị có tên trong danh sách"},
            "archive_copies": 2,
            "issued_copies": 300,
        },
    },
}

IN_FULL: tuple[tuple[str, dict[str, Any]], ...] = (
    *((kind, body) for kind, _key, body in shipped()),
    ("form", FORM),
    ("calendar", CALENDAR),
    ("chain", CHAIN),
    ("chain", JOINT),
    ("document", DOCUMENT),
    ("schedule", SCHEDULE),
    ("schedule", WEEKLY),
    ("schedule", ON_DEMAND),
)
"""Kind and body of sound definitions: all that ship, and some that say everything."""
