"""What waits for one person, 50 pieces of work, out of a thousand cases and out of a million."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from portal.app import create_app
from portal.approvals import service as approvals
from portal.approvals.models import ApprovalCase, WorkItem
from portal.db import table_of
from tests.asked import statements
from tests.benchmarks.timing import Comparison, Times, in_turns
from tests.conftest import prepare_province, settings_in
from tests.portal.province import Province

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any

    from flask import Flask
    from sqlalchemy import Connection, Table

    from portal.db import Database

RUNS, WARM = 60, 5
FEW, MANY = 1_000, 1_000_000
SHOWN, AIM = 50, 0.010
EACH = 20
"""One case in so many waits for somebody else; the rest are over with their reviewer."""


def copy(connection: Connection, table: Table, row: dict[str, Any], number: int, **changed: str) -> None:
    """Put more rows into a table, numbered on from the one there is; `changed` are columns as SQL over `n`."""
    names = [column.name for column in table.columns]
    values = {name: f":{name}" for name in names} | {"id": "n"} | changed
    told = ", ".join(values[name] for name in names)
    connection.exec_driver_sql(
        f"WITH RECURSIVE numbers(n) AS (SELECT 2 UNION ALL SELECT n + 1 FROM numbers WHERE n < {number}) "
        f"INSERT INTO {table.name} ({', '.join(names)}) SELECT {told} FROM numbers",
        {name: row[name] for name in names if values[name] == f":{name}"},
    )


def fill(app: Flask, number: int) -> None:
    """So many cases, each with one piece of work: 50 wait for the head, some for others, most are done."""
    database: Database = app.extensions["trinh"]["database"]
    with app.app_context():
        province = Province(database.session())
        province.submitted()
        head, deputy = (province.user(who).id for who in ("head", "deputy"))
        database.session.commit()
        database.session.remove()
    spread = max(number // SHOWN, 1)
    is_his, is_open = f"n % {spread} = 0", f"(n % {spread} = 0 OR n % {EACH} = 1)"
    with database.engine.begin() as connection:
        cases, items = table_of(ApprovalCase), table_of(WorkItem)
        case = dict(connection.exec_driver_sql("SELECT * FROM approval_case").mappings().one())
        item = dict(
            connection.exec_driver_sql(f"SELECT * FROM approval_work_item WHERE user_id = {head}").mappings().one()
        )
        connection.exec_driver_sql("DELETE FROM approval_work_item")
        copy(connection, cases, case, number, subject_id="n")
        copy(
            connection,
            items,
            item,
            number,
            case_id="n",
            user_id=f"CASE WHEN {is_his} THEN {head} ELSE {deputy} END",
            status=f"CASE WHEN {is_open} THEN 'open' ELSE 'decided' END",
            closed_at=f"CASE WHEN {is_open} THEN NULL ELSE :opened_at END",
        )


def reading(app: Flask) -> Callable[[], int]:
    """Reads what waits for the head, in a session of its own; the actor is known, as in a request."""
    database: Database = app.extensions["trinh"]["database"]
    with app.app_context():
        head = Province(database.session()).actor("head")
        database.session.remove()

    def run() -> int:
        with app.app_context():
            found = approvals.worklist(database.session(), head)
            shown_ = [(each.case.title, each.case.unit.name_vi, each.case.definition.key) for each in found]
            database.session.remove()
        return len(shown_)

    return run


def run() -> Iterator[str]:
    """Both sizes in turns."""
    with TemporaryDirectory() as few, TemporaryDirectory() as many:
        apps = {}
        for folder, number in ((few, FEW), (many, MANY)):
            apps[number] = create_app(settings_in(Path(folder)))
            prepare_province(apps[number])
            fill(apps[number], number)
        ways = {str(number): reading(app) for number, app in apps.items()}
        asked = []
        for number, app in apps.items():
            with statements(app.extensions["trinh"]["database"].engine) as told:
                assert ways[str(number)]() == SHOWN, number
            asked.append(len(told))
        in_turns(ways, WARM)
        taken: dict[str, Times] = in_turns(ways, RUNS)
        for app in apps.values():
            app.extensions["trinh"]["database"].engine.dispose()
    ours, small = taken[str(MANY)], taken[str(FEW)]
    what, against = f"worklist of {SHOWN} out of {MANY} cases", f"out of {FEW}"
    yield Comparison(what, against, "time").line(ours.wall, small.wall, f"; {asked[1]} / {asked[0]} queries")
    median = sorted(ours.wall)[len(ours.wall) // 2]
    yield f"{what}: {1000 * median:.1f} ms (aim {1000 * AIM:.0f}: {'met' if median <= AIM else 'MISSED'})"
