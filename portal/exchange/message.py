"""What an exchange file says, as plain values: the message of QCVN 102:2016/BTTTT for one document."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from portal.definitions.decree import LETTER, TYPE_NAMES, URGENCIES

if TYPE_CHECKING:
    from datetime import date, datetime

    from portal.exchange.metadata import Organ

ADMINISTRATIVE: Final = 2
"""The group of types that Decree 30/2020, article 7 names; group 1 is of legal normative documents."""

NEW, RECALLED, UPDATED, REPLACED = range(4)
"""What a message does (`BussinessDocType`)."""

PRIORITIES: Final = ("", *reversed(list(URGENCIES.values())))
"""Urgencies by their number in exchange files: 0 none, 1 khẩn, 2 thượng khẩn, 3 hỏa tốc."""

ARTICLE_7: Final = (*list(TYPE_NAMES)[:17], LETTER, *list(TYPE_NAMES)[17:])
"""Types in the order of Decree 30/2020, article 7, which counts the letter after the contract: 14 is the report, 18 the
letter, 19 the telegram."""


def type_number(kind: str) -> int:
    """The number of a type in the list of administrative documents (QCVN 102:2016, amendment 1:2022, list B).

    Args:
        kind: one of `decree.TYPES`.
    """
    return ARTICLE_7.index(kind) + 1


@dataclass(frozen=True)
class Signer:
    """Who signed, as printed: in whose name, in which post, and his name."""

    competence: str
    position: str
    name: str


@dataclass(frozen=True)
class DocumentType:
    """What kind of document it is: its group, its number in the list of that group, and its name."""

    group: int
    number: int
    name: str


@dataclass(frozen=True)
class Trace:
    """A station on the way of a message: who had it, and when; aware."""

    organ_code: str
    at: datetime


@dataclass(frozen=True)
class Attached:
    """A file that travels with the message."""

    name: str
    media_type: str
    content: bytes = field(repr=False)


@dataclass(frozen=True)
class Message:
    """An exchange file.

    Attributes:
        sender: whose document it is.
        to: the agencies it is sent to.
        document_code: the identification code of the document.
        number: of the document, as printed.
        symbol: behind the number.
        place: box 4.
        issued_on: its date.
        type: what kind it is.
        subject: what it is about.
        signer: who signed.
        places: everybody it goes to, as printed.
        priority: index into `PRIORITIES`.
        pages: how many it has.
        files: what travels with it; the document itself first.
        due_on: until when it is to be dealt with; None without a time limit.
        copies: how many were made; None where nobody counted.
        business: `NEW`, `RECALLED`, `UPDATED` or `REPLACED`.
        traces: its way so far.
    """

    sender: Organ
    to: tuple[Organ, ...]
    document_code: str
    number: str
    symbol: str
    place: str
    issued_on: date
    type: DocumentType
    subject: str
    signer: Signer
    places: tuple[str, ...]
    priority: int
    pages: int
    files: tuple[Attached, ...]
    due_on: date | None = None
    copies: int | None = None
    business: int = NEW
    traces: tuple[Trace, ...] = ()
