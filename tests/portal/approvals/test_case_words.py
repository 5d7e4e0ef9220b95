"""A case speaks of people, posts and stages by their names, in its refusals and in its history."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from portal.approvals.story import story
from portal.approvals.words import Names, explain, names_of
from portal.definitions.service import chain_of, current
from workflows.actions import Approve, Recall, Reject, Return
from workflows.errors import REFUSALS, Refusal

if TYPE_CHECKING:
    from portal.approvals.recording import Folder
    from tests.portal.province import Province
    from workflows.actions import AnyAction


def told(province: Province, folder: Folder) -> list[tuple[str, str]]:
    return [(line.kind, line.words) for line in story(folder.case.events, names_of(province.session, folder))]


def why_not(province: Province, username: str, folder: Folder, action: AnyAction) -> str:
    with pytest.raises(Refusal) as refused:
        province.act(username, folder, action)
    return explain(refused.value, names_of(province.session, folder), folder.case.stage)


def test_the_history_names_who_did_what_and_to_whom_it_went(province: Province) -> None:
    folder = province.approve("head", province.submitted(), "Đồng ý")
    assert told(province, folder) == [
        ("case_submitted", "Trần Thị Mai Lan submitted it, round 1."),
        ("stage_entered", "It went to “Lãnh đạo đơn vị duyệt”, to Đoàn Minh Trí và Phạm Thu Hạnh."),
        ("approve", "Đoàn Minh Trí approved it."),
        ("stage_entered", "It went to “Công an tỉnh thẩm định”, to Võ Đình Sơn và Bùi Thị Ngọc Ánh."),
    ]


def test_the_history_keeps_the_reason_of_a_return_beside_its_line(province: Province) -> None:
    folder = province.submitted()
    folder = province.act("deputy", folder, Return(folder.case.version, "Bổ sung số cuộc họp"))
    line = story(folder.case.events, names_of(province.session, folder))[-1]
    assert (line.kind, line.words, line.reason) == (
        "return",
        "Phạm Thu Hạnh returned it to the drafter.",
        "Bổ sung số cuộc họp",
    )


def test_the_history_of_an_approved_report_ends_with_its_document(province: Province) -> None:
    assert [words for _, words in told(province, province.approved())][-2:] == [
        "The document was issued; Đặng Nhật Thuận signs it.",
        "It has passed every stage and is approved.",
    ]


@pytest.mark.parametrize(
    ("username", "action", "words"),
    [
        ("head", Return(1, "Xem lại", to="police"), "“Công an tỉnh thẩm định”"),
        ("clerk2", Approve(1), "Lãnh đạo đơn vị duyệt) waits for Đoàn Minh Trí và Phạm Thu Hạnh"),
        ("head", Recall(1), "Only Trần Thị Mai Lan"),
    ],
)
def test_a_refusal_names_people_and_stages(province: Province, username: str, action: AnyAction, words: str) -> None:
    assert words in why_not(province, username, province.submitted(), action)


def test_a_lost_post_is_named_with_its_unit(province: Province) -> None:
    folder = province.submitted()
    item = folder.case.open_items[0]
    refusal = Refusal("post_not_held", {"step": item.step, "post": item.post, "unit": item.unit})
    words = explain(refusal, names_of(province.session, folder), folder.case.stage)
    assert "Giám đốc (Sở Thông tin và Truyền thông)" in words


def test_who_decided_first_is_named_when_a_recall_comes_too_late(province: Province) -> None:
    folder = province.approve("head", province.submitted())
    words = why_not(province, "clerk", folder, Recall(folder.case.version))
    assert "Đoàn Minh Trí has already decided on this (Lãnh đạo đơn vị duyệt, Lãnh đạo đơn vị)" in words


def test_a_case_that_is_over_says_how_it_ended(province: Province) -> None:
    folder = province.submitted()
    folder = province.act("head", folder, Reject(folder.case.version, "Không đúng biểu mẫu"))
    assert "Rejected" in why_not(province, "deputy", folder, Approve(folder.case.version))


def test_before_there_is_a_case_the_chain_alone_names_the_stage(province: Province) -> None:
    names = Names(chain_of(current(province.session, "chain", "provincial-report")))
    refusal = Refusal("nobody_eligible", {"stage": "police", "step": "leader", "needed": 1, "found": 0})
    words = explain(refusal, names)
    assert "Lãnh đạo Phòng PC06" in words
    assert "Công an tỉnh thẩm định" in words


def test_a_key_that_nobody_knows_any_more_breaks_no_sentence(province: Province) -> None:
    names = Names(chain_of(current(province.session, "chain", "provincial-report")))
    lists = {"people", "steps", "targets"}
    for code, params in REFUSALS.items():
        values = {name: ["gone"] if name in lists else ["approve"] if name == "offered" else "gone" for name in params}
        assert explain(Refusal(code, values), names, "gone")
