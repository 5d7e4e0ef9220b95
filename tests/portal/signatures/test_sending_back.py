"""A signer sends a document back: its number is void with the reason, and whoever drew it up is told."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from portal.approvals import notices
from portal.approvals.models import Notice
from portal.documents import columns, fates, linking
from portal.security import today
from portal.signatures import refusing
from portal.signatures.refusing import Back
from tests.portal.province import found
from tests.portal.signatures.office import SIGNER, Office, office_of

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy.orm import Session

    from portal.documents.models import OfficialDocument

WHY = "Số liệu mục II chưa đúng"


@pytest.fixture
def office(session: Session, tmp_path: Path, document: bytes, monkeypatch: pytest.MonkeyPatch) -> Office:
    monkeypatch.setitem(refusing.TELL, "approvals", notices.tell_sent_back)
    return office_of(found(session), tmp_path, document)


def send_back(office: Office, who: str = SIGNER, place: str = "signature", **more: str) -> OfficialDocument:
    assert office.document.file is not None
    back = Back(office.key, office.slot(place).id, more.get("seen", office.document.file.sha256))
    province = office.province
    return refusing.send_back(province.session, province.actor(who), back, reason=more.get("reason", WHY))


def test_the_number_is_void_and_its_line_keeps_what_the_document_was(office: Office) -> None:
    session, symbol = office.province.session, str(office.document)
    document = send_back(office)
    line = linking.line_of(session, document.id)
    assert (document.status, line.state, str(line)) == ("sent_back", "void", symbol)
    assert columns.cells(line)[2].startswith("Báo cáo")
    assert columns.cells(line)[9] == f"Hủy số: {WHY}"
    assert fates.examine(session, today()) == []
    assert office.told()[-1] == "document_sent_back"
    assert office.refused(office.sign).code == "not_awaiting"
    assert office.refused(lambda: send_back(office)).code == "not_awaiting"


def test_only_whoever_should_sign_sends_back_what_he_saw_and_says_why(office: Office) -> None:
    for who in ("vicechair", "registrar", "clerk", "admin"):
        assert office.refused(lambda who=who: send_back(office, who)).code == "not_your_signature"  # type: ignore[misc]
    assert office.refused(lambda: send_back(office, reason=" ")).code == "reason_required"
    assert office.refused(lambda: send_back(office, seen="0" * 64)).code == "stale_version"
    office.sign()
    assert office.refused(lambda: send_back(office)).code == "already_signed"
    assert office.refused(lambda: send_back(office, "registrar", "seal")).code == "seal_not_sent_back"


def test_submitter_and_registrar_are_told(office: Office) -> None:
    province, session = office.province, office.province.session
    send_back(office)
    told = session.scalars(select(Notice.user_id).where(Notice.kind == "sent_back"))
    assert set(told) == {province.user("clerk").id, province.user("registrar").id}
