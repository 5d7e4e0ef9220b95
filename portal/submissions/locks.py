"""What the drafter may change in a report that came back: all of it, or only what was commented on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from portal.approvals import recording
from portal.definitions.service import form_of
from portal.submissions import gate
from portal.submissions.places import field_of
from workflows.errors import Refusal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy.orm import Session

    from portal.submissions.models import Submission


def locked_fields(session: Session, submission: Submission, deny_list: tuple[str, ...] = ()) -> frozenset[str]:
    """The fields that stay as they are. What stands in the way of submitting is never locked.

    Args:
        session: any transaction.
        submission: with its unit, or with reviewers, where nothing is written anyway.
        deny_list: phrases that its texts may not contain; files contain none.
    """
    if submission.case is None or submission.case_status != "returned":
        return frozenset()
    unlocked = recording.read(session, submission.case).case.unlocked
    if unlocked is None:
        return frozenset()
    wrong = {each.path.partition(".")[0] for each in gate.findings(submission, deny_list) if each.severity == "error"}
    return frozenset(form_of(submission.form).fields) - wrong - {field_of(anchor) for anchor in unlocked}


def refuse_locked(session: Session, submission: Submission, field: str) -> None:
    """Refuse a change of a field that stays as it is.

    Raises:
        Refusal: `field_locked`.
    """
    if field in locked_fields(session, submission):
        raise Refusal("field_locked")


def keep_locked(
    session: Session,
    submission: Submission,
    values: Mapping[str, Any],
    unread: Mapping[str, str],
    deny_list: tuple[str, ...],
) -> tuple[dict[str, Any], dict[str, str]]:
    """What was read from a form, with everything that is locked as it was.

    Args:
        session: any transaction.
        submission: as it is stored.
        values: what could be read.
        unread: what could not, by the name of its input.
        deny_list: as in `locked_fields`.
    """
    locked = locked_fields(session, submission, deny_list)
    read = {name: value for name, value in values.items() if name not in locked}
    kept = {name: value for name, value in submission.values.items() if name in locked}
    typed = {name: text for name, text in unread.items() if field_of(name) not in locked}
    was = {name: text for name, text in submission.unread.items() if field_of(name) in locked}
    return {**read, **kept}, {**typed, **was}
