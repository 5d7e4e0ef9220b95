"""Exchange files say what was put into them, and hostile ones say nothing."""

from __future__ import annotations

import base64
import io
import re
import zipfile
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.definitions.decree import TYPES
from portal.exchange import edxml
from portal.exchange.message import PRIORITIES, Attached, type_number
from tests.portal.exchange.messages import MESSAGE
from workflows.errors import Refusal

WORDS = st.text(st.characters(exclude_categories=["Cs", "Cc", "Zs", "Zl", "Zp"]), min_size=1, max_size=60)


def refused(content: bytes) -> tuple[str, dict[str, object]]:
    with pytest.raises(Refusal) as found:
        edxml.read(content)
    return found.value.code, dict(found.value.params)


def with_attachment(encoded: bytes) -> bytes:
    return re.sub(rb"(ContentTransferEncoded>)[^<]*", rb"\g<1>" + encoded, edxml.write(MESSAGE))


def zipped(*files: tuple[str, bytes]) -> bytes:
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files:
            archive.writestr(name, content)
    return base64.b64encode(output.getvalue())


def test_what_is_written_is_read_back() -> None:
    assert edxml.read(edxml.write(MESSAGE)) == MESSAGE


@given(WORDS, WORDS, st.binary(max_size=200))
def test_any_words_and_any_file_survive(subject: str, name: str, content: bytes) -> None:
    message = replace(MESSAGE, subject=subject, files=(Attached("a.pdf", "application/pdf", content),))
    message = replace(message, signer=replace(MESSAGE.signer, name=name))
    assert edxml.read(edxml.write(message)) == message


def test_the_same_message_makes_the_same_bytes() -> None:
    assert edxml.write(MESSAGE) == edxml.write(MESSAGE)


def test_the_elements_are_those_of_the_standard() -> None:
    content = edxml.write(MESSAGE).decode()
    assert 'xmlns:edXML="http://www.mic.gov.vn/TBT/QCVN_102_2016"' in content
    assert "<edXML:PromulgationDate>2024/09/06</edXML:PromulgationDate>" in content
    assert "<edXML:Timestamp>2024/09/06 10:15:07</edXML:Timestamp>" in content  # in Vietnam it is seven hours later
    assert "<edXML:BussinessDocType>0</edXML:BussinessDocType>" in content
    assert "<edXML:TypeDetail>18</edXML:TypeDetail>" in content


def test_elements_without_their_namespace_are_understood() -> None:
    assert edxml.read(edxml.write(MESSAGE).replace(b"edXML:", b"").replace(b"xmlns:edXML", b"x")) == MESSAGE


def test_types_are_counted_as_the_amended_standard_counts_them() -> None:
    assert {kind: type_number(kind) for kind in ("BC", "CV", "CĐ")} == {"BC": 14, "CV": 18, "CĐ": 19}
    assert sorted(type_number(kind) for kind in TYPES) == list(range(1, 29))


def test_urgencies_are_counted_from_none_to_flash() -> None:
    assert PRIORITIES == ("", "urgent", "express", "flash")


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"%PDF-1.7",
        b"<edXML",
        "<a>\u0110</b>".encode("utf-16"),
        b'<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>',
        b'<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>',
        b'<?xml version="1.0" encoding="no-such"?><a/>',
    ],
)
def test_what_is_no_plain_xml_is_refused(content: bytes) -> None:
    assert refused(content) == ("xml_unreadable", {})


def test_another_xml_file_is_told_from_a_broken_one() -> None:
    assert refused(b"<svg/>") == ("not_an_exchange_file", {})


@pytest.mark.parametrize(
    ("element", "path"),
    [("Subject", "Subject"), ("CodeNumber", "Code/CodeNumber"), ("OrganName", "OrganName")],
)
def test_what_is_missing_is_named(element: str, path: str) -> None:
    content = re.sub(f"<edXML:{element}>[^<]*".encode(), f"<edXML:{element}>".encode(), edxml.write(MESSAGE), count=1)
    assert refused(content) == ("xml_incomplete", {"element": path})


@pytest.mark.parametrize(
    ("element", "said", "path"),
    [
        ("PromulgationDate", "06/09/2024", "PromulgationInfo/PromulgationDate"),
        ("PageAmount", "-3", "OtherInfo/PageAmount"),
        ("PageAmount", "9" * 5000, "OtherInfo/PageAmount"),
        ("TypeDetail", "mười", "DocumentType/TypeDetail"),
    ],
)
def test_what_cannot_be_is_named(element: str, said: str, path: str) -> None:
    pattern = f"<edXML:{element}>[^<]*".encode()
    content = re.sub(pattern, f"<edXML:{element}>{said}".encode(), edxml.write(MESSAGE), count=1)
    assert refused(content) == ("xml_wrong", {"element": path, "said": said[:40]})


def test_an_unknown_urgency_is_none() -> None:
    content = edxml.write(MESSAGE).replace(b"<edXML:Priority>1<", b"<edXML:Priority>9<")
    assert edxml.read(content).priority == 0


@pytest.mark.parametrize(
    "encoded",
    [b"", b"!!", base64.b64encode(b"no archive"), zipped(), zipped(("a", b"1"), ("b", b"2"))],
    ids=["empty", "not base64", "no archive", "no file", "two files"],
)
def test_an_attachment_that_is_no_archive_of_one_file_is_refused(encoded: bytes) -> None:
    assert refused(with_attachment(encoded)) == ("attachment_unreadable", {"name": "4598-CAT-PC06-2024.pdf"})


def test_an_attachment_that_unpacks_to_too_much_is_not_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(edxml, "LARGEST", edxml.MEGABYTE)
    bomb = zipped(("a.pdf", b"0" * (edxml.MEGABYTE + 1)))
    assert refused(with_attachment(bomb)) == ("attachment_too_large", {"name": "4598-CAT-PC06-2024.pdf", "max": 1})


def test_too_many_attachments_are_refused() -> None:
    files = (Attached("a.pdf", "application/pdf", b"1"),) * (edxml.MOST_FILES + 1)
    assert refused(edxml.write(replace(MESSAGE, files=files)))[0] == "too_many_attachments"
