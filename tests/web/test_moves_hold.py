"""What a move to another version must not do: show more, lose documents silently, take others along, happen by GET."""

from __future__ import annotations

from html import unescape
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from portal.approvals.models import CaseEvent
from tests.web.calls import rows
from tests.web.chains import LEADER, MANY_DOCUMENTS, POLICE, chain, first_body, put_in_force, stage
from tests.web.report_page import filled_in, send
from tests.web.test_corrections import handed_in
from tests.web.test_moving_cases import MOVE, move, page, same_with_proof, stages, version_of

if TYPE_CHECKING:
    from flask import Flask

    from tests.conftest import Visit
    from tests.web.desk import Desk

FROM_SECOND = "/chains/move?chain=provincial-report&from=2&to=3"
PART = {**POLICE, "reads": ["direction"], "covers": ["direction"]}
KEPT_BACK = "2. Kết quả thực hiện"
"""The heading of a section that a step which reads `direction` alone does not read."""


def moves(portal: Flask) -> int:
    """How many cases were moved, as the record says."""
    with rows(portal) as session:
        counted = select(func.count()).where(CaseEvent.kind == "case_migrated")
        return session.scalar(counted) or 0


def test_whoever_read_a_part_reads_a_part_when_no_step_is_so_limited_any_more(
    portal: Flask, visit: Visit, draft: int
) -> None:
    desk = handed_in(portal, visit, stage("police", "Công an", PART), *stages("ubnd"))
    desk.done("police.head", "approve")
    assert KEPT_BACK not in desk.report("police.head")
    put_in_force(portal, chain(stage("office", "Văn phòng", LEADER), *stages("ubnd")))
    assert move(desk, path=FROM_SECOND)[0] == 200
    assert moves(portal) == 1
    assert KEPT_BACK not in desk.report("police.head")


def test_a_key_that_means_something_else_now_shows_nobody_more(portal: Flask, visit: Visit, draft: int) -> None:
    ubnd: dict[str, Any] = {**stages("ubnd")[0]["steps"][0], "reads": ["direction"], "covers": ["direction"]}
    desk = handed_in(portal, visit, stage("police", "Công an", PART), stage("ubnd", "Ủy ban", ubnd))
    desk.done("police.head", "approve")
    put_in_force(portal, chain(stage("police", "Khác", LEADER), stage("ubnd", "Ủy ban", ubnd)))
    move(desk, path=FROM_SECOND)
    assert moves(portal) == 1
    assert KEPT_BACK not in desk.report("police.head")


def test_of_several_versions_the_one_counts_under_which_somebody_had_it(
    portal: Flask, visit: Visit, draft: int
) -> None:
    desk = handed_in(portal, visit, *stages("department", "police", "ubnd"))
    for key in ("police", "security"):
        put_in_force(portal, chain(*stages("department"), stage(key, "Công an", PART), *stages("ubnd")))
    number, path = version_of(portal), "/chains/move?chain=provincial-report&from={}&to={}"
    move(desk, path=path.format(number, number + 1))
    desk.done("head", "approve")
    assert KEPT_BACK not in desk.report("police.head")
    move(desk, path=path.format(number + 1, number + 2), **{"into-police": "security"})
    assert moves(portal) == 2
    assert KEPT_BACK not in desk.report("police.head")


def test_a_document_that_neither_version_would_still_issue_is_named(desk: Desk, portal: Flask) -> None:
    desk.done("head", "approve")
    desk.done("police.head", "approve")
    body = first_body()
    put_in_force(portal, {**body, "issues": [{**body["issues"][0], "after": "police"}]})
    assert "Văn bản “provincial-report” sẽ không được ban hành." in page(desk)


def test_a_move_that_would_approve_the_case_is_refused_and_that_is_seen_before(desk: Desk, portal: Flask) -> None:
    desk.done("head", "approve")
    nothing_left = stage("office", "Văn phòng", LEADER, when=MANY_DOCUMENTS)
    put_in_force(portal, chain(*stages("department"), nothing_left))
    seen = desk.visitor("admin").post(MOVE, {"do": "preview", "into-police": "office"})
    assert desk.says("decided_by_move") in unescape(seen.text)
    move(desk, **{"into-police": "office"})
    assert (desk.state[1], moves(portal)) == ("police", 0)


def test_stages_that_it_skips_and_approvals_that_lapse_are_seen_before(desk: Desk, portal: Flask) -> None:
    office = stage("office", "Văn phòng", LEADER, when=MANY_DOCUMENTS)
    put_in_force(portal, chain(office, *stages("police", "ubnd")))
    seen = desk.visitor("admin").post(MOVE, {"do": "preview", "into-department": "office"})
    told = unescape(seen.text)
    assert "Hồ sơ chuyển vào bước “Công an tỉnh thẩm định”" in told
    assert "“Văn phòng”" in told
    two = stage("department", "Hai lãnh đạo", LEADER, {**LEADER, "key": "second"})
    three = stage("department", "Ba lãnh đạo", {**LEADER, "checks": "form"}, {**LEADER, "key": "second"})
    put_in_force(portal, chain(two, *stages("ubnd")), chain(three, *stages("ubnd")))
    move(desk, path="/chains/move?chain=provincial-report&from=1&to=3")
    desk.done("head", "approve")
    told = page(desk, "/chains/move?chain=provincial-report&from=3&to=4")
    assert f"Ý kiến duyệt của {desk.name('head')} không còn giá trị" in told


def test_nothing_is_moved_by_looking_whatever_the_request_carries(desk: Desk, portal: Flask) -> None:
    put_in_force(portal, same_with_proof())
    answer = desk.visitor("admin").client.get(MOVE, data={"do": "move", "case": "1.1", "reason": "x"})
    assert (answer.status_code, version_of(portal)) == (200, 1)


def test_a_case_of_another_chain_is_not_taken_along(desk: Desk, portal: Flask) -> None:
    for each in (stages("department", "ubnd"), stages("department")):
        put_in_force(portal, chain(*each, key="other-chain", when=MANY_DOCUMENTS))
    _, told = move(desk, path="/chains/move?chain=other-chain&from=1&to=2")
    assert (desk.says("moved_on") in told, moves(portal)) == (True, 0)


def test_what_could_not_be_handed_in_is_told_so_again_when_it_is_sent_twice(visit: Visit, draft: int) -> None:
    clerk = visit("clerk")
    form = filled_in(clerk, draft, security="", meetings="7")
    assert [send(clerk, draft, form, "submit").status_code for _ in range(2)] == [422, 422]
