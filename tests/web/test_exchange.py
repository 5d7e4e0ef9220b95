"""The registrar takes a released document out of the portal, and registers one that comes as an exchange file."""

from __future__ import annotations

import io
from dataclasses import replace
from html import unescape
from typing import TYPE_CHECKING, Any

from sqlalchemy import select, update

from portal.exchange import edxml, package
from portal.exchange.message import Attached
from portal.incoming.models import IncomingDocument
from portal.units.models import Unit
from tests.portal.exchange.messages import MESSAGE
from tests.uploads import EXE, PDF
from tests.web.calls import rows
from tests.web.desk import Desk
from tests.web.test_signing_pages import REGISTRAR, SIGNER, document, form, send

if TYPE_CHECKING:
    from flask import Flask

    from tests.conftest import Visit, Visitor

__all__ = ["document"]
SENT = replace(MESSAGE, files=(Attached("4598-CAT-PC06-2024.pdf", "application/pdf", PDF),))


def upload(registrar: Visitor, content: bytes, **typed: str) -> Any:
    given = {"file": (io.BytesIO(content), "4598.edxml"), **typed}
    return registrar.post("/incoming/exchange-file", given, content_type="multipart/form-data")


def read(visitor: Visitor, address: str) -> bytes:
    answer = visitor.get(address)
    content: bytes = answer.data
    answer.close()
    return content


def arrivals(portal: Flask) -> list[tuple[int, str, str, str | None]]:
    told = (IncomingDocument.id, IncomingDocument.author, IncomingDocument.symbol, IncomingDocument.code)
    with rows(portal) as session:
        return [(*each,) for each in session.execute(select(*told).order_by(IncomingDocument.id))]


def test_a_released_document_is_taken_out_by_its_registrar(
    portal: Flask,
    visit: Visit,
    document: int,
) -> None:
    signer, registrar, desk = visit(SIGNER), visit(REGISTRAR), Desk(portal, visit)
    page = f"/documents/show/{document}"
    assert 'id="passing-on"' not in registrar.get(page).text
    answer = registrar.post(f"/exchange/{document}/package", follow_redirects=True)
    assert desk.says("not_released") in unescape(answer.text)
    for who in (signer, registrar):
        send(who, portal, document, form(who, document))
    assert 'id="passing-on"' in registrar.get(page).text
    assert 'id="passing-on"' not in signer.get(page).text
    answer = registrar.post(f"/exchange/{document}/edxml", follow_redirects=True)
    assert "H21.05" not in answer.text
    assert answer.mimetype == "text/html"  # nobody has entered the code of the committee
    with rows(portal) as session:
        session.execute(update(Unit).where(Unit.code == "UBND").values(organ_code="H21"))
        session.commit()
    answer = registrar.post(f"/exchange/{document}/edxml")
    assert (answer.mimetype, answer.headers["Cache-Control"]) == ("application/xml", "no-store")
    message = edxml.read(answer.data)
    packed = package.read(io.BytesIO(registrar.post(f"/exchange/{document}/package").data)).documents[0]
    assert packed.pdf == message.files[0].content == read(registrar, f"/documents/{document}/pdf")


def test_an_exchange_file_is_registered_with_its_document(portal: Flask, visit: Visit) -> None:
    registrar, desk = visit(REGISTRAR), Desk(portal, visit)
    assert upload(registrar, edxml.write(SENT)).status_code == 302
    ((key, *told),) = arrivals(portal)
    assert told == [SENT.sender.name, "4598/CAT-PC06", SENT.document_code.upper()]
    assert read(registrar, f"/incoming/{key}/scan") == PDF
    again = upload(registrar, edxml.write(SENT))
    assert again.status_code == 422
    assert f"/incoming/show/{key}" in again.text
    assert "again_reason" in again.text
    assert upload(registrar, edxml.write(SENT), again_reason="Bản thay thế do gửi lỗi").status_code == 302
    assert len(arrivals(portal)) == 2
    for content, code in ((b"", "file_needed"), (PDF, "xml_unreadable"), (b"<a/>", "not_an_exchange_file")):
        answer = upload(registrar, content)
        assert (answer.status_code, desk.says(code) in unescape(answer.text)) == (422, True), code
    other = replace(SENT, number="4599", document_code="X", files=(Attached("a.pdf", "application/pdf", EXE),))
    assert upload(registrar, edxml.write(other)).status_code == 422
    assert len(arrivals(portal)) == 2
