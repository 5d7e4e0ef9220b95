"""What a report begins with: answers of one that was rejected or of the one before, of the form, or of a list."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from portal import patterns
from portal.definitions.service import form_of
from portal.submissions import rounds
from workflows import forms

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy.orm import Session

    from portal.submissions.models import Submission
    from workflows.errors import Finding


@dataclass(frozen=True)
class Begun:
    """What a draft is begun from.

    Attributes:
        kind: a key of `wiring.BEGUN_FROM`, which knows the page of it.
        key: which one of its kind.
        name: what it is called today, in Vietnamese, as documents are.
        facts: what is known there, by the names of `workflows.forms.given`.
        answers: what is taken over from there as it is, by the names of fields.
    """

    kind: str
    key: str
    name: str
    facts: Mapping[str, object]
    answers: Mapping[str, object] = field(default_factory=dict)


def first_answers(session: Session, submission: Submission, begun: Begun | None = None) -> dict[str, Any]:
    """The answers of a report that is opened.

    Args:
        session: the transaction.
        submission: the report, on which nobody has typed anything yet.
        begun: what it is begun from, whose facts go before all other answers.
    """
    form = form_of(submission.form)
    if submission.follows_id:
        first = forms.begin(form, {})  # it is no report of its period, so no other one goes before it
    else:
        first = rounds.rejected_answers(session, submission) or forms.begin(form, _last(session, submission))
    if begun is None:
        return first
    return {**first, **begun.answers, **forms.given_answers(form, begun.facts, patterns.matches)}


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
