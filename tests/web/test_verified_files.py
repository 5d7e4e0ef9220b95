"""A file on the public page: compared, examined apart, and forgotten."""

from __future__ import annotations

import io
import tempfile
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from portal.documents.models import OfficialDocument
from portal.signatures.examining import Examination, SignatureReport
from portal.verification import views
from tests import uploads
from tests.web.calls import rows
from tests.web.released import CONTENT, release, what_is_kept, with_settings
from tests.web.test_verification import from_

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from flask import Flask

    from tests.conftest import Visit, Visitor
    from tests.portal.province import Province

FORGED = SignatureReport(field="seal", verdict="invalid", problem="changed_afterwards", name="<b>UBND</b>")
HERE, ELSEWHERE = "203.0.113.7", "198.51.100.9"


@pytest.fixture
def document(prepare: Callable[[Callable[[Province], int]], int], portal: Flask) -> int:
    """A released document."""

    def issue(province: Province) -> int:
        province.approved()
        return int(province.session.scalars(select(OfficialDocument.id)).one())

    key = prepare(issue)
    release(portal, key)
    return key


@pytest.fixture
def examined(monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """What was examined; each of it is found to be changed after it was signed."""
    seen: list[bytes] = []

    def examine(pdf: bytes, *_trust: Any, **_more: Any) -> Examination:
        seen.append(pdf)
        return Examination((FORGED,))

    monkeypatch.setattr(views, "examine_confined", examine)
    return seen


def drop(visitor: Visitor, content: bytes) -> Any:
    """Send a file as a browser does; the body is made here, for the client's own maker leaves files of its own open."""
    parts = (("csrf_token", "", visitor.token().encode()), ("file", "van-ban.pdf", content))
    body = b"".join(
        b'--edge\r\nContent-Disposition: form-data; name="%b"%b\r\n\r\n%b\r\n'
        % (name.encode(), f'; filename="{file}"'.encode() if file else b"", said)
        for name, file, said in parts
    )
    kind = "multipart/form-data; boundary=edge"
    return visitor.client.post("/verify", data=body + b"--edge--\r\n", content_type=kind)


def test_the_very_file_is_known_and_not_examined(visit: Visit, document: int, examined: list[bytes]) -> None:
    answer = drop(visit(None), CONTENT)
    assert answer.status_code == 200
    assert "Tệp đúng là văn bản đã phát hành" in answer.text
    assert "01/BC-UBND" in answer.text
    assert examined == []


def test_a_file_that_only_begins_with_it_is_told_so(visit: Visit, document: int, examined: list[bytes]) -> None:
    answer = drop(visit(None), CONTENT + b"more")
    assert "bị thêm nội dung" in answer.text
    assert "01/BC-UBND" in answer.text
    assert "Tệp đúng là" not in answer.text
    assert "Tệp đã bị sửa sau khi ký" in answer.text


def test_before_its_release_its_file_is_nobodys(
    visit: Visit, portal: Flask, document: int, examined: list[bytes]
) -> None:
    release(portal, document, "awaiting_seal")
    answer = drop(visit(None), CONTENT)
    assert "01/BC-UBND" not in answer.text
    assert len(examined) == 1


def test_what_is_found_of_signatures_is_said_and_their_names_are_no_html(
    visit: Visit, document: int, examined: list[bytes]
) -> None:
    answer = drop(visit(None), uploads.PDF)
    assert "Tệp không hợp lệ" in answer.text
    assert "&lt;b&gt;UBND&lt;/b&gt;" in answer.text


def test_a_file_is_examined_apart_and_nothing_of_it_is_kept(
    portal: Flask, visit: Visit, document: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    visitor = visit(None)
    visitor.token()
    with what_is_kept(portal) as kept:
        answer = drop(visitor, uploads.PDF + bytes(700_000))
    assert answer.status_code == 200
    before, after = kept
    counted = before[0] | {"sign_in_failures": 1}
    assert after == (counted, before[1])
    assert list(tmp_path.iterdir()) == []


def test_only_one_file_of_an_address_is_examined_at_a_time(
    portal: Flask, document: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    meanwhile: list[int] = []

    def examine(*_given: Any, **_more: Any) -> Examination:
        monkeypatch.setattr(views, "examine_confined", lambda *_given, **_more: Examination())
        for each in (HERE, ELSEWHERE):
            with portal.app_context():
                meanwhile.append(drop(from_(portal, each), uploads.PDF).status_code)
        return Examination()

    monkeypatch.setattr(views, "examine_confined", examine)
    assert drop(from_(portal, HERE), uploads.PDF).status_code == 200
    assert meanwhile == [429, 200]
    assert drop(from_(portal, HERE), uploads.PDF).status_code == 200


def test_an_examination_that_breaks_off_keeps_nobody_waiting(
    portal: Flask, document: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def break_off(*_given: Any, **_more: Any) -> Examination:
        raise MemoryError

    monkeypatch.setattr(views, "examine_confined", break_off)
    monkeypatch.setitem(portal.config, "PROPAGATE_EXCEPTIONS", False)
    assert drop(from_(portal, HERE), uploads.PDF).status_code == 500
    monkeypatch.setattr(views, "examine_confined", lambda *_given, **_more: Examination())
    assert drop(from_(portal, HERE), uploads.PDF).status_code == 200


def test_whoever_tries_many_files_waits_but_not_for_those_that_are_documents(
    portal: Flask, document: int, examined: list[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    with_settings(portal, monkeypatch, verify_files=2)
    visitor = from_(portal, HERE)
    assert [drop(visitor, CONTENT).status_code for _ in range(4)] == [200] * 4
    assert [drop(visitor, uploads.PDF).status_code for _ in range(3)] == [200, 200, 429]
    assert len(examined) == 2
    assert drop(from_(portal, ELSEWHERE), uploads.PDF).status_code == 200


def test_a_file_too_large_or_none_is_refused_with_a_sentence(
    portal: Flask, visit: Visit, examined: list[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    with_settings(portal, monkeypatch, verify_max_mb=1)
    for content, said in ((b"", "Hãy chọn tệp PDF"), (bytes(1024 * 1024 + 1), "tối đa 1 MB")):
        answer = drop(visit(None), content)
        assert answer.status_code == 422
        assert said in answer.text
    assert visit(None).post("/verify").status_code == 422
    assert drop(visit(None), bytes(50 * 1024 * 1024)).status_code == 413
    assert examined == []


def test_the_command_tells_the_same(portal: Flask, document: int, examined: list[bytes], tmp_path: Path) -> None:
    runner = portal.test_cli_runner()
    (tmp_path / "own.pdf").write_bytes(CONTENT)
    (tmp_path / "longer.pdf").write_bytes(CONTENT + b"more")
    told = runner.invoke(args=["verify", str(tmp_path / "own.pdf")])
    assert (told.exit_code, "valid: the released document 01/BC-UBND" in told.output) == (0, True)
    told = runner.invoke(args=["verify", str(tmp_path / "own.pdf"), str(tmp_path / "longer.pdf")])
    assert (told.exit_code, "not valid: something was added to 01/BC-UBND" in told.output) == (1, True)
    assert runner.invoke(args=["verify", str(tmp_path / "missing.pdf")]).exit_code == 2


def test_what_is_sent_without_the_token_of_the_page_is_not_looked_at(portal: Flask, examined: list[bytes]) -> None:
    sent = {"file": (io.BytesIO(uploads.PDF), "a.pdf")}
    assert portal.test_client().post("/verify", data=sent).status_code in {400, 401}
    assert examined == []
    with rows(portal) as session:
        assert session.scalars(select(OfficialDocument)).all() == []
