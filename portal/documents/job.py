"""What goes into the render child and what comes out of it, as both sides read it."""

from __future__ import annotations

import base64
import json
import struct
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from portal.confined import LIMIT_CODES, Budget, ChildFailed

if TYPE_CHECKING:
    from collections.abc import Mapping

PAGE = "template.html"
"""What the template of a job is called where it is spoken of, besides its blocks."""

SIGNED_PLACES = ("signature", "cosignature")
"""Ids of elements that leave room for a signature between a title (box 7a) and a name (box 7b): of whoever signs, and
of whoever signs beside."""

NUMBER = struct.Struct("!i")
"""How the number of a process, or its status, travels between a press and its starter."""

RENDER_CODES = frozenset(
    {
        "bad_job",  # the job itself cannot be read, or an asset is no PNG or JPEG image
        "template_syntax",  # a template cannot be compiled
        "template_forbidden",  # a template asks for what the sandbox does not give
        "missing_value",  # a template names a value that the data lack; the detail names it
        "template_failed",  # a template breaks off in another way
        "output_too_large",  # the filled-in template or the PDF is too long
        "letter_missing",  # the vendored face lacks a letter; the detail lists them
        "resource_refused",  # page or style asks for anything but an asset of the job
        "too_many_pages",
        "typesetting_failed",  # the page cannot be laid out
    }
    | LIMIT_CODES
)
"""Every code a `RenderFailed` can carry."""


class RenderFailed(ChildFailed):
    """There is no PDF; the code is one of `RENDER_CODES`."""


class Missing(NamedTuple):
    """A value that a template names and the data lack.

    Attributes:
        name: as in `doc.subject`.
        template: `PAGE`, or the block that names it.
        line: there, counted from 1.
    """

    name: str
    template: str
    line: int


class Attached(NamedTuple):
    """A file of data that a PDF carries, as PDF/A-3 allows.

    Attributes:
        text: JSON.
        made_at: as in `2025-03-05T01:30:00Z`; the same job gives the same file, so no clock says it.
    """

    text: str
    made_at: str


class Place(NamedTuple):
    """Free room of a page for one signature, in points of 1/72 inch from the page's lower left corner.

    Attributes:
        name: one of `SIGNED_PLACES`.
        page: counted from 1.
        x: of its left edge.
        y: of its lower edge.
    """

    name: str
    page: int
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class Limits(Budget):
    """What one job may use.

    Attributes:
        pages: Pages of the PDF.
        html_letters: Length of the filled-in template.
        pdf_bytes: Length of the PDF.
    """

    pages: int = 300
    html_letters: int = 5_000_000
    pdf_bytes: int = 50_000_000


@dataclass(frozen=True)
class RenderJob:
    """One document to be rendered.

    Attributes:
        template: Jinja source of the page; it sees `doc` and may import `blocks` by name.
        data: The value of `doc`: plain JSON data, no objects.
        blocks: Further Jinja sources by the name they are imported under.
        styles: CSS sources, in the order they apply.
        assets: PNG or JPEG images by the name they have behind `asset:`; the four faces of Tinos are always there.
        limits: What the job may use.
        attached: Data for programs that the PDF carries; without them it is of kind PDF/A-2b.
        is_trial: It is only looked at: what the data lack is shown in red by its name, and told, instead of stopping.
    """

    template: str
    data: Mapping[str, object]
    blocks: Mapping[str, str] = field(default_factory=dict)
    styles: tuple[str, ...] = ()
    assets: Mapping[str, bytes] = field(default_factory=dict)
    limits: Limits = field(default_factory=Limits)
    attached: Attached | None = None
    is_trial: bool = False

    def to_json(self) -> str:
        """Returns the one line that the child reads."""
        body = {
            "template": self.template,
            "data": self.data,
            "blocks": dict(self.blocks),
            "styles": list(self.styles),
            "assets": {name: base64.b64encode(content).decode() for name, content in self.assets.items()},
            "limits": asdict(self.limits),
            "attached": self.attached,
            "is_trial": self.is_trial,
        }
        return json.dumps(body, ensure_ascii=False, allow_nan=False)

    @classmethod
    def from_json(cls, text: str | bytes) -> RenderJob:
        """Reads what `to_json` wrote.

        Raises:
            RenderFailed: `bad_job`.
        """
        try:
            body = json.loads(text)
            return cls(
                template=body["template"],
                data=body["data"],
                blocks=body["blocks"],
                styles=tuple(body["styles"]),
                assets={name: base64.b64decode(text) for name, text in body["assets"].items()},
                limits=Limits(**body["limits"]),
                attached=Attached(*body["attached"]) if body["attached"] else None,
                is_trial=body["is_trial"],
            )
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise RenderFailed("bad_job", repr(error)) from error


@dataclass(frozen=True)
class RenderResult:
    """A rendered document.

    Attributes:
        pdf: The file.
        sha256: Its hash in hexadecimal; the same job gives the same file.
        pages: How many pages it has.
        isolated: The child had a network namespace of its own.
        missing: What the data of a trial lack.
        places: Where it is signed, as far as its template says so.
    """

    pdf: bytes = field(repr=False)
    sha256: str
    pages: int
    isolated: bool
    missing: tuple[Missing, ...] = ()
    places: tuple[Place, ...] = ()
