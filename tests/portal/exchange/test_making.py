"""What a released document says of itself outside, who may take it out, and how it arrives at another unit."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select
from sqlalchemy.orm.attributes import set_committed_value

from portal.documents.linking import follow, line_of
from portal.documents.links import RECALLS
from portal.documents.service import content_of
from portal.exchange import arriving, edxml, making, package
from portal.incoming.models import IncomingDocument
from portal.security import today
from portal.units.models import Unit
from portal.units.service import settle_unit
from tests.portal.province import Province, found
from tests.portal.signatures.office import Office, office_of
from workflows.errors import Refusal

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy.orm import Session

REGISTRAR = "registrar"


@pytest.fixture
def office(session: Session, tmp_path: Path, document: bytes) -> Office:
    return office_of(found(session), tmp_path, document)


@pytest.fixture
def released(office: Office) -> Office:
    """A document that everybody has signed, of an issuer with an identification code."""
    office.sign()
    office.seal()
    unit(office.province, "UBND").organ_code = "H21"
    return office


def unit(province: Province, code: str) -> Unit:
    session: Session = province.session
    return session.scalars(select(Unit).where(Unit.code == code)).one()


def exchange_file(office: Office, who: str = REGISTRAR) -> bytes:
    province = office.province
    return making.exchange_file(province.session, province.actor(who), office.store, office.document)


def code_of(refused: pytest.ExceptionInfo[Refusal]) -> str:
    return refused.value.code


def test_the_exchange_file_says_what_the_document_says(released: Office) -> None:
    message = edxml.read(exchange_file(released))
    document = released.document
    content = content_of(document)
    assert document.file is not None
    assert message.files[0].content == released.store.read(document.file.sha256)
    assert (message.sender.code, message.sender.name) == ("H21", "UBND tỉnh Gia Lai")
    assert f"{message.number}/{message.symbol}" == str(document)
    assert message.signer.name == content["signature"]["name"]
    assert message.signer.competence == "TM. ỦY BAN NHÂN DÂN"
    assert (message.type.number, message.type.name) == (14, "Báo cáo")
    assert not any(place.startswith("Lưu") for place in message.places)
    assert released.told()[-1] == "document_exported"


def test_the_package_brings_file_metadata_and_content_back(released: Office) -> None:
    province, document = released.province, released.document
    set_committed_value(document, "retention_kind", "permanent")
    content = making.package_of(province.session, province.actor(REGISTRAR), released.store, document)
    found = package.read(io.BytesIO(content))
    (packed,) = found.documents
    assert found.dossier.maintenance == "Vĩnh viễn"
    assert document.file is not None
    assert packed.pdf == released.store.read(document.file.sha256)
    assert packed.content == document.content.encode()
    assert edxml.read(packed.exchange).files[0].content == packed.pdf
    told = packed.metadata
    assert (told.subject, told.symbol, told.pages) == (document.subject, document.symbol, document.pages)


def test_a_package_of_an_issuer_without_a_code_has_no_exchange_file(released: Office) -> None:
    unit(released.province, "UBND").organ_code = None
    with pytest.raises(Refusal) as refused:
        exchange_file(released)
    assert code_of(refused) == "no_organ_code"
    assert making.pack(released.province.session, released.store, released.document).exchange == b""


def test_a_recalled_document_is_sent_no_more_and_its_package_says_why(released: Office) -> None:
    session, document = released.province.session, released.document
    line = line_of(session, document.id)
    follow(session, released.province.actor("chairman"), RECALLS, None, line, reason="Sai số liệu")
    with pytest.raises(Refusal) as refused:
        exchange_file(released)
    assert code_of(refused) == "recalled_not_sent"
    content = making.package_of(session, released.province.actor(REGISTRAR), released.store, document)
    (packed,) = package.read(io.BytesIO(content)).documents
    assert packed.metadata.description == f"Văn bản đã bị thu hồi ngày {today():%d/%m/%Y}"
    assert (packed.exchange, packed.pdf != b"") == (b"", True)


def test_what_is_not_released_stays_here(office: Office) -> None:
    with pytest.raises(Refusal) as refused:
        exchange_file(office)
    assert code_of(refused) == "not_released"


@pytest.mark.parametrize("who", ["clerk", "chairman", "police.head"])
def test_only_the_registrar_of_the_issuer_takes_it_out(released: Office, who: str) -> None:
    with pytest.raises(Refusal) as refused:
        exchange_file(released, who)
    assert code_of(refused) == "not_permitted"


def test_a_register_is_handed_over_in_the_order_of_its_numbers(released: Office) -> None:
    document, output = released.document, io.BytesIO()
    rows = making.released_of(released.province.session, document.issuer_id, document.year, document.register.series)
    assert [each.id for each in rows] == [document.id]
    making.write_register(output, released.province.session, released.store, rows)
    assert package.read(output).dossier.title == str(document.register)
    assert making.released_of(released.province.session, document.issuer_id, document.year, "letters") == []


def test_it_arrives_as_it_was_sent_and_only_once(released: Office) -> None:
    content, province = exchange_file(released), released.province
    admin, store = province.actor("admin"), released.store
    row = arriving.arrive(province.session, admin, store, unit(province, "STTTT"), content, on=today(), again="")
    document = released.document
    assert (row.author, row.symbol, row.type_name) == ("UBND tỉnh Gia Lai", str(document), "Báo cáo")
    assert (row.dated_on, row.subject) == (document.issued_on, document.subject)
    province.session.refresh(row)
    assert row.file is not None
    assert document.file is not None
    assert row.file.sha256 == document.file.sha256
    with pytest.raises(Refusal) as refused:
        arriving.arrive(province.session, admin, store, unit(province, "STTTT"), content, on=today(), again="")
    assert code_of(refused) == "arrived_before"
    assert province.session.scalars(select(IncomingDocument)).all() == [row]


def test_a_recall_is_not_registered_as_a_document(released: Office) -> None:
    content = exchange_file(released).replace(b"BussinessDocType>0", b"BussinessDocType>1")
    province = released.province
    with pytest.raises(Refusal) as refused:
        arriving.arrive(
            province.session,
            province.actor("admin"),
            released.store,
            unit(province, "STTTT"),
            content,
            on=today(),
            again="",
        )
    assert code_of(refused) == "not_a_new_document"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("", None), (" h21.05 ", "H21.05"), ("000.00.05.H21", "000.00.05.H21"), ("H21..05", "!"), ("Đ21", "!")],
)
def test_an_identification_code_is_kept_in_one_spelling(office: Office, typed: str, kept: str | None) -> None:
    there = unit(office.province, "STTTT")
    there.organ_code = typed
    if kept == "!":
        with office.province.session.no_autoflush, pytest.raises(Refusal) as refused:
            settle_unit(office.province.session, office.province.actor("admin"), there)
        assert code_of(refused) == "organ_code_shape"
    else:
        settle_unit(office.province.session, office.province.actor("admin"), there)
        assert there.organ_code == kept
