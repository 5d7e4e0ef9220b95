"""What a case about a submission needs of it: the facts its guards see, and the document that is due."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal.approvals.directory import UnitDirectory
from portal.definitions import service as definitions
from portal.documents import service as documents
from portal.security import today
from portal.submissions.models import Submission
from portal.submissions.rounds import frozen_values, newest
from portal.submissions.service import form_of
from portal.submissions.wording import wording_of
from workflows.definition import Place
from workflows.errors import Refusal
from workflows.forms import facts

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy.orm import Session

    from portal.approvals.models import ApprovalCase
    from portal.security import Actor
    from workflows.events import DocumentDue
    from workflows.forms import Scalar


class SubmissionSubject:
    """Fills the port `approvals.recording.SUBJECTS` for submissions."""

    def facts(self, session: Session, subject_id: int) -> Mapping[str, Scalar]:
        """The figures of the round under review, and the kind of unit that submits."""
        submission = session.get_one(Submission, subject_id)
        version = newest(session, submission)
        values = frozen_values(version) if version else submission.values
        return {**facts(form_of(submission), values), "unit_kind": submission.unit.kind}

    def document_due(self, session: Session, actor: Actor, row: ApprovalCase, due: DocumentDue) -> None:
        """Issue the document of the approved round, signed by whoever decided last."""
        submission = session.get_one(Submission, row.subject_id)
        place = UnitDirectory(session, submission.unit_id, today()).place(Place(due.place, due.unit))
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
        )
        documents.issue(session, actor, order)
