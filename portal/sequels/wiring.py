"""What the edge must know of copies: who sees which rows."""

from __future__ import annotations

from portal.data import SCOPES, PortalData
from portal.sequels.models import CertifiedCopy
from portal.sequels.service import scope

SCOPES[CertifiedCopy] = scope


def copies() -> PortalData:
    """Copies for one screen or API."""
    return PortalData(CertifiedCopy)
