"""A server of ours in a process of its own, from its start until it answers, and to its end."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

ROOT = Path(__file__).resolve().parents[2]
START_SECONDS = 60


@dataclass(frozen=True)
class Server:
    """A running server.

    Attributes:
        port: where it listens on 127.0.0.1.
        pid: its first process.
        log: what it wrote so far.
    """

    port: int
    pid: int
    log: Path

    @property
    def peak_megabytes(self) -> int:
        """The most memory its first process ever held."""
        status = Path(f"/proc/{self.pid}/status").read_text(encoding="ascii")
        peak = next(line for line in status.splitlines() if line.startswith("VmHWM:"))
        return int(peak.split()[1]) // 1024


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def serving(arguments: Sequence[str], port: int, log: Path, settings: Mapping[str, str]) -> Iterator[Server]:
    """Start a server, wait until it answers, and end it afterwards.

    Args:
        arguments: after the name of the interpreter.
        port: where it will listen.
        log: a new file for what it writes.
        settings: variables of its environment.
    """
    environment = {**os.environ, "PORT": str(port), "SIGN_IN_FAILURES": "100000", **settings}
    with (
        log.open("wb") as written,
        subprocess.Popen(
            [sys.executable, *arguments], cwd=ROOT, env=environment, stdout=written, stderr=subprocess.STDOUT
        ) as process,
    ):
        try:
            _wait(process, port, log)
            yield Server(port, process.pid, log)
        finally:
            process.terminate()


def _wait(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    for _ in range(START_SECONDS * 20):
        assert process.poll() is None, log.read_text(encoding="utf-8")
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/login/", timeout=5).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise AssertionError(f"no answer within {START_SECONDS} s: {log.read_text(encoding='utf-8')}")
