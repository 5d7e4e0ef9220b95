"""The pictures of the guides, taken of a running portal: `make pictures`.

`python -m tests.e2e.pictures designer clerk` takes those of some of the cast alone.
"""

from __future__ import annotations

import io
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from PIL import Image
from playwright.sync_api import sync_playwright

from tests.e2e.conftest import FLAGS, ROOT, browser_path, started

if TYPE_CHECKING:
    from collections.abc import Sequence

    from playwright.sync_api import Browser, Page

    from tests.e2e.conftest import Live

FOLDER = ROOT / "docs" / "pictures"
WIDTHS = {1280: 860, 360: 740}
PRINTED_MILLISECONDS = 60_000
COLOURS = 64
"""Pages have few colours; a picture with these reads the same and weighs a quarter."""

JANUARY, APRIL, MAY = "/submissions/show/2", "/submissions/show/5", "/submissions/show/6"
NEW = "/submissions/new?form=monthly-report"
PROCESS = "registration-list"
"""The process of the gallery that the designer is seen to work on."""

DRAFT = f"/{PROCESS}/draft/design"
ANSWERED = f"/definitions/chain/{PROCESS}/draft/try?unit=STTTT&fact-number=25"
PAGES: dict[str, dict[str, str]] = {
    "clerk": {
        "home": "/",
        "new": NEW,
        "form": MAY,
        "returned": "/submissions/show/3",
        "read": JANUARY,
    },
    "head": {"home": "/", "decide": APRIL, "tasks": "/tasks/list/"},
    "police.head": {"home": "/", "decide": JANUARY, "tasks": "/tasks/list/"},
    "vicechair": {"home": "/", "document": "/documents/show/1"},
    "registrar": {
        "home": "/",
        "documents": "/documents/list/",
        "registers": "/registers/list/",
        "book": "/registers/show/1",
        "register": "/register-entries/list/?register=1",
        "number": "/register-entries/show/3",
        "books": "/registers/unit/1",
        "arrivals": "/incoming/list/",
        "arrival": "/incoming/show/1",
        "handling": "/incoming/handling/list/",
    },
    "units": {"home": "/", "units": "/units/list/", "unit": "/units/show/1", "seat": "/holdings/add"},
    "auditor": {"home": "/", "log": "/audit/list/", "entry": "/audit/show/1"},
    "admin": {
        "home": "/",
        "users": "/users/list/",
        "role": "/roles/edit/2",
        "sessions": "/account/sessions",
        "factor": "/account/second-factor",
    },
    "designer": {
        "list": "/definitions/",
        "gallery": "/definitions/gallery",
        "start": "/definitions/start",
        "process": f"/definitions/process/{PROCESS}",
        "form": f"/definitions/form{DRAFT}?at=sections[0].fields[3]",
        "chain": f"/definitions/chain{DRAFT}?at=stages[1]",
        "trial": f"{ANSWERED}#outcome",
        "document": f"/definitions/document{DRAFT}",
        "calendar": "/definitions/calendar/vietnam/1#preview",
        "schedule": "/definitions/schedule/monthly-report/1#preview",
        "indicators": "/indicators/list/",
        "compare": "/definitions/chain/document-correction/compare?from=1&to=0",
    },
    "outsider": {"home": "/", "tasks": "/tasks/list/"},
}
"""Who → what his picture is called → the page."""


def keep(page: Page, name: str) -> int:
    """Take a picture of what the window shows; gives its size in bytes."""
    picture = Image.open(io.BytesIO(page.screenshot()))
    path = FOLDER / f"{name}.png"
    picture.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE).save(path, optimize=True)
    return path.stat().st_size


def sign_in(page: Page, portal: Live, who: str) -> None:
    """Go to the portal as one of the cast."""
    page.goto("/login/")
    page.fill("#username", who)
    page.fill("#password", portal.password)
    page.click("main button.primary")


def walk(portal: Live, browser: Browser, who: str, pages: dict[str, str]) -> int:
    """Take the pictures of one of the cast; gives their number."""
    for width, height in WIDTHS.items():
        window = browser.new_context(
            base_url=portal.url, locale="vi-VN", viewport={"width": width, "height": height}, reduced_motion="reduce"
        )
        page = window.new_page()
        sign_in(page, portal, who)
        for name, address in pages.items():
            answer = page.goto(address)
            assert answer is not None
            assert answer.status == 200, f"{who}: {address} answers {answer.status}"
            keep(page, f"{who}-{name}-{width}")
        window.close()
    return len(pages) * len(WIDTHS)


def take_process(portal: Live, browser: Browser) -> None:
    """Let the designer copy a process of the gallery, and have its document printed for the pictures."""
    with browser.new_context(base_url=portal.url, locale="vi-VN") as window:
        page = window.new_page()
        sign_in(page, portal, "designer")
        page.goto("/definitions/gallery")
        page.click(f"form[action$='/{PROCESS}/take'] button")
        page.goto(f"/definitions/document{DRAFT}")
        page.wait_for_selector(".trial[data-state=ready]", timeout=PRINTED_MILLISECONDS)


def main(names: Sequence[str]) -> None:
    """Start a portal with reports at every stage, and take pictures of it.

    Args:
        names: whose pictures; nobody's for all.
    """
    chosen = {who: pages for who, pages in PAGES.items() if not names or who in names}
    FOLDER.mkdir(exist_ok=True)
    for former in FOLDER.glob("*.png"):
        if former.name.partition("-")[0] in chosen:
            former.unlink()
    with tempfile.TemporaryDirectory() as folder, started(Path(folder)) as portal, sync_playwright() as playwright:
        subprocess.run([sys.executable, "-m", "tests.e2e.scenery", folder], cwd=ROOT, check=True)
        browser = playwright.chromium.launch(executable_path=browser_path(), args=list(FLAGS))
        take_process(portal, browser)
        number = sum(walk(portal, browser, who, pages) for who, pages in chosen.items())
        browser.close()
    print(f"{number} pictures in {FOLDER.relative_to(ROOT)}")


if __name__ == "__main__":
    main(sys.argv[1:])
