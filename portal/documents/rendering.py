"""Renders a document in a child process that has no secrets, no network, little time and little memory."""

from __future__ import annotations

import hashlib
import json
import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

from portal.documents.job import RENDER_CODES, Limits, RenderFailed, RenderJob, RenderResult

__all__ = ["RENDER_CODES", "Limits", "RenderFailed", "RenderJob", "RenderResult", "render"]

ROOT = Path(__file__).resolve().parents[2]
FONT_CONFIGURATION = Path(__file__).with_name("fonts.conf")
COMMAND = (sys.executable, "-E", "-s", "-m", "portal.documents.sandbox")


def render(job: RenderJob) -> RenderResult:
    """Renders a job; the same job always gives the same bytes.

    Raises:
        RenderFailed: There is no PDF; the code says why, and the caller goes on.
    """
    line = job.to_json().encode()
    with tempfile.TemporaryDirectory(prefix="render-") as folder:
        status, pdf, errors = _run(line, _environment(folder), job.limits.wall_seconds)
    last = _last_line(errors)
    if status == 0 and "pages" in last:
        return RenderResult(pdf, hashlib.sha256(pdf).hexdigest(), int(str(last["pages"])), last["isolated"] is True)
    raise _failure(status, last, errors)


def can_isolate() -> bool:
    """Whether render children get a network namespace of their own on this machine; without it they have the host's."""
    probe = "import sys; from portal.documents.sandbox import isolate; sys.exit(not isolate())"
    command = (sys.executable, "-E", "-s", "-c", probe)
    return subprocess.run(command, cwd=ROOT, env={"PATH": os.defpath}, check=False).returncode == 0  # noqa: S603


def _environment(folder: str) -> dict[str, str]:
    """The child's whole environment: nothing of the parent's, so none of its secrets."""
    return {
        "PATH": os.defpath,
        "LANG": "C.UTF-8",
        "HOME": folder,
        "TMPDIR": folder,
        "XDG_CACHE_HOME": folder,
        "FONTCONFIG_FILE": str(FONT_CONFIGURATION),
        "PYTHONHASHSEED": "0",
    }


def _run(line: bytes, environment: dict[str, str], seconds: int) -> tuple[int, bytes, str]:
    with subprocess.Popen(  # noqa: S603 - our own program, nothing of the job in the command
        COMMAND,
        cwd=ROOT,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    ) as child:
        try:
            pdf, errors = child.communicate(line, timeout=seconds)
        except subprocess.TimeoutExpired:
            os.killpg(child.pid, signal.SIGKILL)
            child.communicate()
            raise RenderFailed("timed_out", f"{seconds} s") from None
    return child.returncode, pdf, errors.decode(errors="replace")


def _last_line(errors: str) -> dict[str, object]:
    try:
        line = json.loads(errors.strip().rpartition("\n")[2])
    except ValueError:
        return {}
    return line if isinstance(line, dict) else {}


def _failure(status: int, last: dict[str, object], errors: str) -> RenderFailed:
    if last.get("code") in RENDER_CODES:
        return RenderFailed(str(last["code"]), str(last.get("detail", "")))
    if status == -signal.SIGXCPU:
        return RenderFailed("cpu_exhausted")
    if "MemoryError" in errors or "failed to allocate" in errors:
        return RenderFailed("out_of_memory", errors[-500:])
    return RenderFailed("crashed", f"status {status}: {errors[-500:]}")
