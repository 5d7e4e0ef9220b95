"""Sessions: who is signed in where and since when, kept on the server so that each can be ended at any moment."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from flask_appbuilder.security.sqla.models import Group, User
from sqlalchemy import ForeignKey, Index, String, and_, delete, event, inspect, select, update
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.db import Base, utc_now
from portal.securitylog import tell

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session, scoped_session

    from portal.db import Database

PASSWORD, CODE = "password", "code"
"""What a session was opened with: the password alone, or a code of the second factor as well."""

HALF = "half"
"""The password is proved and a code is owed: such a session opens the page that asks for it, and nothing else."""

HALF_LIFE = timedelta(minutes=5)

SEEN_EVERY = timedelta(minutes=1)
"""How old `seen_at` may grow before a request writes it anew."""

KEPT_FOR = timedelta(days=30)
"""How long the row of a session stays after it was opened."""

LONGEST_AGENT = 200
TO_TELL = "to_tell_once_committed"

WATCHED = {
    "password": "password_changed",
    "active": "deactivated",
    "roles": "roles_changed",
    "groups": "groups_changed",
}
"""What of an account ends its sessions when it changes, and how that is called."""


class UserSession(Base):
    """One sign-in on one device, until it ends.

    Attributes:
        digest: SHA-256 of the id that the cookie carries; the id itself is kept nowhere.
        proof: what it was opened with.
        seen_at: the last request, at most a minute behind.
        ended_why: `signed_out`, `ended_by_owner`, `replaced`, `idle`, `expired`, `second_factor_changed`, or a value
            of `WATCHED`.
    """

    __tablename__ = "user_session"
    __table_args__ = (Index("ix_user_session_user", "user_id"), Index("ix_user_session_opened", "opened_at"))

    id: Mapped[int] = mapped_column(primary_key=True)
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id", name="fk_user_session_user"))
    proof: Mapped[str] = mapped_column(String(16))
    opened_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    ended_why: Mapped[str | None] = mapped_column(String(32))
    address: Mapped[str] = mapped_column(String(64))
    agent: Mapped[str] = mapped_column(String(LONGEST_AGENT))

    user: Mapped[User] = relationship(User, lazy="joined", innerjoin=True)


@dataclass(frozen=True)
class Limits:
    """How long a session lives.

    Attributes:
        idle: without a request.
        longest: whatever happens in it.
    """

    idle: timedelta
    longest: timedelta


def digest_of(token: str) -> str:
    """What the database keeps of the id in a cookie."""
    return hashlib.sha256(token.encode()).hexdigest()


def open_session(session: Session, user: User, *, proof: str, address: str, agent: str, limits: Limits) -> str:
    """Open a session, and sweep away the rows of old ones.

    Args:
        session: the transaction.
        user: an active account that has just proved who it is.
        proof: by what.
        address: where the request came from.
        agent: what the browser calls itself.
        limits: by which idle sessions are closed on the way.

    Returns:
        its id, 256 random bits, for the cookie alone.
    """
    now, token = utc_now(), secrets.token_urlsafe(32)
    sweep(session, limits)
    session.add(
        UserSession(
            digest=digest_of(token),
            user_id=user.id,
            proof=proof,
            opened_at=now,
            seen_at=now,
            address=address[:64],
            agent=agent[:LONGEST_AGENT],
        )
    )
    session.flush()
    return token


def lock_accounts(session: Session, keys: Iterable[int]) -> None:
    """Let nobody else open sessions of these accounts, or change what theirs stand on, until the transaction ends.

    Args:
        session: the transaction.
        keys: of accounts; all at once, so that two who want several never wait for each other.
    """
    wanted = select(User.id).where(User.id.in_(list(keys))).order_by(User.id)
    session.execute(wanted.with_for_update(key_share=True)).all()


def hold(session: Session, user: User) -> bool:
    """Lock an account, and read anew whether what its owner has proved still holds.

    A password is tested outside of any lock; whoever changed it meanwhile has ended the sessions that there were, and
    none may begin on the former one.

    Returns:
        whether it is open and has the password that was read before.
    """
    known = user.password
    lock_accounts(session, [user.id])
    session.refresh(user, ["password", "active"])
    return bool(user.active) and user.password == known


def find(session: Session, token: str) -> UserSession | None:
    """The session of a cookie with its account, dead or alive; None when there never was one or it was swept away."""
    return session.scalar(select(UserSession).where(UserSession.digest == digest_of(token)))


def why_dead(row: UserSession, limits: Limits) -> str:
    """Why a session opens nothing any more; empty while it lives."""
    now = utc_now()
    if row.ended_at is not None:
        return row.ended_why or "ended"
    if not row.user.active:
        return WATCHED["active"]
    if row.opened_at + (HALF_LIFE if row.proof == HALF else limits.longest) <= now:
        return "expired"
    return "idle" if row.seen_at + limits.idle <= now else ""


def open_sessions(session: Session, user_id: int, limits: Limits) -> Sequence[UserSession]:
    """The living sessions of an account, the last used first."""
    alive = select(UserSession).where(UserSession.user_id == user_id, UserSession.proof != HALF, _alive(limits))
    return session.scalars(alive.order_by(UserSession.seen_at.desc(), UserSession.id.desc())).all()


def end(session: Session, why: str, *which: ColumnElement[bool]) -> int:
    """End sessions; they are refused from the next request on, whatever cookie comes with it.

    Args:
        session: the transaction; it is told in the security log when this commits.
        why: as `UserSession.ended_why` has it.
        which: conditions on `UserSession`; those that have ended stay as they are.

    Returns:
        how many ended.
    """
    found = session.execute(
        select(UserSession.id, User.username)
        .join(User, User.id == UserSession.user_id)
        .where(UserSession.ended_at.is_(None), *which)
    ).all()
    keys = [key for key, _username in found]
    change = update(UserSession).where(UserSession.id.in_(keys)).values(ended_at=utc_now(), ended_why=why)
    session.execute(change.execution_options(synchronize_session=False))
    for key, username in found:
        _tell_later(session, "session_ended", username, session=key, why=why)
    return len(keys)


def sweep(session: Session, limits: Limits) -> None:
    """Close the sessions that outlived their limits, and drop rows that nobody asks about any more."""
    now = utc_now()
    end(session, "expired", UserSession.opened_at <= now - limits.longest)
    end(session, "idle", UserSession.seen_at <= now - limits.idle)
    session.execute(delete(UserSession).where(UserSession.opened_at <= now - max(KEPT_FOR, limits.longest)))


def note_seen(database: Database, key: int) -> None:
    """Write that a session is in use, in a transaction of its own and only if that needs no waiting.

    It is the one thing that reading a page writes. Where SQLite's writer is busy, a later request does it.
    """
    database.write_unless_busy(update(UserSession).where(UserSession.id == key).values(seen_at=utc_now()))


def is_worth_noting(row: UserSession) -> bool:
    """Whether the last request is so long ago that the present one should be written down."""
    return utc_now() - row.seen_at >= SEEN_EVERY


def watch(factory: scoped_session[Session]) -> None:
    """End sessions in the transaction that changes what they stand on, whichever path the change takes.

    A new password, other roles or groups, a closed account, other members or roles of a group: screens, commands and
    whatever is built later pass through the same flush. What follows from posts is read anew with each request.

    Args:
        factory: of all sessions of the database.
    """
    event.listen(factory, "before_flush", _end_what_changed)
    event.listen(factory, "after_commit", _tell_what_happened)
    event.listen(factory, "after_rollback", lambda session: session.info.pop(TO_TELL, None))


def _end_what_changed(session: Session, _context: object, _instances: object) -> None:
    changed = set(_accounts_changed(session))
    if changed:
        lock_accounts(session, {user.id for user, _why in changed})
    for user, why in changed:
        _tell_later(session, why, user.username)
        end(session, why, UserSession.user_id == user.id)


def _tell_later(transaction: Session, what: str, account: str, **facts: str | int) -> None:
    """The security log hears of it when it is true."""
    transaction.info.setdefault(TO_TELL, []).append((what, account, facts))


def _tell_what_happened(session: Session) -> None:
    for what, account, facts in session.info.pop(TO_TELL, ()):
        tell(what, account=account, **facts)


def _accounts_changed(session: Session) -> Iterator[tuple[Any, str]]:
    for item in (*session.dirty, *session.new, *session.deleted):
        if isinstance(item, User) and item.id:
            yield from ((item, why) for attribute, why in WATCHED.items() if _has_changed(item, attribute))
        elif isinstance(item, Group):
            yield from ((user, WATCHED["groups"]) for user in _members_concerned(session, item) if user.id)


def _has_changed(user: User, attribute: str) -> bool:
    changed = inspect(user).attrs[attribute].history.has_changes()
    return changed and not (attribute == "active" and user.active)


def _members_concerned(session: Session, group: Group) -> Iterator[Any]:
    """Whoever enters or leaves a group, and all of them when its roles change or it is no more."""
    members = inspect(group).attrs["users"].load_history()
    yield from (*members.added, *members.deleted)
    if inspect(group).attrs["roles"].history.has_changes() or group in session.deleted:
        yield from members.unchanged


def _alive(limits: Limits) -> ColumnElement[bool]:
    now = utc_now()
    return and_(
        UserSession.ended_at.is_(None),
        UserSession.opened_at > now - limits.longest,
        UserSession.seen_at > now - limits.idle,
    )
