"""Definitions from files that come through the browser: all of them become drafts, or none."""

from __future__ import annotations

import io
from html import unescape
from typing import TYPE_CHECKING, Any
from unittest import mock

import pytest

from portal.definitions import service, uploads
from portal.definitions.beginnings import beginning
from portal.definitions.writing import write_yaml
from tests.web.answers import count, done, refused, text
from tests.web.calls import rows

if TYPE_CHECKING:
    from flask import Flask

    from tests.conftest import Visit, Visitor

NAME = {"vi": "Danh sách đăng ký", "en": "Registration list"}


@pytest.fixture
def designer(visit: Visit) -> Visitor:
    """Who draws forms and chains, signed in."""
    return visit("designer")


def upload(visitor: Visitor, **files: str) -> Any:
    """Send files of YAML as the form would."""
    sent = [(io.BytesIO(content.encode()), f"{name}.yaml") for name, content in files.items()]
    return visitor.post("/definitions/import", {"files": sent}, content_type="multipart/form-data")


def test_files_become_drafts(designer: Visitor, portal: Flask) -> None:
    one, two = (write_yaml(beginning("form", key, NAME)) for key in ("form-one", "form-two"))
    done(upload(designer, one=one, two=two), "/definitions/")
    assert "2 dự thảo" in text(designer, "/definitions/")
    with rows(portal) as session:
        draft = service.draft_of(session, "form", "form-two")
        assert draft is not None
        assert draft.authors == ["designer"]


def test_one_bad_file_and_none_is_taken(designer: Visitor, portal: Flask) -> None:
    before = count(portal)
    good = write_yaml(beginning("form", "form-one", NAME))
    bad = good.replace("form-one", "form-two").replace("long_text", "number")
    page = refused(upload(designer, good=good, bad=bad, worse="a: ["), 422, "Chưa nhập tệp nào")
    for words in (
        "bad.yaml",
        "Mục “Nội dung báo cáo” › Câu hỏi “Kết quả nổi bật” › kiểu trả lời",
        "worse.yaml",
        "Dòng ",
    ):
        assert words in page
    assert count(portal) == before


def test_a_file_of_what_has_a_draft_is_not_taken(designer: Visitor) -> None:
    one = write_yaml(beginning("form", "form-one", NAME))
    upload(designer, one=one)
    refused(upload(designer, one=one.replace("Danh sách", "Sổ")), 422, "Đã có dự thảo")


def test_no_file_at_all_is_told(designer: Visitor) -> None:
    refused(designer.post("/definitions/import"), 422, "Hãy chọn ít nhất một tệp")


@pytest.mark.parametrize(("files", "size"), [(uploads.MOST_FILES + 1, 1), (3, 500)])
def test_more_than_can_be_read_at_once_is_refused_before_any_of_it_is_read(
    designer: Visitor, portal: Flask, monkeypatch: pytest.MonkeyPatch, files: int, size: int
) -> None:
    before = count(portal)
    monkeypatch.setattr(uploads, "MOST_TOGETHER", 1_400)
    with mock.patch.object(uploads, "read_uploads") as read:
        answer = upload(designer, **{f"file-{number}": "x" * size for number in range(files)})
    page = unescape(answer.text)
    assert (answer.status_code, 'role="alert"' in page, read.called, count(portal)) == (422, True, False, before)
