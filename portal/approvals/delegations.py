"""Standing delegations: who stands in for the holder of a post, from when to when, and for what."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, false, or_, select, true, update

from portal import audit, jobs
from portal.approvals.directory import DECIDE, in_force
from portal.approvals.models import StandingDelegation
from portal.approvals.service import ADMINISTER
from portal.db import lock_for, utc_now
from portal.security import today
from portal.texts import kept
from portal.units import seating
from portal.units.models import Holding, Post
from portal.units.service import SEATS_CHANGED, SEATS_LOCK
from workflows.errors import Refusal

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from sqlalchemy.orm import Session

    from portal.security import Actor

KIND = "standing_delegation"
KINDS = ("absence", "delegation")
LONGEST = timedelta(days=366)
"""Whoever is away for longer has a successor, not a stand-in."""

LONGEST_REASON = 500


@dataclass(frozen=True)
class Grant:
    """What somebody asks for.

    Attributes:
        kind: `absence`, somebody stands in while the holder is away; or `delegation`, beside him.
        post_id: the post that is stood in for.
        principal_id: its holder.
        delegate_id: who stands in.
        valid_from: the first day.
        valid_to: the last day.
        reason: the decision that says so, or where the holder is.
        form_key: only for this kind of report; None for all.
        unit_id: only for what this unit and those below it submit; None for all.
        step: only for this step, `chain.stage.step`; None for all.
    """

    kind: str
    post_id: int
    principal_id: int
    delegate_id: int
    valid_from: date
    valid_to: date
    reason: str
    form_key: str | None = None
    unit_id: int | None = None
    step: str | None = None


def scope(actor: Actor) -> ColumnElement[bool]:
    """The delegations of an actor, for him, and of posts in his units; all for who administers or reads everything."""
    if actor.sees_everything or actor.may(*ADMINISTER):
        return true()
    if not actor.user_id:
        return false()
    mine = (StandingDelegation.principal_id == actor.user_id, StandingDelegation.delegate_id == actor.user_id)
    return or_(*mine, StandingDelegation.post_id.in_(select(Post.id).where(Post.unit_id.in_(actor.own_units))))


def seen(session: Session, actor: Actor) -> Sequence[StandingDelegation]:
    """The delegations that an actor may see, the newest first."""
    return session.scalars(select(StandingDelegation).where(scope(actor)).order_by(StandingDelegation.id.desc())).all()


def standing_in(session: Session, actor: Actor) -> Sequence[StandingDelegation]:
    """For whom an actor stands in today."""
    mine = select(StandingDelegation).where(StandingDelegation.delegate_id == actor.user_id, in_force(today()))
    return session.scalars(mine.order_by(StandingDelegation.valid_to, StandingDelegation.id)).all()


def may_grant_for(actor: Actor, principal_id: int) -> bool:
    """Whether somebody may let others stand in for a person: for himself, or as an administrator of cases."""
    return principal_id == actor.user_id or actor.may(*ADMINISTER)


def those_who_may(session: Session, unit_ids: Iterable[int]) -> list[tuple[int, int]]:
    """Who of some units may stand in for their people: keys of account and post of who may decide, today."""
    found = seating.holders_who_may(session, DECIDE, unit_ids=unit_ids, codes=(), on=today())
    return [(user, post) for user, post, _ in found]


def grant(session: Session, actor: Actor, asked: Grant) -> StandingDelegation:
    """Let somebody stand in for the holder of a post.

    Args:
        session: the transaction; the caller commits.
        actor: the holder, or an administrator of cases.
        asked: what he asks for.

    Raises:
        Refusal: `not_permitted`; `not_the_holder`, the principal does not hold the post on the first day;
            `to_oneself`, `outsider`; `life_backwards`, `begins_in_past`, `stands_too_long`, `text_missing`,
            `text_too_long`, `stands_in_already`.
    """
    if asked.kind not in KINDS or not may_grant_for(actor, asked.principal_id):
        raise Refusal("not_permitted")
    lock_for(session, SEATS_LOCK)
    _check_days(asked)
    post = session.get(Post, asked.post_id)
    if post is None or not _holds(session, asked):
        raise Refusal("not_the_holder")
    if asked.delegate_id == asked.principal_id:
        raise Refusal("to_oneself")
    if asked.delegate_id not in {user for user, _ in those_who_may(session, [post.unit_id])}:
        raise Refusal("outsider")
    _refuse_again(session, asked)
    reason = kept(asked.reason, LONGEST_REASON)
    if not reason:
        raise Refusal("text_missing")
    made = StandingDelegation(**{**vars(asked), "reason": reason}, granted_by=actor.user_id)
    session.add(made)
    session.flush()
    _tell(session, actor, made, "standing_delegation_granted")
    return made


def _check_days(asked: Grant) -> None:
    if asked.valid_to < asked.valid_from:
        raise Refusal("life_backwards", {"from": asked.valid_from, "to": asked.valid_to})
    if asked.valid_from < today():
        raise Refusal("begins_in_past")
    if asked.valid_to - asked.valid_from > LONGEST or asked.valid_from - today() > LONGEST:
        raise Refusal("stands_too_long", {"days": LONGEST.days})


def _holds(session: Session, asked: Grant) -> bool:
    """Whether the principal sits in the post when the delegation begins."""
    seat = (Holding.post_id == asked.post_id, Holding.user_id == asked.principal_id)
    return session.scalar(select(Holding.id).where(*seat, seating.alive(Holding, asked.valid_from))) is not None


def _refuse_again(session: Session, asked: Grant) -> None:
    """The same person for the same post and the same work, on some of the same days."""
    same = {
        name: getattr(asked, name) for name in ("post_id", "principal_id", "delegate_id", "form_key", "unit_id", "step")
    }
    twice = select(StandingDelegation.id).filter_by(**same, revoked_at=None)
    days = (StandingDelegation.valid_from <= asked.valid_to, StandingDelegation.valid_to >= asked.valid_from)
    if session.scalar(twice.where(*days).limit(1)) is not None:
        raise Refusal("stands_in_already")


def revoke(session: Session, actor: Actor, delegation_id: int) -> StandingDelegation:
    """End a delegation now; the one who stands in may give it back, too.

    Args:
        session: the transaction; the caller commits.
        actor: the holder, whoever stands in, or an administrator of cases.
        delegation_id: which.

    Raises:
        Refusal: `not_found`, `not_permitted`, `already_revoked`.
    """
    found = session.scalar(select(StandingDelegation).where(StandingDelegation.id == delegation_id, scope(actor)))
    if found is None:
        raise Refusal("not_found")
    if not (may_grant_for(actor, found.principal_id) or found.delegate_id == actor.user_id):
        raise Refusal("not_permitted")
    alive = (StandingDelegation.revoked_at.is_(None), StandingDelegation.valid_to >= today())
    ours = update(StandingDelegation).where(StandingDelegation.id == found.id, *alive)
    ended = session.execute(
        ours.values(revoked_at=utc_now(), revoked_by=actor.user_id).execution_options(synchronize_session=False)
    )
    if ended.rowcount != 1:  # type: ignore[attr-defined]
        raise Refusal("already_revoked")
    session.refresh(found)
    _tell(session, actor, found, "standing_delegation_revoked")
    return found


def _tell(session: Session, actor: Actor, about: StandingDelegation, action: str) -> None:
    """Write it into the audit log, and owe it to the cases that wait for people of the unit."""
    details = {
        "post": str(about.post),
        "principal": about.principal.username,
        "delegate": about.delegate.username,
        "from": about.valid_from.isoformat(),
        "to": about.valid_to.isoformat(),
    }
    audit.record(session, actor=actor.username, action=action, kind=KIND, key=about.id, details=details)
    jobs.enqueue(session, SEATS_CHANGED, unit_id=about.post.unit_id)
