"""The shipped report as a PDF, of one page and of twenty: beside WeasyPrint called plainly and beside Chromium."""

from __future__ import annotations

import base64
import gc
import io
import os
import re
import shutil
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pypdf import PdfReader
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration

from portal.documents import typesetting
from portal.documents.content import Document, Paragraph, Section
from portal.documents.letters import FONT_FOLDER
from portal.documents.rendering import Press, RenderJob, render
from portal.documents.templating import fill_in
from tests.benchmarks.start import resident
from tests.benchmarks.timing import CannotRunError, Comparison, in_turns
from tests.portal.documents.document_samples import DIRECTION, report, report_job, short_report

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

RUNS, WARM, COLD_RUNS, LONG_RUNS = 15, 2, 5, 5


def text_of(pdf: bytes) -> str:
    """What a PDF says, without its line breaks."""
    return re.sub(r"\s+", " ", " ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages))


def check(made: dict[str, bytes], pages: int) -> None:
    """Every way printed the pages with the document's words; a browser breaks its lines a little otherwise."""
    for name, pdf in made.items():
        assert abs(len(PdfReader(io.BytesIO(pdf)).pages) - pages) <= pages // 10, name
        said = text_of(pdf)
        for words in ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Nguyễn Thị Thanh Lịch", "rõ người, rõ việc"):
            assert words in said, (name, words, said[:300])


def with_styles(html: str, styles: tuple[str, ...]) -> str:
    """The page for a browser: its style sheets inside it, its faces as data."""

    def face(found: re.Match[str]) -> str:
        content = (FONT_FOLDER / typesetting.FONTS[found[1]]).read_bytes()
        return f"url(data:font/ttf;base64,{base64.b64encode(content).decode()})"

    inside = re.sub(r"""url\(["']?asset:([\w-]+)["']?\)""", face, "\n".join(styles))
    return html.replace("</head>", f"<style>{inside}</style></head>", 1)


def processor_of(press: Press, way: Callable[[], Any]) -> str:
    """The line on what a job takes in its own process, by what the kernel counts for the children of the press."""
    assert press._process is not None
    stat = Path(f"/proc/{press._process.pid}/stat")

    def of_children() -> int:
        return sum(int(each) for each in stat.read_text().rpartition(")")[2].split()[13:15])

    before = of_children()
    for _ in range(RUNS):
        way()
    mean = 1000 * (of_children() - before) / os.sysconf("SC_CLK_TCK") / RUNS
    return f"one page, a whole job: {mean:.0f} ms of processor in its own process, mean of {RUNS}"


@contextmanager
def chromium(page: str) -> Iterator[Callable[[], bytes]]:
    """Prints a page in a browser that runs already.

    Raises:
        CannotRunError: there is none.
    """
    from playwright.sync_api import Error, sync_playwright  # noqa: PLC0415 - only this way needs it

    with sync_playwright() as play:
        try:
            browser = play.chromium.launch(executable_path=found_chromium())
        except Error as error:
            raise CannotRunError(f"no Chromium: {str(error).splitlines()[0]}") from None
        sheet = browser.new_page()

        def printed() -> bytes:
            sheet.set_content(page)
            pdf: bytes = sheet.pdf(prefer_css_page_size=True)
            return pdf

        yield printed
        browser.close()


def found_chromium() -> str | None:
    """Where Chromium is; None for the one that Playwright brings."""
    return shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


def long_report() -> Document:
    """A report of twenty pages of text, with a table."""
    text = Section("Nội dung", tuple(Paragraph(DIRECTION) for _ in range(14)))
    return replace(report(), sections=(*report().sections, *(text,) * 9))


def ways_of(job: RenderJob, press: Press) -> dict[str, Callable[[], Any]]:
    """A document laid out by us, as a whole job, and by WeasyPrint called plainly."""
    html = fill_in(job)

    def plainly(**options: Any) -> bytes:
        fetcher, fonts = typesetting.AssetFetcher({}), FontConfiguration()
        sheets = [CSS(string=each, url_fetcher=fetcher, font_config=fonts, base_url=ASSETS) for each in job.styles]
        page = HTML(string=html, url_fetcher=fetcher, base_url=ASSETS)
        pdf: bytes = page.write_pdf(stylesheets=sheets, font_config=fonts, **options)
        return pdf

    return {
        "ours": lambda: typesetting.typeset(html, job).pdf,
        "job": lambda: render(job, press).pdf,
        "plain": plainly,
        "alike": lambda: plainly(pdf_variant=typesetting.VARIANT, pdf_tags=True),
    }


def run() -> Iterator[str]:
    """The warm ways in turns, then what a job costs that starts from nothing."""
    typesetting.keep_shipped_styles()
    gc.collect()
    gc.freeze()  # as the warm process does, and for all ways alike
    press, job, long_job = Press(), report_job(short_report(DIRECTION)), report_job(long_report())
    ways, long_ways = ways_of(job, press), ways_of(long_job, press)
    yield from compare("one page", ways, with_styles(fill_in(job), job.styles), RUNS)
    pages = render(long_job, press).pages
    yield from compare(f"{pages} pages", long_ways, with_styles(fill_in(long_job), long_job.styles), LONG_RUNS, pages)
    yield processor_of(press, ways["job"])
    assert press._process is not None
    yield f"memory of the warm process beside the worker: {resident(press._process.pid)} MB resident"
    cold = in_turns({"cold": lambda: render(job), "plain": ways["plain"]}, COLD_RUNS)
    what = "one page, a whole job that starts from nothing"
    yield Comparison(what, PLAIN, "time").line(cold["cold"].wall, cold["plain"].wall)
    press.close()


ASSETS = "asset:"
PLAIN, BROWSER = "WeasyPrint called plainly, warm", "Chromium, warm, print to PDF"


def compare(size: str, ways: dict[str, Callable[[], Any]], page: str, runs: int, pages: int = 1) -> Iterator[str]:
    """The lines for the warm ways, with the browser where there is one."""
    try:
        with chromium(page) as printed:
            yield from _lines(size, {**ways, "chromium": printed}, runs, pages)
    except CannotRunError as reason:
        yield f"{size} / {BROWSER}: not run, {reason}"
        yield from _lines(size, ways, runs, pages)


def _lines(size: str, ways: dict[str, Callable[[], Any]], runs: int, pages: int) -> Iterator[str]:
    check({name: way() for name, way in ways.items()}, pages)
    in_turns(ways, WARM)
    taken = in_turns(ways, runs)
    ours, job, plain, alike = (taken[name] for name in ("ours", "job", "plain", "alike"))
    what, whole = f"{size}, laid out as PDF/A-2b with tags, warm", f"{size}, a whole job in its own limited process"
    yield Comparison(what, f"{PLAIN}, the same kind of PDF", "CPU", 0.65).line(ours.cpu, alike.cpu)
    yield Comparison(what, f"{PLAIN}, no PDF/A and no tags", "CPU").line(ours.cpu, plain.cpu)
    yield Comparison(whole, f"{PLAIN}, the same kind of PDF", "time").line(job.wall, alike.wall)
    if "chromium" in taken:
        yield Comparison(whole, BROWSER, "time").line(job.wall, taken["chromium"].wall)
