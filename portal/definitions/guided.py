"""A whole process from five answers: what it is called, who reports, how often, who approves, what comes out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask_babel import lazy_gettext as _l

from portal.definitions.beginnings import beginning, wording_of
from portal.definitions.decree import TYPE_NAMES
from portal.definitions.gallery import Process
from portal.definitions.shapes.schedules import EVERY
from portal.definitions.shaping import slug
from workflows.errors import Refusal

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from workflows.errors import Label

WAYS: dict[str, Any] = {
    "unit": _l("the head of the unit"),
    "police": _l("the head of the unit, then PC06 of the police"),
    "committee": _l("the head of the unit, then PC06, then the provincial People’s Committee"),
}
"""Who approves, one after the other."""

OUTCOMES: dict[str, Any] = {
    "": _l("no document"),
    "BC": _l("a report (báo cáo)"),
    "TB": _l("a notice (thông báo)"),
    "KH": _l("a plan (kế hoạch)"),
    "TTr": _l("a proposal (tờ trình)"),
}
"""What document comes out, by its abbreviation of Decree 30/2020, appendix III."""

NEVER = "never"
RHYTHMS: dict[str, Any] = {**dict(EVERY), NEVER: _l("when there is something to report")}
"""How often."""

PLACES: Mapping[str, tuple[Label, dict[str, Any]]] = {
    "unit": ({"vi": "Lãnh đạo đơn vị duyệt", "en": "Review by the head of the unit"}, {"place": "own"}),
    "police": ({"vi": "Phòng PC06 thẩm định", "en": "Review by PC06"}, {"place": "unit", "unit": "PC06"}),
    "committee": ({"vi": "UBND tỉnh phê duyệt", "en": "Approval by the committee"}, {"place": "unit", "unit": "UBND"}),
}


ISSUERS: Mapping[str, str] = {"unit": "{unit}", "police": "Phòng PC06", "committee": "Ủy ban nhân dân tỉnh"}
"""Whose document it is, by who approves last."""

BY_REPORT = "Trên cơ sở báo cáo của {unit}, "


@dataclass(frozen=True)
class Answers:
    """The five answers.

    Attributes:
        name: what the process is called.
        kinds: the kinds of units that report.
        rhythm: a key of `RHYTHMS`.
        way: a key of `WAYS`.
        outcome: a key of `OUTCOMES`.
        own_days: whether its deadlines are counted by working days of its own, such as those of schools.
    """

    name: Label
    kinds: Sequence[str]
    rhythm: str
    way: str
    outcome: str
    own_days: bool = False


def process_from(answers: Answers) -> Process:
    """The definitions that the answers describe; each can be published as it is, and is meant to be changed.

    Raises:
        Refusal: `name_needed`, `answers_needed` for an answer that is not offered.
    """
    if not answers.name.get("vi"):
        raise Refusal("name_needed")
    known = answers.rhythm in RHYTHMS and answers.way in WAYS and answers.outcome in OUTCOMES
    if not known or (answers.rhythm != NEVER and not answers.kinds):
        raise Refusal("answers_needed")
    key = slug(answers.name["vi"], "process").replace("_", "-")
    bodies: dict[str, dict[str, Any]] = {"form": beginning("form", key, answers.name)}
    if answers.outcome:
        bodies["document"] = _document(key, answers)
    if answers.own_days and answers.rhythm != NEVER:
        bodies["calendar"] = beginning("calendar", key, answers.name)
    bodies["chain"] = _chain(key, answers)
    if answers.rhythm != NEVER:
        bodies["schedule"] = _schedule(key, answers)
    return Process(key, answers.name, {"vi": "", "en": ""}, bodies)


def _document(key: str, answers: Answers) -> dict[str, Any]:
    """A document of whoever approves last; where that is not the unit that reports, it says by whose report."""
    body = beginning("document", key, answers.name)
    source = "" if answers.way == "unit" else BY_REPORT
    subject = f"{_without_type(answers)} {{period}}".strip()
    wording = wording_of(answers.outcome, subject, ISSUERS[answers.way], source)
    body["metadata"] |= {"type": answers.outcome, "wording": wording}
    return body


def _without_type(answers: Answers) -> str:
    """What the process is called, without the name of the type, which stands above the subject, and without braces."""
    name, kind = answers.name["vi"], TYPE_NAMES[answers.outcome]
    bare = name[len(kind) :].strip() if name.casefold().startswith(f"{kind.casefold()} ") else name
    return (bare[:1].upper() + bare[1:]).replace("{", "(").replace("}", ")")


def _chain(key: str, answers: Answers) -> dict[str, Any]:
    body = beginning("chain", key, answers.name)
    step = body["stages"][0]["steps"][0]
    passed = list(WAYS)[: list(WAYS).index(answers.way) + 1]
    body["stages"] = [_stage(place, step) for place in passed]
    body["forms"] = [key]
    if answers.outcome:
        last = passed[-1]
        issuer = PLACES[last][1]
        body["issues"] = [{"after": last, "issuer": issuer, "document": key, "signer": "decider"}]
    return body


def _stage(place: str, step: Mapping[str, Any]) -> dict[str, Any]:
    name, where = PLACES[place]
    leader = {**step, "owner": {"posts": ["head", "deputy"], **where}, "budget": 16, "ladder": [{"at": 0}]}
    return {"key": place, "name": dict(name), "steps": [leader]}


def _schedule(key: str, answers: Answers) -> dict[str, Any]:
    weekly = answers.rhythm == "week"
    deadline = {"weekday": 1, "week": "next"} if weekly else {"working_days_after": 2}
    level = {
        "key": "units",
        "name": {"vi": "Các đơn vị", "en": "All units"},
        "kinds": list(answers.kinds),
        "deadline": deadline,
    }
    return {
        "schema": 1,
        "key": key,
        "name": dict(answers.name),
        "form": key,
        "chain": key,
        "regime": "periodic",
        "every": answers.rhythm,
        "owed_by": [level],
        **({"calendar": key} if answers.own_days else {}),
    }
