"""Writes a definition as YAML that people like to read and that is read back as the same values."""

from __future__ import annotations

from typing import Any, Final

import yaml

WIDEST: Final = 120
NEXT_LINE: Final = "\x85"
"""An end of a line that PyYAML reads back as a space unless it is written as an escape."""


class _PlainDumper(yaml.SafeDumper):
    """Safe writing without anchors, and texts of several lines as they are."""

    def ignore_aliases(self, data: Any) -> bool:
        del data
        return True

    def represent_text(self, data: str) -> yaml.ScalarNode:
        style = '"' if NEXT_LINE in data else "|" if "\n" in data else None
        return self.represent_scalar("tag:yaml.org,2002:str", data, style=style)


_PlainDumper.add_representer(str, _PlainDumper.represent_text)


def write_yaml(body: dict[str, Any] | list[Any]) -> str:
    """YAML from which `reading.read_yaml` makes the same body.

    Args:
        body: plain values, keys in the order in which they are written.
    """
    written: str = yaml.dump(body, Dumper=_PlainDumper, allow_unicode=True, sort_keys=False, width=WIDEST)
    return written
