"""Every dependency is accounted for: the direct ones have a row in docs/dependencies.md, and none is under the AGPL."""

from __future__ import annotations

import ast
import importlib.metadata
import re
import sys
from pathlib import Path

import pytest

import config

ROOT = Path(config.__file__).parent
LISTS = ("requirements.txt", "requirements-dev.txt")
BRING_ALONG = "# What these bring along"
ROW = re.compile(
    r"^\| (?P<package>[A-Za-z][\w.-]*(?:\[[\w,]+\])?) \| (?P<purpose>.+?) \| (?P<reason>.+?) \| (?P<licence>[^|]+) \|$",
    re.MULTILINE,
)


def requirements(text: str) -> list[str]:
    """The pinned requirements of a list, without their versions."""
    return [line.partition("==")[0] for line in text.splitlines() if "==" in line]


def direct() -> list[str]:
    """What the lists name before what that brings along."""
    texts = [(ROOT / name).read_text(encoding="utf-8") for name in LISTS]
    assert all(BRING_ALONG in text for text in texts)
    return [each for text in texts for each in requirements(text.partition(BRING_ALONG)[0])]


def pinned() -> list[str]:
    """Everything the lists name, without extras."""
    texts = [(ROOT / name).read_text(encoding="utf-8") for name in LISTS]
    return [each.partition("[")[0] for text in texts for each in requirements(text)]


def rows() -> dict[str, str]:
    """Package and licence of every row of the page."""
    page = (ROOT / "docs" / "dependencies.md").read_text(encoding="utf-8")
    return {row["package"]: row["licence"] for row in ROW.finditer(page) if row["package"] != "package"}


def said(package: str, field: str) -> list[str]:
    """What an installed package says in a field of its metadata."""
    return importlib.metadata.metadata(package.partition("[")[0]).get_all(field) or []


def stated(package: str) -> str:
    """What an installed package says of its licence, on short lines; some give the whole text instead of a name."""
    named = [each.partition("\n")[0] for each in said(package, "License-Expression") + said(package, "License")]
    named += [each for each in said(package, "Classifier") if each.startswith("License")]
    return "\n".join(named or enclosed(package))


def enclosed(package: str) -> list[str]:
    """The first lines of the licences that an installed package carries with it."""
    files = importlib.metadata.files(package.partition("[")[0]) or []
    return [each.read_text().partition("\n")[0] for each in files if each.name.startswith("LICENSE")]


def test_every_direct_dependency_has_a_row_and_every_row_a_dependency() -> None:
    assert list(rows()) == direct()


def test_a_row_names_the_licence_that_the_package_names() -> None:
    expressions = {each: said(each, "License-Expression") for each in direct()}
    assert {each: named for each, named in expressions.items() if named and named != [rows()[each]]} == {}


@pytest.mark.parametrize("package", pinned())
def test_no_dependency_is_under_the_agpl(package: str) -> None:
    licence = stated(package)
    assert licence.strip(), f"{package} states no licence: read its source"
    assert not re.search(r"AGPL|Affero", licence, re.IGNORECASE)


def test_every_dependency_is_pinned_once_to_one_version() -> None:
    lines = [
        line
        for name in LISTS
        for line in (ROOT / name).read_text(encoding="utf-8").splitlines()
        if line and not line.startswith(("#", "-r "))
    ]
    assert [line for line in lines if not re.fullmatch(r"[\w.-]+(\[[\w,]+\])?==[\w.]+", line)] == []
    names = [re.sub(r"[-_.]+", "-", each).lower() for each in pinned()]
    assert sorted(names) == sorted(set(names))


def test_what_the_code_imports_is_a_direct_dependency() -> None:
    folders = [ROOT / name for name in ("portal", "workflows", "translations")]
    paths = [ROOT / "config.py", ROOT / "run.py", *(path for folder in folders for path in folder.rglob("*.py"))]
    providers = importlib.metadata.packages_distributions()
    ours = {"config", "portal", "workflows", "translations"} | sys.stdlib_module_names
    named = {re.sub(r"[-_.]+", "-", each.partition("[")[0]).lower() for each in direct()}
    unnamed = {
        name
        for path in paths
        for name in top_level_imports(path)
        if name not in ours and not named & {re.sub(r"[-_.]+", "-", each).lower() for each in providers[name]}
    }
    assert unnamed == set()


def top_level_imports(path: Path) -> set[str]:
    """The packages a module imports, by their first name."""
    nodes = list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
    whole = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    parts = {str(node.module) for node in nodes if isinstance(node, ast.ImportFrom) and not node.level}
    return {name.partition(".")[0] for name in whole | parts}
