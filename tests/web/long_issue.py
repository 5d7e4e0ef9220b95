"""So many documents, issued by sixteen who may be killed at any moment: `python -m tests.web.long_issue 10000`.

They issue, reserve, register on paper and make void at once, two workers print, and every few seconds one of them all
is killed and another takes his place. At the end each number has one fate and each document its file. Runs on SQLite,
and on PostgreSQL where there is one.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from contextlib import closing
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from portal.documents.fates import examine
from portal.documents.models import OfficialDocument, RegisterEntry
from portal.jobs import FAILED, Job
from portal.security import today
from tests.benchmarks.decision import empty_postgres
from tests.benchmarks.timing import CannotRunError
from tests.conftest import app_at, prepare_province
from tests.e2e.serving import ROOT
from tests.portal.province import Province

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from flask import Flask
    from sqlalchemy.orm import Session

PEOPLE, PRINTERS = 16, 2
PAUSE_SECONDS = 3
"""From one death to the next: whoever takes the place needs a second or two to begin."""

ISSUER, DEEDS = "tests.web.numbers_at_work", "1000000"
"""What issues, and how much of it: more than it lives for."""

PRINTER = ["flask", "--app", "portal.app", "jobs", "work"]

SETTINGS = {"RENDER_SECONDS": "20", "JOB_LEASE_SECONDS": "25", "JOB_ATTEMPTS": "50"}
"""A job of a worker that was killed is free again after its lease, however often that happens."""


class Crowd:
    """Processes of one kind, of which one or another is killed and replaced.

    Attributes:
        killed: how many were.
    """

    def __init__(self, command: Callable[[int], list[str]], size: int, folder: Path, url: str) -> None:
        self._command, self._numbers, self.killed = command, count(), 0
        self._environment = {**os.environ, **SETTINGS, "PORTAL_DATA": str(folder), "DATABASE_URL": url}
        self._log = (folder / f"{command(0)[-1]}.log").open("ab")
        self._living = [self._begin() for _ in range(size)]

    def _begin(self) -> subprocess.Popen[bytes]:
        arguments = [sys.executable, "-m", *self._command(next(self._numbers))]
        return subprocess.Popen(arguments, cwd=ROOT, env=self._environment, stdout=self._log, stderr=self._log)

    def kill_one(self, dice: random.Random) -> None:
        """Kill any of them, without a word, and let another begin."""
        number = dice.randrange(len(self._living))
        self._living[number].kill()
        self._living[number].wait()
        self._living[number], self.killed = self._begin(), self.killed + 1

    def close(self) -> None:
        """Kill all of them."""
        for each in self._living:
            each.kill()
            each.wait()
        self._log.close()


def run(documents: int, url: str, folder: Path) -> Iterator[str]:
    """The counts of one database; fails when anything is not as it should be."""
    began, dice = time.monotonic(), random.Random(documents)
    with app_at(url, folder) as app:
        prepare_province(app)
        with app.app_context():
            session = app.extensions["trinh"]["database"].session()
            Province(session).approved()
            session.commit()
        with (
            closing(Crowd(lambda seed: [ISSUER, url, str(folder), str(seed), DEEDS], PEOPLE, folder, url)) as people,
            closing(Crowd(lambda _: PRINTER, PRINTERS, folder, url)) as printers,
        ):
            while asked(app, issued) < documents:
                time.sleep(PAUSE_SECONDS)
                dice.choice((people, people, printers)).kill_one(dice)
            people.close()
            while asked(app, without_file):
                time.sleep(1)
        yield f"{asked(app, issued)} documents, {people.killed} issuers and {printers.killed} printers killed; "
        yield from counts(app)
    yield f"{time.monotonic() - began:.0f} s\n"


def asked(app: Flask, question: Callable[[Session], int]) -> int:
    """What the database answers now."""
    database = app.extensions["trinh"]["database"]
    with app.app_context():
        found = question(database.session())
        database.session.remove()
    return found


def issued(session: Session) -> int:
    """How many documents there are."""
    return session.scalar(select(func.count()).select_from(OfficialDocument)) or 0


def without_file(session: Session) -> int:
    """How many of them wait for their file, while no job was given up."""
    assert session.scalar(select(func.count()).where(Job.status == FAILED)) == 0
    return session.scalar(select(func.count()).where(OfficialDocument.file_id.is_(None))) or 0


def counts(app: Flask) -> Iterator[str]:
    """The fates of all numbers, after making sure that each has exactly one and each document one line and its file."""
    database, store = app.extensions["trinh"]["database"], app.extensions["trinh"]["files"]
    with app.app_context():
        session = database.session()
        assert [each for each in examine(session, today()) if each.is_wrong] == []
        lines = select(func.count(RegisterEntry.document_id), func.count(RegisterEntry.document_id.distinct()))
        assert session.execute(lines).one() == (issued(session),) * 2
        for document in session.scalars(select(OfficialDocument)):
            assert document.file
            assert store.read(document.file.sha256).startswith(b"%PDF"), str(document)
        for state, number in session.execute(select(RegisterEntry.state, func.count()).group_by(RegisterEntry.state)):
            yield f"{number} numbers {state}, "
        database.session.remove()
    yield "none missing, none twice, each document with its file; "


def main(documents: int) -> None:
    """Both databases, one after the other."""
    for name in ("SQLite", "PostgreSQL"):
        print(f"{name}: ", end="", flush=True)
        with TemporaryDirectory() as folder:
            try:
                for part in _on(name, documents, Path(folder)):
                    print(part, end="", flush=True)
            except CannotRunError as reason:
                print(f"not run, {reason}")


def _on(name: str, documents: int, folder: Path) -> Iterator[str]:
    if name == "SQLite":
        yield from run(documents, f"sqlite:///{folder / 'portal.db'}", folder)
        return
    with empty_postgres() as url:
        yield from run(documents, url, folder)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000)
