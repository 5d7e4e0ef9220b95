"""Copies on paper: made under a number that is reserved, printed, signed by hand, and then registered.

Source: Decree 30/2020, articles 25 to 27, and appendix I, part II.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, false, select, true

from portal import audit, jobs
from portal.documents import keeping, linking, numbering, series
from portal.documents.columns import words_of
from portal.documents.keeping import MOST_COPIES, Handover, may_keep
from portal.documents.links import COPIES, EXTRACTS
from portal.documents.models import LONGEST_REASON, RESERVED, Register
from portal.documents.rules import COPY_NAMES
from portal.documents.service import content_of
from portal.sequels import block, rules, sources
from portal.sequels.models import CertifiedCopy
from portal.units.models import Unit
from workflows.errors import Refusal
from workflows.forms import canonical_json

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from sqlalchemy.orm import Session

    from portal.documents.models import RegisterEntry
    from portal.security import Actor
    from portal.sequels.sources import Source

PRINT_COPY = "print_copy"
"""The kind of job that makes the file of a copy."""

LONGEST_RECIPIENT, MOST_RECIPIENTS = 200, 30


@dataclass(frozen=True)
class Asked:
    """What a registrar asks for.

    Attributes:
        form: one of `rules.FORMS`.
        signer_id: the account that signs.
        post_id: the post it signs in.
        recipients: who gets it, one after the other, without the archive.
        parts: what an extract holds.
    """

    form: str
    signer_id: int
    post_id: int
    recipients: tuple[str, ...]
    parts: tuple[str, ...] = ()


def scope(actor: Actor) -> ColumnElement[bool]:
    """Copies of the actor's own units, as their registers; all of them for whoever reads everything."""
    if actor.sees_everything:
        return true()
    return CertifiedCopy.unit_id.in_(actor.own_units) if actor.user_id else false()


def make(session: Session, actor: Actor, source: Source, unit: Unit, asked: Asked, *, on: date) -> CertifiedCopy:
    """Make a copy on paper: its number is reserved, its words are frozen, and the worker prints it.

    Args:
        session: the caller's transaction.
        actor: the registrar of the unit that copies.
        source: what is copied.
        unit: who copies.
        asked: which form, signed by whom, for whom.
        on: today, the date of the copy.

    Raises:
        Refusal: `not_permitted`, `recipients_required`, as `rules.refuse_form`, `sources.refuse`, `authority.signature`
            or `keeping.reserve`, or as a text is refused.
    """
    keeping.refuse_other_keeper(actor, unit.id)
    rules.refuse_form(asked.form, source.forms, asked.parts)
    sources.refuse(session, source, unit.id)
    recipients = _recipients(asked.recipients)
    title = source.title(session, asked.form)
    entry = _reserved(session, actor, unit, title, on)
    paper = block.paper_of(unit, asked.form, on)
    symbol, content = block.content_of(session, paper, entry.number, (asked.signer_id, asked.post_id), recipients)
    copy = CertifiedCopy(
        entry_id=entry.id,
        form=asked.form,
        unit_id=unit.id,
        document_id=source.document.id if source.document else None,
        incoming_id=source.incoming.id if source.incoming else None,
        source_file_id=None if asked.form == rules.EXTRACT else source.file_id,
        parts=_known_parts(source, asked) if asked.form == rules.EXTRACT else [],
        number=entry.number,
        symbol=symbol,
        dated_on=on,
        title=title,
        content=canonical_json(content),
        signer_id=asked.signer_id,
        made_by=actor.user_id,
    )
    session.add(copy)
    session.flush()
    jobs.enqueue(session, PRINT_COPY, copy_id=copy.id)
    return _recorded(session, actor, copy, "copy_made", title=title)


def _recipients(given: Sequence[str]) -> list[str]:
    names = [keeping.said(each, None, LONGEST_RECIPIENT) for each in given[:MOST_RECIPIENTS]]
    found = [each for each in names if each]
    if not found:
        raise Refusal("recipients_required")
    return found


def _known_parts(source: Source, asked: Asked) -> list[str]:
    """Those parts of what was asked for that the document has, in its order."""
    offered = rules.parts_of(content_of(source.document)) if source.document else []
    found = [key for key, _ in offered if key in asked.parts]
    rules.refuse_form(asked.form, source.forms, found)
    return found


def _reserved(session: Session, actor: Actor, unit: Unit, title: str, on: date) -> RegisterEntry:
    """The next number of the unit's series of copies, kept until the copy is signed."""
    numbering.refuse_ended(unit, on)
    numbering.hold_log(session)
    numbering.began(session, unit.id, on.year, series.COPIES, before=0, reason=None)
    mine = (Register.unit_id == unit.id, Register.year == on.year, Register.series == series.COPIES.key)
    register = session.scalars(select(Register).where(*mine)).one()
    until = on + timedelta(days=rules.DAYS_TO_SIGN)
    return keeping.reserve(session, actor, register, reason=title[:LONGEST_REASON], until=until, on=on)


def note_signed(
    session: Session, actor: Actor, copy_id: int, signed_on: date | None, handover: Handover, *, version: int, on: date
) -> CertifiedCopy:
    """Note that a copy was signed by hand, stamped and handed over: it stands in the register from then on.

    Args:
        session: the caller's transaction.
        actor: the registrar.
        copy_id: which copy.
        signed_on: when.
        handover: how many copies, to whom.
        version: of the line of its number, as he saw it.
        on: today.

    Raises:
        Refusal: `not_found`, `not_permitted`, `copy_not_printed`, `copy_settled`, `signed_when`, `copies_wrong`,
            `copy_recalled`, `stale_version`, or as `keeping.note_handover`.
    """
    copy = find(session, actor, copy_id)
    keeping.refuse_other_keeper(actor, copy.unit_id)
    _refuse_unsignable(session, copy, signed_on, on)
    if handover.copies is None:
        raise Refusal("copies_wrong", {"most": MOST_COPIES})
    words = words_of({**json.loads(copy.content), "title": copy.title})
    told: dict[str, Any] = {"symbol": copy.symbol, "dated_on": copy.dated_on, "version": version}
    entry = keeping.use_for_copy(session, actor, copy.entry_id, words, **told)
    keeping.note_handover(session, actor, entry.id, handover, version=entry.version)
    copy.signed_on, copy.noted_by = signed_on, actor.user_id
    if copy.document_id:
        kind = EXTRACTS if copy.form == rules.EXTRACT else COPIES
        earlier = linking.line_of(session, copy.document_id)
        linking.follow(session, actor, kind, entry, earlier, reason=COPY_NAMES[copy.form])
    return _recorded(session, actor, copy, "copy_signed", copies=handover.copies)


def _refuse_unsignable(session: Session, copy: CertifiedCopy, signed_on: date | None, on: date) -> None:
    if copy.entry.state != RESERVED:
        raise Refusal("copy_settled")
    if copy.status != rules.READY:
        raise Refusal("copy_not_printed")
    if signed_on is None or not copy.dated_on <= signed_on <= on:
        raise Refusal("signed_when")
    if copy.document_id and linking.is_recalled(session, copy.document_id):
        raise Refusal("copy_recalled", {"symbol": str(copy.document)})


def print_again(session: Session, actor: Actor, copy_id: int) -> CertifiedCopy:
    """Try once more to make the file of a copy that could not be made; its number stays its own.

    Args:
        session: the caller's transaction.
        actor: the registrar.
        copy_id: which copy.

    Raises:
        Refusal: `not_found`, `not_permitted`, `not_failed`.
    """
    copy = find(session, actor, copy_id)
    keeping.refuse_other_keeper(actor, copy.unit_id)
    if copy.status != rules.FAILED:
        raise Refusal("not_failed")
    copy.status, copy.error = rules.MAKING, None
    jobs.enqueue(session, PRINT_COPY, copy_id=copy.id)
    return _recorded(session, actor, copy, "copy_printing_repeated")


def find(session: Session, actor: Actor, copy_id: int) -> CertifiedCopy:
    """A copy that the actor may see.

    Raises:
        Refusal: `not_found`.
    """
    copy = session.scalar(select(CertifiedCopy).where(CertifiedCopy.id == copy_id, scope(actor)))
    if copy is None:
        raise Refusal("not_found")
    return copy


def copying_units(session: Session, actor: Actor, source: Source, on: date) -> list[Unit]:
    """The units for which somebody may copy something, by name.

    Args:
        session: any transaction.
        actor: the registrar.
        source: what is copied; an arrival only by the unit that received it.
        on: today.
    """
    if not actor.may(*keeping.KEEP):
        return []
    if source.incoming:
        return [source.incoming.unit] if may_keep(actor, source.incoming.unit_id) else []
    there = select(Unit).where((Unit.valid_to.is_(None)) | (Unit.valid_to >= on), Unit.valid_from <= on)
    if not actor.sees_everything:
        there = there.where(Unit.id.in_(actor.own_units))
    found = session.scalars(there.order_by(Unit.sort_key, Unit.id)).all()
    return [each for each in found if may_keep(actor, each.id)]


def copies_of(session: Session, actor: Actor, source: Source) -> Sequence[CertifiedCopy]:
    """The copies of something that the actor may see, the newest first."""
    which = (
        CertifiedCopy.document_id == source.document.id
        if source.document
        else CertifiedCopy.incoming_id == (source.incoming.id if source.incoming else 0)
    )
    return session.scalars(select(CertifiedCopy).where(which, scope(actor)).order_by(CertifiedCopy.id.desc())).all()


def _recorded(session: Session, actor: Actor, copy: CertifiedCopy, action: str, **details: Any) -> CertifiedCopy:
    told = {"number": str(copy), "form": copy.form, **details}
    audit.record(session, actor=actor.username, action=action, kind="certified_copy", key=copy.id, details=told)
    return copy
