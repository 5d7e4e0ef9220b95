"""Handing a report in: through the gate, frozen as a version, onto the chain that is for it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import select

from portal.approvals import recording
from portal.approvals import service as approvals
from portal.definitions import service as definitions
from portal.submissions import asking, attachments, following, gate, places, rounds
from portal.submissions.models import SubmissionAuthor, SubmissionVersion
from portal.submissions.service import KIND, check_writer, claim_edition, form_of
from workflows.forms import canonical_json, facts

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy.orm import Session

    from portal.approvals.models import ApprovalCase
    from portal.definitions.models import Definition
    from portal.security import Actor
    from portal.submissions.models import Submission
    from workflows.guards import Scalar


def submit(
    session: Session,
    actor: Actor,
    submission: Submission,
    *,
    edition: int,
    version: int,
    deny_list: tuple[str, ...],
) -> recording.Folder:
    """Freeze the draft as a version and hand it in.

    Args:
        session: the transaction; the caller commits.
        actor: who hands it in; after the first round only the same person.
        submission: open, of one of his units.
        edition: which edition he saw.
        version: which version of its case he saw; 0 before there is one.
        deny_list: phrases no submission may contain.

    Raises:
        NotReadyError: it does not pass the gate; nothing is written.
        Refusal: `not_your_unit`, `not_open`, `edited_meanwhile`, `no_chain`, `several_chains`, as
            `following.refuse_overtaken`, or what the engine says.
    """
    check_writer(actor, submission)
    found = gate.findings(submission, deny_list)
    if any(finding.severity == "error" for finding in found):
        raise gate.NotReadyError(found)
    if submission.follows_id:
        following.refuse_overtaken(session, submission, definitions.chain_of(chain_of(session, submission)))
    claim_edition(session, submission, edition)
    frozen = freeze(session, actor, submission, submission.case.round + 1 if submission.case else 1)
    handed = approvals.Handed(
        kind=KIND,
        subject_id=submission.id,
        title=submission.title,
        unit_id=submission.unit_id,
        content_hash=frozen.sha256,
        drafters=authors(session, submission),
        chosen={step: tuple(people) for step, people in submission.chosen.items()},
        sections=places.section_hashes(form_of(submission), frozen),
    )
    if submission.case is not None:
        return _resubmit(session, actor, submission, version, handed)
    folder = approvals.submit(session, actor, chain_of(session, submission), handed)
    submission.case = folder.row
    session.flush()
    return folder


def _resubmit(
    session: Session, actor: Actor, submission: Submission, version: int, handed: approvals.Handed
) -> recording.Folder:
    """Hand in the next round, with what was answered to comments on the last one, and what was changed."""
    folder = recording.read(session, cast("ApprovalCase", submission.case))
    about = [comment.anchor for comment in folder.case.comments_to_answer]
    *_, before, after = rounds.versions(session, submission)  # before it, as the last reviewer read it
    changed = places.changed(before, after, about)
    told = replace(handed, answers=submission.answers, changed=changed)
    again = approvals.resubmit(session, actor, folder, version, told)
    submission.answers = {}
    return again


def authors(session: Session, submission: Submission) -> frozenset[int]:
    """The accounts of everyone who drafted it."""
    mine = select(SubmissionAuthor.user_id).where(SubmissionAuthor.submission_id == submission.id)
    return frozenset(session.scalars(mine))


def facts_of(submission: Submission, values: Mapping[str, Any]) -> dict[str, Scalar]:
    """What guards may see of settled answers: the figures, the unit's kind, and which unit leads its task."""
    lead = submission.task.lead_unit.code if submission.task else None
    return {**facts(form_of(submission), values), "unit_kind": submission.unit.kind, "task_lead": lead}


def chain_of(session: Session, submission: Submission) -> Definition:
    """The chain that it is on, or for a draft the one that it would go through now.

    Raises:
        Refusal: `no_chain`, `several_chains`.
    """
    if submission.case is not None:
        return submission.case.definition
    return definitions.chain_for(session, submission.form_key, facts_of(submission, asking.settled(submission).values))


def freeze(session: Session, actor: Actor, submission: Submission, number: int) -> SubmissionVersion:
    """Keep for good what a report says now: canonical JSON of everything that is handed in, and its SHA-256.

    Args:
        session: the transaction; the caller commits.
        actor: who hands it in, or corrected it.
        submission: the report.
        number: of the round; what comes second in it is a correction.
    """
    asked = asking.settled(submission)
    content = canonical_json(
        {
            "form": submission.form.sha256,
            "title": submission.title,
            "unit": submission.unit.code,
            "window": [submission.window_from.isoformat(), submission.window_to.isoformat()],
            "values": asked.values,
            "files": [
                {"field": each.field, "id": str(each.id), "name": each.file.name, "sha256": each.file.sha256}
                for each in attachments.attached(session, submission)
                if each.field not in asked.hidden
            ],
        }
    )
    version = SubmissionVersion(
        submission_id=submission.id,
        round=number,
        correction=rounds.count_of(session, submission, number),
        content=content,
        sha256=rounds.sha256_of(content),
        submitted_by=actor.user_id,
    )
    session.add(version)
    session.flush()
    return version
