"""What is handed over to an archive: documents with their metadata, as one file that can be checked without us."""

from __future__ import annotations

import hashlib
import re
import zipfile
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, BinaryIO, Final
from xml.etree.ElementTree import Element

from portal.exchange import markup
from portal.exchange.archives import LARGEST, UNREADABLE, put
from portal.exchange.markup import add, moment, number, required, said, written
from portal.exchange.metadata import DAY, LANGUAGE, Metadata, Organ, fitting, from_xml, to_xml
from workflows.errors import Refusal

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date

SUMS: Final = "SHA256SUMS"
"""As `sha256sum --check` reads it: whoever unpacks a package needs no portal to check it."""

LIST: Final = "ho-so.xml"
PARTS: Final = ("van-ban.pdf", "thong-tin.xml", "noi-dung.json", "van-ban.edxml")
"""The document, its metadata, its frozen content, and its exchange file where its issuer has an identification code."""

MEMBER: Final = re.compile(rf"(\d{{3}})/({'|'.join(map(re.escape, PARTS))})")
MOST: Final = 999
"""Documents of one file: `DocOrdinal` and its like have three figures (Decree 30/2020, appendix VI)."""


@dataclass(frozen=True)
class Packed:
    """A document as it is handed over.

    Attributes:
        metadata: what is said of it.
        pdf: the released file, signatures included.
        content: its frozen data, canonical JSON.
        exchange: its exchange file; empty where there is none.
    """

    metadata: Metadata
    pdf: bytes = field(repr=False)
    content: bytes = field(repr=False)
    exchange: bytes = field(default=b"", repr=False)


@dataclass(frozen=True)
class Dossier:
    """What is said of the whole (Decree 30/2020, appendix VI, information on files).

    Attributes:
        organ: whose documents they are.
        catalog: their year.
        notation: the key of their register.
        title: what the file is called.
        maintenance: how long it is kept; empty where nobody decided, or its documents are kept for different times.
        first: date of its first document.
        last: of its last one.
        documents: how many.
        pages: of all of them.
    """

    organ: Organ
    catalog: int
    notation: str
    title: str
    maintenance: str
    first: date
    last: date
    documents: int
    pages: int


def dossier_of(title: str, maintenance: str, told: list[Metadata]) -> Dossier:
    """What is said of several documents of one register, in their order.

    Raises:
        Refusal: `nothing_to_pack`, `too_many_to_pack` (`most`).
    """
    if not told:
        raise Refusal("nothing_to_pack")
    if len(told) > MOST:
        raise Refusal("too_many_to_pack", {"most": MOST})
    days, first = [each.issued_on for each in told], told[0]
    pages = sum(each.pages for each in told)
    return Dossier(
        first.issuer, first.catalog, first.notation, title, maintenance, min(days), max(days), len(told), pages
    )


# -- writing ---------------------------------------------------------------------------------------------------


def write(output: BinaryIO, dossier: Dossier, documents: Iterable[Packed]) -> None:
    """Write a package; the same documents make the same bytes. One document at a time is in memory.

    Args:
        output: where to.
        dossier: what is said of the whole.
        documents: as many as it says, in order.

    Raises:
        Refusal: as `metadata.to_xml`.
    """
    sums: list[str] = []
    with zipfile.ZipFile(output, "w") as archive:
        for place, each in enumerate(documents, start=1):
            numbered = replace(each.metadata, ordinal=place)
            contents = (each.pdf, to_xml(numbered), each.content, each.exchange)
            for name, content in zip(PARTS, contents, strict=True):
                if content:
                    sums.append(_put(archive, f"{place:03}/{name}", content))
        sums.append(_put(archive, LIST, _dossier_xml(dossier)))
        _put(archive, SUMS, "".join(sums).encode())


def _put(archive: zipfile.ZipFile, name: str, content: bytes) -> str:
    put(archive, name, content)
    return f"{hashlib.sha256(content).hexdigest()}  {name}\n"


def _dossier_xml(dossier: Dossier) -> bytes:
    root = Element("File")
    code = add(root, "FileCode")
    add(code, "OrganId", dossier.organ.code)
    add(code, "FileCatalog", dossier.catalog)
    add(code, "FileNotation", dossier.notation)
    told: dict[str, str | int] = {
        "OrganName": dossier.organ.name,
        "Title": dossier.title,
        "Maintenance": fitting("Maintenance", dossier.maintenance),
        "Language": LANGUAGE,
        "StartDate": f"{dossier.first:{DAY}}",
        "EndDate": f"{dossier.last:{DAY}}",
        "DocTotal": dossier.documents,
        "PageTotal": dossier.pages,
    }
    for name, text in told.items():
        add(root, name, text)
    return written(root)


# -- reading ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Package:
    """A package that was read and found whole.

    Attributes:
        dossier: what is said of the whole.
        documents: in their order.
    """

    dossier: Dossier
    documents: tuple[Packed, ...]


def read(source: BinaryIO) -> Package:
    """Read a package back and check every one of its members.

    Args:
        source: of a package from anywhere; can be moved about in.

    Raises:
        Refusal: `package_unreadable`; `package_broken` (`member`): missing, changed, too large, or none of a package's;
            as `markup` refuses.
    """
    try:
        with zipfile.ZipFile(source) as archive:
            sums = _sums(archive)
            members = {name: _member(archive, name, sums) for name in sums}
    except UNREADABLE as error:
        raise Refusal("package_unreadable") from error
    dossier = _read_dossier(members.pop(LIST, b""))
    found = tuple(_documents(members))
    if len(found) != dossier.documents:
        raise Refusal("package_broken", {"member": LIST})
    return Package(dossier, found)


def _sums(archive: zipfile.ZipFile) -> dict[str, str]:
    """The check sum of each member; there are no others, and none of another name."""
    lines = _content(archive, SUMS).decode().splitlines()
    sums = {name: sha256 for sha256, _, name in (line.partition("  ") for line in lines)}
    names = [each.filename for each in archive.infolist()]
    if strange := {*names} ^ {*sums, SUMS} or [each for each in sums if each != LIST and not MEMBER.fullmatch(each)]:
        raise Refusal("package_broken", {"member": min(strange)})
    return sums


def _member(archive: zipfile.ZipFile, name: str, sums: dict[str, str]) -> bytes:
    content = _content(archive, name)
    if hashlib.sha256(content).hexdigest() != sums[name]:
        raise Refusal("package_broken", {"member": name})
    return content


def _content(archive: zipfile.ZipFile, name: str) -> bytes:
    if archive.getinfo(name).file_size > LARGEST:
        raise Refusal("package_broken", {"member": name})
    return archive.read(name)


def _read_dossier(content: bytes) -> Dossier:
    root = markup.read(content)
    first, last = (moment(root, name, DAY) for name in ("StartDate", "EndDate"))
    if first is None or last is None:
        raise Refusal("xml_incomplete", {"element": "StartDate"})
    return Dossier(
        organ=Organ(said(root, "FileCode/OrganId"), required(root, "OrganName")),
        catalog=number(root, "FileCode/FileCatalog") or first.year,
        notation=said(root, "FileCode/FileNotation"),
        title=required(root, "Title"),
        maintenance=said(root, "Maintenance"),
        first=first.date(),
        last=last.date(),
        documents=number(root, "DocTotal") or 0,
        pages=number(root, "PageTotal") or 0,
    )


def _documents(members: dict[str, bytes]) -> Iterator[Packed]:
    for folder in sorted({name.partition("/")[0] for name in members}):
        pdf, told, content, exchange = (members.get(f"{folder}/{part}", b"") for part in PARTS)
        if not (pdf and told and content):
            raise Refusal("package_broken", {"member": folder})
        yield Packed(from_xml(told), pdf, content, exchange)
