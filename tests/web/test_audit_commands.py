"""The operator's commands about the audit log: what they print, and the status they end with."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import text

from tests.web.calls import rows

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from flask import Flask


@pytest.fixture
def folder(portal: Flask) -> Iterator[Path]:
    """Where the portal keeps its checkpoints; emptied afterwards, for the next test has another log."""
    settings = portal.extensions["trinh"]["settings"]
    yield settings.audit_checkpoints
    shutil.rmtree(settings.audit_checkpoints, ignore_errors=True)
    (settings.portal_data / "checkpoint-key.pem").unlink(missing_ok=True)


def flask(portal: Flask, *words: str) -> tuple[int, str]:
    result: Any = portal.test_cli_runner().invoke(args=list(words))
    return result.exit_code, result.output


def tamper(portal: Flask, statement: str) -> None:
    """Do what only someone can who owns the database and takes its triggers off."""
    with rows(portal) as session:
        for trigger in ("audit_entry_no_update", "audit_entry_no_delete"):
            session.execute(text(f"DROP TRIGGER {trigger}"))
        session.execute(text(statement))


def test_a_whole_log_is_said_to_be_whole_and_how_far_it_is_signed(portal: Flask, folder: Path) -> None:
    status, said = flask(portal, "audit", "verify")
    assert (status, "0 breaks" in said, "0 checkpoints, up to entry 0, keys: none" in said) == (0, True, True)
    status, said = flask(portal, "audit", "checkpoint")
    assert (status, said.startswith("checkpoint 1: entry ")) == (0, True)
    assert flask(portal, "audit", "checkpoint") == (0, "nothing new to sign\n")
    status, said = flask(portal, "audit", "verify")
    assert (status, "1 checkpoints, up to entry " in said) == (0, True)


def test_a_cut_log_is_named_and_ends_with_a_status(portal: Flask, folder: Path) -> None:
    flask(portal, "audit", "checkpoint")
    tamper(portal, "DELETE FROM audit_entry WHERE seq > 3")
    status, said = flask(portal, "audit", "verify")
    assert status == 1
    assert ": cut\n" in said
    assert flask(portal, "audit", "checkpoint")[0] == 1


def test_a_copy_of_the_checkpoints_witnesses_even_against_whoever_owns_the_folder(
    portal: Flask, folder: Path, tmp_path: Path
) -> None:
    flask(portal, "audit", "checkpoint")
    shutil.copytree(folder, tmp_path / "copy")
    tamper(portal, "DELETE FROM audit_entry WHERE seq > 3")
    shutil.rmtree(folder)
    (portal.extensions["trinh"]["settings"].portal_data / "checkpoint-key.pem").unlink()
    assert flask(portal, "audit", "verify")[0] == 0
    status, said = flask(portal, "audit", "verify", "--checkpoints", str(tmp_path / "copy"))
    assert (status, ": cut\n" in said) == (1, True)


def test_damaged_checkpoints_are_named_and_can_be_begun_anew(portal: Flask, folder: Path) -> None:
    flask(portal, "audit", "checkpoint")
    (folder / "checkpoints.jsonl").write_text("damaged\n", encoding="utf-8")
    status, said = flask(portal, "audit", "verify")
    assert (status, "checkpoint 1: unreadable" in said) == (1, True)
    assert flask(portal, "audit", "checkpoint")[0] == 1
    assert flask(portal, "audit", "checkpoint", "--anew")[0] == 0
    assert flask(portal, "audit", "verify")[0] == 0
