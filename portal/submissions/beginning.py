"""What a report begins with: the answers of one that was rejected, of the one before, or those the form gives."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from portal.definitions.service import form_of
from portal.submissions import rounds
from workflows import forms

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from portal.submissions.models import Submission
    from workflows.errors import Finding


def first_answers(session: Session, submission: Submission) -> dict[str, Any]:
    """The answers of a report that is opened.

    Args:
        session: the transaction.
        submission: the report, on which nobody has typed anything yet.
    """
    rejected = rounds.rejected_answers(session, submission)
    return rejected or forms.begin(form_of(submission.form), _last(session, submission))


def taken_over(session: Session, submission: Submission) -> tuple[Finding, ...]:
    """What is said of the answers of a first draft that are still those of the report before.

    Args:
        session: any transaction.
        submission: the report.
    """
    if submission.case is not None:
        return ()
    last = _last(session, submission)
    return tuple(forms.taken_over(form_of(submission.form), submission.values, last)) if last else ()


def _last(session: Session, submission: Submission) -> dict[str, Any]:
    """What was handed in last, where the form takes anything over."""
    takes = any(field.prefill for field in form_of(submission.form).fields.values())
    return rounds.last_handed_in(session, submission) if takes else {}
