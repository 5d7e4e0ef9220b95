"""One warm press for all tests of a process that look at what is printed, and not at how its child starts."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from portal.documents.press import Press
from portal.documents.rendering import render

if TYPE_CHECKING:
    from portal.documents.job import RenderJob, RenderResult


@cache
def _warm() -> Press:
    return Press()


def pressed(job: RenderJob) -> RenderResult:
    """Render a job; the bytes are those of a child that starts from nothing, as the tests of the press hold."""
    return render(job, _warm())
