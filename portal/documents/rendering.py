"""Renders a document in a child process that has no secrets, no network, little time and little memory."""

from __future__ import annotations

import hashlib
from pathlib import Path

from portal.confined import ChildFailed, program, run_child
from portal.documents.job import RENDER_CODES, Limits, RenderFailed, RenderJob, RenderResult

__all__ = ["RENDER_CODES", "Limits", "RenderFailed", "RenderJob", "RenderResult", "render"]

FONT_CONFIGURATION = Path(__file__).with_name("fonts.conf")
COMMAND = program("portal.documents.sandbox")


def render(job: RenderJob) -> RenderResult:
    """Renders a job; the same job always gives the same bytes.

    Raises:
        RenderFailed: There is no PDF; the code says why, and the caller goes on.
    """
    faces = {"FONTCONFIG_FILE": str(FONT_CONFIGURATION)}
    try:
        pdf, said = run_child(COMMAND, job.to_json().encode(), job.limits.wall_seconds, faces)
    except ChildFailed as failed:
        code = failed.code if failed.code in RENDER_CODES else "crashed"
        raise RenderFailed(code, failed.detail) from failed
    return RenderResult(pdf, hashlib.sha256(pdf).hexdigest(), int(str(said["pages"])), said["isolated"] is True)
