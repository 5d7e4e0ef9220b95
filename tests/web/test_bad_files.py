"""Bad files: refused beside their field with what to do, their names never more than text, what was typed kept."""

from __future__ import annotations

from html import unescape
from typing import TYPE_CHECKING, Any

import pytest

from portal import jobs
from portal.documents.service import RENDER
from portal.edge import MESSAGES
from portal.previews import PREVIEW
from tests.conftest import Visitor, prepare_province, settings_in
from tests.uploads import EXE, PDF, PNG
from tests.web import own_form
from tests.web.report_page import Page, address, filled_in, saving, send, upload
from tests.web.rows import stored
from tests.workflows.paper import field

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from flask import Flask

    from tests.conftest import Visit
    from tests.portal.province import Province

MEGABYTE = 1024 * 1024
SCRIPT = "<script>alert(1)</script>"


def attach(visitor: Visitor, report: int, name: str, content: bytes, **typed: str) -> Any:
    form = {**filled_in(visitor, report, **typed), "annexes.file": upload(name, content)}
    return send(visitor, report, form, "upload:annexes")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("Báo cáo.pdf", EXE),
        ("Báo cáo.exe", EXE),
        ("Báo cáo.pdf", PNG),
        ("Báo cáo.pdf.exe", PDF),
        ("Báo cáo.pdf", b""),
        ("Báo cáo.pdf", SCRIPT.encode()),
        ("fdp.\u202eexe", EXE),
    ],
)
def test_a_file_that_is_not_what_it_says_is_refused_beside_its_field(
    visit: Visit, draft: int, portal: Flask, name: str, content: bytes
) -> None:
    clerk = visit("clerk")
    refused = attach(clerk, draft, name, content, meetings="7")
    assert refused.status_code == 422
    page = Page(refused.text)
    assert page.said["annexes"]
    assert "Save it" not in page.said["annexes"]
    assert page.forms[saving(draft)]["meetings"] == "7"
    assert "annexes" not in stored(portal, draft).values


def test_a_file_that_its_place_does_not_take_is_refused_with_what_it_takes(visit: Visit, prepare: Any) -> None:
    def deed(province: Province) -> int:
        own_form.publish(province, field("attachment", "annexes", kinds=["png", "jpg"], max_megabytes=1))
        return own_form.opened(province)

    report, clerk = prepare(deed), visit("clerk")
    page = clerk.get(address(report)).text
    assert 'accept=".png,.jpg,.jpeg"' in page
    assert "Loại tệp: PNG, JPG. Mỗi tệp tối đa 1 MB." in unescape(page)
    for name, content, said in (
        ("Ảnh.pdf", PDF, "Hãy lưu thành một trong các loại: PNG, JPG."),
        ("Ảnh.png", PNG + bytes(MEGABYTE), "Tệp Ảnh.png lớn hơn 1 MB."),
    ):
        refused = attach(clerk, report, name, content)
        assert refused.status_code == 422
        assert said in Page(refused.text).said["annexes"]
    assert attach(clerk, report, "Ảnh.png", PNG).status_code == 302


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        (f"{SCRIPT}.pdf", "script>.pdf"),
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("Ba\u0301o ca\u0301o.pdf", "Báo cáo.pdf"),
        ("a\u202efdp\x00.pdf", "afdp.pdf"),
        ("<img src=x onerror=alert(1)>.pdf", "<img src=x onerror=alert(1)>.pdf"),
    ],
)
def test_a_file_name_is_text_and_nothing_else(visit: Visit, draft: int, sent: str, shown: str) -> None:
    clerk = visit("clerk")
    assert attach(clerk, draft, sent, PDF).status_code == 302
    for reader in (clerk, visit("auditor")):
        html = reader.get(address(draft)).text
        page = Page(html)
        assert shown in page.words
        assert set(page.scripts) == {"/static/portal.js"}
        assert "<img src=x" not in html


@pytest.fixture
def narrow(app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Flask]:
    """A portal of its own that takes uploads of one megabyte."""
    from portal.app import create_app  # noqa: PLC0415 - as in the fixture of the whole run

    for kind in (RENDER, PREVIEW):
        for port in (jobs.HANDLERS, jobs.GIVEN_UP):
            monkeypatch.setitem(port, kind, port[kind])  # afterwards the other portal's again
    portal = create_app(settings_in(tmp_path, UPLOAD_MAX_MB="1"))
    prepare_province(portal)
    yield portal
    portal.extensions["trinh"]["database"].engine.dispose()


@pytest.mark.parametrize("megabytes", [2, 40])
def test_a_file_that_is_too_large_is_answered_with_what_to_do(narrow: Flask, megabytes: int) -> None:
    clerk = Visitor(narrow.test_client())
    clerk.sign_in("clerk")
    form = Page(clerk.get("/submissions/new").text).forms[""]
    opened = clerk.client.post("/submissions/new", data={**form, "number": "1", "year": "2025"})
    report = int(opened.location.rpartition("/")[2])
    refused = attach(clerk, report, "Phụ lục.pdf", PDF + bytes(megabytes * MEGABYTE))
    assert refused.status_code == 413
    page = Page(refused.text)
    assert '<html lang="vi">' in refused.text
    assert "what you typed is still in the form" not in page.words
    with narrow.test_request_context():
        title, advice = MESSAGES[413]
        assert str(title) in page.words
        assert str(advice) in page.words
    assert attach(clerk, report, "Phụ lục.pdf", PDF).status_code == 302
