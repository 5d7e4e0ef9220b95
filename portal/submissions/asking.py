"""What a form comes to as it is filled in: which of its questions are asked, and what is computed from the answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy.orm import object_session

from portal.definitions.service import form_of
from portal.submissions import rounds
from workflows.forms import Settled, read, settle

if TYPE_CHECKING:
    from collections.abc import Mapping

    from portal.submissions.models import Submission
    from workflows.forms import Form


def settled(submission: Submission) -> Settled:
    """What the draft comes to.

    Args:
        submission: the report, within a session.
    """
    return settled_as(submission, submission.values)


def settled_as(submission: Submission, values: Mapping[str, Any]) -> Settled:
    """What it would come to with other answers.

    Args:
        submission: the report, within a session.
        values: the answers.
    """
    form, session = form_of(submission.form), object_session(submission)
    before = rounds.approved_before(session, submission) if form.compares and session else {}
    return settle(form, values, before)


def settled_on(submission: Submission, form: Form, shown: Mapping[str, str]) -> Settled:
    """What it comes to with what stands on a page.

    Args:
        submission: the report.
        form: its form, or the part of it that the page shows.
        shown: text by input name.
    """
    typed = {name for name, field in form.fields.items() if field.type != "attachment"}
    beside = {name: value for name, value in submission.values.items() if name not in typed}
    return settled_as(submission, {**beside, **read(form, shown, submission.period.window).values})
