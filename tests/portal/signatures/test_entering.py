"""Certificates and pictures: bound to a holder by another, refused where they are something else, revoked once."""

from __future__ import annotations

import io
import struct
import zlib
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from PIL import Image
from sqlalchemy import select

from portal.audit import AuditEntry
from portal.demo import pictures as drawn
from portal.signatures import certificates, images, pictures, rules
from portal.signatures.certificates import Entry, Holder
from portal.signatures.models import SigningCertificate
from portal.units.models import Unit
from tests.portal.province import Province, found
from tests.portal.signatures.authority import PIN
from workflows.errors import Refusal

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy.orm import Session

    from tests.portal.signatures.authority import Authority
    from tests.portal.signatures.authority import Holder as Owner

REGISTRAR = "registrar"


@pytest.fixture
def province(session: Session) -> Province:
    return found(session)


@pytest.fixture(scope="module")
def owner(authority: Authority) -> Owner:
    return authority.holder("Đặng Nhật Thuận")


def code_of(deed: Callable[[], object]) -> str:
    with pytest.raises(Refusal) as refused:
        deed()
    return refused.value.code


def enter(
    province: Province, content: bytes, who: str = REGISTRAR, of: str = "chairman", **more: Any
) -> SigningCertificate:
    usual = {"key_place": "own_pc", "key_name": "", "confirmed": False}
    unit = province.session.scalar(select(Unit.id).where(Unit.code == of))
    holder = Holder(unit_id=unit) if unit else Holder(user_id=province.user(of).id)
    return certificates.enter(province.session, province.actor(who), Entry(holder, content, **{**usual, **more}))


def test_a_registrar_binds_a_certificate_and_the_log_says_who_did(province: Province, owner: Owner) -> None:
    row = enter(province, owner.certificate.public_bytes(Encoding.PEM))
    assert (row.common_name, row.state, row.holder) == ("Đặng Nhật Thuận", "in_force", "Đặng Nhật Thuận")
    assert row.serial == format(owner.certificate.serial_number, "X")
    told = province.session.scalars(select(AuditEntry).where(AuditEntry.object_kind == "signing_certificate")).one()
    assert (told.actor, told.action) == (REGISTRAR, "signing_certificate_entered")
    assert code_of(lambda: enter(province, owner.der)) == "certificate_there"


def test_nobody_binds_one_to_himself_or_to_other_units_and_who_may_not_binds_none(
    province: Province, owner: Owner
) -> None:
    assert code_of(lambda: enter(province, owner.der, of=REGISTRAR)) == "own_certificate"
    assert code_of(lambda: enter(province, owner.der, "admin", "admin")) == "own_certificate"
    assert code_of(lambda: enter(province, owner.der, of="IAGRAI")) == "no_such_holder"
    assert code_of(lambda: enter(province, owner.der, of="outsider.head")) == "no_such_holder"
    assert code_of(lambda: enter(province, owner.der, "clerk", "head")) == "not_permitted"
    assert enter(province, owner.der, "admin", "IAGRAI", confirmed=True).unit_id


def test_a_private_key_is_refused_whatever_it_is_packed_in(province: Province, owner: Owner) -> None:
    plain = (Encoding.PEM, Encoding.DER)
    forms = (PrivateFormat.PKCS8, PrivateFormat.TraditionalOpenSSL)
    packed = [owner.key.private_bytes(each, form, NoEncryption()) for each in plain for form in forms]
    together = owner.certificate.public_bytes(Encoding.PEM) + packed[0]
    for content in (*packed, owner.key_file(PIN), together):
        assert code_of(lambda content=content: enter(province, content)) == "private_key_given"
    assert not rules.holds_private_key(owner.der)
    assert province.session.scalars(select(SigningCertificate)).all() == []


def test_what_is_no_certificate_or_cannot_sign_is_refused(province: Province, authority: Authority) -> None:
    old = authority.holder("Đặng Nhật Thuận", last=-timedelta(days=1))
    assert code_of(lambda: enter(province, b"")) == "file_needed"
    assert code_of(lambda: enter(province, b"x" * 70_000)) == "certificate_too_large"
    assert code_of(lambda: enter(province, b"-----BEGIN CERTIFICATE-----\nAAAA")) == "certificate_unreadable"
    assert code_of(lambda: enter(province, old.der)) == "certificate_expired"
    assert code_of(lambda: enter(province, authority.root.der)) in {"certificate_cannot_sign", "certificate_other_name"}


def test_one_that_names_another_is_entered_only_after_a_second_look(province: Province, owner: Owner) -> None:
    assert code_of(lambda: enter(province, owner.der, of="vicechair")) == "certificate_other_name"
    assert enter(province, owner.der, of="vicechair", confirmed=True).user_id == province.user("vicechair").id


@pytest.mark.parametrize("name", ["", "../etc/passwd", "a/b.p12", "..", "khóa.p12", ".hidden"])
def test_a_key_at_the_server_is_named_without_a_path(province: Province, owner: Owner, name: str) -> None:
    assert code_of(lambda: enter(province, owner.der, key_place="key_file", key_name=name)) == "key_name_needed"


def test_it_is_revoked_once_with_a_reason_by_its_holder_or_who_may_enter_it(province: Province, owner: Owner) -> None:
    row = enter(province, owner.der)

    def revoke(who: str, reason: str = "Mất thiết bị") -> str:
        return certificates.revoke(province.session, province.actor(who), row.id, reason).state

    assert code_of(lambda: revoke("vicechair")) == "not_found"
    assert code_of(lambda: revoke("auditor")) == "not_permitted"
    assert code_of(lambda: revoke("chairman", " ")) == "reason_required"
    assert revoke("chairman") == "revoked"
    assert code_of(lambda: revoke(REGISTRAR)) == "certificate_revoked_before"


def test_it_is_told_before_it_ends(authority: Authority, province: Province) -> None:
    soon = authority.holder("Đặng Nhật Thuận", last=timedelta(days=20))
    assert enter(province, soon.der).state == "ending"


# -- pictures --------------------------------------------------------------------------------------------------


def png(mode: str, size: tuple[int, int], colour: Any) -> bytes:
    written = io.BytesIO()
    Image.new(mode, size, colour).save(written, "PNG")
    return written.getvalue()


def bomb() -> bytes:
    """A PNG that says it has 20 000 pixels a side, and unpacks to gigabytes."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", 20_000, 20_000, 8, 6, 0, 0, 0)
    body = zlib.compress(bytes(20_000 * 4 + 1) * 200, 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


def test_a_picture_is_drawn_anew_so_that_nothing_else_of_the_file_stays() -> None:
    given = drawn.signature("Thuận").png
    hidden = (
        given[:-12]
        + b"\x00\x00\x00\x09tEXtk\x00secret!"
        + struct.pack(">I", zlib.crc32(b"tEXtk\x00secret!"))
        + given[-12:]
    )
    made = pictures.redrawn(hidden, pictures.BLUE)
    assert (made.width, made.height, b"secret!" in made.png) == (480, 200, False)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "file_needed"),
        (b"x" * 2_000_000, "picture_too_heavy"),
        (b"GIF89a", "picture_not_png"),
        (bomb(), "picture_too_large"),
        (drawn.signature("Thuận").png[:900], "picture_unreadable"),
        (png("RGB", (40, 20), (0, 0, 200)), "picture_opaque"),
        (png("RGBA", (40, 20), (0, 0, 200, 0)), "picture_empty"),
        (drawn.seal("UBND").png, "picture_not_blue"),
    ],
)
def test_what_is_no_blue_signature_on_a_clear_ground_is_refused(content: bytes, code: str) -> None:
    assert code_of(lambda: pictures.redrawn(content, pictures.BLUE)) == code


def test_a_picture_is_seen_by_its_holder_and_those_who_enter_it_alone(province: Province) -> None:
    session, of = province.session, Holder(user_id=province.user("chairman").id)
    picture = drawn.signature("Thuận")
    assert code_of(lambda: images.keep_image(session, province.actor("chairman"), of, picture, 40)) == "not_permitted"
    assert code_of(lambda: images.keep_image(session, province.actor(REGISTRAR), of, picture, 400)) == "picture_width"
    first, second = (images.keep_image(session, province.actor(REGISTRAR), of, picture, wide) for wide in (40, 42.5))
    newest = images.image_of(session, of)
    assert newest is second
    assert images.image_of(session, of, first.entered_at) is first

    def sees(who: str) -> bool:
        return (
            session.scalar(select(type(first).id).where(type(first).id == first.id, images.scope(province.actor(who))))
            is not None
        )

    seeing = {who for who in ("chairman", REGISTRAR, "admin", "auditor", "vicechair", "clerk", "units") if sees(who)}
    assert seeing == {"chairman", REGISTRAR, "admin"}
