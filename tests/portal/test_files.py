"""Uploads: judged by content, named safely, kept once under their hash."""

from __future__ import annotations

import hashlib
import io
import zipfile
from typing import TYPE_CHECKING

import pytest

from portal import files

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy.orm import Session

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer<<>>\n%%EOF\n"
PNG = b"\x89PNG\r\n\x1a\n" + b"\x00\x00\x00\rIHDR" + b"\x00" * 17
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01" + b"\x00" * 20 + b"\xff\xd9"
EXE = b"MZ\x90\x00\x03\x00\x00\x00" + b"\x00" * 200


def _office(part: str, *more: str) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name in ("[Content_Types].xml", part, *more):
            archive.writestr(name, "<x/>")
    return packed.getvalue()


DOCX, XLSX = _office("word/document.xml"), _office("xl/workbook.xml")


@pytest.mark.parametrize(
    ("content", "name", "kind"),
    [
        (PDF, "báo cáo.pdf", "pdf"),
        (PNG, "ảnh.PNG", "png"),
        (JPEG, "ảnh.jpeg", "jpg"),
        (DOCX, "phụ lục.docx", "docx"),
        (XLSX, "biểu.xlsx", "xlsx"),
    ],
)
def test_a_file_is_what_its_content_says(content: bytes, name: str, kind: str) -> None:
    assert files.kind_of(content, name) == kind


@pytest.mark.parametrize(
    ("content", "name", "code"),
    [
        (b"", "trống.pdf", "empty_file"),
        (EXE, "báo cáo.pdf", "unknown_kind"),
        (b"<html><script>alert(1)</script></html>", "báo cáo.pdf", "unknown_kind"),
        (PNG, "báo cáo.pdf", "wrong_extension"),
        (PDF, "báo cáo", "wrong_extension"),
        (_office("word/document.xml", "word/vbaProject.bin"), "macro.docx", "macro_file"),
        (_office("something/else.xml"), "gì đó.docx", "unknown_kind"),
        (b"PK\x03\x04 broken", "hỏng.docx", "unknown_kind"),
        (_office("word/document.xml", *(f"x{number}" for number in range(2100))), "bom.docx", "zip_too_large"),
    ],
)
def test_what_is_refused_says_why(content: bytes, name: str, code: str) -> None:
    with pytest.raises(files.BadFileError) as refused:
        files.kind_of(content, name)
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("Quyết định Đà Nẵng.pdf", "Quyết định Đà Nẵng.pdf"),
        ("Bao\u0301 ca\u0301o.pdf", "Baó cáo.pdf"),
        ("C:\\Users\\lan\\báo cáo.pdf", "báo cáo.pdf"),
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("evil\u202efdp.exe.pdf", "evilfdp.exe.pdf"),
        ("\x00\n.pdf", "pdf"),
        ("", "tep"),
    ],
)
def test_a_name_is_safe_to_show(given: str, shown: str) -> None:
    assert files.clean_name(given) == shown


def test_the_same_bytes_are_kept_once(session: Session, tmp_path: Path) -> None:
    store = files.FileStore(tmp_path)
    first = files.keep(session, store, PDF, "một.pdf", None)
    second = files.keep(session, store, PDF, "hai.pdf", None)
    assert first.sha256 == second.sha256 == hashlib.sha256(PDF).hexdigest()
    assert [path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()] == [PDF]


def test_a_refused_file_leaves_nothing(session: Session, tmp_path: Path) -> None:
    with pytest.raises(files.BadFileError):
        files.keep(session, files.FileStore(tmp_path), EXE, "báo cáo.pdf", None)
    assert list(tmp_path.iterdir()) == []
