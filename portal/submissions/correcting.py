"""Approving with changes: a reviewer mends what his step lets him change, and approves what comes of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from portal import audit
from portal.approvals import recording
from portal.approvals import service as approvals
from portal.submissions import gate, handing, places
from portal.submissions.service import KIND, claim_edition, form_of, refuse_classified
from workflows.actions import Approve
from workflows.errors import Refusal
from workflows.forms import Field, read

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from sqlalchemy.orm import Session

    from portal.approvals.recording import Folder
    from portal.security import Actor
    from portal.submissions.models import Submission
    from workflows.forms import Form, Heading


@dataclass(frozen=True)
class Correction:
    """What a reviewer sends.

    Attributes:
        raw: text by input name.
        reason: possibly empty, unless his step wants one.
        version: the version of the case that he saw.
    """

    raw: Mapping[str, str]
    reason: str
    version: int


def form_to_correct(form: Form, keys: Collection[str]) -> Form:
    """The sections of a form with these keys, without files: whoever finds a wrong file returns the report."""
    open_ones = (section for section in form.sections if section.key in keys)
    typed = (
        replace(section, blocks=tuple(each for each in section.blocks if not _is_file(each))) for section in open_ones
    )
    return replace(form, sections=tuple(section for section in typed if section.fields))


def _is_file(block: Field | Heading) -> bool:
    return isinstance(block, Field) and block.type == "attachment"


def correct(
    session: Session,
    actor: Actor,
    submission: Submission,
    folder: Folder,
    correction: Correction,
    *,
    deny_list: tuple[str, ...],
) -> Folder:
    """Approve a report with changes: freeze what it says now as a further content of its round, and decide on that.

    Args:
        session: the transaction; the caller commits.
        actor: who has the report, and may change parts of it.
        submission: the report.
        folder: its case, as read in this transaction.
        correction: what he sends.
        deny_list: phrases that no submission may contain.

    Raises:
        NotReadyError: what he made of it does not pass the gate; nothing is written.
        Refusal: `classified_text`, `stale_version`; `edited_meanwhile`, a colleague was first; or what the engine says.
    """
    if correction.version != folder.case.version:
        raise Refusal("stale_version", {"seen": correction.version, "current": folder.case.version})
    answer = approvals.available(session, actor, folder)["approve"]
    if answer.refusal and answer.refusal.code != "reason_required":
        raise answer.refusal
    form = form_to_correct(form_of(submission), answer.edits)
    reading = read(form, correction.raw, submission.period.window)
    refuse_classified(reading)
    values = _merged(submission, form.fields, reading.values)
    found = gate.findings_of(submission, values, reading.unread, deny_list)
    if any(finding.severity == "error" for finding in found):
        raise gate.NotReadyError(found)
    recording.hold(session, folder.row)
    claim_edition(session, submission, submission.edition, values=values, unread={})
    frozen = handing.freeze(session, actor, submission, folder.case.round)
    sections = places.section_hashes(form_of(submission), frozen)
    approval = Approve(correction.version, correction.reason, content_hash=frozen.sha256, sections=sections)
    details = {"round": frozen.round, "correction": frozen.correction, "sha256": frozen.sha256}
    audit.record(
        session, actor=actor.username, action="submission_corrected", kind=KIND, key=submission.id, details=details
    )
    return approvals.perform(session, actor, folder, approval)


def _merged(submission: Submission, names: Collection[str], values: Mapping[str, Any]) -> dict[str, Any]:
    """What the report says with new answers to some fields in the place of those it had."""
    return {**{name: value for name, value in submission.values.items() if name not in names}, **values}
