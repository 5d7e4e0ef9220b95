"""The portal as people start it, and Chromium as they use it."""

from __future__ import annotations

import shutil
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import sync_playwright

from tests.conftest import need
from tests.e2e.serving import free_port, serving

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser, Page

ROOT = Path(__file__).resolve().parents[2]
FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking", "--disable-sync")


@dataclass(frozen=True)
class Live:
    """A running portal.

    Attributes:
        url: where it answers.
        password: of every member of the cast.
        folder: its data.
    """

    url: str
    password: str
    folder: Path


def browser_path() -> str | None:
    """Where the system's Chromium is; None without one."""
    return shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


@contextmanager
def started(folder: Path) -> Iterator[Live]:
    """The portal, started with `python run.py` on a folder of its own."""
    port = free_port()
    with serving(["run.py"], port, folder / "log.txt", {"PORTAL_DATA": str(folder), "JOB_WORKERS": "1"}):
        yield Live(f"http://127.0.0.1:{port}", (folder / "demo-password.txt").read_text(), folder)


@pytest.fixture(scope="session")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    """One running portal for all who do not mind each other's reports."""
    with started(tmp_path_factory.mktemp("live")) as portal:
        yield portal


@pytest.fixture(scope="module")
def own_portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    """A running portal of one file's own."""
    with started(tmp_path_factory.mktemp("own")) as portal:
        yield portal


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """A headless Chromium of the system."""
    path = browser_path()
    need(path, "Chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        yield browser
        browser.close()


@pytest.fixture
def browse(live: Live, chromium: Browser) -> Iterator[Callable[[str], Page]]:
    """Gives a window in which one of the cast has signed in; errors on its console fail the test."""
    contexts: list[Any] = []
    errors: list[str] = []

    def open_window(username: str) -> Page:
        context = chromium.new_context(base_url=live.url, locale="vi-VN")
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on(
            "console",
            lambda line: errors.append(line.text) if line.type == "error" and "status of 4" not in line.text else None,
        )
        page.goto("/login/")
        page.fill("#username", username)
        page.fill("#password", live.password)
        page.click("main button.primary")
        assert page.locator("h1").inner_text() in ("Việc của tôi", "My work")
        return page

    yield open_window
    for context in contexts:
        context.close()
    assert errors == []
