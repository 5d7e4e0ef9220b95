"""What tests of screens send and read: forms as a browser fills them, JSON as a program sends it, rows as they are."""

from __future__ import annotations

from contextlib import contextmanager
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlalchemy.orm import Session

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask

    from tests.conftest import Visitor


class FormReader(HTMLParser):
    """Reads what the inputs of a form hold: name → values."""

    def __init__(self) -> None:
        super().__init__()
        self.values: dict[str, list[str]] = {}
        self._open = ""
        self._name = ""
        self._text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag in {"select", "textarea"}:
            self._open, self._name, self._text = tag, given["name"], ""
        elif tag == "option" and "selected" in given:
            self._keep(self._name, given["value"])
        elif tag == "input" and (given.get("type") not in {"checkbox", "radio"} or "checked" in given):
            self._keep(given.get("name", ""), given.get("value", "y"))

    def handle_data(self, data: str) -> None:
        self._text += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self._keep(self._name, self._text.removeprefix("\n"))
        if tag == self._open:
            self._open = ""

    def _keep(self, name: str, value: str) -> None:
        self.values.setdefault(name, []).append(value)


def typed_in(html: str) -> dict[str, list[str]]:
    """What the form of a page would send, its token and state included: the one over a row, else the first."""
    reader = FormReader()
    main = html.index("<main")
    marked = html.find('name="state_token"', main)
    start = html.index("<form", main) if marked < 0 else html.rindex("<form", main, marked)
    reader.feed(html[start : html.index("</form>", start)])
    return reader.values


def edit(visitor: Visitor, path: str, **typed: Any) -> Any:
    """Open a form, type over some of it, send the rest as it stood there."""
    page = visitor.get(path)
    assert page.status_code == 200, page.status_code
    return visitor.client.post(path, data={**typed_in(page.text), **typed})


def send(visitor: Visitor, method: str, path: str, body: Any, **headers: str) -> Any:
    """Send JSON with the token of the session."""
    return visitor.client.open(path, method=method, json=body, headers={"X-CSRFToken": visitor.token(), **headers})


@contextmanager
def rows(app: Flask) -> Iterator[Session]:
    """A look into the database past the application; what is changed here is kept."""
    with Session(app.extensions["trinh"]["database"].engine) as session:
        yield session
        session.commit()


def one(session: Session, model: Any, **facts: Any) -> Any:
    """The one row with these facts."""
    return session.scalars(select(model).filter_by(**facts)).one()


def key_of(app: Flask, model: Any, **facts: Any) -> int:
    """The key of the one row with these facts; not within `rows`, for only one writes at a time."""
    with rows(app) as session:
        key: int = one(session, model, **facts).id
        return key


def value_of(app: Flask, model: Any, key: int, column: str) -> Any:
    """What a column of a row holds now."""
    with rows(app) as session:
        return getattr(session.get_one(model, key), column)
