"""The page of a case: where it stands, who holds it, and what its reader may do and why not."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import event

from portal.approvals.directory import DECIDE
from portal.approvals.offers import RECALL, Typed, with_typed
from portal.approvals.page import case_page
from workflows.actions import Cancel, Recall, Return, Withdraw

if TYPE_CHECKING:
    from portal.approvals.recording import Folder
    from tests.portal.province import Province


def page(province: Province, username: str, folder: Folder, *rights: tuple[str, str]) -> dict[str, Any]:
    actor = replace(province.actor(username), permissions=frozenset(rights or (DECIDE, RECALL)))
    return case_page(province.session, actor, province.find(username, folder))


def states(seen: dict[str, Any]) -> list[str]:
    return [stage.state for stage in seen["stages"]]


def test_a_new_report_waits_for_the_leaders_of_its_unit(province: Province) -> None:
    seen = page(province, "clerk", province.submitted())
    assert states(seen) == ["current", "ahead", "ahead"]
    assert [stage.holders for stage in seen["stages"]] == [
        ("Đoàn Minh Trí (Giám đốc)", "Phạm Thu Hạnh (Phó Giám đốc)"),
        (),
        (),
    ]
    assert (seen["drafter"], seen["with_drafter"]) == ("Trần Thị Mai Lan", False)


def test_stages_passed_show_who_approved_them(province: Province) -> None:
    seen = page(province, "police.head", province.approve("head", province.submitted(), "Đồng ý"))
    assert states(seen) == ["done", "current", "ahead"]
    (opinion,) = seen["stages"][0].opinions
    assert (opinion.person, opinion.post, opinion.verdict, opinion.reason) == (
        "Đoàn Minh Trí",
        "Giám đốc",
        "approve",
        "Đồng ý",
    )


def test_a_report_returned_to_its_drafter_shows_the_reason_where_it_was_given(province: Province) -> None:
    folder = province.approve("head", province.submitted())
    folder = province.act("police.head", folder, Return(folder.case.version, "Sai mẫu số"))
    seen = page(province, "clerk", folder)
    assert states(seen) == ["done", "returned", "ahead"]
    assert seen["with_drafter"] is True
    assert [opinion.reason for opinion in seen["stages"][1].opinions] == ["Sai mẫu số"]


def test_a_return_to_an_earlier_stage_opens_it_again_and_shows_who_returned_it(province: Province) -> None:
    folder = province.approve("head", province.submitted())
    folder = province.act("police.head", folder, Return(folder.case.version, "Xem lại", to="department"))
    seen = page(province, "head", folder)
    assert states(seen) == ["current", "returned", "ahead"]
    assert [len(stage.opinions) for stage in seen["stages"]] == [0, 1, 0]
    assert states(page(province, "head", province.approve("head", folder))) == ["done", "current", "ahead"]


def test_a_recalled_report_stands_before_the_first_stage(province: Province) -> None:
    folder = province.submitted()
    seen = page(province, "clerk", province.act("clerk", folder, Recall(folder.case.version)))
    assert states(seen) == ["ahead", "ahead", "ahead"]
    assert seen["with_drafter"] is True


@pytest.mark.parametrize(("who", "ending"), [("clerk", Withdraw), ("admin", Cancel)])
def test_what_was_given_up_waits_nowhere_any_more(
    province: Province, who: str, ending: type[Withdraw | Cancel]
) -> None:
    folder = province.submitted()
    seen = page(province, "clerk", province.act(who, folder, ending(folder.case.version, "Trình nhầm")))
    assert states(seen) == ["ahead", "ahead", "ahead"]
    assert (seen["with_drafter"], [stage.holders for stage in seen["stages"]]) == (False, [(), (), ()])


def test_a_report_cancelled_on_its_way_has_passed_what_it_had_passed(province: Province) -> None:
    folder = province.approve("head", province.submitted())
    seen = page(province, "clerk", province.act("admin", folder, Cancel(folder.case.version, "Trình nhầm")))
    assert states(seen) == ["done", "ahead", "ahead"]


def test_an_approved_report_has_passed_every_stage_and_offers_nothing(province: Province) -> None:
    seen = page(province, "chairman", province.approved())
    assert states(seen) == ["done", "done", "done"]
    assert seen["offers"] == []
    assert len(seen["refused"]) == 1


def test_a_reviewer_may_approve_return_and_reject_and_learns_nothing_about_recalling(province: Province) -> None:
    seen = page(province, "head", province.submitted())
    assert [(offer.action, offer.reason_required) for offer in seen["offers"] if offer.group == "decision"] == [
        ("approve", False),
        ("return", True),
        ("reject", True),
    ]
    assert seen["refused"] == []


def test_one_of_two_who_can_decide_may_take_it_in_hand_hand_it_on_and_bring_others_in(province: Province) -> None:
    offers = page(province, "head", province.submitted())["offers"]
    assert [offer.action for offer in offers if offer.group != "decision"] == [
        "accept",
        "claim",
        "ask_opinion",
        "add_reviewer",
        "suspend",
    ]
    asked = next(offer for offer in offers if offer.action == "ask_opinion")
    assert any(name.startswith("Võ Đình Sơn (Trưởng phòng) - ") for _, name in asked.people)
    assert all("Trần Thị Mai Lan" not in name for _, name in asked.people), "the drafter is nobody's adviser"


def test_a_later_reviewer_chooses_where_a_return_goes(province: Province) -> None:
    seen = page(province, "police.head", province.approve("head", province.submitted()))
    back = next(offer for offer in seen["offers"] if offer.action == "return")
    assert back.targets == (("drafter", "the drafter"), ("department", "Lãnh đạo đơn vị duyệt"))


def test_the_submitter_may_recall_and_learns_why_he_does_not_decide(province: Province) -> None:
    seen = page(province, "clerk", province.submitted())
    assert [offer.action for offer in seen["offers"]] == ["recall", "withdraw"]
    assert [actions for actions, _ in seen["refused"]] == ["Approve, Return và Reject"]


def test_without_the_right_to_the_screen_nothing_is_offered(province: Province) -> None:
    seen = page(province, "head", province.submitted(), RECALL)
    assert seen["offers"] == []


def test_what_was_typed_stays_in_the_form_of_the_action_that_was_tried(province: Province) -> None:
    offers = page(province, "head", province.submitted())["offers"]
    typed = with_typed(offers, "return", Typed(reason="Sai mẫu số"))
    assert [(offer.action, offer.typed.reason) for offer in typed][:3] == [
        ("return", "Sai mẫu số"),
        ("approve", ""),
        ("reject", ""),
    ]


def test_the_page_asks_the_database_no_more_often_for_a_long_history(province: Province) -> None:
    def queries(folder: Folder) -> int:
        asked: list[str] = []
        province.session.commit()
        province.session.expire_all()
        actor, seen = province.actor("head"), province.find("head", folder)

        def count(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
            asked.append(statement)

        engine = province.session.get_bind()
        event.listen(engine, "before_cursor_execute", count)
        case_page(province.session, actor, seen)
        event.remove(engine, "before_cursor_execute", count)
        return len(asked)

    folder = province.submitted()
    short = queries(folder)
    for _ in range(4):
        folder = province.act("head", folder, Return(folder.case.version, "Xem lại"))
        folder = province.hand_in(province.report_of(folder))
    assert 0 < queries(folder) <= short
