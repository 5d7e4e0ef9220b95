"""What copies are made of what, and where one stands (Decree 30/2020, articles 25 and 26)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from portal.documents.rules import COPY_NAMES
from workflows.errors import Refusal

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

COPY, EXTRACT, COPY_OF_COPY = "SY", "TrS", "SL"
FORMS = tuple(COPY_NAMES)

OF_DOCUMENT = (COPY, EXTRACT)
"""What is made of a document of the portal, whose electronic original is here (article 25.1.b and 25.3)."""

OF_ARRIVAL = (COPY, COPY_OF_COPY)
"""What is made of a document that arrived: a copy, or of a copy that arrived a copy of it (article 25.1 and 25.2)."""

MAKING, READY, FAILED = "making", "ready", "failed"
SIGNED, VOID = "signed", "void"
STATES = (MAKING, READY, FAILED, SIGNED, VOID)

ORIGINALS = frozenset({"released"})
"""States of a document whose file is its original: signed and sealed, and nothing else."""

DAYS_TO_SIGN = 7
"""Its number is kept for so long, until the copy is signed on paper or its number made void."""

OPENING = "opening"
SECTION, ANNEX = "section", "annex"


def is_original(status: str, *, has_file: bool) -> bool:
    """Whether the file of a document is the original that copies are printed of.

    Args:
        status: of the document.
        has_file: whether it has one.
    """
    return has_file and status in ORIGINALS


def refuse_form(form: str, offered: Sequence[str], parts: Sequence[str]) -> None:
    """See that this form of copy is made of this, and that an extract says what it extracts.

    Raises:
        Refusal: `copy_form`, `extract_without_parts`.
    """
    if form not in offered:
        raise Refusal("copy_form")
    if form == EXTRACT and not parts:
        raise Refusal("extract_without_parts")


def state_of(status: str, fate: str) -> str:
    """Where a copy stands.

    Args:
        status: how far its file is.
        fate: of its number: `reserved`, `used` or `void`.
    """
    return {"used": SIGNED, "void": VOID}.get(fate, status)


def parts_of(content: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What can be chosen for an extract of a document: key and heading; an empty one for its opening.

    Args:
        content: its frozen data.
    """
    opening = [(OPENING, "")] if content["grounds"] or content["opening"] else []
    sections = [(f"{SECTION}:{number}", _headed(each)) for number, each in enumerate(content["sections"], 1)]
    annexes = [
        (f"{ANNEX}:{number}", " ".join(filter(None, (each["lead"], each["title"]))))
        for number, each in enumerate(content["annexes"], 1)
    ]
    return [*opening, *sections, *annexes]


def _headed(section: Mapping[str, Any]) -> str:
    """The heading of a section; of an article its number and how its text begins."""
    texts = (str(block.get("text", "")) for block in section["blocks"]) if section["is_article"] else ()
    return " ".join(filter(None, (str(section["heading"]), next(iter(texts), "")[:80])))


def excerpt(content: Mapping[str, Any], parts: Sequence[str]) -> dict[str, Any]:
    """The data of an extract: head, title and signature of the document, and only the parts that were chosen.

    Args:
        content: the document's frozen data.
        parts: keys as from `parts_of`.
    """
    begins = OPENING in parts
    return {
        **content,
        "grounds": content["grounds"] if begins else [],
        "opening": content["opening"] if begins else [],
        "sections": _chosen(content["sections"], SECTION, parts),
        "annexes": _chosen(content["annexes"], ANNEX, parts),
        "closing_lead": "",
        "closing": "",
    }


def _chosen(given: Sequence[Any], name: str, parts: Sequence[str]) -> list[Any]:
    return [each for number, each in enumerate(given, 1) if f"{name}:{number}" in parts]
