"""People who press their buttons at the same moment: each a process with sessions of its own."""

from __future__ import annotations

import http.client
import multiprocessing
import re
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from multiprocessing.queues import Queue
    from multiprocessing.synchronize import Barrier

TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
PATIENCE_SECONDS = 60


@dataclass(frozen=True)
class Press:
    """One button that one person presses.

    Attributes:
        heat: which race it belongs to.
        username: who presses.
        path: where the form goes.
        form: what it holds, without its token.
    """

    heat: str
    username: str
    path: str
    form: Mapping[str, str]


@dataclass(frozen=True)
class Answer:
    """What somebody got.

    Attributes:
        press: what he pressed.
        status: of the answer.
        location: where it leads.
        seconds: how long it took.
        body: the page.
    """

    press: Press
    status: int
    location: str
    seconds: float
    body: str


class Person:
    """Someone at a browser without JavaScript."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.cookies: dict[str, str] = {}
        self.token = ""

    def ask(self, method: str, path: str, form: Mapping[str, str] | None = None) -> tuple[int, str, str]:
        """One request; status, location and body of its answer."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE_SECONDS)
        headers = {
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
            "Content-Type": "application/x-www-form-urlencoded",
        }
        connection.request(method, path, urlencode(form) if form is not None else None, headers)
        answer = connection.getresponse()
        body = answer.read().decode()
        for cookie in answer.headers.get_all("Set-Cookie") or ():
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
        connection.close()
        return answer.status, answer.headers.get("Location", ""), body

    def sign_in(self, username: str, password: str) -> None:
        """Sign in through the form, and learn the token of the new session."""
        form = {"csrf_token": self._token_on("/login/"), "username": username, "password": password}
        status, _, body = self.ask("POST", "/login/", form)
        assert status == 302, f"{username} cannot sign in: {body}"
        self.token = self._token_on("/account/password")

    def _token_on(self, path: str) -> str:
        found = TOKEN.search(self.ask("GET", path)[2])
        assert found, f"no token on {path}"
        return found[1]


@dataclass(frozen=True)
class Course:
    """Where everybody races, with which password, and how many characters of each page are kept; None for all of it."""

    port: int
    password: str
    longest: int | None = None


def take_part(course: Course, presses: Sequence[Press], start: Barrier, answers: Queue[Answer]) -> None:
    """Sign in, then press one button after another, each at the moment when everybody is ready."""
    people = {press.username: Person(course.port) for press in presses}
    for username, person in people.items():
        person.sign_in(username, course.password)
    for press in presses:
        person = people[press.username]
        start.wait(PATIENCE_SECONDS)
        begun = time.monotonic()
        status, location, body = person.ask("POST", press.path, {**press.form, "csrf_token": person.token})
        answers.put(Answer(press, status, location, time.monotonic() - begun, body[: course.longest]))


def race(course: Course, parts: Sequence[Sequence[Press]]) -> Iterator[Answer]:
    """Let every part be played by a process of its own, button by button at the same moment.

    Args:
        course: where.
        parts: what each process presses; all of the same length.
    """
    context = multiprocessing.get_context("spawn")
    start, answers = context.Barrier(len(parts)), context.Queue()
    racers = [context.Process(target=take_part, args=(course, part, start, answers)) for part in parts]
    for racer in racers:
        racer.start()
    expected = sum(len(part) for part in parts)
    for _ in range(expected):
        yield answers.get(timeout=PATIENCE_SECONDS)
    for racer in racers:
        racer.join(PATIENCE_SECONDS)
        assert racer.exitcode == 0
        racer.close()
    answers.close()
