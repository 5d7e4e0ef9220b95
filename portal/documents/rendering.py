"""Renders a document in a child process that has no secrets, no network, little time and little memory."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from portal.confined import ChildFailed, program, run_child
from portal.documents.job import RENDER_CODES, Limits, Missing, Place, RenderFailed, RenderJob, RenderResult
from portal.documents.press import FACES, Press

if TYPE_CHECKING:
    from portal.confined import Run

__all__ = ["RENDER_CODES", "Limits", "Press", "RenderFailed", "RenderJob", "RenderResult", "render"]

COMMAND = program("portal.documents.sandbox")


def render(job: RenderJob, press: Press | None = None) -> RenderResult:
    """Renders a job; the same job always gives the same bytes.

    Args:
        job: What is to be rendered.
        press: A warm one; without it the child starts from nothing.

    Raises:
        RenderFailed: There is no PDF; the code says why, and the caller goes on.
    """
    given, seconds = job.to_json().encode(), job.limits.wall_seconds
    run: Run | None = press.run if press else None
    try:
        pdf, said = run_child(COMMAND, given, seconds, FACES, run)
    except ChildFailed as failed:
        code = failed.code if failed.code in RENDER_CODES else "crashed"
        raise RenderFailed(code, failed.detail) from failed
    return RenderResult(
        pdf=pdf,
        sha256=hashlib.sha256(pdf).hexdigest(),
        pages=int(str(said["pages"])),
        isolated=said["isolated"] is True,
        missing=tuple(Missing(*each) for each in _list(said["missing"])),
        places=tuple(Place(*each) for each in _list(said["places"])),
    )


def _list(said: object) -> list[list[Any]]:
    return said if isinstance(said, list) else []
