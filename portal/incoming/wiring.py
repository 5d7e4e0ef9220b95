"""What the edge must know of incoming documents: who sees which rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal.data import SCOPES, PortalData
from portal.incoming.models import ArrivalBook, IncomingDocument
from portal.incoming.service import book_scope, scope

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

SCOPES[IncomingDocument] = scope
SCOPES[ArrivalBook] = book_scope

DEEDS: dict[str, Callable[[IncomingDocument], Sequence[tuple[str, str]]]] = {}
"""Port: what its reader may do with an arrival in a higher room, as words and the address of the page where he does it;
filled by `app`."""


def arrivals() -> PortalData:
    """Incoming documents for one screen or API."""
    return PortalData(IncomingDocument)


def arrival_books() -> PortalData:
    """Books of arrivals for one screen or API."""
    return PortalData(ArrivalBook)
