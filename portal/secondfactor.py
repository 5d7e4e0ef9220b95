"""The second factor: codes of an authenticator app (RFC 6238), each taken once, and recovery codes for its loss."""

from __future__ import annotations

import base64
import hashlib
import hmac
import logging
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import TYPE_CHECKING

import pyotp
import segno
from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlalchemy import BigInteger, ForeignKey, String, Text, UniqueConstraint, delete, func, select, update
from sqlalchemy.orm import Mapped, mapped_column

from portal import sessions
from portal.db import Base, utc_now
from portal.sessions import UserSession

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

log = logging.getLogger(__name__)

STEP_SECONDS, DIGITS = 30, 6
WINDOW = (0, -1, 1)
"""Steps that a code may be off: clocks differ, and typing takes time."""

PENDING = timedelta(minutes=15)
"""How long an app may be set up after the password was proved; a session left open finds its secret no longer."""

RECOVERY_CODES = 10
CHANGED = "second_factor_changed"


class SecondFactor(Base):
    """The authenticator app of an account.

    Attributes:
        secret: encrypted; None before the first code was typed.
        pending: the secret of an app that is being set up, encrypted.
        last_step: the time step of the last code taken; no code of it or of an earlier one is taken again.
    """

    __tablename__ = "second_factor"

    user_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id", name="fk_second_factor_user"), primary_key=True)
    secret: Mapped[str | None] = mapped_column(Text)
    pending: Mapped[str | None] = mapped_column(Text)
    confirmed_at: Mapped[datetime | None]
    last_step: Mapped[int] = mapped_column(BigInteger, default=0)


class RecoveryCode(Base):
    """A code that stands in for the app once; only its hash is kept."""

    __tablename__ = "recovery_code"
    __table_args__ = (UniqueConstraint("user_id", "digest", name="uq_recovery_code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id", name="fk_recovery_code_user"))
    digest: Mapped[str] = mapped_column(String(64))
    used_at: Mapped[datetime | None]


@dataclass(frozen=True)
class Vault:
    """Encrypts what has to be read again, with a key of its own that is derived from the portal's secret.

    Attributes:
        secret_key: the portal's.
    """

    secret_key: str

    def lock(self, text: str) -> str:
        """What the database keeps."""
        return self._cipher().encrypt_at_time(text.encode(), int(utc_now().timestamp())).decode()

    def unlock(self, kept: str | None) -> str:
        """What was locked; empty when there is nothing, or when the portal's secret is no longer the same."""
        try:
            return self._cipher().decrypt(kept.encode()).decode() if kept else ""
        except InvalidToken:
            log.exception("a second factor cannot be read: SECRET_KEY has changed; reset it and set it up anew")
            return ""

    def made_at(self, kept: str) -> datetime:
        """When something was locked."""
        return datetime.fromtimestamp(self._cipher().extract_timestamp(kept.encode()), UTC)

    def _cipher(self) -> Fernet:
        derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"trinh second factor 1")
        return Fernet(base64.urlsafe_b64encode(derived.derive(self.secret_key.encode())))


def factor_of(session: Session, user_id: int) -> SecondFactor | None:
    """What is known of an account's app; None when it was never begun."""
    return session.get(SecondFactor, user_id)


def is_set_up(session: Session, user_id: int) -> bool:
    """Whether a code is asked for when this account signs in."""
    found = select(SecondFactor.confirmed_at).where(SecondFactor.user_id == user_id)
    return session.scalar(found) is not None


def begin(session: Session, user_id: int, vault: Vault) -> None:
    """Make a secret for an app; the one in use stays in use until a code of the new one was typed."""
    row = factor_of(session, user_id) or SecondFactor(user_id=user_id)
    row.pending = vault.lock(pyotp.random_base32())
    session.add(row)
    session.flush()


def pending_secret(session: Session, user_id: int, vault: Vault) -> str:
    """The secret of the app that is being set up; empty when none is, or its owner took too long."""
    row = factor_of(session, user_id)
    secret = vault.unlock(row.pending) if row else ""
    is_fresh = bool(secret) and row is not None and utc_now() - vault.made_at(str(row.pending)) < PENDING
    return secret if is_fresh else ""


def address_of(secret: str, username: str) -> str:
    """The `otpauth:` address that apps read off a picture."""
    return str(pyotp.TOTP(secret).provisioning_uri(name=username, issuer_name="Trình"))


def picture_of(address: str) -> bytes:
    """The address as an SVG picture, dark on light, without scripts and styles."""
    picture = BytesIO()
    segno.make(address, error="m").save(picture, kind="svg", scale=5, light="#fff", xmldecl=False, nl=False)
    return picture.getvalue()


def confirm(session: Session, user_id: int, typed: str, vault: Vault) -> list[str]:
    """Put the new app to use when a code of it is right, and end every session of the account.

    Returns:
        ten recovery codes, to be shown once; none when the code was wrong.
    """
    sessions.lock_accounts(session, [user_id])
    row, step = factor_of(session, user_id), _step_of(pending_secret(session, user_id, vault), typed)
    if row is None or step is None:
        return []
    row.secret, row.pending, row.confirmed_at, row.last_step = row.pending, None, utc_now(), step
    sessions.end(session, CHANGED, UserSession.user_id == user_id)
    return _new_recovery_codes(session, user_id)


def accept(session: Session, user_id: int, typed: str, vault: Vault) -> str:
    """Take a code of the app or a recovery code; either is taken once, whoever types it first.

    Returns:
        `code` or `recovery_code`; empty when it is neither.
    """
    if _takes_code(session, user_id, typed, vault):
        return "code"
    mine = (RecoveryCode.user_id == user_id, RecoveryCode.digest == _digest(typed), RecoveryCode.used_at.is_(None))
    use = update(RecoveryCode).where(*mine).values(used_at=utc_now()).returning(RecoveryCode.id)
    return "recovery_code" if session.execute(use).first() else ""


def codes_left(session: Session, user_id: int) -> int:
    """How many recovery codes have not been used."""
    unused = select(func.count()).where(RecoveryCode.user_id == user_id, RecoveryCode.used_at.is_(None))
    return session.scalar(unused) or 0


def remove(session: Session, user_id: int) -> None:
    """Forget app and recovery codes of an account, and end its sessions."""
    sessions.lock_accounts(session, [user_id])
    session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user_id))
    session.execute(delete(SecondFactor).where(SecondFactor.user_id == user_id))
    sessions.end(session, CHANGED, UserSession.user_id == user_id)


def _takes_code(session: Session, user_id: int, typed: str, vault: Vault) -> bool:
    row = factor_of(session, user_id)
    step = _step_of(vault.unlock(row.secret), typed) if row else None
    if step is None:
        return False
    mine = (SecondFactor.user_id == user_id, SecondFactor.last_step < step)
    use = update(SecondFactor).where(*mine).values(last_step=step).returning(SecondFactor.user_id)
    return session.execute(use).first() is not None


def _step_of(secret: str, typed: str) -> int | None:
    """The time step whose code was typed; None for none near the present one."""
    code = "".join(typed.split())
    if not secret or len(code) != DIGITS or not code.isascii():
        return None
    now = int(utc_now().timestamp()) // STEP_SECONDS
    app = pyotp.TOTP(secret, digits=DIGITS, interval=STEP_SECONDS)
    right = [now + off for off in WINDOW if hmac.compare_digest(app.generate_otp(now + off), code)]
    return right[0] if right else None


def _new_recovery_codes(session: Session, user_id: int) -> list[str]:
    session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user_id))
    plain = [base64.b32encode(secrets.token_bytes(10)).decode() for _ in range(RECOVERY_CODES)]
    session.add_all(RecoveryCode(user_id=user_id, digest=_digest(code)) for code in plain)
    session.flush()
    return ["-".join(code[place : place + 4] for place in range(0, len(code), 4)) for code in plain]


def _digest(typed: str) -> str:
    """The hash of a recovery code; its 80 random bits need no salt, and dashes, spaces and case do not count."""
    plain = "".join(char for char in typed.upper() if char.isalnum())
    return hashlib.sha256(plain.encode(errors="surrogatepass")).hexdigest()
