"""Opening books at cut-over, and arranging which book of an issuer numbers what."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select, update

from portal import audit
from portal.documents import numbering, series
from portal.documents.keeping import refuse_other_keeper, said
from portal.documents.models import LONGEST_REASON, NumberingScheme, Register
from portal.documents.series import Series
from portal.texts import kept
from workflows.errors import Refusal

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from sqlalchemy.orm import Session

    from portal.security import Actor
    from portal.units.models import Unit

ARRANGE = ("can_arrange", "RegisterView")
"""The right to enter what the head of an issuer decided about its books."""

HIGHEST_NUMBER = 999_999


def open_book(
    session: Session,
    actor: Actor,
    issuer: Unit,
    key: str,
    *,
    last_paper: int | None,
    seen: int | None,
    reason: str,
    on: date,
) -> Register:
    """Open a book of this year, at the number after the last one of the paper book that it continues.

    It can be opened anew, with another number, for as long as the portal has numbered nothing in it.

    Args:
        session: the caller's transaction.
        actor: the registrar or an administrator.
        issuer: whose book.
        key: which series.
        last_paper: the last number of the paper book, 0 where it begins with 01.
        seen: as the book was opened when its page was read; None where there was none.
        reason: why, kept with the book.
        on: today.

    Raises:
        Refusal: `not_permitted`, `issuer_not_there`, `unknown_series`, `last_paper_wrong`, `reason_required`,
            `book_in_use`, `stale_version`, or as a text is refused.
    """
    refuse_other_keeper(actor, issuer.id)
    numbering.refuse_ended(issuer, on)
    before = number_on_paper(last_paper)
    why = said(reason, "reason_required", LONGEST_REASON)
    numbering.hold_log(session)
    book = series.known(numbering.scheme_of(session, issuer.id, on.year), key)
    opened = numbering.began(session, issuer.id, on.year, book, before=before, reason=why)
    register = _register(session, issuer.id, on.year, key)
    if opened is None:
        _open_anew(session, register, before, seen, why)
    details = {"year": on.year, "series": key, "last_paper": last_paper, "before": seen, "reason": why}
    audit.record(
        session, actor=actor.username, action="register_opened", kind="register", key=register.id, details=details
    )
    return register


def number_on_paper(last_paper: int | None) -> int:
    """The last number of a paper book, as somebody typed it: 0 where the book of the portal begins with 01.

    Raises:
        Refusal: `last_paper_wrong`.
    """
    if last_paper is None or not 0 <= last_paper <= HIGHEST_NUMBER:
        raise Refusal("last_paper_wrong", {"most": HIGHEST_NUMBER})
    return last_paper


def _register(session: Session, unit_id: int, year: int, key: str) -> Register:
    mine = select(Register).where(Register.unit_id == unit_id, Register.year == year, Register.series == key)
    return session.scalars(mine.execution_options(populate_existing=True)).one()


def _open_anew(session: Session, register: Register, last_paper: int, seen: int | None, why: str) -> None:
    if register.last_number != register.before_portal:
        raise Refusal("book_in_use", {"number": register.last_number})
    untouched = (Register.last_number == Register.before_portal, Register.before_portal == seen)
    anew = update(Register).where(Register.id == register.id, *untouched)
    values = {"before_portal": last_paper, "last_number": last_paper, "opened_reason": why}
    moved = anew.values(values).execution_options(synchronize_session=False)
    if session.execute(moved.returning(Register.id)).scalar() is None:
        raise Refusal("stale_version")
    session.refresh(register)


def arrange(
    session: Session,
    actor: Actor,
    issuer: Unit,
    scheme: Sequence[Series],
    *,
    from_year: int,
    version: int,
    reason: str,
    on: date,
) -> NumberingScheme:
    """Write down which book of an issuer numbers what, from this or from the next year on.

    What has been numbered is never split: a book that is there in a year from then on numbers what it did before.

    Args:
        session: the caller's transaction.
        actor: the registrar or an administrator.
        issuer: whose books.
        scheme: every series but that of copies.
        from_year: the year from which it applies.
        version: of what was decided for that very year, as it was read; 0 where there was nothing.
        reason: the decision of the head, as it is cited.
        on: today.

    Raises:
        Refusal: `not_permitted`, `issuer_not_there`, `year_not_open`, `reason_required`, `series_in_use`,
            `stale_version`, or as `series.check` or a text is refused.
    """
    _refuse_arranger(actor, issuer)
    numbering.refuse_ended(issuer, on)
    if from_year not in (on.year, on.year + 1):
        raise Refusal("year_not_open", {"year": on.year, "next": on.year + 1})
    why = said(reason, "reason_required", LONGEST_REASON)
    asked = [_with_kept_names(each) for each in scheme]
    series.check(asked)
    numbering.hold_log(session)
    _refuse_splitting(session, issuer.id, from_year, asked)
    decided = _write(session, issuer.id, from_year, asked, version=version, why=why)
    details = {"unit": issuer.id, "from_year": from_year, "series": series.written(asked), "reason": why}
    audit.record(
        session,
        actor=actor.username,
        action="series_arranged",
        kind="numbering_scheme",
        key=decided.id,
        details=details,
    )
    return decided


def books_of(session: Session, unit_id: int, year: int) -> Sequence[Register]:
    """The books of an issuer that were begun in a year."""
    mine = select(Register).where(Register.unit_id == unit_id, Register.year == year)
    return session.scalars(mine.order_by(Register.id)).all()


def decided_for(session: Session, unit_id: int, from_year: int) -> NumberingScheme | None:
    """What was decided for this very year on; None where nothing was."""
    mine = select(NumberingScheme).where(NumberingScheme.unit_id == unit_id, NumberingScheme.from_year == from_year)
    return session.scalar(mine)


def may_arrange(actor: Actor, unit_id: int) -> bool:
    """Whether somebody enters what the head of a unit decided about its books."""
    return actor.may(*ARRANGE) and (actor.sees_everything or unit_id in actor.own_units)


def _refuse_arranger(actor: Actor, issuer: Unit) -> None:
    if not may_arrange(actor, issuer.id):
        raise Refusal("not_permitted")


def _with_kept_names(asked: Series) -> Series:
    name_vi, name_en = (kept(each, series.LONGEST_NAME) for each in (asked.name_vi, asked.name_en))
    return Series(kept(asked.key), name_vi, name_en or name_vi, asked.types)


def _refuse_splitting(session: Session, unit_id: int, from_year: int, asked: Sequence[Series]) -> None:
    """A book that was begun numbers the same types afterwards; books of later years are held to later decisions."""
    later = select(NumberingScheme.from_year).where(
        NumberingScheme.unit_id == unit_id, NumberingScheme.from_year > from_year
    )
    until = session.scalar(later.order_by(NumberingScheme.from_year).limit(1))
    begun = select(Register).where(Register.unit_id == unit_id, Register.year >= from_year)
    for register in session.scalars(begun.order_by(Register.id)):
        if until is not None and register.year >= until:
            continue
        if register.series in series.split(numbering.scheme_of(session, unit_id, register.year), asked):
            raise Refusal("series_in_use", {"book": register.name, "year": register.year})


def _write(
    session: Session, unit_id: int, from_year: int, asked: Sequence[Series], *, version: int, why: str
) -> NumberingScheme:
    decided = decided_for(session, unit_id, from_year)
    if (decided.version if decided else 0) != version:
        raise Refusal("stale_version", {"seen": version})
    if decided is None:
        decided = NumberingScheme(unit_id=unit_id, from_year=from_year, version=0)
        session.add(decided)
    decided.series, decided.reason, decided.version = series.written(asked), why, version + 1
    session.flush()
    return decided
