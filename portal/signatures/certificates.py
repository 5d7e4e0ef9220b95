"""Certificates: somebody binds one to a person or a unit, nobody to himself, and it is revoked, never changed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NoReturn

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from flask_appbuilder.security.sqla.models import User
from sqlalchemy import ColumnElement, false, func, or_, select, true, update

from portal import audit
from portal.db import utc_now
from portal.documents.keeping import said
from portal.documents.models import LONGEST_REASON
from portal.search import search_key
from portal.security import today
from portal.signatures import keys, rules
from portal.signatures.models import (
    KEY_PLACES,
    LONGEST_DN,
    OWN_PC,
    SigningCertificate,
)
from portal.units.models import Holding, Post, Unit
from workflows.errors import Refusal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Select
    from sqlalchemy.orm import Session

    from portal.security import Actor

KIND = "signing_certificate"
ENTER = ("can_enter", "SigningCertificateView")
"""The right to bind certificates and pictures: of registrars for their units and people, of administrators for all."""

KILOBYTE = 1024


@dataclass(frozen=True)
class Holder:
    """Whose a certificate or a picture is: a person or a unit.

    Attributes:
        user_id: the person; None for a unit.
        unit_id: the unit; None for a person.
    """

    user_id: int | None = None
    unit_id: int | None = None


@dataclass(frozen=True)
class Entry:
    """What is entered of a certificate.

    Attributes:
        holder: to whom it is bound.
        content: the file: DER or PEM.
        key_place: where the private key is.
        key_name: the key file or the token; empty where the key is on the signer's own PC.
        confirmed: that it is his although it names him differently.
    """

    holder: Holder
    content: bytes
    key_place: str
    key_name: str
    confirmed: bool


def scope(actor: Actor) -> ColumnElement[bool]:
    """One's own certificates, those of one's units, and those that one may enter; all for who reads everything."""
    if actor.sees_everything:
        return true()
    if not actor.user_id:
        return false()
    mine = [SigningCertificate.user_id == actor.user_id, SigningCertificate.unit_id.in_(actor.own_units)]
    if actor.may(*ENTER):
        mine += [SigningCertificate.user_id.in_(people_of(actor)), SigningCertificate.unit_id.in_(actor.reach)]
    return or_(*mine)


def people_of(actor: Actor) -> Select[int]:
    """Who sits today in a unit of an actor, or in one below."""
    there = (Holding.valid_from <= today(), or_(Holding.valid_to.is_(None), Holding.valid_to >= today()))
    units = Post.unit_id.in_(actor.reach | actor.own_units)
    return select(Holding.user_id).join(Post, Post.id == Holding.post_id).where(units, *there)


def holders(session: Session, actor: Actor) -> tuple[Sequence[Unit], Sequence[User]]:
    """Units and people that somebody may bind certificates and pictures to; never himself.

    Args:
        session: any transaction.
        actor: with the right to.
    """
    units = select(Unit).where(or_(Unit.valid_to.is_(None), Unit.valid_to >= today()))
    people = select(User).where(User.active.is_(True), User.id != actor.user_id)
    if not actor.sees_everything:
        units = units.where(Unit.id.in_(actor.own_units))
        people = people.where(User.id.in_(people_of(actor)))
    by_name = func.lower(User.last_name), User.first_name, User.id
    return session.scalars(units.order_by(Unit.sort_key, Unit.id)).all(), session.scalars(
        people.order_by(*by_name)
    ).all()


def refuse_other_holder(session: Session, actor: Actor, holder: Holder) -> str:
    """See that somebody may bind something to a holder; gives what the holder is called.

    Raises:
        Refusal: `not_permitted`; `own_certificate`, it would be his own; `no_such_holder`.
    """
    if not actor.may(*ENTER):
        raise Refusal("not_permitted")
    if holder.user_id is not None and holder.user_id == actor.user_id:
        raise Refusal("own_certificate")
    units, people = holders(session, actor)
    unit = next((each for each in units if each.id == holder.unit_id), None)
    user = next((each for each in people if each.id == holder.user_id), None)
    if unit is None and user is None:
        raise Refusal("no_such_holder")
    return user.get_full_name() if user else str(unit)


def enter(session: Session, actor: Actor, entry: Entry) -> SigningCertificate:
    """Bind a certificate to a person or a unit.

    Args:
        session: the caller's transaction.
        actor: who binds it; the log keeps his name.
        entry: what was given.

    Raises:
        Refusal: as `refuse_other_holder` and `read`; `key_place_unknown`, `key_name_needed`; `certificate_there`,
            somebody entered it before; `certificate_other_name`, it names another and nobody confirmed that it is
            his; as `keys.check_certificate`.
    """
    name = refuse_other_holder(session, actor, entry.holder)
    certificate = read(entry.content)
    der = certificate.public_bytes(Encoding.DER)
    facts, key_name = keys.facts(der), _key_name(entry)
    keys.check_certificate(der, utc_now())
    if session.scalar(select(SigningCertificate.id).where(SigningCertificate.sha256 == facts.sha256)) is not None:
        raise Refusal("certificate_there", {"name": facts.name})
    if search_key(name) not in search_key(facts.name) and not entry.confirmed:
        raise Refusal("certificate_other_name", {"name": facts.name, "holder": name})
    row = SigningCertificate(
        user_id=entry.holder.user_id,
        unit_id=entry.holder.unit_id,
        der=der,
        sha256=facts.sha256,
        common_name=facts.name[:LONGEST_DN],
        subject=certificate.subject.rfc4514_string()[:LONGEST_DN],
        issuer=certificate.issuer.rfc4514_string()[:LONGEST_DN],
        serial=facts.serial,
        valid_from=facts.not_before,
        valid_to=facts.not_after,
        key_place=entry.key_place,
        key_name=key_name,
        entered_by=actor.user_id or None,
    )
    session.add(row)
    session.flush()
    _recorded(session, actor, row, "entered", holder=name, serial=row.serial, key_place=row.key_place)
    return row


def read(content: bytes) -> x509.Certificate:
    """The certificate in a file; of several in one file, the first.

    Raises:
        Refusal: `file_needed`, `certificate_too_large`, `private_key_given`, `certificate_unreadable`.
    """
    if not content:
        raise Refusal("file_needed")
    if len(content) > rules.LARGEST_CERTIFICATE_KB * KILOBYTE:
        raise Refusal("certificate_too_large", {"max": rules.LARGEST_CERTIFICATE_KB})
    if rules.holds_private_key(content):
        raise Refusal("private_key_given")
    try:
        if b"-----BEGIN" in content:
            return x509.load_pem_x509_certificates(content)[0]
        return x509.load_der_x509_certificate(content)
    except ValueError:
        _unreadable()


def _unreadable() -> NoReturn:
    raise Refusal("certificate_unreadable")


def _key_name(entry: Entry) -> str | None:
    if entry.key_place not in KEY_PLACES:
        raise Refusal("key_place_unknown")
    if entry.key_place == OWN_PC:
        return None
    name = entry.key_name.strip()
    if not rules.is_key_name(name):
        raise Refusal("key_name_needed")
    return name


def revoke(session: Session, actor: Actor, key: int, reason: str) -> SigningCertificate:
    """Revoke a certificate here, now; what was signed with it stays.

    Args:
        session: the caller's transaction.
        actor: who does.
        key: which.
        reason: why; the log keeps it.

    Raises:
        Refusal: `not_found`, `not_permitted`, `reason_required`; `certificate_revoked_before`.
    """
    why = said(reason, "reason_required", LONGEST_REASON)
    row = session.scalar(select(SigningCertificate).where(SigningCertificate.id == key, scope(actor)))
    if row is None:
        raise Refusal("not_found")
    if not may_revoke(actor, row):
        raise Refusal("not_permitted")
    alive = (SigningCertificate.id == key, SigningCertificate.revoked_at.is_(None))
    ended = update(SigningCertificate).where(*alive).returning(SigningCertificate.id)
    ended = ended.values(revoked_at=utc_now(), revoked_by=actor.user_id, revoke_reason=why)
    if session.execute(ended.execution_options(synchronize_session=False)).scalar() is None:
        raise Refusal("certificate_revoked_before")
    session.refresh(row)
    _recorded(session, actor, row, "revoked", serial=row.serial, reason=why)
    return row


def may_revoke(actor: Actor, row: SigningCertificate) -> bool:
    """Whether somebody may revoke a certificate: its holder, whose key it is, or who may enter it."""
    return row.user_id == actor.user_id or actor.may(*ENTER)


def usable(session: Session, holder: Holder) -> list[SigningCertificate]:
    """The certificates of a holder that can be signed with now, the one that ends last first.

    Args:
        session: any transaction.
        holder: a person or a unit.
    """
    column = SigningCertificate.user_id if holder.unit_id is None else SigningCertificate.unit_id
    now, key = utc_now(), holder.user_id if holder.unit_id is None else holder.unit_id
    alive = (SigningCertificate.valid_from <= now, SigningCertificate.valid_to >= now)
    mine = select(SigningCertificate).where(column == key, SigningCertificate.revoked_at.is_(None), *alive)
    return list(session.scalars(mine.order_by(SigningCertificate.valid_to.desc(), SigningCertificate.id)))


def _recorded(session: Session, actor: Actor, row: SigningCertificate, deed: str, **details: object) -> None:
    told = {"sha256": row.sha256, "user_id": row.user_id, "unit_id": row.unit_id, **details}
    audit.record(session, actor=actor.username, action=f"{KIND}_{deed}", kind=KIND, key=row.id, details=told)
