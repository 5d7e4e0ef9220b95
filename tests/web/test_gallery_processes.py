"""Every process of the gallery at work: taken, published, filled in, handed in, decided on, and its document issued."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from portal.approvals.models import WorkItem
from portal.db import Database
from portal.definitions.drafting import WRITE, publish_draft
from portal.definitions.gallery import Process, process_of, processes, take
from portal.definitions.publishing import PUBLISH
from portal.definitions.service import form_of
from portal.documents import service as documents
from portal.documents.job import Limits
from portal.documents.printing import Printer
from portal.documents.rules import TYPE_NAMES
from portal.files import FileStore
from portal.security import Actor
from portal.submissions import asking, gate
from portal.submissions import service as submissions
from portal.submissions.regimes import periods_of
from tests.portal.documents.printed_page import read_lines
from tests.portal.province import Province, found
from tests.web.sound_answers import WORDS, typed_into
from workflows import forms
from workflows.actions import Advise, Approve
from workflows.case import OVER
from workflows.forms import parse_form
from workflows.periods import Period

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from portal.approvals.recording import Folder
    from portal.documents.models import OfficialDocument
    from portal.submissions.models import Submission

DESIGNER = Actor(7, "lan", "Nguyễn Thị Lan", permissions=frozenset({WRITE, PUBLISH}))
MOST_DECISIONS = 20
CONTACT = {"side": "partner", "full_name": WORDS, "position": WORDS, "phone": "0912345678"}
SAID = {
    "registration-list": {"number": "20"},
    "index-766": {"published.value": "6", "places_won": "-1"},
    "two-signatory-plan": {f"contacts.1.{part}": text for part, text in CONTACT.items()},
}
"""What is typed besides the answers that fit any form, so that a report takes the longest way."""


def by_key(process: Process) -> str:
    return process.key


def put_in_force(province: Province, process: Process) -> None:
    """Take a process and publish all of it."""
    for draft in take(province.session, DESIGNER, process):
        publish_draft(province.session, DESIGNER, draft, 1, knows=0, why="Theo kế hoạch")


def drafted(province: Province, key: str) -> Submission:
    """A report of the clerk's unit for the first period of a year that is over, with an answer to each question."""
    kind = min(periods_of(province.session, key))
    clerk = province.actor("clerk")
    report = submissions.open_report(province.session, clerk, min(clerk.own_units), key, Period(kind, 2025, 1))
    typed = typed_into(form_of(report.form), report.period.window) | SAID.get(key, {})
    submissions.save(province.session, clerk, report, typed, report.edition)
    assert [each for each in gate.findings(report, ()) if each.severity == "error"] == []
    return report


def decided(province: Province, folder: Folder) -> Folder:
    """The case once everybody to whom it came has approved it, or given his opinion."""
    by_id = {user.id: user.username for user in province.everybody()}
    for _ in range(MOST_DECISIONS):
        waiting = select(WorkItem).where(WorkItem.case_id == folder.row.id, WorkItem.status == "open")
        item = province.session.scalars(waiting.order_by(WorkItem.id)).first()
        if item is None:
            break
        seen = folder.case.version
        said = Approve(seen, step=item.step) if item.role == "decide" else Advise(seen, WORDS, step=item.step)
        folder = province.act(by_id[item.user_id], folder, said)
    return folder


def passed(province: Province, process: Process) -> tuple[Submission, Folder]:
    """A report that went the whole way of a process."""
    put_in_force(province, process)
    report = drafted(province, process.key)
    return report, decided(province, province.hand_in(report))


def issued_by(province: Province, process: Process) -> OfficialDocument:
    """The document of a report that went the whole way."""
    report, _ = passed(province, process)
    (document,) = submissions.issued_about(province.session, report)
    return document


@pytest.fixture
def province() -> Iterator[Province]:
    """The demonstration province in memory: no page is looked at here."""
    database = Database("sqlite://")
    yield found(database.session())
    database.session.remove()
    database.engine.dispose()


@pytest.mark.parametrize("process", processes(), ids=by_key)
def test_a_report_goes_the_whole_way_through_all_stages(province: Province, process: Process) -> None:
    report, folder = passed(province, process)
    assert (str(report.case_status), folder.case.status in OVER) == ("approved", True)
    reached = set(province.session.scalars(select(WorkItem.stage).where(WorkItem.case_id == folder.row.id)))
    assert reached == {stage["key"] for stage in process.bodies["chain"]["stages"]}
    issues = process.bodies["chain"].get("issues", ())
    assert len(submissions.issued_about(province.session, report)) == len(issues)


@pytest.mark.parametrize("process", [each for each in processes() if "document" in each.bodies], ids=by_key)
def test_its_document_says_what_was_answered(province: Province, process: Process) -> None:
    document = issued_by(province, process)
    content, metadata = documents.content_of(document), process.bodies["document"]["metadata"]
    assert content["type_title"] == TYPE_NAMES[metadata["type"]].upper()
    assert document.symbol.startswith(f"{metadata['type']}-")
    headings = [section["heading"].partition(". ")[2] for section in content["sections"]]
    assert headings == [section["name"]["vi"].upper() for section in process.bodies["form"]["sections"]]
    assert WORDS in document.content
    assert content["recipients"]["lines"][-1] == f"- Lưu: VT, {metadata['wording']['drafter']}."
    assert not {"{", "}"} & set("".join([*content["opening"], content["closing"], *content["subject_lines"]]))


@pytest.mark.parametrize("key", ["registration-list", "obstacle-report"])
def test_its_document_is_printed(province: Province, key: str, tmp_path: Path) -> None:
    process = process_of(key)
    assert process is not None
    document = issued_by(province, process)
    province.session.commit()
    Printer(FileStore(tmp_path), Limits()).print_document(province.session, {"document_id": document.id})
    province.session.refresh(document)
    assert document.file is not None
    printed = " ".join(line.text for line in read_lines(FileStore(tmp_path).read(document.file.sha256)))
    content = documents.content_of(document)
    for text in (content["type_title"], content["number_line"], WORDS, content["signature"]["name"], "./."):
        assert text in printed


def test_the_survey_has_58_questions_on_19_models(province: Province) -> None:
    survey = process_of("pilot-survey")
    assert survey is not None
    form = parse_form(survey.bodies["form"])
    assert len(form.fields) == 58
    models = {choice.key for choice in form.fields["to_spread"].choices}
    assert {name.rpartition("_")[0] for name in form.fields} == models | {"to"}
    assert len(models) == 19


def test_a_model_that_is_not_theirs_is_asked_about_once(province: Province) -> None:
    survey = process_of("pilot-survey")
    assert survey is not None
    put_in_force(province, survey)
    report = drafted(province, survey.key)
    typed = {**forms.write(form_of(report.form), report.values), "land_state": "not_ours"}
    submissions.save(province.session, province.actor("clerk"), report, typed, report.edition)
    assert asking.settled(report).hidden == {"land_result", "land_obstacles"}
