"""Units, posts and holdings in the browser and by REST: dates end them, nothing deletes them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from flask_appbuilder.security.sqla.models import User

from portal.units.models import Holding, Post, Unit

if TYPE_CHECKING:
    from flask.testing import FlaskClient

    from .conftest import Site


@pytest.fixture
def admin(site: Site) -> FlaskClient:
    return site.signed_in("admin")


def _fields(client: FlaskClient, unit: Unit) -> dict[str, object]:
    page = client.get(f"/units/edit/{unit.id}").text
    token = page.split('name="state_token" value="', 1)[1].split('"', 1)[0]
    columns = ("kind", "name_vi", "name_en", "symbol", "header_parent", "header_name", "place_name")
    days = {"valid_from": unit.valid_from.strftime("%d/%m/%Y"), "valid_to": ""}
    known = {column: getattr(unit, column) or "" for column in columns}
    return {**known, **days, "parent": unit.parent_id or "__None", "state_token": token}


def test_a_unit_shows_its_posts_and_who_sits_in_them(site: Site, admin: FlaskClient) -> None:
    page = admin.get(f"/units/show/{site.one(Unit, code='PC06').id}").text
    assert "Trưởng phòng" in page
    assert "Thượng tá Võ Đình Sơn" in page


def test_the_list_finds_without_marks_and_filters_by_kind(admin: FlaskClient) -> None:
    assert "UBND huyện Chư Păh" in admin.get("/units/list/?q=chu+pah").text
    districts = admin.get("/units/list/?kind=dpc").text
    assert "UBND thành phố Pleiku" in districts
    assert "Sở Nội vụ" not in districts


def test_a_changed_unit_keeps_its_code_and_its_header_lines(site: Site, admin: FlaskClient) -> None:
    unit = site.one(Unit, code="PC06")
    typed = {**_fields(admin, unit), "code": "PC66", "header_name": "PHÒNG CẢNH SÁT\r\n  QLHC VỀ TTXH \r\n"}
    assert admin.post(f"/units/edit/{unit.id}", data=typed).status_code == 302
    assert site.one(Unit, code="PC06").header_name == "PHÒNG CẢNH SÁT\nQLHC VỀ TTXH"


def test_a_unit_below_itself_is_refused_in_the_form(site: Site, admin: FlaskClient) -> None:
    police, division = site.one(Unit, code="CAT"), site.one(Unit, code="PC06")
    answer = admin.post(f"/units/edit/{police.id}", data={**_fields(admin, police), "parent": division.id})
    assert answer.status_code == 422
    assert site.one(Unit, code="CAT").parent.code == "UBND"


def test_a_unit_with_living_posts_cannot_be_ended(site: Site, admin: FlaskClient) -> None:
    unit = site.one(Unit, code="PC06")
    answer = admin.post(f"/units/edit/{unit.id}", data={**_fields(admin, unit), "valid_to": "31/12/2024"})
    assert answer.status_code == 422
    assert "Trưởng phòng" in answer.text
    assert site.one(Unit, code="PC06").valid_to is None


def test_a_second_head_is_refused_and_a_new_holder_is_seated(site: Site, admin: FlaskClient) -> None:
    deputy = site.one(User, username="deputy")
    unit = site.one(Unit, code="STTTT")
    head = site.one(Post, unit_id=unit.id, code="gd")
    typed = {"user": deputy.id, "post": head.id, "rank": "", "valid_from": "1/6/2024", "valid_to": ""}
    refused = admin.post("/holdings/add", data=typed)
    assert refused.status_code == 422
    assert "Đoàn Minh Trí" in refused.text
    vacant = site.one(Post, unit_id=site.one(Unit, code="VPUBND").id, code="cvp")
    assert admin.post("/holdings/add", data={**typed, "post": vacant.id}).status_code == 302
    assert site.one(Holding, post_id=vacant.id).user_id == deputy.id


@pytest.mark.parametrize("resource", ["units", "posts", "holdings"])
def test_nothing_is_deleted(admin: FlaskClient, resource: str) -> None:
    assert admin.get(f"/api/v1/{resource}/1").status_code == 200
    assert admin.delete(f"/api/v1/{resource}/1").status_code == 405
    assert admin.post(f"/{resource}/delete/1").status_code == 404


def test_rest_takes_a_change_only_of_what_was_read(site: Site, admin: FlaskClient) -> None:
    unit = site.one(Unit, code="CHUPAH")
    url = f"/api/v1/units/{unit.id}"
    tag = admin.get(url).headers["ETag"]
    assert admin.put(url, json={"place_name": "Phú Hòa"}).status_code == 412
    assert admin.put(url, json={"place_name": "Phú Hòa"}, headers={"If-Match": tag}).status_code == 200
    assert admin.put(url, json={"place_name": "Ia Ly"}, headers={"If-Match": tag}).status_code == 412
    assert site.one(Unit, code="CHUPAH").place_name == "Phú Hòa"


def test_people_are_shown_by_rest_without_their_secrets(admin: FlaskClient) -> None:
    answer = admin.get("/api/v1/holdings/1")
    assert answer.json is not None
    assert set(answer.json["result"]["user"]) == {"id", "first_name", "last_name"}


def test_a_post_gives_no_role_that_its_writer_lacks(site: Site) -> None:
    site.allow("Unit administrator", "PostView", "can_list", "can_show", "can_add", "can_edit")
    site.allow("Clerk", "TaskView", "can_list", "can_work")
    post = site.one(Post, unit_id=site.one(Unit, code="STTTT").id, code="cv")
    typed = {"unit": post.unit_id, "code": "cv2", "kind": "officer", "title_vi": "Chuyên viên", "title_en": "Officer"}
    typed |= {"role": post.role_id, "valid_from": "1/1/2024", "valid_to": ""}
    keeper = site.signed_in("units")
    refused = keeper.post("/posts/add", data=typed)
    assert refused.status_code == 422
    assert "can_work TaskView" in refused.text
    assert keeper.post("/posts/add", data={**typed, "role": "__None"}).status_code == 302
