"""The render child: `python -m portal.documents.sandbox` reads one job, limits itself, and writes one PDF."""

from __future__ import annotations

import ctypes
import json
import math
import os
import resource
import signal
import sys
from typing import TYPE_CHECKING

from portal.documents.job import RenderFailed, RenderJob

if TYPE_CHECKING:
    from portal.documents.job import Limits

CLONE_NEWUSER = 0x10000000
CLONE_NEWNET = 0x40000000
FILE_BYTES = 64 * 1024 * 1024
FAILED = 3


def main() -> int:
    """Writes the PDF to stdout and one JSON line to stderr; a failure writes only the line.

    Returns:
        0, or `FAILED` with `{"code": …, "detail": …}` as the line.
    """
    try:
        job = RenderJob.from_json(sys.stdin.buffer.read())
        isolated = isolate()
        pdf, pages = run(job)
    except RenderFailed as failure:
        return _report(FAILED, code=failure.code, detail=failure.detail)
    except MemoryError:
        return _report(FAILED, code="out_of_memory", detail="")
    sys.stdout.buffer.write(pdf)
    sys.stdout.buffer.flush()
    return _report(0, pages=pages, isolated=isolated)


def _report(status: int, **line: object) -> int:
    sys.stderr.write("\n" + json.dumps(line) + "\n")
    return status


def isolate() -> bool:
    """Moves this process into a network namespace of its own, where no address can be reached.

    Returns:
        False where the kernel does not allow it; the fetcher refuses every address all the same.
    """
    unshare = getattr(ctypes.CDLL(None, use_errno=True), "unshare", None)
    return unshare is not None and any(unshare(flags) == 0 for flags in (CLONE_NEWUSER | CLONE_NEWNET, CLONE_NEWNET))


def run(job: RenderJob) -> tuple[bytes, int]:
    """Returns the PDF and its number of pages.

    Raises:
        RenderFailed: Any code but those of the parent.
        MemoryError: The address space of the job is used up.
    """
    limit_memory(job.limits)
    from portal.documents.templating import fill_in  # noqa: PLC0415 - imported inside the namespace and the limits
    from portal.documents.typesetting import typeset  # noqa: PLC0415 - the same

    raise_processor_limit(job.limits.cpu_seconds)
    return typeset(fill_in(job), job)


def limit_memory(limits: Limits) -> None:
    """Bounds address space, written files and core dumps of this process."""
    resource.setrlimit(resource.RLIMIT_AS, (limits.memory_bytes, limits.memory_bytes))
    resource.setrlimit(resource.RLIMIT_FSIZE, (FILE_BYTES, FILE_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def raise_processor_limit(seconds: int) -> None:
    """Grants `seconds` of processor time from now on.

    The kernel counts from the start of the process, so the time already used is added. Only the soft limit is
    set: the next job of a process could not raise a hard one.
    """
    used = resource.getrusage(resource.RUSAGE_SELF)
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    signal.signal(signal.SIGXCPU, signal.SIG_DFL)
    resource.setrlimit(resource.RLIMIT_CPU, (math.ceil(used.ru_utime + used.ru_stime) + seconds, hard))


if __name__ == "__main__":
    os._exit(main())
