"""What links between documents say to people: from both ends, in lists, and where one is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from flask import url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from portal.documents.linking import day_of, fates, links_of
from portal.documents.links import COPIES, CORRECTED, CORRECTS, EXTRACTS, RECALLED, RECALLS, REPLACED, REPLACES
from portal.refusals import SHOWN, say
from portal.words import format_date

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy.orm import Session

    from portal.documents.linking import Fate, Seen
    from portal.documents.links import DocumentLink
    from portal.documents.models import RegisterEntry
    from portal.security import Actor

FATES: Mapping[str, Any] = {
    CORRECTED: _l("Corrected (đính chính)"),
    REPLACED: _l("Replaced (thay thế)"),
    RECALLED: _l("Recalled (thu hồi)"),
}
"""What became of a document after its issue."""

FATE_TONES: Mapping[str, str] = {CORRECTED: "note", REPLACED: "bad", RECALLED: "bad"}

BECAME: Mapping[str, str] = {CORRECTS: CORRECTED, REPLACES: REPLACED, RECALLS: RECALLED}

FROM_EARLIER: Mapping[str, Any] = {
    CORRECTS: _l("Corrected by"),
    REPLACES: _l("Replaced by"),
    RECALLS: _l("Recalled by"),
    COPIES: _l("Copied as"),
    EXTRACTS: _l("Extracted as"),
}
"""How the page of the earlier document says what follows it."""

FROM_LATER: Mapping[str, Any] = {
    CORRECTS: _l("Corrects"),
    REPLACES: _l("Replaces"),
    RECALLS: _l("Recalls"),
    COPIES: _l("Copy of"),
    EXTRACTS: _l("Extract of"),
}
"""How the page of the later document says what it follows."""

CHOICES: Mapping[str, Any] = {
    CORRECTS: _l("It corrects this document: form, technique or procedure was wrong"),
    REPLACES: _l("It replaces this document: its content was wrong, or is out of date"),
    RECALLS: _l("It recalls this document"),
}
"""What a registrar says of the document that follows (Decree 30/2020, article 18.3)."""

SHOWN["became"] = lambda code: str(FATES.get(code, code))

say(
    {
        "link_itself": _l("A document cannot follow itself. Choose another one."),
        "link_not_used": _l("Only numbers that a document has can be linked. This one is reserved or void."),
        "link_backwards": _l("%(symbol)s is older than the document that it would follow. Choose another one."),
        "link_other_issuer": _l(
            "%(symbol)s is corrected, replaced or recalled by the unit that issued it. Choose a document of that unit."
        ),
        "link_there": _l("This link is there already."),
        "already_ended": _l("%(symbol)s has ended already: %(became)s. Correct, replace or recall what replaced it."),
        "unknown_link": _l("Say whether the other document corrects, replaces or recalls this one."),
        "no_such_later": _l("Choose one of the documents that were found. Look for its number or symbol first."),
    }
)


class Line(NamedTuple):
    """One link on the page of a document.

    Attributes:
        says: how the other one is to this one.
        words: what the other one is.
        address: its page; empty where there is none, or the reader may not open it.
        reason: why.
    """

    says: str
    words: str
    address: str
    reason: str


def lines_of(session: Session, actor: Actor, document_id: int) -> list[Line]:
    """What the page of a document says of those that follow it and those that it follows.

    Args:
        session: any transaction.
        actor: who reads it.
        document_id: its key.
    """
    return [_line(each) for each in links_of(session, actor, document_id)]


def _line(seen: Seen) -> Line:
    link, other = seen.link, seen.other
    says = str((FROM_LATER if seen.is_later else FROM_EARLIER)[link.kind])
    address = url_for("DocumentView.show", pk=seen.document_id) if seen.document_id else ""
    if other is None:
        words = gettext("a decision of %(who)s on %(day)s", who=link.maker, day=format_date(day_of(link)))
    else:
        words = gettext("%(symbol)s of %(day)s", symbol=str(other), day=_day(other))
    return Line(says, str(words), address, _why(link))


def _why(link: DocumentLink) -> str:
    """Why it was said, and whether it still holds."""
    if link.lapsed_at is None:
        return link.reason
    return str(gettext("%(reason)s (it was sent back unsigned and counts no more)", reason=link.reason))


def _day(line: RegisterEntry) -> str:
    return format_date(line.dated_on) if line.dated_on else ""


def told_to_all(session: Session, document_id: int) -> list[tuple[str, str]]:
    """What became of a document, for whoever holds it: `corrected`, `replaced` or `recalled`, and a sentence.

    Copies and extracts change nothing of what it says, and are not told; nor is what waits for its signatures.

    Args:
        session: any transaction.
        document_id: its key.
    """
    told = fates(session, document_id, only_out=True)
    return [(BECAME[each.kind], _told(each)) for each in told if each.kind in BECAME]


def _told(fate: Fate) -> str:
    if not fate.symbol:
        return str(gettext("Recalled by its issuer on %(day)s", day=format_date(fate.day)))
    says, day = str(FROM_EARLIER[fate.kind]), format_date(fate.day)
    return str(gettext("%(says)s %(symbol)s of %(day)s", says=says, symbol=fate.symbol, day=day))
