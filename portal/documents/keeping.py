"""Keeping a register: numbers reserved for paper, used for it or made void with a reason, and what was handed over."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, false, select, true, update

from portal import audit
from portal.db import utc_now
from portal.definitions.decree import LETTER, LETTER_NAME, TYPE_NAMES
from portal.documents import numbering, rules, series, signing
from portal.documents.letters import missing_letters
from portal.documents.models import (
    LONGEST_NAMES,
    LONGEST_NOTE,
    LONGEST_REASON,
    RESERVED,
    USED,
    VOID,
    Register,
    RegisterEntry,
)
from portal.texts import kept
from portal.units import headers
from workflows.errors import Refusal

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from portal.documents.columns import Words
    from portal.security import Actor

KEEP = ("can_keep", "RegisterView")
"""The right of registrars: to reserve numbers, register paper and make numbers void in the books of their units."""

LONGEST_SUBJECT, LONGEST_SYMBOL, LONGEST_RECIPIENTS = 500, 40, 2000
MOST_COPIES = 9999


@dataclass(frozen=True)
class Paper:
    """A document that was signed on paper, as it is registered.

    Attributes:
        kind: one of `decree.TYPES`.
        symbol: as printed behind the number.
        dated_on: as printed.
        subject: what it is about.
        signer: who signed it.
        recipients: who gets it.
        kept_by: who keeps the copy.
    """

    kind: str
    symbol: str
    dated_on: date | None
    subject: str
    signer: str
    recipients: str
    kept_by: str


@dataclass(frozen=True)
class Handover:
    """What is noted when a document goes out: columns 7 to 10 of the register.

    Attributes:
        copies: how many; None while nobody counted them.
        sent_on: when they were handed over.
        received_by: who signed for them.
        note: anything else.
    """

    copies: int | None
    sent_on: date | None
    received_by: str
    note: str


def entry_scope(actor: Actor) -> ColumnElement[bool]:
    """Lines of the registers of the actor's own units; all of them for whoever reads everything."""
    if actor.sees_everything:
        return true()
    return RegisterEntry.issuer_id.in_(actor.own_units) if actor.user_id else false()


def may_keep(actor: Actor, unit_id: int) -> bool:
    """Whether somebody keeps the books of a unit: its own registrar, or an administrator."""
    return actor.may(*KEEP) and (actor.sees_everything or unit_id in actor.own_units)


def refuse_other_keeper(actor: Actor, unit_id: int) -> None:
    """See that somebody keeps the books of a unit.

    Raises:
        Refusal: `not_permitted`.
    """
    if not may_keep(actor, unit_id):
        raise Refusal("not_permitted")


def reserve(
    session: Session, actor: Actor, register: Register, *, reason: str, until: date | None, on: date
) -> RegisterEntry:
    """Take the next number for a document that will be signed on paper.

    Args:
        session: the caller's transaction.
        actor: the registrar.
        register: a book of this year.
        reason: what for.
        until: the day by which the document is to be registered or the number made void.
        on: today.

    Raises:
        Refusal: `not_permitted`, `book_closed`, `issuer_not_there`, `reason_required`, `until_required`, or as a text
            is refused.
    """
    refuse_other_keeper(actor, register.unit_id)
    numbering.refuse_closed(register, on)
    why = said(reason, "reason_required", LONGEST_REASON)
    if until is None or until < on:
        raise Refusal("until_required")
    number = numbering.next_number(session, register)
    entry = RegisterEntry(
        register_id=register.id,
        issuer_id=register.unit_id,
        year=register.year,
        number=number,
        state=RESERVED,
        reason=why,
        reserved_by=actor.user_id,
        reserved_at=utc_now(),
        reserved_until=until,
    )
    session.add(entry)
    session.flush()
    return _recorded(session, actor, entry, "number_reserved", {"reason": why, "until": until.isoformat()})


def make_void(session: Session, actor: Actor, entry_id: int, *, version: int, reason: str) -> RegisterEntry:
    """Give a reserved number up for good: it stays in the register with its reason, and is never used.

    Args:
        session: the caller's transaction.
        actor: the registrar.
        entry_id: which line.
        version: the version he saw.
        reason: why.

    Raises:
        Refusal: `reason_required`, or as `_take` refuses, or as a text is refused.
    """
    why = said(reason, "reason_required", LONGEST_REASON)
    entry = _take(session, actor, entry_id, version, RESERVED)
    entry.state, entry.void_reason = VOID, why
    return _settled(session, actor, entry, "number_made_void", {"reason": why})


def use_on_paper(
    session: Session, actor: Actor, entry_id: int, paper: Paper, *, version: int, on: date
) -> RegisterEntry:
    """Register a document signed on paper under the number that was reserved for it (Decree 30/2020, article 15).

    Args:
        session: the caller's transaction.
        actor: the registrar.
        entry_id: which line.
        paper: what was signed.
        version: the version he saw.
        on: today.

    Raises:
        Refusal: `paper_incomplete`, `unknown_type`, `type_of_other_book`, `not_its_symbol`, `paper_date`,
            `issuer_not_there`, `symbol_taken`, or as `_take` refuses, or as a text is refused.
    """
    entry = _take(session, actor, entry_id, version, RESERVED)
    with session.no_autoflush:
        _write_paper(session, entry, paper, on)
        _refuse_taken_symbol(session, entry)
        entry.state = USED
    return _settled(session, actor, entry, "paper_document_registered", {"symbol": entry.symbol, "title": entry.title})


def use_for_copy(
    session: Session, actor: Actor, entry_id: int, words: Words, *, symbol: str, dated_on: date, version: int
) -> RegisterEntry:
    """Register a copy that the portal printed and that was signed by hand, under the number that was reserved for it.

    Args:
        session: the caller's transaction.
        actor: the registrar.
        entry_id: which line.
        words: columns 3 to 6.
        symbol: as printed behind the number.
        dated_on: as printed.
        version: the version he saw.

    Raises:
        Refusal: `symbol_taken`, or as `_take` refuses.
    """
    entry = _take(session, actor, entry_id, version, RESERVED)
    with session.no_autoflush:
        entry.symbol, entry.dated_on, entry.title = symbol, dated_on, words.title
        entry.signer, entry.recipients, entry.kept_by = words.signer, words.recipients, words.kept_by
        _refuse_taken_symbol(session, entry)
        entry.state = USED
    return _settled(session, actor, entry, "copy_registered", {"symbol": symbol, "title": words.title})


def _write_paper(session: Session, entry: RegisterEntry, paper: Paper, on: date) -> None:
    subject = said(paper.subject, "paper_incomplete", LONGEST_SUBJECT)
    entry.symbol = _symbol(session, entry, paper)
    entry.dated_on = _day(entry, paper.dated_on, on)
    entry.title = _title(paper.kind, subject)
    entry.signer = said(paper.signer, "paper_incomplete", LONGEST_NAMES)
    entry.recipients = said(paper.recipients, "paper_incomplete", LONGEST_RECIPIENTS)
    entry.kept_by = said(paper.kept_by, None, LONGEST_NAMES) or rules.ARCHIVE


def _title(kind: str, subject: str) -> str:
    """Column 3: type and subject, as documents of the portal say it."""
    return f"{LETTER_NAME} {rules.ABOUT} {subject}" if kind == LETTER else f"{TYPE_NAMES[kind]} {subject}"


def _symbol(session: Session, entry: RegisterEntry, paper: Paper) -> str:
    """Box 3 after the slash: type, issuer, and whose draft it is, as the decree puts them together."""
    book = entry.register
    if paper.kind not in (LETTER, *TYPE_NAMES):
        raise Refusal("unknown_type", {"type": paper.kind})
    numbers = series.numbering(numbering.scheme_of(session, book.unit_id, book.year), paper.kind)
    if numbers.key != book.series:
        raise Refusal("type_of_other_book", {"type": TYPE_NAMES.get(paper.kind, LETTER_NAME), "book": numbers.name})
    issuer = _issuer_symbol(session, book, paper)
    start = f"{issuer}-" if paper.kind == LETTER else f"{paper.kind}-{issuer}"
    symbol = said(paper.symbol, "paper_incomplete", LONGEST_SYMBOL)
    rest = symbol.removeprefix(start)
    drafter = rest if paper.kind == LETTER else rest.removeprefix("-")
    try:
        made = rules.symbol(issuer, type_abbreviation="" if paper.kind == LETTER else paper.kind, unit=drafter)
    except rules.DecreeError:
        made = ""
    if made != symbol:
        raise Refusal("not_its_symbol", {"symbol": symbol, "start": start})
    return symbol


def _issuer_symbol(session: Session, book: Register, paper: Paper) -> str:
    """The abbreviation of the issuer on the day of the document; of a chairman's own document with his before it."""
    unit = book.unit
    of_unit = headers.printed_on(session, unit, paper.dated_on).symbol if paper.dated_on else unit.symbol
    own = f"{signing.OF_THE_HEAD}{of_unit}"
    try:
        signing.refuse_head_himself(unit.kind, paper.dated_on or date.min)
    except rules.DecreeError:
        return of_unit
    return own if own in paper.symbol.split("-") else of_unit


def _day(entry: RegisterEntry, day: date | None, on: date) -> date:
    if day is None or day.year != entry.year or day > on:
        raise Refusal("paper_date", {"year": entry.year})
    numbering.refuse_ended(entry.register.unit, day)
    return day


def _refuse_taken_symbol(session: Session, entry: RegisterEntry) -> None:
    """Number and symbol are given once in a year, on paper and here together (Decree 30/2020, article 15)."""
    same = select(RegisterEntry.id).where(
        RegisterEntry.issuer_id == entry.issuer_id,
        RegisterEntry.year == entry.year,
        RegisterEntry.number == entry.number,
        RegisterEntry.symbol == entry.symbol,
        RegisterEntry.id != entry.id,
    )
    if session.scalar(same) is not None:
        raise Refusal("symbol_taken", {"symbol": rules.reference(entry.number, str(entry.symbol))})


def note_handover(session: Session, actor: Actor, entry_id: int, handover: Handover, *, version: int) -> RegisterEntry:
    """Note what was handed over of a document; the log keeps what was noted before.

    Args:
        session: the caller's transaction.
        actor: the registrar.
        entry_id: which line.
        handover: columns 7 to 10.
        version: the version he saw.

    Raises:
        Refusal: `copies_wrong`, `sent_before_dated`, or as `_take` refuses, or as a text is refused.
    """
    entry = _take(session, actor, entry_id, version, USED)
    former = _handed(entry)
    if handover.copies is not None and not 0 < handover.copies <= MOST_COPIES:
        raise Refusal("copies_wrong", {"most": MOST_COPIES})
    if handover.sent_on and entry.dated_on and handover.sent_on < entry.dated_on:
        raise Refusal("sent_before_dated")
    entry.copies, entry.sent_on = handover.copies, handover.sent_on
    entry.received_by = said(handover.received_by, None, LONGEST_NAMES) or None
    entry.note = said(handover.note, None, LONGEST_NOTE) or None
    return _recorded(session, actor, entry, "handover_noted", {"before": former, "now": _handed(entry)})


def _handed(entry: RegisterEntry) -> list[str]:
    return [str(each or "") for each in (entry.copies, entry.sent_on, entry.received_by, entry.note)]


def said(text: str, missing: str | None, most: int) -> str:
    """A text of the register as it is stored and can be printed.

    Args:
        text: as it was typed.
        missing: the code of the refusal where it says nothing; None where it may.
        most: how many letters it may have.

    Raises:
        Refusal: that code, `text_too_long`, `unprintable`, or `classified_entry`, for secrets have another register.
    """
    words = " ".join(kept(text, most).split())
    if not words and missing:
        raise Refusal(missing)
    if letters := missing_letters(words):
        raise Refusal("unprintable", {"letters": " ".join(letters[:5])})
    try:
        rules.refuse_classified([words])
    except rules.DecreeError as error:
        raise Refusal("classified_entry", error.params) from error
    return words


def _take(session: Session, actor: Actor, entry_id: int, version: int, state: str) -> RegisterEntry:
    """A line to work on, its version moved on so that whoever saw the same one comes too late.

    Raises:
        Refusal: `not_found`, there is none or he may not see it; `not_permitted`; `stale_version`, someone changed it
            since; `not_reserved` or `not_used`, it is in no such state.
    """
    entry = session.scalar(select(RegisterEntry).where(RegisterEntry.id == entry_id, entry_scope(actor)))
    if entry is None:
        raise Refusal("not_found")
    refuse_other_keeper(actor, entry.issuer_id)
    mine = update(RegisterEntry).where(RegisterEntry.id == entry_id, RegisterEntry.version == version)
    moved = mine.values(version=version + 1).execution_options(synchronize_session=False)
    if session.execute(moved.returning(RegisterEntry.id)).scalar() is None:
        raise Refusal("stale_version", {"seen": version})
    session.refresh(entry)
    if entry.state != state:
        raise Refusal(f"not_{state}")
    return entry


def _settled(
    session: Session, actor: Actor, entry: RegisterEntry, action: str, details: dict[str, Any]
) -> RegisterEntry:
    entry.settled_by, entry.settled_at = actor.user_id, utc_now()
    session.flush()
    return _recorded(session, actor, entry, action, details)


def _recorded(
    session: Session, actor: Actor, entry: RegisterEntry, action: str, details: dict[str, Any]
) -> RegisterEntry:
    told = {"register": entry.register_id, "number": entry.number, **details}
    audit.record(session, actor=actor.username, action=action, kind="register_entry", key=entry.id, details=told)
    return entry
