"""Passwords: which are refused, how they are kept and compared."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from werkzeug.security import check_password_hash, generate_password_hash
from zxcvbn import zxcvbn

from portal.search import search_key
from workflows.errors import Refusal

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from flask_appbuilder.security.sqla.models import User

NO_PASSWORD = "!"  # noqa: S105 - no hash ever equals it, so nobody signs in before a password is set
SHORTEST, LONGEST = 12, 128

STRONG_ENOUGH = 3
"""Of zxcvbn's five steps from 0: more than 10^8 guesses, for someone who knows what people choose."""

JUDGED = 72
"""Characters that are judged; the work grows with their square, and what follows only makes a password better."""

LEAST_OF_ONES_OWN = 6
"""Characters that a password needs besides the words which others know of its owner."""

LONGEST_RUN = 6
"""Syllables of a name that are written together, as in `sothongtin`."""

KNOWN_HERE = (
    "anhyeuem",
    "ban",
    "bao",
    "baocao",
    "can",
    "cao",
    "chinh",
    "chinhphu",
    "chuyenvien",
    "cong",
    "congan",
    "congchuc",
    "dan",
    "dang",
    "dangnhap",
    "dean06",
    "emyeuanh",
    "gia",
    "gialai",
    "hanoi",
    "hochiminh",
    "huyen",
    "iloveyou",
    "khau",
    "khongbiet",
    "lai",
    "mat",
    "matkhau",
    "nam",
    "nhan",
    "nhap",
    "phong",
    "phu",
    "pleiku",
    "portal",
    "saigon",
    "tinh",
    "tinhyeu",
    "trinh",
    "ubnd",
    "viet",
    "vietnam",
    "xinchao",
)
"""What people of an office in Viet Nam choose first; the library's lists are mostly English."""


def refuse_weak(password: str, own_words: Iterable[str]) -> None:
    """Refuse a password that others would guess; what it is composed of does not matter (NIST SP 800-63B, 3.1.1.2).

    Args:
        password: as it was received, unchanged.
        own_words: what others know of its owner: names, mail address, unit.

    Raises:
        Refusal: `password_too_short`, `password_too_long`, `password_of_own_words`, `password_guessable`.
    """
    if len(password) < SHORTEST:
        raise Refusal("password_too_short", {"length": len(password), "least": SHORTEST})
    if len(password) > LONGEST:
        raise Refusal("password_too_long", {"length": len(password), "most": LONGEST})
    own = _parts(own_words)
    if _besides(password, own) < LEAST_OF_ONES_OWN:
        raise Refusal("password_of_own_words")
    for spelling in _spellings(password):
        found = zxcvbn(spelling[:JUDGED], user_inputs=[*own, *KNOWN_HERE], max_length=JUDGED)
        if found["score"] < STRONG_ENOUGH:
            is_own = any(match.get("matched_word") in own for match in found["sequence"])
            raise Refusal("password_of_own_words" if is_own else "password_guessable")


def _besides(password: str, own: Sequence[str]) -> int:
    """How many characters of a password are in none of its owner's words."""
    left = search_key(password)
    for word in own:
        left = left.replace(word, "") if len(word) > 2 else left  # noqa: PLR2004 - shorter ones are in everything
    return len(left)


def _spellings(password: str) -> list[str]:
    """As it is; without marks; and without what stands between words, unless it consists mostly of that."""
    plain = search_key(password)
    bare = re.sub(r"[\W_]+", "", plain)
    return [password, *([plain] if plain else []), *([bare] if len(bare) * 2 > len(password) else [])]


def _parts(words: Iterable[str]) -> list[str]:
    """Words as they are written and without their marks; each syllable, and those side by side run together."""
    spellings = {spelling for word in words for spelling in (word.casefold(), search_key(word))}
    runs = {run for spelling in spellings for run in _runs([part for part in re.split(r"[\W_]+", spelling) if part])}
    return sorted((part for part in spellings | runs if len(part) > 1), key=lambda part: (-len(part), part))


def _runs(parts: list[str]) -> Iterator[str]:
    for first in range(len(parts)):
        for last in range(first + 1, min(first + LONGEST_RUN, len(parts)) + 1):
            yield "".join(parts[first:last])


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
