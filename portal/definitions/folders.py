"""A folder of files that can live in git: every definition in force written into it, and read back all or nothing."""

from __future__ import annotations

from functools import partial
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any, NamedTuple

from portal.definitions.checks import own_key
from portal.definitions.library import FOLDER_OF_KIND, document_body
from portal.definitions.models import KINDS
from portal.definitions.reading import READERS, guess_kind, kind_of, read_content, read_definition
from portal.definitions.writing import write_yaml
from workflows.errors import DefinitionError, Finding

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from workflows.errors import Refusal

METADATA = "metadata.yaml"


class Entry(NamedTuple):
    """A definition in a file.

    Attributes:
        kind: one of `models.KINDS`.
        key: that it names itself.
        body: its values.
        path: of its file; of a document, of its `metadata.yaml`.
    """

    kind: str
    key: str
    body: dict[str, Any]
    path: PurePath


class Wrong(NamedTuple):
    """A file that cannot be taken in.

    Attributes:
        path: of the file.
        findings: what is wrong with what it says, each at its path; empty for a refusal.
        refusal: why it is not taken as it is; None for findings.
        body: what it says, where it could be read so far.
    """

    path: PurePath
    findings: tuple[Finding, ...] = ()
    refusal: Refusal | None = None
    body: Any = None


def files_of(kind: str, key: str, body: Mapping[str, Any]) -> dict[str, str]:
    """The files of a definition: their content by path below the folder, with `/` between.

    Args:
        kind: one of `models.KINDS`.
        key: which one.
        body: that can be published.
    """
    folder = FOLDER_OF_KIND[kind]
    if kind != "document":
        return {f"{folder}/{key}.yaml": write_yaml(dict(body))}
    inside = f"{folder}/{key}"
    styles = zip(body["metadata"]["blocks"], body["block_styles"], strict=True)
    return {
        f"{inside}/{METADATA}": write_yaml(body["metadata"]),
        f"{inside}/template.html": body["template"],
        f"{inside}/style.css": body["style"],
        **{f"{inside}/blocks/{name}": text for name, text in body["blocks"].items()},
        **{f"{inside}/blocks/{name}.css": text for name, text in styles},
    }


def write_folder(folder: Path, definitions: Iterable[tuple[str, str, Mapping[str, Any]]]) -> list[Path]:
    """Write definitions into a folder; files of the same name are replaced, others stay.

    Args:
        folder: it is made where it is not there.
        definitions: kind, key and body of each.

    Returns:
        the files that were written.

    Raises:
        OSError: the folder cannot be written.
    """
    written = []
    for each in definitions:
        for name, text in files_of(*each).items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="\n")
            written.append(path)
    return written


def read_folder(folder: Path) -> tuple[list[Entry], list[Wrong]]:
    """Every definition in a folder, and every file that is none.

    Args:
        folder: as `write_folder` makes it; files that are no YAML or JSON are left alone.

    Returns:
        the definitions, each kind after those that it names, and what cannot be used.
    """
    return _read_all((path, _read) for path in sorted(_files(folder)))


def read_uploads(files: Iterable[tuple[str, bytes]]) -> tuple[list[Entry], list[Wrong]]:
    """Every definition among files that came through the browser, and every file that is none.

    Args:
        files: name and content of each; a document is one file with its template in it.

    Returns:
        as `read_folder`.
    """
    return _read_all((PurePath(name), partial(_uploaded, content=content)) for name, content in files)


def _uploaded(path: PurePath, content: bytes) -> tuple[str, Any]:
    body = read_content(path, content)
    return kind_of(body), body


def _read_all(files: Iterable[tuple[Any, Callable[[Any], tuple[str, Any]]]]) -> tuple[list[Entry], list[Wrong]]:
    """What is read as a kind and a body, checked; what is wrong with a body is told in its own words, so it is kept."""
    found: list[Entry] = []
    wrong: list[Wrong] = []
    for path, read in files:
        body = None
        try:
            kind, body = read(path)
            found.append(Entry(kind, own_key(kind, body), body, path))
        except DefinitionError as error:
            wrong.append(Wrong(path, error.findings, body=body))
    return sorted(found, key=lambda each: (KINDS.index(each.kind), each.key)), [*wrong, *_twice(found)]


def _files(folder: Path) -> Iterator[Path]:
    for path in folder.rglob("*"):
        if path.is_file() and path.suffix.lower() in READERS and ".git" not in path.parts:
            yield path


def read_entry(path: Path, kind: str | None = None) -> Entry:
    """The definition in a file; of a document, in the folder of its `metadata.yaml`.

    Args:
        path: of YAML or JSON.
        kind: of the definition; told by folder and content where it is not given.

    Raises:
        DefinitionError: it cannot be used; with every finding at its path.
    """
    kind, body = _read(path, kind)
    return Entry(kind, own_key(kind, body), body, path)


def _read(path: Path, kind: str | None = None) -> tuple[str, Any]:
    body = _document(path) if path.name == METADATA else read_definition(path)
    return kind or guess_kind(path, body), body


def _document(path: Path) -> Any:
    try:
        return document_body(path.parent)
    except OSError as error:
        problem = f"{Path(str(error.filename)).name}: {error.strerror}"
        raise DefinitionError([Finding("", "cannot_be_read", {"problem": problem})]) from error
    except (KeyError, TypeError):
        # What is wrong with the metadata is told by the check, which needs none of the other files.
        return {"metadata": read_definition(path), "template": "", "style": "", "blocks": {}, "block_styles": []}
    except UnicodeDecodeError as error:
        raise DefinitionError([Finding("", "not_utf8", {"line": 1})]) from error


def _twice(found: Iterable[Entry]) -> Iterator[Wrong]:
    """Files that define what another one defines as well."""
    seen: set[tuple[str, str]] = set()
    for each in found:
        if (each.kind, each.key) in seen:
            yield Wrong(each.path, (Finding("key", "duplicate", {"value": each.key}),), body=each.body)
        seen.add((each.kind, each.key))
