"""Home shows each person what waits, what is due, what is late, and nothing of others' work."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from portal import home
from portal.demo.journey import Journey, january_inputs
from tests import cast
from workflows.actions import Approve, Reject, Return

if TYPE_CHECKING:
    from flask import Flask

    from tests.conftest import Visit

TILE = re.compile(r"<strong>(\d+)</strong>\s*([^<]+?)\s*<", re.DOTALL)


def tiles(html: str) -> dict[str, int]:
    """The numbers at the top, by their words."""
    return {" ".join(words.split()): int(number) for number, words in TILE.findall(html)}


@pytest.fixture
def handed_in(portal: Flask) -> int:
    with portal.app_context():
        journey = Journey(portal, lambda _line: None)
        report = journey.draft(january_inputs())
        journey.hand_in(report)
        return report


def test_a_reviewer_sees_what_waits_for_him(visit: Visit, handed_in: int) -> None:
    page = visit(cast.HEAD).get("/").text
    assert tiles(page)["việc chờ tôi quyết định"] == 1
    assert f'href="/submissions/show/{handed_in}"' in page


def test_a_clerk_sees_what_came_back(portal: Flask, visit: Visit, handed_in: int) -> None:
    with portal.app_context():
        Journey(portal, lambda _line: None).decide(cast.HEAD, handed_in, lambda seen: Return(seen, "Bổ sung"))
    page = visit(cast.CLERK).get("/").text
    assert tiles(page)["báo cáo bị trả lại"] == 1
    assert "Đã trả lại" in page


def test_late_tasks_are_counted_and_named(visit: Visit) -> None:
    page = visit(cast.CLERK).get("/").text
    assert tiles(page)["nhiệm vụ quá hạn của đơn vị"] == 1
    assert re.search(r"quá hạn \d+ ngày", page)


def test_the_standing_agency_sees_how_every_unit_stands(visit: Visit, handed_in: int) -> None:
    page = visit(cast.POLICE_HEAD).get("/").text
    standings = page[page.index('id="standings"') :]
    for unit in ("UBND huyện Ia Grai", "UBND huyện Chư Păh", "Sở Thông tin và Truyền thông"):
        assert unit in standings


def test_a_unit_sees_its_own_standing_only(visit: Visit, handed_in: int) -> None:
    assert 'id="standings"' not in visit(cast.OUTSIDER_HEAD).get("/").text
    assert f"/submissions/show/{handed_in}" not in visit(cast.OUTSIDER).get("/").text


def test_whoever_has_no_work_of_that_kind_is_shown_where_to_begin(visit: Visit) -> None:
    page = visit(cast.UNIT_ADMIN).get("/").text
    assert 'class="places"' in page
    assert 'href="/units/list/"' in page


def test_a_rejected_report_is_named_until_another_takes_its_place(portal: Flask, visit: Visit, handed_in: int) -> None:
    with portal.app_context():
        journey = Journey(portal, lambda _line: None)
        journey.decide(cast.HEAD, handed_in, lambda seen: Reject(seen, "Trùng"))
    clerk = visit(cast.CLERK)
    assert f'href="/submissions/show/{handed_in}"' in clerk.get("/").text
    with portal.app_context():
        Journey(portal, lambda _line: None).draft(january_inputs())
    assert f'href="/submissions/show/{handed_in}"' not in clerk.get("/").text


def test_tasks_that_one_does_not_see_are_no_zeros(portal: Flask, visit: Visit, handed_in: int) -> None:
    with portal.app_context():
        journey = Journey(portal, lambda _line: None)
        for username in (cast.HEAD, cast.POLICE_HEAD):
            journey.decide(username, handed_in, lambda seen: Approve(seen, "Đồng ý."))
    page = visit(cast.VICE_CHAIR).get("/").text
    row = page[page.index('id="standings"') :]
    assert 'data-label="Nhiệm vụ quá hạn">–<' in row
    assert 'href="/submissions/list/?unit=' in row


def test_late_tasks_are_all_counted_though_the_list_ends_somewhere(
    monkeypatch: pytest.MonkeyPatch, visit: Visit
) -> None:
    whole = tiles(visit(cast.CLERK).get("/").text)
    monkeypatch.setattr(home, "MOST_LISTED", 0)
    assert tiles(visit(cast.CLERK).get("/").text)["nhiệm vụ quá hạn của đơn vị"] == 1
    assert whole["nhiệm vụ quá hạn của đơn vị"] == 1
