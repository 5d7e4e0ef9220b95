"""What a form comes to as it is filled in on a page: which of its questions are asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal.definitions.service import form_of
from workflows.forms import Settled, read, settle

if TYPE_CHECKING:
    from collections.abc import Mapping

    from portal.submissions.models import Submission
    from workflows.forms import Form


def settled(submission: Submission) -> Settled:
    """What the draft comes to.

    Args:
        submission: the report.
    """
    return settle(form_of(submission.form), submission.values)


def settled_on(submission: Submission, form: Form, shown: Mapping[str, str]) -> Settled:
    """What it comes to with what stands on a page.

    Args:
        submission: the report.
        form: its form, or the part of it that the page shows.
        shown: text by input name.
    """
    typed = {name for name, field in form.fields.items() if field.type != "attachment"}
    beside = {name: value for name, value in submission.values.items() if name not in typed}
    return settle(form_of(submission.form), {**beside, **read(form, shown, submission.period.window).values})
