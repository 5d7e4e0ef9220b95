"""A decision through the whole service against one in django-viewflow, which also writes a log and notices here."""

from __future__ import annotations

import subprocess
import time
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from portal.app import create_app
from portal.security import build_actor, today
from tests.benchmarks.decision import approve, submitted
from tests.benchmarks.environments import python_with
from tests.benchmarks.timing import CannotRunError, Comparison
from tests.conftest import prepare_province, settings_in
from tests.portal.province import Province

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import IO

RUNS, WARM = 90, 8
VIEWFLOW, DJANGO = "django-viewflow==2.4.0", "Django==5.2.19"
ROOT = Path(__file__).resolve().parents[2]
READY = "ready\n"


@contextmanager
def waiting(database: Path, number: int) -> Iterator[tuple[IO[str], IO[str]]]:
    """A process of django-viewflow that approves once for each line it gets, and answers with the seconds.

    Raises:
        CannotRunError: it cannot be had, or does not start.
    """
    command = [
        python_with(f"{VIEWFLOW}-{DJANGO}", VIEWFLOW, DJANGO),
        "-m",
        "tests.benchmarks.viewflow_decision",
        str(database),
    ]
    process = subprocess.Popen(
        [*command, str(number)], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdin
        assert process.stdout
        if process.stdout.readline() != READY:
            raise CannotRunError(f"{VIEWFLOW} did not start")
        yield process.stdin, process.stdout
    finally:
        process.kill()
        process.wait()


def run() -> Iterator[str]:
    """Both on SQLite, in turns."""
    with TemporaryDirectory() as folder:
        app = create_app(settings_in(Path(folder)))
        prepare_province(app)
        database = app.extensions["trinh"]["database"]
        with app.app_context(), waiting(Path(folder) / "viewflow.db", RUNS + WARM) as (asked, answered):
            session = database.session()
            cases = iter(submitted(session, RUNS + WARM))
            user = Province(session).user("head")
            session.commit()
            ours, theirs = [], []
            for _ in range(RUNS + WARM):
                began = time.perf_counter()
                approve(database.session(), build_actor(database.session(), user, today()), next(cases))
                ours.append(time.perf_counter() - began)
                database.session.remove()
                asked.write("go\n")
                asked.flush()
                theirs.append(float(answered.readline()))
        database.engine.dispose()
    what = "decision, SQLite, WAL, synchronous=FULL, reading who asks"
    against = f"{VIEWFLOW.replace('==', ' ')} with a log and notices"
    yield Comparison(what, against, "time", 0.2).line(ours[WARM:], theirs[WARM:])
