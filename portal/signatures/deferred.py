"""Signatures whose key is elsewhere: a digest goes out and a signature comes in, or the signed file comes back."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import select, update

from portal import audit
from portal.db import utc_now
from portal.signatures import accepting, pades, service
from portal.signatures.models import (
    CANCELLED,
    DEFERRED,
    DONE,
    EXPIRED,
    OPEN,
    RETURNED,
    SigningRequest,
)
from workflows.errors import Refusal

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from portal.files import FileStore
    from portal.security import Actor
    from portal.signatures.keyring import Keyring
    from portal.signatures.models import DocumentSignature
    from portal.signatures.service import Signing

LASTS = timedelta(minutes=15)
"""How long a digest may be out; then the hour that it names is no longer the hour of signing."""

KIND = "signing_request"
LARGEST_SIGNATURE = 64 * 1024
LARGEST_FILE_MB = 60


def begin(session: Session, actor: Actor, ring: Keyring, signing: Signing) -> SigningRequest:
    """Begin a signature whose key is on the signer's own PC; what he began for it before is over.

    Args:
        session: the caller's transaction.
        actor: who signs.
        ring: with the authorities between his certificate and its root.
        signing: as `service.check` found it.

    Raises:
        Refusal: as `service.stamp_of` and `pades.prepare`.
    """
    stamp = service.stamp_of(session, actor, signing)
    level = pades.best_level(ring.trust)
    prepared = pades.prepare(signing.pdf, signing.key.der, ring.trust.intermediates, stamp, level, ring.trust)
    told = {"digest": prepared.to_sign.hex(), "prepared": prepared.pdf, "terms": prepared.to_json()}
    return _begun(session, actor, signing, **told)


def begin_plugin(session: Session, actor: Actor, signing: Signing) -> str:
    """Begin a signature by a program at the signer's own computer, which fetches the file and hands it in signed.

    Args:
        session: the caller's transaction.
        actor: who signs.
        signing: as `service.check` found it.

    Returns:
        what lets the program do both, once; only its hash is kept.
    """
    token = secrets.token_urlsafe(32)
    _begun(session, actor, signing, digest=signing.asked.seen, prepared=b"", terms="", token_sha256=_hash(token))
    return token


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode(errors="surrogatepass")).hexdigest()


def _begun(session: Session, actor: Actor, signing: Signing, **told: Any) -> SigningRequest:
    """A new request; what was begun for the same signature before is over, and so is what nobody ended in time."""
    asked = signing.asked
    _end(session, CANCELLED, SigningRequest.slot_id == asked.slot_id)
    _end(session, EXPIRED, SigningRequest.expires_at <= utc_now())
    keys = {"document_id": asked.document_id, "slot_id": asked.slot_id, "certificate_id": asked.certificate_id}
    times = {"created_at": utc_now(), "expires_at": utc_now() + LASTS}
    row = SigningRequest(**keys, user_id=actor.user_id, file_id=signing.file_id, **times, **told)
    session.add(row)
    session.flush()
    _recorded(session, actor, row, "begun")
    return row


def by_token(session: Session, token: str) -> SigningRequest:
    """The request that a signing program names.

    Args:
        session: any transaction.
        token: as `begin_plugin` gave it.

    Raises:
        Refusal: `not_found`; `request_over`.
    """
    row = session.scalar(select(SigningRequest).where(SigningRequest.token_sha256 == _hash(token)))
    if row is None:
        raise Refusal("not_found")
    if row.state != OPEN or row.expires_at <= utc_now():
        raise Refusal("request_over")
    return row


def _end(session: Session, state: str, *which: object) -> None:
    over = update(SigningRequest).where(SigningRequest.state == OPEN, *which)  # type: ignore[arg-type]
    session.execute(over.values(state=state, prepared=None).execution_options(synchronize_session="fetch"))


def open_request(session: Session, actor: Actor, document_id: int, slot_id: int) -> SigningRequest | None:
    """What somebody has begun to sign and not ended.

    Args:
        session: any transaction.
        actor: who began it.
        document_id: of which document.
        slot_id: which of its signatures.
    """
    mine = (SigningRequest.document_id == document_id, SigningRequest.slot_id == slot_id)
    alive = (SigningRequest.state == OPEN, SigningRequest.expires_at > utc_now())
    own = (SigningRequest.user_id == actor.user_id, SigningRequest.token_sha256.is_(None))
    asked = select(SigningRequest).where(*mine, *own, *alive)
    return session.scalar(asked.order_by(SigningRequest.id.desc()).limit(1))


def find(session: Session, actor: Actor, document_id: int, key: int) -> SigningRequest:
    """A request of somebody's own about a document.

    Raises:
        Refusal: `not_found`, there is none such, or it is another's or of another document; `request_over`.
    """
    mine = (SigningRequest.id == key, SigningRequest.document_id == document_id)
    own = (SigningRequest.user_id == actor.user_id, SigningRequest.token_sha256.is_(None))
    row = session.scalar(select(SigningRequest).where(*mine, *own))
    if row is None:
        raise Refusal("not_found")
    if row.state != OPEN or row.expires_at <= utc_now():
        raise Refusal("request_over")
    return row


def prepared_of(row: SigningRequest) -> pades.Prepared:
    """What a request waits to have its signature put into."""
    assert row.prepared is not None
    return pades.Prepared.from_json(row.terms, row.prepared)


def asked_of(row: SigningRequest, seen: str) -> service.Asked:
    """What a request asked, to be checked again when its signature comes."""
    return service.Asked(row.document_id, row.slot_id, row.certificate_id, seen)


def complete(
    session: Session,
    actor: Actor,
    store: FileStore,
    key: int,
    signing: Signing,
    *,
    signed: pades.Signed,
    way: str = DEFERRED,
) -> DocumentSignature:
    """Keep the file into which a signature was put, and end its request.

    Args:
        session: the caller's transaction.
        actor: who signed.
        store: where files are kept.
        key: of the request.
        signing: as `service.check` found it just now.
        signed: as `pades.complete` made it, or as it was handed in.
        way: how it came to be.

    Raises:
        Refusal: `request_over`, it was ended meanwhile; as `service.keep`.
    """
    mine = (SigningRequest.id == key, SigningRequest.state == OPEN)
    ended = update(SigningRequest).where(*mine).values(state=DONE, prepared=None).returning(SigningRequest.id)
    if session.execute(ended.execution_options(synchronize_session=False)).scalar() is None:
        raise Refusal("request_over")
    return service.keep(session, actor, store, signing, signed, way=way)


def cancel(session: Session, actor: Actor, document_id: int, key: int) -> None:
    """Give a signature up that was begun; nothing of the document has changed.

    Raises:
        Refusal: as `find`.
    """
    row = find(session, actor, document_id, key)
    _end(session, CANCELLED, SigningRequest.id == row.id)
    _recorded(session, actor, row, "cancelled")


def take_back(signing: Signing, content: bytes) -> pades.Signed:
    """Judge a file that was signed elsewhere.

    Args:
        signing: as `service.check` found it.
        content: what came back.

    Raises:
        Refusal: `file_needed`, `file_too_large`; as `accepting.accept_confined`.
    """
    if not content:
        raise Refusal("file_needed")
    if len(content) > LARGEST_FILE_MB * 1024 * 1024:
        raise Refusal("file_too_large", {"max": LARGEST_FILE_MB})
    found = accepting.accept_confined(signing.pdf, content, signing.key.der)
    return pades.Signed(content, pades.Level.T if found.timestamped else pades.Level.B)


def kept_back(
    session: Session, actor: Actor, store: FileStore, signing: Signing, signed: pades.Signed
) -> DocumentSignature:
    """Keep a file that came back; what was begun for the same signature in another way is over.

    Raises:
        Refusal: as `service.keep`.
    """
    row = service.keep(session, actor, store, signing, signed, way=RETURNED)
    _end(session, CANCELLED, SigningRequest.slot_id == signing.asked.slot_id)
    return row


def _recorded(session: Session, actor: Actor, row: SigningRequest, deed: str) -> None:
    details = {"document_id": row.document_id, "slot_id": row.slot_id, "digest": row.digest}
    audit.record(session, actor=actor.username, action=f"{KIND}_{deed}", kind=KIND, key=row.id, details=details)
