"""What a new definition says at first: a copy of another one, or the least that can be published."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

from portal.definitions.library import shipped

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from workflows.errors import Label

FIRST_SECTION: Label = dict.fromkeys(("vi", "en"), "Nội dung báo cáo")
FIRST_FIELD: Label = dict.fromkeys(("vi", "en"), "Kết quả nổi bật")
"""They are there to be renamed: an English name of their own would stay behind and say something else."""

FIRST_STAGE: Label = {"vi": "Lãnh đạo đơn vị duyệt", "en": "Review by the head of the unit"}
FIRST_STEP: Label = {"vi": "Lãnh đạo đơn vị", "en": "Head or deputy of the unit"}

PHRASES: Mapping[str, tuple[str, str]] = {
    "BC": (
        "{issuer} báo cáo kết quả {{period}} (từ ngày {{from}} đến ngày {{to}}) như sau:",
        "Trên đây là báo cáo kết quả {{period}} của {issuer}",
    ),
    "TB": (
        "{issuer} thông báo các nội dung sau:",
        "{issuer} thông báo để các cơ quan, đơn vị, cá nhân liên quan biết, thực hiện",
    ),
    "KH": (
        "{issuer} ban hành Kế hoạch {{period}} với các nội dung sau:",
        "Các cơ quan, đơn vị, cá nhân liên quan thực hiện Kế hoạch này; khó khăn, vướng mắc phản ánh về {issuer}",
    ),
    "TTr": (
        "{issuer} kính trình cấp có thẩm quyền xem xét, quyết định các nội dung sau:",
        "{issuer} kính đề nghị cấp có thẩm quyền xem xét, quyết định",
    ),
}
"""How documents of a type begin and end; official documents are written in Vietnamese."""


def renamed(kind: str, body: Mapping[str, Any], key: str, name: Mapping[str, str]) -> dict[str, Any]:
    """A body under another key and name, with everything else as it was.

    Args:
        kind: one of `models.KINDS`.
        body: that can be published.
        key: its new key.
        name: its new name, in both languages.
    """
    other: dict[str, Any] = copy.deepcopy(dict(body))
    holder = other["metadata"] if kind == "document" else other
    holder.update(key=key, name=dict(name))
    return other


def beginning(kind: str, key: str, name: Mapping[str, str]) -> dict[str, Any]:
    """The least that can be published under a key.

    Args:
        kind: one of `models.KINDS`.
        key: which one.
        name: what it is called, in both languages.
    """
    return renamed(kind, _LEAST[kind](), key, name)


def _form() -> dict[str, Any]:
    field = {"name": "results", "type": "long_text", "label": FIRST_FIELD, "required": True, "printed": True}
    section = {"key": "content", "name": FIRST_SECTION, "fields": [field]}
    return {"schema": 1, "key": "", "name": {}, "sections": [section]}


def _chain() -> dict[str, Any]:
    step = {
        "key": "leader",
        "name": FIRST_STEP,
        "owner": {"posts": ["head", "deputy"], "place": "own"},
        "actions": ["approve", "return", "reject"],
        "reason_required": ["return", "reject"],
    }
    return {"schema": 1, "key": "", "name": {}, "stages": [{"key": "unit", "name": FIRST_STAGE, "steps": [step]}]}


def _document() -> dict[str, Any]:
    """A report of nobody in particular, in the layout that ships: who it goes to is for its author to say."""
    body = copy.deepcopy(next(body for kind, _key, body in shipped() if kind == "document"))
    body["metadata"] |= {"type": "BC", "wording": wording_of("BC", "Kết quả {period}", "{unit}")}
    return {**body, "style": ""}


def wording_of(kind: str, subject: str, issuer: str, source: str = "") -> dict[str, Any]:
    """The phrases of a document of which nobody has said yet who gets it.

    Args:
        kind: a key of `PHRASES`.
        subject: what it is about.
        issuer: whose document it is.
        source: what the opening says before that; may be empty.
    """
    opening, closing = (phrase.format(issuer=issuer) for phrase in PHRASES[kind])
    said = {"subject": subject, "opening": [f"{source}{opening}"], "closing": closing}
    return {**said, "addressees": [], "recipients": []}


def _calendar() -> dict[str, Any]:
    return next(dict(body) for kind, _key, body in shipped() if kind == "calendar")


def _schedule() -> dict[str, Any]:
    return next(dict(body) for kind, _key, body in shipped() if kind == "schedule")


_LEAST: Mapping[str, Callable[[], dict[str, Any]]] = {
    "form": _form,
    "document": _document,
    "calendar": _calendar,
    "chain": _chain,
    "schedule": _schedule,
}
