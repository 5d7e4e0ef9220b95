"""Reading and writing the XML of others: no declarations of types, no entities, names without their namespaces."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element, ParseError, SubElement, indent, tostring

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from workflows.errors import Refusal

if TYPE_CHECKING:
    from collections.abc import Iterator

UNPRINTABLE = {number: None for number in range(32) if chr(number) not in "\t\n\r"}
"""Characters that XML 1.0 cannot hold in any spelling."""


def read(content: bytes) -> Element:
    """The root of an XML document that somebody sent.

    Raises:
        Refusal: `xml_unreadable`, it is no XML, or declares types or entities.
    """
    try:
        root: Element = fromstring(content, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError) as error:
        raise Refusal("xml_unreadable") from error
    return root


def written(root: Element) -> bytes:
    """An XML document as UTF-8, one element to a line."""
    indent(root)
    content: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return content + b"\n"


def add(parent: Element, name: str, text: str | int | date | None = None) -> Element:
    """Add an element; one that says nothing is there and empty.

    Args:
        parent: to which.
        name: of the element, with its namespace in braces where it has one.
        text: what it says; None for one that holds others.
    """
    child = SubElement(parent, name)
    child.text = None if text is None else str(text).translate(UNPRINTABLE)
    return child


def plain(name: str) -> str:
    """The name of an element without its namespace: senders differ in which elements they put into it."""
    return name.rpartition("}")[2]


def children(parent: Element, name: str) -> Iterator[Element]:
    """The elements of a name directly below another."""
    return (each for each in parent if plain(each.tag) == name)


def child(parent: Element, path: str) -> Element | None:
    """The element at a path of plain names; None where there is none."""
    found: Element | None = parent
    for name in path.split("/"):
        found = next(children(found, name), None) if found is not None else None
    return found


def said(parent: Element, path: str) -> str:
    """What the element at a path says, without spaces around it; empty where there is none."""
    found = child(parent, path)
    return (found.text or "").strip() if found is not None else ""


def required(parent: Element, path: str) -> str:
    """What the element at a path says.

    Raises:
        Refusal: `xml_incomplete` (`element`).
    """
    if text := said(parent, path):
        return text
    raise Refusal("xml_incomplete", {"element": path})


def number(parent: Element, path: str) -> int | None:
    """The whole number that an element says; None where there is none.

    Raises:
        Refusal: `xml_wrong` (`element`, `said`).
    """
    text = said(parent, path)
    if text and not (text.isascii() and text.isdigit() and len(text) < 10):  # noqa: PLR2004 - longer ones count nothing
        raise Refusal("xml_wrong", {"element": path, "said": text[:40]})
    return int(text) if text else None


def moment(parent: Element, path: str, shape: str) -> datetime | None:
    """The moment that an element says in a shape of `strptime`; None where there is none.

    Raises:
        Refusal: `xml_wrong` (`element`, `said`).
    """
    text = said(parent, path)
    try:
        return datetime.strptime(text, shape) if text else None  # noqa: DTZ007 - the shape has no zone; the caller knows
    except ValueError as error:
        raise Refusal("xml_wrong", {"element": path, "said": text[:40]}) from error
