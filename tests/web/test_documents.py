"""Issued documents in the browser: who sees them, how the PDF is given out, what happens when it could not be made."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.audit import AuditEntry
from portal.demo.journey import Journey, january_inputs
from portal.documents.models import OfficialDocument
from portal.files import StoredFile
from portal.jobs import Job
from workflows.actions import Approve

if TYPE_CHECKING:
    from flask import Flask

    from tests.conftest import Visit


@pytest.fixture
def document(portal: Flask) -> int:
    """A document that was just issued and has no PDF yet."""
    with portal.app_context():
        journey = Journey(portal, lambda _line: None)
        number = journey.draft(january_inputs())
        journey.hand_in(number)
        for username in ("head", "police.head", "vicechair"):
            journey.decide(username, number, lambda seen: Approve(seen, "Đồng ý."))
        key: int = journey.session.scalars(select(OfficialDocument.id)).one()
        portal.extensions["trinh"]["database"].session.remove()
    return key


def render(portal: Flask) -> None:
    """Let the worker do what is owed."""
    with portal.app_context():
        Journey(portal, lambda _line: None).printed(1)
        portal.extensions["trinh"]["database"].session.remove()


def give_up(portal: Flask, error: str) -> None:
    """What the worker does after its last try."""
    with Session(portal.extensions["trinh"]["database"].engine) as session:
        found = session.scalars(select(OfficialDocument)).one()
        found.status, found.error = "failed", error
        session.execute(Job.__table__.delete())  # type: ignore[attr-defined]
        session.commit()


def read(portal: Flask, statement: Any) -> list[Any]:
    with Session(portal.extensions["trinh"]["database"].engine) as session:
        return list(session.scalars(statement))


def test_a_document_without_its_pdf_says_so_and_gives_none(visit: Visit, document: int) -> None:
    chairman = visit("chairman")
    page = chairman.get(f"/documents/show/{document}")
    assert page.status_code == 200
    assert "01/BC-UBND" in page.text
    assert f"/documents/{document}/pdf" not in page.text
    assert chairman.get(f"/documents/{document}/pdf").status_code == 404
    assert "Chưa xác định" in page.text
    address = f"/documents/show/{document}"
    for state, is_there in (("undetermined", True), ("over", False)):
        assert (address in chairman.get(f"/documents/list/?retention={state}").text) is is_there


def test_the_pdf_is_shown_in_the_browser_and_nothing_else_can_be_made_of_it(
    visit: Visit, portal: Flask, document: int
) -> None:
    render(portal)
    with visit("chairman").get(f"/documents/{document}/pdf") as answer:
        assert answer.status_code == 200
        assert answer.mimetype == "application/pdf"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Content-Disposition"].startswith("inline; filename=1-BC-UBND-")
        assert answer.headers["Cache-Control"] == "no-store"
        content = answer.data
    (file,) = read(portal, select(StoredFile))
    assert hashlib.sha256(content).hexdigest() == file.sha256


def test_a_name_with_vietnamese_letters_reaches_the_browser_whole(visit: Visit, portal: Flask, document: int) -> None:
    render(portal)
    with Session(portal.extensions["trinh"]["database"].engine) as session:
        session.scalars(select(StoredFile)).one().name = "5-QĐ-UBND-2025.pdf"
        session.commit()
    with visit("chairman").get(f"/documents/{document}/pdf") as answer:
        assert "filename*=UTF-8''5-Q%C4%90-UBND-2025.pdf" in answer.headers["Content-Disposition"]


@pytest.mark.parametrize("username", ["clerk", "head", "police.head", "registrar", "auditor"])
def test_those_whose_work_it_is_see_the_document(visit: Visit, document: int, username: str) -> None:
    assert visit(username).get(f"/documents/show/{document}").status_code == 200


@pytest.mark.parametrize("username", ["outsider", "outsider.head"])
def test_for_an_outsider_there_is_no_such_document(visit: Visit, portal: Flask, document: int, username: str) -> None:
    render(portal)
    outsider = visit(username)
    for path in (f"/documents/show/{document}", f"/documents/{document}/pdf", f"/api/v1/document/{document}"):
        assert outsider.get(path).status_code == 404
    assert "01/BC-UBND" not in outsider.get("/documents/list/").text


def test_both_hashes_stand_on_the_page_once_there_is_a_pdf(visit: Visit, portal: Flask, document: int) -> None:
    render(portal)
    hashes = read(portal, select(OfficialDocument.content_sha256)) + read(portal, select(StoredFile.sha256))
    assert len(hashes) == 2
    page = visit("registrar").get(f"/documents/show/{document}").text
    assert all(sha256 in page for sha256 in hashes)


def test_a_failed_rendering_shows_a_code_and_no_traceback(visit: Visit, portal: Flask, document: int) -> None:
    give_up(portal, "letter_missing: 𞤀 U+1E900")
    page = visit("chairman").get(f"/documents/show/{document}").text
    assert "letter_missing" in page
    assert "U+1E900" not in page
    assert "render-again" not in page


def test_the_registrar_lets_it_be_made_again(visit: Visit, portal: Flask, document: int) -> None:
    give_up(portal, "timed_out: 60 s")
    registrar = visit("registrar")
    assert "render-again" in registrar.get(f"/documents/show/{document}").text
    answer = registrar.post(f"/documents/{document}/render-again")
    assert (answer.status_code, answer.location) == (302, f"/documents/show/{document}")
    assert read(portal, select(OfficialDocument.status)) == ["rendering"]
    assert read(portal, select(Job.payload)) == [{"document_id": document}]
    actions = select(AuditEntry.action).where(AuditEntry.actor == "registrar", AuditEntry.object_kind != "ab_user")
    assert "document_rendering_repeated" in read(portal, actions)


def test_what_has_not_failed_is_not_made_again(visit: Visit, portal: Flask, document: int) -> None:
    assert visit("registrar").post(f"/documents/{document}/render-again").status_code == 422
    assert len(read(portal, select(Job))) == 1


@pytest.mark.parametrize("username", ["clerk", "chairman"])
def test_who_is_no_operator_cannot_have_it_made_again(
    visit: Visit, portal: Flask, document: int, username: str
) -> None:
    give_up(portal, "timed_out: 60 s")
    assert visit(username).post(f"/documents/{document}/render-again").status_code == 403
    assert read(portal, select(OfficialDocument.status)) == ["failed"]


def test_making_it_again_needs_the_token_of_the_page(visit: Visit, portal: Flask, document: int) -> None:
    give_up(portal, "timed_out: 60 s")
    assert visit("registrar").client.post(f"/documents/{document}/render-again").status_code in {400, 401}
    assert read(portal, select(OfficialDocument.status)) == ["failed"]


def test_the_book_shows_its_last_number_and_leads_to_its_documents(visit: Visit, document: int) -> None:
    registrar = visit("registrar")
    assert "/registers/show/1" in registrar.get("/registers/list/").text
    page = registrar.get("/registers/show/1").text
    assert "/documents/list/?register=1" in page
    assert "01/BC-UBND" in registrar.get("/documents/list/?register=1&sort=number").text
    assert "01/BC-UBND" not in registrar.get("/documents/list/?register=2").text


def test_only_people_of_the_issuer_and_auditors_open_its_books(visit: Visit, document: int) -> None:
    assert visit("auditor").get("/registers/show/1").status_code == 200
    assert visit("clerk").get("/registers/show/1").status_code == 403


def test_documents_by_rest_carry_named_columns_only(visit: Visit, document: int) -> None:
    answer = visit("registrar").get(f"/api/v1/document/{document}").get_json()["result"]
    assert (answer["number"], answer["symbol"], answer["issuer"]) == (
        1,
        "BC-UBND",
        {"code": "UBND", "name_vi": "UBND tỉnh Gia Lai"},
    )
    assert answer["signer"] == {"first_name": "Hoàng Thị Diệu", "last_name": "Linh"}
    assert "content" not in answer
    book = visit("registrar").get("/api/v1/register/").get_json()["result"]
    assert [(each["series"], each["last_number"]) for each in book] == [("named", 1)]
