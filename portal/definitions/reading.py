"""Reads the YAML of definitions: one plain value per text, no aliases, no surprises of type, bounded in size."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import yaml

from workflows.errors import DefinitionError, Finding

if TYPE_CHECKING:
    from collections.abc import Hashable
    from pathlib import Path

LARGEST = 256 * 1024
GUESSED = ("tag:yaml.org,2002:timestamp", "tag:yaml.org,2002:float", "tag:yaml.org,2002:bool")


class _PlainLoader(yaml.SafeLoader):
    """Safe loading without anchors, without repeated keys, and without guessing dates, floats or `no` as false."""

    def compose_node(self, parent: Any, index: int) -> Any:
        parser: Any = self
        if parser.check_event(yaml.events.AliasEvent):
            raise yaml.composer.ComposerError(None, None, "aliases are not allowed", parser.peek_event().start_mark)
        return super().compose_node(parent, index)

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Hashable, Any]:  # noqa: FBT001, FBT002 - PyYAML
        keys = [self.construct_object(key, deep=True) for key, _value in node.value]
        for key in keys:
            if keys.count(key) > 1:
                raise yaml.constructor.ConstructorError(None, None, f"key {key!r} stands twice", node.start_mark)
        return super().construct_mapping(node, deep=deep)


_PlainLoader.yaml_implicit_resolvers = {
    letter: [(tag, pattern) for tag, pattern in resolvers if tag not in GUESSED]
    for letter, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_PlainLoader.add_implicit_resolver(GUESSED[2], re.compile("^(true|false)$"), list("tf"))


def read_yaml(text: str) -> Any:
    """Plain values from YAML.

    Args:
        text: at most 256 KB.

    Raises:
        DefinitionError: too long, or not YAML of the plain kind; the finding names the line.
    """
    if len(text.encode()) > LARGEST:
        raise DefinitionError([Finding("", "too_large", {"most": LARGEST})])
    try:
        return yaml.load(text, Loader=_PlainLoader)  # noqa: S506 - derived from SafeLoader, and stricter
    except (yaml.YAMLError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        params = {"line": mark.line + 1 if mark else 0, "problem": str(getattr(error, "problem", error))[:200]}
        raise DefinitionError([Finding("", "not_yaml", params)]) from error


def read_file(path: Path) -> Any:
    """Plain values from a YAML file; errors as in `read_yaml`."""
    return read_yaml(path.read_text(encoding="utf-8"))
