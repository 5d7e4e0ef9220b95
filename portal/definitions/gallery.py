"""Whole processes to copy: a form, its chain, its document and its schedule that fit each other, as drafts."""

from __future__ import annotations

import copy
from dataclasses import dataclass
from functools import cache
from itertools import count
from typing import TYPE_CHECKING, Any

from portal.definitions.drafting import begin_new
from portal.definitions.library import LIBRARY, document_body
from portal.definitions.models import KINDS, Definition
from portal.definitions.reading import read_definition
from portal.definitions.service import draft_of, newest
from workflows.reader import Node

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from sqlalchemy.orm import Session

    from portal.security import Actor
    from workflows.errors import Label

GALLERY = LIBRARY / "gallery"
ABOUT = 600
"""Characters that say what a process is for."""


@dataclass(frozen=True)
class Process:
    """Definitions that belong together.

    Attributes:
        key: of the process, and of its definitions unless that is taken.
        name: what people call it.
        about: what it is for, and where it comes from.
        bodies: what its definitions say, by their kinds; they name each other.
    """

    key: str
    name: Label
    about: Label
    bodies: Mapping[str, dict[str, Any]]


@cache
def processes() -> tuple[Process, ...]:
    """Everything in the gallery, by key; read once per process.

    Raises:
        DefinitionError: a shipped file is broken; the release is.
    """
    return tuple(_read(path.parent) for path in sorted(GALLERY.glob("*/process.yaml")))


def _read(folder: Path) -> Process:
    node = Node(read_definition(folder / "process.yaml"), "", [])
    parts = node.fields(["schema", "name", "about"])
    about = {language: text.text(ABOUT) for language, text in parts["about"].fields(["vi", "en"]).items()}
    files = {kind: folder / f"{kind}.yaml" for kind in KINDS}
    bodies = {kind: read_definition(path) for kind, path in files.items() if path.is_file()}
    if (folder / "document").is_dir():
        bodies["document"] = document_body(folder / "document", LIBRARY / "documents" / "blocks")
    return Process(folder.name, parts["name"].label(), about, bodies)


def process_of(key: str) -> Process | None:
    """One process of the gallery."""
    return next((each for each in processes() if each.key == key), None)


def begin_process(session: Session, actor: Actor, process: Process) -> list[Definition]:
    """Make a draft of each definition of a process, under one key that is free for all of them.

    Args:
        session: the transaction; the caller commits.
        actor: who takes it.
        process: of the gallery, or put together from answers.

    Returns:
        the drafts, each kind after those that it names.

    Raises:
        Refusal: as `drafting.begin_new`.
    """
    key = free_key(session, process)
    bodies = renamed_together(process, key)
    return [begin_new(session, actor, kind, key, bodies[kind]) for kind in KINDS if kind in bodies]


def free_key(session: Session, process: Process) -> str:
    """The key of a process, or with the first number behind it under which nothing of its kinds is there."""
    mark = "_" if "_" in process.key else "-"  # keys of documents have no underscores
    key, numbers = process.key, count(2)
    while any(_is_taken(session, kind, key) for kind in process.bodies):
        key = f"{process.key}{mark}{next(numbers)}"  # a number in the key itself stays: index-766
    return key


def _is_taken(session: Session, kind: str, key: str) -> bool:
    return newest(session, kind, key) is not None or draft_of(session, kind, key) is not None


def renamed_together(process: Process, key: str) -> dict[str, dict[str, Any]]:
    """The bodies of a process under another key, naming each other by it.

    Args:
        process: whose definitions all have its key.
        key: of all of them then.
    """
    bodies = copy.deepcopy(dict(process.bodies))
    for kind, body in bodies.items():
        (body["metadata"] if kind == "document" else body)["key"] = key
    chain, schedule = bodies.get("chain", {}), bodies.get("schedule", {})
    if "form" in bodies and chain:
        chain["forms"] = [key]
    for issue in chain.get("issues", ()) if "document" in bodies else ():
        issue["document"] = key
    if schedule:
        schedule.update(form=key, **{kind: key for kind in ("chain", "calendar") if kind in bodies})
    return bodies
