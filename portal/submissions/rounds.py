"""The frozen rounds of a submission, and what the same unit reported one period earlier."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from portal.approvals.models import ApprovalCase
from portal.definitions.service import form_of
from portal.submissions.models import GIVEN_UP, Submission, SubmissionVersion

if TYPE_CHECKING:
    from collections.abc import Sequence
    from collections.abc import Set as AbstractSet
    from datetime import datetime

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session


IN_ORDER = (SubmissionVersion.round, SubmissionVersion.correction)


def versions(session: Session, submission: Submission) -> list[SubmissionVersion]:
    """The frozen contents of all rounds, the first one first; those of a round in the order of its corrections."""
    mine = select(SubmissionVersion).where(SubmissionVersion.submission_id == submission.id)
    return list(session.scalars(mine.order_by(*IN_ORDER)))


def newest(session: Session, submission: Submission) -> SubmissionVersion | None:
    """The last frozen content; None before the first round."""
    mine = select(SubmissionVersion).where(SubmissionVersion.submission_id == submission.id)
    return session.scalar(mine.order_by(*(column.desc() for column in IN_ORDER)).limit(1))


def count_of(session: Session, submission: Submission, number: int) -> int:
    """How many frozen contents a round has."""
    mine = (SubmissionVersion.submission_id == submission.id, SubmissionVersion.round == number)
    return session.scalar(select(func.count()).select_from(SubmissionVersion).where(*mine)) or 0


def to_compare_with(
    frozen: Sequence[SubmissionVersion], shown: SubmissionVersion | None, decided: AbstractSet[str]
) -> SubmissionVersion | None:
    """What a reader knows: the last of the contents before the one shown that he decided on, or the one before it.

    Args:
        frozen: all contents, in order.
        shown: the one he reads.
        decided: SHA-256 of what he gave a verdict or an opinion on.
    """
    earlier = frozen[: frozen.index(shown)] if shown else ()
    known = [each for each in earlier if each.sha256 in decided] or earlier
    return known[-1] if known else None


def frozen_values(version: SubmissionVersion) -> dict[str, Any]:
    """The answers of a frozen round."""
    values: dict[str, Any] = json.loads(version.content)["values"]
    return values


def same_period(submission: Submission) -> tuple[ColumnElement[bool], ...]:
    """Reports of the same unit on the same form for the same period, without those that follow an issued document."""
    return (
        Submission.unit_id == submission.unit_id,
        Submission.form_key == submission.form_key,
        Submission.period_kind == submission.period_kind,
        Submission.period_year == submission.period_year,
        Submission.period_number == submission.period_number,
        Submission.follows_id.is_(None),
    )


def is_only_one(submission: Submission) -> bool:
    """Whether its unit has one for a period: reports are compared with each other, letters and minutes are not."""
    return form_of(submission.form).per_period == "one"


def rejected_answers(session: Session, submission: Submission) -> dict[str, Any]:
    """What the same unit handed in last for the same period, where that came to nothing; only what was typed of it.

    Of what is written as often as it has to, nothing: a new letter does not take the place of one that was rejected.

    Args:
        session: any transaction.
        submission: the one that takes its place.
    """
    if not is_only_one(submission):
        return {}
    given_up = Submission.case.has(ApprovalCase.status.in_(GIVEN_UP))
    same = select(Submission).where(*same_period(submission), Submission.form_id == submission.form_id, given_up)
    kept = answers_of(session, session.scalar(same.order_by(Submission.id.desc()).limit(1)))
    untyped = {
        name for name, field in form_of(submission.form).fields.items() if field.type in ("attachment", "computed")
    }
    return {name: value for name, value in kept.items() if name not in untyped}


def last_handed_in(session: Session, submission: Submission) -> dict[str, Any]:
    """What the same unit handed in last on the same form, for a period before this one; often nothing.

    Where it hands in several for a period, the one before may be of the same.

    Args:
        session: any transaction.
        submission: the report that follows.
    """
    ends = Submission.window_to
    earlier = select(Submission).where(
        Submission.unit_id == submission.unit_id,
        Submission.form_key == submission.form_key,
        Submission.period_kind == submission.period_kind,
        Submission.id != submission.id,
        ends < submission.window_to if is_only_one(submission) else ends <= submission.window_to,
        Submission.case.has(ApprovalCase.status.not_in(GIVEN_UP)),
    )
    return answers_of(
        session, session.scalar(earlier.order_by(Submission.window_to.desc(), Submission.id.desc()).limit(1))
    )


def sha256_of(content: str) -> str:
    """SHA-256 of the frozen content of a round, as decisions name it."""
    return hashlib.sha256(content.encode()).hexdigest()


def file_hashes(version: SubmissionVersion) -> dict[str, str]:
    """The files of a frozen round: SHA-256 by the key that its answers name them by."""
    return {each["id"]: each["sha256"] for each in json.loads(version.content)["files"]}


def approved_before(session: Session, submission: Submission) -> dict[str, Any]:
    """The approved answers of the same unit, form and kind of period, one period earlier; often none."""
    return answers_of(session, report_before(session, submission))


def report_before(session: Session, submission: Submission, until: datetime | None = None) -> Submission | None:
    """The approved report of the same unit, form and kind of period, one period earlier; often none.

    Args:
        session: any transaction.
        submission: the report that follows.
        until: as it was at that moment; None for now.
    """
    if not is_only_one(submission):
        return None
    earlier = submission.period.previous
    statement = select(Submission).where(
        Submission.unit_id == submission.unit_id,
        Submission.form_key == submission.form_key,
        Submission.period_kind == str(earlier.kind),
        Submission.period_year == earlier.year,
        Submission.period_number == earlier.number,
        Submission.case.has(ApprovalCase.status == "approved"),
    )
    if until is not None:
        statement = statement.where(Submission.case.has(ApprovalCase.changed_at <= until))
    return session.scalar(statement.order_by(Submission.id.desc()).limit(1))  # what replaced a report comes after it


def answers_of(session: Session, submission: Submission | None) -> dict[str, Any]:
    """What a report said when it was frozen last; nothing of none."""
    version = newest(session, submission) if submission else None
    return frozen_values(version) if version else {}
