"""What was really handed in, beside what the draft of a chain would have done: only for those who may read it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from flask_appbuilder.security.sqla.models import Role, User

from portal.approvals import replay_page
from tests.web.calls import one, rows
from tests.web.chains import MANY_DOCUMENTS, first_body, put_in_force, stage
from tests.web.report_page import address
from tests.web.trials import EVER, FOR_NOTHING, HEAD, NOBODY, REPLAY, seen, with_office, write

if TYPE_CHECKING:
    from flask import Flask

    from tests.conftest import Visit
    from tests.web.desk import Desk


def test_what_would_go_the_same_way_says_so_with_a_link(drafted: Any, desk: Desk) -> None:
    desk.done("head", "approve")
    page = seen(drafted(first_body(), "admin"), REPLAY, **EVER)
    assert "Đi như cũ" in page
    assert f'href="{address(1)}"' in page
    assert desk.name("head") in page


def test_every_difference_is_said(drafted: Any, desk: Desk, portal: Flask) -> None:
    desk.done("head", "approve")
    desk.done("police.head", "approve")
    body = first_body()
    department, police, ubnd = body["stages"]
    deputies = {**department["steps"][0], "owner": {"posts": ["deputy"], "place": "own"}}
    office = stage("office", "Văn phòng", HEAD)
    police = {**police, "when": MANY_DOCUMENTS}
    visitor = drafted({**body, "stages": [{**department, "steps": [deputies]}, office, police, ubnd]}, "admin")
    page = seen(visitor, REPLAY, **EVER)
    assert f"Ở bước “Lãnh đạo đơn vị duyệt”, {desk.name('head')} đã quyết định" in page
    assert "“Công an tỉnh thẩm định”: bỏ qua, vì điều kiện sau không đúng: “Số văn bản đã ban hành” lớn hơn 100" in page
    assert f"Hồ sơ còn phải qua bước “Văn phòng”: {desk.name('head')}." in page
    gone = drafted({**body, "stages": [stage("office", "Văn phòng", NOBODY), ubnd], "when": MANY_DOCUMENTS}, "admin")
    page = seen(gone, REPLAY, **EVER)
    assert "Dự thảo không có bước “Lãnh đạo đơn vị duyệt”." in page
    assert "Hồ sơ không dùng quy trình này" in page
    assert "Không có đủ người giữ vai" in page
    turned = drafted({**body, "stages": [body["stages"][1], department, ubnd]}, "admin")
    assert "Thứ tự các bước khác đi." in seen(turned, REPLAY, **EVER)


def test_a_draft_that_is_not_for_the_form_says_so(drafted: Any, desk: Desk) -> None:
    page = seen(drafted(FOR_NOTHING, "admin"), REPLAY, **EVER)
    assert "Dự thảo không dùng cho biểu mẫu này." in page
    assert address(1) in page


def test_whoever_does_not_see_a_case_finds_none(drafted: Any, desk: Desk, visit: Visit) -> None:
    assert address(1) in seen(drafted(first_body(), "admin"), REPLAY, **EVER)
    page = seen(visit("designer"), REPLAY, **EVER)
    assert address(1) not in page
    assert desk.name("clerk") not in page
    assert "Không có hồ sơ nào bạn được đọc" in page


def test_whoever_reads_only_a_part_learns_nothing_of_the_rest_by_a_condition(
    visit: Visit, portal: Flask, prepare: Any
) -> None:
    department, police, ubnd = first_body()["stages"]
    partly = {**police, "steps": [{**police["steps"][0], "reads": ["results"], "covers": ["results"]}]}
    put_in_force(portal, {**first_body(), "stages": [department, partly, ubnd]})
    prepare(lambda province: province.approve("head", province.submitted()).row.subject_id)
    with rows(portal) as session:
        reviewer = one(session, User, username="police.head")
        reviewer.roles.append(one(session, Role, name="Designer"))
        session.commit()
    visitor = write(visit("police.head"), with_office(HEAD, when=MANY_DOCUMENTS))
    page = seen(visitor, REPLAY, **EVER)
    assert address(1) in page
    assert "không được đọc trong báo cáo này" in page
    assert "lớn hơn 100" not in page
    assert "Số văn bản đã ban hành = 2" in seen(visit("admin"), REPLAY, **EVER)
    assert "Đi như cũ" in seen(write(visitor, first_body()), REPLAY, **EVER)


def test_only_what_was_handed_in_then_is_shown(drafted: Any, desk: Desk) -> None:
    visitor = drafted(first_body(), "admin")
    assert address(1) not in seen(visitor, REPLAY, since="1/1/2020", until="31/12/2020")
    assert address(1) not in seen(visitor, REPLAY)


@pytest.mark.parametrize(
    ("days", "said"),
    [
        ({"since": "31/2/2026", "until": "1/3/2026"}, 'value="31/2/2026"'),
        ({"since": "hôm qua", "until": "1/3/2026"}, 'value="hôm qua"'),
        ({"since": "1/1/1026", "until": "1/3/2026"}, "từ năm 2000 đến năm 2199"),
        ({"since": "2/3/2026", "until": "1/3/2026"}, "Ngày cuối đứng trước ngày đầu"),
        ({"since": "2/3/2026"}, 'name="until"'),
    ],
)
def test_days_that_are_none_are_said_and_stay(drafted: Any, desk: Desk, days: dict[str, str], said: str) -> None:
    page = seen(drafted(first_body(), "admin"), REPLAY, **days)
    assert said in page
    assert 'aria-invalid="true"' in page
    assert address(1) not in page


def test_no_more_than_so_many_are_shown_at_once(drafted: Any, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(replay_page, "MOST", 1)
    visitor = drafted(first_body(), "admin")
    first = seen(visitor, REPLAY, **EVER)
    assert (address(1) in first, "after=1" in first) == (True, True)
    assert address(1) not in seen(visitor, REPLAY, after="1", **EVER)
    assert address(1) in seen(visitor, REPLAY, after="odd", **EVER)
