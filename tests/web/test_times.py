"""How long cases were in whose hands, over all that somebody sees."""

from __future__ import annotations

from datetime import timedelta
from html import unescape
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import update

from portal.approvals.models import ApprovalCase
from portal.approvals.times import Spread
from portal.db import utc_now
from portal.definitions.models import Definition
from tests.web.calls import rows
from tests.web.chains import LEADER, POLICE, chain, put_in_force, stage
from tests.web.report_page import filled_in, saving

if TYPE_CHECKING:
    from flask import Flask

    from tests.web.desk import Desk

PAGE = "/cases/times"


def page(desk: Desk, who: str = "admin", months: str = "all") -> str:
    answer = desk.visitor(who).get(f"{PAGE}?months={months}")
    assert answer.status_code == 200
    return unescape(answer.text)


def row(html: str, name: str) -> list[str]:
    """The cells of a place."""
    line = html.partition(f'<th scope="row">{name}</th>')[2].partition("</tr>")[0]
    return [cell.partition(">")[2].partition("<")[0] for cell in line.split("<td")[1:]]


def test_each_place_says_how_many_left_it_how_fast_and_how_many_are_there(desk: Desk) -> None:
    desk.done("head", "return", reason="Thiếu số liệu")
    html = page(desk)
    assert row(html, "Lãnh đạo đơn vị duyệt")[:1] == ["1"]
    assert row(html, "Lãnh đạo đơn vị duyệt")[6:] == ["0", "–"]
    assert row(html, "Người soạn thảo")[6] == "1"
    assert "Công an tỉnh thẩm định" not in html


def test_later_rounds_are_counted_apart(desk: Desk, portal: Flask) -> None:
    desk.done("clerk", "recall")
    clerk = desk.visitor("clerk")
    assert clerk.client.post(saving(1), data={**filled_in(clerk, 1), "then": "submit"}).status_code == 302
    desk.done("head", "approve")
    cells = row(page(desk), "Lãnh đạo đơn vị duyệt")
    assert (cells[0], cells[3]) == ("1", "1")
    assert row(page(desk), "Công an tỉnh thẩm định")[6] == "1"


def test_a_reader_counts_what_he_sees(desk: Desk) -> None:
    assert "1 hồ sơ" in page(desk, "head")
    assert "Không có hồ sơ" in page(desk, "outsider.head")


def test_older_cases_are_left_out(desk: Desk, portal: Flask) -> None:
    with rows(portal) as session:
        session.execute(update(ApprovalCase).values(opened_at=utc_now() - timedelta(days=100)))
    assert "1 hồ sơ" in page(desk, months="12")
    assert "1 hồ sơ" not in page(desk, months="3")
    assert "1 hồ sơ" not in page(desk, months="junk")


def test_stages_of_an_older_version_are_told_too(desk: Desk, portal: Flask) -> None:
    put_in_force(portal, chain(stage("office", "Văn phòng", LEADER), stage("police", "Công an", POLICE)))
    move = {"do": "move", "case": "1.1", "reason": "Quy chế mới", "into-department": "office"}
    assert desk.visitor("admin").post("/chains/move?chain=provincial-report&from=1&to=2", move).status_code == 200
    html = page(desk)
    assert row(html, "Văn phòng")[6] == "1"
    assert row(html, "Lãnh đạo đơn vị duyệt")[0] == "1"


def test_without_a_calendar_nothing_is_counted(desk: Desk, portal: Flask) -> None:
    with rows(portal) as session:
        gone = {"status": "retired", "retired_at": utc_now()}
        session.execute(update(Definition).where(Definition.kind == "calendar").values(**gone))
    assert "Không có hồ sơ" in page(desk)


@pytest.mark.parametrize(
    ("hours", "median", "most"), [([], None, None), ([3], 3, 3), ([1, 2, 9], 2, 9), ([*range(1, 11)], 5.5, 9)]
)
def test_half_and_nine_of_ten(hours: list[int], median: float | None, most: int | None) -> None:
    spread = Spread(list(hours))  # type: ignore[arg-type]  # whole hours
    assert (spread.median, spread.most) == (median, most)
