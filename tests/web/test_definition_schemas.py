"""Editors get the JSON Schema of a kind: from the portal, if they read definitions, or by the operator's command."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from jsonschema import Draft202012Validator

from portal.definitions.library import LIBRARY
from portal.definitions.models import KINDS
from portal.definitions.reading import read_yaml
from portal.definitions.schemas import SCHEMAS
from tests import cast

if TYPE_CHECKING:
    from flask import Flask

    from tests.conftest import Visit


@pytest.mark.parametrize("kind", KINDS)
def test_the_schema_of_a_kind_is_given_as_json(visit: Visit, kind: str) -> None:
    answer = visit(cast.DESIGNER).get(f"/definitions/schema/{kind}.json")
    assert (answer.status_code, answer.mimetype) == (200, "application/schema+json")
    assert answer.get_json(force=True) == SCHEMAS[kind]


def test_an_unknown_kind_has_none(visit: Visit) -> None:
    assert visit(cast.DESIGNER).get("/definitions/schema/table.json").status_code == 404


def test_it_is_for_those_who_read_definitions(visit: Visit) -> None:
    path = "/definitions/schema/form.json"
    assert visit(cast.AUDITOR).get(path).status_code == 200
    assert visit(cast.CLERK).get(path).status_code == 403
    assert visit(None).get(path).location.startswith("/login/")


def test_the_command_writes_the_same(portal: Flask) -> None:
    run = portal.test_cli_runner()
    done = run.invoke(args=["definitions", "schema", "chain"])
    assert (done.exit_code, done.stderr) == (0, "")
    assert json.loads(done.stdout) == SCHEMAS["chain"]
    assert run.invoke(args=["definitions", "schema", "table"]).exit_code == 2


def test_a_file_that_names_its_schema_is_read_like_any_other() -> None:
    source = (LIBRARY / "schedules" / "monthly-report.yaml").read_text(encoding="utf-8")
    named = f"# yaml-language-server: $schema=schedule.json\n{source}"
    assert read_yaml(named) == read_yaml(source)
    assert Draft202012Validator(SCHEMAS["schedule"]).is_valid(read_yaml(named))
