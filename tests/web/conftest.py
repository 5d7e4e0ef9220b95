"""The whole portal with the demonstration province in it, and browsers in which its people have signed in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from flask_appbuilder.security.sqla.models import PermissionView, Role
from sqlalchemy import select
from sqlalchemy.orm import Session

import config
from portal import roles, tables
from portal.app import create_app
from portal.db import Base, Database
from portal.demo.load import load

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from flask import Flask
    from flask.testing import FlaskClient

PASSWORD = "mật khẩu của buổi giới thiệu"
CAST_ROLES = (
    "Clerk",
    "Department reviewer",
    "Police reviewer",
    "UBND approver",
    "Registrar",
    "Designer",
    "Unit administrator",
    "Auditor",
)


@dataclass
class Site:
    """The portal with the demonstration province in it.

    Attributes:
        app: the application.
        database: its database.
    """

    app: Flask
    database: Database

    def signed_in(self, username: str) -> FlaskClient:
        """A browser in which a member of the cast has signed in."""
        client = self.app.test_client()
        answer = client.post("/login/", data={"username": username, "password": PASSWORD})
        assert answer.status_code == 302
        return client

    def allow(self, role: str, screen: str, *rights: str) -> None:
        """Give a role these rights on a screen, and take its others on it."""
        session = self.database.session()
        row = session.scalars(select(Role).where(Role.name == role)).one()
        others = [each for each in row.permissions if each.view_menu.name != screen]
        known = [each for each in session.scalars(select(PermissionView)) if each.view_menu.name == screen]
        row.permissions = others + [each for each in known if each.permission.name in rights]
        session.commit()

    def one(self, model: type, **facts: Any) -> Any:
        """The one row with these facts, as it is in the database now."""
        with Session(self.database.engine, expire_on_commit=False) as session:
            return session.scalars(select(model).filter_by(**facts)).one()


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    """The whole portal on a file of its own."""
    assert tables.LOADED
    app = create_app(config.load({"PORTAL_DATA": str(tmp_path)}))
    app.config["WTF_CSRF_ENABLED"] = False
    database: Database = app.extensions["trinh"]["database"]
    Base.metadata.create_all(database.engine)
    with app.app_context():
        session = database.session()
        roles.write(app.extensions["appbuilder"])
        known = set(session.scalars(select(Role.name)))
        session.add_all(Role(name=name) for name in CAST_ROLES if name not in known)
        load(session, PASSWORD, date(2024, 8, 20))
        session.commit()
    yield Site(app, database)
    database.session.remove()
    database.engine.dispose()
