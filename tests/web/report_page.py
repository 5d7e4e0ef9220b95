"""The page of a report as a browser without JavaScript reads it: its forms, what is said where, its links."""

from __future__ import annotations

import io
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any

from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

if TYPE_CHECKING:
    from tests.conftest import Visitor


class Page(HTMLParser):
    """A page that was answered.

    Attributes:
        forms: what a browser would send, by the address of the form.
        said: the words beside an input, by the name of the input.
        bound: the names of inputs whose description points to an element of the page.
        links: every address that a link leads to.
        buttons: every value that a button called `then` sends.
        scripts: addresses of scripts; the text of a script inside the page.
        words: all text, one space between its parts.
    """

    def __init__(self, html: str) -> None:
        super().__init__()
        self.forms: dict[str, dict[str, str]] = {}
        self.said: dict[str, str] = {}
        self.links: list[str] = []
        self.buttons: list[str] = []
        self.scripts: list[str] = []
        self.ids: set[str] = set()
        self.described: dict[str, str] = {}
        self._form: dict[str, str] = {}
        self._area: str | None = None
        self._select: str | None = None
        self._option = False
        self._saying: str | None = None
        self._words: list[str] = []
        self.feed(html)
        self.words = " ".join(" ".join(self._words).split())

    @property
    def bound(self) -> set[str]:
        """Inputs that are described by an element that is there."""
        return {name for name, place in self.described.items() if place in self.ids}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {key: value or "" for key, value in attrs}
        name = given.get("name", "")
        self.ids.add(given.get("id", ""))
        if "aria-describedby" in given:
            self.described[name] = given["aria-describedby"]
        if "data-remarks" in given:
            self._saying = given["data-remarks"]
            self.said[self._saying] = ""
            assert given["id"] == f"said-{self._saying}"
        elif tag == "form":
            self._form = self.forms.setdefault(given.get("action", ""), {})
        elif tag == "input":
            self._input(name, given)
        elif tag == "textarea":
            self._area, self._form[name] = name, ""
        elif tag == "select":
            self._select = name
        elif tag == "option" and self._select and ("selected" in given or self._select not in self._form):
            self._form[self._select] = given.get("value", "")
            self._option = "value" not in given
        self._note(tag, name, given)

    def _input(self, name: str, given: dict[str, str]) -> None:
        kind = given.get("type", "text")
        if kind == "file" or (kind in {"checkbox", "radio"} and "checked" not in given):
            return
        self._form[name] = given.get("value", "")

    def _note(self, tag: str, name: str, given: dict[str, str]) -> None:
        if tag == "a":
            self.links.append(given.get("href", ""))
        elif tag == "button" and name == "then":
            self.buttons.append(given.get("value", ""))
        elif tag == "script":
            self.scripts.append(given.get("src", ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self._area is not None:
            self._form[self._area] = self._form[self._area].replace("\r\n", "\n").removeprefix("\n")
            self._area = None
        elif tag == "select":
            self._select = None
        elif tag == "option":
            self._option = False
        elif tag == "div":
            self._saying = None
        elif tag == "form":
            self._form = {}

    def handle_data(self, data: str) -> None:
        if self._area is not None:
            self._form[self._area] += data
        if self._option and self._select is not None:
            self._form[self._select] += data
        self._words.append(data)
        if self._saying is not None:
            self.said[self._saying] += data.strip()


def address(report: int) -> str:
    """Where a report is shown."""
    return f"/submissions/show/{report}"


def saving(report: int) -> str:
    """Where the form of a report is sent."""
    return f"/submissions/save/{report}"


def filled_in(visitor: Visitor, report: int, **typed: str) -> dict[str, str]:
    """The form as it is shown to someone, with other text in some inputs; `__` stands for a dot."""
    page = Page(visitor.get(address(report)).text)
    return {**page.forms[saving(report)], **{name.replace("__", "."): text for name, text in typed.items()}}


def upload(name: str, content: bytes) -> FileStorage:
    """A file chosen in a form."""
    return FileStorage(io.BytesIO(content), name, content_type="application/octet-stream")


def sent(form: dict[str, Any]) -> dict[str, Any]:
    """A form as browsers send it, for the test client; large ones are not put into temporary files."""
    boundary, body = encode_multipart(form)
    return {"data": body, "content_type": f'multipart/form-data; boundary="{boundary}"'}


def send(visitor: Visitor, report: int, form: dict[str, Any], then: str = "save", **more: Any) -> Any:
    """Press a button of the form."""
    return visitor.client.post(saving(report), **sent({**form, "then": then}), **more)
