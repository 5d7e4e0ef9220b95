"""Saving a draft: what can be read is stored strictly, what cannot is kept as typed, and nobody is overwritten."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select

from portal.audit import AuditEntry
from portal.demo.journey import january_inputs
from portal.submissions import gate, service
from portal.submissions.models import SubmissionAuthor
from workflows.errors import Refusal
from workflows.forms import facts, text_of, write

if TYPE_CHECKING:
    from portal.submissions.models import Submission
    from tests.portal.province import Province
    from workflows.errors import Finding


def save(province: Province, report: Submission, username: str = "clerk", **typed: str) -> tuple[Finding, ...]:
    """Type over the inputs of January; gives what the gate then says."""
    inputs = {**january_inputs(), **{name.replace("__", "."): text for name, text in typed.items()}}
    service.save(province.session, province.actor(username), report, inputs, report.edition)
    return gate.findings(report, ())


def at(findings: tuple[Finding, ...], path: str) -> dict[str, str]:
    return {found.code: found.severity for found in findings if found.path == path}


def authors(province: Province, report: Submission) -> set[int]:
    mine = select(SubmissionAuthor.user_id).where(SubmissionAuthor.submission_id == report.id)
    return set(province.session.scalars(mine))


def test_6450_of_6632_dossiers_are_97_26_percent(province: Province) -> None:
    # Gia Lai, January 2025: 6.632 dossiers received, 97,26 % settled early or on time.
    report = province.draft()
    form = service.form_of(report)
    assert report.values["dossiers_on_time"] == {"numerator": 6450, "denominator": 6632, "as_of": "2025-01-31"}
    assert text_of(form.fields["dossiers_on_time"], report.values["dossiers_on_time"]) == "6.450/6.632 (97,26 %)"
    assert str(facts(form, report.values)["dossiers_on_time.percent"]) == "97.26"


def test_a_bare_percentage_is_refused_and_kept_as_it_was_typed(province: Province) -> None:
    report = province.draft()
    found = save(province, report, dossiers_on_time__numerator="97,26%", dossiers_on_time__denominator="")
    assert at(found, "dossiers_on_time.numerator") == {"bare_percentage": "error"}
    assert report.unread == {"dossiers_on_time.numerator": "97,26%"}
    assert write(service.form_of(report), report.values, report.unread)["dossiers_on_time.numerator"] == "97,26%"


def test_a_stated_percentage_without_its_fraction_is_refused(province: Province) -> None:
    report = province.draft()
    found = save(
        province,
        report,
        dossiers_on_time__numerator="",
        dossiers_on_time__denominator="",
        dossiers_on_time__stated="97,26",
    )
    assert at(found, "dossiers_on_time.stated") == {"bare_percentage": "error"}


def test_a_wrong_percentage_is_flagged_with_the_right_one(province: Province) -> None:
    # The article says 14,02 %; 72.944 of 513.031 are 14,22 %.
    report = province.draft()
    found = save(province, report, cashless_growth__stated="14,02")
    (flag,) = [finding for finding in found if finding.path == "cashless_growth.stated"]
    assert (flag.code, flag.severity) == ("percentage_disagrees", "warning")
    assert dict(flag.params) == {"stated": "14.02", "computed": "14.22"}


def test_a_score_keeps_its_date_and_a_rank_its_total(province: Province) -> None:
    # Index 766 of Gia Lai: 60,74 points, 54th of 63, as of 15 January 2025.
    report = province.draft()
    fields, values = service.form_of(report).fields, report.values
    assert values["index_766"] == {"value": "60.74", "as_of": "2025-01-15"}
    assert values["rank_766"] == {"rank": 54, "total": 63, "as_of": "2025-01-15"}
    assert text_of(fields["index_766"], values["index_766"]) == "60,74/100"
    assert text_of(fields["rank_766"], values["rank_766"]) == "54/63"


def test_saving_the_same_again_changes_nothing_and_is_not_audited(province: Province) -> None:
    report = province.draft()
    before = (report.edition, province.session.scalar(select(func.count()).select_from(AuditEntry)))
    save(province, report)
    assert (report.edition, province.session.scalar(select(func.count()).select_from(AuditEntry))) == before


def test_who_saves_over_an_edition_that_is_gone_is_refused_and_the_first_save_stays(province: Province) -> None:
    report = province.draft()
    seen = report.edition
    save(province, report, meetings="3")
    later = {**january_inputs(), "meetings": "4"}
    with pytest.raises(Refusal) as refused:
        service.save(province.session, province.actor("clerk2"), report, later, seen)
    assert refused.value.code == "edited_meanwhile"
    province.session.refresh(report)
    assert (report.values["meetings"], report.edition) == (3, seen + 1)


def test_the_same_edition_after_someone_else_saved_the_same_is_refused_too(province: Province) -> None:
    # Two people who type the same figure have still not seen each other's page.
    report = province.draft()
    seen = report.edition
    save(province, report, meetings="3")
    with pytest.raises(Refusal, match="edited_meanwhile"):
        service.save(province.session, province.actor("clerk2"), report, {**january_inputs(), "meetings": "3"}, seen)


def test_authors_add_up_and_nobody_is_listed_twice(province: Province) -> None:
    report = province.draft()
    clerk, clerk2 = (province.user(name).id for name in ("clerk", "clerk2"))
    assert authors(province, report) == {clerk}
    save(province, report, "clerk2", meetings="3")
    save(province, report, "clerk", meetings="4")
    save(province, report, "clerk2", meetings="5")
    assert authors(province, report) == {clerk, clerk2}


def test_vietnamese_typed_in_pieces_is_stored_composed(province: Province) -> None:
    report = province.draft()
    words = "Đề nghị bố trí kinh phí nâng cấp đường truyền"
    save(province, report, proposals=unicodedata.normalize("NFD", words))
    assert report.values["proposals"] == words


def test_a_mark_of_secrecy_is_not_stored_at_all(province: Province) -> None:
    report = province.draft()
    before = dict(report.values)
    with pytest.raises(Refusal) as refused:
        save(province, report, security="MẬT\nSơ đồ mạng nội bộ")
    assert refused.value.code == "classified_text"
    assert (report.values, report.unread) == (before, {})


@pytest.mark.parametrize("username", ["outsider", "police", "chairman", "auditor"])
def test_only_the_unit_itself_writes(province: Province, username: str) -> None:
    report = province.draft()
    with pytest.raises(Refusal) as refused:
        save(province, report, username, meetings="3")
    assert refused.value.code == "not_your_unit"


def test_nothing_is_saved_while_it_is_under_review(province: Province) -> None:
    report = province.draft()
    province.hand_in(report)
    with pytest.raises(Refusal) as refused:
        save(province, report, meetings="9")
    assert (refused.value.code, dict(refused.value.params)) == ("not_open", {"status": "in_review"})
    assert report.values["meetings"] == 2
