"""One-time links: whoever has one sets a password for one account, once, within a day."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from flask_appbuilder.security.sqla.models import User
from sqlalchemy import ForeignKey, String, delete, select, update
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.db import Base, utc_now

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

VALID_FOR = timedelta(hours=24)


class OneTimeLink(Base):
    """A link that was made for an account.

    Attributes:
        digest: SHA-256 of its token; the token itself is kept nowhere.
        stamp: of the password at that time; with any other password the link is void.
    """

    __tablename__ = "one_time_link"

    id: Mapped[int] = mapped_column(primary_key=True)
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id", name="fk_one_time_link_user"), index=True)
    stamp: Mapped[str] = mapped_column(String(64))
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]

    user: Mapped[User] = relationship(User, lazy="joined", innerjoin=True)


def make(session: Session, user: User) -> str:
    """Make a link in place of any that the account may have.

    Returns:
        its token, 256 random bits, to be shown once.
    """
    session.execute(delete(OneTimeLink).where(OneTimeLink.user_id == user.id))
    token = secrets.token_urlsafe(32)
    row = OneTimeLink(digest=_hash(token), user_id=user.id, stamp=_stamp(user), expires_at=utc_now() + VALID_FOR)
    session.add(row)
    session.flush()
    return token


def owner_of(session: Session, token: str) -> User | None:
    """Whose password a token sets; None when it was used, is too old, was overtaken or never made."""
    row = session.scalar(select(OneTimeLink).where(OneTimeLink.digest == _hash(token)))
    if row is None or row.used_at is not None or row.expires_at <= utc_now():
        return None
    return row.user if row.user.active and row.stamp == _stamp(row.user) else None


def use(session: Session, token: str) -> bool:
    """Use a token up; of two who come with it at the same moment one is late."""
    mine = (OneTimeLink.digest == _hash(token), OneTimeLink.used_at.is_(None))
    taken = update(OneTimeLink).where(*mine).values(used_at=utc_now()).returning(OneTimeLink.id)
    return session.execute(taken).first() is not None


def _stamp(user: User) -> str:
    return _hash(f"{user.id}:{user.password}")


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()
