"""The file of data that travels in a PDF/A-3: what a document says in figures, tables and answers, for programs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from portal.documents.job import Attached
from workflows.forms import canonical_json

if TYPE_CHECKING:
    from portal.documents.models import OfficialDocument

FORMAT, FORMAT_VERSION = "trinh-document-data", 1
"""What the file calls itself, so that a program knows what it reads."""

FIGURE = ("label", "unit", "value", "as_of", "previous", "target", "note")


def attached_data(document: OfficialDocument, content: dict[str, Any]) -> Attached:
    """Returns the data of an issued document as one canonical JSON file of the time of its issue.

    Every value is written as it was approved and is printed: a percentage stands with its numerator and denominator.

    Args:
        document: as it was issued.
        content: its frozen content.
    """
    said = {
        "format": FORMAT,
        "format_version": FORMAT_VERSION,
        "number": document.number,
        "symbol": document.symbol,
        "year": document.year,
        "issued_on": document.issued_on.isoformat(),
        "issuer": content["issuer"]["name_lines"],
        "title": content["title"],
        "subject": document.subject,
        "content_sha256": document.content_sha256,
        "sections": [_section(each["heading"], each["blocks"]) for each in content["sections"]],
        "annexes": [_section(each["title"], each["blocks"]) for each in content["annexes"]],
        "answers": content["answers"],
    }
    return Attached(canonical_json(said), document.issued_at.strftime("%Y-%m-%dT%H:%M:%SZ"))


def _section(heading: str, blocks: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "heading": heading,
        "figures": [_figures(each) for each in blocks if each["kind"] == "figures"],
        "tables": [_table(each) for each in blocks if each["kind"] == "table"],
    }


def _figures(block: dict[str, Any]) -> dict[str, Any]:
    rows = [{name: row[name] for name in FIGURE if row[name]} for row in block["rows"]]
    return {"caption": block["caption"], "rows": rows}


def _table(block: dict[str, Any]) -> dict[str, Any]:
    return {
        "caption": block["caption"],
        "columns": [column["title"] for column in block["columns"]],
        "rows": [[cell["text"] for cell in row] for row in block["rows"]],
    }
