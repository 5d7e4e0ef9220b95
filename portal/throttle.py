"""The throttle: whoever fails to prove who he is waits longer each time; counted in the database for all processes."""

from __future__ import annotations

import hashlib
import math
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv6Network, ip_address
from typing import TYPE_CHECKING

from sqlalchemy import String, delete, select, update
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base, lock_for, utc_now

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy.orm import Session

FIRST_DELAY, LONGEST_DELAY = 10, 300
"""Seconds; each failure doubles the delay from the first to the longest."""

FORGOTTEN_AFTER = timedelta(hours=1)
"""Without a further failure."""

PER_ADDRESS = 4
"""How many times as often an address may fail as an account: many people share one."""

THROTTLE_LOCK = 6301


class Failures(Base):
    """How often something failed to prove who it is, and from when on it may try again."""

    __tablename__ = "sign_in_failures"

    bucket: Mapped[str] = mapped_column(String(80), primary_key=True)
    number: Mapped[int]
    last_at: Mapped[datetime] = mapped_column(index=True)
    free_at: Mapped[datetime]


@dataclass(frozen=True)
class Bucket:
    """What attempts are counted by.

    Attributes:
        key: one account, one address or one device.
        free: failures after which the first delay begins.
        is_own: whether a success is its alone, and wipes it clean; an address is everybody's.
    """

    key: str
    free: int
    is_own: bool = True


def by_account(username: str, free: int) -> Bucket:
    """The bucket of a user name, whether there is such an account or not."""
    return Bucket(f"account:{_hash(username.strip().casefold())}", free)


def by_device(secret: str, free: int) -> Bucket:
    """The bucket of a device that this account signed in on before."""
    return Bucket(f"device:{_hash(secret)}", free)


def by_address(address: str, free: int) -> Bucket:
    """The bucket of a network address; of IPv6 the network that one subscriber has."""
    return Bucket(f"address:{_place(address)}", free * PER_ADDRESS, is_own=False)


def by_asker(what: str, address: str, free: int) -> Bucket:
    """The bucket of what an address asks without signing in, apart from its attempts to sign in.

    Args:
        what: it asks for; one word.
        address: as in `by_address`.
        free: as in `Bucket`.
    """
    return Bucket(f"{what}:{_place(address)}", free, is_own=False)


def wait_of(session: Session, buckets: Sequence[Bucket]) -> int:
    """Seconds until an attempt is admitted, as `admit` would say; looks and counts nothing.

    Args:
        session: any transaction.
        buckets: what it would be counted by.
    """
    free_at = select(Failures.free_at).where(Failures.bucket.in_([bucket.key for bucket in buckets]))
    now = utc_now()
    waits = [math.ceil((each - now).total_seconds()) for each in session.scalars(free_at)]
    return max([0, *waits])


def occupy(session: Session, bucket: Bucket, seconds: int) -> int:
    """Let one piece of work be done for a bucket at a time; it is the caller's until `vacate`, or that time is over.

    Args:
        session: a transaction that is committed before the work begins.
        bucket: whose work it is.
        seconds: longer than the work can take.

    Returns:
        seconds until the work under way is over at the latest; 0 when this one may begin.
    """
    lock_for(session, THROTTLE_LOCK)
    now = utc_now()
    row = _rows(session, [bucket]).get(bucket.key) or Failures(bucket=bucket.key, free_at=now)
    if row.free_at > now:
        return math.ceil((row.free_at - now).total_seconds())
    row.number, row.last_at, row.free_at = 1, now, now + timedelta(seconds=seconds)
    session.add(row)
    session.flush()
    return 0


def vacate(session: Session, bucket: Bucket) -> None:
    """End the piece of work that `occupy` began."""
    session.execute(delete(Failures).where(Failures.bucket == bucket.key))


def admit(session: Session, buckets: Sequence[Bucket]) -> int:
    """Let an attempt be made, and count it as failed until it is forgiven; so many at once are counted like one by one.

    Args:
        session: a transaction that is committed before anything is tested.
        buckets: what it is counted by.

    Returns:
        seconds to wait before another attempt is admitted; 0 when this one is.
    """
    lock_for(session, THROTTLE_LOCK)
    session.execute(delete(Failures).where(Failures.last_at <= utc_now() - FORGOTTEN_AFTER))
    rows, now = _rows(session, buckets), utc_now()
    wait = max(((row.free_at - now).total_seconds() for row in rows.values()), default=0)
    if wait > 0:
        return math.ceil(wait)
    for bucket in buckets:
        row = rows.get(bucket.key) or Failures(bucket=bucket.key, number=0)
        row.number, row.last_at = row.number + 1, now
        row.free_at = now + timedelta(seconds=delay(row.number, bucket.free))
        session.add(row)
    session.flush()
    return 0


def forgive(session: Session, buckets: Iterable[Bucket], *, is_in: bool) -> None:
    """Take back what `admit` counted, for the attempt succeeded.

    Args:
        session: the transaction of the success.
        buckets: as they were admitted.
        is_in: whether everything is proved; a right password whose code is still owed wipes nothing clean.
    """
    for bucket in buckets:
        # Another attempt may have been forgiven since `admit`, so nothing read then is written back.
        row = Failures.bucket == bucket.key
        if is_in and bucket.is_own:
            session.execute(delete(Failures).where(row))
        else:
            fewer = {"number": Failures.number - 1, "free_at": utc_now()}
            session.execute(update(Failures).where(row, Failures.number > 0).values(fewer))


def delay(number: int, free: int) -> int:
    """Seconds that follow a failure.

    Args:
        number: how many there were, this one included.
        free: with which of them the delays begin.
    """
    if number < free:
        return 0
    doublings = min(number - free, LONGEST_DELAY)
    return int(min(FIRST_DELAY * 2**doublings, LONGEST_DELAY))


def _rows(session: Session, buckets: Sequence[Bucket]) -> dict[str, Failures]:
    """The rows of buckets, held: who is forgiven at this moment either has been, or waits until this one is counted."""
    wanted = select(Failures).where(Failures.bucket.in_([bucket.key for bucket in buckets]))
    held = wanted.order_by(Failures.bucket).with_for_update()
    return {row.bucket: row for row in session.scalars(held.execution_options(populate_existing=True))}


def _place(address: str) -> str:
    """Where somebody is: an address, of IPv6 the network that one subscriber has; a hash of what is no address."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return _hash(address)
    return str(IPv6Network((parsed, 64), strict=False)) if parsed.version == 6 else str(parsed)  # noqa: PLR2004


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()
