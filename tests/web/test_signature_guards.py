"""What the database itself refuses of signatures, whoever writes: by name, on SQLite and PostgreSQL."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from portal import files
from portal.demo.signing import equip
from portal.documents.models import OfficialDocument
from portal.documents.slots import SignatureSlot
from portal.security import today
from portal.signatures.models import DocumentSignature, SigningCertificate
from tests.portal.province import Province
from tests.portal.signatures.office import rendered
from tests.web.test_signing_pages import blank

if TYPE_CHECKING:
    from flask import Flask
    from sqlalchemy import Engine


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def engine(request: pytest.FixtureRequest) -> Engine:
    """A portal on either database: document 1 waits for its signature, and the chairman has a certificate."""
    app: Flask = request.getfixturevalue("portal" if request.param == "sqlite" else "portal_on_postgres")
    parts = app.extensions["trinh"]
    with app.app_context():
        province = Province(parts["database"].session())
        province.approved()
        equip(province.session, parts["settings"].portal_data, today())
        rendered(province.session, parts["files"], province.session.get_one(OfficialDocument, 1), blank())
        files.keep(province.session, parts["files"], blank() + b"%", "ky.pdf", None)
        province.session.commit()
        parts["database"].session.remove()
    found: Engine = parts["database"].engine
    return found


def refused(engine: Engine, *statements: str) -> str:
    """Why the database refuses the last of some statements; nothing of them is kept."""
    with engine.connect() as connection:
        for statement in statements[:-1]:
            connection.execute(text(statement))
        with pytest.raises(DBAPIError) as error:
            connection.execute(text(statements[-1]))
    return str(error.value.orig)


def key(engine: Engine, column: Any, **which: Any) -> int:
    with engine.connect() as connection:
        table = column.class_
        found = select(column).where(*(getattr(table, name) == value for name, value in which.items()))
        number: int = connection.execute(found.order_by(column.desc())).scalars().first()
        return number


def given(engine: Engine, place: str, document: int = 1) -> str:
    """A statement that writes a signature of the chairman."""
    slot = key(engine, SignatureSlot.id, place=place)
    certificate, file = key(engine, SigningCertificate.id), key(engine, files.StoredFile.id)
    user = key(engine, SignatureSlot.user_id, place="signature")
    values = f"({document}, {slot}, {certificate}, {user}, '2026-01-01 00:00:00', {file}, 'server', 'B-B')"
    columns = "document_id, slot_id, certificate_id, user_id, signed_at, file_id, way, level"
    return f"INSERT INTO document_signature ({columns}) VALUES {values}"


def test_the_database_keeps_the_order_of_signatures_and_what_was_signed(engine: Engine) -> None:
    sign, file = given(engine, "signature"), key(engine, files.StoredFile.id)
    signed = (sign, f"UPDATE official_document SET file_id = {file}, status = 'awaiting_seal'")
    told = {
        "document_signature_persons_first": (given(engine, "seal"),),
        "document_signature_of_its_document": (given(engine, "signature", document=7),),
        "official_document_file_signed": (f"UPDATE official_document SET file_id = {file}",),
        "official_document_all_signed": ("UPDATE official_document SET status = 'awaiting_seal'",),
        "official_document_goes_forward": (*signed, "UPDATE official_document SET status = 'awaiting_signature'"),
        "official_document_signed_stays": (sign, "UPDATE official_document SET status = 'rendering', file_id = NULL"),
        "document_signature_no_update": (sign, "UPDATE document_signature SET level = 'B-T'"),
        "document_signature_no_delete": (sign, "DELETE FROM document_signature"),
        "signature_slot_no_update": ("UPDATE signature_slot SET user_id = 1",),
        "signature_slot_no_delete": ("DELETE FROM signature_slot",),
        "signing_certificate_frozen": ("UPDATE signing_certificate SET user_id = 2 WHERE user_id IS NOT NULL",),
        "signing_certificate_no_delete": ("DELETE FROM signing_certificate",),
        "signature_image_no_update": ("UPDATE signature_image SET width_mm = 10",),
        "signature_image_no_delete": ("DELETE FROM signature_image",),
    }
    missed = {name: said for name, statements in told.items() if name not in (said := refused(engine, *statements))}
    assert missed == {}
    assert "slot" in refused(engine, sign, sign)
    with engine.begin() as connection:
        connection.execute(text(signed[0]))
        connection.execute(text(signed[1]))
    assert key(engine, DocumentSignature.id)


def test_a_released_file_grows_only_by_a_time_stamp_that_is_noted(engine: Engine) -> None:
    file, first = key(engine, files.StoredFile.id), key(engine, OfficialDocument.file_id, id=1)
    released = (
        given(engine, "signature"),
        f"UPDATE official_document SET file_id = {file}, status = 'awaiting_seal'",
        given(engine, "seal"),
        "UPDATE official_document SET status = 'released', released_at = '2026-01-01 00:00:00'",
    )
    grown = f"UPDATE official_document SET file_id = {first}"
    noted = (
        "INSERT INTO archive_stamp (document_id, file_id, ends_at, noted_at) "
        f"VALUES (1, {first}, '2036-01-01 00:00:00', '2026-01-01 00:00:00')"
    )
    assert "official_document_file_signed" in refused(engine, *released, grown)
    assert "official_document_file_signed" in refused(engine, noted, grown.replace(str(first), str(file)))
    assert "archive_stamp_frozen" in refused(engine, noted, "UPDATE archive_stamp SET ends_at = noted_at")
    with engine.connect() as connection:
        for statement in (*released, noted, grown):
            connection.execute(text(statement))
