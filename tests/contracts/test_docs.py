"""What the documents point to is there: links, commands of the Makefile, decisions in their list."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import config

ROOT = Path(config.__file__).parent
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), ROOT / "translations" / "README.md"])
LINK = re.compile(r"\]\((?!https?:)(?P<target>[^)#\s]+)")
MAKE = re.compile(r"(?:`|^|\s)make ([a-z0-9][a-z0-9-]*)(?=[`\s]|$)", re.MULTILINE)
CODE = re.compile(r"```.*?```|`[^`]+`", re.DOTALL)
NAMED = re.compile(r"`(?P<path>(?:bin|docs|portal|tests|translations|workflows)/[\w./-]+)`")


def name(page: Path) -> str:
    return str(page.relative_to(ROOT))


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_every_link_leads_somewhere(page: Path) -> None:
    targets = [found["target"] for found in LINK.finditer(page.read_text(encoding="utf-8"))]
    assert [target for target in targets if not (page.parent / target).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_every_file_that_is_named_exists(page: Path) -> None:
    paths = [found["path"] for found in NAMED.finditer(page.read_text(encoding="utf-8"))]
    assert [path for path in paths if not (ROOT / path).exists()] == []


def test_every_make_command_that_is_named_exists() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    commands = set(re.findall(r"^([a-z0-9-]+):", makefile, re.MULTILINE))
    named = {
        command
        for page in PAGES
        for code in CODE.findall(page.read_text(encoding="utf-8"))
        for command in MAKE.findall(code)
    }
    assert {"run", "test", "check"} <= named
    assert named - commands == set()


def test_decisions_are_numbered_without_gaps_and_all_listed() -> None:
    folder = ROOT / "docs" / "adr"
    written = sorted(path.name for path in folder.glob("0*.md"))
    listed = re.findall(r"^\| \[\d+\]\((\S+)\)", (folder / "README.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert listed == written
    assert [int(each[:4]) for each in written] == list(range(1, len(written) + 1))


def test_every_decision_has_its_three_parts() -> None:
    for path in sorted((ROOT / "docs" / "adr").glob("0*.md")):
        parts = re.findall(r"^## (.+)$", path.read_text(encoding="utf-8"), re.MULTILINE)
        assert parts == ["Context", "Decision", "Consequences"], path.name
