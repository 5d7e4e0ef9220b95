"""Signing in the browser: what waits for whom, proving oneself, one signature from two windows, and who sees what."""

from __future__ import annotations

import io
import re
from html import unescape
from typing import TYPE_CHECKING, Any

import pypdfium2
import pytest
from flask_appbuilder.security.sqla.models import User
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.app import keyring_of
from portal.demo.journey import Journey, january_inputs
from portal.demo.signing import demo_pin, equip
from portal.documents.models import OfficialDocument
from portal.idempotency import IdempotencyKey
from portal.security import today
from portal.signatures.models import DocumentSignature, SignatureImage
from tests.cast import PASSWORD
from tests.conftest import settings_in
from tests.portal.signatures.office import rendered
from tests.web.desk import Desk
from workflows.actions import Approve

if TYPE_CHECKING:
    from flask import Flask

    from tests.conftest import Visit, Visitor

SIGNER, OTHER, REGISTRAR = "vicechair", "chairman", "registrar"


def blank() -> bytes:
    """A PDF of two empty pages."""
    pdf, written = pypdfium2.PdfDocument.new(), io.BytesIO()
    for _ in range(2):
        pdf.new_page(595, 842)
    pdf.save(written)
    pdf.close()
    return written.getvalue()


@pytest.fixture
def document(portal: Flask) -> int:
    """A document that waits for the vice chair, with keys for everybody."""
    parts, folder = portal.extensions["trinh"], portal.extensions["trinh"]["settings"].portal_data
    with portal.app_context():
        journey = Journey(portal, lambda _line: None)
        number = journey.draft(january_inputs())
        journey.hand_in(number)
        for username in ("head", "police.head", SIGNER):
            journey.decide(username, number, lambda seen: Approve(seen, "Đồng ý."))
        issued = journey.session.scalars(select(OfficialDocument)).one()
        rendered(journey.session, parts["files"], issued, blank())
        equip(journey.session, folder, today())
        journey.session.commit()
        parts["keyring"] = keyring_of(settings_in(folder))
        key: int = issued.id
        parts["database"].session.remove()
    return key


def form(visitor: Visitor, key: int, action: str = "sign") -> dict[str, str]:
    """The hidden inputs of a form on the page of signing, and the first certificate that it offers."""
    html = visitor.get(f"/signing/show/{key}").text
    found = re.search(rf'action="/signing/{key}/{action}".*?</form>', html, re.DOTALL)
    assert found, html
    hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', found[0]))
    del hidden["csrf_token"]
    chosen = re.search(r'<option value="(\d+)"', found[0])
    return {**hidden, **({"certificate": chosen[1]} if chosen else {})}


def send(visitor: Visitor, portal: Flask, key: int, asked: dict[str, str], **typed: str) -> Any:
    pin = demo_pin(portal.extensions["trinh"]["settings"].portal_data)
    return visitor.post(f"/signing/{key}/sign", {**asked, "password": PASSWORD, "pin": pin, **typed})


def state(portal: Flask) -> tuple[str, int]:
    with Session(portal.extensions["trinh"]["database"].engine) as session:
        status = session.scalars(select(OfficialDocument.status)).one()
        return status, len(session.scalars(select(DocumentSignature)).all())


def test_a_document_is_signed_and_sealed_and_says_so(portal: Flask, visit: Visit, document: int) -> None:
    signer, registrar = visit(SIGNER), visit(REGISTRAR)
    assert "/signing/list/" in signer.get("/").text.partition('class="tiles"')[2]
    assert "/signing/seals/" not in registrar.get("/").text.partition('class="tiles"')[2]
    assert f"/signing/show/{document}" in signer.get("/signing/list/").text
    answer = send(signer, portal, document, form(signer, document))
    assert (answer.status_code, answer.location) == (302, f"/documents/show/{document}"), answer.text
    assert state(portal) == ("awaiting_seal", 1)
    assert f"/signing/show/{document}" not in signer.get("/signing/list/").text
    assert f"/signing/show/{document}" in registrar.get("/signing/seals/list/").text
    assert send(registrar, portal, document, form(registrar, document)).status_code == 302
    assert state(portal) == ("released", 2)
    page = unescape(visit("clerk").get(f"/documents/show/{document}").text)
    for words in ("Hoàng Thị Diệu Linh", "Lý Thị Hoa", "PAdES B-B", "+07:00"):
        assert words in page.partition('id="signatures"')[2], words
    listed = registrar.get("/api/v1/signature/").json
    assert [each["slot"]["place"] for each in listed["result"]] == ["seal", "signature"]


def test_who_does_not_prove_himself_or_types_a_wrong_pin_signs_nothing(
    portal: Flask, visit: Visit, document: int
) -> None:
    signer, desk = visit(SIGNER), Desk(portal, visit)
    asked = form(signer, document)
    for typed, code in (
        ({"password": "sai"}, "password_wrong"),
        ({"pin": "00000000"}, "wrong_pin"),
        ({"pin": ""}, "pin_needed"),
    ):
        answer = send(signer, portal, document, asked, **typed)
        assert (answer.status_code, desk.says(code) in unescape(answer.text)) == (422, True), answer.text
        assert "00000000" not in answer.text
    assert state(portal) == ("awaiting_signature", 0)


def test_a_double_click_and_a_second_window_give_one_signature(portal: Flask, visit: Visit, document: int) -> None:
    signer = visit(SIGNER)
    first, second = form(signer, document), form(signer, document)
    assert [send(signer, portal, document, first).status_code for _ in range(2)] == [302, 302]
    assert send(signer, portal, document, second).status_code == 409
    assert state(portal) == ("awaiting_seal", 1)
    with Session(portal.extensions["trinh"]["database"].engine) as session:
        kept = str([row.answer for row in session.scalars(select(IdempotencyKey))])
        assert demo_pin(portal.extensions["trinh"]["settings"].portal_data) not in kept


def test_nobody_else_is_offered_it_or_signs_it(portal: Flask, visit: Visit, document: int) -> None:
    asked, other = form(visit(SIGNER), document), visit(OTHER)
    assert f'action="/signing/{document}/sign"' not in other.get(f"/signing/show/{document}").text
    assert send(other, portal, document, asked).status_code == 403
    assert send(visit("outsider"), portal, document, asked).status_code == 404
    assert send(visit(REGISTRAR), portal, document, asked).status_code == 403
    assert state(portal) == ("awaiting_signature", 0)


def test_a_picture_is_given_to_its_holder_and_to_nobodys_cache(portal: Flask, visit: Visit, document: int) -> None:
    assert document
    with Session(portal.extensions["trinh"]["database"].engine) as session:
        user = select(SignatureImage.id).join(User, User.id == SignatureImage.user_id).where(User.username == SIGNER)
        key = session.scalars(user).one()
    own = visit(SIGNER).get(f"/signature-images/{key}/png")
    assert (own.status_code, own.mimetype, own.headers["Cache-Control"]) == (200, "image/png", "no-store")
    refused = {
        who: visit(who).get(f"/signature-images/{key}/png").status_code
        for who in (OTHER, "auditor", "clerk", "outsider")
    }
    assert set(refused.values()) == {404}


def test_a_document_is_sent_back_with_a_reason_and_never_signed(portal: Flask, visit: Visit, document: int) -> None:
    signer, clerk = visit(SIGNER), visit("clerk")
    asked, place = form(signer, document, "send-back"), f"/signing/{document}/send-back"
    told = {**asked, "reason": "Số liệu mục II chưa đúng"}
    for typed in ({**told, "password": "khong phai"}, {**asked, "reason": "", "password": PASSWORD}):
        refused = signer.post(place, typed)
        assert (refused.status_code, typed["reason"] in refused.text) == (422, True)
    assert clerk.post(place, {**told, "password": PASSWORD}).status_code == 403
    answer = signer.post(place, {**told, "password": PASSWORD})
    page = unescape(clerk.get(answer.location).text)
    for words, is_there in (("Trả lại, không ký", True), (told["reason"], True), ("chưa đến lượt", False)):
        assert (words in page) is is_there
    assert "Hủy số" in visit(REGISTRAR).get("/register-entries/list/").text
    assert str(document) not in re.findall(r"/signing/show/(\d+)", signer.get("/signing/list/").text)
    assert "Văn bản bị trả lại, không ký." in unescape(clerk.get("/notices/").text)
