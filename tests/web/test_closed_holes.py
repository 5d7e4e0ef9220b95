"""One test for each known hole of Flask-AppBuilder's rows, forms and REST: closed here, on screens and APIs alike."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from flask import g
from flask_appbuilder.security.sqla.models import Role, User
from sqlalchemy import func, select

from portal.audit import AuditEntry
from portal.data import SCOPES
from portal.security import Actor
from portal.tasks.models import SourceDocument, Task
from portal.units import wiring
from portal.units.models import Post, Unit
from tests import cast
from tests.web.calls import edit, key_of, rows, send, typed_in, value_of
from workflows.errors import Refusal

if TYPE_CHECKING:
    from flask import Flask
    from sqlalchemy import ColumnElement

    from tests.conftest import Visit

CLEAR = "Cập nhật kiến trúc chính quyền điện tử của tỉnh theo phiên bản 3.0"
EVIL = "https://evil.example"


def own_units_only(actor: Actor) -> ColumnElement[bool]:
    return Unit.id.in_(actor.reach)


@pytest.fixture
def narrow(monkeypatch: pytest.MonkeyPatch) -> None:
    """Units are seen only from within, so that selects and relations have something to hide."""
    monkeypatch.setitem(SCOPES, Unit, own_units_only)


def count(app: Flask, model: type) -> int:
    with rows(app) as session:
        return session.scalar(select(func.count()).select_from(model)) or 0


# -- rows of others -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/tasks/action/x/1", "/tasks/action_post", "/tasks/download/x", "/tasks/delete/1"])
def test_actions_downloads_and_deletion_have_no_address(visit: Visit, path: str) -> None:
    admin = visit(cast.ADMIN)
    assert admin.get(path).status_code == 404
    assert admin.post(path).status_code == 404


@pytest.mark.parametrize("path", ["/tasks/show/{}", "/tasks/edit/{}", "/api/v1/task/{}"])
def test_a_row_of_another_unit_does_not_exist(portal: Flask, visit: Visit, path: str) -> None:
    number = key_of(portal, Task, title=CLEAR)
    assert visit(cast.HEAD).get(path.format(number)).status_code == 200
    stranger = visit(cast.OUTSIDER_HEAD)
    foreign, missing = stranger.get(path.format(number)), stranger.get(path.format(999_999))
    assert foreign.status_code == missing.status_code == 404
    assert CLEAR not in foreign.text


def test_writing_to_a_row_of_another_unit_finds_nothing(portal: Flask, visit: Visit) -> None:
    number = key_of(portal, Task, title=CLEAR)
    form = typed_in(visit(cast.HEAD).get(f"/tasks/edit/{number}").text)
    stranger = visit(cast.OUTSIDER_HEAD)
    typed = {**form, "title": "Của đơn vị khác", "csrf_token": stranger.token()}
    assert stranger.client.post(f"/tasks/edit/{number}", data=typed).status_code == 404
    assert send(stranger, "PUT", f"/api/v1/task/{number}", {"title": "x"}, **{"If-Match": "*"}).status_code == 404
    assert value_of(portal, Task, number, "title") == CLEAR


def test_lists_count_and_show_only_rows_in_scope(visit: Visit) -> None:
    stranger, auditor = visit(cast.OUTSIDER), visit(cast.AUDITOR)
    assert CLEAR not in stranger.get("/tasks/list/").text
    every, some = auditor.get("/api/v1/task/").json, stranger.get("/api/v1/task/").json
    assert every["count"] > some["count"] == len(some["result"]) == len(some["ids"]) > 0
    assert CLEAR not in str(some)


def test_selects_offer_only_rows_in_scope(narrow: None, visit: Visit) -> None:
    keeper = visit(cast.UNIT_ADMIN)
    options = keeper.get("/posts/add").text
    assert "Văn phòng UBND tỉnh" in options
    assert "Sở Thông tin và Truyền thông" not in options
    told = keeper.get("/api/v1/post/_info?q=(keys:!(add_columns))").json["add_columns"]
    offered = next(column["values"] for column in told if column["name"] == "unit")
    assert [each["value"] for each in offered] == ["Văn phòng UBND tỉnh"]


def test_a_row_is_not_tied_to_one_that_its_writer_cannot_see(narrow: None, portal: Flask, visit: Visit) -> None:
    keeper, foreign = visit(cast.UNIT_ADMIN), key_of(portal, Unit, code="STTTT")
    row = {"code": "moi", "kind": "officer", "title_vi": "Cán bộ", "title_en": "Officer", "valid_from": "2024-01-01"}
    before = count(portal, Post)
    typed = {**row, "unit": foreign, "role": "__None", "valid_to": ""}
    assert keeper.post("/posts/add", typed).status_code == 422
    answer = send(keeper, "POST", "/api/v1/post/", {**row, "unit": foreign})
    assert (answer.status_code, answer.json["reason"]) == (422, "related_out_of_scope")
    assert count(portal, Post) == before
    own = key_of(portal, Unit, code="VPUBND")
    assert keeper.post("/posts/add", {**typed, "unit": own}).status_code == 302


def test_a_row_is_not_written_out_of_its_writers_sight(
    portal: Flask, visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(SCOPES, Unit, lambda _actor: Unit.kind == "dpc")
    keeper, number = visit(cast.UNIT_ADMIN), key_of(portal, Unit, code="CHUPAH")
    assert edit(keeper, f"/units/edit/{number}", kind="cpc", parent="__None").status_code == 422
    tag = keeper.get(f"/api/v1/unit/{number}").headers["ETag"]
    answer = send(keeper, "PUT", f"/api/v1/unit/{number}", {"kind": "cpc", "parent": None}, **{"If-Match": tag})
    assert (answer.status_code, answer.json["reason"]) == (422, "out_of_scope")
    assert value_of(portal, Unit, number, "kind") == "dpc"


def test_a_task_is_not_put_into_another_units_hands(portal: Flask, visit: Visit) -> None:
    head, number, other = visit(cast.HEAD), key_of(portal, Task, title=CLEAR), key_of(portal, Unit, code="SYT")
    before = value_of(portal, Task, number, "lead_unit_id")
    assert edit(head, f"/tasks/edit/{number}", lead_unit=str(other)).status_code == 422
    assert value_of(portal, Task, number, "lead_unit_id") == before


def test_a_related_row_is_named_never_described(portal: Flask, visit: Visit) -> None:
    head, before = visit(cast.HEAD), count(portal, User)
    described = {"username": "kẻ.lạ", "password": "x", "email": "x@x", "first_name": "x", "last_name": "x"}
    body = {"title": "Xây dựng kế hoạch", "profile": 1, "lead_unit": key_of(portal, Unit, code="STTTT")}
    for officer in (described, {"id": 999_999, **described}, {"id": 1}, 999_999, "abc", [described], -1, True):
        answer = send(head, "POST", "/api/v1/task/", {**body, "deadline_kind": "none", "officer": officer})
        assert answer.status_code == 422, officer
    assert count(portal, User) == before


# -- columns ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("resource", "body"),
    [
        ("task", {"completed_on": "2025-01-01", "evidence": "x"}),
        ("task", {"assigned_at": "2025-01-01T00:00:00+00:00"}),
        ("task", {"version": 99}),
        ("task", {"due_on": "2030-01-01"}),
        ("task", {"id": 7}),
        ("unit", {"code": "KHAC"}),
        ("unit", {"search": "x"}),
        ("holding", {"user": 1}),
        ("holding", {"user_id": 1}),
    ],
)
def test_a_column_that_is_not_offered_is_refused(
    portal: Flask, visit: Visit, resource: str, body: dict[str, Any]
) -> None:
    admin, path, before = visit(cast.ADMIN), f"/api/v1/{resource}/1", count(portal, AuditEntry)
    seen = admin.get(path)
    answer = send(admin, "PUT", path, body, **{"If-Match": seen.headers["ETag"]})
    assert answer.status_code == 422
    assert answer.json["reason"] == "unknown_keys"
    assert all(key in answer.json["message"] for key in body)
    assert admin.get(path).json == seen.json
    assert count(portal, AuditEntry) == before


@pytest.mark.parametrize("resource", ["submission", "case", "document", "register"])
def test_rest_writes_nothing_that_has_a_life_cycle(visit: Visit, resource: str) -> None:
    admin = visit(cast.ADMIN)
    for method, path in (("POST", ""), ("PUT", "1"), ("PATCH", "1"), ("DELETE", "1")):
        answer = send(admin, method, f"/api/v1/{resource}/{path}", {"status": "approved"})
        assert answer.status_code == 405
        assert answer.is_json


def test_forms_ignore_what_they_did_not_ask(portal: Flask, visit: Visit) -> None:
    number = key_of(portal, Unit, code="PC06")
    assert edit(visit(cast.UNIT_ADMIN), f"/units/edit/{number}", code="KHAC", search="x", id="1").status_code == 302
    assert value_of(portal, Unit, number, "code") == "PC06"


def test_nothing_is_ordered_or_found_by_a_hidden_column(visit: Visit) -> None:
    admin = visit(cast.ADMIN)
    plain = admin.get("/users/list/").text
    for query in ("sort=password", "sort=-password", "sort=roles.name", "_oc_UserView=password&_od_UserView=asc"):
        rows_of = admin.get(f"/users/list/?{query}").text
        assert rows_of.split("<tbody>")[1].split("</tbody>")[0] == plain.split("<tbody>")[1].split("</tbody>")[0]
    for asked in (
        "(order_column:user.password)",
        "(filters:!((col:user.password,opr:sw,value:scrypt)))",
        "(filters:!((col:password,opr:eq,value:x)))",
    ):
        assert admin.get(f"/api/v1/holding/?q={asked}").status_code == 400
    assert "password" not in admin.get("/api/v1/holding/?q=(columns:!(user.password,id))").text
    assert "password" not in admin.get("/api/v1/holding/_info").text


def test_pages_are_of_bounded_size(visit: Visit) -> None:
    admin = visit(cast.ADMIN)
    assert admin.get("/units/list/?psize_UnitView=1000&page_size=1000").text.count("<tr>") <= 26
    for size in ("100000", "-1", "0"):
        answer = admin.get(f"/api/v1/unit/?q=(page_size:{size})").json
        assert answer["count"] > len(answer["result"]) or len(answer["result"]) <= 100
        assert len(answer["result"]) <= 100


# -- writes -------------------------------------------------------------------------------------------------------


def test_a_form_without_its_token_changes_nothing(portal: Flask, visit: Visit) -> None:
    number = key_of(portal, Unit, code="PC06")
    keeper = visit(cast.UNIT_ADMIN)
    form = typed_in(keeper.get(f"/units/edit/{number}").text)
    for token in ({}, {"csrf_token": ""}, {"csrf_token": "x"}, {"csrf_token": visit(cast.CLERK).token()}):
        typed = {name: value for name, value in form.items() if name != "csrf_token"}
        answer = keeper.client.post(f"/units/edit/{number}", data={**typed, "place_name": "Kon Tum", **token})
        assert answer.status_code == 401
        assert "Kon Tum" in answer.text
    assert value_of(portal, Unit, number, "place_name") == "Gia Lai"


@pytest.mark.parametrize("headers", [{}, {"X-CSRFToken": "x"}, {"Content-Type": "text/plain"}])
def test_rest_without_the_token_changes_nothing(portal: Flask, visit: Visit, headers: dict[str, str]) -> None:
    number, admin = key_of(portal, Unit, code="PC06"), visit(cast.ADMIN)
    tag = admin.get(f"/api/v1/unit/{number}").headers["ETag"]
    answer = admin.client.put(
        f"/api/v1/unit/{number}", json={"place_name": "Kon Tum"}, headers={"If-Match": tag, **headers}
    )
    assert answer.status_code == 400
    assert answer.is_json
    assert admin.client.post("/api/v1/unit/", json={}, headers=headers).status_code == 400
    assert value_of(portal, Unit, number, "place_name") == "Gia Lai"


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": EVIL},
        {"Origin": "null"},
        {"Origin": "http://localhost.evil.example"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site", "Origin": "http://other.localhost"},
    ],
)
def test_nothing_is_taken_that_another_site_sends(portal: Flask, visit: Visit, headers: dict[str, str]) -> None:
    number, admin = key_of(portal, Unit, code="PC06"), visit(cast.ADMIN)
    form = typed_in(admin.get(f"/units/edit/{number}").text)
    path, typed = f"/units/edit/{number}", {**form, "place_name": "Kon Tum"}
    assert admin.client.post(path, data=typed, headers=headers).status_code == 403
    without = {name: value for name, value in typed.items() if name != "csrf_token"}
    for visitor in (admin, visit(None)):  # nor is it given back to be sent from here
        answer = visitor.client.post(path, data=without, headers=headers)
        assert answer.status_code == 403
        assert "Kon Tum" not in answer.text
    tag = admin.get(f"/api/v1/unit/{number}").headers["ETag"]
    body = {"place_name": "Kon Tum"}
    assert send(admin, "PUT", f"/api/v1/unit/{number}", body, **{"If-Match": tag}, **headers).status_code == 403
    assert value_of(portal, Unit, number, "place_name") == "Gia Lai"


def test_what_this_site_sends_is_taken(portal: Flask, visit: Visit) -> None:
    number, admin = key_of(portal, Unit, code="PC06"), visit(cast.ADMIN)
    path = f"/units/edit/{number}"
    for place, headers in (("Pleiku", {"Origin": "http://localhost"}), ("An Khê", {"Sec-Fetch-Site": "same-origin"})):
        form = typed_in(admin.get(path).text)
        assert admin.client.post(path, data={**form, "place_name": place}, headers=headers).status_code == 302
        assert value_of(portal, Unit, number, "place_name") == place


def test_a_refused_value_is_not_written_by_a_later_commit(portal: Flask, visit: Visit) -> None:
    number, role = key_of(portal, Unit, code="PC06"), key_of(portal, Role, name="Clerk")
    with portal.test_request_context():
        g.actor = Actor(1, "units", "")
        data = wiring.units()
        unit = data.get(number)
        unit.name_vi, unit.valid_to = "Tên khác", unit.valid_from.replace(year=1990)
        with pytest.raises(Refusal, match="life_backwards"):
            data.edit(unit)
        data.session.get_one(Role, role).name = "Văn phòng"
        data.session.commit()
    assert value_of(portal, Role, role, "name") == "Văn phòng"
    assert value_of(portal, Unit, number, "name_vi").startswith("Phòng")


def test_an_overtaken_form_is_a_conflict_and_keeps_what_was_typed(portal: Flask, visit: Visit) -> None:
    path = f"/units/edit/{key_of(portal, Unit, code='PC06')}"
    slow, quick = visit(cast.UNIT_ADMIN), visit(cast.ADMIN)
    opened = typed_in(slow.get(path).text)
    assert edit(quick, path, place_name="Pleiku").status_code == 302
    answer = slow.client.post(path, data={**opened, "place_name": "An Khê"})
    assert answer.status_code == 409
    kept = typed_in(answer.text)
    assert kept["place_name"] == ["An Khê"]
    assert kept["state_token"] == opened["state_token"]
    assert "Pleiku" in slow.get(path).text


def test_a_conflict_sees_what_other_tables_keep(portal: Flask, visit: Visit) -> None:
    path = f"/roles/edit/{key_of(portal, Role, name='Designer')}"
    slow, quick = visit(cast.ADMIN), visit(cast.ADMIN)
    opened = typed_in(slow.get(path).text)
    assert edit(quick, path, permissions=opened["permissions"][1:]).status_code == 302
    assert slow.client.post(path, data=opened).status_code == 409


def test_a_sign_in_meanwhile_is_no_conflict(portal: Flask, visit: Visit) -> None:
    path = f"/users/edit/{key_of(portal, User, username='clerk')}"
    admin = visit(cast.ADMIN)
    opened = typed_in(admin.get(path).text)
    visit(cast.CLERK)
    assert admin.client.post(path, data={**opened, "first_name": "Trần Thị"}).status_code == 302


# -- REST ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("tag", [{}, {"If-Match": '"x"'}, {"If-Match": "*"}, {"If-Match": "x"}, {"If-Match": 'W/"x"'}])
def test_rest_changes_only_what_was_seen(portal: Flask, visit: Visit, tag: dict[str, str]) -> None:
    admin, path = visit(cast.ADMIN), "/api/v1/unit/1"
    before = admin.get(path)
    assert before.headers["ETag"].strip('"')
    answer = send(admin, "PUT", path, {"place_name": "Kon Tum"}, **tag)
    assert (answer.status_code, answer.json["reason"]) == (412, "stale_version")
    assert admin.get(path).json == before.json


@pytest.mark.parametrize("body", [[], [{}], "x", 1, None, True])
def test_rest_takes_only_objects(visit: Visit, body: object) -> None:
    admin = visit(cast.ADMIN)
    for method, path in (("POST", "/api/v1/unit/"), ("PUT", "/api/v1/unit/1"), ("POST", "/api/v1/task/1/note")):
        tag = {"If-Match": admin.get("/api/v1/unit/1").headers["ETag"]}
        answer = send(admin, method, path, body, **tag)
        assert (answer.status_code, answer.json["reason"]) == (422, "not_json")


@pytest.mark.parametrize(
    "value", [SimpleNamespace(year=10**30), SimpleNamespace(subject="\ud800"), SimpleNamespace(year="x", symbol=1)]
)
def test_rest_refuses_what_cannot_be_kept(portal: Flask, visit: Visit, value: SimpleNamespace) -> None:
    body = {"symbol": "1/KH-UBND", "issuer": "UBND tỉnh", "year": 2025, "subject": "Kế hoạch", **vars(value)}
    before = count(portal, SourceDocument)
    assert send(visit(cast.ADMIN), "POST", "/api/v1/source/", body).status_code == 422
    assert count(portal, SourceDocument) == before


def test_a_number_beyond_every_database_stays_in_the_form(visit: Visit) -> None:
    typed = {"symbol": "1/KH-UBND", "issuer": "UBND tỉnh", "year": "9" * 30, "subject": "Kế hoạch", "issued_on": ""}
    answer = visit(cast.ADMIN).post("/sources/add", typed)
    assert answer.status_code == 422
    assert typed_in(answer.text)["year"] == ["9" * 30]
