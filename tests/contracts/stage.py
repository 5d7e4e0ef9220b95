"""The matrix's world on a running application, with everyone signed in and every write of the database watched."""

from __future__ import annotations

import re
import shutil
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sqlalchemy import event
from sqlalchemy.orm import Session

from portal.demo.journey import january_inputs
from tests.conftest import Visitor
from tests.contracts.world import CLOSED, USERNAMES, Builder, Thing, World
from tests.web.calls import one

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask
    from flask.testing import FlaskClient

WRITES = re.compile(
    r"^\s*(?:WITH\b.*?\b)?(INSERT|UPDATE|DELETE|REPLACE|CREATE|DROP|ALTER|TRUNCATE|VACUUM)\b", re.IGNORECASE | re.DOTALL
)


MAY_ALWAYS_WRITE = {"UPDATE user_session SET seen_at=": "a session that is used does not end for want of use"}
"""Beginning of a statement that any request may send, a look as well as a refused verb → why.

For the row of the asker's own session, and nothing else; a test keeps the list that narrow.
"""


def is_excused(statement: str) -> bool:
    """Whether a statement is one of those few."""
    return any(statement.lstrip().startswith(start) for start in MAY_ALWAYS_WRITE)


@dataclass
class Watch:
    """Statements that write, as they pass: those tried, and those that a commit made stay.

    Attributes:
        tried: since the watch began.
        kept: those of them that were committed.
    """

    tried: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    _open: list[str] = field(default_factory=list)

    def see(self, statement: str) -> None:
        """Note a statement if it writes."""
        if WRITES.match(statement) and not is_excused(statement):
            self.tried.append(statement)
            self._open.append(statement)

    def commit(self) -> None:
        """What was tried stays."""
        self.kept += self._open
        self._open.clear()

    def undo(self) -> None:
        """What was tried is gone."""
        self._open.clear()


@dataclass
class Stage:
    """The application with the world in it.

    Attributes:
        app: the application.
        world: the objects, by kind and name.
        people: persona → his browser and the token of his session.
    """

    app: Flask
    world: World
    people: dict[str, tuple[FlaskClient, str]]

    def __post_init__(self) -> None:
        self._cookies = {persona: dict(client._cookies) for persona, (client, _token) in self.people.items()}

    @property
    def database(self) -> Any:
        """The database of the application."""
        return self.app.extensions["trinh"]["database"]

    def client(self, persona: str) -> FlaskClient:
        """Somebody's browser."""
        return self.people[persona][0]

    def address(self, endpoint: str, values: dict[str, Any]) -> str:
        """The address of a route with what it takes of these values."""
        rule = next(rule for rule in self.app.url_map.iter_rules() if rule.endpoint == endpoint)
        adapter = self.app.url_map.bind("localhost")
        return str(adapter.build(endpoint, {name: values[name] for name in rule.arguments}))

    def reset(self) -> None:
        """The world as it was when everyone had signed in; nobody is still to be told what he did."""
        put_back(self.app, "world.db")
        for persona, (client, _token) in self.people.items():
            client._cookies = dict(self._cookies[persona])

    @contextmanager
    def watched(self) -> Iterator[Watch]:
        """Watch every statement of the engine."""
        watch, engine = Watch(), self.database.engine

        def see(_conn: Any, _cursor: Any, statement: str, *_more: Any) -> None:
            watch.see(statement)

        listeners = {
            "before_cursor_execute": see,
            "commit": lambda _conn: watch.commit(),
            "rollback": lambda _conn: watch.undo(),
        }
        for name, listener in listeners.items():
            event.listen(engine, name, listener)
        try:
            yield watch
        finally:
            for name, listener in listeners.items():
                event.remove(engine, name, listener)


def put_back(app: Flask, kept: str) -> None:
    """Replace the database by a copy that was kept."""
    database, folder = app.extensions["trinh"]["database"], app.extensions["trinh"]["settings"].portal_data
    database.session.remove()
    database.engine.dispose()
    for leftover in ("portal.db-wal", "portal.db-shm"):
        (folder / leftover).unlink(missing_ok=True)
    shutil.copyfile(folder / kept, folder / "portal.db")


def _strays(world: World) -> dict[str, Thing]:
    """Files asked for under reports that they do not belong to."""
    pairs = (
        ("foreign draft", "own draft"),
        ("own draft", "foreign draft"),
        ("own draft", "own approved"),
        ("own approved", "foreign approved"),
    )
    return {
        f"{file} @ {report}": Thing(world["report"][report].key, more={"link": world["file"][file].more["link"]})
        for file, report in pairs
    }


def set_up(app: Flask) -> Stage:
    """Build the world, let everyone sign in, close the account of one, keep a copy of it all."""
    put_back(app, "untouched.db")
    parts = app.extensions["trinh"]
    with app.app_context():
        world = Builder(parts["database"].session(), parts["files"], january_inputs()).build()
    world["stray"] = _strays(world)
    people = {}
    for persona, username in USERNAMES.items():
        visitor = Visitor(app.test_client())
        if username:
            assert visitor.sign_in(username).status_code == 302, username
        people[persona] = (visitor.client, visitor.token())
    from flask_appbuilder.security.sqla.models import User  # noqa: PLC0415 - its tables come with the application

    with Session(parts["database"].engine) as session:
        one(session, User, username=CLOSED).active = False
        session.commit()
    parts["database"].engine.dispose()
    shutil.copyfile(parts["settings"].portal_data / "portal.db", parts["settings"].portal_data / "world.db")
    return Stage(app, world, people)
