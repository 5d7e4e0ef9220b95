"""The first page: what waits for me, what I have begun, what my unit owes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask_appbuilder import expose, has_access
from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.orm import aliased

from portal.approvals.delegations import standing_in
from portal.approvals.models import ApprovalCase
from portal.approvals.notices import unread
from portal.approvals.service import UNDER_WAY, in_review_by_unit, taken_by_others, worklist
from portal.approvals.wiring import subject_page
from portal.data import current_actor, current_session
from portal.db import utc_now
from portal.definitions.drafting import proposed_to
from portal.definitions.service import chain_of
from portal.security import today
from portal.signatures.turns import counts as signatures_due
from portal.submissions.models import OPEN_STATUSES, Submission
from portal.tasks.rules import Status
from portal.tasks.service import OVERSEE, late_by_unit, open_tasks
from portal.units.models import Unit
from portal.views import PortalView
from portal.words import label

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from sqlalchemy.orm import Session

    from portal.approvals.models import WorkItem
    from portal.security import Actor

MOST_LISTED = 20


def _written_again() -> ColumnElement[bool]:
    """Whether a later report of the unit took the place of this one."""
    later = aliased(Submission)
    same = ("unit_id", "form_key", "period_kind", "period_year", "period_number")
    return exists().where(
        later.id > Submission.id, *(getattr(later, each) == getattr(Submission, each) for each in same)
    )


def drafts_of(session: Session, actor: Actor) -> list[Submission]:
    """Reports that the actor's units are writing or must write anew, the last changed first."""
    is_rejected = and_(ApprovalCase.status == "rejected", ~_written_again())
    is_open = or_(Submission.case_id.is_(None), ApprovalCase.status.in_(OPEN_STATUSES), is_rejected)
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
        .where(Submission.unit_id.in_(actor.own_units), ApprovalCase.status.in_(UNDER_WAY))
        .order_by(ApprovalCase.changed_at.desc())
        .limit(MOST_LISTED)
    )
    return list(session.scalars(statement))


def _waiting(items: Sequence[WorkItem], taken: dict[int, str]) -> list[dict[str, Any]]:
    """What waits for someone, what others have taken last."""
    return [
        {
            "url": subject_page(item.case),
            "case": item.case,
            "stage": label(chain_of(item.case.definition).stage(item.stage).name),
            "since": item.opened_at,
            "due": item.case.due_at if _has_budget(item) else None,
            "late": _has_budget(item) and item.case.due_at is not None and item.case.due_at < utc_now(),
            "advises": item.role == "advise",
            "taken_by": taken.get(item.id, ""),
            "decidable": item.role == "decide" and item.id not in taken and item.case.status == "in_review",
        }
        for item in sorted(items, key=lambda each: each.id in taken)
    ]


def _has_budget(item: WorkItem) -> bool:
    """Whether the step of a piece of work is to be taken in some time; what somebody else's is, concerns nobody."""
    return chain_of(item.case.definition).stage(item.stage).step(item.step).budget is not None


@dataclass
class Standing:
    """How one unit stands today.

    Attributes:
        unit: the unit.
        overdue: its tasks beyond their last valid day.
        due_soon: its tasks close to it.
        in_review: its reports that others have in hand.
        since: when the one that has lain longest was last moved; None without any.
    """

    unit: Unit
    overdue: int = 0
    due_soon: int = 0
    in_review: int = 0
    since: datetime | None = None


def standings(session: Session, actor: Actor, on: date) -> list[Standing]:
    """What is late or lies with reviewers, by unit, in three queries; the latest unit first.

    Args:
        session: any transaction.
        actor: whose sight it is.
        on: the day by which tasks are late.
    """
    late, lying = late_by_unit(session, actor, on), in_review_by_unit(session, actor)
    units = session.scalars(select(Unit).where(Unit.id.in_({*late, *lying})).order_by(Unit.sort_key))
    found = [
        Standing(
            unit,
            overdue=late.get(unit.id, {}).get(Status.OVERDUE, 0),
            due_soon=late.get(unit.id, {}).get(Status.DUE_SOON, 0),
            in_review=lying[unit.id][0] if unit.id in lying else 0,
            since=lying[unit.id][1] if unit.id in lying else None,
        )
        for unit in units
    ]
    return sorted(found, key=lambda each: (-each.overdue, -each.in_review, -each.due_soon))


def _of_others(actor: Actor, found: list[Standing]) -> list[Standing]:
    """How units stand, for whoever sees more than his own; one's own unit alone is on the page already."""
    return found if any(each.unit.id not in actor.own_units for each in found) else []


class HomeView(PortalView):
    """Home. Its second right, to read everything, is what makes an auditor."""

    route_base = ""
    default_view = "index"
    base_permissions = ["can_index", "can_read_everything"]

    @expose("/")
    @has_access
    def index(self) -> str:
        """My work: what waits for me, what is due, what is late."""
        session, actor, day = current_session(), current_actor(), today()
        items = worklist(session, actor)
        every = standings(session, actor, day)
        own = [each for each in every if each.unit.id in actor.own_units]
        found = _of_others(actor, every)
        oversees = actor.sees_everything or actor.may(*OVERSEE)
        return self.page(
            "home.html",
            unread=unread(session, actor),
            standing_in=standing_in(session, actor),
            waiting=_waiting(items, taken_by_others(session, items)),
            drafts=drafts_of(session, actor) if actor.may("can_save", "SubmissionView") else None,
            under_way=under_way(session, actor),
            tasks=open_tasks(session, actor, MOST_LISTED),
            late=sum(each.overdue for each in own),
            due_soon=sum(each.due_soon for each in own),
            proposed=proposed_to(session, actor),
            signatures_due=signatures_due(session, actor),
            standings=found,
            tasks_seen={each.unit.id for each in found if oversees or each.unit.id in actor.reach},
            today=day,
        )
