"""Saying that one document follows another, and reading it both ways (Decree 30/2020, articles 18 and 25)."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import ColumnElement, exists, or_, select

from portal import audit
from portal.db import utc_now
from portal.documents.finding import found_lines, seen_lines
from portal.documents.keeping import may_keep, refuse_other_keeper, said
from portal.documents.links import (
    CORRECTS,
    RECALLED,
    RECALLS,
    REPLACED,
    REPLACES,
    DocumentLink,
)
from portal.documents.models import LONGEST_REASON, RELEASED, USED, OfficialDocument, RegisterEntry
from portal.documents.numbering import hold_log
from portal.documents.service import scope
from portal.security import VIETNAM
from workflows.errors import Refusal

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from sqlalchemy.orm import Session

    from portal.security import Actor

BY_ISSUER = (CORRECTS, REPLACES, RECALLS)
"""What only the issuer of a document does to it (Decree 30/2020, article 18.3)."""

ENDS = {REPLACES: REPLACED, RECALLS: RECALLED}
"""What is done to a document once and for all, and what it is then."""


class Seen(NamedTuple):
    """A link as a reader sees it from one of its ends.

    Attributes:
        link: the link.
        is_later: whether he looks from the later document.
        other: the line at the other end; None for a recall without a document of its own.
        document_id: the document of that line, if he may open it.
    """

    link: DocumentLink
    is_later: bool
    other: RegisterEntry | None
    document_id: int | None


class Fate(NamedTuple):
    """What anybody may know of what follows a document.

    Attributes:
        kind: one of `links.KINDS`.
        symbol: number and symbol of what follows; empty for a recall without a document of its own.
        day: its date, or that of the decision.
        title: its type and subject; empty likewise.
    """

    kind: str
    symbol: str
    day: date
    title: str


def scope_of_links(actor: Actor) -> ColumnElement[bool]:
    """Links of documents that the actor may read, or whose registers he may."""
    seen = select(RegisterEntry.id).where(seen_lines(actor))
    return or_(DocumentLink.earlier_id.in_(seen), DocumentLink.later_id.in_(seen))


def line_of(session: Session, document_id: int) -> RegisterEntry:
    """The line of a document of the portal; each has one from the moment of its issue."""
    return session.scalars(select(RegisterEntry).where(RegisterEntry.document_id == document_id)).one()


def follow(
    session: Session, actor: Actor, kind: str, later: RegisterEntry | None, earlier: RegisterEntry, *, reason: str
) -> DocumentLink:
    """Say that a document follows another; it is never taken back.

    Args:
        session: the caller's transaction.
        actor: who says it; whether he may, the caller asks.
        kind: one of `links.KINDS`.
        later: the line of what follows; None only for a recall by a decision alone.
        earlier: the line of what it follows.
        reason: what was wrong, or why.

    Raises:
        Refusal: `reason_required`, `link_itself`, `link_not_used`, `link_backwards`, `link_other_issuer`,
            `link_there`, `already_ended`, the earlier one is replaced or recalled; or as a text is refused.
    """
    hold_log(session)
    why = said(reason, "reason_required", LONGEST_REASON)
    _refuse_unfit(kind, later, earlier)
    _refuse_ended(session, kind, later, earlier)
    link = DocumentLink(
        kind=kind, later_id=later.id if later else None, earlier_id=earlier.id, reason=why, made_by=actor.user_id
    )
    session.add(link)
    session.flush()
    if earlier.document_id:
        session.expire(session.get_one(OfficialDocument, earlier.document_id), ["fate"])
    details = {"earlier": str(earlier), "later": str(later or ""), "reason": why}
    audit.record(
        session,
        actor=actor.username,
        action=f"document_link_{kind}",
        kind="document_link",
        key=link.id,
        details=details,
    )
    return link


def lapse(session: Session, document: OfficialDocument) -> None:
    """Let a document follow nothing any more, for it was sent back unsigned: what it would have followed holds again.

    Args:
        session: the transaction in which its number was made void.
        document: which one.
    """
    line = line_of(session, document.id)
    holding = (DocumentLink.later_id == line.id, DocumentLink.lapsed_at.is_(None))
    for link in session.scalars(select(DocumentLink).where(*holding)):
        link.lapsed_at = utc_now()
        if link.earlier.document_id:
            session.expire(session.get_one(OfficialDocument, link.earlier.document_id), ["fate"])
    session.flush()


def _refuse_unfit(kind: str, later: RegisterEntry | None, earlier: RegisterEntry) -> None:
    """What follows is another document, of a later or the same day, and of the same issuer where that is the rule."""
    if earlier.state != USED or (later is not None and later.state != USED):
        raise Refusal("link_not_used")
    if later is None:
        return
    if later.id == earlier.id:
        raise Refusal("link_itself")
    if later.dated_on and earlier.dated_on and later.dated_on < earlier.dated_on:
        raise Refusal("link_backwards", {"symbol": str(later)})
    if kind in BY_ISSUER and later.issuer_id != earlier.issuer_id:
        raise Refusal("link_other_issuer", {"symbol": str(earlier)})


def _refuse_ended(session: Session, kind: str, later: RegisterEntry | None, earlier: RegisterEntry) -> None:
    before = session.scalars(select(DocumentLink).where(DocumentLink.earlier_id == earlier.id)).all()
    if any(each.kind == kind and later is not None and each.later_id == later.id for each in before):
        raise Refusal("link_there")
    ended = next((each for each in before if each.kind in ENDS and each.lapsed_at is None), None)
    if ended and kind in BY_ISSUER:
        raise Refusal("already_ended", {"symbol": str(earlier), "became": ENDS[ended.kind]})


def follow_by_hand(
    session: Session, actor: Actor, kind: str, later_id: int | None, document: OfficialDocument, *, reason: str
) -> DocumentLink:
    """Link what was issued to correct, replace or recall a document, here or on paper.

    Args:
        session: the caller's transaction.
        actor: the registrar of its issuer.
        kind: one of `BY_ISSUER`.
        later_id: the line of what follows.
        document: the earlier one.
        reason: what was wrong, or why.

    Raises:
        Refusal: `not_permitted`, `unknown_link`, `no_such_later`, or as `follow`.
    """
    refuse_other_keeper(actor, document.issuer_id)
    if kind not in BY_ISSUER:
        raise Refusal("unknown_link")
    later = session.scalar(select(RegisterEntry).where(RegisterEntry.id == (later_id or 0), seen_lines(actor)))
    if later is None:
        raise Refusal("no_such_later")
    return follow(session, actor, kind, later, line_of(session, document.id), reason=reason)


def may_link(actor: Actor, document: OfficialDocument) -> bool:
    """Whether somebody links what follows a document: the registrar of its issuer, until it is replaced or recalled."""
    return may_keep(actor, document.issuer_id) and document.fate not in ENDS.values()


def possible_later(session: Session, actor: Actor, document: OfficialDocument, words: str) -> Sequence[RegisterEntry]:
    """Documents of the same issuer that may follow one, the latest first.

    Args:
        session: any transaction.
        actor: who looks.
        document: the earlier one.
        words: a number, a symbol, or words of the title.
    """
    of_issuer = RegisterEntry.issuer_id == document.issuer_id
    not_before = RegisterEntry.dated_on >= document.issued_on
    other = or_(RegisterEntry.document_id.is_(None), RegisterEntry.document_id != document.id)
    return found_lines(session, actor, words, of_issuer, not_before, other)


def links_of(session: Session, actor: Actor, document_id: int) -> list[Seen]:
    """What follows a document and what it follows, in the order in which it was said.

    Args:
        session: any transaction.
        actor: who reads it; he may see the document.
        document_id: its key.
    """
    mine = select(RegisterEntry.id).where(RegisterEntry.document_id == document_id)
    either = or_(DocumentLink.earlier_id.in_(mine), DocumentLink.later_id.in_(mine))
    links = session.scalars(select(DocumentLink).where(either).order_by(DocumentLink.id)).all()
    ends = [(link, link.later is not None and link.later.document_id == document_id) for link in links]
    others = [link.earlier if is_later else link.later for link, is_later in ends]
    named = [each.document_id for each in others if each and each.document_id]
    asked = select(OfficialDocument.id).where(OfficialDocument.id.in_(named), scope(actor))
    seen = set(session.scalars(asked)) if named else set()
    return [
        Seen(link, is_later, other, other.document_id if other and other.document_id in seen else None)
        for (link, is_later), other in zip(ends, others, strict=True)
    ]


def fates(session: Session, document_id: int, *, only_out: bool = False) -> list[Fate]:
    """What follows a document, for whoever holds it in his hands.

    Args:
        session: any transaction.
        document_id: its key.
        only_out: leave out what a document of the portal does that is not released: until it is signed, nothing holds.
    """
    mine = select(RegisterEntry.id).where(RegisterEntry.document_id == document_id)
    holding: list[ColumnElement[bool]] = [DocumentLink.earlier_id.in_(mine), DocumentLink.lapsed_at.is_(None)]
    if only_out:
        not_out = select(RegisterEntry.id).join(OfficialDocument, OfficialDocument.id == RegisterEntry.document_id)
        waits = not_out.where(OfficialDocument.status != RELEASED)
        holding.append(or_(DocumentLink.later_id.is_(None), DocumentLink.later_id.not_in(waits)))
    return [_fate(link) for link in session.scalars(select(DocumentLink).where(*holding).order_by(DocumentLink.id))]


def _fate(link: DocumentLink) -> Fate:
    later = link.later
    if later is None or later.dated_on is None:
        return Fate(link.kind, "", day_of(link), "")
    return Fate(link.kind, str(later), later.dated_on, later.title or "")


def day_of(link: DocumentLink) -> date:
    """The day on which it was said."""
    return link.made_at.astimezone(VIETNAM).date()


def is_recalled(session: Session, document_id: int) -> bool:
    """Whether a document was recalled."""
    line = exists().where(
        DocumentLink.kind == RECALLS,
        DocumentLink.lapsed_at.is_(None),
        DocumentLink.earlier_id == RegisterEntry.id,
        RegisterEntry.document_id == document_id,
    )
    return bool(session.scalar(select(line)))
