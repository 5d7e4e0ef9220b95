"""The operator gets a chain as BPMN: the newest published version, or the one he names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import pytest
from lxml import etree

from portal.definitions import library
from portal.definitions.writing import write_yaml
from tests.workflows.mirror import validator
from workflows.bpmn.writing import written
from workflows.parsing import parse_chain

if TYPE_CHECKING:
    from pathlib import Path

    from click.testing import Result
    from flask import Flask

CHAINS = {key: body for kind, key, body in library.shipped() if kind == "chain"}


def exported(portal: Flask, *words: str) -> Result:
    return portal.test_cli_runner().invoke(args=["definitions", "bpmn", *words])


def name_of(text: str) -> tuple[Any, Any]:
    """Which version a file says that it is, and what its chain is called."""
    root = ET.fromstring(text)  # noqa: S314 - our own text
    return root.attrib["name"], root[0].attrib["name"]


@pytest.mark.parametrize("key", CHAINS)
def test_a_chain_is_written_as_bpmn_and_nothing_besides(portal: Flask, key: str) -> None:
    done = exported(portal, key)
    assert (done.exit_code, done.stderr) == (0, "")
    assert done.stdout == written(parse_chain(CHAINS[key]), 1)
    validator().validator.assertValid(etree.fromstring(done.stdout.encode()))


def test_the_newest_version_is_written_unless_another_one_is_named(portal: Flask, tmp_path: Path) -> None:
    path = tmp_path / "own.yaml"
    body = CHAINS["urging-dispatch"] | {"name": {"vi": "Công văn <đôn đốc>", "en": "Dispatch"}}
    path.write_text(write_yaml(body), encoding="utf-8")
    portal.test_cli_runner().invoke(args=["definitions", "publish", str(path)])
    assert name_of(exported(portal, "urging-dispatch").stdout) == ("urging-dispatch v2", "Công văn <đôn đốc>")
    first = exported(portal, "urging-dispatch", "--version", "1")
    assert name_of(first.stdout) == ("urging-dispatch v1", "Công văn đôn đốc")


@pytest.mark.parametrize("words", [("nothing",), ("monthly-report",), ("urging-dispatch", "--version", "99"), ()])
def test_what_is_no_version_of_a_chain_is_said_to_be_none(portal: Flask, words: tuple[str, ...]) -> None:
    done = exported(portal, *words)
    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr
