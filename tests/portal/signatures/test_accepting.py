"""Files that come back from somebody's own tool: the one signature is taken, and nothing else with it."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING, Any

import pytest
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from portal.signatures.accepting import accept, accept_confined
from portal.signatures.boxes import Box
from portal.signatures.pades import Level, sign
from tests.portal.signatures.authority import DAY, Authority, Holder
from tests.portal.signatures.desk import Desk
from workflows.errors import Refusal

if TYPE_CHECKING:
    from collections.abc import Callable

    from portal.signatures.keys import SigningKey
    from portal.signatures.stamps import Stamp

AREA = Box(320, 500, 180, 60)
SHOWN = (330, 510, 480, 550)


@pytest.fixture(scope="module")
def returned(document: bytes, chairman: Holder) -> bytes:
    """The document as the chairman's own tool gives it back."""
    return Desk(chairman).sign_file(document, box=SHOWN, page=2)


def code_of(before: bytes, after: bytes, holder: Holder, area: tuple[int, Box] | None = None) -> str:
    with pytest.raises(Refusal) as refused:
        accept(before, after, holder.der, area)
    return refused.value.code


def updated(pdf: bytes, change: Callable[[Any], None]) -> bytes:
    """The file with an update of somebody's, as any tool for PDF can make it."""
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    change(writer)
    written = io.BytesIO()
    writer.write(written)
    return written.getvalue()


def other_words(writer: Any) -> None:
    """A page says something else."""
    page = writer.find_page_for_modification(0)[0].get_object()
    page["/Contents"] = writer.add_object(generic.StreamObject(stream_data=b"BT ET"))
    writer.update_container(page)


def other_picture(writer: Any) -> None:
    """What is drawn for the first signature is another picture."""
    page = writer.find_page_for_modification(1)[0].get_object()
    note = page["/Annots"][0]
    note["/AP"]["/N"] = writer.add_object(generic.StreamObject(stream_data=b"0 0 m"))
    writer.update_container(note)


def more_pages(writer: Any) -> None:
    """There is one page more."""
    page = generic.DictionaryObject({generic.pdf_name("/Type"): generic.pdf_name("/Page")})
    pages = writer.root["/Pages"]
    pages["/Kids"].append(writer.add_object(page))
    pages["/Count"] = generic.NumberObject(len(pages["/Kids"]))
    writer.update_container(pages["/Kids"])
    writer.update_container(pages)


CHANGES = [other_words, more_pages]


def test_a_file_with_the_one_signature_is_taken(document: bytes, returned: bytes, chairman: Holder) -> None:
    found = accept(document, returned, chairman.der, (2, AREA))
    assert (found.field, found.timestamped) == ("Signature1", False)
    assert found.signed_at is not None


def test_the_second_signature_is_taken_on_top_of_the_first(signed: bytes, agency: Holder) -> None:
    assert accept(signed, Desk(agency).sign_file(signed, "Signature2"), agency.der).field == "Signature2"


def test_proofs_may_come_with_it(
    signed: bytes, agency: Holder, agencys_key: SigningKey, sealing: Stamp, authority: Authority
) -> None:
    archived = sign(signed, agencys_key, sealing, Level.LTA, authority.trust()).pdf
    assert accept(signed, archived, agency.der).timestamped


def test_the_child_says_the_same(document: bytes, returned: bytes, chairman: Holder, agency: Holder) -> None:
    assert accept_confined(document, returned, chairman.der, (2, AREA)) == accept(document, returned, chairman.der)
    with pytest.raises(Refusal) as refused:
        accept_confined(document, returned, agency.der)
    assert (refused.value.code, refused.value.params) == ("other_certificate", {"name": "Rah Lan Chung"})


# -- what is not taken -----------------------------------------------------------------------------------------


def test_another_document_is_not_taken(document: bytes, signed: bytes, chairman: Holder) -> None:
    other = Desk(chairman).sign_file(document.replace(b"%PDF-1.7", b"%PDF-1.6", 1))
    assert code_of(document, other, chairman) == "other_document"
    assert code_of(signed, document, chairman) == "other_document"


def test_an_unsigned_file_is_not_taken(document: bytes, signed: bytes, chairman: Holder) -> None:
    assert code_of(document, document, chairman) == "not_signed"
    assert code_of(signed, updated(signed, other_words), chairman) == "not_signed"


def test_two_new_signatures_are_not_taken(document: bytes, returned: bytes, chairman: Holder) -> None:
    assert code_of(document, Desk(chairman).sign_file(returned, "Signature2"), chairman) == "several_signatures"


def test_the_signature_of_somebody_else_is_not_taken(document: bytes, returned: bytes, agency: Holder) -> None:
    assert code_of(document, returned, agency) == "other_certificate"


def test_a_certificate_of_the_same_name_is_another_one(document: bytes, chairman: Holder, authority: Authority) -> None:
    namesake = authority.holder("Rah Lan Chung")
    assert code_of(document, Desk(namesake).sign_file(document), chairman) == "other_certificate"


def test_a_certificate_that_has_expired_is_not_taken_whatever_the_clock_of_the_tool_said(
    document: bytes, authority: Authority
) -> None:
    late = authority.holder("Hết hạn", first=-9 * DAY, last=-DAY)
    assert code_of(document, Desk(late).sign_file(document), late) == "certificate_expired"


@pytest.mark.parametrize("change", CHANGES)
def test_what_was_changed_before_it_was_signed_is_not_taken(
    change: Callable[[Any], None], document: bytes, signed: bytes, chairman: Holder, agency: Holder
) -> None:
    assert code_of(document, Desk(chairman).sign_file(updated(document, change)), chairman) == "changed_besides"
    assert code_of(signed, Desk(agency).sign_file(updated(signed, change)), agency) == "changed_besides"


@pytest.mark.parametrize("change", [*CHANGES, other_picture])
def test_what_was_changed_after_it_was_signed_is_not_taken(
    change: Callable[[Any], None], document: bytes, returned: bytes, chairman: Holder
) -> None:
    assert code_of(document, updated(returned, change), chairman) == "changed_besides"


def test_a_document_of_its_own_behind_the_one_given_out_is_not_taken(document: bytes, chairman: Holder) -> None:
    objects = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>",
    )
    behind = document + standing_at(len(document), objects)
    assert code_of(document, Desk(chairman).sign_file(behind), chairman) == "changed_besides"


def standing_at(offset: int, objects: tuple[bytes, ...]) -> bytes:
    """A whole PDF, without its first line, that knows at which byte of a file it begins."""
    written, rows = b"", b"0000000000 65535 f \n"
    for number, each in enumerate(objects, start=1):
        rows += b"%010d 00000 n \n" % (offset + len(written))
        written += b"%d 0 obj\n%s\nendobj\n" % (number, each)
    size, start = len(objects) + 1, offset + len(written)
    trailer = b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (size, start)
    return written + b"xref\n0 %d\n%s%s" % (size, rows, trailer)


def test_the_picture_of_the_first_signature_cannot_be_swapped(signed: bytes, agency: Holder) -> None:
    swapped = Desk(agency).sign_file(updated(signed, other_picture))
    assert code_of(signed, swapped, agency) == "changed_besides"


def test_a_certification_that_forbids_the_seal_is_not_taken(document: bytes, chairman: Holder) -> None:
    assert code_of(document, Desk(chairman).sign_file(document, certify=True), chairman) == "changed_besides"


def test_a_changed_byte_of_what_is_new_breaks_the_signature(document: bytes, returned: bytes, chairman: Holder) -> None:
    at = returned.index(b"/Rect [", len(document)) + len(b"/Rect [")
    changed = returned[:at] + b"1" + returned[at + 1 :]
    assert code_of(document, changed, chairman) == "signature_broken"


def test_a_gap_with_room_for_more_is_not_taken(document: bytes, returned: bytes, chairman: Holder) -> None:
    start = returned.rindex(b"/Contents <") + len(b"/Contents ")
    end = returned.index(b">", start) + 1
    content = bytes.fromhex(returned[start + 1 : end - 1].decode())
    # The same bytes in a shorter way of writing, so that they still end where the signature says that they do.
    literal = b"(" + re.sub(rb"([()\\])", rb"\\\1", content).replace(b"\r", b"\\r") + b")"
    room = returned[:start] + literal + b"/Reason (mine)".ljust(end - start - len(literal)) + returned[end:]
    assert code_of(document, room, chairman) == "signature_broken"


def test_a_signature_that_shows_elsewhere_is_not_taken(document: bytes, returned: bytes, chairman: Holder) -> None:
    assert code_of(document, returned, chairman, (2, Box(0, 0, 100, 100))) == "stamp_elsewhere"
    assert code_of(document, returned, chairman, (1, AREA)) == "stamp_elsewhere"


def test_a_signature_that_shows_nothing_may_stand_anywhere(document: bytes, chairman: Holder) -> None:
    assert accept(document, Desk(chairman).sign_file(document), chairman.der, (2, AREA)).field == "Signature1"


def test_a_weak_digest_is_not_taken(document: bytes, chairman: Holder) -> None:
    assert code_of(document, Desk(chairman).sign_file(document, digest="sha1"), chairman) == "weak_digest"


@pytest.mark.parametrize(
    ("after", "code"), [(b"", "not_a_pdf"), (b"words", "not_a_pdf"), (b"%PDF-1.7", "document_unreadable")]
)
def test_what_is_no_pdf_is_said_as_that(after: bytes, code: str, document: bytes, chairman: Holder) -> None:
    assert code_of(document, after, chairman) == code


def test_what_was_cut_off_is_not_taken(document: bytes, returned: bytes, chairman: Holder) -> None:
    for length in (len(document) + 10, len(returned) - 200, len(returned) - 10):
        assert code_of(document, returned[:length], chairman) in {
            "document_unreadable",
            "signature_broken",
            "not_signed",
        }
