"""Signing a document: what is asked is checked, signed, and kept, only if the file is still the one that was seen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from portal import audit, files
from portal.db import utc_now
from portal.documents.models import AWAITING_SEAL, AWAITING_SIGNATURE, RELEASED, OfficialDocument
from portal.documents.numbering import hold_log
from portal.documents.rules import file_name
from portal.documents.slots import PERSONAL, SignatureSlot
from portal.security import today
from portal.signatures import certificates, entitlement, examining, keyring, pades, stamping, turns
from portal.signatures.certificates import Holder
from portal.signatures.keyring import WantedKey
from portal.signatures.models import SERVER, DocumentSignature, SigningCertificate
from workflows.errors import Refusal

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from portal.security import Actor
    from portal.signatures.keyring import Keyring
    from portal.signatures.stamps import Stamp
    from portal.signatures.turns import Turn


@dataclass(frozen=True)
class Asked:
    """What somebody asks to sign.

    Attributes:
        document_id: which document; he may see it.
        slot_id: which of its signatures.
        certificate_id: with which certificate.
        seen: SHA-256 of the file that he looked at.
    """

    document_id: int
    slot_id: int
    certificate_id: int
    seen: str


@dataclass(frozen=True)
class Signing:
    """A signature that may be given, as it was found: everything that signing needs, copied from rows.

    Attributes:
        asked: what was asked.
        file_id: of the file that is signed.
        pdf: that file.
        is_seal: whether it is an agency's.
        key: the key and the certificate to sign with.
        certificate_name: whom that names.
    """

    asked: Asked
    file_id: int
    pdf: bytes
    is_seal: bool
    key: WantedKey
    certificate_name: str


def check(session: Session, actor: Actor, store: files.FileStore, ring: Keyring, asked: Asked) -> Signing:
    """See that somebody may give a signature now.

    Args:
        session: any transaction.
        actor: who asks.
        store: where files are.
        ring: whom signatures are believed for.
        asked: what he asks.

    Raises:
        Refusal: `not_found`; `already_signed`, `seal_before_signature`, `not_awaiting`; `not_your_signature`,
            `not_your_seal`; `stale_version`, the file is another one by now; `certificate_not_yours`,
            `certificate_revoked_here`, `certificate_over`; as `entitlement.refuse_unentitled` and
            `entitlement.refuse_unsigned`.
    """
    document, turn = turn_of(session, actor, asked.document_id, asked.slot_id)
    if document.file is None or document.file.sha256 != asked.seen:
        raise Refusal("stale_version", {"seen": asked.seen})
    certificate = _certificate(session, actor, turn.slot, asked.certificate_id)
    pdf = store.read(document.file.sha256)
    if turn.slot.is_seal:
        entitlement.refuse_unsigned(session, document, examining.examine_confined(pdf, ring.trust))
    else:
        entitlement.refuse_unentitled(session, turn.slot, actor.user_id, today())
    key = WantedKey(certificate.key_place, certificate.key_name or "", certificate.der, certificate.sha256)
    assert document.file_id is not None
    return Signing(asked, document.file_id, pdf, turn.slot.is_seal, key, certificate.common_name)


def turn_of(session: Session, actor: Actor, document_id: int, slot_id: int) -> tuple[OfficialDocument, Turn]:
    """The document and the signature that is asked for; one of another document is as if it did not exist.

    Args:
        session: any transaction.
        actor: who is to give it.
        document_id: which document, read anew.
        slot_id: which of its signatures.

    Raises:
        Refusal: `not_found`, `already_signed`, `not_your_signature`, `not_your_seal`, `seal_before_signature`,
            `not_awaiting`.
    """
    document = session.get(OfficialDocument, document_id, populate_existing=True)
    found = turns.turns_of(session, actor, document) if document else []
    turn = next((each for each in found if each.slot.id == slot_id), None)
    if document is None or turn is None:
        raise Refusal("not_found")
    if turn.given is not None:
        raise Refusal("already_signed", {"name": turn.slot.name})
    if not turn.is_mine:
        raise Refusal("not_your_seal" if turn.slot.is_seal else "not_your_signature", {"name": turn.slot.name})
    if not turn.is_due:
        missing = next((each.slot.name for each in found if not each.slot.is_seal and each.given is None), "")
        code = "seal_before_signature" if turn.slot.is_seal and missing else "not_awaiting"
        raise Refusal(code, {"name": missing})
    return document, turn


def _certificate(session: Session, actor: Actor, slot: SignatureSlot, key: int) -> SigningCertificate:
    holder = Holder(unit_id=slot.unit_id) if slot.is_seal else Holder(user_id=actor.user_id)
    row = session.get(SigningCertificate, key)
    if row is None or (row.user_id, row.unit_id) != (holder.user_id, holder.unit_id):
        raise Refusal("certificate_not_yours")
    if row.revoked_at is not None:
        raise Refusal("certificate_revoked_here", {"serial": row.serial})
    if row not in certificates.usable(session, holder):
        raise Refusal("certificate_over", {"serial": row.serial})
    return row


def stamp_of(session: Session, actor: Actor, signing: Signing) -> Stamp:
    """What the signature will look like.

    Raises:
        Refusal: as `stamping.stamp_for`.
    """
    document = session.get_one(OfficialDocument, signing.asked.document_id)
    slot = session.get_one(SignatureSlot, signing.asked.slot_id)
    return stamping.stamp_for(session, document, slot, actor.user_id, utc_now())


def sign_here(ring: Keyring, signing: Signing, stamp: Stamp, pin: str) -> pades.Signed:
    """Sign with a key that the server has, outside of any transaction.

    Args:
        ring: where keys are.
        signing: as `check` found it.
        stamp: as `stamp_of` made it.
        pin: opens the key; kept nowhere.

    Raises:
        Refusal: as `keyring.opened` and `pades.sign`.
    """
    with keyring.opened(ring, signing.key, pin) as key:
        return pades.sign(signing.pdf, key, stamp, pades.best_level(ring.trust), ring.trust)


def keep(
    session: Session, actor: Actor, store: files.FileStore, signing: Signing, signed: pades.Signed, *, way: str = SERVER
) -> DocumentSignature:
    """Keep a signed file as the document's, unless somebody was faster.

    Args:
        session: the caller's transaction.
        actor: who signed.
        store: where files are kept.
        signing: as `check` found it, before.
        signed: the file.
        way: how it came to be.

    Raises:
        Refusal: `stale_version`, the document has another file or state by now; `certificate_revoked_here`, that was
            revoked meanwhile; `file_not_kept`, the disk is full.
    """
    hold_log(session)
    asked = signing.asked
    document = session.get_one(OfficialDocument, asked.document_id, populate_existing=True)
    wanted = AWAITING_SEAL if signing.is_seal else AWAITING_SIGNATURE
    if (document.file_id, document.status) != (signing.file_id, wanted):
        raise Refusal("stale_version", {"seen": asked.seen})
    certificate = session.get_one(SigningCertificate, asked.certificate_id, populate_existing=True)
    if certificate.revoked_at is not None:
        raise Refusal("certificate_revoked_here", {"serial": certificate.serial})
    file = _kept(session, actor, store, document, signed.pdf)
    row = DocumentSignature(
        document_id=document.id,
        slot_id=asked.slot_id,
        certificate_id=asked.certificate_id,
        user_id=actor.user_id,
        file_id=file.id,
        way=way,
        level=str(signed.level),
    )
    session.add(row)
    session.flush()
    document.file = file
    _move_on(session, document)
    session.flush()
    _recorded(session, actor, document, row)
    return row


def _kept(
    session: Session, actor: Actor, store: files.FileStore, document: OfficialDocument, pdf: bytes
) -> files.StoredFile:
    name = file_name(document.number, document.symbol, document.year)
    try:
        return files.keep(session, store, pdf, name, actor.user_id)
    except OSError as error:
        raise Refusal("file_not_kept", {"detail": error.strerror or ""}) from error


def _move_on(session: Session, document: OfficialDocument) -> None:
    """From signatures to seals when every person has signed, and out when every seal is on."""
    given = select(DocumentSignature.slot_id).where(DocumentSignature.document_id == document.id)
    slots = select(SignatureSlot.place).where(SignatureSlot.document_id == document.id, SignatureSlot.id.not_in(given))
    missing = set(session.scalars(slots))
    if document.status == AWAITING_SIGNATURE and not missing & set(PERSONAL):
        document.status = AWAITING_SEAL
    elif document.status == AWAITING_SEAL and not missing:
        document.status, document.released_at = RELEASED, utc_now()


def _recorded(session: Session, actor: Actor, document: OfficialDocument, row: DocumentSignature) -> None:
    session.refresh(row)
    details = {
        "number": document.number,
        "symbol": document.symbol,
        "place": row.slot.place,
        "certificate": row.certificate.sha256,
        "way": row.way,
        "level": row.level,
        "sha256": row.file.sha256,
    }
    deed = "document_sealed" if row.slot.is_seal else "document_signed"
    audit.record(session, actor=actor.username, action=deed, kind="official_document", key=document.id, details=details)
    if document.status == RELEASED:
        audit.record(
            session,
            actor=actor.username,
            action="document_released",
            kind="official_document",
            key=document.id,
            details={"number": document.number, "symbol": document.symbol, "sha256": row.file.sha256},
        )
