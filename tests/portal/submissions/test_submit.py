"""Handing in: the gate, the frozen version, the rounds, and why nobody decides on what he helped to write."""

from __future__ import annotations

import hashlib
import json
from datetime import date
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from portal.demo.journey import january_inputs
from portal.submissions import gate, handing, rounds, service
from portal.units.models import Holding, Post, Unit
from workflows.actions import Approve, Recall, Return
from workflows.errors import Refusal

if TYPE_CHECKING:
    from portal.submissions.models import Submission, SubmissionVersion
    from tests.portal.province import Province

DENIED = ("bongdalu truc tiep",)


def save(province: Province, report: Submission, username: str = "clerk", **typed: str) -> None:
    inputs = {**january_inputs(), **{name.replace("__", "."): said for name, said in typed.items()}}
    service.save(province.session, province.actor(username), report, inputs, report.edition)


def submit(province: Province, report: Submission, username: str = "clerk", edition: int | None = None) -> None:
    handing.submit(
        province.session,
        province.actor(username),
        report,
        edition=report.edition if edition is None else edition,
        version=report.case.version if report.case else 0,
        deny_list=DENIED,
    )


def stands_against(province: Province, report: Submission) -> dict[str, str]:
    """Path and code of every error with which the gate refuses."""
    with pytest.raises(gate.NotReadyError) as refused:
        submit(province, report)
    assert report.case is None
    assert rounds.versions(province.session, report) == []
    return {found.path: found.code for found in refused.value.findings if found.severity == "error"}


def frozen(version: SubmissionVersion) -> tuple[str, str]:
    return version.content, version.sha256


def test_a_frozen_version_is_canonical_json_under_its_own_sha256(province: Province) -> None:
    report = province.draft()
    folder = province.hand_in(report)
    (version,) = rounds.versions(province.session, report)
    assert version.sha256 == hashlib.sha256(version.content.encode()).hexdigest()
    content = json.loads(version.content)
    assert version.content == json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    assert content["values"] == report.values
    assert (content["unit"], content["window"]) == ("STTTT", ["2024-12-15", "2025-01-14"])
    assert content["form"] == report.form.sha256
    assert folder.case.content_hash == version.sha256


def test_a_frozen_version_never_changes_afterwards(province: Province) -> None:
    report = province.draft()
    folder = province.hand_in(report)
    first = frozen(rounds.versions(province.session, report)[0])
    folder = province.act("head", folder, Return(folder.case.version, "Bổ sung số cuộc họp"))
    save(province, report, meetings="3")
    folder = province.hand_in(report)
    for username in ("head", "police.head", "chairman"):
        folder = province.approve(username, folder)
    province.session.commit()
    province.session.expire_all()
    frozen_rounds = rounds.versions(province.session, report)
    assert frozen(frozen_rounds[0]) == first
    assert [each.round for each in frozen_rounds] == [1, 2]
    assert [rounds.frozen_values(each)["meetings"] for each in frozen_rounds] == [2, 3]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE submission_version SET content = '{}'",
        "UPDATE submission_version SET sha256 = 'x'",
        "DELETE FROM submission_version",
    ],
)
def test_the_database_itself_refuses_to_rewrite_a_frozen_version(province: Province, statement: str) -> None:
    province.submitted()
    with pytest.raises(IntegrityError, match="record is frozen"):
        province.session.execute(text(statement))


def test_a_wrong_percentage_is_a_warning_and_does_not_stop_submitting(province: Province) -> None:
    # 72.944 of 513.031 are 14,22 %, the unit says 14,02 %: only the unit knows which is the slip.
    report = province.draft()
    save(province, report, cashless_growth__stated="14,02")
    submit(province, report)
    assert report.case_status == "in_review"
    (version,) = rounds.versions(province.session, report)
    assert rounds.frozen_values(version)["cashless_growth"]["stated"] == "14.02"


def test_an_empty_report_is_refused_with_everything_that_is_missing(province: Province) -> None:
    clerk = province.actor("clerk")
    report = service.open_report(
        province.session, clerk, min(clerk.own_units), "monthly-report", province.draft().period.following
    )
    required = {field.name for field in service.form_of(report).fields.values() if field.required}
    assert stands_against(province, report) == dict.fromkeys(required, "required")


def test_all_errors_are_told_at_once(province: Province) -> None:
    report = province.draft()
    save(
        province,
        report,
        dossiers_on_time__numerator="13.264",
        dossiers_on_time__denominator="6.632",
        index_766__value="107,4",
        rank_766__rank="64",
        meetings="hai",
        documents__0__issued_on="31/02/2025",
        utility_data__reason="",
        security="xem bongdalu truc tiep tối nay",
        proposals="<b>Đề nghị</b>",
    )
    assert stands_against(province, report) == {
        "meetings": "not_a_number",
        "documents.0.issued_on": "no_such_date",
        "dossiers_on_time.numerator": "numerator_exceeds",
        "index_766.value": "above_maximum",
        "rank_766.rank": "rank_out_of_range",
        "utility_data.reason": "reason_required",
        "security": "denied_phrase",
        "proposals": "html_in_text",
    }


def test_what_was_saved_meanwhile_is_not_handed_in_unseen(province: Province) -> None:
    report = province.draft()
    seen = report.edition
    save(province, report, "clerk2", meetings="3")
    with pytest.raises(Refusal) as refused:
        submit(province, report, edition=seen)
    assert refused.value.code == "edited_meanwhile"
    province.session.rollback()
    assert rounds.versions(province.session, report) == []


def test_a_report_is_handed_in_once(province: Province) -> None:
    report = province.draft()
    submit(province, report)
    with pytest.raises(Refusal, match="not_open"):
        submit(province, report)
    assert len(rounds.versions(province.session, report)) == 1


def test_resubmission_is_round_two_of_the_same_case(province: Province) -> None:
    report = province.draft()
    folder = province.hand_in(report)
    case_id = folder.row.id
    province.act("head", folder, Return(folder.case.version, "Bổ sung số cuộc họp"))
    again = province.hand_in(report)
    assert (again.row.id, again.row.round, again.row.stage) == (case_id, 2, "department")
    assert [each.round for each in rounds.versions(province.session, report)] == [1, 2]


def test_a_recalled_report_is_open_again_and_its_next_round_is_the_second(province: Province) -> None:
    report = province.draft()
    folder = province.hand_in(report)
    province.act("clerk", folder, Recall(folder.case.version))
    assert report.is_open
    save(province, report, meetings="4")
    assert province.hand_in(report).row.round == 2


def test_only_who_began_it_hands_it_in_again(province: Province) -> None:
    report = province.draft()
    folder = province.hand_in(report)
    province.act("head", folder, Return(folder.case.version, "Bổ sung số cuộc họp"))
    with pytest.raises(Refusal) as refused:
        submit(province, report, "clerk2")
    assert refused.value.code == "not_initiator"


def become_head(province: Province, username: str) -> None:
    """The head leaves his seat yesterday, someone else takes it."""
    session = province.session
    chosen = select(Post).join(Unit).where(Unit.code == "STTTT", Post.kind == "head")
    post = session.scalars(chosen).one()
    holding = session.scalars(select(Holding).where(Holding.post_id == post.id)).one()
    holding.valid_from, holding.valid_to = date(2024, 1, 1), date(2024, 12, 31)
    session.add(Holding(user_id=province.user(username).id, post_id=post.id, valid_from=date(2025, 1, 1)))
    session.flush()


def test_who_saved_once_cannot_decide_even_when_he_becomes_head(province: Province) -> None:
    report = province.draft()
    save(province, report, "clerk2", meetings="3")
    folder = province.hand_in(report)
    become_head(province, "clerk2")
    assert province.actor("clerk2").may("can_decide", "DecisionView")
    with pytest.raises(Refusal) as refused:
        province.act("clerk2", folder, Approve(folder.case.version))
    assert refused.value.code == "own_draft"
    assert province.approve("deputy", folder).row.stage == "police"


def test_who_only_looked_may_decide_when_he_becomes_head_before_the_next_round(province: Province) -> None:
    report = province.draft()
    folder = province.hand_in(report)
    province.act("deputy", folder, Return(folder.case.version, "Xem lại"))
    become_head(province, "clerk2")
    assert province.approve("clerk2", province.hand_in(report)).row.stage == "police"


def test_a_head_who_wrote_with_his_clerk_leaves_the_decision_to_his_deputy(province: Province) -> None:
    report = province.draft()
    save(province, report, "head", meetings="3")
    folder = province.hand_in(report)
    assert {item.person for item in folder.case.open_items} == {str(province.user("deputy").id)}
    with pytest.raises(Refusal) as refused:
        province.act("head", folder, Approve(folder.case.version))
    assert refused.value.code == "own_draft"


def test_a_unit_in_which_everyone_wrote_is_told_that_nobody_can_decide(province: Province) -> None:
    report = province.draft()
    for number, username in enumerate(("head", "deputy"), start=3):
        save(province, report, username, meetings=str(number))
    with pytest.raises(Refusal) as refused:
        province.hand_in(report)
    assert refused.value.code == "nobody_eligible"
    province.session.rollback()
