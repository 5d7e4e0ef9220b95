"""Renders a document in a child process that has no secrets, no network, little time and little memory."""

from __future__ import annotations

import hashlib
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import weakref
from pathlib import Path
from typing import TYPE_CHECKING

from portal.documents.job import NUMBER, RENDER_CODES, Limits, RenderFailed, RenderJob, RenderResult

if TYPE_CHECKING:
    from collections.abc import Callable

    Run = Callable[[bytes, dict[str, str], int], tuple[int, bytes, str]]

__all__ = ["RENDER_CODES", "Limits", "Press", "RenderFailed", "RenderJob", "RenderResult", "render"]

ROOT = Path(__file__).resolve().parents[2]
FONT_CONFIGURATION = Path(__file__).with_name("fonts.conf")
PYTHON = (sys.executable, "-E", "-s", "-m")
COMMAND, WARM_COMMAND = (*PYTHON, "portal.documents.sandbox"), (*PYTHON, "portal.documents.warm")
START_SECONDS, END_SECONDS = 30, 5
"""How long the warm process may take to load, and to leave."""


def render(job: RenderJob, press: Press | None = None) -> RenderResult:
    """Renders a job; the same job always gives the same bytes.

    Args:
        job: What is to be rendered.
        press: A warm one; without it the child starts from nothing.

    Raises:
        RenderFailed: There is no PDF; the code says why, and the caller goes on.
    """
    line = job.to_json().encode()
    run: Run = press.run if press else _run
    with tempfile.TemporaryDirectory(prefix="render-") as folder:
        status, pdf, errors = run(line, _environment(folder), job.limits.wall_seconds)
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


class Press:
    """A warm process that has loaded the layout engine and forks a child for each job; it starts with the first one.

    What a child may do, read and use is the same as without it. One job at a time.
    """

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._channel: socket.socket | None = None
        self._end: weakref.finalize[[socket.socket, subprocess.Popen[bytes]], Press] | None = None

    def run(self, line: bytes, environment: dict[str, str], seconds: int) -> tuple[int, bytes, str]:
        """Give a child its job and wait for its end.

        Args:
            line: the job.
            environment: all of the child's.
            seconds: after which it is killed.

        Returns:
            its status, the PDF, and what it said.

        Raises:
            RenderFailed: `timed_out`; `crashed` when the press itself is gone.
        """
        streams = [tempfile.TemporaryFile() for _ in range(3)]  # noqa: SIM115 - closed below, whatever happens
        try:
            given, made, told = streams
            given.write(line)
            given.seek(0)
            status = self._wait([each.fileno() for each in streams], environment, seconds)
            made.seek(0)
            told.seek(0)
            return os.waitstatus_to_exitcode(status), made.read(), told.read().decode(errors="replace")
        finally:
            for stream in streams:
                stream.close()

    def _wait(self, streams: list[int], environment: dict[str, str], seconds: int) -> int:
        try:
            channel = self._started()
            socket.send_fds(channel, [json.dumps(environment).encode()], streams)
            child = _number(channel)
            channel.settimeout(max(seconds, 0.001))
            return self._end_of(child, channel, seconds)
        except OSError as error:
            self.close()
            raise RenderFailed("crashed", "the warm process is gone") from error

    def _end_of(self, child: int, channel: socket.socket, seconds: int) -> int:
        try:
            return _number(channel)
        except TimeoutError:
            os.killpg(child, signal.SIGKILL)
            channel.settimeout(START_SECONDS)
            _number(channel)
            raise RenderFailed("timed_out", f"{seconds} s") from None

    def _started(self) -> socket.socket:
        if self._channel is not None and self._process is not None and self._process.poll() is None:
            self._channel.settimeout(START_SECONDS)
            return self._channel
        self.close()
        self._channel, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603 - our own program
                WARM_COMMAND,
                cwd=ROOT,
                env=_environment(tempfile.gettempdir()),
                stdin=theirs.fileno(),
                stdout=subprocess.DEVNULL,
                start_new_session=True,
            )
        self._end = weakref.finalize(self, _end, self._channel, self._process)
        self._channel.settimeout(START_SECONDS)
        _number(self._channel)
        return self._channel

    def close(self) -> None:
        """End the warm process; the next job starts another."""
        if self._end is not None:
            self._end()
        self._end = self._channel = self._process = None


def _end(channel: socket.socket, process: subprocess.Popen[bytes]) -> None:
    """Hang up, and see that it leaves."""
    channel.close()
    try:
        process.wait(END_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _number(channel: socket.socket) -> int:
    found = channel.recv(NUMBER.size)
    if len(found) < NUMBER.size:
        raise ConnectionResetError
    number: int = NUMBER.unpack(found)[0]
    return number


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
