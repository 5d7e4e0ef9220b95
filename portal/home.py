"""The first page: what waits for me, what I have begun, what my unit owes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import current_app
from flask_appbuilder import expose, has_access
from sqlalchemy import or_, select

from portal.approvals import service as approvals
from portal.approvals.models import ApprovalCase
from portal.approvals.wiring import subject_page
from portal.data import current_actor
from portal.definitions.service import chain_of
from portal.security import today
from portal.submissions.models import OPEN_STATUSES, Submission
from portal.tasks.service import open_tasks
from portal.views import PortalView
from portal.words import label

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from portal.approvals.models import WorkItem
    from portal.security import Actor

MOST_LISTED = 20


def drafts_of(session: Session, actor: Actor) -> list[Submission]:
    """Reports that the actor's units are writing, the last changed first."""
    is_open = or_(Submission.case_id.is_(None), ApprovalCase.status.in_(OPEN_STATUSES))
    statement = (
        select(Submission)
        .outerjoin(ApprovalCase, ApprovalCase.id == Submission.case_id)
        .where(Submission.unit_id.in_(actor.own_units), is_open)
        .order_by(Submission.changed_at.desc())
        .limit(MOST_LISTED)
    )
    return list(session.scalars(statement))


def under_way(session: Session, actor: Actor) -> list[Submission]:
    """Reports of the actor's units that others have in hand, the last moved first."""
    statement = (
        select(Submission)
        .join(ApprovalCase, ApprovalCase.id == Submission.case_id)
        .where(Submission.unit_id.in_(actor.own_units), ApprovalCase.status == "in_review")
        .order_by(ApprovalCase.changed_at.desc())
        .limit(MOST_LISTED)
    )
    return list(session.scalars(statement))


def _waiting(item: WorkItem) -> dict[str, Any]:
    stage = chain_of(item.case.definition).stage(item.stage)
    return {
        "url": subject_page(item.case),
        "case": item.case,
        "stage": label(stage.name),
        "since": item.opened_at,
    }


class HomeView(PortalView):
    """Home. Its second right, to read everything, is what makes an auditor."""

    route_base = ""
    default_view = "index"
    base_permissions = ["can_index", "can_read_everything"]

    @expose("/")
    @has_access
    def index(self) -> str:
        """My work."""
        session, actor = current_app.extensions["appbuilder"].session(), current_actor()
        return self.page(
            "home.html",
            waiting=[_waiting(item) for item in approvals.worklist(session, actor)],
            drafts=drafts_of(session, actor) if actor.may("can_save", "SubmissionView") else [],
            under_way=under_way(session, actor),
            tasks=open_tasks(session, actor, MOST_LISTED),
            today=today(),
        )
