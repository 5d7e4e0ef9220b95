"""The register of signing authorities: what must hold before one is entered, and how one ends.

Source: Decree 30/2020, article 13.3 (by authorisation) and 13.4 (by order).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, false, or_, select, true, update

from portal import audit
from portal.db import lock_for, utc_now
from portal.definitions.decree import TYPES
from portal.definitions.models import Definition
from portal.documents.models import SigningAuthority
from portal.documents.numbering import hold_log
from portal.documents.rules import COPY_NAMES
from portal.documents.signing import BY_AUTHORISATION, MANDATES
from portal.security import today
from portal.texts import keep_texts
from portal.units.models import Holding, Post
from portal.units.rules import Life, within
from portal.units.service import EDIT_ROLES, SEATS_LOCK, stands_below
from workflows.errors import Refusal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

    from portal.security import Actor

KIND = "signing_authority"


def scope(actor: Actor) -> ColumnElement[bool]:
    """Every authority, for whoever is signed in; whether he has the screen is another question."""
    return true() if actor.user_id else false()


def settle_authority(session: Session, actor: Actor, row: SigningAuthority) -> None:
    """Complete and check a signing authority before it is written; one that is there is only ever revoked.

    Raises:
        Refusal: as `keep_texts`; `authority_fixed`, it is there already; `life_backwards`; `own_authority`, the actor
            would let himself sign; `authorised_on`, `authority_not_of_head`, `authority_not_to_head`,
            `authority_outside_issuer`, `authority_outside_posts`, `authority_before_its_document`;
            `authorisation_without_end`, `authorisation_without_scope`, `authorisation_for_deputies`;
            `unknown_type`, `no_such_template`.
    """
    if row.id:
        raise Refusal("authority_fixed")
    lock_for(session, SEATS_LOCK)
    keep_texts(row)
    row.types, row.templates = list(row.types or ()), list(row.templates or ())
    row.with_deputies = bool(row.with_deputies)
    if row.kind not in MANDATES:
        raise Refusal("not_permitted")
    _refuse_own(session, actor, row.signer_post)
    _check_posts(session, row)
    _check_days(row)
    _check_scope(session, row)


def _refuse_own(session: Session, actor: Actor, signer: Post) -> None:
    """Nobody lets himself sign, as nobody seats himself; whoever could give himself any right is not held back."""
    not_over = or_(Holding.valid_to.is_(None), Holding.valid_to >= today())
    mine = select(Holding.id).where(Holding.post_id == signer.id, Holding.user_id == actor.user_id, not_over)
    if session.scalar(mine.limit(1)) is not None and not actor.may(*EDIT_ROLES):
        raise Refusal("own_authority")


def _check_posts(session: Session, row: SigningAuthority) -> None:
    """From the head of the issuer to the head of a part of it; whoever signs by authorisation gives nothing on."""
    source, signer, issuer = row.source_post, row.signer_post, row.issuer
    if (source.unit_id, source.kind) != (issuer.id, "head"):
        given = select(SigningAuthority.id).where(
            SigningAuthority.issuer_id == issuer.id, SigningAuthority.signer_post_id == source.id
        )
        code = "authority_not_of_head" if session.scalar(given.limit(1)) is None else "authorised_on"
        raise Refusal(code, {"post": source.title, "issuer": issuer.name})
    if signer.kind != "head":
        raise Refusal("authority_not_to_head", {"post": signer.title})
    if not stands_below(session, signer.unit_id, issuer.id):
        raise Refusal("authority_outside_issuer", {"unit": signer.unit.name, "issuer": issuer.name})


def _check_days(row: SigningAuthority) -> None:
    if row.valid_to is not None and row.valid_to < row.valid_from:
        raise Refusal("life_backwards", {"from": row.valid_from.isoformat(), "to": row.valid_to.isoformat()})
    if row.kind == BY_AUTHORISATION and row.valid_to is None:
        raise Refusal("authorisation_without_end")
    if row.grounds_on > row.valid_from:
        raise Refusal("authority_before_its_document")
    life: Life = (row.valid_from, row.valid_to)
    for post in (row.source_post, row.signer_post):
        if not within(life, (post.valid_from, post.valid_to)):
            raise Refusal("authority_outside_posts", {"post": post.title})


def _check_scope(session: Session, row: SigningAuthority) -> None:
    if row.kind == BY_AUTHORISATION:
        if not row.types and not row.templates:
            raise Refusal("authorisation_without_scope")
        if row.with_deputies:
            raise Refusal("authorisation_for_deputies")
    if unknown := sorted(set(row.types) - {*TYPES, *COPY_NAMES}):
        raise Refusal("unknown_type", {"type": unknown[0]})
    known = select(Definition.key).where(Definition.kind == "document", Definition.key.in_(row.templates))
    if missing := sorted(set(row.templates) - set(session.scalars(known))):
        raise Refusal("no_such_template", {"template": missing[0]})


def revoke(session: Session, actor: Actor, authority_id: int) -> SigningAuthority:
    """Take an authority back, now; what was signed by it stays as it is.

    Args:
        session: the transaction; the caller commits.
        actor: who takes it back.
        authority_id: which.

    Raises:
        Refusal: `not_found`; `authority_revoked`, it was taken back already.
    """
    hold_log(session)  # decisions take it before they read what is revoked here
    found = session.scalar(select(SigningAuthority).where(SigningAuthority.id == authority_id, scope(actor)))
    if found is None:
        raise Refusal("not_found")
    alive = (SigningAuthority.id == found.id, SigningAuthority.revoked_at.is_(None))
    ended = session.execute(
        update(SigningAuthority)
        .where(*alive)
        .values(revoked_at=utc_now(), revoked_by=actor.user_id)
        .execution_options(synchronize_session=False)
    )
    if ended.rowcount != 1:  # type: ignore[attr-defined]
        raise Refusal("authority_revoked")
    session.refresh(found)
    details = {
        "kind": found.kind,
        "issuer": found.issuer.code,
        "post": str(found.signer_post),
        "document": found.grounds,
    }
    audit.record(session, actor=actor.username, action=f"{KIND}_revoked", kind=KIND, key=found.id, details=details)
    return found


def in_force(session: Session) -> Sequence[SigningAuthority]:
    """The authorities that hold today or will."""
    given = session.scalars(select(SigningAuthority).order_by(SigningAuthority.id))
    return [each for each in given if each.state in ("ahead", "in_force")]
