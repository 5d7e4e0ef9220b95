"""What the doctor finds: cases nobody can move, people who cannot answer, rows that contradict their events."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from flask_appbuilder.security.sqla.models import Role
from sqlalchemy import select, update

from portal.approvals import service
from portal.approvals.delegations import Grant, grant, revoke
from portal.approvals.doctor import contradictions, examine
from portal.approvals.models import ApprovalCase
from portal.approvals.reseating import reseat
from portal.demo.journey import JANUARY
from portal.security import READ_EVERYTHING, today
from portal.submissions.models import SubmissionVersion
from portal.units.models import Holding
from tests.asked import statements
from tests.portal.province import FEBRUARY
from workflows.actions import Delegate, Reassign, Return

if TYPE_CHECKING:
    from portal.approvals.doctor import Ailment
    from portal.approvals.models import StandingDelegation
    from portal.approvals.recording import Folder
    from tests.portal.province import Province


def found(province: Province) -> list[tuple[bool, str]]:
    province.session.flush()
    return [(each.is_stuck, each.what) for each in examine(province.session, today())]


def unseat(province: Province, username: str) -> None:
    """Someone's holdings ended yesterday."""
    mine = Holding.user_id == province.user(username).id
    province.session.execute(update(Holding).where(mine).values(valid_to=today() - timedelta(days=1)))
    province.session.expire_all()


def close(province: Province, username: str) -> None:
    province.user(username).active = False


def at_police(province: Province) -> Folder:
    return province.approve("head", province.submitted())


def test_a_province_at_work_is_well(province: Province) -> None:
    province.submitted()
    province.approved(FEBRUARY)
    assert found(province) == []


def test_one_of_two_who_lost_his_post_ails_and_both_make_it_stuck(province: Province) -> None:
    province.submitted()
    unseat(province, "head")
    assert found(province) == [(False, "Đoàn Minh Trí (head) has step department.leader, but he lost the post")]
    close(province, "deputy")
    assert found(province) == [
        (True, "Đoàn Minh Trí (head) has step department.leader, but he lost the post"),
        (True, "Phạm Thu Hạnh (deputy) has step department.leader, but his account is closed"),
    ]


def test_someone_without_the_right_to_decide_is_named(province: Province) -> None:
    at_police(province)
    role = province.session.scalars(select(Role).where(Role.name == "Police reviewer")).one()
    role.permissions = []
    assert found(province) == [
        (True, "Võ Đình Sơn (police.head) has step police.leader, but his role does not decide"),
        (True, "Bùi Thị Ngọc Ánh (police.deputy) has step police.leader, but his role does not decide"),
    ]


def test_a_delegate_who_is_gone_is_found_where_the_one_who_delegated_is_not_asked_any_more(province: Province) -> None:
    folder = at_police(province)
    delegate = Delegate(folder.case.version, str(province.user("police").id))
    province.act("police.head", folder, delegate)
    close(province, "police")
    assert found(province) == [(False, "Rơ Châm H’Liên (police) has step police.leader, but his account is closed")]


def test_a_reassigned_case_is_well_again(province: Province) -> None:
    folder = province.submitted()
    unseat(province, "head")
    close(province, "deputy")
    item = folder.case.open_items[0].number
    chief = str(province.user("police.head").id)
    admin = replace(province.actor("admin"), permissions=frozenset({READ_EVERYTHING, service.ADMINISTER}))
    seen = service.find(province.session, admin, folder.row.id)
    service.perform(province.session, admin, seen, Reassign(folder.case.version, item, chief, "Nghỉ hưu"))
    assert [stuck for stuck, _ in found(province)] == [False]


def test_a_returned_report_whose_drafter_left_the_unit_is_stuck(province: Province) -> None:
    folder = province.submitted()
    province.act("head", folder, Return(folder.case.version, "Xem lại"))
    assert found(province) == []
    unseat(province, "clerk")
    assert found(province) == [(True, "lies with Trần Thị Mai Lan (clerk), who has left the unit")]


def test_a_draft_that_was_never_submitted_is_nobodys_case(province: Province) -> None:
    province.draft(JANUARY)
    unseat(province, "clerk")
    assert found(province) == []


def test_a_row_changed_past_the_portal_contradicts_its_events(province: Province) -> None:
    folder = province.submitted()
    assert list(contradictions(province.session)) == []
    wrong = update(ApprovalCase).where(ApprovalCase.id == folder.row.id).values(round=7)
    province.session.execute(wrong)
    province.session.expire_all()
    found: list[Ailment] = list(contradictions(province.session))
    assert [each.case_id for each in found] == [folder.row.id]


@pytest.mark.parametrize("is_over", [False, True])
def test_content_that_is_not_what_was_decided_on_is_found(province: Province, is_over: bool) -> None:  # noqa: FBT001
    folder = province.approved(JANUARY) if is_over else province.submitted(JANUARY)
    assert list(contradictions(province.session)) == []
    slipped_in = SubmissionVersion(
        submission_id=folder.row.subject_id, round=9, content="{}", sha256="0" * 64, submitted_by=1
    )
    province.session.add(slipped_in)
    province.session.flush()
    assert [(each.case_id, each.what) for each in contradictions(province.session)] == [
        (folder.row.id, "its content is not what was submitted in round 1 and decided on")
    ]


def test_the_number_of_queries_does_not_grow_with_the_cases(province: Province) -> None:
    def queries() -> int:
        province.session.commit()
        with statements(province.session.get_bind()) as asked:
            examine(province.session, today())
        return len(asked)

    province.submitted()
    few = queries()
    province.submitted(FEBRUARY)
    assert queries() == few


def stand_in(province: Province, head: str, deputy: str, **more: object) -> StandingDelegation:
    """Somebody stands in for a head from today on, while he is away."""
    actor = province.actor(head)
    people = (actor.user_id, province.user(deputy).id)
    days = (today(), today() + timedelta(days=5))
    asked = Grant("absence", actor.postings[0].post_id, *people, *days, "Đi công tác")
    return grant(province.session, actor, replace(asked, **more))


def test_somebody_whose_delegation_is_over_is_named_until_he_is_asked_no_more(province: Province) -> None:
    stood = stand_in(province, "police.head", "police")
    at_police(province)
    assert found(province) == []
    revoke(province.session, province.actor("police.head"), stood.id)
    over = "Rơ Châm H’Liên (police) has step police.leader, but the delegation by which he stands in is over"
    assert [what for _, what in found(province)] == [over]
    case_id = province.session.scalars(select(ApprovalCase.id)).one()
    reseat(province.session, {"case_id": case_id})
    assert found(province) == []


def test_a_clock_that_nobody_looks_at_is_named(province: Province) -> None:
    folder = province.submitted()
    assert folder.row.next_rung_at is not None
    late = folder.row.next_rung_at - timedelta(days=30)
    province.session.execute(update(ApprovalCase).values(next_rung_at=late))
    assert found(province) == [(False, "its time is up, and nobody was told")]


def test_work_that_waits_for_people_who_are_all_away_is_named(province: Province) -> None:
    at_police(province)
    stand_in(province, "police.head", "police", step="provincial-report.ubnd.leader")
    assert found(province) == []
    stand_in(province, "police.deputy", "police", step="provincial-report.ubnd.leader")
    away = "waits in step police.leader for Võ Đình Sơn (police.head), who is away"
    assert found(province) == [(False, away)]
