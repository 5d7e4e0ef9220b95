"""The settings page says of every setting what the code says of it, and of nothing else."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path

import config

PAGE = Path(config.__file__).parent / "docs" / "settings.md"
ROW = re.compile(r"^\| `(?P<name>[A-Z_]+)` \| (?P<default>.+?) \| (?P<about>.+) \|$", re.MULTILINE)


def test_the_page_lists_every_setting_with_its_default_and_its_sentence() -> None:
    written = [row.groups() for row in ROW.finditer(PAGE.read_text(encoding="utf-8"))]
    known = [(each.name, f"`{each.default}`" if each.default else "none", each.about) for each in config.SETTINGS]
    assert written == known


def test_every_setting_is_a_field_and_every_field_a_setting() -> None:
    fields = [field.name for field in dataclasses.fields(config.Settings)]
    assert fields == [setting.name.lower() for setting in config.SETTINGS]
