"""Definitions in a folder: written and read back as the same, imported all or nothing, compared in words."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import func, select

from portal.definitions import drafting, service
from portal.definitions.beginnings import beginning, renamed
from portal.definitions.folders import files_of, read_folder, read_uploads, write_folder
from portal.definitions.library import shipped
from portal.definitions.models import Definition
from portal.definitions.writing import write_yaml
from tests.web.calls import rows

if TYPE_CHECKING:
    from pathlib import Path

    from click.testing import Result
    from flask import Flask

NAME = {"vi": "Của tỉnh", "en": "Our own"}


def flask(portal: Flask, *words: object) -> Result:
    return portal.test_cli_runner().invoke(args=["definitions", *map(str, words)])


def count(portal: Flask) -> int:
    with rows(portal) as session:
        return session.scalar(select(func.count()).select_from(Definition)) or 0


def twenty(folder: Path) -> list[Path]:
    """Twenty forms in a folder."""
    forms = [("form", f"form-{number}", beginning("form", f"form-{number}", NAME)) for number in range(20)]
    return write_folder(folder, forms)


def test_what_is_written_is_read_back_as_the_same(tmp_path: Path) -> None:
    written = write_folder(tmp_path, shipped())
    found, wrong = read_folder(tmp_path)
    assert wrong == []
    assert {(each.kind, each.key): json.dumps(each.body) for each in found} == {
        (kind, key): json.dumps(body) for kind, key, body in shipped()
    }
    assert all(path.is_relative_to(tmp_path) for path in written)


def test_each_kind_comes_after_those_it_names(tmp_path: Path) -> None:
    write_folder(tmp_path, reversed(shipped()))
    order = ["form", "document", "calendar", "chain", "schedule"]
    kinds = [each.kind for each in read_folder(tmp_path)[0]]
    assert kinds == sorted(kinds, key=order.index)


def test_every_file_that_is_wrong_is_told_with_everything(tmp_path: Path) -> None:
    paths = twenty(tmp_path)
    paths[3].write_text("schema: 1\nkey: form-3\nsections: []\nodd: 1\n", encoding="utf-8")
    paths[7].write_text("schema: [", encoding="utf-8")
    found, wrong = read_folder(tmp_path)
    assert len(found) == 18
    assert [(each.path, sorted(one.code for one in each.findings)) for each in wrong] == [
        (paths[3], ["missing_key", "too_few", "unknown_key"]),
        (paths[7], ["not_yaml"]),
    ]


def test_two_files_of_one_definition_are_told(tmp_path: Path) -> None:
    twenty(tmp_path)
    (tmp_path / "forms" / "other.yml").write_text(write_yaml(beginning("form", "form-3", NAME)), encoding="utf-8")
    _found, wrong = read_folder(tmp_path)
    assert [(each.path.name, each.findings[0].code) for each in wrong] == [("other.yml", "duplicate")]


def test_other_files_and_what_git_keeps_are_left_alone(tmp_path: Path) -> None:
    write_folder(tmp_path, shipped())
    (tmp_path / "README.md").write_text("# Ours", encoding="utf-8")
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "config.yaml").write_text("not: ours", encoding="utf-8")
    assert len(read_folder(tmp_path)[0]) == len(shipped())


@pytest.mark.parametrize("missing", ["template.html", "style.css", "blocks/decree30.css"])
def test_a_document_with_a_file_missing_is_told(tmp_path: Path, missing: str) -> None:
    write_folder(tmp_path, [each for each in shipped() if each[0] == "document"])
    (tmp_path / "documents" / "provincial-report" / missing).unlink()
    found, wrong = read_folder(tmp_path)
    assert (found, [each.code for each in wrong[0].findings]) == ([], ["cannot_be_read"])


@pytest.mark.parametrize("name", ["../../../../etc/passwd", "a/b", "", 3])
def test_a_block_is_no_way_out_of_the_folder(tmp_path: Path, name: Any) -> None:
    body = next(dict(body) for kind, _key, body in shipped() if kind == "document")
    metadata = {**body["metadata"], "blocks": [name]}
    folder = tmp_path / "documents" / "provincial-report"
    write_folder(tmp_path, [("document", "provincial-report", body)])
    (folder / "metadata.yaml").write_text(write_yaml(metadata), encoding="utf-8")
    found, wrong = read_folder(tmp_path)
    assert found == []
    assert "metadata.blocks[0]" in [each.path for each in wrong[0].findings]


def test_files_lie_under_their_folder() -> None:
    for kind, key, body in shipped():
        assert all(name.startswith(f"{kind}s/") and ".." not in name for name in files_of(kind, key, body))


def test_uploads_are_told_by_what_they_say() -> None:
    files = [(f"{key}.yaml", write_yaml(body).encode()) for _kind, key, body in shipped()]
    found, wrong = read_uploads([*files[:3], ("a.exe", b"MZ"), ("odd.json", b'{"odd": 1}'), ("bad.yaml", b"\xff")])
    assert len(found) == 3
    assert [(each.path.name, each.findings[0].code) for each in wrong] == [
        ("a.exe", "unknown_suffix"),
        ("odd.json", "unknown_kind"),
        ("bad.yaml", "not_utf8"),
    ]


# -- commands --------------------------------------------------------------------------------------------------


def test_what_is_exported_says_nothing_new(portal: Flask, tmp_path: Path) -> None:
    assert flask(portal, "export", tmp_path / "git").exit_code == 0
    assert flask(portal, "diff", tmp_path / "git").output == ""
    assert flask(portal, "check", tmp_path / "git").exit_code == 0
    before = count(portal)
    done = flask(portal, "import", tmp_path / "git")
    assert done.exit_code == 0
    assert done.output.count("nothing changed") == len(shipped())
    assert count(portal) == before


def test_what_is_new_becomes_drafts(portal: Flask, tmp_path: Path) -> None:
    twenty(tmp_path)
    done = flask(portal, "import", tmp_path)
    assert (done.exit_code, done.output.count("kept as a draft")) == (0, 20)
    with rows(portal) as session:
        draft = service.draft_of(session, "form", "form-3")
        assert draft is not None
        assert (draft.created_by, draft.version) == ("system", 0)


def test_what_is_new_is_published_where_that_is_asked_for(portal: Flask, tmp_path: Path) -> None:
    key = "registration-list"
    form = beginning("form", key, NAME)
    chain = beginning("chain", key, NAME) | {"forms": [key]}
    schedule = beginning("schedule", key, NAME) | {"form": key, "chain": key}
    write_folder(tmp_path, [("schedule", key, schedule), ("chain", key, chain), ("form", key, form)])
    done = flask(portal, "import", tmp_path, "--publish", "--why", "Theo kế hoạch")
    assert (done.exit_code, done.output.count("v1: published")) == (0, 3)


@pytest.mark.parametrize("publish", [(), ("--publish",)])
def test_one_bad_file_among_twenty_and_none_comes_in(portal: Flask, tmp_path: Path, publish: tuple[str, ...]) -> None:
    paths = twenty(tmp_path)
    paths[11].write_text("schema: 1\nkey: form-11\nsections: []\n", encoding="utf-8")
    before = count(portal)
    done = flask(portal, "import", tmp_path, *publish)
    assert (done.exit_code, done.stdout, count(portal)) == (1, "", before)
    assert str(paths[11]) in done.stderr
    assert "Nothing was imported" in done.stderr


def test_one_that_does_not_fit_and_none_is_published(portal: Flask, tmp_path: Path) -> None:
    twenty(tmp_path)
    chain = beginning("chain", "odd", NAME)
    chain["stages"][0]["steps"][0]["owner"] = {"posts": ["head"], "place": "unit", "unit": "NOWHERE"}
    written = write_folder(tmp_path, [("chain", "odd", chain)])
    before = count(portal)
    done = flask(portal, "import", tmp_path, "--publish")
    assert (done.exit_code, done.stdout, count(portal)) == (1, "", before)
    assert f"{written[0]}: stages[0].steps[0].owner.unit" in done.stderr


def test_where_a_second_person_publishes_an_import_is_proposed(portal: Flask, tmp_path: Path) -> None:
    drafting.SECOND_PERSON.plug(filling=True)
    write_folder(tmp_path, [("form", "form-1", beginning("form", "form-1", NAME))])
    done = flask(portal, "import", tmp_path, "--publish")
    assert (done.exit_code, done.output) == (0, "form form-1: proposed to a second person\n")


def test_a_difference_is_told_in_words_and_by_the_status(portal: Flask, tmp_path: Path) -> None:
    kind, key, body = next(each for each in shipped() if each[0] == "form")
    other = ("form", "a-new-one", beginning("form", "a-new-one", NAME))
    write_folder(tmp_path, [(kind, key, renamed(kind, body, key, NAME)), other])
    done = flask(portal, "diff", tmp_path)
    assert done.exit_code == 1
    assert "form a-new-one: new" in done.output
    assert f"form {key}: differs from v1" in done.output
    assert "Của tỉnh" in done.output
