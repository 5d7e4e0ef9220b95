"""Who sees a report: its unit, those above, whoever it has reached, and those who may read everything."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from portal.approvals import service as approvals
from portal.approvals.recording import read
from portal.documents.models import OfficialDocument
from portal.security import NOBODY
from portal.submissions import service
from portal.submissions.subject import SubmissionSubject
from tests.cast import EVERYONE
from workflows.actions import Recall, Return
from workflows.errors import Refusal

if TYPE_CHECKING:
    from portal.submissions.models import Submission
    from tests.portal.province import Province

UNIT = {"clerk", "clerk2", "head", "deputy"}
POLICE = {"police", "police.head", "police.deputy"}
PROVINCE = {"chairman", "vicechair", "registrar"}
READERS = {"auditor", "admin"}


def who_sees(province: Province, report: Submission) -> set[str]:
    """Everyone of the cast who finds it; it does not exist for the rest."""
    seen = set()
    for username in EVERYONE:
        try:
            service.find(province.session, province.actor(username), report.id)
        except Refusal as refusal:
            assert refusal.code == "not_found"  # noqa: PT017 - any other code would tell that it exists
        else:
            seen.add(username)
    return seen


def test_a_draft_is_seen_by_its_unit_and_by_readers_of_everything(province: Province) -> None:
    assert who_sees(province, province.draft()) == UNIT | READERS


def test_it_is_seen_stage_by_stage_and_still_seen_afterwards(province: Province) -> None:
    report = province.draft()
    folder = province.hand_in(report)
    assert who_sees(province, report) == UNIT | READERS
    folder = province.approve("head", folder)
    assert who_sees(province, report) == UNIT | POLICE | READERS
    folder = province.approve("police.head", folder)
    assert who_sees(province, report) == UNIT | POLICE | PROVINCE | READERS
    province.approve("chairman", folder)
    assert who_sees(province, report) == UNIT | POLICE | PROVINCE | READERS


def test_whom_it_reached_once_still_sees_it_after_it_went_back(province: Province) -> None:
    report = province.draft()
    folder = province.approve("head", province.hand_in(report))
    province.act("police.head", folder, Return(folder.case.version, "Xem lại"))
    assert who_sees(province, report) == UNIT | POLICE | READERS


def test_a_recalled_report_never_reached_the_police(province: Province) -> None:
    report = province.draft()
    folder = province.hand_in(report)
    province.act("clerk", folder, Recall(folder.case.version))
    assert who_sees(province, report) == UNIT | READERS


def test_a_parent_unit_sees_the_reports_of_those_below_and_not_the_other_way_round(province: Province) -> None:
    # PC06 is a division of the provincial police; the police of the province stand above it.
    session, officer, above = province.session, province.actor("police"), province.actor("cat.deputy")
    report = service.open_report(session, officer, min(officer.own_units), "monthly-report", province.draft().period)
    assert service.find(session, above, report.id).id == report.id
    assert who_sees(province, report) == POLICE | READERS


def test_the_people_s_committee_does_not_see_drafts_of_departments_below_it(province: Province) -> None:
    report = province.draft()
    assert "chairman" not in who_sees(province, report)


@pytest.mark.parametrize("username", ["auditor", "admin", "police.head", "chairman"])
def test_seeing_is_not_writing(province: Province, username: str) -> None:
    report = province.draft()
    folder = province.hand_in(report)
    for reviewer in ("head", "police.head"):
        folder = province.approve(reviewer, folder)
    folder = province.act("chairman", folder, Return(folder.case.version, "Xem lại"))
    assert report.is_open
    actor = province.actor(username)
    found = service.find(province.session, actor, report.id)
    with pytest.raises(Refusal, match="not_your_unit"):
        service.save(province.session, actor, found, {"meetings": "9"}, found.edition)


def test_nobody_signed_in_sees_nothing(province: Province) -> None:
    with pytest.raises(Refusal, match="not_found"):
        service.find(province.session, NOBODY, province.draft().id)


def test_its_document_is_seen_by_whoever_sees_the_report(province: Province) -> None:
    folder = province.approved()
    report = province.report_of(folder)
    (document,) = service.issued_about(province.session, report)
    seen = {name for name in EVERYONE if sees_document(province, name, document.id)}
    assert seen == who_sees(province, report)


def sees_document(province: Province, username: str, document_id: int) -> bool:
    mine = service.documents_of(province.actor(username))
    found = select(OfficialDocument.id).where(OfficialDocument.id == document_id, mine)
    return province.session.scalar(found) is not None


def test_guards_see_the_figures_of_the_round_under_review(province: Province) -> None:
    report = province.draft()
    folder = province.hand_in(report)
    seen = SubmissionSubject().facts(province.session, report.id)
    assert seen["unit_kind"] == "department"
    assert (seen["meetings"], seen["dossiers_on_time.numerator"]) == (2, 6450)
    assert str(seen["dossiers_on_time.percent"]) == "97.26"
    assert (seen["documents.count"], seen["utility_data.nothing"]) == (2, True)
    province.act("head", folder, Return(folder.case.version, "Xem lại"))
    service.save(province.session, province.actor("clerk"), report, {"meetings": "9"}, report.edition)
    # What is drafted meanwhile is not under review.
    assert SubmissionSubject().facts(province.session, report.id)["meetings"] == 2
    assert report.case is not None
    assert approvals.available(province.session, province.actor("clerk"), read(province.session, report.case))


def test_before_the_first_round_guards_see_the_draft(province: Province) -> None:
    report = province.draft()
    assert SubmissionSubject().facts(province.session, report.id)["meetings"] == 2
