"""The portal as people start it, and Chromium as they use it."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import sync_playwright

from tests.conftest import need

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser, Page

ROOT = Path(__file__).resolve().parents[2]
FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking", "--disable-sync")
START_SECONDS = 60


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


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait(url: str, process: subprocess.Popen[bytes]) -> None:
    for _ in range(START_SECONDS * 10):
        assert process.poll() is None, "the portal ended by itself"
        try:
            urllib.request.urlopen(f"{url}/login/", timeout=5).close()  # noqa: S310 - our own server
        except OSError:
            time.sleep(0.1)
        else:
            return
    pytest.fail(f"no answer from {url} within {START_SECONDS} s")


@pytest.fixture(scope="session")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    """The portal, started with `python run.py` on a folder of its own."""
    folder, port = tmp_path_factory.mktemp("live"), _free_port()
    environment = {**os.environ, "PORTAL_DATA": str(folder), "PORT": str(port), "SIGN_IN_FAILURES": "1000"}
    with subprocess.Popen([sys.executable, "run.py"], cwd=ROOT, env=environment) as process:
        url = f"http://127.0.0.1:{port}"
        _wait(url, process)
        yield Live(url, (folder / "demo-password.txt").read_text(), folder)
        process.terminate()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """A headless Chromium of the system."""
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
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
