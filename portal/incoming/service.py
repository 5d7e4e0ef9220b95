"""Registering what arrives: it gets its number at once, is told apart from what came before, and can be corrected."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, false, or_, select, true, update

from portal import audit, files
from portal.definitions.decree import URGENCIES
from portal.documents.keeping import said
from portal.documents.models import LONGEST_NAMES, LONGEST_NOTE, LONGEST_REASON
from portal.incoming import books, rules
from portal.incoming.models import (
    LONGEST_AUTHOR,
    LONGEST_CODE,
    LONGEST_KEY,
    LONGEST_SEARCH,
    LONGEST_SUBJECT,
    LONGEST_SYMBOL,
    LONGEST_TYPE,
    ArrivalBook,
    IncomingDocument,
)
from portal.search import search_key
from portal.units.models import Unit
from workflows.errors import Refusal

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from sqlalchemy.orm import Session

    from portal.security import Actor

KEEP = ("can_keep", "IncomingView")
"""The right of registrars: to register what arrives for their units, correct it, make it void and hand it over."""

HANDLE = ("can_handle", "IncomingView")
"""The right to say how far the handling is, to make tasks of it and to link the answer."""

SCANS = ("pdf", "png", "jpg")
"""What a scan may be, of the kinds that may be uploaded at all."""

LONGEST_RECIPIENT = LONGEST_NAMES


@dataclass(frozen=True)
class Arrival:
    """What is read off a document when it arrives.

    Attributes:
        arrived_on: the day of the stamp ĐẾN.
        author: who issued it.
        symbol: number and notation as printed.
        dated_on: as printed.
        type_name: such as Kế hoạch; Công văn for a letter.
        subject: what it is about.
        urgency: one of `decree.URGENCIES`, or empty.
        due_on: by when it is to be dealt with; None without a time limit.
        code: the identification code of an electronic document; possibly empty.
        remark: anything else.
    """

    arrived_on: date | None
    author: str
    symbol: str
    dated_on: date | None
    type_name: str
    subject: str
    urgency: str = ""
    due_on: date | None = None
    code: str = ""
    remark: str = ""


@dataclass(frozen=True)
class Handing:
    """Columns 7 to 9 of the register of incoming documents.

    Attributes:
        lead_unit_id: the unit that deals with it; None while nobody does.
        recipient: the person there, or who else got it.
        handed_on: when.
        received_by: who signed for it.
    """

    lead_unit_id: int | None
    recipient: str
    handed_on: date | None
    received_by: str


def scope(actor: Actor) -> ColumnElement[bool]:
    """Arrivals of the actor's own units, and those that his units or units below them deal with."""
    if actor.sees_everything:
        return true()
    if not actor.user_id:
        return false()
    return or_(IncomingDocument.unit_id.in_(actor.own_units), IncomingDocument.lead_unit_id.in_(actor.reach))


def book_scope(actor: Actor) -> ColumnElement[bool]:
    """Books of the actor's own units; all of them for whoever reads everything."""
    if actor.sees_everything:
        return true()
    return ArrivalBook.unit_id.in_(actor.own_units) if actor.user_id else false()


def may_keep(actor: Actor, unit_id: int) -> bool:
    """Whether somebody keeps the arrivals of a unit: its own registrar, or an administrator."""
    return actor.may(*KEEP) and (actor.sees_everything or unit_id in actor.own_units)


def may_handle(actor: Actor, incoming: IncomingDocument) -> bool:
    """Whether somebody says how an arrival is dealt with: people of the unit that got it, or of the one that deals."""
    is_own = incoming.unit_id in actor.own_units or incoming.lead_unit_id in actor.reach
    return actor.may(*HANDLE) and (actor.sees_everything or is_own)


def refuse_other_keeper(actor: Actor, unit_id: int) -> None:
    """See that somebody keeps the arrivals of a unit.

    Raises:
        Refusal: `not_permitted`.
    """
    if not may_keep(actor, unit_id):
        raise Refusal("not_permitted")


def register(session: Session, actor: Actor, unit: Unit, arrival: Arrival, *, on: date, again: str) -> IncomingDocument:
    """Register what arrived: it gets the next number of the year, paper and electronic in one series.

    Args:
        session: the caller's transaction.
        actor: the registrar.
        unit: that received it.
        arrival: what was read off it.
        on: today.
        again: why it is registered although it seems to have arrived before; empty for whoever did not say so.

    Raises:
        Refusal: `not_permitted`, `issuer_not_there`; `arrival_incomplete`, `arrival_day`, `dated_after_arrival`,
            `due_before_arrival`, `unknown_urgency`, `symbol_too_long`, or as a text is refused; `arrived_before`, with
            the keys of those arrivals.
    """
    refuse_other_keeper(actor, unit.id)
    day = _arrival_day(arrival, on.year, on)
    book_id, number = books.take_number(session, unit, day)
    incoming = IncomingDocument(
        book_id=book_id, number=number, unit_id=unit.id, year=day.year, registered_by=actor.user_id
    )
    _write(incoming, arrival, day)
    _refuse_repeated(session, incoming, again)
    session.add(incoming)
    session.flush()
    return recorded(
        session, actor, incoming, "arrival_registered", {"title": incoming.subject, "reason": again or None}
    )


def correct(
    session: Session, actor: Actor, key: int, arrival: Arrival, *, version: int, on: date, again: str
) -> IncomingDocument:
    """Correct what was read off a document; number, year and unit stay, and the log keeps what was written before.

    Args:
        session: the caller's transaction.
        actor: the registrar.
        key: which arrival.
        arrival: all of it, as it is right.
        version: the version he saw.
        on: today.
        again: as for `register`.

    Raises:
        Refusal: as `take` or `register` refuse.
    """
    incoming = take(session, actor, key, version, keeps=True)
    day = _arrival_day(arrival, incoming.year, on)
    before = _typed(incoming)
    with session.no_autoflush:
        _write(incoming, arrival, day)
        _refuse_repeated(session, incoming, again)
    now = _typed(incoming)
    changes: dict[str, Any] = {name: [before[name], now[name]] for name in now if before[name] != now[name]}
    return recorded(session, actor, incoming, "arrival_corrected", changes)


def make_void(session: Session, actor: Actor, key: int, *, version: int, reason: str) -> IncomingDocument:
    """Give an arrival number up for good, such as that of a document registered twice; it stays in the book.

    Args:
        session: the caller's transaction.
        actor: the registrar.
        key: which arrival.
        version: the version he saw.
        reason: why.

    Raises:
        Refusal: `reason_required`, or as `take` or a text is refused.
    """
    why = said(reason, "reason_required", LONGEST_REASON)
    incoming = take(session, actor, key, version, keeps=True)
    incoming.void_reason = why
    return recorded(session, actor, incoming, "arrival_made_void", {"reason": why})


def hand_over(session: Session, actor: Actor, key: int, handing: Handing, *, version: int) -> IncomingDocument:
    """Note to whom an arrival was handed over; the log keeps what was noted before.

    Args:
        session: the caller's transaction.
        actor: the registrar.
        key: which arrival.
        handing: columns 7 to 9.
        version: the version he saw.

    Raises:
        Refusal: `no_such_unit`, `handed_before_arrival`, or as `take` or a text is refused.
    """
    incoming = take(session, actor, key, version, keeps=True)
    before = _handed(incoming)
    if handing.lead_unit_id is not None and session.get(Unit, handing.lead_unit_id) is None:
        raise Refusal("no_such_unit")
    if handing.handed_on and handing.handed_on < incoming.arrived_on:
        raise Refusal("handed_before_arrival")
    incoming.lead_unit_id, incoming.handed_on = handing.lead_unit_id, handing.handed_on
    incoming.recipient = said(handing.recipient, None, LONGEST_RECIPIENT) or None
    incoming.received_by = said(handing.received_by, None, LONGEST_NAMES) or None
    details = {"before": before, "now": _handed(incoming)}
    return recorded(session, actor, incoming, "arrival_handed_over", details)


def attach(
    session: Session, actor: Actor, store: files.FileStore, key: int, *, version: int, name: str, content: bytes
) -> IncomingDocument:
    """Keep the scan of an arrival; one that lay there stays in the store, and in the log.

    Args:
        session: the caller's transaction.
        actor: the registrar.
        store: where files are kept.
        key: which arrival.
        version: the version he saw.
        name: of the file.
        content: its bytes.

    Raises:
        Refusal: as `take` or a file is refused.
    """
    incoming = take(session, actor, key, version, keeps=True)
    try:
        files.refuse_unwanted(content, name, SCANS, None)
        kept = files.keep(session, store, content, name, actor.user_id)
    except files.BadFileError as error:
        raise Refusal(error.code, {"name": error.name, **error.more}) from error
    incoming.file_id = kept.id
    return recorded(session, actor, incoming, "arrival_scanned", {"name": kept.name, "sha256": kept.sha256})


def earlier(session: Session, keys: Sequence[int]) -> Sequence[IncomingDocument]:
    """The arrivals that a refusal `arrived_before` names, the first one first."""
    found = select(IncomingDocument).where(IncomingDocument.id.in_(keys))
    return session.scalars(found.order_by(IncomingDocument.id)).all()


# -- what is written -------------------------------------------------------------------------------------------


def _arrival_day(arrival: Arrival, year: int, on: date) -> date:
    """A document is registered on the day it arrives, or soon after, in the book that is open (article 22)."""
    if arrival.arrived_on is None or arrival.arrived_on.year != year or arrival.arrived_on > on:
        raise Refusal("arrival_day", {"year": year})
    return arrival.arrived_on


def _write(incoming: IncomingDocument, arrival: Arrival, day: date) -> None:
    incoming.arrived_on = day
    incoming.author = said(arrival.author, "arrival_incomplete", LONGEST_AUTHOR)
    incoming.symbol = said(arrival.symbol, "arrival_incomplete", LONGEST_SYMBOL)
    incoming.type_name = said(arrival.type_name, "arrival_incomplete", LONGEST_TYPE)
    incoming.subject = said(arrival.subject, "arrival_incomplete", LONGEST_SUBJECT)
    incoming.dated_on, incoming.due_on = _days(arrival, day)
    if arrival.urgency and arrival.urgency not in URGENCIES.values():
        raise Refusal("unknown_urgency")
    incoming.urgency = arrival.urgency or None
    incoming.code = said(arrival.code, None, LONGEST_CODE).replace(" ", "").upper() or None
    incoming.remark = said(arrival.remark, None, LONGEST_NOTE) or None
    _find(incoming)


def _days(arrival: Arrival, day: date) -> tuple[date, date | None]:
    if arrival.dated_on is None:
        raise Refusal("arrival_incomplete")
    if arrival.dated_on > day:
        raise Refusal("dated_after_arrival")
    if arrival.due_on is not None and arrival.due_on < day:
        raise Refusal("due_before_arrival")
    return arrival.dated_on, arrival.due_on


def _find(incoming: IncomingDocument) -> None:
    """Write the keys by which it is found, and known again."""
    symbol = rules.read_symbol(incoming.symbol)
    incoming.same_key = rules.same_key(symbol, incoming.author, incoming.dated_on.year)[:LONGEST_KEY]
    named = (incoming.author, incoming.symbol, incoming.type_name, incoming.subject, incoming.code, incoming.remark)
    words = (str(incoming), *named)
    incoming.search = search_key(" ".join(filter(None, words)))[:LONGEST_SEARCH]


def _refuse_repeated(session: Session, incoming: IncomingDocument, again: str) -> None:
    """Tell of an arrival with the same number, notation and author, or the same code (appendix VI.III.1h)."""
    found = _same(session, incoming)
    incoming.again_reason = said(again, None, LONGEST_REASON) or None if found else None
    if found and not incoming.again_reason:
        raise Refusal("arrived_before", {"keys": list(found)})


def _same(session: Session, incoming: IncomingDocument) -> Sequence[int]:
    alike = [IncomingDocument.same_key == incoming.same_key] if incoming.same_key else []
    alike += [IncomingDocument.code == incoming.code] if incoming.code else []
    if not alike:
        return ()
    others = (IncomingDocument.unit_id == incoming.unit_id, IncomingDocument.void_reason.is_(None), or_(*alike))
    mine = select(IncomingDocument.id).where(*others, IncomingDocument.id != (incoming.id or 0))
    return session.scalars(mine.order_by(IncomingDocument.id)).all()


def _typed(incoming: IncomingDocument) -> dict[str, str]:
    names = (
        "arrived_on",
        "author",
        "symbol",
        "dated_on",
        "type_name",
        "subject",
        "urgency",
        "due_on",
        "code",
        "remark",
    )
    return {name: str(getattr(incoming, name) or "") for name in names}


def _handed(incoming: IncomingDocument) -> list[str]:
    handed = (incoming.lead_unit_id, incoming.recipient, incoming.handed_on, incoming.received_by)
    return [str(each or "") for each in handed]


def take(session: Session, actor: Actor, key: int, version: int, *, keeps: bool) -> IncomingDocument:
    """An arrival to work on, its version moved on so that whoever saw the same one comes too late.

    Args:
        session: the caller's transaction.
        actor: who works on it.
        key: which arrival.
        version: the version he saw.
        keeps: whether it is a registrar's work; else it is that of whoever deals with it.

    Raises:
        Refusal: `not_found`, there is none or he may not see it; `not_permitted`; `stale_version`, someone changed it
            since; `arrival_void`.
    """
    incoming = session.scalar(select(IncomingDocument).where(IncomingDocument.id == key, scope(actor)))
    if incoming is None:
        raise Refusal("not_found")
    if not (may_keep(actor, incoming.unit_id) if keeps else may_handle(actor, incoming)):
        raise Refusal("not_permitted")
    mine = update(IncomingDocument).where(IncomingDocument.id == key, IncomingDocument.version == version)
    moved = mine.values(version=version + 1).execution_options(synchronize_session=False)
    if session.execute(moved.returning(IncomingDocument.id)).scalar() is None:
        raise Refusal("stale_version", {"seen": version})
    session.refresh(incoming)
    if incoming.void_reason is not None:
        raise Refusal("arrival_void")
    return incoming


def recorded(
    session: Session, actor: Actor, incoming: IncomingDocument, action: str, details: dict[str, Any]
) -> IncomingDocument:
    """Write what was done to an arrival into the log.

    Args:
        session: the caller's transaction.
        actor: who did it.
        incoming: to which arrival.
        action: what it is called.
        details: what is known of it.
    """
    session.flush()
    told = {"number": incoming.number, "symbol": incoming.symbol, **details}
    audit.record(session, actor=actor.username, action=action, kind="incoming_document", key=incoming.id, details=told)
    return incoming
