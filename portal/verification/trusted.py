"""Whom the portal believes when it checks a signature of a file that it did not issue."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal.signatures.trust import read_trust

if TYPE_CHECKING:
    from config import Settings
    from portal.signatures.trust import Trust


def trust_of(settings: Settings) -> Trust:
    """The authorities that the operator keeps, and no address: checking a stranger's file asks nobody."""
    folder = settings.signing_trust
    return read_trust(folder if folder and folder.is_dir() else None)
