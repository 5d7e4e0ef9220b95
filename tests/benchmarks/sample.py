"""A template looked at before it is published: from pressing Save to its pages, beside laying out the same alone."""

from __future__ import annotations

import re
import statistics
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from portal import tables
from portal.db import Base, Database
from portal.definitions import publishing
from portal.definitions.service import current
from portal.documents import trials, typesetting
from portal.documents.job import Limits
from portal.documents.press import Press
from portal.documents.templating import fill_in_trial
from portal.documents.trial_models import TrialPrint
from portal.documents.trials import TrialPrinter, job_of
from tests.benchmarks.pdf import found_chromium
from tests.benchmarks.timing import CannotRunError, Comparison, in_turns, shown
from tests.e2e.conftest import FLAGS, started

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Page

RUNS, WARM, PAGES = 15, 2, 3
KEY = "/definitions/document/provincial-report"
AIM_SECONDS = 2.0
BARE = "filling in and laying out the same three pages in one process, warm"


class Desk:
    """A database with the shipped template, and what prints samples of it.

    Args:
        folder: for the database.
    """

    def __init__(self, folder: str) -> None:
        assert tables.LOADED
        self.database = Database(f"sqlite:///{folder}/portal.db")
        Base.metadata.create_all(self.database.engine)
        self.session = self.database.session()
        publishing.publish_shipped(self.session)
        self.session.commit()
        self.template = current(self.session, "document", "provincial-report")
        self.press = Press()
        self.printer = TrialPrinter(Limits(), self.press)
        self.job = job_of(self.template.body, self.printer.limits)

    def whole(self) -> TrialPrint:
        """Ask, and do the job: printed, drawn and kept."""
        for row in self.session.query(TrialPrint):
            for page in row.pages:
                self.session.delete(page)
            self.session.delete(row)
        self.session.commit()
        trial = trials.ask(self.session, self.template)
        self.session.commit()
        self.printer.print_trial(self.session, {"trial_id": trial.id})
        self.session.commit()
        self.session.refresh(trial)
        return trial

    def bare(self) -> int:
        """Fill in and lay out alone; gives the number of pages."""
        page, missing = fill_in_trial(self.job)
        assert missing == ()
        return typesetting.typeset(page, self.job).pages

    def close(self) -> None:
        """Let everything go."""
        self.press.close()
        self.database.session.remove()
        self.database.engine.dispose()


@contextmanager
def writing(folder: Path) -> Iterator[Page]:
    """A browser in which the designer writes the draft of a template, in a portal that runs.

    Raises:
        CannotRunError: there is no browser.
    """
    from playwright.sync_api import Error, sync_playwright  # noqa: PLC0415 - only this way needs it

    folder.mkdir()
    with started(folder) as portal, sync_playwright() as play:
        try:
            browser = play.chromium.launch(executable_path=found_chromium(), args=list(FLAGS))
        except Error as error:
            raise CannotRunError(f"no Chromium: {str(error).splitlines()[0]}") from None
        page = browser.new_page(base_url=portal.url)
        page.goto("/login/")
        page.fill("#username", "designer")
        page.fill("#password", portal.password)
        page.click("main button.primary")
        page.goto(f"{KEY}/")
        page.locator("form[action$='/begin'] button").click()
        page.goto(f"{KEY}/draft")
        page.wait_for_selector("#source")
        yield page
        browser.close()


SEEN = """() => {
  const first = document.querySelector(".trial[data-state=ready] img");
  return first !== null && first.complete && first.naturalWidth > 0;
}"""


def written(page: Page, number: int) -> None:
    """Type another text."""
    page.fill("#source", re.sub(r"<body.*>", f'<body class="n{number}">', page.input_value("#source")))


def pressed(page: Page) -> None:
    """Press Save, and wait for the picture of the first page."""
    with page.expect_navigation():
        page.locator("form:has(#source) button.primary").click()
    page.wait_for_function(SEEN, timeout=30_000)


def run() -> Iterator[str]:
    """The job beside laying out alone, then the whole way in a browser."""
    typesetting.keep_shipped_styles()
    with TemporaryDirectory() as folder:
        desk = Desk(folder)
        trial = desk.whole()
        assert (trial.state, trial.page_count, len(trial.pages), desk.bare()) == ("ready", PAGES, PAGES, PAGES)
        yield _compared("a sample: asked for, printed and drawn in limited processes, and kept", desk.whole, desk.bare)
        try:
            with writing(Path(folder) / "live") as page:
                yield from _pressed(page, desk.bare)
        finally:
            desk.close()


def _compared(what: str, ours: Callable[[], Any], bare: Callable[[], Any]) -> str:
    ways = {"ours": ours, "bare": bare}
    in_turns(ways, WARM)
    taken = in_turns(ways, RUNS)
    return Comparison(what, BARE, "time").line(taken["ours"].wall, taken["bare"].wall)


def _pressed(page: Page, bare: Callable[[], Any]) -> Iterator[str]:
    ours: list[float] = []
    theirs: list[float] = []
    for number in range(WARM + RUNS):
        written(page, number)
        taken = in_turns({"ours": lambda: pressed(page), "bare": bare}, 1)
        if number >= WARM:
            ours += taken["ours"].wall
            theirs += taken["bare"].wall
    what = "from pressing Save in a browser to the picture of the first page"
    yield Comparison(what, BARE, "time").line(ours, theirs)
    verdict = "met" if statistics.median(ours) <= AIM_SECONDS else "MISSED"
    yield f"{what}: {shown(ours)} (aim {AIM_SECONDS:.0f} s: {verdict}), slowest {1000 * max(ours):.0f} ms"
