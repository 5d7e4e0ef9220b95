"""What anybody may know of a document: nothing before its release, and its subject only where that is for everybody."""

from __future__ import annotations

import json
from dataclasses import replace
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from portal.documents.codes import spaced
from portal.security import today
from portal.verification import service
from portal.verification.service import Fate, Signer, find_by_code, find_by_file, known_of
from tests.portal.verification.conftest import CONTENT

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from portal.documents.models import OfficialDocument


def test_a_document_is_issued_with_a_code_that_stands_in_its_frozen_content(issued: OfficialDocument) -> None:
    assert issued.verification_code
    said = json.loads(issued.content)["verification"]
    assert said == {"code": spaced(issued.verification_code), "place": "", "picture": None}


def test_before_its_release_nobody_finds_it_by_code_or_file(issued: OfficialDocument, session: Session) -> None:
    assert find_by_code(session, str(issued.verification_code)) is None
    assert find_by_file(session, CONTENT) is None


def test_a_released_document_is_found_however_its_code_is_typed(released: OfficialDocument, session: Session) -> None:
    code = str(released.verification_code)
    known = find_by_code(session, spaced(code).lower())
    assert known == find_by_code(session, code)
    assert known
    assert (known.reference, known.kind, known.dated_on, known.pages) == ("01/BC-UBND", "Báo cáo", today(), 4)
    assert known.issuer == ("ỦY BAN NHÂN DÂN", "TỈNH GIA LAI")
    assert known.signers == (Signer(("TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH"), "Đặng Nhật Thuận"),)
    assert known.holds


@pytest.mark.parametrize("typed", ["", "0" * 16, "7K3M-09QX-ATVE-2H8D", "' OR 1=1 --", "\0", "%" * 16])
def test_nobody_finds_anything_by_another_code(released: OfficialDocument, session: Session, typed: str) -> None:
    assert find_by_code(session, typed) is None


def test_a_file_is_the_document_to_the_last_byte_or_begins_with_it_or_neither(
    released: OfficialDocument, session: Session
) -> None:
    whole, longer = find_by_file(session, CONTENT), find_by_file(session, CONTENT + b"more\n%%EOF\n")
    assert whole
    assert whole.is_whole
    assert longer == replace(whole, is_whole=False)
    assert find_by_file(session, CONTENT.replace(b"issued", b"Issued")) is None
    assert find_by_file(session, CONTENT[:-1]) is None


def like(document: OfficialDocument, verification: str | None, circulation: str = "") -> Any:
    """The same document, of another template or with a mark."""
    body = document.template.body
    metadata = {**body["metadata"], "verification": verification}
    columns = ("id", "subject", "issued_on", "pages", "file")
    return SimpleNamespace(
        **{each: getattr(document, each) for each in columns},
        content=json.dumps({**json.loads(document.content), "circulation": circulation}),
        template=SimpleNamespace(body={**body, "metadata": metadata}),
    )


def test_the_subject_is_for_everybody_only_where_the_template_says_so_and_no_mark_forbids_it(
    released: OfficialDocument, session: Session
) -> None:
    assert known_of(session, like(released, "with_subject")).subject == released.subject
    assert not known_of(session, like(released, "without_subject")).subject
    assert not known_of(session, like(released, None)).subject
    assert not known_of(session, like(released, "with_subject", "LƯU HÀNH NỘI BỘ")).subject
    assert not known_of(session, like(released, "with_subject", "XEM XONG TRẢ LẠI")).subject


def test_what_became_of_it_is_told_and_a_recalled_document_holds_no_longer(
    released: OfficialDocument, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = str(released.verification_code)
    for kind, holds in ((service.CORRECTED, True), (service.REPLACED, False), (service.RECALLED, False)):
        fate = Fate(kind, "Công văn số 02/UBND-NC ngày 01/12/2026")
        told = {"asked of": lambda _session, key, fate=fate: [fate] if key == released.id else []}
        monkeypatch.setattr(service, "FATES", told)
        known = find_by_code(session, code)
        assert known
        assert (known.fates, known.holds) == ((fate,), holds)
