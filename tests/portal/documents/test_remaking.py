"""A document that failed or came out badly is printed on a later version of its template: same number, same text."""

from __future__ import annotations

import copy
import json
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from portal.audit import AuditEntry
from portal.db import utc_now
from portal.definitions.models import PUBLISHED, Definition
from portal.documents import remaking
from portal.documents.job import Limits
from portal.documents.models import OfficialDocument
from portal.documents.printing import Printer
from portal.documents.remaking import Seen, later_versions, make_anew
from portal.files import FileStore
from portal.jobs import HopelessError, Job
from workflows.errors import Refusal
from workflows.forms import content_hash

if TYPE_CHECKING:
    from pathlib import Path

    from tests.portal.province import Province

WHY = "Mẫu phiên bản 1 in sai lề"


@pytest.fixture
def document(province: Province, tmp_path: Path) -> OfficialDocument:
    """An issued document that was printed and is not signed."""
    province.approved()
    province.session.commit()
    found = province.session.scalars(select(OfficialDocument).order_by(OfficialDocument.id).limit(1)).one()
    Printer(FileStore(tmp_path), Limits()).print_document(province.session, {"document_id": found.id})
    province.session.commit()
    province.session.expire_all()
    return found


def publish(province: Province, document: OfficialDocument, **metadata: Any) -> Definition:
    """A next version of its template, which says so at its end."""
    now = document.template
    body = copy.deepcopy(now.body)
    body["metadata"] |= metadata
    body["template"] = body["template"].replace("</body>", "<p>Bản sửa</p></body>")
    latest = max(province.session.scalars(select(Definition.version).where(Definition.key == now.key)))
    row = Definition(
        kind="document", key=now.key, version=latest + 1, status=PUBLISHED, name=now.name, body=body,
        sha256=content_hash(body), published_at=utc_now(), created_by="designer", published_by="designer",
    )  # fmt: skip
    province.session.add(row)
    province.session.commit()
    return row


def anew(province: Province, document: OfficialDocument, version: int | None = 2, **said: Any) -> None:
    told = {"reason": WHY, "seen": Seen("awaiting_signature", 1), **said}
    make_anew(province.session, province.actor("registrar"), document, version, **told)


def refused(province: Province, document: OfficialDocument, version: int | None = 2, **said: Any) -> str:
    with pytest.raises(Refusal) as error:
        anew(province, document, version, **said)
    province.session.rollback()
    return error.value.code


def test_it_keeps_number_and_text_and_the_record_names_the_earlier_file(
    province: Province, document: OfficialDocument, tmp_path: Path
) -> None:
    publish(province, document)
    kept = (document.number, document.symbol, document.content, document.content_sha256, document.issued_on)
    assert document.file is not None
    earlier = document.file.sha256
    anew(province, document)
    province.session.commit()
    assert (document.status, document.file_id, document.places, document.template.version) == ("rendering", None, [], 2)
    assert later_versions(province.session, document) == []
    assert refused(province, document, seen=Seen("rendering", 2)) == "document_moved_on"
    Printer(FileStore(tmp_path), Limits()).print_document(province.session, {"document_id": document.id})
    province.session.commit()
    province.session.expire_all()
    assert kept == (document.number, document.symbol, document.content, document.content_sha256, document.issued_on)
    assert document.file is not None
    assert document.file.sha256 != earlier
    assert FileStore(tmp_path).read(earlier).startswith(b"%PDF-"), "the earlier file is kept"
    entry = province.session.scalars(select(AuditEntry).where(AuditEntry.action == "document_made_anew")).one()
    said = json.loads(entry.details)
    assert (entry.actor, said["sha256"], said["reason"]) == ("registrar", earlier, WHY)
    assert (said["from_version"], said["to_version"]) == (1, 2)


def test_one_that_failed_by_its_template_is_printed_on_the_corrected_one(
    province: Province, document: OfficialDocument, tmp_path: Path
) -> None:
    publish(province, document)
    broken = publish(province, document)
    printer = Printer(FileStore(tmp_path), Limits(pages=0))
    anew(province, document, 2)
    province.session.commit()
    with pytest.raises(HopelessError) as failed:
        printer.print_document(province.session, {"document_id": document.id})
    printer.give_up(province.session, {"document_id": document.id}, str(failed.value))
    province.session.commit()
    assert document.status == "failed"
    assert later_versions(province.session, document) == [broken]
    anew(province, document, broken.version, seen=Seen("failed", 2))
    assert (document.status, document.error, document.number) == ("rendering", None, 1)
    assert len(province.session.scalars(select(Job).where(Job.status == "waiting")).all()) == 3


REFUSED: tuple[tuple[int | None, dict[str, Any], str], ...] = (
    (2, {"reason": " \n"}, "remake_reason"),
    (2, {"reason": "x" * 501}, "text_too_long"),
    (None, {}, "no_later_version"),
    (1, {}, "no_later_version"),
    (3, {}, "no_later_version"),
    (4, {}, "no_later_version"),
    (2, {"seen": Seen("failed", 1)}, "document_moved_on"),
    (2, {"seen": Seen("awaiting_signature", 2)}, "document_moved_on"),
)
"""Version, what else is said, and why it is not done; version 3 makes notices, which have other numbers."""


def test_what_does_not_fit_or_is_signed_is_refused(
    province: Province, document: OfficialDocument, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(province, document)
    publish(province, document, type="TB")
    assert [each.version for each in later_versions(province.session, document)] == [2]
    assert [refused(province, document, version, **said) for version, said, _code in REFUSED] == [
        code for _version, _said, code in REFUSED
    ]
    assert (document.status, document.template.version) == ("awaiting_signature", 1)
    monkeypatch.setitem(remaking.SIGNED, "signatures", lambda _session, key: key == document.id)
    assert later_versions(province.session, document) == []
    assert refused(province, document) == "document_signed"
