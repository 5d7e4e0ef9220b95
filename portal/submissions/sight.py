"""Which parts of a report somebody reads: all of them, or those that the steps read by which it reached his unit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal.approvals import service as approvals
from portal.definitions.service import chain_of, form_of

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from portal.security import Actor
    from portal.submissions.models import Submission


def fields_read(session: Session, actor: Actor, submission: Submission) -> frozenset[str]:
    """The names of the fields that somebody reads.

    Its unit and those above read everything, as does whoever oversees all; others what the steps read that came to
    their units, whoever of them had the work.

    Args:
        session: any transaction.
        actor: who sees the submission.
        submission: the report.
    """
    form = form_of(submission.form)
    everything = frozenset(form.fields)
    if actor.sees_everything or submission.unit_id in actor.reach or submission.case is None:
        return everything
    steps = (step for stage in chain_of(submission.case.definition).every_stage for step in stage.steps)
    if not any(step.reads for step in steps) and not approvals.was_moved(session, submission.case):
        return everything
    reading = [step.reads for step in approvals.steps_of(session, actor, submission.case)]
    if not all(reading):
        return everything
    read = {key for sections in reading for key in sections}
    return frozenset(field.name for section in form.sections if section.key in read for field in section.fields)
