"""What the edge must know of copies and recalls: who sees which rows."""

from __future__ import annotations

from portal.data import SCOPES, PortalData
from portal.sequels import recalling
from portal.sequels.models import CertifiedCopy, RecallNotice
from portal.sequels.service import scope

SCOPES[CertifiedCopy] = scope
SCOPES[RecallNotice] = recalling.scope


def copies() -> PortalData:
    """Copies for one screen or API."""
    return PortalData(CertifiedCopy)


def notices() -> PortalData:
    """Whom recalls were told to, for one screen or API."""
    return PortalData(RecallNotice)
