"""Writes an incremental update with a gap for a signature, and fills the gap."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.sign.fields import SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.signers.cms_embedder import PdfCMSEmbedder, SigAppearanceSetup, SigIOSetup, SigObjSetup
from pyhanko.sign.signers.constants import ESIC_EXTENSION_1
from pyhanko.sign.signers.pdf_byterange import SignatureObject

from portal.security import VIETNAM
from portal.signatures.keys import DIGEST
from portal.signatures.looks import PictureLook, TextLook
from workflows.errors import Refusal

if TYPE_CHECKING:
    from pyhanko.sign.signers.pdf_byterange import PreparedByteRangeDigest
    from pyhanko.stamp import BaseStampStyle

    from portal.signatures.stamps import Stamp

GAP_HEX_DIGITS = 2 * 20_000
"""A signature with its chain and a time stamp with its own takes less than half; the gap is written once and stays."""


class Writer(IncrementalPdfFileWriter):
    """Leaves title, dates and XMP as they were: PDF/A wants them alike, and a signature describes nothing."""

    def _update_meta(self) -> None:
        return


def write_gap(pdf: bytes, stamp: Stamp) -> tuple[bytes, PreparedByteRangeDigest]:
    """The file with the stamp drawn and a gap where its signature goes.

    Raises:
        Refusal: `document_unreadable`, `document_encrypted`, `page_missing` (`page`), `field_taken` (`field`).
    """
    writer = _opened(pdf, stamp)
    writer.register_extension(ESIC_EXTENSION_1)
    field = SigFieldSpec(stamp.field, on_page=stamp.page - 1, box=stamp.box.corners, readable_field_name=stamp.reason)
    steps = PdfCMSEmbedder(new_field_spec=field).write_cms(field_name=stamp.field, writer=writer)
    next(steps)
    look = SigAppearanceSetup(style=_look(stamp), timestamp=stamp.signed_at, name=stamp.name)
    steps.send(SigObjSetup(sig_placeholder=_signature_object(stamp), appearance_setup=look))
    digest, output = steps.send(SigIOSetup(md_algorithm=DIGEST, output=io.BytesIO()))
    return output.getvalue(), digest


def _opened(pdf: bytes, stamp: Stamp) -> Writer:
    try:
        writer = Writer(io.BytesIO(pdf))
        if writer.prev.encrypted:
            raise Refusal("document_encrypted")
        pages = int(writer.prev.root["/Pages"]["/Count"])
        taken = {each.field_name for each in writer.prev.embedded_signatures}
    except (PdfError, ValueError, KeyError, TypeError) as error:
        raise Refusal("document_unreadable") from error
    if not 1 <= stamp.page <= pages:
        raise Refusal("page_missing", {"page": stamp.page})
    if stamp.field in taken:
        raise Refusal("field_taken", {"field": stamp.field})
    return writer


def _look(stamp: Stamp) -> BaseStampStyle:
    if stamp.picture is not None:
        return PictureLook(picture=stamp.picture)
    return TextLook(lines=stamp.lines)


def _signature_object(stamp: Stamp) -> SignatureObject:
    return SignatureObject(
        timestamp=stamp.signed_at.astimezone(VIETNAM),
        subfilter=SigSeedSubFilter.PADES,
        name=stamp.name or None,
        location=stamp.location or None,
        reason=stamp.reason or None,
        bytes_reserved=GAP_HEX_DIGITS,
    )
