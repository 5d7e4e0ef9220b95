"""Looking changes nothing: no GET and no HEAD sends the database a statement that writes, whoever looks at whatever."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tests.contracts.matrix import Count, place, read, tables
from tests.contracts.stage import MAY_ALWAYS_WRITE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask

    from tests.contracts.stage import Stage

LOOK_TWICE = frozenset({"nobody", "clerk", "admin"})
"""Who asks by HEAD as well, which runs what GET runs."""

LOOKERS = ("nobody", "clerk", "p.head", "chair", "regist", "design", "audit", "admin")
"""One of each role that opens pages: what a page writes does not depend on which unit its reader is of."""

ONE_OF_EACH = {"filename": "portal.css", "version": "v1"}


def without_rows(app: Flask) -> Iterator[str]:
    """The endpoints of every page that names no row."""
    for rule in app.url_map.iter_rules():
        if "GET" in (rule.methods or set()) and set(rule.arguments) <= set(ONE_OF_EACH):
            yield rule.endpoint


def addresses(stage: Stage) -> Iterator[str]:
    """Every page: those without a row, and those about a row for the first object of its table."""
    for endpoint in without_rows(stage.app):
        if endpoint != "appbuilder.static":  # the library's own files are not ours to list
            yield stage.address(endpoint, ONE_OF_EACH)
    for table in tables():
        for call in [each for each in table.calls if each.method == "GET"]:
            yield from (place(stage, call, stage.world[table.of][name]) for name in list(table.rows)[:1])


def test_no_look_at_anything_writes(stage: Stage) -> None:
    count = Count()
    for path in sorted(set(addresses(stage))):
        for persona in LOOKERS:
            client, _token = stage.people[persona]
            for method in ("GET", "HEAD") if persona in LOOK_TWICE else ("GET",):
                with stage.watched() as watch:
                    read(client.open(path, method=method))
                count.expect(not watch.tried, f"{persona}: {method} {path} sends {watch.tried}")
    count.report("looks")


def test_what_any_request_may_write_is_the_row_of_its_own_session() -> None:
    """The list of exceptions stays narrow: one statement, of one table, with a reason."""
    assert len(MAY_ALWAYS_WRITE) <= 1
    assert all(re.fullmatch(r"UPDATE \w*session\w* SET \w+=", start) and why for start, why in MAY_ALWAYS_WRITE.items())


def test_the_watch_sees_what_is_written(stage: Stage) -> None:
    """Without this the test above would hold for any portal."""
    client, token = stage.people["clerk"]
    unit = stage.world["report"]["own draft"].more["unit"]
    with stage.watched() as watch:
        client.post("/submissions/new", data={"unit": unit, "year": 2025, "number": 12, "csrf_token": token})
    assert any(statement.startswith("INSERT INTO submission ") for statement in watch.kept)
    stage.reset()
