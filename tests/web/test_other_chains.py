"""Chains that ask for more than the shipped one: chosen people, a proof, votes, conditions, and which chain it is."""

from __future__ import annotations

from html import unescape
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from portal.approvals.models import ApprovalCase, CaseDecision
from tests.cast import PASSWORD
from tests.web.calls import rows
from tests.web.chains import CHOSEN, LEADER, MANY_DOCUMENTS, POLICE, VOTERS, chain, put_in_force, stage
from tests.web.desk import Desk, kept
from tests.web.report_page import Page, address, filled_in, saving
from tests.web.rows import count, stored

if TYPE_CHECKING:
    from flask import Flask

    from tests.conftest import Visit

WHY = "Đề nghị bổ sung số cuộc họp giao ban trong kỳ."
PICKED = "chosen:review.experts"
SPECIAL = "Báo cáo có nhiều văn bản"


@pytest.fixture
def desk(portal: Flask, visit: Visit, draft: int) -> Desk:
    """Everybody's hands on a report that is not handed in yet."""
    assert draft == 1
    return Desk(portal, visit)


def hand_in(desk: Desk, chosen: dict[str, Any] | None = None, **typed: str) -> Any:
    """The clerk fills the form in, and presses the button that submits it."""
    clerk = desk.visitor("clerk")
    form: dict[str, Any] = {**filled_in(clerk, 1, **typed), **(chosen or {})}
    return clerk.client.post(saving(1), data={**form, "then": "submit"})


def pick(desk: Desk, *people: str) -> dict[str, Any]:
    """What the form sends when these people are ticked."""
    return {"choosing": "review.experts", PICKED: [desk.key(each) for each in people]}


def ticked(desk: Desk, html: str) -> list[str]:
    """Who is ticked on a page, by his name at sign-in."""
    keys = {str(desk.key(each)): each for each in ("police", "police.head", "police.deputy", "head", "clerk2")}
    boxes = html.split(f'name="{PICKED}" value="')[1:]
    return [keys[box.partition('"')[0]] for box in boxes if " checked" in box.partition(">")[0]]


# -- approvals that stay ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(("covers", "now"), [("progress", "police"), ("direction", "unit")])
def test_what_did_not_change_is_not_asked_again(portal: Flask, desk: Desk, covers: str, now: str) -> None:
    lasting = {"covers": [covers], "ask_again": "if_changed"}
    unit = stage("unit", "Lãnh đạo đơn vị duyệt", {**LEADER, **lasting})
    put_in_force(portal, chain(unit, stage("police", "Công an tỉnh thẩm định", POLICE)))
    assert hand_in(desk).status_code == 302
    desk.done("head", "approve", reason="Số liệu tiến độ đã khớp.")
    desk.done("police.head", "return", reason=WHY)
    assert hand_in(desk, meetings="9").status_code == 302
    assert desk.state[:2] == ("in_review", now)
    assert (desk.waits_for("head"), desk.waits_for("police.head")) == (now == "unit", now == "police")
    if now == "police":
        page = desk.report("police.head")
        assert f"Ý kiến duyệt của {desk.name('head')} ở lần trình 1 vẫn giữ nguyên" in page
        assert "giữ từ lần trình 1" in page
        desk.done("clerk", "recall", reason="Nhầm số liệu")
        with rows(portal) as session:
            said = session.scalars(select(CaseDecision).order_by(CaseDecision.id)).all()
            assert [(each.verdict, each.round, each.kept_from, list(each.covered)) for each in said][::2] == [
                ("approve", 1, None, ["progress"]),
                ("approve", 2, said[0].item, ["progress"]),
            ]
            assert (said[2].at, said[2].reason, said[2].user_id) == (said[0].at, said[0].reason, said[0].user_id)


# -- people who are chosen -------------------------------------------------------------------------------------


@pytest.fixture
def choosing(portal: Flask, desk: Desk) -> Desk:
    """The submitter chooses one or two people of PC06, each of whom has to approve."""
    put_in_force(portal, chain(stage("review", "Chuyên gia thẩm định", CHOSEN), stage("unit", "Duyệt", LEADER)))
    return desk


def test_the_form_offers_the_people_to_choose_and_each_of_those_chosen_decides(choosing: Desk) -> None:
    page = unescape(choosing.visitor("clerk").get(address(1)).text)
    boxes = page.partition('id="choose-review.experts"')[2].partition("</fieldset>")[0]
    assert "Chuyên gia được chọn" in boxes
    for who, offered in (("police", True), ("police.head", True), ("police.deputy", True), ("head", False)):
        assert (f'value="{choosing.key(who)}"' in boxes, choosing.name(who) in boxes) == (offered, offered)
    assert hand_in(choosing, pick(choosing, "police", "police.deputy")).status_code == 302
    assert [choosing.waits_for(who) for who in ("police", "police.deputy", "police.head")] == [True, True, False]
    choosing.done("police", "approve")
    assert choosing.state[1] == "review"
    choosing.done("police.deputy", "approve")
    assert choosing.state[1] == "unit"


def test_a_choice_stays_when_something_else_is_wrong(choosing: Desk) -> None:
    answer = hand_in(choosing, pick(choosing, "police", "police.head"), meetings="")
    assert answer.status_code == 422
    assert sorted(ticked(choosing, answer.text)) == ["police", "police.head"]
    again = choosing.visitor("clerk").get(address(1)).text
    assert sorted(ticked(choosing, again)) == ["police", "police.head"]
    assert stored(choosing.portal, 1).case_id is None


@pytest.mark.parametrize("people", [(), ("police", "police.head", "police.deputy")])
def test_nobody_and_too_many_are_refused_with_what_was_typed(choosing: Desk, people: tuple[str, ...]) -> None:
    answer = hand_in(choosing, pick(choosing, *people), proposals="Đề nghị xem xét.")
    wanted = {"step": "Chuyên gia được chọn", "stage": "Chuyên gia thẩm định", "most": 2}
    assert answer.status_code == 422
    assert choosing.says("choice_needed", **wanted) in unescape(answer.text)
    assert Page(answer.text).forms[saving(1)]["proposals"] == "Đề nghị xem xét."
    assert sorted(ticked(choosing, answer.text)) == sorted(people)
    assert count(choosing.portal, ApprovalCase) == 0


def test_people_who_are_not_offered_are_refused_and_not_named(choosing: Desk) -> None:
    answer = hand_in(choosing, pick(choosing, "police", "head"))
    assert answer.status_code == 422
    assert choosing.says("bad_choice", step="Chuyên gia được chọn", stage="Chuyên gia thẩm định") in unescape(
        answer.text
    )
    assert choosing.name("head") not in unescape(answer.text)
    assert count(choosing.portal, ApprovalCase) == 0


@pytest.mark.parametrize("person", ["0", "-1", "999999", "99999999999999999999", "²", "x", "9" * 5000])
def test_a_person_who_is_none_is_refused(choosing: Desk, person: str) -> None:
    answer = hand_in(choosing, {"choosing": "review.experts", PICKED: [person]})
    assert answer.status_code == 422
    assert count(choosing.portal, ApprovalCase) == 0


def test_nobody_is_chosen_twice(choosing: Desk) -> None:
    assert hand_in(choosing, pick(choosing, "police", "police")).status_code == 422
    assert count(choosing.portal, ApprovalCase) == 0


def test_as_many_as_there_may_be_are_chosen_and_none_is_lost_on_the_way(portal: Flask, desk: Desk) -> None:
    most = {**CHOSEN, "taken_by": {"choose": 20}}
    put_in_force(portal, chain(stage("review", "Chuyên gia thẩm định", most), stage("unit", "Duyệt", LEADER)))
    people = {"choosing": "review.experts", PICKED: [desk.key("police"), *range(1001, 1021)]}
    answer = hand_in(desk, people)
    wanted = {"step": "Chuyên gia được chọn", "stage": "Chuyên gia thẩm định", "most": 20}
    assert desk.says("choice_needed", **wanted) in unescape(answer.text), "21 are not taken for the first 20 of them"


def test_a_choice_is_made_anew_for_the_next_round(choosing: Desk) -> None:
    assert hand_in(choosing, pick(choosing, "police")).status_code == 302
    choosing.done("police", "return", reason=WHY)
    page = choosing.visitor("clerk").get(address(1)).text
    assert ticked(choosing, page) == ["police"]
    assert hand_in(choosing, pick(choosing, "police.head")).status_code == 302
    assert [choosing.waits_for(who) for who in ("police", "police.head")] == [False, True]


# -- a proof ---------------------------------------------------------------------------------------------------


@pytest.fixture
def proving(portal: Flask, desk: Desk) -> Desk:
    """The leaders prove with their password that it is they."""
    put_in_force(portal, chain(stage("unit", "Duyệt", {**LEADER, "prove": True})))
    assert hand_in(desk).status_code == 302
    return desk


@pytest.mark.parametrize("action", ["approve", "return"])
@pytest.mark.parametrize("password", ["", "sai-mat-khau-roi", PASSWORD.upper()])
def test_without_his_password_nobody_decides_and_his_reason_stays(proving: Desk, action: str, password: str) -> None:
    assert "password" in (proving.form("head", action) or {})
    page = proving.refused("head", action, 422, "password_wrong", reason=WHY, password=password)
    form = Page(page).forms[f"/cases/1/{action}"]
    assert (form["reason"].strip(), form["password"]) == (WHY, "")
    assert not password or password not in page


def test_a_password_is_not_asked_for_what_is_refused_anyway(proving: Desk) -> None:
    proving.refused("head", "return", 422, "reason_required", reason="", password="sai-mat-khau-roi")
    stale = proving.ask("head", "approve", version=7, password="sai-mat-khau-roi")
    assert (stale.status_code, proving.says("stale_version") in unescape(stale.text)) == (409, True)


def test_with_his_password_he_decides_once(proving: Desk) -> None:
    for _click in range(2):
        proving.done("head", "approve", version=1, reason=WHY, password=PASSWORD, idempotency_key="k")
    assert proving.state == ("approved", None, 2)


def test_nothing_that_wants_a_proof_is_approved_together_with_others(proving: Desk) -> None:
    head = proving.visitor("head")
    assert 'name="case"' not in head.get("/cases/several").text
    assert proving.says("prove_singly") in unescape(head.post("/cases/several", {"case": ["1.1"]}).text)
    assert proving.state == ("in_review", "unit", 1)


def test_what_does_not_decide_wants_no_proof(proving: Desk) -> None:
    proving.done("head", "claim")
    proving.done("head", "ask_opinion", to="vicechair", reason=WHY)
    proving.done("vicechair", "advise", reason="Số liệu khớp.")


# -- a vote ----------------------------------------------------------------------------------------------------


@pytest.fixture
def voting(portal: Flask, desk: Desk) -> Desk:
    """All three of PC06 vote, and two of them have to agree; then the leaders decide."""
    vote = stage("vote", "Biểu quyết", VOTERS, refusal="vote", complete={"percent": 60})
    put_in_force(portal, chain(vote, stage("unit", "Duyệt", LEADER)))
    assert hand_in(desk).status_code == 302
    return desk


def test_one_vote_against_leaves_it_where_it_is_and_two_of_three_carry_it(voting: Desk) -> None:
    assert [voting.waits_for(who) for who in ("police", "police.head", "police.deputy")] == [True] * 3
    voting.done("police", "return", reason=WHY)
    assert voting.state[:2] == ("in_review", "vote")
    voting.refused("police", "approve", 422, "decided_in_stage", params={"stage": "Biểu quyết"})
    voting.done("police.head", "approve")
    voting.done("police.deputy", "approve")
    assert voting.state == ("in_review", "unit", 4)


def test_a_lost_vote_goes_back_and_says_how_it_was_counted(voting: Desk) -> None:
    voting.done("police", "return", reason=WHY)
    voting.done("police.head", "return", reason="Chưa đủ căn cứ.")
    assert voting.state == ("returned", None, 3)
    assert not voting.waits_for("police.deputy")
    told = voting.report("clerk").partition('id="case-history"')[2]
    assert all(words in told for words in (WHY, "Chưa đủ căn cứ.", "“Biểu quyết”", "0", "2"))


def test_nobody_is_added_to_a_vote(voting: Desk) -> None:
    page = voting.refused(
        "police", "add_reviewer", 422, "not_in_a_vote", to="head", reason=WHY, params={"stage": "Biểu quyết"}
    )
    assert WHY in kept(page)
    assert voting.form("police", "add_reviewer") is None


# -- conditions ------------------------------------------------------------------------------------------------


def test_a_stage_and_a_step_that_were_left_out_say_why_in_words(portal: Flask, desk: Desk) -> None:
    busy = {**VOTERS, "key": "busy", "name": {"vi": "Thẩm định thêm", "en": "More review"}, "when": MANY_DOCUMENTS}
    put_in_force(
        portal,
        chain(
            stage("many", "Rà soát văn bản", LEADER, when=MANY_DOCUMENTS),
            stage("unit", "Duyệt", LEADER, busy),
        ),
    )
    assert hand_in(desk).status_code == 302
    assert desk.state[1] == "unit"
    assert not desk.waits_for("police")
    told = desk.report("clerk").partition('id="case-history"')[2]
    for left_out in ("Rà soát văn bản", "Thẩm định thêm"):
        assert "Số văn bản đã ban hành = 2" in told.partition(left_out)[2].partition("<time")[0]
    assert "documents_issued" not in told
    desk.done("head", "approve")
    assert desk.state[0] == "approved"


# -- which chain it is -----------------------------------------------------------------------------------------


def refused_whole(desk: Desk, code: str, **params: object) -> None:
    """The report is not handed in, in the words of a code; what was typed and saved is all there."""
    answer = hand_in(desk, proposals="Đề nghị xem xét.")
    assert answer.status_code == 422
    assert desk.says(code, **params) in unescape(answer.text)
    assert Page(answer.text).forms[saving(1)]["proposals"] == "Đề nghị xem xét."
    after = stored(desk.portal, 1)
    assert (after.case_id, after.values["proposals"]) == (None, "Đề nghị xem xét.")


def test_a_report_that_no_chain_is_for_is_kept_and_says_so(portal: Flask, desk: Desk) -> None:
    put_in_force(portal, chain(stage("unit", "Duyệt", LEADER), when=MANY_DOCUMENTS))
    refused_whole(desk, "no_chain", form="monthly-report")
    put_in_force(portal, chain(stage("unit", "Duyệt", LEADER)))
    assert hand_in(desk).status_code == 302


def test_a_report_that_several_chains_are_for_is_kept_and_names_them(portal: Flask, desk: Desk) -> None:
    when = {"eq": [{"fact": "unit_kind"}, "department"]}
    usual = chain(stage("unit", "Duyệt", LEADER), when=when)
    put_in_force(portal, usual, chain(stage("unit", "Duyệt", LEADER), key="second", name=SPECIAL, when=when))
    refused_whole(desk, "several_chains", chains=["Báo cáo trình UBND tỉnh", SPECIAL])


@pytest.mark.parametrize(("least", "came_to"), [(1, "special"), (100, "department")])
def test_the_chain_whose_condition_holds_goes_before_the_one_without(
    portal: Flask, desk: Desk, least: int, came_to: str
) -> None:
    when = {"gt": [{"fact": "documents_issued"}, least]}
    put_in_force(portal, chain(stage("special", "Duyệt riêng", LEADER), key="second", name=SPECIAL, when=when))
    assert hand_in(desk).status_code == 302
    assert desk.state[1] == came_to


def test_a_case_keeps_the_chain_it_began_on(portal: Flask, desk: Desk) -> None:
    assert hand_in(desk).status_code == 302
    put_in_force(portal, chain(stage("unit", "Duyệt", LEADER)))
    desk.done("head", "return", reason=WHY)
    assert hand_in(desk).status_code == 302
    desk.done("head", "approve")
    assert desk.state[1] == "police"
