"""What the page of a document says of figures that changed at their source after it was issued."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from flask import url_for
from flask_babel import gettext
from sqlalchemy import select

from portal.data import current_actor, current_session
from portal.documents.links import REPLACES
from portal.periods import period_name
from portal.submissions import following, service
from portal.submissions.following_words import is_seen
from portal.submissions.models import Submission
from portal.submissions.moved import moved_since
from portal.words import label, reader_language
from workflows.forms import text_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from portal.documents.models import OfficialDocument
    from portal.submissions.moved import Moved, Source

BECAUSE: Final = "moved"
"""How an address says that figures changed at their source."""


class Row(NamedTuple):
    """One figure: what it is, what was printed, and what it is now."""

    figure: str
    printed: str
    now: str


class MovedFigures(NamedTuple):
    """What the page of a document says.

    Attributes:
        says: which figures changed, and by what.
        address: the page of the document by which they did; empty where its reader does not see it.
        rows: the old and the new ones; none for whoever may not read the report of the new ones.
        begins: the address where a replacement is begun with this reason; empty for whoever begins none.
    """

    says: str
    address: str
    rows: Sequence[Row]
    begins: str


def moved_of(document: OfficialDocument) -> MovedFigures | None:
    """What changed at its source since a document was issued, as its page shows it; None where nothing did.

    Args:
        document: an issued one.
    """
    session = current_session()
    source = moved_since(session, document)
    if source is None:
        return None
    begins = following.unit_for(session, current_actor(), document) is not None
    by = _issued(source)
    return MovedFigures(
        _said(source, by),
        url_for("DocumentView.show", pk=by.id) if by and is_seen(by) else "",
        [_row(each) for each in source.figures] if _may_read(source) else [],
        url_for("FollowingView.begin", pk=document.id, kind=REPLACES, because=BECAUSE) if begins else "",
    )


def reason_of(document: OfficialDocument) -> str:
    """Why a document is replaced whose figures changed at their source, in Vietnamese; empty where none did.

    Args:
        document: an issued one.
    """
    source = moved_since(current_session(), document)
    by = _issued(source) if source else None
    if source is None or by is None:
        return ""
    return f"Số liệu {period_name(source.report.period)} đã thay đổi theo văn bản số {by}"


def _may_read(source: Source) -> bool:
    """Whether the reader of the document may read the report whose figures are others now."""
    mine = (Submission.id == source.report.id, service.scope(current_actor()))
    return current_session().scalar(select(Submission.id).where(*mine)) is not None


def _issued(source: Source) -> OfficialDocument | None:
    """The document by which the figures changed."""
    found = service.issued_about(current_session(), source.report)
    return found[0] if found else None


def _said(source: Source, by: OfficialDocument | None) -> str:
    period = period_name(source.report.period)
    if by is None:
        return str(
            gettext("Figures of %(period)s that this document prints have changed since it was issued.", period=period)
        )
    return str(
        gettext(
            "Figures of %(period)s that this document prints have changed since it was issued, by %(symbol)s.",
            period=period,
            symbol=str(by),
        )
    )


def _row(moved: Moved) -> Row:
    name = label(moved.field.label)
    figure = str(gettext("%(figure)s, period before", figure=name)) if moved.is_before else name
    now = "" if moved.now is None else text_of(moved.field, moved.now, reader_language())
    return Row(figure, text_of(moved.field, moved.printed, reader_language()), now or "–")
