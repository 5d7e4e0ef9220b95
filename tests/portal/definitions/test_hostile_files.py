"""The operator's commands on files made to break something: each ends with a finding at its place, and in no error."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import func, select

from portal.definitions.library import shipped_bodies
from portal.definitions.models import Definition
from portal.definitions.service import current
from portal.definitions.writing import write_yaml
from tests.hostile import NAMES, asking, body_of, offering, payloads, taken, words
from tests.web.calls import rows

if TYPE_CHECKING:
    from pathlib import Path

    from click.testing import Result
    from flask import Flask

CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
"""What a terminal would obey."""


def flask(portal: Flask, *words: object) -> Result:
    return portal.test_cli_runner().invoke(args=["definitions", *map(str, words)])


def count(portal: Flask) -> int:
    with rows(portal) as session:
        return session.scalar(select(func.count()).select_from(Definition)) or 0


def refused(result: Result, name: str) -> None:
    """It ended by itself, and said in which file something is wrong."""
    assert isinstance(result.exception, SystemExit), result.exception
    assert result.exit_code == 1
    assert name in result.output
    assert "Traceback" not in result.output
    assert not CONTROL.search(result.output)


def folder_of(tmp_path: Path, texts: dict[str, str]) -> Path:
    forms = tmp_path / "forms"
    forms.mkdir(parents=True)
    for name, text in texts.items():
        (forms / name).write_bytes(text.encode("utf-8", "surrogatepass"))
    return tmp_path


@pytest.mark.parametrize(("technique", "suffix"), [("sources", "yaml"), ("json", "json")])
def test_no_text_that_is_no_definition_is_taken_from_a_file(
    portal: Flask, tmp_path: Path, technique: str, suffix: str
) -> None:
    before = count(portal)
    texts = {f"{at}.{suffix}": each.says for at, each in enumerate(payloads(technique)) if each.says.strip()}
    folder = folder_of(tmp_path, {f"good.{suffix}": json.dumps(asking(["a"])), **texts})
    taken_in = flask(portal, "import", folder)
    for name in texts:
        refused(taken_in, name)
        refused(flask(portal, "publish", folder / "forms" / name), name)
    assert count(portal) == before


def test_no_shape_that_cannot_be_is_taken_from_a_file(portal: Flask, tmp_path: Path) -> None:
    before = count(portal)
    listed = [each for each in payloads("shapes") if not each.more.get("harmless")]
    for at, each in enumerate(listed):
        kind, body = body_of(each)
        path = tmp_path / f"{at}.json"
        path.write_text(json.dumps(body), encoding="utf-8")
        refused(flask(portal, "publish", "--kind", kind, path), path.name)
    assert count(portal) == before


def test_no_key_that_is_none_is_taken_from_a_file(portal: Flask, tmp_path: Path) -> None:
    before = count(portal)
    keys = [each.says for each in payloads("keys") if each.more.get("only") != "name"]
    folder = folder_of(tmp_path, {f"{at}.json": json.dumps(asking(["a"], key)) for at, key in enumerate(keys)})
    taken_in = flask(portal, "import", "--publish", folder)
    for at in range(len(keys)):
        refused(taken_in, f"{at}.json")
    assert count(portal) == before


@pytest.mark.parametrize("technique", NAMES)
def test_names_are_published_exported_and_read_back_as_they_are(portal: Flask, tmp_path: Path, technique: str) -> None:
    body = offering(taken(words(technique)))
    folder = folder_of(tmp_path / "in", {"wild.yaml": write_yaml(body)})
    assert flask(portal, "publish", folder / "forms" / "wild.yaml").exit_code == 0
    with rows(portal) as session:
        assert current(session, "form", "wild").body == body
    assert flask(portal, "export", tmp_path / "out").exit_code == 0
    result = flask(portal, "import", "--publish", tmp_path / "out")
    assert result.exit_code == 0, result.output
    assert "form wild v1: nothing changed" in result.output
    assert flask(portal, "diff", folder).exit_code == 0
    assert not CONTROL.search(flask(portal, "list").output)


@pytest.mark.parametrize("name", ["../x", "..", "/etc/passwd", "a/b", "decree30\x00", ".", "CON:", "x" * 65])
def test_no_name_of_a_block_becomes_a_path(portal: Flask, tmp_path: Path, name: str) -> None:
    folder = tmp_path / "documents" / "wild"
    folder.mkdir(parents=True)
    document: Any = shipped_bodies()["document", "provincial-report"]
    said = {**document["metadata"], "key": "wild", "blocks": [name]}
    (folder / "metadata.yaml").write_text(write_yaml(said), encoding="utf-8")
    for part in ("template.html", "style.css"):
        (folder / part).write_text("x", encoding="utf-8")
    result = flask(portal, "import", tmp_path)
    refused(result, "metadata.yaml")
    assert "root:" not in result.output
