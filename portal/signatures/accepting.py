"""Taking back a file that was signed elsewhere: only the one signature may be new in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from portal.confined import Budget
    from portal.signatures.stamps import Box


@dataclass(frozen=True)
class Accepted:
    """What was found in a file that is taken back.

    Attributes:
        field: name of the new signature's field.
        signed_at: what the signature claims; aware.
        certificate: DER of the signer.
        timestamped: whether an authority vouches for the time.
    """

    field: str
    signed_at: datetime | None
    certificate: bytes
    timestamped: bool


def accept(before: bytes, after: bytes, certificate: bytes, area: tuple[int, Box] | None = None) -> Accepted:
    """Checks a file that came back from somebody's own signing tool.

    Args:
        before: the file that was given out.
        after: the file that came back.
        certificate: DER of the one that was to sign.
        area: page and box outside of which the new signature may show nothing; None: anywhere.

    Raises:
        Refusal: `not_a_pdf`; `other_document`: what was given out is not the beginning of what came back; `not_signed`;
            `several_signatures`; `changed_besides`: more than the signature is new; `signature_broken`; `other_certificate` (`name`:
            who signed); `stamp_elsewhere` (`page`); `weak_digest`; `document_encrypted`, `document_unreadable`.
    """
    raise NotImplementedError


def accept_confined(
    before: bytes, after: bytes, certificate: bytes, area: tuple[int, Box] | None = None, budget: Budget | None = None
) -> Accepted:
    """The same in a confined child; views call this one, for what came back may be hostile.

    Raises:
        Refusal: as `accept`; `file_too_large` (`max`: MB); `cannot_be_checked` (`detail`): the child was ended.
    """
    raise NotImplementedError
