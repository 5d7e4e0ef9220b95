"""Several documents at once: as many warm processes as workers, beside one that makes them one after another."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import config
from portal.documents.rendering import Press, render
from tests.benchmarks.timing import Comparison
from tests.portal.documents.document_samples import DIRECTION, report_job, short_report

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

DOCUMENTS, RUNS = 16, 5
JOB = report_job(short_report(DIRECTION))


def made_by(presses: Sequence[Press]) -> float:
    """Seconds that the documents take, each press making its share of them one after another, as a worker does."""

    def share(press: Press) -> None:
        for _ in range(DOCUMENTS // len(presses)):
            render(JOB, press)

    begun = time.perf_counter()
    with ThreadPoolExecutor(len(presses)) as pool:
        list(pool.map(share, presses))
    return time.perf_counter() - begun


def run() -> Iterator[str]:
    """One against as many as `run.py` starts unasked, and against twice as many."""
    workers = config.load({"PORTAL_MODE": "demo", "SECRET_KEY": "-"}).job_workers
    presses = [Press() for _ in range(2 * workers)]
    for press in presses:
        render(JOB, press)
    for number in {workers, 2 * workers} - {1}:
        turns = [(made_by(presses[:number]), made_by(presses[:1])) for _ in range(RUNS)]
        side_by_side, alone = (list(each) for each in zip(*turns, strict=True))
        line = Comparison(f"{DOCUMENTS} documents of one page, {number} workers", "one worker", "time")
        rate = DOCUMENTS / sorted(side_by_side)[RUNS // 2]
        yield line.line(side_by_side, alone, f"; {rate:.1f} documents a second")
    for press in presses:
        press.close()
