"""Finding a document of ours in the registers: by its number, its symbol, or words of its title."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, or_, select

from portal.collation import folded
from portal.documents.keeping import entry_scope
from portal.documents.models import USED, OfficialDocument, RegisterEntry
from portal.documents.service import scope as document_scope
from portal.search import search_key

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

    from portal.security import Actor

MOST_FOUND = 20
"""Lines that a search offers."""

LONGEST_WORDS = 1000
LONGEST_NUMBER = 9


def seen_lines(actor: Actor) -> ColumnElement[bool]:
    """Used numbers of registers that the actor keeps or reads, and of documents that he may see."""
    issued = select(OfficialDocument.id).where(document_scope(actor))
    return (RegisterEntry.state == USED) & or_(entry_scope(actor), RegisterEntry.document_id.in_(issued))


def found_lines(session: Session, actor: Actor, words: str, *besides: ColumnElement[bool]) -> Sequence[RegisterEntry]:
    """Documents of ours that the words may mean, the latest first.

    Args:
        session: any transaction.
        actor: who looks; he finds what he may read.
        words: a number, a symbol, or words of the title.
        besides: what else must hold of their lines.
    """
    order = (RegisterEntry.dated_on.desc(), RegisterEntry.id.desc())
    found = select(RegisterEntry).where(seen_lines(actor), *besides).order_by(*order).limit(MOST_FOUND)
    number = read_number(words)
    if number is not None:
        return session.scalars(found.where(RegisterEntry.number == number)).all()
    columns = RegisterEntry.__table__.c
    text = folded(columns.symbol, columns.title)
    return session.scalars(found.where(text.contains(search_key(words)[:LONGEST_WORDS], autoescape=True))).all()


def read_number(words: str) -> int | None:
    """The number that a search names, alone or in front of a symbol: 4598, 4598/CAT-PC06; None for other words.

    Args:
        words: as they were typed.
    """
    digits = words.strip().partition("/")[0].strip()
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) <= LONGEST_NUMBER else None
