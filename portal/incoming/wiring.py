"""What the edge must know of incoming documents: who sees which rows."""

from __future__ import annotations

from portal.data import SCOPES, PortalData
from portal.incoming.models import ArrivalBook, IncomingDocument
from portal.incoming.service import book_scope, scope

SCOPES[IncomingDocument] = scope
SCOPES[ArrivalBook] = book_scope


COMPUTED = frozenset({"state", "last_note"})
"""What the statement that reads an arrival computes of other tables."""


class ArrivalData(PortalData):
    """Arrivals; Flask-AppBuilder asks of every column what only columns of tables can answer."""

    def is_unique(self, col_name: str) -> bool:
        """Whether a column holds each value once."""
        return col_name not in COMPUTED and bool(super().is_unique(col_name))

    def is_nullable(self, col_name: str) -> bool:
        """Whether a column may be empty."""
        return col_name in COMPUTED or bool(super().is_nullable(col_name))


def arrivals() -> PortalData:
    """Incoming documents for one screen or API."""
    return ArrivalData(IncomingDocument)


def arrival_books() -> PortalData:
    """Books of arrivals for one screen or API."""
    return PortalData(ArrivalBook)
