"""What a case about a submission needs of it: the facts its guards see, and the document that is due."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal.approvals.directory import place_of
from portal.definitions import service as definitions
from portal.documents import service as documents
from portal.submissions import asking, place_names
from portal.submissions.handing import facts_of
from portal.submissions.models import Submission
from portal.submissions.places import field_of
from portal.submissions.rounds import frozen_values, newest, sha256_of
from portal.submissions.service import form_of, refuse_second
from portal.submissions.sight import fields_read
from portal.submissions.wording import wording_of
from portal.words import label
from workflows.definition import Place
from workflows.errors import Refusal

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from sqlalchemy.orm import Session

    from portal.approvals.models import ApprovalCase
    from portal.security import Actor
    from workflows.events import DocumentDue
    from workflows.turn import Facts


class SubmissionSubject:
    """Fills the port `approvals.recording.SUBJECTS` for submissions."""

    def facts(self, session: Session, subject_id: int) -> Facts:
        """The figures of the round under review, and what is known of the unit and the task."""
        submission = session.get_one(Submission, subject_id)
        version = newest(session, submission)
        return facts_of(submission, frozen_values(version) if version else asking.settled(submission).values)

    def form_key(self, session: Session, subject_id: int) -> str:
        """The form it was written in."""
        return session.get_one(Submission, subject_id).form_key

    def fact_names(self, session: Session, subject_id: int) -> Mapping[str, str]:
        """Facts by the labels of the fields they come from."""
        form = form_of(session.get_one(Submission, subject_id))
        return {name: label(field.label) for name, field in form.fields.items()}

    def section_names(self, session: Session, subject_id: int) -> Mapping[str, str]:
        """Sections by their headings."""
        form = form_of(session.get_one(Submission, subject_id))
        return {section.key: label(section.name) for section in form.sections}

    def place_names(self, session: Session, subject_id: int, anchors: Collection[str]) -> Mapping[str, str]:
        """Fields, cells and files by what they are called in the form."""
        submission = session.get_one(Submission, subject_id)
        return place_names.names_of(session, submission, form_of(submission), anchors)

    def may_read(self, session: Session, actor: Actor, subject_id: int, anchor: str) -> bool:
        """By the field that the place belongs to."""
        return field_of(anchor) in fields_read(session, actor, session.get_one(Submission, subject_id))

    def content_hash(self, session: Session, subject_id: int) -> str:
        """Of the newest frozen round; nothing while there is none."""
        version = newest(session, session.get_one(Submission, subject_id))
        return sha256_of(version.content) if version else ""

    def reopen(self, session: Session, actor: Actor, subject_id: int) -> None:
        """Only one report of a unit is under way for a period; one that took this one's place stands."""
        del actor
        refuse_second(session, session.get_one(Submission, subject_id))

    def document_due(self, session: Session, actor: Actor, row: ApprovalCase, due: DocumentDue) -> None:
        """Issue the document of the approved round, signed by whoever decided last."""
        submission = session.get_one(Submission, row.subject_id)
        place = place_of(session, submission.unit_id, Place(due.place, due.unit))
        if place is None:
            raise Refusal("no_issuer", {"unit": due.unit})
        template = definitions.current(session, "document", due.document)
        order = documents.Order(
            issuer_id=place,
            subject_kind=row.subject_kind,
            subject_id=submission.id,
            template=template,
            signer_id=int(due.signer),
            post_id=int(due.signer_post),
            wording=wording_of(session, submission, template),
            of_head=due.of_head,
            cosigner=documents.Cosigner(int(due.cosigner), int(due.cosigner_post)) if due.cosigner else None,
        )
        documents.issue(session, actor, order)
