"""A case is its events: what is written beside them says the same, and of two actions on one version one is refused."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select

from portal import audit
from portal.approvals import service as approvals
from portal.approvals.models import ApprovalCase, CaseDecision, CaseEvent, WorkItem
from portal.approvals.recording import read
from portal.audit import AuditEntry
from portal.documents.models import OfficialDocument, Register
from portal.security import READ_EVERYTHING
from tests.asked import statements
from tests.portal.province import REVIEWERS
from workflows.actions import (
    Accept,
    AddReviewer,
    Advise,
    Approve,
    AskOpinion,
    Cancel,
    Claim,
    Delegate,
    Reassign,
    Recall,
    Reject,
    Release,
    Reopen,
    RequestRecall,
    Resume,
    Return,
    Suspend,
    Withdraw,
)
from workflows.case import Decision, Item, ItemStatus
from workflows.errors import Refusal

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy.orm import Session

    from portal.approvals.recording import Folder
    from tests.portal.province import Province
    from workflows.actions import AnyAction

    Deed = tuple[str, Callable[[int, Callable[[str], str]], AnyAction]]

TABLES = (ApprovalCase, CaseEvent, WorkItem, CaseDecision, AuditEntry, OfficialDocument, Register)


def item_of(row: WorkItem) -> Item:
    return Item(
        number=row.number,
        entry=row.entry,
        round=row.round,
        stage=row.stage,
        step=row.step,
        person=str(row.user_id),
        post=str(row.post_id),
        unit=str(row.unit_id),
        slot=row.slot,
        role=row.role,  # type: ignore[arg-type]
        status=ItemStatus(row.status),
        instead_of=key_of(row.instead_of_id),
        added_by=key_of(row.added_by_id),
        claimed=row.claimed,
        until=row.until,
    )


def key_of(user_id: int | None) -> str | None:
    return None if user_id is None else str(user_id)


def decision_of(row: CaseDecision) -> Decision:
    return Decision(
        item=row.item,
        entry=row.entry,
        round=row.round,
        stage=row.stage,
        step=row.step,
        person=str(row.user_id),
        post=str(row.post_id),
        slot=row.slot,
        instead_of=key_of(row.instead_of_id),
        verdict=row.verdict,  # type: ignore[arg-type]
        reason=row.reason,
        at=row.at,
        content_hash=row.content_hash,
        returned_to=row.returned_to,
        covered=row.covered,
        kept_from=row.kept_from,
    )


def assert_rows_say_what_the_events_say(session: Session, folder: Folder) -> None:
    session.commit()
    session.expire_all()
    row = session.get_one(ApprovalCase, folder.row.id)
    case = read(session, row).case
    assert (row.status, row.stage, row.round, row.version) == (str(case.status), case.stage, case.round, case.version)
    assert str(row.initiator_id) == case.initiator
    items = session.scalars(select(WorkItem).where(WorkItem.case_id == row.id).order_by(WorkItem.number))
    assert [item_of(each) for each in items] == list(case.items)
    decisions = session.scalars(select(CaseDecision).where(CaseDecision.case_id == row.id).order_by(CaseDecision.id))
    assert [decision_of(each) for each in decisions] == list(case.decisions)
    assert case == folder.case


def counts(session: Session) -> dict[str, int]:
    return {table.__tablename__: session.scalar(select(func.count()).select_from(table)) or 0 for table in TABLES}


def test_three_approvals_finish_a_report(province: Province) -> None:
    folder = province.submitted()
    assert (folder.row.status, folder.row.stage, folder.row.version) == ("in_review", "department", 1)
    stages = []
    for username in REVIEWERS:
        folder = province.approve(username, folder)
        stages.append(folder.row.stage)
    assert stages == ["police", "ubnd", None]
    assert (folder.row.status, folder.row.version) == ("approved", 4)


def test_the_rows_of_an_approved_case_say_what_its_events_say(province: Province) -> None:
    assert_rows_say_what_the_events_say(province.session, province.approved())


def test_the_rows_say_what_the_events_say_after_returns_a_recall_and_a_second_round(province: Province) -> None:
    folder = province.submitted()
    folder = province.act("clerk", folder, Recall(folder.case.version, "Nhầm số liệu"))
    assert_rows_say_what_the_events_say(province.session, folder)
    report = province.report_of(folder)
    folder = province.approve("deputy", province.hand_in(report), "Đồng ý")
    folder = province.act("police.head", folder, Return(folder.case.version, "Xem lại", to="department"))
    folder = province.act("head", folder, Return(folder.case.version, "Bổ sung số cuộc họp"))
    assert (folder.row.status, folder.row.stage, folder.row.round) == ("returned", None, 2)
    assert_rows_say_what_the_events_say(province.session, folder)
    folder = province.hand_in(report)
    folder = province.act("head", folder, Reject(folder.case.version, "Không đúng biểu mẫu"))
    assert (folder.row.status, folder.row.round) == ("rejected", 3)
    assert_rows_say_what_the_events_say(province.session, folder)


DEEDS: dict[str, list[Deed]] = {
    "taken, asked back and given back": [
        ("head", lambda seen, _key: Accept(seen)),
        ("head", lambda seen, _key: Claim(seen)),
        ("clerk", lambda seen, _key: RequestRecall(seen, "Nhầm số liệu")),
        ("head", lambda seen, _key: Release(seen)),
        ("deputy", lambda seen, _key: Approve(seen)),
    ],
    "delegated": [
        ("head", lambda seen, _key: Approve(seen)),
        ("police.head", lambda seen, key: Delegate(seen, key("police"), "Đi công tác")),
        ("police", lambda seen, _key: Approve(seen, "Đồng ý")),
    ],
    "a reviewer added before": [
        ("head", lambda seen, key: AddReviewer(seen, key("police"), "Xem số liệu", "before")),
        ("deputy", lambda seen, _key: Approve(seen)),
        ("police", lambda seen, _key: Approve(seen)),
    ],
    "a reviewer added after": [
        ("head", lambda seen, key: AddReviewer(seen, key("police"), "Xem số liệu", "after")),
        ("head", lambda seen, _key: Approve(seen)),
        ("police", lambda seen, _key: Return(seen, "Sai mẫu số")),
        ("clerk", lambda seen, _key: Withdraw(seen, "Thôi không trình")),
    ],
    "an opinion asked for": [
        ("head", lambda seen, key: AskOpinion(seen, key("police"), "Số liệu khớp không?")),
        ("police", lambda seen, _key: Advise(seen, "Khớp")),
        ("head", lambda seen, _key: Approve(seen)),
    ],
    "an opinion that nobody waited for": [
        ("head", lambda seen, key: AskOpinion(seen, key("police"), "Số liệu khớp không?")),
        ("head", lambda seen, _key: Approve(seen)),
    ],
    "suspended": [
        ("head", lambda seen, _key: Suspend(seen, "Chờ số liệu")),
        ("deputy", lambda seen, _key: Resume(seen)),
        ("head", lambda seen, _key: Reject(seen, "Trùng")),
    ],
    "reassigned": [
        ("admin", lambda seen, key: Reassign(seen, 1, key("police"), "Nghỉ hưu")),
        ("police", lambda seen, _key: Approve(seen)),
    ],
    "a parked step reassigned": [
        ("head", lambda seen, key: AddReviewer(seen, key("police"), "Xem số liệu", "after")),
        ("admin", lambda seen, key: Reassign(seen, 3, key("police.head"), "Nghỉ hưu")),
    ],
    "withdrawn": [("clerk", lambda seen, _key: Withdraw(seen, "Thôi không trình"))],
    "cancelled and reopened": [
        ("admin", lambda seen, _key: Cancel(seen, "Trình nhầm")),
        ("admin", lambda seen, _key: Reopen(seen, "Hủy nhầm")),
    ],
}
"""What is done, and by whom, to a report that waits for its first reviewers; accounts are found by their names."""


@pytest.mark.parametrize("deeds", DEEDS.values(), ids=DEEDS)
def test_the_rows_say_what_the_events_say_after_every_way_of_sharing_the_work(
    province: Province, deeds: list[Deed]
) -> None:
    folder = province.submitted()
    for version, (who, make) in enumerate(deeds, start=2):
        folder = province.act(who, folder, make(folder.case.version, lambda username: str(province.user(username).id)))
        assert folder.row.version == version
        assert_rows_say_what_the_events_say(province.session, folder)


def test_an_action_on_a_version_that_is_gone_writes_nothing(province: Province) -> None:
    folder = province.submitted()
    province.approve("head", folder)
    before = counts(province.session)
    with pytest.raises(Refusal) as refused:
        province.act("deputy", folder, Approve(folder.case.version))
    assert (refused.value.code, dict(refused.value.params)) == ("stale_version", {"seen": 1, "current": 2})
    assert counts(province.session) == before


def test_of_two_actions_read_at_the_same_moment_the_second_writes_nothing(province: Province) -> None:
    folder = province.submitted()
    province.session.commit()
    first, second = province.find("head", folder), province.find("deputy", folder)
    approvals.perform(province.session, province.actor("head"), first, Approve(1))
    before = counts(province.session)
    with pytest.raises(Refusal) as refused:
        approvals.perform(province.session, province.actor("deputy"), second, Return(1, "Xem lại"))
    assert refused.value.code == "stale_version"
    assert counts(province.session) == before


def test_every_event_is_audited_in_the_same_transaction_and_gone_with_it(province: Province) -> None:
    folder = province.submitted()
    province.session.commit()
    before = counts(province.session)
    province.approve("head", folder)
    entries = province.session.scalars(
        select(AuditEntry)
        .where(AuditEntry.object_kind == "approval_case", AuditEntry.actor == "head")
        .order_by(AuditEntry.seq)
    )
    assert [entry.action for entry in entries] == [
        "item_decided",
        "item_closed",
        "stage_completed",
        "stage_entered",
        "item_opened",
        "item_opened",
    ]
    province.session.rollback()
    assert counts(province.session) == before
    assert audit.verify(province.session)[1] == ()


def test_a_document_that_cannot_be_issued_undoes_the_approval(
    province: Province, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = province.submitted()
    for username in REVIEWERS[:2]:
        folder = province.approve(username, folder)
    province.session.commit()
    before = counts(province.session)
    # The chairman's account carries a title that no document prints: Decree 30/2020, appendix I.II.7.
    chairman = province.user("chairman")
    chairman.first_name = f"TS. {chairman.first_name}"
    province.session.commit()
    with pytest.raises(Refusal) as refused:
        province.approve("chairman", folder)
    province.session.rollback()
    assert refused.value.code == "academic_title"
    assert counts(province.session) == before
    assert province.find("chairman", folder).row.stage == "ubnd"


def test_reviewers_of_the_next_stage_find_the_case_in_their_worklist(province: Province) -> None:
    folder = province.submitted()
    waiting = {
        username: [item.case_id for item in approvals.worklist(province.session, province.actor(username))]
        for username in ("head", "deputy", "police.head", "clerk")
    }
    assert waiting == {"head": [folder.row.id], "deputy": [folder.row.id], "police.head": [], "clerk": []}
    province.approve("deputy", folder)
    assert list(approvals.worklist(province.session, province.actor("head"))) == []
    assert [item.stage for item in approvals.worklist(province.session, province.actor("police.deputy"))] == ["police"]


@pytest.mark.parametrize("username", ["outsider", "outsider.head", "chairman"])
def test_whom_a_case_has_not_reached_does_not_find_it(province: Province, username: str) -> None:
    folder = province.submitted()
    with pytest.raises(Refusal) as refused:
        province.find(username, folder)
    assert refused.value.code == "not_found"


@pytest.mark.parametrize("username", ["clerk2", "head"])
def test_people_of_the_unit_find_a_case(province: Province, username: str) -> None:
    folder = province.submitted()
    assert province.find(username, folder).row.id == folder.row.id


def test_who_may_read_everything_finds_a_case_and_has_nothing_to_do_with_it(province: Province) -> None:
    folder = province.submitted()
    auditor = replace(province.actor("auditor"), permissions=frozenset({READ_EVERYTHING}))
    seen = approvals.find(province.session, auditor, folder.row.id)
    answers = approvals.available(province.session, auditor, seen)
    assert {name: answer.refusal.code for name, answer in answers.items() if answer.refusal} == {
        "submit": "already_submitted",
        "approve": "not_your_item",
        "return": "not_your_item",
        "reject": "not_your_item",
        "advise": "not_your_item",
        "approve_in_emergency": "no_emergency",
        **dict.fromkeys(("accept", "claim", "release", "delegate", "add_reviewer", "ask_opinion"), "not_your_item"),
        **dict.fromkeys(("recall", "request_recall", "withdraw"), "not_initiator"),
        "suspend": "not_your_item",
        "resume": "not_suspended",
        "reassign": "not_administrator",
        "cancel": "not_administrator",
        "reopen": "not_finished",
    }


def test_a_decision_takes_a_dozen_statements_whatever_the_case(province: Province) -> None:
    folder = province.submitted()
    province.session.commit()
    head = province.actor("head")
    with statements(province.session.get_bind()) as asked:
        approvals.perform(province.session, head, approvals.find(province.session, head, folder.row.id), Approve(1))
    tables = ("approval_", "audit_entry")
    assert len([each for each in asked if any(f" {table}" in each for table in tables)]) <= 8, "\n".join(asked)
    # Besides: who holds the posts, who stands in for them, by which calendar, and who is told.
    assert len(asked) <= 12, "\n".join(asked)
