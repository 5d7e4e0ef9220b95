"""One authority, its people, one printed document of two pages and its pictures, made once for the whole run."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, TypeAlias

import pytest
from PIL import Image, ImageDraw

from portal.documents.job import RenderJob
from portal.documents.rendering import render
from portal.signatures.keys import SigningKey, open_key_file
from portal.signatures.pades import Level, sign
from portal.signatures.stamps import SEAL, SIGNATURE, Box, Picture, Place, Stamp, read_picture, seal_box, signature_box
from tests.portal.signatures.authority import NOW, PIN, Authority, Holder

if TYPE_CHECKING:
    from collections.abc import Iterator

Personal: TypeAlias = tuple[bytes, SigningKey, Stamp]

PLACE = Place(SIGNATURE, 2, Box(320, 500, 180, 60))
SEAL_MM = 36.0
FACE = "@font-face { font-family: Tinos; src: url(asset:tinos-regular) } html { font-family: Tinos }"


def drawn(size: tuple[int, int], colour: tuple[int, int, int]) -> bytes:
    image = Image.new("RGBA", size, (0, 0, 0, 0))
    ImageDraw.Draw(image).ellipse((4, 4, size[0] - 5, size[1] - 5), outline=(*colour, 255), width=4)
    written = io.BytesIO()
    image.save(written, "PNG")
    return written.getvalue()


@pytest.fixture(scope="session")
def authority() -> Authority:
    """What everybody shares; whoever revokes or silences takes one of his own with the same keys."""
    return Authority()


@pytest.fixture
def network(authority: Authority) -> Iterator[Authority]:
    """The same authority for a test that revokes, silences or looks at who was asked."""
    authority.revoked, authority.silent, authority.asked = {}, set(), []
    yield authority
    authority.revoked, authority.silent, authority.asked = {}, set(), []


@pytest.fixture(scope="session")
def chairman(authority: Authority) -> Holder:
    return authority.holder("Rah Lan Chung")


@pytest.fixture(scope="session")
def agency(authority: Authority) -> Holder:
    return authority.holder("Ủy ban nhân dân tỉnh Gia Lai")


@pytest.fixture(scope="session")
def chairmans_key(chairman: Holder) -> SigningKey:
    return open_key_file(chairman.key_file(), PIN)


@pytest.fixture(scope="session")
def agencys_key(agency: Holder) -> SigningKey:
    return open_key_file(agency.key_file(), PIN)


@pytest.fixture(scope="session")
def document() -> bytes:
    html = "<html lang=vi><title>Báo cáo</title><body><p>Trang một</p><p style='break-before: page'>Trang hai</p>"
    return render(RenderJob(template=html, data={}, styles=(FACE,))).pdf


@pytest.fixture(scope="session")
def signature_picture() -> Picture:
    return read_picture(drawn((300, 150), (20, 40, 200)))


@pytest.fixture(scope="session")
def seal_picture() -> Picture:
    return read_picture(drawn((200, 200), (210, 20, 20)))


@pytest.fixture(scope="session")
def signing(signature_picture: Picture) -> Stamp:
    """The personal signature."""
    return Stamp(
        field=SIGNATURE,
        page=PLACE.page,
        box=signature_box(PLACE, signature_picture),
        signed_at=NOW,
        picture=signature_picture,
        name="Rah Lan Chung",
        reason="Ký ban hành",
        location="Gia Lai",
    )


@pytest.fixture(scope="session")
def sealing(signing: Stamp, seal_picture: Picture) -> Stamp:
    """The agency's seal over it."""
    box = seal_box(signing.box, seal_picture, SEAL_MM)
    return Stamp(SEAL, PLACE.page, box, NOW, picture=seal_picture, name="UBND tỉnh Gia Lai", reason="Đóng dấu")


@pytest.fixture(scope="session")
def personal(document: bytes, chairmans_key: SigningKey, signing: Stamp) -> Personal:
    """What `sign` is given for the personal signature, before level and trust."""
    return document, chairmans_key, signing


@pytest.fixture(scope="session")
def signed(authority: Authority, personal: Personal) -> bytes:
    """The document with the personal signature, without proofs."""
    return sign(*personal, Level.B, authority.trust()).pdf


@pytest.fixture(scope="session")
def sealed(authority: Authority, signed: bytes, agencys_key: SigningKey, sealing: Stamp) -> bytes:
    """The same with the agency's seal."""
    return sign(signed, agencys_key, sealing, Level.B, authority.trust()).pdf


@pytest.fixture(scope="session")
def archived(authority: Authority, personal: Personal, agencys_key: SigningKey, sealing: Stamp) -> bytes:
    """The document with both signatures and everything that proves them later."""
    first = sign(*personal, Level.LTA, authority.trust()).pdf
    return sign(first, agencys_key, sealing, Level.LTA, authority.trust()).pdf
