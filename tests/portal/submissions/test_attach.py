"""Attaching files: judged by their content, taken off without being lost, opened only by whom they concern."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import delete, select

from portal.files import MEDIA_TYPES, MEGABYTE, BadFileError, FileStore
from portal.jobs import Job
from portal.previews import PREVIEW, FilePreview
from portal.submissions import attachments, rounds, service
from portal.submissions.models import Submission
from tests.drawable import blank_pdf
from tests.uploads import PDF, PNG
from tests.web import own_form
from tests.workflows.paper import field
from workflows.actions import Approve, Return
from workflows.errors import Refusal
from workflows.forms.definition import FILE_KINDS

if TYPE_CHECKING:
    from pathlib import Path

    from tests.portal.province import Province


@pytest.fixture
def store(tmp_path: Path) -> FileStore:
    return FileStore(tmp_path / "files")


def attach(province: Province, report: Submission, store: FileStore, name: str, content: bytes = PDF) -> int:
    """Attach as the clerk; gives the key of the link."""
    upload = service.Upload("annexes", name, content)
    service.attach(province.session, province.actor("clerk"), report, store, upload)
    return attachments.attached(province.session, report)[-1].id


def finds(province: Province, username: str, report: Submission, link: int) -> bool:
    try:
        attachments.find(province.session, province.actor(username), report, link)
    except Refusal as refusal:
        assert refusal.code == "not_found"  # noqa: PT017 - whether it is refused is the question asked
        return False
    return True


def test_an_attached_file_is_an_answer_and_counts_as_a_save(province: Province, store: FileStore) -> None:
    report = province.draft()
    edition = report.edition
    link = attach(province, report, store, "Phụ lục 1.pdf")
    assert report.values["annexes"] == [str(link)]
    assert report.edition == edition + 1
    (kept,) = attachments.attached(province.session, report)
    assert (kept.file.name, store.read(kept.file.sha256)) == ("Phụ lục 1.pdf", PDF)


def test_a_file_is_attached_together_with_its_preview_that_is_owed(province: Province, store: FileStore) -> None:
    report = province.draft()
    for content in (blank_pdf(1), PNG):
        attach(province, report, store, "Phụ lục.pdf" if content != PNG else "Ảnh.png", content)
    previews = [link.preview for link in attachments.attached(province.session, report)]
    assert [each.state for each in previews if each] == ["waiting", "waiting"]
    owed = province.session.scalars(select(Job.payload).where(Job.kind == PREVIEW).order_by(Job.id))
    assert list(owed) == [
        {"preview_id": each.id, "file_kind": kind} for each, kind in zip(previews, ("pdf", "png"), strict=True) if each
    ]


def test_files_attached_before_there_were_previews_are_owed_theirs_once(province: Province, store: FileStore) -> None:
    report = province.draft()
    for name in ("Phụ lục 1.pdf", "Phụ lục 2.pdf"):
        attach(province, report, store, name)
    province.session.execute(delete(FilePreview))
    province.session.execute(delete(Job))
    for _ in range(2):
        attachments.owe_previews(province.session)
    assert len(province.session.scalars(select(FilePreview)).all()) == 1
    assert len(province.session.scalars(select(Job)).all()) == 1


def test_saving_text_does_not_touch_files_whatever_the_inputs_say(province: Province, store: FileStore) -> None:
    report = province.draft()
    link = attach(province, report, store, "Phụ lục 1.pdf")
    typed = {"annexes": "7 8 9", "meetings": "5"}
    service.save(province.session, province.actor("clerk"), report, typed, report.edition)
    assert report.values == {"annexes": [str(link)], "meetings": 5}


def test_a_file_taken_off_stays_for_the_round_that_showed_it(province: Province, store: FileStore) -> None:
    report = province.draft()
    link = attach(province, report, store, "Phụ lục 1.pdf")
    folder = province.hand_in(report)
    folder = province.act("head", folder, Return(folder.case.version, "Thay phụ lục"))
    service.detach(province.session, province.actor("clerk"), report, link)
    other = attach(province, report, store, "Phụ lục 2.png", PNG)
    province.hand_in(report)
    first, second = rounds.versions(province.session, report)
    assert [each["name"] for each in json.loads(first.content)["files"]] == ["Phụ lục 1.pdf"]
    assert [each["name"] for each in json.loads(second.content)["files"]] == ["Phụ lục 2.png"]
    assert rounds.frozen_values(first)["annexes"] == [str(link)]
    assert rounds.frozen_values(second)["annexes"] == [str(other)]
    kept = attachments.ever_attached(province.session, report)
    assert store.read(kept[str(link)].file.sha256) == PDF


def test_taking_off_the_last_file_leaves_no_answer(province: Province, store: FileStore) -> None:
    report = province.draft()
    link = attach(province, report, store, "Phụ lục 1.pdf")
    service.detach(province.session, province.actor("clerk"), report, link)
    assert "annexes" not in report.values
    assert attachments.attached(province.session, report) == []
    with pytest.raises(Refusal, match="not_found"):
        service.detach(province.session, province.actor("clerk"), report, link)


def test_a_file_of_another_report_cannot_be_taken_off(province: Province, store: FileStore) -> None:
    report = province.draft()
    link = attach(province, report, store, "Phụ lục 1.pdf")
    outsider = province.actor("outsider")
    foreign = service.open_report(
        province.session, outsider, min(outsider.own_units), "monthly-report", report.period.following
    )
    with pytest.raises(Refusal, match="not_found"):
        service.detach(province.session, outsider, foreign, link)
    assert report.values["annexes"] == [str(link)]


@pytest.mark.parametrize("field", ["meetings", "documents", "no_such_field", "annexes.0"])
def test_files_belong_only_to_fields_for_files(province: Province, store: FileStore, field: str) -> None:
    report = province.draft()
    with pytest.raises(Refusal) as refused:
        service.attach(
            province.session, province.actor("clerk"), report, store, service.Upload(field, "Phụ lục.pdf", PDF)
        )
    assert refused.value.code == "no_such_field"


def test_a_refused_file_leaves_the_report_as_it_was(province: Province, store: FileStore) -> None:
    report = province.draft()
    edition = report.edition
    with pytest.raises(BadFileError) as refused:
        attach(province, report, store, "Phụ lục.pdf", b"MZ\x90\x00" + bytes(64))
    assert refused.value.code == "unknown_kind"
    assert (report.edition, "annexes" in report.values) == (edition, False)


def narrowed(province: Province, **limits: object) -> Submission:
    """A draft whose field for files takes less than the portal."""
    own_form.publish(province, field("attachment", "annexes", **limits))
    return province.session.get_one(Submission, own_form.opened(province))


def test_a_place_takes_the_kinds_and_sizes_that_its_form_says(province: Province, store: FileStore) -> None:
    report = narrowed(province, kinds=["png"], max_megabytes=1)
    for name, content, code, more in (
        ("Phụ lục.pdf", PDF, "kind_not_taken", {"kinds": "PNG"}),
        ("Ảnh.png", PNG + bytes(MEGABYTE), "file_over_limit", {"max": 1}),
        ("Ảnh.png", PDF, "wrong_extension", {}),
    ):
        with pytest.raises(BadFileError) as refused:
            attach(province, report, store, name, content)
        assert (refused.value.code, refused.value.more) == (code, more)
    assert attachments.attached(province.session, report) == []
    attach(province, report, store, "Ảnh.png", PNG)


def test_definitions_know_the_kinds_that_the_portal_takes() -> None:
    assert set(FILE_KINDS) == set(MEDIA_TYPES)


def test_nothing_is_attached_or_taken_off_under_review(province: Province, store: FileStore) -> None:
    report = province.draft()
    link = attach(province, report, store, "Phụ lục 1.pdf")
    province.hand_in(report)
    with pytest.raises(Refusal, match="not_open"):
        attach(province, report, store, "Phụ lục 2.pdf")
    with pytest.raises(Refusal, match="not_open"):
        service.detach(province.session, province.actor("clerk"), report, link)


def test_who_attaches_or_takes_off_is_an_author(province: Province, store: FileStore) -> None:
    report = province.draft()
    link = attach(province, report, store, "Phụ lục 1.pdf")
    service.detach(province.session, province.actor("deputy"), report, link)
    folder = province.hand_in(report)
    with pytest.raises(Refusal) as refused:
        province.act("deputy", folder, Approve(folder.case.version))
    assert refused.value.code == "own_draft"


def test_reviewers_of_other_units_open_only_files_that_were_handed_in(province: Province, store: FileStore) -> None:
    report = province.draft()
    mistaken = attach(province, report, store, "Danh sách riêng.pdf")
    service.detach(province.session, province.actor("clerk"), report, mistaken)
    handed = attach(province, report, store, "Phụ lục 1.pdf")
    folder = province.approve("head", province.hand_in(report))
    folder = province.act("police.head", folder, Return(folder.case.version, "Bổ sung"))
    drafted = attach(province, report, store, "Bản nháp.pdf")
    seen = {name: finds(province, "police.head", report, link) for name, link in
            {"mistaken": mistaken, "handed in": handed, "drafted": drafted}.items()}  # fmt: skip
    assert seen == {"mistaken": False, "handed in": True, "drafted": False}
    assert all(finds(province, "clerk2", report, link) for link in (mistaken, handed, drafted))
    assert all(finds(province, "auditor", report, link) for link in (mistaken, handed, drafted))


def test_a_file_is_not_found_through_another_report(province: Province, store: FileStore) -> None:
    report = province.draft()
    link = attach(province, report, store, "Phụ lục 1.pdf")
    other = province.draft(report.period.following)
    assert finds(province, "clerk", report, link)
    assert not finds(province, "clerk", other, link)
