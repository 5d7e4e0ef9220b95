"""How long a document is kept: what its template says, the last day of it, and what archives are told.

Source: Decree 30/2020, appendix VI (`Maintenance`, 30 characters), and Circular 10/2022/TT-BNV, by which the years are
counted from the one in which a job ended. Nothing is ever deleted when they are over.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from sqlalchemy import Date, bindparam, case
from sqlalchemy.orm import column_property

from portal.definitions.templates import PERMANENT, YEARS
from portal.documents.models import OfficialDocument
from portal.security import today

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

UNDETERMINED, RUNNING, OVER = "undetermined", "running", "over"
"""Where the keeping of a document stands, besides `PERMANENT`."""

FOR_GOOD: Final = "Vĩnh viễn"


class Retention(NamedTuple):
    """How long a document is kept.

    Attributes:
        kind: `PERMANENT` or `YEARS`; None where nobody has determined it.
        until: the last day; None unless it is kept for years.
    """

    kind: str | None
    until: date | None


def retention_of(metadata: Mapping[str, Any], issued_on: date) -> Retention:
    """What a template says of a document, counted to the end of a year from the year of the document.

    The portal knows when a document was issued and not when the job ended to which it belongs.

    Args:
        metadata: of the template.
        issued_on: the date of the document.
    """
    said = metadata.get("retention")
    if isinstance(said, dict):
        return Retention(YEARS, date(issued_on.year + int(said["years"]), 12, 31))
    return Retention(PERMANENT if said else None, None)


def years_of(document: OfficialDocument) -> int | None:
    """For how many years a document is kept; None unless it is for years."""
    return document.kept_until.year - document.issued_on.year if document.kept_until else None


def maintenance(document: OfficialDocument) -> str:
    """What the field `Maintenance` says of a document; empty where nobody has determined it."""
    years = years_of(document)
    if years is not None:
        return f"{years} năm"
    return FOR_GOOD if document.retention_kind == PERMANENT else ""


def maintenance_of(documents: Iterable[OfficialDocument]) -> str:
    """What it says of several documents: what it says of each, or nothing where they are kept for different times."""
    said = {maintenance(each) for each in documents}
    return said.pop() if len(said) == 1 else ""


def _at_the_moment() -> date:
    """Today, asked whenever a document is read."""
    return today()


OfficialDocument.retention = column_property(
    case(
        (OfficialDocument.retention_kind.is_(None), UNDETERMINED),
        (OfficialDocument.retention_kind == PERMANENT, PERMANENT),
        (OfficialDocument.kept_until < bindparam("on", callable_=_at_the_moment, type_=Date(), unique=True), OVER),
        else_=RUNNING,
    )
)
