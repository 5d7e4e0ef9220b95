"""Reads a PDF that somebody else wrote or changed, and what its signatures cover; nothing here believes anybody."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING, Any

from pyhanko.pdf_utils.generic import ArrayObject, DictionaryObject, NumberObject, pdf_name
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import DEFAULT_DIFF_POLICY, DiffResult, ModificationLevel
from pyhanko.sign.validation.generic_cms import validate_sig_integrity
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator.errors import PathError, ValidationError

from workflows.errors import Refusal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature

HOSTILE = (
    *(PdfError, PathError, ValidationError),
    *(ValueError, TypeError, LookupError, ArithmeticError, AttributeError, OSError, AssertionError, RuntimeError),
)
"""How reading breaks off at what is damaged or made to do damage."""

DIGESTS = frozenset({"sha256", "sha384", "sha512", "sha3_256", "sha3_384", "sha3_512"})
LONGEST_PDF = 100 * 1024 * 1024
MOST_SIGNATURES = 40
"""A document has four; what has been passed around has some more."""

HEX = re.compile(rb"<[0-9A-Fa-f\s]*>")
HEADER_WITHIN = 1024


def open_pdf(pdf: bytes, *, strict: bool) -> PdfFileReader:
    """A reader of the file.

    Args:
        pdf: of any origin.
        strict: whether it is refused where it is not written as it should be.

    Raises:
        Refusal: `file_too_large` (`max`: MB), `not_a_pdf`, `document_encrypted`, `document_unreadable`,
            `too_many_signatures` (`max`).
    """
    if len(pdf) > LONGEST_PDF:
        raise Refusal("file_too_large", {"max": LONGEST_PDF // 2**20})
    if b"%PDF-" not in pdf[:HEADER_WITHIN]:
        raise Refusal("not_a_pdf")
    try:
        reader = PdfFileReader(io.BytesIO(pdf), strict=strict)
        if reader.encrypted:
            raise Refusal("document_encrypted")
        count = len(reader.embedded_signatures)
    except HOSTILE as error:
        raise Refusal("document_unreadable") from error
    if count > MOST_SIGNATURES:
        raise Refusal("too_many_signatures", {"max": MOST_SIGNATURES})
    return reader


def is_intact(signature: EmbeddedPdfSignature, pdf: bytes) -> bool:
    """Whether a signature fits everything up to its end, and was made by the key of the certificate it names."""
    signature.compute_integrity_info()
    if signature.coverage < SignatureCoverageLevel.ENTIRE_REVISION or not _gap_is_plain(signature, pdf):
        return False
    found: tuple[bool, bool] = validate_sig_integrity(
        signature.signer_info, signature.signer_cert, "data", signature.compute_digest()
    )
    return all(found)


def _gap_is_plain(signature: EmbeddedPdfSignature, pdf: bytes) -> bool:
    """Whether nothing but the signature, in hexadecimal, stands in what it does not cover.

    A string that is written more shortly would leave room in the gap that nobody signed.
    """
    _, start, end, more = signature.byte_range
    return start < end <= end + more <= len(pdf) and HEX.fullmatch(pdf[start:end]) is not None


def covers_whole_file(signature: EmbeddedPdfSignature) -> bool:
    """Whether nothing came after it; after `is_intact`."""
    return bool(signature.coverage == SignatureCoverageLevel.ENTIRE_FILE)


def has_weak_digest(signature: EmbeddedPdfSignature) -> bool:
    """Whether two documents with one digest can be made."""
    return signature.md_algorithm not in DIGESTS


def is_followed_by(signature: EmbeddedPdfSignature, level: ModificationLevel) -> bool:
    """Whether nothing beyond some level of changes came after a signature, and only fields of signatures changed."""
    found = signature.diff_result
    if not isinstance(found, DiffResult) or not signature.summarise_integrity_info()["docmdp_ok"]:
        return False
    return found.modification_level <= level and _are_signatures(found, signature.reader)


def changes_since(reader: PdfFileReader, revision: int) -> bool:
    """Whether anything but signatures and their proofs is new since a revision, the first being 0."""
    base = reader.get_historical_resolver(revision)
    if "/AcroForm" not in base.root:
        base.root["/AcroForm"] = _empty_form(reader)
    found = DEFAULT_DIFF_POLICY.review_file(reader, base)
    if not isinstance(found, DiffResult):
        return True
    return found.modification_level > ModificationLevel.FORM_FILLING or not _are_signatures(found, reader)


def _empty_form(reader: PdfFileReader) -> DictionaryObject:
    """What a file without a form is taken for, since pyHanko compares forms only: one that has no field yet."""
    flags = reader.root["/AcroForm"].get("/SigFlags", NumberObject(0))
    return DictionaryObject({pdf_name("/Fields"): ArrayObject(), pdf_name("/SigFlags"): flags})


def _are_signatures(found: DiffResult, reader: PdfFileReader) -> bool:
    signed = {each.field_name for each in reader.embedded_signatures}
    return bool(found.changed_form_fields <= signed)


def has_time_stamp(signature: EmbeddedPdfSignature) -> bool:
    """Whether an authority's time stamp is enclosed, believed or not."""
    more: Any = signature.signer_info["unsigned_attrs"]
    return any(each["type"].native == "signature_time_stamp_token" for each in more)


def pages_in(reader: PdfFileReader) -> Iterator[Any]:
    """The pages in their order; a tree that comes back to itself ends there."""
    seen: set[Any] = set()
    rest = [reader.root.raw_get("/Pages")]
    while rest:
        node = rest.pop()
        if node.reference in seen:
            return
        seen.add(node.reference)
        held = node.get_object()
        if "/Kids" in held:
            rest += reversed(held["/Kids"])
        else:
            yield held
