"""What the edge must know of documents: who sees which rows, and where people read what a document is about."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from portal.data import SCOPES, PortalData
from portal.documents import authorities as signing_authorities
from portal.documents.keeping import entry_scope
from portal.documents.linking import scope_of_links
from portal.documents.links import DocumentLink
from portal.documents.models import OfficialDocument, Register, RegisterEntry, SigningAuthority
from portal.documents.service import register_scope, scope, slot_scope
from portal.documents.slots import SignatureSlot
from portal.units import wiring as units

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

SCOPES[OfficialDocument] = scope
SCOPES[Register] = register_scope
SCOPES[RegisterEntry] = entry_scope
SCOPES[SigningAuthority] = signing_authorities.scope
SCOPES[SignatureSlot] = slot_scope
SCOPES[DocumentLink] = scope_of_links

PAGES: dict[str, Callable[[int], str]] = {}
"""Port: kind of subject → the address of its page by its key; filled by `app`."""

ANSWERS: dict[str, Callable[[int], Sequence[tuple[str, str]]]] = {}
"""Port: what an issued document may answer → what the one with this key answers, as words and the address of its page,
as far as the reader sees it; filled by `app`."""

BESIDE: dict[str, Callable[[OfficialDocument], Any]] = {}
"""Port: name of a part of a document's page → what it is made of; filled by `app`."""

AFTER_LINK: dict[str, Callable[[int], str]] = {}
"""Port: kind of a link → where its registrar goes on with the earlier document, by its key; filled by `app`."""

DEEDS: dict[str, Callable[[OfficialDocument], Sequence[tuple[str, str]]]] = {}
"""Port: what its reader may do with an issued document in a higher room, as words and the address of the page where he
does it; filled by `app`."""


def documents() -> PortalData:
    """Issued documents for one screen or API."""
    return PortalData(OfficialDocument)


def links() -> PortalData:
    """What follows what, for one API."""
    return PortalData(DocumentLink)


def registers() -> PortalData:
    """Registers for one screen or API."""
    return PortalData(Register)


def entries() -> PortalData:
    """Lines of registers for one screen or API."""
    return PortalData(RegisterEntry)


def authorities() -> PortalData:
    """Signing authorities for one screen or API."""
    return PortalData(SigningAuthority, settle=signing_authorities.settle_authority)


def issuer_named(key: str) -> Any:
    """The unit with this key, if the actor may see it; None without one."""
    return units.units().get(key)
