"""Looks for cases that nobody can move, and for people who are asked and cannot answer, with a remedy for each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from itertools import groupby
from typing import TYPE_CHECKING

from flask_appbuilder.security.sqla.models import User
from sqlalchemy import Date, and_, bindparam, exists, or_, select
from sqlalchemy.orm import lazyload

from portal.approvals.directory import DECIDE, in_force
from portal.approvals.models import ApprovalCase, StandingDelegation, WorkItem
from portal.approvals.recording import SUBJECTS, read
from portal.db import utc_now
from portal.grants import ROLES_ALLOWING, given_to
from portal.units.models import Holding, Post, Unit
from portal.units.seating import sitting

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from sqlalchemy.orm import Session

GONE, UNSEATED, POWERLESS = "his account is closed", "he lost the post", "his role does not decide"
OVER = "the delegation by which he stands in is over"
REMEDIES = {
    OVER: "let the jobs be worked off, or reassign his work on the page of the case",
    GONE: "reassign his work on the page of the case",
    UNSEATED: "reassign his work on the page of the case",
    POWERLESS: "give his post a role that decides, or reassign his work",
}
"""Why somebody who is asked cannot answer → what to do."""

FIRST = {"suspended": "resume it, then "}
"""State of a case → what comes before the remedy."""

PATIENCE = timedelta(minutes=10)
"""How long after its time a reminder is missing."""

WITH_DRAFTER = ("returned", "recalled")


@dataclass(frozen=True)
class Ailment:
    """What is wrong with one case.

    Attributes:
        case_id: its key.
        title: what it is about.
        is_stuck: whether nobody can move it.
        what: what is wrong.
        remedy: what to do.
    """

    case_id: int
    title: str
    is_stuck: bool
    what: str
    remedy: str


_SEATED = exists().where(
    Holding.user_id == WorkItem.user_id,
    Holding.post_id == WorkItem.post_id,
    Post.id == Holding.post_id,
    Unit.id == Post.unit_id,
    sitting(bindparam("on", type_=Date())),
)
_BY_POST = exists().where(
    Holding.user_id == WorkItem.user_id,
    Post.id == Holding.post_id,
    Unit.id == Post.unit_id,
    sitting(bindparam("on", type_=Date())),
    Post.role_id.in_(ROLES_ALLOWING),
)
_CASE = (ApprovalCase.id, ApprovalCase.title, ApprovalCase.status)
_OVER = and_(
    WorkItem.mandate_id.is_not(None),
    ~exists().where(StandingDelegation.id == WorkItem.mandate_id, in_force(bindparam("on", type_=Date()))),
)
_PENDING = (
    select(*_CASE, WorkItem, User, _SEATED, or_(_BY_POST, given_to(WorkItem.user_id)), _OVER)
    .join(WorkItem, WorkItem.case_id == ApprovalCase.id)
    .join(User, User.id == WorkItem.user_id)
    .where(WorkItem.closed_at.is_(None))
    .options(lazyload("*"))
    .order_by(ApprovalCase.id, WorkItem.number)
)
_HELD_BY_NOBODY = and_(
    ApprovalCase.status.in_(("in_review", "suspended")),
    ~exists().where(WorkItem.case_id == ApprovalCase.id, WorkItem.closed_at.is_(None)),
)
_OF_FORMER_DRAFTERS = and_(
    ApprovalCase.status.in_(WITH_DRAFTER),
    ~exists().where(
        User.id == ApprovalCase.initiator_id,
        User.active.is_(True),
        Holding.user_id == User.id,
        Post.id == Holding.post_id,
        Post.unit_id == ApprovalCase.unit_id,
        Unit.id == Post.unit_id,
        sitting(bindparam("on", type_=Date())),
    ),
)


def examine(session: Session, on: date) -> list[Ailment]:
    """Every case with something wrong, in the order of their keys; as many queries whatever their number.

    Args:
        session: any transaction.
        on: the day by which posts are held.
    """
    found = [*_of_holders(session, on), *_of_absent(session, on), *_of_nobody(session), *_of_drafters(session, on)]
    found += _of_the_clock(session)
    return sorted(found, key=lambda each: (each.case_id, not each.is_stuck))


def _of_holders(session: Session, on: date) -> Iterator[Ailment]:
    """People who are asked and cannot answer; the case is stuck when that is so for all of one slot."""
    asked = {"on": on, "permission": DECIDE[0], "view": DECIDE[1]}
    found = session.execute(_PENDING, asked)
    rows = [
        ((case_id, title, status), item, user, OVER if is_over else _why(user, is_seated, may_decide))
        for case_id, title, status, item, user, is_seated, may_decide, is_over in found
    ]
    for (case_id, title, status), items in groupby(rows, key=lambda row: row[0]):
        several = list(items)
        answering = {item.slot for _, item, _, why in several if not why}
        for _, item, user, why in several:
            if why:
                what = f"{user.get_full_name()} ({user.username}) has step {item.stage}.{item.step}, but {why}"
                is_stuck = item.role == "decide" and item.slot not in answering
                yield Ailment(case_id, title, is_stuck, what, FIRST.get(status, "") + REMEDIES[why])


def _why(user: User, is_seated: bool, may_decide: bool) -> str:  # noqa: FBT001 - columns of a row
    """Why somebody cannot answer; nothing when he can."""
    if not user.active:
        return GONE
    if not is_seated:
        return UNSEATED
    return "" if may_decide else POWERLESS


def _of_absent(session: Session, on: date) -> Iterator[Ailment]:
    """Work that waits for people who are all away today: whoever was to stand in for them may not decide on it."""
    away = exists().where(
        StandingDelegation.kind == "absence",
        StandingDelegation.principal_id == WorkItem.user_id,
        StandingDelegation.post_id == WorkItem.post_id,
        in_force(on),
    )
    asked = (
        select(*_CASE, WorkItem, User, away)
        .select_from(ApprovalCase)
        .join(WorkItem, WorkItem.case_id == ApprovalCase.id)
        .join(User, User.id == WorkItem.user_id)
        .where(WorkItem.status == "open")
        .options(lazyload("*"))
        .order_by(ApprovalCase.id, WorkItem.slot)
    )
    for _, found in groupby(session.execute(asked), key=lambda row: (row[0], row[3].slot)):
        rows = list(found)
        if all(is_away for *_, is_away in rows):
            case_id, title, _, item, user, _ = rows[0]
            what = f"waits in step {item.stage}.{item.step} for {user.get_full_name()} ({user.username}), who is away"
            remedy = "reassign his work on the page of the case, or wait until he is back"
            yield Ailment(case_id, title, is_stuck=False, what=what, remedy=remedy)


def _of_the_clock(session: Session) -> Iterator[Ailment]:
    """Cases of which somebody should have been told by now: no worker looks at the clock."""
    unseen = (ApprovalCase.status == "in_review", ApprovalCase.next_rung_at < utc_now() - PATIENCE)
    for row in session.scalars(select(ApprovalCase).where(*unseen).options(lazyload("*")).order_by(ApprovalCase.id)):
        remedy = "see that `flask jobs work` runs; it makes up for what was missed"
        yield Ailment(row.id, row.title, is_stuck=False, what="its time is up, and nobody was told", remedy=remedy)


def _of_nobody(session: Session) -> Iterator[Ailment]:
    remedy = "restore the database from a backup, or cancel the case; its rows contradict its events"
    for row in session.scalars(select(ApprovalCase).where(_HELD_BY_NOBODY)):
        yield Ailment(row.id, row.title, is_stuck=True, what="under review, and nobody is asked", remedy=remedy)


def _of_drafters(session: Session, on: date) -> Iterator[Ailment]:
    for row in session.scalars(select(ApprovalCase).where(_OF_FORMER_DRAFTERS), {"on": on}):
        what = f"lies with {row.initiator.get_full_name()} ({row.initiator.username}), who has left the unit"
        remedy = "cancel the case, so that the unit can begin anew"
        yield Ailment(row.id, row.title, is_stuck=True, what=what, remedy=remedy)


def contradictions(session: Session) -> Iterator[Ailment]:
    """Submitted cases whose row, or whose content, is something else than their events say; reads all of each.

    Args:
        session: any transaction.
    """
    remedy = "restore the database from a backup; somebody changed it past the portal"
    for row in session.scalars(select(ApprovalCase).where(ApprovalCase.round > 0)):
        case = read(session, row).case
        if SUBJECTS[row.subject_kind].content_hash(session, row.subject_id) != case.content_hash:
            what = f"its content is not what was submitted in round {case.round} and decided on"
            yield Ailment(row.id, row.title, is_stuck=False, what=what, remedy=remedy)
        told = (str(case.status), case.stage, case.round, case.version)
        if told != (row.status, row.stage, row.round, row.version):
            what = f"its row says {row.status}, its events say {case.status}"
            yield Ailment(row.id, row.title, is_stuck=False, what=what, remedy=remedy)
