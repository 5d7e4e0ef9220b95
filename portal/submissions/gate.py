"""The gate in front of reviewers: what stands in the way of handing a report in, and what they should look at."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy.orm import object_session

from portal import patterns
from portal.definitions.service import form_of
from portal.documents.letters import missing_letters
from portal.security import today
from portal.submissions import asking, offers, rounds
from workflows.errors import Finding
from workflows.forms import Context, canonical_json, check

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from portal.submissions.models import Submission, SubmissionVersion

UNPRINTABLE = "letter_missing"
"""The finding that the portal itself adds to those of the form kernel."""

MOST_LETTERS = 10
"""How many unprintable letters a remark shows."""


class NotReadyError(Exception):
    """A submission does not pass the gate.

    Attributes:
        findings: everything found, errors and warnings, each at the name of its input.
    """

    def __init__(self, findings: tuple[Finding, ...]) -> None:
        super().__init__(f"{sum(finding.severity == 'error' for finding in findings)} errors")
        self.findings = findings


def findings(submission: Submission, deny_list: tuple[str, ...]) -> tuple[Finding, ...]:
    """What the submit gate says of the draft as it is now."""
    return findings_of(submission, submission.values, submission.unread, deny_list)


def findings_of(
    submission: Submission, values: Mapping[str, Any], unread: Mapping[str, str], deny_list: tuple[str, ...]
) -> tuple[Finding, ...]:
    """What it says of other answers to the same form.

    Args:
        submission: the report.
        values: the answers.
        unread: what could not be read, by the name of its input.
        deny_list: phrases that no submission may contain.
    """
    form, session = form_of(submission.form), object_session(submission)
    offered = offers.offers(session, form, submission.unit_id, today()) if session else None
    context = Context(today(), submission.period.window, deny_list, patterns.matches, offered)
    handed = asking.settled_as(submission, values).values
    return (*check(form, handed, unread, context), *_unprintable(handed))


def doubts(submission: Submission, version: SubmissionVersion) -> tuple[Finding, ...]:
    """The warnings that a round was handed in with, for those who decide on it."""
    context = Context(today(), submission.period.window, ())
    found = check(form_of(submission.form), rounds.frozen_values(version), {}, context)
    return tuple(finding for finding in found if finding.severity == "warning")


def _unprintable(values: Mapping[str, Any]) -> Iterator[Finding]:
    """Letters that the official document could not show; found here, no number is spent on them."""
    for name, value in values.items():
        if letters := missing_letters(canonical_json(value)):
            yield Finding(name, UNPRINTABLE, {"letters": " ".join(letters[:MOST_LETTERS])})
