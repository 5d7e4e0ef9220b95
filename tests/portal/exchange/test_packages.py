"""Packages for archives: read back whole, checked without the portal, and nothing of them cut or swapped unseen."""

from __future__ import annotations

import io
import shutil
import subprocess
import zipfile
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from portal.exchange import edxml, package
from portal.exchange.metadata import LONGEST, from_xml, to_xml
from portal.exchange.package import Packed
from tests.conftest import need
from tests.portal.exchange.messages import MESSAGE, METADATA, PDF
from workflows.errors import Refusal

if TYPE_CHECKING:
    from pathlib import Path

SECOND = replace(METADATA, number="08", subject="Kế hoạch năm 2025", pages=2, copies=None)
DOCUMENTS = [
    Packed(METADATA, PDF, b'{"title":"B\xc3\xa1o c\xc3\xa1o"}', edxml.write(MESSAGE)),
    Packed(SECOND, PDF[::-1], b"{}"),
]


def written(documents: list[Packed] = DOCUMENTS) -> bytes:
    output = io.BytesIO()
    dossier = package.dossier_of("Sổ văn bản đi 2025", "10 năm", [each.metadata for each in documents])
    package.write(output, dossier, documents)
    return output.getvalue()


def rewritten(change: dict[str, bytes | None]) -> bytes:
    """The package with members changed, added, or left out."""
    output = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(written())) as before, zipfile.ZipFile(output, "w") as after:
        members = {each.filename: before.read(each) for each in before.infolist()}
        for name, content in {**members, **change}.items():
            if content is not None:
                after.writestr(name, content)
    return output.getvalue()


def refused(content: bytes) -> tuple[str, dict[str, object]]:
    with pytest.raises(Refusal) as found:
        package.read(io.BytesIO(content))
    return found.value.code, dict(found.value.params)


def test_a_package_is_read_back_to_the_same_content() -> None:
    found = package.read(io.BytesIO(written()))
    told = [replace(each, metadata=replace(each.metadata, ordinal=None)) for each in found.documents]
    assert told == DOCUMENTS
    assert [each.metadata.ordinal for each in found.documents] == [1, 2]
    dossier = found.dossier
    assert (dossier.title, dossier.maintenance, dossier.documents, dossier.pages) == (
        "Sổ văn bản đi 2025",
        "10 năm",
        2,
        63,
    )


def test_how_long_a_file_is_kept_fits_its_field() -> None:
    dossier = package.dossier_of("Sổ", "n" * LONGEST["Maintenance"] + "m", [METADATA])
    with pytest.raises(Refusal) as found:
        package.write(io.BytesIO(), dossier, [DOCUMENTS[0]])
    assert found.value.params == {"field": "Maintenance", "most": 30}


def test_the_same_documents_make_the_same_bytes() -> None:
    assert written() == written()


def test_it_is_checked_without_the_portal(tmp_path: Path) -> None:
    tool = shutil.which("sha256sum")
    need(tool, "sha256sum")
    zipfile.ZipFile(io.BytesIO(written())).extractall(tmp_path)
    run = [str(tool), "--check", "--strict", package.SUMS]
    assert subprocess.run(run, cwd=tmp_path, capture_output=True, check=False).returncode == 0
    (tmp_path / "001" / "van-ban.pdf").write_bytes(PDF[:-1])
    assert subprocess.run(run, cwd=tmp_path, capture_output=True, check=False).returncode == 1


@pytest.mark.parametrize(
    ("change", "member"),
    [
        ({"001/van-ban.pdf": PDF + b" "}, "001/van-ban.pdf"),
        ({"002/thong-tin.xml": None}, "002/thong-tin.xml"),
        ({"003/van-ban.pdf": PDF}, "003/van-ban.pdf"),
        ({"../etc/passwd": b"x"}, "../etc/passwd"),
    ],
)
def test_what_was_changed_taken_away_or_added_is_named(change: dict[str, bytes | None], member: str) -> None:
    assert refused(rewritten(change)) == ("package_broken", {"member": member})


@pytest.mark.parametrize("content", [b"", b"PK", written()[:-30], b"%PDF-1.7"])
def test_what_is_no_package_is_refused(content: bytes) -> None:
    assert refused(content) == ("package_unreadable", {})


def test_a_member_that_unpacks_to_too_much_is_not_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    content = written()
    monkeypatch.setattr(package, "LARGEST", 300)
    assert refused(content)[0] == "package_broken"


def test_nothing_and_too_much_make_no_package() -> None:
    with pytest.raises(Refusal) as nothing:
        package.dossier_of("", "", [])
    with pytest.raises(Refusal) as much:
        package.dossier_of("", "", [METADATA] * (package.MOST + 1))
    assert (nothing.value.code, much.value.code) == ("nothing_to_pack", "too_many_to_pack")


def test_metadata_are_read_back() -> None:
    assert from_xml(to_xml(METADATA)) == METADATA


@pytest.mark.parametrize(
    ("field", "name"),
    [("subject", "Subject"), ("symbol", "CodeNotation"), ("number", "CodeNumber"), ("signer", "FullName")],
)
def test_each_field_holds_what_the_appendix_says_and_no_letter_more(field: str, name: str) -> None:
    fitting = "Đ" * LONGEST[name]
    assert getattr(from_xml(to_xml(replace(METADATA, **{field: fitting}))), field) == fitting  # type: ignore[arg-type]
    with pytest.raises(Refusal) as found:
        to_xml(replace(METADATA, **{field: fitting + "Đ"}))  # type: ignore[arg-type]
    assert (found.value.code, found.value.params) == ("metadata_too_long", {"field": name, "most": LONGEST[name]})
