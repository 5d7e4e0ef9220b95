"""Decree 30/2020/NĐ-CP, appendix III, sample 1.9: who signs minutes: the chair, and the secretary beside."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from portal.documents.signing import signature_block

if TYPE_CHECKING:
    from portal.documents.signing import SignatureBlock

CHAIR, SECRETARY = "CHỦ TỌA", "Thư ký"


def chair_block(block: SignatureBlock) -> SignatureBlock:
    """The signer as the chair of the meeting, in whose stead nobody signs; that he chaired it, his form says."""
    return replace(block, authority_lines=(CHAIR,), post_line="")


def secretary_block(name: str) -> SignatureBlock:
    """The secretary, who signs beside the chair.

    Raises:
        DecreeError: as `signature_block`.
    """
    return signature_block(collective="", head_title=SECRETARY, post="head", signer_title=SECRETARY, name=name)
