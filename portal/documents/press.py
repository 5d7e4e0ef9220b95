"""The press: a warm process beside the worker that has loaded the layout engine and forks a child for each document."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import tempfile
import weakref
from pathlib import Path
from typing import TYPE_CHECKING

from portal.confined import ROOT, ChildFailed, environment, program
from portal.documents.job import NUMBER

if TYPE_CHECKING:
    from collections.abc import Mapping

FACES = {"FONTCONFIG_FILE": str(Path(__file__).with_name("fonts.conf"))}
"""The one variable that rendering needs besides those of every child."""

COMMAND = program("portal.documents.warm")
START_SECONDS, END_SECONDS = 30, 5
"""How long the warm process may take to load, and to leave."""


class Press:
    """A warm process that has loaded the layout engine and forks a child for each job; it starts with the first one.

    What a child may do, read and use is the same as without it. One job at a time.
    """

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._channel: socket.socket | None = None
        self._end: weakref.finalize[[socket.socket, subprocess.Popen[bytes]], Press] | None = None

    def run(self, line: bytes, variables: Mapping[str, str], seconds: int) -> tuple[int, bytes, str]:
        """Give a child its job and wait for its end.

        Args:
            line: the job.
            variables: all of the child's environment.
            seconds: after which it is killed.

        Returns:
            its status, the PDF, and what it said.

        Raises:
            ChildFailed: `timed_out`; `crashed` when the press itself is gone.
        """
        streams = [tempfile.TemporaryFile() for _ in range(3)]  # noqa: SIM115 - closed below, whatever happens
        try:
            given, made, told = streams
            given.write(line)
            given.seek(0)
            status = self._wait([each.fileno() for each in streams], variables, seconds)
            made.seek(0)
            told.seek(0)
            return os.waitstatus_to_exitcode(status), made.read(), told.read().decode(errors="replace")
        finally:
            for stream in streams:
                stream.close()

    def _wait(self, streams: list[int], variables: Mapping[str, str], seconds: int) -> int:
        try:
            channel = self._started()
            socket.send_fds(channel, [json.dumps(dict(variables)).encode()], streams)
            child = _number(channel)
            channel.settimeout(max(seconds, 0.001))
            return self._end_of(child, channel, seconds)
        except OSError as error:
            self.close()
            raise ChildFailed("crashed", "the warm process is gone") from error

    def _end_of(self, child: int, channel: socket.socket, seconds: int) -> int:
        try:
            return _number(channel)
        except TimeoutError:
            os.killpg(child, signal.SIGKILL)
            channel.settimeout(START_SECONDS)
            _number(channel)
            raise ChildFailed("timed_out", f"{seconds} s") from None

    def _started(self) -> socket.socket:
        if self._channel is not None and self._process is not None and self._process.poll() is None:
            self._channel.settimeout(START_SECONDS)
            return self._channel
        self.close()
        self._channel, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603 - our own program
                COMMAND,
                cwd=ROOT,
                env={**environment(tempfile.gettempdir()), **FACES},
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
