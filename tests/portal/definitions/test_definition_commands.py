"""The operator's commands for definitions: every error of every file at once, versions, and YAML that comes back."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from flask_babel import force_locale
from sqlalchemy import select

from portal import cli
from portal.audit import AuditEntry
from portal.definitions import beginnings, drafting, library, service
from portal.definitions.library import LIBRARY
from portal.definitions.models import Definition
from portal.definitions.reading import read_yaml
from portal.definitions.writing import write_yaml
from portal.findings import definition_sentence
from tests.web.calls import rows
from workflows.errors import Finding

if TYPE_CHECKING:
    from pathlib import Path

    from click.testing import Result
    from flask import Flask

CHAIN = LIBRARY / "chains" / "urging-dispatch.yaml"
FORM = LIBRARY / "forms" / "monthly-report.yaml"
SHIPPED = {(kind, key): body for kind, key, body in library.shipped()}


def flask(portal: Flask, *words: object) -> Result:
    return portal.test_cli_runner().invoke(args=["definitions", *map(str, words)])


def write(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def renamed(name: str) -> dict[str, Any]:
    return {**SHIPPED["chain", "urging-dispatch"], "name": {"vi": name, "en": name}}


def versions(portal: Flask, key: str) -> list[tuple[int, bool]]:
    with rows(portal) as session:
        found = session.scalars(select(Definition).where(Definition.key == key, Definition.kind == "chain"))
        return [(each.version, each.shipped) for each in found]


def entries(portal: Flask) -> list[tuple[str, str, str]]:
    """Who did what to which definition, by the audit log."""
    with rows(portal) as session:
        log = select(AuditEntry).where(AuditEntry.object_kind == "definition")
        found = session.scalars(log.order_by(AuditEntry.seq))
        return [(each.actor, each.action, each.object_id) for each in found]


def test_what_ships_is_sound_and_said_to_be_with_a_line_for_each_file(portal: Flask) -> None:
    files = sorted([*(LIBRARY / "forms").glob("*.yaml"), *(LIBRARY / "chains").glob("*.yaml")])
    done = flask(portal, "check", *files)
    assert (done.exit_code, done.stderr) == (0, "")
    assert done.stdout.splitlines() == [
        f"{path}: {path.parent.name.removesuffix('s')} {path.stem} is sound" for path in files
    ]


def test_every_error_of_every_file_is_named_at_once(portal: Flask, tmp_path: Path) -> None:
    chain = {**renamed("Tên"), "stages": [], "colour": "red"}
    broken = write(tmp_path, "chains/broken.json", json.dumps(chain))
    twice = write(tmp_path, "twice.yaml", "a: 1\na: 2\nb: !x 1")
    done = flask(portal, "check", broken, CHAIN, twice, tmp_path / "missing.yaml", tmp_path / "a.txt")
    assert done.exit_code == 1
    assert done.stdout == f"{CHAIN}: chain urging-dispatch is sound\n"
    said = [line.removeprefix(f"{tmp_path}/").split(": ")[:2] for line in done.stderr.splitlines()]
    assert [name for name, _ in said].count("chains/broken.json") == len(said) - 4
    assert ["chains/broken.json", "stages"] in said
    assert ["chains/broken.json", "colour"] in said
    assert [place for place in said if place[0] == "twice.yaml"] == [["twice.yaml", "a"], ["twice.yaml", "b"]]
    assert [name for name, _ in said[-2:]] == ["missing.yaml", "a.txt"]


def test_errors_are_said_in_the_language_of_the_portal(portal: Flask, tmp_path: Path) -> None:
    path = write(tmp_path, "chains/empty.yaml", "{}")
    with portal.app_context(), force_locale("vi"):
        vietnamese = definition_sentence(Finding("key", "missing_key"))
    with portal.app_context(), force_locale("en"):
        english = definition_sentence(Finding("key", "missing_key"))
    said = flask(portal, "check", path).stderr
    assert f"{path}: key: {vietnamese}\n" in said
    assert english not in said


@pytest.mark.parametrize(("name", "status"), [("drafts/a.yaml", 0), ("chains/a.yaml", 1), ("forms/a.yaml", 0)])
def test_the_kind_is_told_by_the_folder_or_else_by_the_keys(
    portal: Flask, tmp_path: Path, name: str, status: int
) -> None:
    path = write(tmp_path, name, FORM.read_text(encoding="utf-8"))
    assert flask(portal, "check", path).exit_code == status
    assert flask(portal, "check", "--kind", "form", path).exit_code == 0
    assert flask(portal, "check", "--kind", "chain", path).exit_code == 1


def test_a_kind_that_cannot_be_told_is_asked_for(portal: Flask, tmp_path: Path) -> None:
    path = write(tmp_path, "a.yaml", "key: a")
    done = flask(portal, "check", path)
    assert (done.exit_code, len(done.stderr.splitlines())) == (1, 1)
    assert f"{path}: stages: " in flask(portal, "check", "--kind", "chain", path).stderr


def test_a_chain_is_published_as_the_next_version_and_audited(portal: Flask, tmp_path: Path) -> None:
    before = versions(portal, "urging-dispatch")
    path = write(tmp_path, "own.yaml", write_yaml(renamed("Quy trình của tỉnh")))
    number = len(before) + 1
    done = flask(portal, "publish", path)
    assert (done.exit_code, done.output) == (0, f"chain urging-dispatch v{number}: published\n")
    assert versions(portal, "urging-dispatch") == [*before, (number, False)]
    with rows(portal) as session:
        current = service.current(session, "chain", "urging-dispatch")
        assert current.body == renamed("Quy trình của tỉnh")
        audited = ("system", "definition_published", str(current.id))
    assert entries(portal)[-1] == audited


def test_the_same_again_changes_nothing_in_whatever_notation(portal: Flask, tmp_path: Path) -> None:
    flask(portal, "publish", write(tmp_path, "own.yaml", write_yaml(renamed("Một"))))
    before, audited = versions(portal, "urging-dispatch"), entries(portal)
    done = flask(portal, "publish", write(tmp_path, "own.json", json.dumps(renamed("Một"))))
    assert (done.exit_code, done.output) == (0, f"chain urging-dispatch v{before[-1][0]}: nothing changed\n")
    assert versions(portal, "urging-dispatch") == before
    assert entries(portal) == audited


def test_a_new_key_begins_with_its_first_version(portal: Flask, tmp_path: Path) -> None:
    path = write(tmp_path, "own.yaml", write_yaml({**renamed("Mới"), "key": "own-chain"}))
    assert flask(portal, "publish", path).output == "chain own-chain v1: published\n"
    assert versions(portal, "own-chain") == [(1, False)]


def test_what_was_published_here_is_not_overrun_by_the_next_start(portal: Flask, tmp_path: Path) -> None:
    flask(portal, "publish", write(tmp_path, "own.yaml", write_yaml(renamed("Quy trình của tỉnh"))))
    before = versions(portal, "urging-dispatch")
    with portal.app_context():
        cli.prepare(portal)
    assert versions(portal, "urging-dispatch") == before


def test_what_is_unsound_is_not_published(portal: Flask, tmp_path: Path) -> None:
    before = versions(portal, "urging-dispatch")
    path = write(tmp_path, "own.yaml", write_yaml({**renamed("Tên"), "stages": []}))
    done = flask(portal, "publish", path)
    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr.startswith(f"{path}: stages: ")
    assert versions(portal, "urging-dispatch") == before


def test_every_kind_is_published_from_a_file(portal: Flask, tmp_path: Path) -> None:
    for (kind, key), body in SHIPPED.items():
        other = beginnings.renamed(kind, body, key, {"vi": "Của tỉnh", "en": "Our own"})
        done = flask(portal, "publish", write(tmp_path, f"{kind}.yaml", write_yaml(other)), "--why", "Theo quyết định")
        assert (done.exit_code, done.stdout) == (0, f"{kind} {key} v2: published\n")
        with rows(portal) as session:
            current = service.current(session, kind, key)
            assert (current.body, current.note, current.published_by) == (other, "Theo quyết định", "system")


def test_where_a_second_person_publishes_a_file_is_proposed_to_him(portal: Flask, tmp_path: Path) -> None:
    drafting.SECOND_PERSON.plug(filling=True)
    path = write(tmp_path, "own.yaml", write_yaml(renamed("Quy trình của tỉnh")))
    done = flask(portal, "publish", path)
    assert (done.exit_code, done.stdout) == (0, "chain urging-dispatch: proposed to a second person\n")
    with rows(portal) as session:
        assert service.current(session, "chain", "urging-dispatch").version == 1
        draft = service.draft_of(session, "chain", "urging-dispatch")
        assert draft is not None
        assert (draft.proposed_by, draft.authors) == ("system", ["system"])


def test_what_has_a_draft_already_is_not_published_from_a_file(portal: Flask, tmp_path: Path) -> None:
    path = write(tmp_path, "own.yaml", write_yaml(renamed("Quy trình của tỉnh")))
    drafting.SECOND_PERSON.plug(filling=True)
    flask(portal, "publish", path)
    drafting.SECOND_PERSON.plug(filling=False)
    done = flask(portal, "publish", path)
    assert (done.exit_code, done.stdout) == (1, "")
    assert "urging-dispatch" in done.stderr


def test_the_list_says_what_there_is_and_where_it_comes_from(portal: Flask, tmp_path: Path) -> None:
    flask(portal, "publish", write(tmp_path, "own.yaml", write_yaml(renamed("Quy trình của tỉnh"))))
    with rows(portal) as session:
        session.add(Definition(kind="form", key="zzz", version=0, name={}, body={}, sha256="0", created_by="lan"))
    done = flask(portal, "list")
    lines = [line.split() for line in done.output.splitlines()]
    assert done.exit_code == 0
    assert [(line[0], line[1], line[2]) for line in lines] == sorted((line[0], line[1], line[2]) for line in lines)
    assert {(line[0], line[1]) for line in lines} == {*SHIPPED, ("form", "zzz")}
    mine = [line for line in lines if line[1] == "urging-dispatch"]
    assert [(line[2], line[3], line[-1]) for line in mine] == [
        ("v1", "published", "shipped"),
        ("v2", "published", "own"),
    ]
    assert ["form", "zzz", "-", "draft", "-", "own"] in lines


@pytest.mark.parametrize(("kind", "key"), SHIPPED)
def test_what_is_shown_is_read_back_as_the_same(portal: Flask, tmp_path: Path, kind: str, key: str) -> None:
    done = flask(portal, "show", kind, key)
    assert (done.exit_code, done.stderr) == (0, "")
    assert json.dumps(read_yaml(done.stdout)) == json.dumps(SHIPPED[kind, key])
    path = write(tmp_path, "shown.yaml", done.stdout)
    checked = flask(portal, "check", path)
    assert (checked.exit_code, checked.output) == (0, f"{path}: {kind} {key} is sound\n")


def test_what_is_shown_and_published_again_changes_nothing(portal: Flask, tmp_path: Path) -> None:
    path = write(tmp_path, "shown.yaml", flask(portal, "show", "form", "monthly-report").stdout)
    assert flask(portal, "publish", path).output == "form monthly-report v1: nothing changed\n"


def test_an_earlier_version_can_be_shown(portal: Flask, tmp_path: Path) -> None:
    flask(portal, "publish", write(tmp_path, "own.yaml", write_yaml(renamed("Hai"))))
    assert read_yaml(flask(portal, "show", "chain", "urging-dispatch").stdout) == renamed("Hai")
    first = flask(portal, "show", "chain", "urging-dispatch", "--version", "1")
    assert read_yaml(first.stdout) == SHIPPED["chain", "urging-dispatch"]


@pytest.mark.parametrize(
    "words",
    [
        ("show", "chain", "nothing"),
        ("show", "form", "urging-dispatch"),
        ("show", "chain", "urging-dispatch", "--version", "99"),
        ("show", "chain", "urging-dispatch", "--version", "0"),
        ("show", "table", "urging-dispatch"),
        ("check",),
    ],
)
def test_what_does_not_exist_is_said_to_and_nothing_is_written(portal: Flask, words: tuple[str, ...]) -> None:
    done = flask(portal, *words)
    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr
