"""Flask-AppBuilder as it comes, over the portal's rows: run by the benchmark in a process of its own."""

from __future__ import annotations

import logging
import sys
from typing import Any

from flask import Flask
from flask_appbuilder import AppBuilder, Model, ModelRestApi, ModelView
from flask_appbuilder.models.sqla.interface import SQLAInterface
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Column, Date, DateTime, ForeignKey, Integer, String, event
from sqlalchemy.orm import relationship

from tests.benchmarks.served import serve

logging.disable(logging.WARNING)


class Unit(Model):
    __tablename__ = "unit"
    id = Column(Integer, primary_key=True)
    name_vi = Column(String(200))

    def __repr__(self) -> str:
        return str(self.name_vi)


class Case(Model):
    __tablename__ = "approval_case"
    id = Column(Integer, primary_key=True)
    status = Column(String(16))

    def __repr__(self) -> str:
        return str(self.status)


class Submission(Model):
    __tablename__ = "submission"
    id = Column(Integer, primary_key=True)
    title = Column(String(300))
    unit_id = Column(ForeignKey("unit.id"))
    window_to = Column(Date)
    case_id = Column(ForeignKey("approval_case.id"))
    changed_at = Column(DateTime)
    unit = relationship(Unit)
    case = relationship(Case)


NOT_SEARCHED = ["case"]  # a select of ten thousand cases is no list's fault
BY_REST = ["id", "title", "unit.name_vi", "window_to", "case.status", "changed_at"]
COLUMNS = ["title", "unit", "window_to", "case", "changed_at"]


class SubmissionView(ModelView):
    datamodel = SQLAInterface(Submission)
    list_columns = COLUMNS
    search_exclude_columns = NOT_SEARCHED
    page_size = 25
    base_order = ("changed_at", "desc")


class SubmissionApi(ModelRestApi):
    resource_name = "submission"
    datamodel = SQLAInterface(Submission)
    allow_browser_login = True
    list_columns = BY_REST
    page_size = 25
    base_order = ("changed_at", "desc")


def main() -> None:
    path, password = sys.argv[1:]
    app = Flask(__name__)
    app.config.update(
        SECRET_KEY="benchmark",
        SQLALCHEMY_DATABASE_URI=f"sqlite:///{path}",
        AUTH_ROLE_ADMIN="Administrator",
        WTF_CSRF_ENABLED=False,
    )
    database = SQLAlchemy(app, metadata=Model.metadata)
    with app.app_context():
        portal = AppBuilder(app, database.session)
        portal.add_view(SubmissionView, "Submissions")
        portal.add_api(SubmissionApi)
        engine = database.engine
    client = app.test_client()
    answer = client.post("/login/", data={"username": "admin", "password": password})
    assert answer.status_code == 302, answer.status_code

    def count(what: Any) -> int:
        asked: list[str] = []

        def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
            asked.append(statement)

        event.listen(engine, "before_cursor_execute", note)
        what()
        event.remove(engine, "before_cursor_execute", note)
        return len(asked)

    cookie = client.get_cookie("session")
    assert cookie is not None
    serve(app, f"session={cookie.value}", count)


if __name__ == "__main__":
    main()
