"""Texts, keys, patterns and shapes made to break the reader of definitions: each is told at its place, by any door."""

from __future__ import annotations

import copy
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest
from sqlalchemy import select

from portal.definitions.models import Definition
from portal.definitions.reading import read_yaml
from portal.definitions.writing import write_yaml
from tests import cast
from tests.hostile import Payload, asking, body_of, both, payloads
from tests.web import doors
from tests.web.calls import rows, send
from tests.web.definition_calls import ALL, codes, count, told
from workflows.errors import DefinitionError
from workflows.reader import KEY

if TYPE_CHECKING:
    from flask import Flask

    from tests.conftest import Visit, Visitor

SLOW = 10
"""Seconds that no answer may take, on a machine that does much else; the worst takes a twentieth of it alone."""

NOWHERE = frozenset({301, 302, 308, 404, 405, 422})
"""How what has no such key is answered; an address of several parts may lead to where it means something."""

FORM = "/definitions/form/wild/draft"


@pytest.fixture
def designer(visit: Visit) -> Visitor:
    """Who has begun a form."""
    visitor = visit(cast.DESIGNER)
    doors.begin(visitor, "form", "wild")
    return visitor


def quickly(send_it: Any) -> Any:
    """The answer to a request, which came soon."""
    began = time.monotonic()
    answer = send_it()
    assert time.monotonic() - began < SLOW
    assert answer.status_code < 500
    return answer


def says_where(answer: Any) -> None:
    """A refusal with the place of what is wrong, or the same as what a check found."""
    if answer.is_json and answer.status_code != 413:
        found = answer.get_json()
        assert answer.status_code == 422 or found["sound"] is False
        listed = found.get("findings") or [each for part in found["against"] for each in part["findings"]]
        assert listed
        assert all(each["message"] for each in listed)
    else:
        assert answer.status_code in {413, 422}


@pytest.mark.parametrize("door", doors.YAML_DOORS)
def test_a_text_that_is_no_definition_is_refused_and_nothing_is_kept(
    designer: Visitor, portal: Flask, door: str
) -> None:
    before = count(portal)
    for each in payloads("sources"):
        answer = quickly(lambda text=each.says: doors.YAML_DOORS[door](designer, "form", text))
        if not (each.more.get("taken") and door == "YAML"):
            says_where(answer)
    assert count(portal) == before


@pytest.mark.parametrize("taken", [each for each in payloads("sources") if each.more.get("taken")], ids=str)
@pytest.mark.parametrize("kind", ["form", "chain", "calendar", "schedule", "document"])
def test_what_can_be_read_and_is_no_definition_is_kept_and_told_on_every_page(
    visit: Visit, kind: str, taken: Payload
) -> None:
    designer = visit(cast.DESIGNER)
    doors.begin(designer, kind, "wild")
    assert quickly(lambda: doors.text_by_yaml(designer, kind, taken.says)).status_code == 302
    assert told(designer.get(f"{ALL}{kind}/wild/draft/check"))["sound"] is False
    for page in ("", "draft", "draft/design", "draft/preview"):
        assert quickly(lambda page=page: designer.get(f"/definitions/{kind}/wild/{page}")).status_code in {200, 302}
    for page in ("/definitions/", "/definitions/process/wild"):
        assert quickly(lambda page=page: designer.get(page)).status_code == 200


@pytest.mark.parametrize("door", doors.JSON_DOORS)
def test_json_that_is_no_definition_is_refused_and_nothing_is_kept(designer: Visitor, door: str) -> None:
    before = told(designer.get(f"{ALL}form/wild/draft"))["result"]
    for each in payloads("json"):
        says_where(quickly(lambda text=each.says: doors.JSON_DOORS[door](designer, "form", text)))
    assert told(designer.get(f"{ALL}form/wild/draft"))["result"] == before


def is_value(text: str) -> bool:
    """Whether a text can be read, though it is no definition: in a panel it is the value of one part."""
    with suppress(DefinitionError):
        read_yaml(text)
        return True
    return False


def test_yaml_inside_a_panel_is_refused_like_a_whole_text(designer: Visitor) -> None:
    before = told(designer.get(f"{ALL}form/wild/draft"))["result"]["body"]
    place = "sections[0].fields[0]"
    field = before["sections"][0]["fields"][0]
    for each in payloads("sources"):
        if is_value(each.says):
            continue
        typed = {"name": field["name"], "type": "long_text", "label.vi": "x", "at": place, "edition": 1}
        sent = {**typed, "default": each.says, "visible_when.yaml": each.says}
        answer = quickly(lambda sent=sent: designer.post(f"{FORM}/design", sent))
        assert answer.status_code in {413, 422}, each
        assert told(designer.get(f"{ALL}form/wild/draft"))["result"]["body"] == before


@pytest.mark.parametrize("shape", payloads("shapes"), ids=str)
def test_a_shape_that_cannot_be_is_refused_at_its_place(designer: Visitor, shape: Payload) -> None:
    kind, body = body_of(shape)
    answer = quickly(lambda: send(designer, "POST", f"{ALL}{kind}/wild/check", body))
    if answer.status_code == 422:
        assert answer.get_json()["findings"]
        return
    found = told(answer)
    at = shape.more.get("at", "")
    assert found["sound"] is shape.more.get("harmless", False)
    assert found["sound"] or any(path.startswith(at) for path, _code in codes(found)), codes(found)
    if kind == "form":
        edition = doors.edition_of(designer, "form", "wild")
        quickly(lambda: designer.post(FORM, {"edition": edition, "source": write_yaml(body)}))
        for page in ("", "/design", "/preview"):
            assert quickly(lambda page=page: designer.get(f"{FORM}{page}")).status_code == 200


def named(name: str) -> dict[str, Any]:
    body = asking(["a", "b"])
    body["sections"][0]["fields"][0]["name"] = name
    return body


@pytest.mark.parametrize("each", payloads("keys"), ids=str)
def test_what_is_no_key_is_refused_wherever_a_key_stands(designer: Visitor, portal: Flask, each: Payload) -> None:
    found = codes(told(send(designer, "POST", f"{ALL}form/wild/check", named(each.says))))
    assert [path for path, _code in found] == ["sections[0].fields[0].name"]
    if each.more.get("only") == "name":
        return
    typed = {"kind": "form", "key": each.says, "name_vi": "Mới", "name_en": "New"}
    assert designer.post("/definitions/new", typed).status_code in {302, 422}
    body, address = asking(["a"], each.says), quote(each.says[:2_000], safe="")
    assert doors.by_import(designer, "form", "", body).status_code == 422
    assert doors.by_rest_import(designer, "form", "", body).status_code == 422
    assert quickly(lambda: doors.by_rest(designer, "form", address, body)).status_code in NOWHERE
    for page in ("", "/draft", "/draft/design", "/1", "/compare"):
        assert quickly(lambda page=page: designer.get(f"/definitions/form/{address}{page}")).status_code in NOWHERE
    with rows(portal) as session:
        assert all(KEY.fullmatch(key) for key in session.scalars(select(Definition.key)))


@pytest.mark.parametrize("each", payloads("patterns"), ids=str)
def test_no_pattern_makes_anybody_wait(designer: Visitor, each: Payload) -> None:
    body = copy.deepcopy(asking(["a"]))
    pattern = {"matches": each.says, "message": both("Sai mẫu")}
    body["sections"][0]["fields"] = [{"name": "f", "type": "text", "label": both("a"), "pattern": pattern}]
    found = codes(told(quickly(lambda: send(designer, "POST", f"{ALL}form/wild/check", body))))
    refused = [("sections[0].fields[0].pattern.matches", "bad_pattern")]
    assert found == (refused if each.more.get("refused") else [])
    if not found:
        edition = doors.edition_of(designer, "form", "wild")
        designer.post(FORM, {"edition": edition, "source": write_yaml(body)})
        assert quickly(lambda: designer.get(f"{FORM}/preview?sample=1")).status_code == 200
