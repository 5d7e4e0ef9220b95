"""Running cases are moved to another version of their chain: seen before, done for each, and taken back."""

from __future__ import annotations

from html import unescape
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import func, select

from portal.approvals import moving
from portal.approvals.models import ApprovalCase, CaseEvent, WorkItem
from portal.definitions.models import Definition
from tests.web.calls import one, rows
from tests.web.chains import LEADER, POLICE, chain, copy_in_force, first_body, put_in_force, stage
from tests.web.desk import CASE, Desk

if TYPE_CHECKING:
    from flask import Flask

MOVE = "/chains/move?chain=provincial-report&from=1&to=2"
OFFICER = {**POLICE, "key": "officer", "name": {"vi": "Cán bộ PC06", "en": "Officer"}}
OFFICER["owner"] = {"posts": ["officer"], "place": "unit", "unit": "PC06"}


def stages(*keys: str) -> list[dict[str, Any]]:
    """Stages of the shipped chain."""
    return [each for key in keys for each in first_body()["stages"] if each["key"] == key]


def move(desk: Desk, *, who: str = "admin", path: str = MOVE, seen: int | None = None, **typed: Any) -> tuple[int, str]:
    """Move the case as the form would."""
    key = f"{CASE}.{desk.version if seen is None else seen}"
    form = {"do": "move", "case": key, "reason": "Quy chế mới", **typed}
    answer = desk.visitor(who).post(path, form)
    return answer.status_code, unescape(answer.text)


def page(desk: Desk, path: str = MOVE) -> str:
    answer = desk.visitor("admin").get(path)
    assert answer.status_code == 200
    return unescape(answer.text)


def version_of(portal: Flask) -> int:
    """The version of the chain that the case runs on."""
    with rows(portal) as session:
        return session.get_one(Definition, session.get_one(ApprovalCase, CASE).definition_id).version


def owners(portal: Flask) -> list[tuple[str, str]]:
    with rows(portal) as session:
        found = session.scalars(select(WorkItem).where(WorkItem.closed_at.is_(None)).order_by(WorkItem.number))
        return [(each.step, each.user.username) for each in found]


def same_with_proof() -> dict[str, Any]:
    """The shipped chain, with a proof wanted in its first stage."""
    body = first_body()
    first, *others = body["stages"]
    steps = [{**each, "prove": True} for each in first["steps"]]
    return {**body, "stages": [{**first, "steps": steps}, *others]}


def test_what_was_begun_goes_on_where_the_same_is_asked(desk: Desk, portal: Flask) -> None:
    put_in_force(portal, same_with_proof())
    before = owners(portal)
    assert "việc đang làm dở được tiếp tục" in page(desk)
    status, told = move(desk)
    assert (status, "1 trên 1" in told) == (200, True), told
    assert (version_of(portal), owners(portal), desk.state[1]) == (2, before, "department")
    assert "chuyển hồ sơ sang phiên bản 2" in desk.report("head")
    desk.refused("head", "approve", 422, "password_wrong")
    desk.done("head", "approve", password="mot-mat-khau-de-thu")
    assert desk.state[1] == "police"


def test_another_stage_is_chosen_where_the_version_has_none_of_the_name(desk: Desk, portal: Flask) -> None:
    put_in_force(portal, chain(stage("office", "Văn phòng", LEADER), *stages("police", "ubnd")))
    seen = page(desk)
    assert desk.says("stage_to_choose") in seen
    status, told = move(desk)
    assert (status, desk.says("stage_to_choose") in told, version_of(portal)) == (200, True, 1)
    preview = desk.visitor("admin").post(MOVE, {"do": "preview", "into-department": "police"})
    assert "Văn phòng" in unescape(preview.text)
    assert version_of(portal) == 1
    status, told = move(desk, **{"into-department": "police"})
    assert (status, "1 trên 1" in told) == (200, True)
    assert desk.state[1] == "police"
    assert not desk.waits_for("head")
    assert desk.waits_for("police.head")


def test_a_move_is_taken_back_while_nothing_else_has_happened(desk: Desk, portal: Flask) -> None:
    put_in_force(portal, chain(stage("office", "Văn phòng", LEADER), *stages("police", "ubnd")))
    before = owners(portal)
    move(desk, **{"into-department": "office"})
    assert (desk.state[1], version_of(portal)) == ("office", 2)
    listing = page(desk, "/chains/")
    assert f'value="{CASE}.{desk.version}"' in listing
    answer = desk.visitor("admin").post("/chains/back", {"case": f"{CASE}.{desk.version}"})
    assert "1 trên 1" in unescape(answer.text)
    assert (desk.state[1], version_of(portal), owners(portal)) == ("department", 1, before)
    desk.done("head", "approve")
    answer = desk.visitor("admin").post("/chains/back", {"case": f"{CASE}.{desk.version}"})
    assert desk.says("moved_on") in unescape(answer.text)


def test_a_case_that_went_on_meanwhile_is_not_moved(desk: Desk, portal: Flask) -> None:
    put_in_force(portal, same_with_proof())
    desk.done("head", "approve")
    status, told = move(desk, seen=1)
    assert (status, "0 trên 1" in told, version_of(portal)) == (200, True, 1)
    assert desk.says("stale_version", seen=1, current=2) in told


@pytest.mark.parametrize("typed", [{"reason": " "}, {"case": "abc"}])
def test_without_a_reason_or_a_case_nothing_happens_and_what_was_typed_stays(
    desk: Desk, portal: Flask, typed: dict[str, str]
) -> None:
    put_in_force(portal, same_with_proof())
    status, told = move(desk, **typed)
    assert (status, version_of(portal)) == (422, 1)
    assert desk.says("reason_required" if "reason" in typed else "nothing_chosen") in told
    assert ("Quy chế mới" in told) == ("case" in typed)


def test_nobody_eligible_is_told_before(desk: Desk, portal: Flask) -> None:
    nobody = {**LEADER, "owner": {"posts": ["registrar"], "place": "own"}}
    put_in_force(portal, chain(stage("department", "Phòng ban", nobody), *stages("ubnd")))
    seen = page(desk)
    assert "Không chuyển được" in seen
    assert f'value="{CASE}.1"' not in seen
    _, told = move(desk)
    assert ("0 trên 1" in told, version_of(portal)) == (True, 1)


def test_a_version_for_another_form_is_none_for_it(desk: Desk, portal: Flask) -> None:
    copy_in_force(portal, "form", "monthly-report", "weekly-report")
    put_in_force(portal, {**same_with_proof(), "forms": ["weekly-report"]})
    assert desk.says("other_form") in page(desk)


def test_what_it_never_passes_and_what_is_never_issued_is_told(desk: Desk, portal: Flask) -> None:
    rule = {"after": "office", "issuer": {"place": "own"}, "document": "office-report", "signer": "decider"}
    copy_in_force(portal, "document", "provincial-report", "office-report")
    body = chain(stage("office", "Văn phòng", LEADER), *stages("police", "ubnd"), issues=[rule])
    put_in_force(portal, body)
    answer = desk.visitor("admin").post(MOVE, {"do": "preview", "into-department": "police"})
    told = unescape(answer.text)
    assert "“Văn phòng”" in told
    assert "“office-report”" in told


def test_only_administrators_of_cases_come_here(desk: Desk, portal: Flask) -> None:
    put_in_force(portal, same_with_proof())
    for who in ("head", "designer", "auditor", "outsider"):
        assert desk.visitor(who).get("/chains/").status_code == 403
        assert move(desk, who=who)[0] == 403
    assert version_of(portal) == 1


@pytest.mark.parametrize("query", ["from=1&to=1", "from=1&to=9", "from=x&to=2", "to=2"])
def test_what_is_no_other_version_is_not_found(desk: Desk, portal: Flask, query: str) -> None:
    put_in_force(portal, same_with_proof())
    assert desk.visitor("admin").get(f"/chains/move?chain=provincial-report&{query}").status_code == 404


def test_what_is_recorded_names_both_versions(desk: Desk, portal: Flask) -> None:
    put_in_force(portal, same_with_proof())
    move(desk)
    with rows(portal) as session:
        numbers = {str(each.id): each.version for each in session.scalars(select(Definition))}
        told = one(session, CaseEvent, kind="case_migrated")
        assert (numbers[told.payload["was"]], numbers[told.payload["chain"]]) == (1, 2)
        assert (told.payload["left"], told.payload["stage"], told.payload["reason"]) == ("department",) * 2 + (
            "Quy chế mới",
        )
        assert session.scalar(select(func.count()).select_from(CaseEvent).where(CaseEvent.kind == "stage_entered")) == 1


def test_everybody_reads_a_case_that_was_moved_after_a_decision(desk: Desk, portal: Flask) -> None:
    desk.done("head", "approve")
    security = [{**each, "key": "security"} for each in stages("police")]
    put_in_force(portal, chain(stage("office", "Văn phòng", LEADER), *security, *stages("ubnd")))
    move(desk, **{"into-police": "security"})
    assert desk.state[1] == "security"
    for who in ("clerk", "head", "police.head", "admin", "auditor"):
        assert "chuyển hồ sơ sang phiên bản 2" in desk.report(who)
        assert desk.visitor(who).get(f"/cases/show/{CASE}").status_code == 200
    assert desk.visitor("admin").get(f"/cases/why/{CASE}").status_code == 200
    desk.done("police.head", "return", reason="Thiếu số liệu")
    assert "Thiếu số liệu" in desk.report("clerk")


def test_the_same_order_sent_twice_moves_once(desk: Desk, portal: Flask) -> None:
    put_in_force(portal, same_with_proof())
    for _ in range(2):
        status, told = move(desk, seen=1, idempotency_key="mot-lan")
        assert (status, "1 trên 1" in told) == (200, True)
    assert (desk.version, version_of(portal)) == (2, 2)
    status, told = move(desk, seen=1, idempotency_key="mot-lan", reason="Lý do khác")
    assert (status, desk.says("key_reused") in told) == (422, True)


def test_what_a_colleague_was_asked_lapses_and_who_approved_stays_and_the_preview_says_so(
    desk: Desk, portal: Flask
) -> None:
    officers = {**OFFICER, "key": "officers", "taken_by": "each"}
    both = stage("department", "Lãnh đạo và PC06", LEADER, officers)
    put_in_force(portal, chain(both, *stages("ubnd")), chain(stage("department", "Lãnh đạo", LEADER), *stages("ubnd")))
    assert move(desk)[0] == 200
    desk.done("police", "ask_opinion", to="police.head", reason="Số này đúng không?")
    desk.done("head", "approve")
    path = "/chains/move?chain=provincial-report&from=2&to=3"
    seen = page(desk, path)
    assert f"Giữ nguyên ý kiến duyệt của {desk.name('head')}" in seen
    assert desk.name("police.head") in seen
    assert move(desk, path=path)[0] == 200
    assert desk.state[1] == "ubnd"


def test_one_stage_is_shown_as_the_present_one(desk: Desk, portal: Flask) -> None:
    put_in_force(portal, same_with_proof())
    move(desk, **{"into-department": "police"})
    assert desk.state[1] == "police"
    assert desk.report("head").count('aria-current="step"') == 1


def test_nobody_reads_more_than_before_because_a_case_was_moved(desk: Desk, portal: Flask) -> None:
    first = first_body()
    police, others = stages("police")[0], [each for each in first["stages"] if each["key"] != "police"]
    part = {**police, "steps": [{**each, "reads": ["direction"], "covers": ["direction"]} for each in police["steps"]]}
    put_in_force(portal, {**first, "stages": [others[0], part, others[1]]}, {**first, "stages": others})
    move(desk, path="/chains/move?chain=provincial-report&from=1&to=2")
    desk.done("head", "approve")
    before = desk.report("police")
    path = "/chains/move?chain=provincial-report&from=2&to=3"
    assert move(desk, path=path, **{"into-police": "ubnd"})[0] == 200
    assert desk.state[1] == "ubnd"
    after = desk.report("police")
    assert before.count("<section>") == after.count("<section>")


def test_what_was_not_ticked_stays_so_when_it_is_looked_at_again(desk: Desk, portal: Flask) -> None:
    put_in_force(portal, same_with_proof())
    answer = desk.visitor("admin").post(MOVE, {"do": "preview", "offered": f"{CASE}.1"})
    assert "checked" not in answer.text
    assert f'value="{CASE}.1" checked' in page(desk)


def test_what_does_not_fit_on_the_page_comes_on_the_next(
    desk: Desk, portal: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_in_force(portal, same_with_proof())
    monkeypatch.setattr(moving, "MOST", 1)
    assert "after=1" in page(desk)
    assert f'value="{CASE}.1"' not in page(desk, f"{MOVE}&after=1")


def test_too_many_at_once_are_refused(desk: Desk, portal: Flask) -> None:
    put_in_force(portal, same_with_proof())
    cases = [f"{number}.1" for number in range(1, 60)]
    answer = desk.visitor("admin").post(MOVE, {"do": "move", "case": cases, "reason": "Quy chế mới"})
    assert answer.status_code == 422
    assert version_of(portal) == 1
