"""Which files lie in a submission, which ever lay there, who may open one, and what is seen of it beforehand."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from sqlalchemy import select

from portal import previews
from portal.files import StoredFile
from portal.previews import FilePreview, PreviewPage
from portal.submissions import sight
from portal.submissions.models import Submission, SubmissionFile, SubmissionVersion
from workflows.errors import Refusal

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from portal.security import Actor
    from workflows.forms import Form


def attached(session: Session, submission: Submission) -> list[SubmissionFile]:
    """The files of a submission, in the order they came."""
    lying = (SubmissionFile.submission_id == submission.id, SubmissionFile.removed_at.is_(None))
    return list(session.scalars(select(SubmissionFile).where(*lying).order_by(SubmissionFile.id)))


def ever_attached(session: Session, submission: Submission) -> dict[str, SubmissionFile]:
    """Every file a submission ever had, by the key that its values name it by."""
    ever = select(SubmissionFile).where(SubmissionFile.submission_id == submission.id)
    return {str(each.id): each for each in session.scalars(ever)}


def find(session: Session, actor: Actor, submission: Submission, link_id: int) -> SubmissionFile:
    """A file to open: its unit and those above see every one, others only what was handed in, in parts they read.

    Args:
        session: any transaction.
        actor: who sees the submission.
        submission: to which the file must belong.
        link_id: the key that its values name it by.

    Raises:
        Refusal: `not_found`, also for a file of another submission.
    """
    link = session.get(SubmissionFile, link_id)
    if link is None or link.submission_id != submission.id:
        raise Refusal("not_found")
    is_own = actor.sees_everything or submission.unit_id in actor.reach
    if not is_own and str(link.id) not in _handed_in(session, submission):
        raise Refusal("not_found")
    if link.field not in sight.fields_read(session, actor, submission):
        raise Refusal("not_found")
    return link


def page_of(link: SubmissionFile, number: int) -> PreviewPage:
    """A page of a file's preview.

    Raises:
        Refusal: `not_found`, there is no such page, or none yet.
    """
    pages = link.preview.pages if link.preview else []
    for page in pages:
        if page.number == number:
            return page
    raise Refusal("not_found")


def owe_previews(session: Session) -> None:
    """Owe the previews of files that were attached before there were previews."""
    seen = select(FilePreview.id).where(FilePreview.sha256 == StoredFile.sha256)
    unseen = select(StoredFile).join(SubmissionFile).where(~seen.exists()).distinct()
    for file in session.scalars(unseen):
        previews.owe(session, file)


def _handed_in(session: Session, submission: Submission) -> frozenset[str]:
    """The keys of all files that a frozen round names."""
    rounds = select(SubmissionVersion.content).where(SubmissionVersion.submission_id == submission.id)
    return frozenset(each["id"] for content in session.scalars(rounds) for each in json.loads(content)["files"])


def answers(session: Session, submission: Submission, form: Form) -> dict[str, list[str]]:
    """The answers of attachment fields: which files lie there, whatever the inputs said."""
    lying = attached(session, submission)
    fields = [field.name for field in form.fields.values() if field.type == "attachment"]
    values = {name: [str(each.id) for each in lying if each.field == name] for name in fields}
    return {name: ids for name, ids in values.items() if ids}
