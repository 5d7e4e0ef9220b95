"""The render child: `python -m portal.documents.sandbox` reads one job, limits itself, and writes one PDF."""

from __future__ import annotations

import os

from portal.confined import answer, isolate, limit_memory, raise_processor_limit
from portal.documents.job import RenderJob


def print_job(given: bytes) -> tuple[bytes, dict[str, object]]:
    """Returns the PDF of a job, how many pages it has, where it is signed, and what a trial lacks.

    Raises:
        RenderFailed: Any code but those of the parent.
        MemoryError: The address space of the job is used up.
    """
    job = RenderJob.from_json(given)
    # Where there is no namespace, the fetcher refuses every address all the same.
    isolated = isolate()
    limit_memory(job.limits.memory_bytes)
    from portal.documents.templating import fill_in, fill_in_trial  # noqa: PLC0415 - imported inside the namespace and the limits
    from portal.documents.typesetting import typeset  # noqa: PLC0415 - the same

    raise_processor_limit(job.limits.cpu_seconds)
    page, missing = fill_in_trial(job) if job.is_trial else (fill_in(job), ())
    made = typeset(page, job)
    return made.pdf, {"pages": made.pages, "places": made.places, "missing": missing, "isolated": isolated}


def main() -> int:
    """Do the one job on stdin; gives the exit status."""
    return answer(print_job)


if __name__ == "__main__":
    os._exit(main())
