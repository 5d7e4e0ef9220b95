"""What an archive is told of a document: the fields of Decree 30/2020, appendix VI, with their lengths, as XML."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from xml.etree.ElementTree import Element

from portal.exchange.markup import add, child, children, moment, number, read, required, said, written
from workflows.errors import Refusal

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

DAY: Final = "%d/%m/%Y"
"""Appendix VI gives a date ten characters."""

LONGEST: Final = {
    "FileCatalog": 4,
    "FileNotation": 20,
    "DocOrdinal": 3,
    "TypeName": 100,
    "CodeNumber": 11,
    "CodeNotation": 30,
    "OrganName": 200,
    "Subject": 500,
    "Language": 30,
    "PageAmount": 3,
    "Description": 500,
    "Position": 100,
    "FullName": 50,
    "IssuedAmount": 3,
    "Maintenance": 30,
}
"""How many characters each field holds (Decree 30/2020, appendix VI).

Identification codes are longer since Decision 20/2020/QĐ-TTg than the 13 it knew; how long, `units.rules` says.
"""

LANGUAGE: Final = "Tiếng Việt"


@dataclass(frozen=True)
class Organ:
    """An agency.

    Attributes:
        code: its identification code (Decision 20/2020/QĐ-TTg); empty where it is not known.
        name: what it is called.
    """

    code: str
    name: str


@dataclass(frozen=True)
class Metadata:
    """What is said of an outgoing document.

    Attributes:
        issuer: whose it is.
        catalog: the year of the file it belongs to.
        notation: of that file: the key of its register.
        type_name: such as Báo cáo.
        number: in the register, as printed.
        symbol: behind the number.
        issued_on: its date.
        subject: what it is about.
        pages: how many it has.
        description: anything else.
        position: the signer's, as printed.
        signer: his name.
        to: who gets it, as far as they are agencies.
        priority: 0 to 3, from none to flash.
        copies: how many were made; None where nobody counted.
        ordinal: its place in its file, from 1; None where it stands alone.
        language: what it is written in.
    """

    issuer: Organ
    catalog: int
    notation: str
    type_name: str
    number: str
    symbol: str
    issued_on: date
    subject: str
    pages: int
    description: str
    position: str
    signer: str
    to: tuple[Organ, ...]
    priority: int
    copies: int | None = None
    ordinal: int | None = None
    language: str = LANGUAGE


def to_xml(told: Metadata) -> bytes:
    """The metadata as an XML document of its own.

    Raises:
        Refusal: `metadata_too_long` (`field`, `most`): never cut, for then it would say something else.
    """
    root = Element("Document")
    _write_file(root, told)
    for name, value in _fields(told):
        add(root, name, fitting(name, value))
    signer = add(root, "SignerInfo")
    add(signer, "Position", fitting("Position", told.position))
    add(signer, "FullName", fitting("FullName", told.signer))
    for each in told.to:
        organ = add(root, "To")
        add(organ, "OrganId", each.code)
        add(organ, "OrganName", fitting("OrganName", each.name))
    add(root, "Priority", told.priority)
    add(root, "IssuedAmount", fitting("IssuedAmount", "" if told.copies is None else told.copies))
    return written(root)


def _write_file(root: Element, told: Metadata) -> None:
    code = add(root, "FileCode")
    add(code, "OrganId", told.issuer.code)
    add(code, "FileCatalog", fitting("FileCatalog", told.catalog))
    add(code, "FileNotation", fitting("FileNotation", told.notation))
    if told.ordinal is not None:
        add(root, "DocOrdinal", fitting("DocOrdinal", told.ordinal))


def _fields(told: Metadata) -> Iterator[tuple[str, str | int]]:
    yield "TypeName", told.type_name
    yield "CodeNumber", told.number
    yield "CodeNotation", told.symbol
    yield "IssuedDate", f"{told.issued_on:{DAY}}"
    yield "OrganName", told.issuer.name
    yield "Subject", told.subject
    yield "Language", told.language
    yield "PageAmount", told.pages
    yield "Description", told.description


def fitting(name: str, value: str | int) -> str:
    """A value as it stands in its field.

    Raises:
        Refusal: `metadata_too_long` (`field`, `most`).
    """
    text, most = str(value), LONGEST.get(name)
    if most is not None and len(text) > most:
        raise Refusal("metadata_too_long", {"field": name, "most": most})
    return text


def from_xml(content: bytes) -> Metadata:
    """What `to_xml` wrote, or another system in the same fields.

    Raises:
        Refusal: as `markup` refuses.
    """
    root = read(content)
    issued = moment(root, "IssuedDate", DAY)
    if issued is None:
        raise Refusal("xml_incomplete", {"element": "IssuedDate"})
    return Metadata(
        issuer=Organ(said(root, "FileCode/OrganId"), required(root, "OrganName")),
        catalog=number(root, "FileCode/FileCatalog") or issued.year,
        notation=said(root, "FileCode/FileNotation"),
        type_name=required(root, "TypeName"),
        number=required(root, "CodeNumber"),
        symbol=required(root, "CodeNotation"),
        issued_on=issued.date(),
        subject=required(root, "Subject"),
        pages=number(root, "PageAmount") or 0,
        description=said(root, "Description"),
        position=said(root, "SignerInfo/Position"),
        signer=said(root, "SignerInfo/FullName"),
        to=tuple(Organ(said(each, "OrganId"), said(each, "OrganName")) for each in children(root, "To")),
        priority=number(root, "Priority") or 0,
        copies=number(root, "IssuedAmount"),
        ordinal=number(root, "DocOrdinal"),
        language=said(root, "Language") if child(root, "Language") is not None else LANGUAGE,
    )
