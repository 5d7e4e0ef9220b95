"""Chains that tests publish instead of the shipped one: the people, the conditions and the ways of saying no."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from portal.definitions.library import shipped
from portal.definitions.publishing import publish

if TYPE_CHECKING:
    from flask import Flask

PC06 = {"posts": ["head", "deputy", "officer"], "place": "unit", "unit": "PC06"}
MANY_DOCUMENTS = {"gt": [{"fact": "documents_issued"}, 100]}
"""A condition that the demonstration's report does not meet: it has two."""

LEADER = {
    "key": "leader",
    "name": {"vi": "Lãnh đạo đơn vị", "en": "Head or deputy of the unit"},
    "owner": {"posts": ["head", "deputy"], "place": "own"},
}
POLICE = {
    "key": "leader",
    "name": {"vi": "Lãnh đạo Phòng PC06", "en": "Head or deputy of PC06"},
    "owner": {**PC06, "posts": ["head", "deputy"]},
}
CHOSEN = {
    "key": "experts",
    "name": {"vi": "Chuyên gia được chọn", "en": "Chosen expert"},
    "owner": PC06,
    "taken_by": {"choose": 2},
}
VOTERS = {
    "key": "members",
    "name": {"vi": "Thành viên biểu quyết", "en": "Voting member"},
    "owner": PC06,
    "taken_by": "each",
    "actions": ["approve", "return"],
}


def stage(key: str, name: str, *steps: dict[str, Any], **more: Any) -> dict[str, Any]:
    """One stage of a chain."""
    return {"key": key, "name": {"vi": name, "en": key}, "steps": list(steps), **more}


def chain(*stages: dict[str, Any], key: str = "provincial-report", name: str = "", **more: Any) -> dict[str, Any]:
    """A chain for the monthly report."""
    called = name or "Báo cáo trình UBND tỉnh"
    return {
        "schema": 1,
        "key": key,
        "name": {"vi": called, "en": key},
        "forms": ["monthly-report"],
        "stages": list(stages),
        **more,
    }


def put_in_force(portal: Flask, *bodies: dict[str, Any]) -> None:
    """Publish chains, each as the next version of its key."""
    with portal.app_context():
        database = portal.extensions["trinh"]["database"]
        for body in bodies:
            publish(database.session(), actor="test", kind="chain", key=body["key"], body=body)
        database.session.commit()
        database.session.remove()


def copy_in_force(portal: Flask, kind: str, of: str, key: str) -> None:
    """Publish a copy of what ships under a key of its own, so that a chain may name it."""
    body = next(body for a_kind, a_key, body in shipped() if (a_kind, a_key) == (kind, of))
    with portal.app_context():
        database = portal.extensions["trinh"]["database"]
        publish(database.session(), actor="test", kind=kind, key=key, body=renamed(body, key))
        database.session.commit()
        database.session.remove()


def renamed(body: dict[str, Any], key: str) -> dict[str, Any]:
    """A definition under another key, which a document keeps in its metadata."""
    if "metadata" in body:
        return {**body, "metadata": {**body["metadata"], "key": key}}
    return {**body, "key": key}


def first_body() -> dict[str, Any]:
    """The chain of the monthly report as it ships."""
    return next(body for kind, key, body in shipped() if (kind, key) == ("chain", "provincial-report"))
