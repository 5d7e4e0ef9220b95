"""Another archive time stamp over the newest one of a file, before what that is believed by ends (B-LTA)."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader

from portal.signatures.asking import waited
from portal.signatures.levels import Level, time_stamps, with_proofs
from workflows.errors import Refusal

if TYPE_CHECKING:
    from datetime import datetime

    from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature

    from portal.signatures.trust import Trust


def ends_at(pdf: bytes) -> datetime | None:
    """Until when the certificate of a file's newest archive time stamp is valid; None where it has none.

    Args:
        pdf: a file of our own making.

    Raises:
        Refusal: `document_unreadable`.
    """
    newest = _newest(pdf)
    return newest.signer_cert.not_valid_after if newest else None


def restamped(pdf: bytes, trust: Trust) -> bytes:
    """The file with two more archive time stamps, which change nothing of what was there.

    The first is put over the newest one and what proves that; the second over what proves the first. Without it
    somebody who asks nobody, as `examining` does, could not tell later whether the certificate of the first was good:
    only a time stamp says that something was there at its time.

    Args:
        pdf: a file of our own making.
        trust: who is believed, and whom it asks.

    Raises:
        Refusal: `no_archive_stamp`; as `levels.with_proofs`, such as `no_time_stamp` (`detail`): nobody answered.
    """
    return _stamped(_stamped(pdf, trust), trust)


def _stamped(pdf: bytes, trust: Trust) -> bytes:
    newest, stamps = _newest(pdf), time_stamps(Level.LTA, trust)
    if newest is None or stamps is None:
        raise Refusal("no_archive_stamp")
    chain = tuple(each.dump() for each in newest.other_embedded_certs)
    certificate = newest.signer_cert.dump()
    return waited(with_proofs(pdf, certificate, chain, stamps=stamps, trust=trust, for_ever=True))


def _newest(pdf: bytes) -> EmbeddedPdfSignature | None:
    try:
        found = PdfFileReader(io.BytesIO(pdf)).embedded_timestamp_signatures
    except (PdfError, ValueError, LookupError, TypeError) as error:
        raise Refusal("document_unreadable") from error
    return found[-1] if found else None
