"""Units, posts and holdings in the browser and by REST: dates end them, nothing deletes them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from flask_appbuilder.security.sqla.models import User
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.units.models import Holding, Post, Unit
from tests.web.calls import edit, rows

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask

    from tests.conftest import Visit, Visitor

HEADER = {
    "kind": "division",
    "name_vi": "Phòng Cảnh sát quản lý hành chính về trật tự xã hội",
    "name_en": "Police Division for Administrative Management of Social Order",
    "symbol": "PC06",
    "header_parent": "CÔNG AN TỈNH GIA LAI",
    "header_name": "PHÒNG CẢNH SÁT QUẢN LÝ HÀNH CHÍNH\nVỀ TRẬT TỰ XÃ HỘI",
    "place_name": "Gia Lai",
    "valid_from": "01/01/2004",
    "valid_to": "",
}


@pytest.fixture
def one(portal: Flask) -> Callable[..., Any]:
    """Gives the one row of a model with these facts, as it is in the database now."""

    def row(model: type, **facts: Any) -> Any:
        with Session(portal.extensions["trinh"]["database"].engine) as session:
            return session.scalars(select(model).filter_by(**facts)).one()

    return row


def _json(visitor: Visitor, method: str, path: str, body: dict[str, Any], **headers: str) -> Any:
    return visitor.client.open(path, method=method, json=body, headers={"X-CSRFToken": visitor.token(), **headers})


def _edit(visitor: Visitor, number: int, **typed: Any) -> Any:
    """Send the form of the division's unit with what was typed over it."""
    page = visitor.get(f"/units/edit/{number}").text
    token = page.split('name="state_token" value="', 1)[1].split('"', 1)[0]
    return visitor.post(f"/units/edit/{number}", {**HEADER, "state_token": token, **typed})


def test_a_unit_shows_its_posts_and_who_sits_in_them(visit: Visit, one: Callable[..., Any]) -> None:
    page = visit("clerk").get(f"/units/show/{one(Unit, code='PC06').id}").text
    assert "Trưởng phòng" in page
    assert "Thượng tá Võ Đình Sơn" in page


def test_the_list_finds_without_marks_and_filters_by_kind(visit: Visit) -> None:
    clerk = visit("clerk")
    assert "UBND huyện Chư Păh" in clerk.get("/units/list/?q=chu+pah").text
    districts = clerk.get("/units/list/?kind=dpc").text
    assert "UBND thành phố Pleiku" in districts
    assert "Sở Nội vụ" not in districts


def test_the_list_stands_in_the_order_of_the_vietnamese_alphabet(visit: Visit) -> None:
    districts = "Chư Păh, Chư Prông, Chư Pưh, Chư Sê, Đak Đoa, Đak Pơ, Đức Cơ, Ia Grai, Ia Pa, Kbang, Kông Chro"
    names = [f"UBND huyện {name}" for name in districts.split(", ")] + ["UBND thành phố Pleiku", "UBND thị xã An Khê"]
    clerk = visit("clerk")
    page = clerk.get("/units/list/?kind=dpc").text
    places = [page.index(f">{name}<") for name in names]
    assert places == sorted(places)
    answer = clerk.get("/api/v1/unit/?q=(order_column:sort_key,order_direction:asc,page_size:100)").json
    by_rest = [unit["name_vi"] for unit in answer["result"]]
    assert [name for name in by_rest if name in names] == names


def test_a_changed_unit_keeps_its_code_and_its_header_lines(visit: Visit, one: Callable[..., Any]) -> None:
    number, parent = one(Unit, code="PC06").id, one(Unit, code="CAT").id
    typed = {"code": "PC66", "header_name": "PHÒNG CẢNH SÁT\r\n  QLHC VỀ TTXH \r\n", "parent": parent}
    assert _edit(visit("units"), number, **typed).status_code == 302
    assert one(Unit, code="PC06").header_name == "PHÒNG CẢNH SÁT\nQLHC VỀ TTXH"


def test_an_address_that_does_not_fit_the_foot_of_a_page_is_refused_and_kept_as_typed(
    visit: Visit, one: Callable[..., Any]
) -> None:
    number, parent, units = one(Unit, code="PC06").id, one(Unit, code="CAT").id, visit("units")
    assert _edit(units, number, parent=parent, contact=" Số 1 \r\n\r\nĐT: 0123").status_code == 302
    assert one(Unit, code="PC06").contact == "Số 1\nĐT: 0123"
    for long in ("1\n2\n3\n4", "x" * 91):
        answer = _edit(units, number, parent=parent, contact=long)
        assert answer.status_code == 422
        assert long.splitlines()[-1] in answer.text
    assert one(Unit, code="PC06").contact == "Số 1\nĐT: 0123"
    assert _edit(units, number, parent=parent, contact=" ").status_code == 302
    assert one(Unit, code="PC06").contact is None


def test_a_unit_below_itself_is_refused_in_the_form(visit: Visit, one: Callable[..., Any]) -> None:
    number = one(Unit, code="PC06").id
    assert _edit(visit("units"), number, parent=number).status_code == 422
    assert one(Unit, code="PC06").parent.code == "CAT"


def test_a_unit_with_living_posts_cannot_be_ended(visit: Visit, one: Callable[..., Any]) -> None:
    number, parent = one(Unit, code="PC06").id, one(Unit, code="CAT").id
    answer = _edit(visit("units"), number, parent=parent, valid_to="31/12/2024")
    assert answer.status_code == 422
    assert "Trưởng phòng" in answer.text
    assert one(Unit, code="PC06").valid_to is None


def test_a_second_head_is_refused_and_a_new_holder_is_seated(visit: Visit, one: Callable[..., Any]) -> None:
    deputy = one(User, username="deputy").id
    head = one(Post, unit_id=one(Unit, code="STTTT").id, code="gd").id
    vacant = one(Post, unit_id=one(Unit, code="VPUBND").id, code="cvp").id
    typed = {"user": deputy, "post": head, "rank": "", "valid_from": "1/6/2024", "valid_to": ""}
    keeper = visit("units")
    refused = keeper.post("/holdings/add", typed)
    assert refused.status_code == 422
    assert "Đoàn Minh Trí" in refused.text
    assert keeper.post("/holdings/add", {**typed, "post": vacant}).status_code == 302
    assert one(Holding, post_id=vacant).user_id == deputy


def test_nobody_makes_himself_deputy_of_the_province(visit: Visit, one: Callable[..., Any], portal: Flask) -> None:
    keeper, me, ubnd = visit("units"), one(User, username="units").id, one(Unit, code="UBND").id
    made = {"unit": ubnd, "code": "pct9", "kind": "deputy", "title_vi": "Phó Chủ tịch", "title_en": "Vice Chairman"}
    assert keeper.post("/posts/add", {**made, "role": "__None", "valid_from": "1/1/2024"}).status_code == 302
    post = one(Post, code="pct9").id
    before = {"user": me, "post": post, "rank": None, "valid_to": None}
    typed = {"user": me, "post": post, "rank": "", "valid_from": "1/6/2024", "valid_to": ""}
    assert keeper.post("/holdings/add", typed).status_code == 422
    by_rest = _json(keeper, "POST", "/api/v1/holding/", {**before, "valid_from": "2024-06-01"})
    assert (by_rest.status_code, by_rest.json["reason"]) == (422, "own_seat")
    with rows(portal) as session:
        assert session.scalars(select(Holding).where(Holding.post_id == post)).all() == []


def test_nobody_raises_or_keeps_his_own_seat(visit: Visit, one: Callable[..., Any]) -> None:
    keeper, mine = visit("units"), one(Holding, user_id=one(User, username="units").id)
    refused = edit(keeper, f"/posts/edit/{mine.post_id}", kind="deputy")
    assert refused.status_code == 422
    refused = edit(keeper, f"/holdings/edit/{mine.id}", rank="Đại tá")
    assert refused.status_code == 422
    for url, body in (
        (f"/api/v1/post/{mine.post_id}", {"kind": "head"}),
        (f"/api/v1/holding/{mine.id}", {"rank": "x"}),
    ):
        tag = keeper.get(url).headers["ETag"]
        answer = _json(keeper, "PUT", url, body, **{"If-Match": tag})
        assert (answer.status_code, answer.json["reason"]) == (422, "own_seat")
    assert one(Post, id=mine.post_id).kind == "administrator"
    assert edit(visit("admin"), f"/posts/edit/{mine.post_id}", title_en="Administrator").status_code == 302


def test_a_right_that_is_refused_is_named_in_the_readers_words(visit: Visit, one: Callable[..., Any]) -> None:
    vacant = one(Post, unit_id=one(Unit, code="VPUBND").id, code="cvp")
    typed = {"unit": vacant.unit_id, "code": "x", "kind": "officer", "title_vi": "x", "title_en": "x"}
    refused = visit("units").post("/posts/add", {**typed, "role": vacant.role_id, "valid_from": "1/1/2024"})
    assert refused.status_code == 422
    said = refused.text.split('role="alert">', 1)[1].split("</p>", 1)[0]
    assert "Báo cáo: xem chi tiết" in said
    assert "can_" not in said


def test_a_post_gives_no_role_that_its_writer_lacks(visit: Visit, one: Callable[..., Any]) -> None:
    post = one(Post, unit_id=one(Unit, code="STTTT").id, code="cv")
    typed = {"unit": post.unit_id, "code": "cv2", "kind": "officer", "title_vi": "Chuyên viên", "title_en": "Officer"}
    typed |= {"role": post.role_id, "valid_from": "1/1/2024", "valid_to": ""}
    keeper = visit("units")
    assert keeper.post("/posts/add", typed).status_code == 422
    assert keeper.post("/posts/add", {**typed, "role": "__None"}).status_code == 302


@pytest.mark.parametrize("resource", ["unit", "post", "holding"])
def test_nothing_is_deleted(visit: Visit, resource: str) -> None:
    admin = visit("admin")
    assert admin.get(f"/api/v1/{resource}/1").status_code == 200
    assert _json(admin, "DELETE", f"/api/v1/{resource}/1", {}).status_code == 405
    assert admin.post(f"/{resource}s/delete/1").status_code == 404


def test_rest_takes_a_change_only_of_what_was_read(visit: Visit, one: Callable[..., Any]) -> None:
    keeper, url = visit("units"), f"/api/v1/unit/{one(Unit, code='CHUPAH').id}"
    tag = keeper.get(url).headers["ETag"]
    assert _json(keeper, "PUT", url, {"place_name": "Phú Hòa"}).status_code == 412
    assert _json(keeper, "PUT", url, {"place_name": "Phú Hòa"}, **{"If-Match": tag}).status_code == 200
    assert _json(keeper, "PUT", url, {"place_name": "Ia Ly"}, **{"If-Match": tag}).status_code == 412
    assert one(Unit, code="CHUPAH").place_name == "Phú Hòa"


def test_people_are_shown_by_rest_without_their_secrets(visit: Visit) -> None:
    shown = visit("clerk").get("/api/v1/holding/1").json["result"]["user"]
    assert set(shown) == {"id", "first_name", "last_name"}


VIETNAMESE, ENGLISH = ("Công an tỉnh Gia Lai", "Trưởng phòng"), ("Gia Lai Provincial Police", "Head of Division")


@pytest.mark.parametrize(("language", "said", "unsaid"), [("vi", VIETNAMESE, ENGLISH), ("en", ENGLISH, VIETNAMESE)])
def test_units_and_posts_are_called_in_the_readers_language(
    visit: Visit, one: Callable[..., Any], language: str, said: tuple[str, ...], unsaid: tuple[str, ...]
) -> None:
    keeper, division = visit("units"), one(Unit, code="PC06").id
    assert keeper.post(f"/language/{language}").status_code == 302
    unit = keeper.get(f"/units/show/{division}").text
    for name, other in zip(said, unsaid, strict=True):
        assert name in unit
        assert other not in unit
    head = one(Post, unit_id=division, code="tp").id
    pages = ["/units/list/", "/posts/list/", "/holdings/list/", "/posts/add", "/holdings/add"]
    for path in [*pages, f"/holdings/show/{one(Holding, post_id=head).id}"]:
        page = keeper.get(path).text
        assert any(name in page for name in said), path
        assert not any(name in page for name in unsaid), path
    heading = keeper.get(f"/posts/show/{head}").text.split("<h1>", 1)[1].split("</h1>", 1)[0]
    assert heading.startswith(f"{said[1]} - ")


def test_the_units_below_are_called_in_the_readers_language(visit: Visit, one: Callable[..., Any]) -> None:
    keeper, path = visit("units"), f"/units/show/{one(Unit, code='CAT').id}"
    below = keeper.get(path).text.rsplit("<section>", 1)[1]
    assert "Phòng Cảnh sát" in below
    keeper.post("/language/en")
    below = keeper.get(path).text.rsplit("<section>", 1)[1]
    assert "Police Division" in below
    assert "Phòng Cảnh sát" not in below


def test_a_unit_leads_to_its_new_post_and_a_post_to_its_holder(visit: Visit, one: Callable[..., Any]) -> None:
    keeper, unit = visit("units"), one(Unit, code="STTTT")
    assert f'href="/posts/add?unit={unit.id}"' in keeper.get(f"/units/show/{unit.id}").text
    assert f'<option value="{unit.id}" selected>' in keeper.get(f"/posts/add?unit={unit.id}").text
    post = one(Post, unit_id=unit.id, code="cv")
    assert f'href="/holdings/add?post={post.id}"' in keeper.get(f"/posts/show/{post.id}").text
    assert f'<option value="{post.id}" selected>' in keeper.get(f"/holdings/add?post={post.id}").text


def test_nobody_is_seated_by_a_choice_that_was_not_made(visit: Visit) -> None:
    keeper = visit("units")
    assert "– Chọn –" in keeper.get("/holdings/add").text
    assert keeper.post("/holdings/add", {"user": "", "post": "", "valid_from": "01/01/2025"}).status_code == 422
