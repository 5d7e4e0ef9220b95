"""A process of the gallery from the designer's hands to the last approval, by the people of the demo province."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from portal.approvals.models import WorkItem
from portal.definitions.drafting import WRITE, publish_draft
from portal.definitions.gallery import begin_process
from portal.definitions.publishing import PUBLISH
from portal.definitions.service import form_of
from portal.security import Actor
from portal.submissions import gate
from portal.submissions import service as submissions
from portal.submissions.regimes import periods_of
from tests.web.sound_answers import WORDS, typed_into
from workflows.actions import Advise, Approve
from workflows.periods import Period

if TYPE_CHECKING:
    from portal.approvals.recording import Folder
    from portal.definitions.gallery import Process
    from portal.documents.models import OfficialDocument
    from portal.submissions.models import Submission
    from tests.portal.province import Province

DESIGNER = Actor(7, "lan", "Nguyễn Thị Lan", permissions=frozenset({WRITE, PUBLISH}))
MOST_DECISIONS = 20
CONTACT = {"side": "partner", "full_name": WORDS, "position": WORDS, "phone": "0912345678"}
SAID = {
    "registration-list": {"number": "20"},
    "index-766": {"published.value": "6", "places_won": "-1"},
    "two-signatory-plan": {f"contacts.1.{part}": text for part, text in CONTACT.items()},
}
"""What is typed besides the answers that fit any form, so that a report takes the longest way."""


def put_in_force(province: Province, process: Process) -> None:
    """Take a process and publish all of it."""
    for draft in begin_process(province.session, DESIGNER, process):
        publish_draft(province.session, DESIGNER, draft, 1, knows=0, why="Theo kế hoạch")


def drafted(province: Province, key: str, number: int = 1, typed: dict[str, str] | None = None) -> Submission:
    """A report of the clerk's unit for a period of 2025, with an answer to each question.

    Args:
        province: where the process is in force.
        key: of the form.
        number: of the period in the year.
        typed: what stands in place of the answers that fit any form.
    """
    kind = min(periods_of(province.session, key))
    clerk = province.actor("clerk")
    report = submissions.open_report(province.session, clerk, min(clerk.own_units), key, Period(kind, 2025, number))
    answers = typed_into(form_of(report.form), report.period.window) | (SAID.get(key, {}) if typed is None else typed)
    submissions.save(province.session, clerk, report, answers, report.edition)
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


def passed(province: Province, process: Process, typed: dict[str, str] | None = None) -> tuple[Submission, Folder]:
    """A report that went as far through a process as its answers take it."""
    put_in_force(province, process)
    report = drafted(province, process.key, typed=typed)
    return report, decided(province, province.hand_in(report))


def stages_of(province: Province, folder: Folder) -> list[str]:
    """The stages that a case came to, in their order."""
    asked = select(WorkItem.stage).where(WorkItem.case_id == folder.row.id).order_by(WorkItem.id)
    return list(dict.fromkeys(province.session.scalars(asked)))


def issued_by(province: Province, process: Process) -> OfficialDocument:
    """The document of a report that went the whole way."""
    report, _ = passed(province, process)
    (document,) = submissions.issued_about(province.session, report)
    return document
