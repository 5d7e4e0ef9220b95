"""Passwords: how they are kept and compared."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from werkzeug.security import check_password_hash, generate_password_hash

if TYPE_CHECKING:
    from flask_appbuilder.security.sqla.models import User

NO_PASSWORD = "!"  # noqa: S105 - no hash ever equals it, so nobody signs in before a password is set
SHORTEST, LONGEST = 12, 128


def hash_of(password: str) -> str:
    """What the database keeps of a password: scrypt, with a salt of its own."""
    return generate_password_hash(password)


def is_password_of(user: User | None, typed: str) -> bool:
    """Whether this is the password of an account that may sign in.

    One hash is computed whatever the answer, so that its time tells nobody which names there are.

    Args:
        user: the account; None when there is none of that name.
        typed: as it was received, unchanged.
    """
    kept = user.password if user and user.active else None
    has_one = bool(kept) and kept != NO_PASSWORD
    is_right = check_password_hash(str(kept) if has_one else _nobodys(), typed)
    # To the hash, no password and bytes of zero are the same.
    return has_one and is_right and bool(typed.strip("\0"))


@cache
def _nobodys() -> str:
    """The hash of a password that nobody knows."""
    return generate_password_hash("\0")
