"""Taking back a file that was signed elsewhere: only the one signature may be new in it."""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import ModificationLevel

from portal.signatures import apart
from portal.signatures.keys import check_certificate, facts
from portal.signatures.reading import (
    HOSTILE,
    LONGEST_PDF,
    changes_since,
    has_time_stamp,
    has_weak_digest,
    is_followed_by,
    is_intact,
    open_pdf,
    pages_in,
)
from workflows.errors import Refusal

if TYPE_CHECKING:
    from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature

    from portal.confined import Budget
    from portal.signatures.boxes import Box

SLACK_POINTS = 1.0
"""Tools round."""


@dataclass(frozen=True)
class Accepted:
    """What was found in a file that is taken back.

    Attributes:
        field: name of the new signature's field.
        signed_at: what the signature claims; aware; None where it says nothing.
        timestamped: whether it encloses a time stamp; who gave it is for `examining` to judge.
    """

    field: str
    signed_at: datetime | None
    timestamped: bool


def accept(before: bytes, after: bytes, certificate: bytes, area: tuple[int, Box] | None = None) -> Accepted:
    """Checks a file that came back from somebody's own signing tool.

    Args:
        before: the file that was given out.
        after: the file that came back.
        certificate: DER of the one that was to sign.
        area: page and box outside of which the new signature may show nothing; None: anywhere.

    Raises:
        Refusal: `file_too_large` (`max`: MB), `not_a_pdf`, `document_encrypted`, `document_unreadable`,
            `too_many_signatures`; `other_document`: what was given out is not the beginning of what came back;
            `not_signed`; `several_signatures`; `changed_besides`: more than the signature is new; `signature_broken`;
            `weak_digest`; `other_certificate` (`name`: who signed); `stamp_elsewhere` (`page`); `certificate_…` of
            `keys.check_certificate`.
    """
    if not after.startswith(before):
        open_pdf(after, strict=False)
        raise Refusal("other_document")
    try:
        return _accepted(before, after, certificate, area)
    except HOSTILE as error:
        raise Refusal("document_unreadable") from error


def accept_confined(
    before: bytes, after: bytes, certificate: bytes, area: tuple[int, Box] | None = None, budget: Budget | None = None
) -> Accepted:
    """The same in a confined child; views call this one, for what came back may be hostile.

    Raises:
        Refusal: as `accept`; `cannot_be_checked` (`detail`): the child was ended.
    """
    if len(after) > LONGEST_PDF:
        raise Refusal("file_too_large", {"max": LONGEST_PDF // 2**20})
    asked = apart.Question("accept", (before, after), certificate=certificate, area=area, budget=budget)
    found = apart.ask(asked)
    signed_at = datetime.fromisoformat(found["signed_at"]) if found["signed_at"] else None
    return Accepted(found["field"], signed_at, found["timestamped"])


def answer(asked: apart.Question) -> dict[str, object]:
    """What the child says of a file that came back, as JSON.

    Raises:
        Refusal: as `accept`.
    """
    before, after = asked.files
    found = accept(before, after, asked.certificate, asked.area)
    signed_at = found.signed_at and found.signed_at.isoformat()
    return {"field": found.field, "signed_at": signed_at, "timestamped": found.timestamped}


def _accepted(before: bytes, after: bytes, certificate: bytes, area: tuple[int, Box] | None) -> Accepted:
    given = PdfFileReader(io.BytesIO(before))
    reader = open_pdf(after, strict=True)
    signature = _new_one(reader, given)
    if _is_rewritten(reader, given):
        raise Refusal("changed_besides")
    if not is_intact(signature, after):
        raise Refusal("signature_broken")
    if not is_followed_by(signature, ModificationLevel.LTA_UPDATES):
        raise Refusal("changed_besides")
    _check_signer(signature, certificate)
    if area is not None:
        _check_area(reader, signature, *area)
    return Accepted(signature.field_name, signature.self_reported_timestamp, has_time_stamp(signature))


def _new_one(reader: PdfFileReader, given: PdfFileReader) -> EmbeddedPdfSignature:
    known = {each.field_name for each in given.embedded_signatures}
    new = [each for each in reader.embedded_regular_signatures if each.field_name not in known]
    if not new:
        raise Refusal("not_signed")
    if len(new) > 1:
        raise Refusal("several_signatures")
    return new[0]


def _is_rewritten(reader: PdfFileReader, given: PdfFileReader) -> bool:
    """Whether anything besides is new, or what came back does not go on from what was given out."""
    last = given.total_revisions - 1
    if reader.total_revisions <= given.total_revisions:
        return True
    places = [each.xrefs.get_startxref_for_revision(last) for each in (reader, given)]
    return places[0] != places[1] or changes_since(reader, last)


def _check_signer(signature: EmbeddedPdfSignature, certificate: bytes) -> None:
    used = signature.signer_cert.dump()
    if used != certificate:
        raise Refusal("other_certificate", {"name": facts(used).name})
    if has_weak_digest(signature):
        raise Refusal("weak_digest")
    # What the signer's computer says of the time is no proof that the certificate was valid; that it is now is.
    check_certificate(certificate, datetime.now(UTC))


def _check_area(reader: PdfFileReader, signature: EmbeddedPdfSignature, page: int, box: Box) -> None:
    field: Any = signature.sig_field
    left, bottom, right, top = shown = [float(each) for each in field["/Rect"]]
    if left == right or bottom == top:
        return
    pages = _pages_of(reader, field)
    if not box.holds(shown, SLACK_POINTS) or "/Kids" in field or pages != [page]:
        raise Refusal("stamp_elsewhere", {"page": pages[0] if pages else page})


def _pages_of(reader: PdfFileReader, field: Any) -> list[int]:
    """On which pages, from 1, a field shows."""
    own = field.container_ref
    noted = (page.get("/Annots", ()) for page in pages_in(reader))
    return [number for number, notes in enumerate(noted, start=1) for each in notes if _points_to(each, own)]


def _points_to(note: Any, own: Any) -> bool:
    return bool(getattr(note, "reference", None) == own)
