"""How long the server takes to answer after its start, and how much memory it and its worker hold then."""

from __future__ import annotations

import re
import statistics
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from tests.e2e.serving import free_port, serving

if TYPE_CHECKING:
    from collections.abc import Iterator

RUNS = 5
KIND = re.compile(r"^(VmRSS):\s+(\d+) kB", re.MULTILINE)


def resident(pid: int) -> int:
    """The memory of a process in megabytes."""
    found = KIND.search(Path(f"/proc/{pid}/status").read_text(encoding="ascii"))
    return int(found[2]) // 1024 if found else 0


def children(pid: int) -> list[int]:
    """The processes it started."""
    tasks = Path(f"/proc/{pid}/task").iterdir()
    return [int(child) for task in tasks for child in (task / "children").read_text().split()]


def run() -> Iterator[str]:
    """The first start, which makes and fills a database, and those after it."""
    seconds, server, worker = [], [], []
    with TemporaryDirectory() as folder:
        for number in range(RUNS + 1):
            port, log = free_port(), Path(folder) / f"{number}.log"
            begun = time.perf_counter()
            with serving(["run.py"], port, log, {"PORTAL_DATA": f"{folder}/var", "JOB_WORKERS": "1"}) as started:
                seconds.append(time.perf_counter() - begun)
                time.sleep(4)  # until the worker has loaded as well
                server.append(resident(started.pid))
                worker.append(sum(map(resident, children(started.pid))))
    yield f"start, first, with migrations and the demonstration province: {seconds[0]:.1f} s until the sign-in page"
    low, high = min(seconds[1:]), max(seconds[1:])
    yield f"start: {statistics.median(seconds[1:]):.1f} s until the sign-in page ({low:.1f}-{high:.1f}), {RUNS} starts"
    yield f"memory after the first page: server {max(server)} MB, worker beside it {max(worker)} MB resident"
