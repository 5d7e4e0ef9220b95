"""As many attempts at the same moment as are asked for: `python -m tests.e2e.long_race 100000`, or `make races`.

Eight people press the same button of the same case, again and again: it is suspended and resumed in turns, so that a
few cases last. Each heat has one winner; the others hear that somebody was first. Runs on SQLite, and on PostgreSQL
where there is one.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from sqlalchemy import create_engine, func, select
from sqlalchemy.orm import Session

from portal import audit
from portal.approvals.models import ApprovalCase, CaseEvent
from tests.benchmarks.decision import empty_postgres
from tests.benchmarks.timing import CannotRunError
from tests.cast import PASSWORD
from tests.e2e.crowd import Course, Press, race
from tests.e2e.race_course import RACERS
from tests.e2e.serving import ROOT, free_port, serving

if TYPE_CHECKING:
    from collections.abc import Iterator

WORKERS, CASES = 4, 200
VERBS = ("suspend", "resume")
KEPT = 200
"""Characters of each page: enough for the title of an error."""


def parts(cases: list[int], attempts: int) -> list[list[Press]]:
    """What each of the eight presses: one case after another, and then all of them again on the next version."""
    heats = [(case, turn) for turn in range(attempts // (RACERS * len(cases)) + 1) for case in cases]
    return [[_press(racer, *heat) for heat in heats[: -(-attempts // RACERS)]] for racer in range(RACERS)]


def _press(racer: int, case: int, turn: int) -> Press:
    verb, seen = VERBS[turn % 2], str(turn + 1)
    return Press(
        f"{case} {turn}", f"deputy{racer}", f"/cases/{case}/{verb}", {"version": seen, "reason": "Chờ số liệu của Bộ"}
    )


def run(attempts: int, settings: dict[str, str], folder: Path) -> Iterator[str]:
    """The counts of one database; fails when anything is not as it should be."""
    environment = {**os.environ, **settings}
    command = [sys.executable, "-m", "tests.e2e.race_course", str(CASES)]
    laid_out = json.loads(subprocess.check_output(command, cwd=ROOT, env=environment, text=True))
    cases = laid_out["decisions"]
    port, log = free_port(), folder / "server.log"
    bind = ("--bind", f"127.0.0.1:{port}", "--workers", str(WORKERS), "--threads", "1", "--worker-class", "sync")
    statuses, winners = Counter[int](), Counter[str]()
    with serving(["-m", "gunicorn", *bind, "portal.app:create_app()"], port, log, settings):
        for answer in race(Course(port, PASSWORD, KEPT), parts(cases, attempts)):
            statuses[answer.status] += 1
            winners[answer.press.heat] += answer.status == 302
    told = log.read_text(encoding="utf-8")
    heats, double = len(winners), sum(number > 1 for number in winners.values())
    locked = told.count("database is locked") + told.count("deadlock")
    yield f"{sum(statuses.values())} attempts in {heats} heats of {RACERS}: double wins {double}, "
    yield f"without a winner {sum(number == 0 for number in winners.values())}, statuses {dict(statuses)}, "
    yield f"locked or deadlocked {locked}\n"
    assert set(statuses) == {302, 409}
    assert set(winners.values()) == {1}
    assert locked == 0
    assert "Traceback" not in told
    _check(settings["DATABASE_URL"], cases, heats)


def _check(url: str, cases: list[int], heats: int) -> None:
    """Each heat made one version of its case and one event, and the log holds."""
    engine = create_engine(url)
    with Session(engine) as session:
        versions = session.scalars(select(ApprovalCase.version).where(ApprovalCase.id.in_(cases)))
        assert sum(version - 1 for version in versions) == heats
        kinds = ("case_suspended", "case_resumed")
        assert session.scalar(select(func.count()).where(CaseEvent.kind.in_(kinds))) == heats
        assert audit.verify(session)[1] == ()
    engine.dispose()


def main(attempts: int) -> None:
    """Both databases, half of the attempts each."""
    for name in ("SQLite", "PostgreSQL"):
        print(f"{name}: ", end="", flush=True)
        with TemporaryDirectory() as folder:
            try:
                for part in _on(name, attempts // 2, Path(folder)):
                    print(part, end="", flush=True)
            except CannotRunError as reason:
                print(f"not run, {reason}")


def _on(name: str, attempts: int, folder: Path) -> Iterator[str]:
    settings = {"PORTAL_DATA": str(folder)}
    if name == "SQLite":
        yield from run(attempts, {**settings, "DATABASE_URL": f"sqlite:///{folder / 'portal.db'}"}, folder)
        return
    with empty_postgres() as url:
        yield from run(attempts, {**settings, "DATABASE_URL": url}, folder)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)
