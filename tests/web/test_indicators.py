"""The register of indicators in the browser and by REST: found, added, changed, refused with what was typed kept."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from portal.audit import AuditEntry
from portal.indicators import wiring
from portal.indicators.models import Indicator
from portal.indicators.service import indicators
from tests import cast
from tests.web.calls import edit, key_of, one, rows, send, typed_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask

    from tests.conftest import Visit, Visitor

NEW = {
    "key": "birth-certificates",
    "kind": "ratio",
    "name_vi": "Tỷ lệ giấy khai sinh liên thông",
    "name_en": "Birth certificates in one",
    "measure_vi": "hồ sơ",
    "measure_en": "applications",
    "direction": "up",
    "aggregation": "ratio_of_sums",
    "definition_vi": "Hồ sơ liên thông trên tổng số trẻ đăng ký khai sinh.",
    "source": "Sở Tư pháp",
}


def add(visitor: Visitor, **changed: str) -> Any:
    """Type a new indicator into its form."""
    return visitor.post("/indicators/add", {**NEW, **changed})


def left_in(page: Any) -> dict[str, str]:
    """What stands in the form of a page; browsers drop the line break with which a text area begins."""
    return {name: values[0].removeprefix("\r\n") for name, values in typed_in(page.text).items()}


@pytest.fixture
def on_time(portal: Flask) -> int:
    """The key of a shipped indicator."""
    return key_of(portal, Indicator, key="dossiers-on-time")


@pytest.fixture
def fed() -> Iterator[None]:
    """Two questions feed an indicator; the page of one is not for its reader."""
    wiring.FEEDS["elsewhere"] = lambda _session, key: [(f"Câu <hỏi> {key}", "/somewhere/1"), ("Câu hỏi khác", "")]
    yield
    del wiring.FEEDS["elsewhere"]


# -- reading -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("username", ["clerk", "outsider", "units", cast.AUDITOR])
def test_everybody_reads_the_register_and_few_change_it(visit: Visit, on_time: int, username: str) -> None:
    reader = visit(username)
    page = reader.get("/indicators/list/")
    assert page.status_code == 200
    assert "/indicators/add" not in page.text
    shown = reader.get(f"/indicators/show/{on_time}").text
    assert "Tỷ lệ hồ sơ giải quyết sớm và đúng hạn" in shown
    assert "Tổng tử số trên tổng mẫu số" in shown
    assert "/indicators/edit/" not in shown
    assert reader.get(f"/indicators/edit/{on_time}").status_code == 403
    assert add(reader).status_code == 403


def test_the_register_is_searched_without_marks(visit: Visit) -> None:
    found = visit("clerk").get("/indicators/list/?q=dung+han").text
    assert "dossiers-on-time" in found
    assert "training-mooc" not in found


def test_the_register_is_narrowed_by_kind_and_by_use(visit: Visit, portal: Flask) -> None:
    with rows(portal) as session:
        one(session, Indicator, key="meetings").in_use = False
    clerk = visit("clerk")
    ranks = clerk.get("/indicators/list/?kind=rank").text
    assert "index-766-rank" in ranks
    assert "index-766-score" not in ranks
    resting = clerk.get("/indicators/list/?in_use=n").text
    assert "meetings" in resting
    assert "documents-issued" not in resting
    followed = clerk.get("/indicators/list/?in_use=y&q=Đề+án").text
    assert ">meetings<" not in followed
    assert clerk.get("/indicators/list/?in_use=perhaps&kind=nothing").status_code == 200


@pytest.mark.parametrize("order", ["", "name", "-name", "key", "-key", "kind", "-direction", "in_use", "nothing"])
def test_the_register_is_sorted(visit: Visit, portal: Flask, order: str) -> None:
    keys = re.findall(r">([a-z][a-z0-9-]+)</td>", visit("clerk").get(f"/indicators/list/?sort={order}").text)
    assert len(keys) == 25
    with rows(portal) as session:
        named = [each.key for each in indicators(session)]
    if order in {"", "name", "nothing"}:
        assert keys == named[:25]
    if order == "-name":
        assert keys == named[::-1][:25]
    if order.endswith("key"):
        assert keys == sorted(keys, reverse=order.startswith("-"))


def test_the_menu_of_designers_leads_to_the_register(visit: Visit) -> None:
    page = visit(cast.DESIGNER).get("/").text
    assert re.search(r'href="/indicators/list/"[^>]*>.*?Chỉ tiêu', page)


def test_the_page_says_which_questions_of_forms_in_force_feed_an_indicator(visit: Visit, on_time: int) -> None:
    words = "Báo cáo tháng về Đề án 06 › Hồ sơ giải quyết sớm và đúng hạn"
    assert f"<li>{words}</li>" in visit("clerk").get(f"/indicators/show/{on_time}").text
    linked = f'<a href="/definitions/form/monthly-report/">{words}</a>'
    assert linked in visit(cast.DESIGNER).get(f"/indicators/show/{on_time}").text


def test_the_page_says_that_nothing_feeds_an_indicator_yet(visit: Visit, portal: Flask) -> None:
    unfed = key_of(portal, Indicator, key="post-visits")
    assert "Chưa có câu hỏi nào" in visit("clerk").get(f"/indicators/show/{unfed}").text


@pytest.mark.usefixtures("fed")
def test_the_page_names_the_questions_that_feed_it(visit: Visit, on_time: int) -> None:
    page = visit("clerk").get(f"/indicators/show/{on_time}").text
    assert '<a href="/somewhere/1">Câu &lt;hỏi&gt; dossiers-on-time</a>' in page
    assert "<li>Câu hỏi khác</li>" in page
    assert "Chưa có câu hỏi nào" not in page


def test_a_question_shows_the_name_of_an_indicator_that_is_out_of_use(visit: Visit, portal: Flask) -> None:
    designer, form = visit(cast.DESIGNER), "/definitions/form/monthly-report"
    designer.post(f"{form}/begin")
    with rows(portal) as session:
        for key in ("meetings", "inspections"):
            one(session, Indicator, key=key).in_use = False
    page = unescape(designer.get(f"{form}/draft/design?at=sections[0].fields[2]").text)
    offered = page.partition('name="indicator"')[2].partition("</select>")[0]
    assert '<option value="meetings" selected>Số cuộc họp' in offered
    assert 'value="inspections"' not in offered
    assert "đã ngừng sử dụng" in page


# -- adding --------------------------------------------------------------------------------------------------


def test_a_designer_adds_an_indicator_which_the_log_tells(visit: Visit, portal: Flask) -> None:
    answer = add(visit(cast.DESIGNER))
    assert answer.status_code == 302
    with rows(portal) as session:
        made = one(session, Indicator, key=NEW["key"])
        assert {column: getattr(made, column) for column in NEW} == NEW
        assert (made.in_use, made.version) == (True, 0)
        told = session.scalars(select(AuditEntry).order_by(AuditEntry.seq.desc())).first()
        assert told is not None
        assert (told.actor, told.action, told.object_id) == (cast.DESIGNER, "indicator_added", str(made.id))
    assert answer.location.endswith(f"/indicators/show/{key_of(portal, Indicator, key=NEW['key'])}")


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"key": "dossiers-on-time"}, "Đã có chỉ tiêu mang mã “dossiers-on-time”"),
        ({"key": "Tỷ lệ"}, "chữ thường không dấu"),
        ({"key": "a" * 42}, "Mã chỉ tiêu"),
        ({"aggregation": "sum"}, "không bao giờ lấy trung bình các tỷ lệ phần trăm"),
        ({"kind": "rank"}, "đối với loại “Thứ hạng”"),
        ({"aggregation": "mean"}, ""),
        ({"direction": "sideways"}, ""),
        ({"name_en": ""}, ""),
        ({"definition_vi": "x" * 1001}, ""),
    ],
)
def test_a_refused_indicator_stays_as_it_was_typed(
    visit: Visit, portal: Flask, changed: dict[str, str], said: str
) -> None:
    with rows(portal) as session:
        before = len(session.scalars(select(Indicator)).all())
    page = add(visit(cast.DESIGNER), **changed)
    assert page.status_code == 422
    assert said in page.text
    # A value that a select does not offer cannot stand in it.
    unknown = {column for column, value in changed.items() if value in {"mean", "sideways"}}
    typed = {column: value for column, value in {**NEW, **changed}.items() if column not in unknown}
    assert {column: left_in(page)[column] for column in typed} == typed
    with rows(portal) as session:
        assert len(session.scalars(select(Indicator)).all()) == before


# -- changing ------------------------------------------------------------------------------------------------


def test_a_designer_takes_an_indicator_out_of_use(visit: Visit, portal: Flask, on_time: int) -> None:
    designer = visit(cast.DESIGNER)
    form = typed_in(designer.get(f"/indicators/edit/{on_time}").text)
    assert form.pop("in_use") == ["y"]
    answer = designer.client.post(f"/indicators/edit/{on_time}", data={**form, "name_vi": "Tên khác"})
    assert answer.status_code == 302
    with rows(portal) as session:
        changed = session.get_one(Indicator, on_time)
        assert (changed.in_use, changed.name_vi, changed.version) == (False, "Tên khác", 1)
    assert "Ngừng sử dụng" in designer.get(f"/indicators/show/{on_time}").text


def test_key_and_kind_are_not_asked_again_and_not_taken(visit: Visit, portal: Flask, on_time: int) -> None:
    designer = visit(cast.DESIGNER)
    assert {"key", "kind"} & set(typed_in(designer.get(f"/indicators/edit/{on_time}").text)) == set()
    assert edit(designer, f"/indicators/edit/{on_time}", key="other", kind="number").status_code == 302
    with rows(portal) as session:
        same = session.get_one(Indicator, on_time)
        assert (same.key, same.kind) == ("dossiers-on-time", "ratio")


def test_a_refused_change_stays_as_it_was_typed(visit: Visit, portal: Flask, on_time: int) -> None:
    page = edit(visit(cast.DESIGNER), f"/indicators/edit/{on_time}", aggregation="sum", definition_vi="Cách tính mới")
    assert page.status_code == 422
    assert "Tổng tử số trên tổng mẫu số" in page.text
    assert left_in(page)["definition_vi"] == "Cách tính mới"
    with rows(portal) as session:
        assert session.get_one(Indicator, on_time).aggregation == "ratio_of_sums"


def test_an_old_page_does_not_overwrite_a_newer_change(visit: Visit, on_time: int) -> None:
    designer, admin = visit(cast.DESIGNER), visit("admin")
    old = typed_in(designer.get(f"/indicators/edit/{on_time}").text)
    assert edit(admin, f"/indicators/edit/{on_time}", source="Sở Nội vụ").status_code == 302
    answer = designer.client.post(f"/indicators/edit/{on_time}", data={**old, "name_vi": "Tên khác"})
    assert answer.status_code == 409
    assert left_in(answer)["name_vi"] == "Tên khác"


@pytest.mark.parametrize("path", ["/indicators/delete/1", "/api/v1/indicator/1"])
def test_nothing_is_deleted(visit: Visit, path: str) -> None:
    admin = visit("admin")
    assert send(admin, "DELETE", path, {}).status_code in {404, 405}
    assert admin.post(path).status_code in {404, 405}


# -- programs ------------------------------------------------------------------------------------------------


def test_a_program_adds_reads_and_changes_an_indicator(visit: Visit) -> None:
    designer = visit(cast.DESIGNER)
    made = send(designer, "POST", "/api/v1/indicator/", NEW)  # which says nothing of use
    assert made.status_code == 201, made.text
    where = f"/api/v1/indicator/{made.json['id']}"
    read = designer.get(where)
    assert {column: read.json["result"][column] for column in NEW} == NEW
    assert read.json["result"]["in_use"] is True
    tag = {"If-Match": read.headers["ETag"]}
    assert send(designer, "PUT", where, {"in_use": False}, **tag).status_code == 200
    assert send(designer, "PUT", where, {"in_use": True}, **tag).status_code == 412
    assert visit("clerk").get(where).json["result"]["in_use"] is False


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"aggregation": "sum"}, "unfit_aggregation"),
        ({"key": "meetings"}, "indicator_key_taken"),
        ({"key": "Meetings"}, "bad_indicator_key"),
        ({"kind": "percent"}, "bad_indicator_kind"),
        ({"direction": "sideways"}, "bad_direction"),
        ({"version": 3}, "unknown_keys"),
    ],
)
def test_a_program_is_refused_with_the_reason(visit: Visit, changed: dict[str, Any], reason: str) -> None:
    answer = send(visit(cast.DESIGNER), "POST", "/api/v1/indicator/", {**NEW, **changed})
    assert (answer.status_code, answer.json["reason"]) == (422, reason)


def test_a_program_changes_neither_key_nor_kind(visit: Visit, on_time: int) -> None:
    designer = visit(cast.DESIGNER)
    tag = {"If-Match": designer.get(f"/api/v1/indicator/{on_time}").headers["ETag"]}
    for body in ({"key": "other"}, {"kind": "number"}):
        answer = send(designer, "PUT", f"/api/v1/indicator/{on_time}", body, **tag)
        assert (answer.status_code, answer.json["reason"]) == (422, "unknown_keys")


def test_a_program_filters_and_finds_the_resource_described(visit: Visit) -> None:
    clerk = visit("clerk")
    asked = "(filters:!((col:kind,opr:eq,value:rank)),order_column:name_vi,order_direction:asc)"
    assert [each["key"] for each in clerk.get(f"/api/v1/indicator/?q={asked}").json["result"]] == ["index-766-rank"]
    asked = "(filters:!((col:in_use,opr:eq,value:!f)))"
    assert clerk.get(f"/api/v1/indicator/?q={asked}").json["result"] == []
    described = clerk.get("/api/v1/_openapi").json["paths"]
    assert {"get", "post"} <= set(described["/api/v1/indicator/"])
    assert send(clerk, "POST", "/api/v1/indicator/", NEW).status_code in {403, 404}
