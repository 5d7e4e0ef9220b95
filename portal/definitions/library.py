"""The definitions that come with the portal, and how a document's folder is one body."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from portal.definitions.reading import KIND_OF_FOLDER, read_definition
from portal.definitions.templates import WORD
from workflows.forms import content_hash

if TYPE_CHECKING:
    from collections.abc import Mapping

LIBRARY = Path(__file__).resolve().parents[2] / "workflows" / "library"

FOLDER_OF_KIND = {kind: folder for folder, kind in KIND_OF_FOLDER.items()}


def document_body(folder: Path, shared: Path | None = None) -> dict[str, Any]:
    """A template's folder as one body, with the blocks that it names, so that a version is whole.

    Args:
        folder: with `metadata.yaml`, `template.html` and `style.css`.
        shared: where its blocks lie; else in `blocks`, in the folder or beside it.

    Raises:
        DefinitionError: `metadata.yaml` cannot be read.
        OSError: a file is not there.
        KeyError, TypeError: the metadata name no blocks, or what can be no name of one.
    """
    metadata = read_definition(folder / "metadata.yaml")
    if not all(WORD.fullmatch(name) for name in metadata["blocks"]):
        raise KeyError("blocks")  # before a name becomes a part of a path
    inside = folder / "blocks"
    blocks = shared or (inside if inside.is_dir() else folder.parent / "blocks")
    return {
        "metadata": metadata,
        "template": (folder / "template.html").read_text(encoding="utf-8"),
        "style": (folder / "style.css").read_text(encoding="utf-8"),
        "blocks": {f"{name}.html": (blocks / f"{name}.html").read_text("utf-8") for name in metadata["blocks"]},
        "block_styles": [(blocks / f"{name}.css").read_text("utf-8") for name in metadata["blocks"]],
    }


@cache
def shipped() -> tuple[tuple[str, str, dict[str, Any]], ...]:
    """Every definition of the library: kind, key, body; read once per process, and nobody changes the bodies.

    Each kind comes after those that it names.

    Raises:
        DefinitionError: a shipped file is broken; the release is.
    """
    folders = sorted(path.parent for path in (LIBRARY / "documents").glob("*/metadata.yaml"))
    return (
        *_files("form"),
        *(("document", folder.name, document_body(folder)) for folder in folders),
        *_files("calendar"),
        *_files("chain"),
        *_files("schedule"),
    )


@cache
def shipped_bodies() -> Mapping[tuple[str, str], dict[str, Any]]:
    """What ships, by kind and key."""
    return {(kind, key): body for kind, key, body in shipped()}


@cache
def shipped_hashes() -> Mapping[tuple[str, str], str]:
    """The hash of what ships, by kind and key, as versions carry it."""
    return {where: content_hash(body) for where, body in shipped_bodies().items()}


def _files(kind: str) -> list[tuple[str, str, dict[str, Any]]]:
    return [
        (kind, path.stem, read_definition(path)) for path in sorted((LIBRARY / FOLDER_OF_KIND[kind]).glob("*.yaml"))
    ]
