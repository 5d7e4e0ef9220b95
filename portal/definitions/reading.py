"""Reads definitions from YAML and JSON as the same plain values: no aliases, no surprises of type, bounded in size."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final

import yaml

from portal.definitions.values import DEEPEST, UNPRINTABLE, WHOLE, Builder, code_point
from workflows.errors import DefinitionError, Finding

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path, PurePath

LARGEST: Final = 256 * 1024
BYTE_ORDER_MARK: Final = "\ufeff"
NOT_FINITE: Final = frozenset({"NaN", "Infinity", "-Infinity"})
FINDINGS: Final[Mapping[str, tuple[str, ...]]] = {
    "cannot_be_read": ("problem",),
    "unknown_suffix": ("known",),
    "unknown_kind": (),
    "too_large": ("most",),
    "not_utf8": ("line",),
    "not_printable": ("line", "character"),
    "not_yaml": ("line", "problem"),
    "not_json": ("line", "problem"),
    "too_deep": ("line", "most"),
    "too_many_values": ("line", "most"),
    "too_many_digits": ("line", "most"),
    "several_documents": ("line",),
    "no_anchors": ("line", "name"),
    "no_tags": ("line", "tag"),
    "no_merging": ("line",),
    "key_not_text": ("line",),
    "key_twice": ("line", "key", "first"),
    "not_finite": ("line", "value"),
    "decimals_unquoted": ("line", "value"),
}
"""Every code of a finding about a text that is no definition of any kind, with the names of its params."""

_PART: Final = re.compile(r'"(?:[^"\\]++|\\.?)*+(?:"|\Z)|[\[\]{}]|[^\[\]{}",:\s]++', re.DOTALL)
"""Texts, brackets and words of JSON; an unfinished text goes to the end, so that no character is looked at twice."""


def read_yaml(text: str) -> Any:
    """Plain values from YAML: mappings with keys of text, lists, texts, whole numbers, `true`, `false` and nothing.

    Args:
        text: one document of at most 256 KB. What stands without quotes is text unless it is one of those.

    Raises:
        DefinitionError: it is something else; each finding names its line, and most their path.
    """
    text = _bounded(text)
    builder = Builder()
    loader: Any = yaml.SafeLoader(text)
    try:
        while loader.check_event():
            _take(loader.get_event(), builder)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None) or loader.get_mark()
        builder.stop("not_yaml", mark.line + 1, problem=str(getattr(error, "problem", error)))
    except (ValueError, OverflowError):  # PyYAML lets it pass when an escape names no character, or a version no number
        builder.stop("not_yaml", loader.get_mark().line + 1, problem="a number is out of range")
    return builder.whole()


def _take(event: Any, builder: Builder) -> None:
    line = event.start_mark.line + 1
    if isinstance(event, yaml.NodeEvent):
        _refuse_extras(event, builder, line)
    if isinstance(event, yaml.DocumentStartEvent) and not builder.is_empty:
        builder.stop("several_documents", line)
    elif isinstance(event, yaml.AliasEvent):
        builder.add(None, line)
    elif isinstance(event, yaml.ScalarEvent):
        _take_scalar(event, builder, line)
    elif isinstance(event, yaml.CollectionStartEvent):
        builder.begin({} if isinstance(event, yaml.MappingStartEvent) else [], line)
    elif isinstance(event, yaml.CollectionEndEvent):
        builder.end()


def _refuse_extras(event: Any, builder: Builder, line: int) -> None:
    if event.anchor is not None:
        builder.note("no_anchors", line, name=event.anchor)
    if getattr(event, "tag", None) is not None:
        builder.note("no_tags", line, tag=event.tag)


def _take_scalar(event: Any, builder: Builder, line: int) -> None:
    is_plain = event.style is None
    if is_plain and event.value == "<<":
        builder.note("no_merging", line)
    if is_plain:
        builder.add_plain(event.value, line)
    else:
        builder.add(event.value, line)


def read_json(text: str, *, quoted: bool = False) -> Any:
    """Plain values from JSON, the same as from YAML that says the same: a number with decimals is its text.

    Args:
        text: at most 256 KB.
        quoted: whether decimals have to be texts already. A person writes the decimals that he means; a program that
            sends a number may have rounded it before.

    Raises:
        DefinitionError: it is something else; each finding names its line, and most their path.
    """
    text = _bounded(text)
    builder = Builder()
    _refuse_depth(text, builder)
    try:
        json.loads(text, parse_int=str, parse_float=str, parse_constant=str)
    except json.JSONDecodeError as error:
        builder.stop("not_json", error.lineno, problem=error.msg)
    for part, line in _parts(text):
        if quoted and _is_decimal(part):
            builder.note("decimals_unquoted", line, value=part)
        _take_part(part, builder, line)
    return builder.whole()


def _parts(text: str) -> Iterator[tuple[str, int]]:
    """Texts, brackets and words with their lines; where it is JSON, commas and colons tell nothing more."""
    line, counted = 1, 0
    for found in _PART.finditer(text):
        line += text.count("\n", counted, found.start())
        counted = found.start()
        yield found[0], line


def _refuse_depth(text: str, builder: Builder) -> None:
    # Before the reader of the standard library, which goes one call deeper for each bracket.
    depth = 0
    for part, line in _parts(text):
        depth += (part in "[{") - (part in "]}")
        if depth > DEEPEST:
            builder.stop("too_deep", line, most=DEEPEST)


def _is_decimal(part: str) -> bool:
    return part[0] in "-0123456789" and part not in NOT_FINITE and not WHOLE.fullmatch(part)


def _take_part(part: str, builder: Builder, line: int) -> None:
    if part in NOT_FINITE:
        builder.note("not_finite", line, value=part)
    if part in "[{":
        builder.begin({} if part == "{" else [], line)
    elif part in "]}":
        builder.end()
    elif part.startswith('"'):
        builder.add(json.loads(part), line)
    else:
        builder.add_plain(part, line)


def _bounded(text: str) -> str:
    """The text without a byte order mark, if it is short enough and every character of it can be printed."""
    if len(text) > LARGEST or len(text.encode("utf-8", "surrogatepass")) > LARGEST:
        raise DefinitionError([Finding("", "too_large", {"most": LARGEST})])
    if found := UNPRINTABLE.search(text):
        line = text.count("\n", 0, found.start()) + 1
        raise DefinitionError([Finding("", "not_printable", {"line": line, "character": code_point(found[0])})])
    return text.removeprefix(BYTE_ORDER_MARK)


def read_sent(content: bytes) -> Any:
    """Plain values from the JSON that a program sends, where decimals are texts; errors as in `read_json`."""
    return read_json(_decoded(content), quoted=True)


READERS: Final[Mapping[str, Callable[[str], Any]]] = {".yaml": read_yaml, ".yml": read_yaml, ".json": read_json}


def read_definition(path: Path) -> Any:
    """Plain values from a file of YAML or JSON in UTF-8.

    Args:
        path: its name ends in `.yaml`, `.yml` or `.json`; no more of it is read than may be used.

    Raises:
        DefinitionError: another name, no such file, not UTF-8, or as in `read_yaml` and `read_json`.
    """
    reader = _reader_for(path)
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST + 1)
    except OSError as error:
        raise DefinitionError([Finding("", "cannot_be_read", {"problem": str(error.strerror)})]) from error
    return reader(_decoded(content))


def read_content(name: PurePath, content: bytes) -> Any:
    """Plain values from what a file holds; arguments, values and errors as for `read_definition`."""
    return _reader_for(name)(_decoded(content))


def _reader_for(path: PurePath) -> Callable[[str], Any]:
    reader = READERS.get(path.suffix.lower())
    if reader is None:
        raise DefinitionError([Finding("", "unknown_suffix", {"known": list(READERS)})])
    return reader


def _decoded(content: bytes) -> str:
    if len(content) > LARGEST:
        raise DefinitionError([Finding("", "too_large", {"most": LARGEST})])
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise DefinitionError([Finding("", "not_utf8", {"line": line})]) from error


KIND_OF_FOLDER: Final[Mapping[str, str]] = {
    "forms": "form",
    "chains": "chain",
    "documents": "document",
    "calendars": "calendar",
    "schedules": "schedule",
}
KIND_BY_KEY: Final[Mapping[str, str]] = {
    "stages": "chain",
    "sections": "form",
    "template": "document",
    "years": "calendar",
    "owed_by": "schedule",
}


def guess_kind(path: Path, body: object) -> str:
    """What a file defines: by the name of its folder, or else by what only one kind has.

    Args:
        path: of the file.
        body: what was read from it, unchecked.

    Returns:
        one of `models.KINDS`.

    Raises:
        DefinitionError: `unknown_kind`.
    """
    return KIND_OF_FOLDER.get(path.resolve().parent.name) or kind_of(body)


def kind_of(body: object) -> str:
    """What a body defines, by what only one kind has; raises as `guess_kind`."""
    keys = body if isinstance(body, dict) else {}
    found = next((kind for key, kind in KIND_BY_KEY.items() if key in keys), None)
    if found is None:
        raise DefinitionError([Finding("", "unknown_kind")])
    return found
