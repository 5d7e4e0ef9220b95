"""Several definitions are taken in by REST: all of them, or none with everything that is wrong with each."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from portal.definitions import uploads
from portal.definitions.beginnings import beginning
from portal.definitions.library import shipped_bodies
from portal.definitions.writing import write_yaml
from tests import cast
from tests.web.definition_calls import BODY, NAME, begun, codes, count, refused, take_in, told

if TYPE_CHECKING:
    from flask import Flask

    from tests.conftest import Visit, Visitor


@pytest.fixture
def designer(visit: Visit) -> Visitor:
    """Who draws forms and chains, signed in."""
    return visit(cast.DESIGNER)


def test_several_are_taken_in_at_once(designer: Visitor) -> None:
    calendar = shipped_bodies()["calendar", "vietnam"]
    files = {"own.json": json.dumps(BODY), "vietnam.yaml": write_yaml(calendar)}
    result = told(take_in(designer, files))["result"]
    found = {(each["file"], each["kind"], each["key"], each["is_new"], each["status"]) for each in result}
    assert found == {
        ("own.json", "chain", "of-our-own", True, "draft"),
        ("vietnam.yaml", "calendar", "vietnam", False, "published"),
    }


def test_where_one_is_wrong_none_is_taken_and_all_is_said(designer: Visitor, portal: Flask) -> None:
    before = count(portal)
    files = {"own.json": json.dumps(BODY), "bad.yaml": write_yaml({**BODY, "stages": []}), "odd.yaml": "a: &b 1"}
    found = refused(take_in(designer, files), 422, "not_taken")
    assert [(each["file"], codes(each)) for each in found["against"]] == [
        ("bad.yaml", [("stages", "too_few")]),
        ("odd.yaml", [("a", "no_anchors")]),
    ]
    assert count(portal) == before


def test_a_draft_in_the_way_stops_all(designer: Visitor, portal: Flask) -> None:
    begun(designer)
    before = count(portal)
    other = beginning("chain", "another", NAME)
    files = {"other.json": json.dumps(other), "own.json": json.dumps({**BODY, "name": {**NAME, "en": "New"}})}
    found = refused(take_in(designer, files), 422, "not_taken")
    assert [(each["file"], each["reason"]) for each in found["against"]] == [("own.json", "draft_exists")]
    assert count(portal) == before
    refused(take_in(designer, {}), 422, "no_file")
    refused(take_in(designer, {f"{number}.json": "{}" for number in range(201)}), 422, "too_many_files_at_once")


def test_many_large_files_are_refused_together(designer: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "MOST_TOGETHER", 1_000)
    files = {name: write_yaml({**BODY, "key": name, "help": "m" * 600}) for name in ("a.yaml", "b.yaml")}
    refused(take_in(designer, files), 422, "too_much_at_once")
