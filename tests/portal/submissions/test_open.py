"""Opening a report: of one's own unit, one for each period, on the newest form."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select

from portal.audit import AuditEntry
from portal.periods import period_name
from portal.submissions import service
from portal.submissions.models import Submission, SubmissionAuthor
from tests.portal.province import FEBRUARY
from workflows.actions import Reject
from workflows.errors import Refusal
from workflows.periods import Period, PeriodKind

if TYPE_CHECKING:
    from tests.portal.province import Province

JANUARY = Period(PeriodKind.MONTH, 2025, 1)


def open_as(province: Province, username: str, period: Period = JANUARY) -> Submission:
    actor = province.actor(username)
    return service.open_report(province.session, actor, min(actor.own_units), "monthly-report", period)


def test_a_report_covers_the_fifteenth_to_the_fourteenth_and_names_its_period(province: Province) -> None:
    report = open_as(province, "clerk")
    assert (report.window_from, report.window_to) == (date(2024, 12, 15), date(2025, 1, 14))
    assert report.title == "Báo cáo tình hình, kết quả thực hiện Đề án 06 tháng 01/2025"
    assert report.unit.code == "STTTT"
    assert (report.case_status, report.is_open, report.edition) == ("draft", True, 0)


def test_who_opens_a_report_is_its_first_author_and_is_audited(province: Province) -> None:
    report = open_as(province, "clerk")
    authors = select(SubmissionAuthor.user_id).where(SubmissionAuthor.submission_id == report.id)
    assert province.session.scalars(authors).all() == [province.user("clerk").id]
    entry = province.session.scalars(select(AuditEntry).order_by(AuditEntry.seq.desc()).limit(1)).one()
    assert (entry.actor, entry.action, entry.object_id) == ("clerk", "submission_opened", str(report.id))


def test_a_second_report_for_the_same_period_is_refused_and_the_first_is_named(province: Province) -> None:
    report = open_as(province, "clerk")
    with pytest.raises(Refusal) as refused:
        open_as(province, "clerk2")
    assert refused.value.code == "already_opened"
    assert dict(refused.value.params) == {"submission_id": report.id, "title": report.title}
    assert province.session.scalar(select(func.count()).select_from(Submission)) == 1


@pytest.mark.parametrize(
    "period",
    [FEBRUARY, Period(PeriodKind.MONTH, 2024, 1)],
)
def test_another_period_is_another_report(province: Province, period: Period) -> None:
    open_as(province, "clerk")
    assert open_as(province, "clerk", period).period == period


def test_another_unit_reports_for_the_same_period(province: Province) -> None:
    open_as(province, "clerk")
    assert open_as(province, "outsider").unit.code == "IAGRAI"


def test_after_a_rejection_the_period_may_be_reported_anew(province: Province) -> None:
    folder = province.submitted()
    province.act("head", folder, Reject(folder.case.version, "Không đúng biểu mẫu"))
    assert open_as(province, "clerk").id != folder.row.subject_id


def test_nobody_opens_a_report_for_another_unit(province: Province) -> None:
    foreign = min(province.actor("outsider").own_units)
    with pytest.raises(Refusal) as refused:
        service.open_report(province.session, province.actor("clerk"), foreign, "monthly-report", JANUARY)
    assert refused.value.code == "not_your_unit"


@pytest.mark.parametrize(
    ("form", "period", "code"),
    [
        ("weekly-poem", JANUARY, "no_definition"),
        ("monthly-report", Period(PeriodKind.QUARTER, 2025, 1), "bad_period"),
        ("monthly-report", Period(PeriodKind.MONTH, 1999, 12), "bad_period"),
        ("monthly-report", Period(PeriodKind.MONTH, 2099, 1), "bad_period"),
    ],
)
def test_what_is_not_reported_on_is_refused(province: Province, form: str, period: Period, code: str) -> None:
    clerk = province.actor("clerk")
    with pytest.raises(Refusal) as refused:
        service.open_report(province.session, clerk, min(clerk.own_units), form, period)
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("period", "name"),
    [
        (JANUARY, "tháng 01/2025"),
        (Period(PeriodKind.WEEK, 2025, 3), "tuần 03/2025"),
        (Period(PeriodKind.QUARTER, 2025, 1), "quý I/2025"),
        (Period(PeriodKind.HALF_YEAR, 2025, 1), "6 tháng đầu năm 2025"),
        (Period(PeriodKind.HALF_YEAR, 2025, 2), "6 tháng cuối năm 2025"),
        (Period(PeriodKind.NINE_MONTHS, 2025), "9 tháng năm 2025"),
        (Period(PeriodKind.YEAR, 2025), "năm 2025"),
    ],
)
def test_a_period_is_called_as_titles_call_it(period: Period, name: str) -> None:
    assert period_name(period) == name


def test_a_report_in_place_of_a_rejected_one_has_its_answers(province: Province) -> None:
    folder = province.submitted()
    province.act("head", folder, Reject(folder.case.version, "Trùng với báo cáo đã gửi"))
    rejected = province.report_of(folder)
    clerk = province.actor("clerk")
    again = service.open_report(province.session, clerk, rejected.unit_id, "monthly-report", rejected.period)
    assert again.id != rejected.id
    assert again.values["meetings"] == rejected.values["meetings"]
    assert set(again.values) == set(rejected.values) - {"annexes"}
