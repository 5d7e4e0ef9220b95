"""The page about Decree 30/2020 names code and tests that there are, in whatever room."""

from __future__ import annotations

import importlib
import re
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.portal.documents.kinds_of_documents import KINDS
from tests.portal.documents.pictures import FOLDER, SECOND_PAGES

PAGE = (FOLDER.parents[1] / "decree-30.md").read_text(encoding="utf-8")
TESTS_OF_ROOMS = Path(__file__).parents[1]
ROOMS = [path.parent.name for path in sorted((TESTS_OF_ROOMS.parents[1] / "portal").glob("*/__init__.py"))]
TESTS = "".join(path.read_text(encoding="utf-8") for path in TESTS_OF_ROOMS.rglob("test_*.py"))
NAMED = sorted(set(re.findall(r"`(test_\w+)`", PAGE)))
CODE = sorted(set(re.findall(r"`([a-z]+)\.(\w+)`", PAGE)))


@pytest.mark.parametrize("name", NAMED)
def test_every_test_that_it_names_exists(name: str) -> None:
    assert f"def {name}(" in TESTS


@pytest.mark.parametrize(("module", "name"), CODE)
def test_every_rule_that_it_names_exists(module: str, name: str) -> None:
    if module in ROOMS:
        assert find_spec(f"portal.{module}.{name}")
        return
    homes = [f"portal.{room}.{module}" for room in ROOMS if find_spec(f"portal.{room}.{module}")]
    assert any(hasattr(importlib.import_module(home), name) for home in homes)


def test_it_shows_every_kind() -> None:
    shown = set(re.findall(r"\(pictures/documents/([\w-]+)\.png\)", PAGE))
    assert set(KINDS) - SECOND_PAGES.keys() <= shown
    assert {path.stem for path in FOLDER.glob("*.png")} >= shown
