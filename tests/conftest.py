"""What every test can ask for: the demo province in a database of its own, the application, people signed in."""

from __future__ import annotations

import gc
import os
import secrets
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
from alembic import command
from flask_appbuilder.security.sqla.models import User
from hypothesis import Phase
from hypothesis import settings as hypothesis_settings
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy import create_engine, make_url, text, update
from sqlalchemy.exc import OperationalError
from werkzeug.security import generate_password_hash

import config
from portal import cli, db
from portal.demo.load import load
from portal.security import today
from tests.cast import PASSWORD
from tests.copies import Copies, copies_of

if TYPE_CHECKING:
    from pathlib import Path

    from flask import Flask
    from flask.testing import FlaskClient
    from sqlalchemy import URL

# How long an example takes depends on the machine and on what else it does; benchmarks tell of speed.
hypothesis_settings.register_profile("untimed", deadline=None)
hypothesis_settings.load_profile("untimed")
# To judge mutants: whether a test fails is all that is asked, and the same mutant shall always have the same fate.
hypothesis_settings.register_profile(
    "unshrunk", deadline=None, derandomize=True, phases=(Phase.explicit, Phase.generate)
)

PATIENT = dict.fromkeys(("SIGN_IN_FAILURES", "VERIFY_FAILURES", "VERIFY_FILES"), "100000")
"""Settings by which nobody waits who does not ask for it."""


def pytest_configure() -> None:
    """Tests never ask what a power cut leaves, so none of them waits until the disk has written."""
    prepare = db._prepare_sqlite

    def prepare_without_waiting(connection: Any, record: object) -> None:
        prepare(connection, record)
        connection.execute("PRAGMA synchronous=OFF")

    db._prepare_sqlite = prepare_without_waiting


def settings_in(folder: Path, **more: str) -> config.Settings:
    """Settings of a demo portal in a folder, untouched by the environment of whoever runs the tests."""
    return config.load({"PORTAL_DATA": str(folder), **PATIENT, **more})


def prepare_province(app: Flask) -> None:
    """Migrate, write rights and definitions, load the demo province."""
    with app.app_context():
        database = app.extensions["trinh"]["database"]
        command.upgrade(cli.alembic_config(database), "head")
        cli.prepare(app)
        load(database.session(), PASSWORD, today())
        # The real hash costs a tenth of a second at each of a thousand sign-ins.
        cheap = generate_password_hash(PASSWORD, method="pbkdf2:sha256:1")
        database.session.execute(update(User).values(password=cheap))
        database.session.commit()
        database.session.remove()


@pytest.fixture(scope="session")
def app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """One application for the whole run; its database is put back before each test that asks for `portal`."""
    from portal.app import create_app  # noqa: PLC0415 - tests of single parts need no application

    folder = tmp_path_factory.mktemp("province")
    application = create_app(settings_in(folder))
    prepare_province(application)
    application.extensions["trinh"]["database"].engine.dispose()
    shutil.copyfile(folder / "portal.db", folder / "untouched.db")
    # What was loaded stays for the whole run: looking through it for garbage took a fifth of each page's time.
    gc.collect()
    gc.freeze()
    return application


def fill_ports_of(app: Flask) -> None:
    """Ports belong to the process: another test may have made an application with a store of its own."""
    from portal.app import _fill_ports  # noqa: PLC0415 - tests of single parts need no application

    _fill_ports(app.extensions["trinh"]["settings"], app.extensions["trinh"]["files"])


@pytest.fixture
def portal(app: Flask) -> Iterator[Flask]:
    """The application with the demo province as it was loaded."""
    fill_ports_of(app)
    settings, database = app.extensions["trinh"]["settings"], app.extensions["trinh"]["database"]
    folder = settings.portal_data
    database.session.remove()
    database.engine.dispose()
    for leftover in ("portal.db-wal", "portal.db-shm"):
        (folder / leftover).unlink(missing_ok=True)
    shutil.copyfile(folder / "untouched.db", folder / "portal.db")
    yield app
    database.session.remove()


@dataclass
class Visitor:
    """Someone at a browser without JavaScript.

    Attributes:
        client: his cookies.
    """

    client: FlaskClient

    def get(self, path: str, **more: Any) -> Any:
        """Look at a page."""
        return self.client.get(path, **more)

    def token(self) -> str:
        """The CSRF token that any page of his session would give; made without one, for each post needs it."""
        with self.client.session_transaction() as kept:
            raw = kept.setdefault("csrf_token", secrets.token_hex(20))
        return str(URLSafeTimedSerializer(self.client.application.secret_key, salt="wtf-csrf-token").dumps(raw))

    def post(self, path: str, data: dict[str, Any] | None = None, **more: Any) -> Any:
        """Send a form with the session's token."""
        return self.client.post(path, data={"csrf_token": self.token(), **(data or {})}, **more)

    def sign_in(self, username: str, password: str = PASSWORD) -> Any:
        """Sign in through the real form."""
        return self.post("/login/", {"username": username, "password": password})


Visit = Callable[[str | None], Visitor]


@pytest.fixture
def visit(portal: Flask) -> Visit:
    """Gives a visitor signed in as one of the cast; None for nobody."""

    def enter(username: str | None) -> Visitor:
        visitor = Visitor(portal.test_client())
        if username:
            assert visitor.sign_in(username).status_code == 302, f"{username} cannot sign in"
        return visitor

    return enter


@pytest.fixture
def session(portal: Flask) -> Iterator[Any]:
    """A database session on the demo province, inside the application."""
    with portal.app_context():
        yield portal.extensions["trinh"]["database"].session()


def need(found: object, what: str) -> None:
    """Skip with one line where a tool is missing; in CI nothing is skipped, so it fails there."""
    if found:
        return
    if os.environ.get("CI"):
        pytest.fail(f"{what} is missing, and nothing is skipped in CI")
    pytest.skip(f"{what} is not there")


POSTGRES_URL = "postgresql+psycopg://postgres@127.0.0.1/postgres"
"""Where a PostgreSQL server is looked for, unless TEST_POSTGRES_URL says otherwise."""


def postgres_server() -> URL:
    """Any database of the server for tests."""
    return make_url(os.environ.get("TEST_POSTGRES_URL", POSTGRES_URL))


@contextmanager
def new_on_postgres(like: str = "template1") -> Iterator[str]:
    """The address of a new PostgreSQL database, a copy of another one; dropped afterwards."""
    server = postgres_server()
    name = f"trinh_{secrets.token_hex(6)}"
    engine = create_engine(server, isolation_level="AUTOCOMMIT", connect_args={"connect_timeout": 3})
    try:
        with engine.connect() as connection:
            connection.execute(text(f'CREATE DATABASE "{name}" TEMPLATE "{like}"'))
            connection.execute(text(f'ALTER DATABASE "{name}" SET synchronous_commit = off'))
    except OperationalError as error:
        need(None, f"PostgreSQL ({error.orig})")
    yield server.set(database=name).render_as_string(hide_password=False)
    with engine.connect() as connection:
        connection.execute(text(f'DROP DATABASE "{name}" WITH (FORCE)'))
    engine.dispose()


@pytest.fixture
def postgres_url() -> Iterator[str]:
    """The address of an empty PostgreSQL database, dropped afterwards."""
    with new_on_postgres() as url:
        yield url


@contextmanager
def app_at(url: str, folder: Path) -> Iterator[Flask]:
    """An application on a database of its own, which it lets go afterwards."""
    from portal.app import create_app  # noqa: PLC0415 - tests of single parts need no application

    app = create_app(settings_in(folder, DATABASE_URL=url))
    yield app
    database = app.extensions["trinh"]["database"]
    database.session.remove()
    database.engine.dispose()


@pytest.fixture(scope="session")
def province_on_postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The name of a PostgreSQL database with the demo province, loaded once for the whole run to be copied."""
    with new_on_postgres() as url:
        with app_at(url, tmp_path_factory.mktemp("postgres")) as app:
            prepare_province(app)
        yield str(make_url(url).database)


@pytest.fixture(scope="session")
def copies_on_postgres(province_on_postgres: str) -> Iterator[Copies]:
    """Copies of the demo province for one test after another."""
    with copies_of(postgres_server(), province_on_postgres) as copies:
        yield copies


@pytest.fixture(scope="session")
def app_on_postgres(copies_on_postgres: Copies, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """One application for the whole run, whose database is put back before each test that asks for it."""
    url = copies_on_postgres.url.render_as_string(hide_password=False)
    copies_on_postgres.put_back()
    with app_at(url, tmp_path_factory.mktemp("province-on-postgres")) as app:
        yield app


@pytest.fixture
def portal_on_postgres(app_on_postgres: Flask, copies_on_postgres: Copies) -> Iterator[Flask]:
    """The application with the demo province as it was loaded, on PostgreSQL."""
    fill_ports_of(app_on_postgres)
    database = app_on_postgres.extensions["trinh"]["database"]
    database.session.remove()
    database.engine.dispose()
    copies_on_postgres.put_back()
    yield app_on_postgres
    database.session.remove()


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty database, once on SQLite and once on PostgreSQL."""
    if request.param == "postgres":
        url: str = request.getfixturevalue("postgres_url")
        return url
    return f"sqlite:///{tmp_path / 'portal.db'}"
