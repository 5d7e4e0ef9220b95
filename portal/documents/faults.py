"""What keeps a document from being printed, at its place: a line of a template, or a part of the content."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from portal.documents.job import PAGE
from portal.documents.letters import missing_letters
from portal.documents.printed import NOT_READ, texts_in

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

PLACE = re.compile(r"(?P<template>[\w.-]+\.html):(?P<line>[0-9]+): (?P<words>.*)", re.DOTALL)
"""How the detail of a failure says where in the templates it arose."""

MOST_SPOTS, LONGEST_VALUE, AROUND = 20, 300, 25
"""How many places are told, how long each may be, and how many letters of a text are shown before and after one."""

HEADED = {"sections": "heading", "annexes": "title"}
"""Parts of a content that are lists, and what each of a list is called by."""


class Spot(NamedTuple):
    """Where a fault stands: in a line of a template, or in a part of the content.

    Attributes:
        value: the name of a missing value, a letter, an address, or what the template engine says.
        template: `PAGE`, or a block of it; empty in the content.
        line: there, counted from 1.
        part: the key of the part of the content, such as `sections`; empty in a template.
        heading: which of them: the heading of the section, the name of the answer.
        around: what stands around a letter.
    """

    value: str
    template: str = ""
    line: int = 0
    part: str = ""
    heading: str = ""
    around: str = ""


def code_of(error: str | None) -> str:
    """The code that the last error of a document or a job begins with; empty without one."""
    return (error or "").partition(":")[0].strip()


def spots_of(error: str | None, content: Mapping[str, Any], body: Mapping[str, Any]) -> list[Spot]:
    """Where the fault of a document stands, as far as it has a place.

    Args:
        error: as the last try left it: a code, a colon and a detail.
        content: what the document says.
        body: of its template.
    """
    code, detail = code_of(error), (error or "").partition(": ")[2]
    if code == "letter_missing":
        found = list(_letters(content, body))
    elif code == "resource_refused":
        found = [Spot(detail[:LONGEST_VALUE], *at) for at in _lines(body, detail)]
    else:
        found = [_placed(line) for line in detail.splitlines() if PLACE.fullmatch(line)]
    return found[:MOST_SPOTS]


def _placed(detail: str) -> Spot:
    place = PLACE.fullmatch(detail)
    assert place is not None
    return Spot(place["words"][:LONGEST_VALUE], place["template"], int(place["line"]))


def _letters(content: Mapping[str, Any], body: Mapping[str, Any]) -> Iterator[Spot]:
    """Each letter that the face lacks, in each part of the content, or where the template itself has it."""
    for part, heading, text in _texts_of(content):
        for letter in missing_letters(text):
            at = text.index(letter)
            around = text[max(at - AROUND, 0) : at + AROUND + 1]
            yield Spot(_named(letter), part=part, heading=heading, around=around)
    for letter in missing_letters("".join(_sources(body).values())):
        yield from (Spot(_named(letter), *at) for at in _lines(body, letter))


def _named(letter: str) -> str:
    return f"{letter} U+{ord(letter):04X}"


def _texts_of(content: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    """Part, heading and text of whatever a content says."""
    for part, value in content.items():
        if part in HEADED:
            yield from ((part, each[HEADED[part]], text) for each in value for text in texts_in(each))
        elif part == "answers":
            yield from ((part, name, text) for name, text in value.items())
        elif part not in NOT_READ:
            yield from ((part, "", text) for text in texts_in(value))


def _sources(body: Mapping[str, Any]) -> dict[str, str]:
    return {PAGE: body["template"], **body["blocks"]}


def _lines(body: Mapping[str, Any], words: str) -> Iterator[tuple[str, int]]:
    """The templates and lines that say something."""
    for name, source in _sources(body).items():
        yield from ((name, number) for number, line in enumerate(source.splitlines(), start=1) if words in line)
