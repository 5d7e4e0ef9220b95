"""Document definitions: the shipped ones on disk, one parsed from its body, and the job that renders with it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import yaml

from portal.documents.job import Limits, RenderJob

if TYPE_CHECKING:
    from collections.abc import Mapping

LIBRARY = Path(__file__).resolve().parents[2] / "workflows" / "library" / "documents"
BLOCKS = LIBRARY / "blocks"
BLOCK_NAME = re.compile(r"[a-z][a-z0-9-]*")


class LayoutError(ValueError):
    """A document definition cannot be used.

    Attributes:
        code: `bad_layout`.
        params: `path` of the value that is wrong or missing.
    """

    def __init__(self, path: str) -> None:
        self.code = "bad_layout"
        self.params: Mapping[str, object] = {"path": path}
        super().__init__(self.code, self.params)


@dataclass(frozen=True)
class Layout:
    """One document definition.

    Attributes:
        key: Its name in the library and in chains, "provincial-report".
        type_abbreviation: The type it prints, an abbreviation of appendix III.
        template: Jinja source of the page.
        blocks: Shared Jinja sources by the name they are imported under.
        styles: CSS sources in their order: those of the blocks, then the document's own.
    """

    key: str
    type_abbreviation: str
    template: str
    blocks: Mapping[str, str]
    styles: tuple[str, ...]


def shipped_body(key: str) -> dict[str, object]:
    """Returns a shipped definition as the plain data that `parse_layout` reads and a definition version holds.

    Raises:
        LayoutError: No such definition is shipped.
    """
    folder = LIBRARY / key
    if not BLOCK_NAME.fullmatch(key) or not (folder / "metadata.yaml").is_file():
        raise LayoutError("key")
    metadata: dict[str, object] = yaml.safe_load((folder / "metadata.yaml").read_text("utf-8"))
    template = (folder / "template.html").read_text("utf-8")
    return {**metadata, "template": template, "style": (folder / "style.css").read_text("utf-8")}


def parse_layout(body: Mapping[str, object]) -> Layout:
    """Reads a definition: `schema`, `key`, `name`, `type`, `blocks`, `template` and `style`.

    Raises:
        LayoutError: A value is missing or of another kind, or a block is not shipped.
    """
    if body.get("schema") != 1:
        raise LayoutError("schema")
    names = _block_names(body)
    return Layout(
        key=_text(body, "key"),
        type_abbreviation=_text(body, "type"),
        template=_text(body, "template"),
        blocks={f"{name}.html": (BLOCKS / f"{name}.html").read_text("utf-8") for name in names},
        styles=(*((BLOCKS / f"{name}.css").read_text("utf-8") for name in names), _text(body, "style")),
    )


def _text(body: Mapping[str, object], key: str) -> str:
    value = body.get(key)
    if not isinstance(value, str):
        raise LayoutError(key)
    return value


def _block_names(body: Mapping[str, object]) -> tuple[str, ...]:
    names = body.get("blocks", [])
    if not isinstance(names, list):
        raise LayoutError("blocks")
    for position, name in enumerate(names):
        if not isinstance(name, str) or not BLOCK_NAME.fullmatch(name) or not (BLOCKS / f"{name}.html").is_file():
            raise LayoutError(f"blocks[{position}]")
    return tuple(names)


def render_job(
    layout: Layout,
    data: Mapping[str, object],
    *,
    assets: Mapping[str, bytes] | None = None,
    limits: Limits | None = None,
) -> RenderJob:
    """Returns the job that renders `data`, as `content.template_data` gives it, with a layout."""
    return RenderJob(
        template=layout.template,
        data=data,
        blocks=layout.blocks,
        styles=layout.styles,
        assets=assets or {},
        limits=limits or Limits(),
    )
