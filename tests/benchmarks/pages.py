"""A list of 25 of 10 000 reports, signed in: the portal beside Django admin and beside Flask-AppBuilder as it comes."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, select

from portal.app import create_app
from portal.approvals.models import ApprovalCase
from portal.db import table_of
from portal.submissions.models import Submission
from portal.units.models import Unit
from tests.benchmarks.environments import python_with
from tests.benchmarks.timing import CannotRunError, Comparison
from tests.cast import PASSWORD
from tests.conftest import prepare_province, settings_in
from tests.portal.province import Province

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[2]
DJANGO = "Django==5.2.19"
ROWS, PAGE = 10_000, 25
RUNS, WARM, BATCH = 30, 3, 4
MOST_QUERIES = 7
LIST, REST = "list page", "REST list"
PATHS = {
    ("ours", LIST): "/submissions/list/",
    ("ours", REST): f"/api/v1/submission/?q=(page_size:{PAGE},order_column:changed_at,order_direction:desc)",
    ("FAB", LIST): "/submissionview/list/",
    ("FAB", REST): f"/api/v1/submission/?q=(page_size:{PAGE},order_column:changed_at,order_direction:desc)",
    ("Django", LIST): "/admin/auth/submission/",
}
CELL = {"ours": r"/submissions/show/\d+", "FAB": r"/submissionview/show/\d+", "Django": r'class="field-title"'}


@dataclass
class Served:
    """An application in its own process.

    Attributes:
        process: which answers orders.
    """

    process: subprocess.Popen[str]

    def order(self, **order: Any) -> dict[str, Any]:
        """Ask for something and wait for the answer."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps(order) + "\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline()
        assert answer, "the measured program ended"
        found: dict[str, Any] = json.loads(answer)
        return found


@contextmanager
def serving(python: str, module: str, *arguments: str) -> Iterator[Served]:
    """Start a program that serves orders, and end it afterwards."""
    command = [python, "-m", module, *arguments]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"}
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            assert process.stdout is not None
            for line in process.stdout:
                if line == '{"ready": true}\n':
                    break
            else:
                raise CannotRunError(f"{module} did not start")
            yield Served(process)
        finally:
            process.kill()


def fill(folder: Path) -> None:
    """A province with ten thousand reports, each with a case, of all units in turn."""
    app = create_app(settings_in(folder))
    prepare_province(app)
    database = app.extensions["trinh"]["database"]
    with app.app_context():
        Province(database.session()).submitted()
        database.session.commit()
        database.session.remove()
    with database.engine.begin() as connection:
        units = connection.scalars(select(Unit.id)).all()
        for model, changed in ((ApprovalCase, ("subject_id",)), (Submission, ("case_id",))):
            table = table_of(model)
            row = dict(connection.execute(select(table)).mappings().one())
            rows = [
                {**row, "id": key, "unit_id": units[key % len(units)], **dict.fromkeys(changed, key)}
                for key in range(2, ROWS + 1)
            ]
            connection.execute(insert(table), rows)
    with database.engine.connect() as connection:
        connection.exec_driver_sql("ROLLBACK")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    database.engine.dispose()


def rows_in(name: str, kind: str, body: str) -> int:
    """How many rows a page shows."""
    if kind == REST:
        found = json.loads(body)
        assert found["count"] == ROWS, found["count"]
        return len(found["result"])
    assert "10000" in body.replace(".", "").replace(",", ""), f"{name} does not say how many rows there are"
    return len(set(re.findall(CELL[name], body))) if name != "Django" else len(re.findall(CELL[name], body))


def checked(name: str, kind: str, served: Served) -> dict[str, Any]:
    """The page is what it should be before anything is said about its time."""
    answer = served.order(path=PATHS[name, kind], times=WARM, count=True)
    assert answer["status"] == 200, (name, kind, answer["status"], answer["body"][:500])
    assert rows_in(name, kind, answer["body"]) == PAGE, (name, kind)
    return answer


def measured(applications: dict[str, Served], kind: str) -> dict[str, list[float]]:
    """Seconds of processor of each request, the applications in turns."""
    taken: dict[str, list[float]] = {name: [] for name in applications}
    for _ in range(RUNS):
        for name, served in applications.items():
            taken[name] += served.order(path=PATHS[name, kind], times=BATCH)["cpu"]
    return taken


def compare(applications: dict[str, Served], kind: str, aims: dict[str, float | None]) -> Iterator[str]:
    """The lines for one kind of list."""
    queries = {name: checked(name, kind, served)["queries"] for name, served in applications.items()}
    sizes = {name: len(checked(name, kind, served)["body"]) // 1024 for name, served in applications.items()}
    assert queries["ours"] <= MOST_QUERIES, queries
    taken = measured(applications, kind)
    for name, aim in aims.items():
        if name in taken:
            asked = f"; {queries['ours']} / {queries[name]} queries, {sizes['ours']} / {sizes[name]} kB"
            what = f"{kind}, {PAGE} of {ROWS} rows"
            yield Comparison(what, NAMES[name], "CPU", aim).line(taken["ours"], taken[name], asked)


NAMES = {"FAB": "Flask-AppBuilder as it comes", "Django": f"admin of {DJANGO.replace('==', ' ')}"}


def refuse_revoked(ours: Served) -> str:
    """A right that is taken away is gone on the next request of the same session."""
    ours.order(deed="revoke")
    statuses = [ours.order(path=PATHS["ours", kind], times=1)["status"] for kind in (LIST, REST)]
    assert statuses == [403, 403], statuses
    return "list page and REST list: a revoked right was refused on the next request"


def start_all(stack: ExitStack, folder: Path) -> tuple[dict[str, Served], list[str]]:
    """Every application there is, and why another is not."""
    fill(folder)
    for name in ("fab.db", "django.db"):
        shutil.copyfile(folder / "portal.db", folder / name)
    mine = sys.executable
    applications = {
        "ours": stack.enter_context(serving(mine, "tests.benchmarks.our_pages", str(folder))),
        "FAB": stack.enter_context(serving(mine, "tests.benchmarks.plain_fab", str(folder / "fab.db"), PASSWORD)),
    }
    missing = []
    try:
        python = python_with(DJANGO, DJANGO)
        started = serving(python, "tests.benchmarks.django_admin", str(folder / "django.db"))
        applications["Django"] = stack.enter_context(started)
    except CannotRunError as reason:
        missing.append(f"list page / {NAMES['Django']}: not run, {reason}")
    return applications, missing


def run() -> Iterator[str]:
    """Lists and REST, then rights."""
    with TemporaryDirectory() as folder, ExitStack() as stack:
        applications, missing = start_all(stack, Path(folder))
        yield from missing
        yield from compare(applications, LIST, {"FAB": 0.65, "Django": None})
        with_rest = {name: applications[name] for name in ("ours", "FAB")}
        yield from compare(with_rest, REST, {"FAB": 0.5})
        yield refuse_revoked(applications["ours"])
