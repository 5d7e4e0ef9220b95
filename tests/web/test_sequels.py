"""After a document is issued, in the browser: it is copied on paper, replaced, and recalled."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from portal.db import utc_now
from portal.documents import link_words
from portal.documents.job import Limits
from portal.documents.models import RELEASED, OfficialDocument, RegisterEntry
from portal.documents.printing import Printer
from portal.security import today
from portal.sequels.models import CertifiedCopy, RecallNotice
from portal.sequels.printing import CopyPrinter
from portal.units.models import Unit
from tests import cast
from tests.portal.documents.printed_page import read_lines
from tests.portal.province import FEBRUARY, Province
from tests.unguarded import unguarded_documents
from tests.web.calls import key_of, rows, typed_in

if TYPE_CHECKING:
    from flask import Flask

    from tests.conftest import Visit

TODAY = f"{today():%d/%m/%Y}"
FROZEN = (
    "UPDATE document_link SET reason = 'another'",
    "DELETE FROM document_link",
    "UPDATE certified_copy SET content = '{}'",
    "UPDATE certified_copy SET signed_on = NULL, noted_by = NULL",
    "DELETE FROM certified_copy",
)


@pytest.fixture
def document(portal: Flask) -> int:
    """A released report of the committee, and another that follows it."""
    with portal.app_context():
        parts = portal.extensions["trinh"]
        session = parts["database"].session()
        province = Province(session)
        province.approved()
        province.approved(FEBRUARY)
        key: int = session.scalars(select(OfficialDocument.id).order_by(OfficialDocument.id)).first()
        session.commit()
        Printer(parts["files"], Limits()).print_document(session, {"document_id": key})
        with unguarded_documents(session):
            document = session.get_one(OfficialDocument, key)
            document.status, document.released_at = RELEASED, utc_now()
        session.commit()
        parts["database"].session.remove()
    return key


def printed(portal: Flask, key: int) -> None:
    """Let the worker make the file of a copy."""
    with portal.app_context():
        parts = portal.extensions["trinh"]
        printer = Printer(parts["files"], Limits())
        session = parts["database"].session()
        CopyPrinter(parts["files"], Limits(), printer.press).print_copy(session, {"copy_id": key})
        session.commit()
        parts["database"].session.remove()
        printer.press.close()


def test_a_document_is_copied_on_paper_signed_and_followed(portal: Flask, visit: Visit, document: int) -> None:
    registrar = visit(cast.REGISTRAR)
    page = registrar.get(f"/documents/show/{document}").text
    assert f"/copies/of-document/{document}" in page
    place = f"/copies/of-document/{document}"
    form = registrar.get(place).text
    assert "hãy gửi chính bản gốc điện tử" in form
    signer = form.split('<select id="signer"')[1].split('value="')[1].split('"')[0]
    asked = {"form": "SY", "signer": signer, "recipients": "Các sở, ban, ngành\n\nCông an tỉnh"}
    refused = registrar.post(place, {**asked, "form": "TrS"})
    assert refused.status_code == 422
    assert "Hãy chọn ít nhất một phần" in refused.text
    assert "Công an tỉnh" in typed_in(refused.text)["recipients"][0]
    key_sent = typed_in(form)["idempotency_key"]
    first, second = (registrar.post(place, {**asked, "idempotency_key": key_sent}) for _ in range(2))
    assert first.location == second.location
    with rows(portal) as session:
        copy = session.scalars(select(CertifiedCopy)).one()
        key, version = copy.id, copy.entry.version
    assert "Tệp đang được tạo" in registrar.get(first.location).text
    printed(portal, key)
    with registrar.get(f"/copies/{key}/pdf") as answer:
        assert answer.headers["Cache-Control"] == "no-store"
        words = [line.text for line in read_lines(answer.data)]
    assert {"BÁO CÁO", "SAO Y", "Số: 01/SY-UBND", "- Công an tỉnh;"} <= set(words)
    signed = {"version": version, "signed-signed_on": TODAY, "signed-copies": "3", "signed-received_by": "Lan"}
    assert "dd/mm/yyyy" in registrar.post(f"/copies/{key}/signed", {**signed, "signed-signed_on": ""}).text
    answer = registrar.post(f"/copies/{key}/signed", signed)
    assert "Đã ký, đã vào sổ" in registrar.get(answer.location).text
    assert "01/SY-UBND" in registrar.get("/register-entries/list/").text
    assert "Đã sao y, sao lục thành" in visit(cast.CLERK).get(f"/documents/show/{document}").text
    _freezes(portal)


def _freezes(portal: Flask) -> None:
    for statement in FROZEN:
        with portal.extensions["trinh"]["database"].engine.connect() as connection, pytest.raises(DBAPIError):
            connection.execute(text(statement))


def test_what_replaces_a_document_is_linked_and_both_pages_and_the_list_say_so(
    portal: Flask, visit: Visit, document: int
) -> None:
    registrar, clerk = visit(cast.REGISTRAR), visit(cast.CLERK)
    place = f"/documents/{document}/links"
    assert clerk.get(place).status_code == 403
    with rows(portal) as session:
        later = session.scalars(select(RegisterEntry).where(RegisterEntry.document_id != document)).one()
        later_id, later_document = later.id, later.document_id
    page = registrar.get(f"{place}?sought=tháng 02").text
    assert f'value="{later_id}" checked' in page
    asked = {"later": later_id, "kind": "replaces", "reason": "Số liệu tháng 01 sai"}
    refused = registrar.post(place, {**asked, "reason": "", "sought": "02/BC"})
    assert refused.status_code == 422
    assert f'value="{later_id}"' in refused.text
    assert registrar.post(place, asked).status_code == 302
    assert registrar.post(place, {**asked, "kind": "recalls"}).status_code == 422
    page = clerk.get(f"/documents/show/{document}").text
    assert "Thay thế bởi" in page
    assert "Số liệu tháng 01 sai" in page
    assert f'href="/documents/show/{later_document}"' in page
    assert "Đã thay thế" in clerk.get("/documents/list/?fate=replaced").text
    assert "Đã thay thế" not in clerk.get(f"/documents/show/{later_document}").text
    with portal.test_request_context(), rows(portal) as session:
        assert link_words.told_to_all(session, document) == [], "until the other one is signed"
        other = session.get_one(OfficialDocument, later_document)
        with unguarded_documents(session):
            other.file_id = session.get_one(OfficialDocument, document).file_id
            other.status, other.released_at = RELEASED, utc_now()
        (told,) = link_words.told_to_all(session, document)
    assert told == ("replaced", f"Thay thế bởi 02/BC-UBND ngày {TODAY}")
    answer = clerk.get(f"/api/v1/document/{document}").get_json()["result"]
    assert answer["fate"] == "replaced"
    (link,) = clerk.get("/api/v1/document-link/").get_json()["result"]
    assert (link["kind"], link["later"]["document_id"]) == ("replaces", later_document)


def test_a_letter_that_recalls_leads_the_registrar_to_whoever_must_be_told(
    portal: Flask, visit: Visit, document: int
) -> None:
    registrar, clerk, unit = visit(cast.REGISTRAR), visit(cast.CLERK), key_of(portal, Unit, code="STTTT")
    with rows(portal) as session:
        letter = session.scalars(select(RegisterEntry.id).where(RegisterEntry.document_id != document)).one()
    asked = {"later": letter, "kind": "recalls", "reason": "Gửi nhầm nơi nhận"}
    place = registrar.post(f"/documents/{document}/links", asked).location
    assert place == f"/recalls/of-document/{document}/tell"
    assert place in registrar.get(f"/documents/show/{document}").text
    assert place not in clerk.get(f"/documents/show/{document}").text
    refused = registrar.post(place, {})
    assert (refused.status_code, "Hãy chọn ít nhất một đơn vị" in refused.text) == (422, True)
    assert registrar.post(place, {"units": [str(unit)]}).location == place
    assert "Chưa trả lời" in registrar.get(place).text
    page = clerk.get(f"/recalls/show/{key_of(portal, RecallNotice, unit_id=unit)}").text
    assert "Gửi nhầm nơi nhận" in page
    assert f"02/BC-UBND ngày {TODAY}" in page


def test_the_issuer_recalls_with_his_password_and_a_unit_answers(portal: Flask, visit: Visit, document: int) -> None:
    chairman, clerk = visit(cast.CHAIRMAN), visit(cast.CLERK)
    place = f"/recalls/of-document/{document}"
    assert place in chairman.get(f"/documents/show/{document}").text
    unit = key_of(portal, Unit, code="STTTT")
    asked = {"reason": "Số liệu sai, gửi nhầm", "units": [str(unit)]}
    refused = chairman.post(place, {**asked, "password": "khong phai"})
    assert refused.status_code == 422
    assert "Số liệu sai, gửi nhầm" in refused.text
    assert chairman.post(place, {**asked, "password": cast.PASSWORD}).status_code == 302
    assert "Đã thu hồi" in clerk.get(f"/documents/show/{document}").text
    assert "Chưa trả lời" in chairman.get(place).text
    notice = key_of(portal, RecallNotice, unit_id=unit)
    assert "Số liệu sai, gửi nhầm" in clerk.get(f"/recalls/show/{notice}").text
    assert clerk.post(f"/recalls/{notice}/acknowledge", {}).status_code == 422
    answer = clerk.post(f"/recalls/{notice}/acknowledge", {"how": "returned"})
    assert "Đã trả lại cơ quan ban hành" in clerk.get(answer.location).text
    assert "Đã trả lại cơ quan ban hành" in chairman.get(place).text
    assert visit(cast.OUTSIDER).get(f"/recalls/show/{notice}").status_code == 404
    assert visit(cast.REGISTRAR).get(f"/copies/of-document/{document}").text.count("đã bị thu hồi") == 1
