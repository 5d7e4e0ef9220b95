"""Confined children: programs of ours that run apart, without secrets or network, in bounded time and memory."""

from __future__ import annotations

import ctypes
import json
import math
import os
import resource
import signal
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    Run = Callable[[bytes, Mapping[str, str], int], tuple[int, bytes, str]]

ROOT = Path(__file__).resolve().parents[1]
CLONE_NEWUSER = 0x10000000
CLONE_NEWNET = 0x40000000
FILE_BYTES = 64 * 1024 * 1024
FAILED = 3

LIMIT_CODES = frozenset({"out_of_memory", "cpu_exhausted", "timed_out", "crashed"})
"""How a child can end that does not say itself what went wrong; `crashed` is without a word."""


class ChildFailed(Exception):  # noqa: N818 - it is an answer that people read, too
    """A child gave nothing.

    Attributes:
        code: One of `LIMIT_CODES`, or a code of the child's own.
        detail: What the code needs to be understood: a line, a name, a number; English, for the log.
    """

    def __init__(self, code: str, detail: str = "") -> None:
        self.code = code
        self.detail = detail
        super().__init__(code, detail)

    def __str__(self) -> str:
        return f"{self.code}: {self.detail}"


@dataclass(frozen=True)
class Budget:
    """What one child may use.

    Attributes:
        wall_seconds: From start to end, imports included; the parent kills the child after it.
        cpu_seconds: Processor time for the work, counted from `raise_processor_limit`.
        memory_bytes: Address space of the whole child.
    """

    wall_seconds: int = 30
    cpu_seconds: int = 20
    memory_bytes: int = 1_500_000_000


# -- the parent's side -----------------------------------------------------------------------------------------


def program(module: str) -> tuple[str, ...]:
    """The command that runs a module of ours, whatever the environment says of Python."""
    return (sys.executable, "-E", "-s", "-m", module)


def run_child(
    command: Sequence[str],
    given: bytes,
    seconds: int,
    variables: Mapping[str, str] | None = None,
    run: Run | None = None,
) -> tuple[bytes, dict[str, object]]:
    """Runs a program that ends through `answer`, in a folder of its own that goes with it.

    Args:
        command: Our own program; nothing of what it is given stands in it.
        given: What it reads.
        seconds: How long it may take in all.
        variables: Its environment, besides the few variables that every child has.
        run: How the child comes to be, where it is not started from nothing: what it is given, its whole
            environment and its seconds → its status, what it wrote, and what it said.

    Returns:
        What it wrote, and what it said of it.

    Raises:
        ChildFailed: It was ended, or says itself by a code why there is nothing.
    """
    with tempfile.TemporaryDirectory(prefix="child-") as folder:
        start = run or partial(_run, command)
        status, output, errors = start(given, {**environment(folder), **(variables or {})}, seconds)
    last = _last_line(errors)
    if status == 0 and "isolated" in last:
        return output, last
    raise _failure(status, last, errors)


def can_isolate() -> bool:
    """Whether children get a network namespace of their own on this machine; without it they have the host's."""
    probe = "import sys; from portal.confined import isolate; sys.exit(not isolate())"
    command = (sys.executable, "-E", "-s", "-c", probe)
    return subprocess.run(command, cwd=ROOT, env={"PATH": os.defpath}, check=False).returncode == 0  # noqa: S603


def environment(folder: str) -> dict[str, str]:
    """The child's own environment: nothing of the parent's, so none of its secrets."""
    return {
        "PATH": os.defpath,
        "LANG": "C.UTF-8",
        "HOME": folder,
        "TMPDIR": folder,
        "XDG_CACHE_HOME": folder,
        "PYTHONHASHSEED": "0",
    }


def _run(command: Sequence[str], given: bytes, variables: Mapping[str, str], seconds: int) -> tuple[int, bytes, str]:
    with subprocess.Popen(  # noqa: S603 - our own program, nothing of what it is given in the command
        command,
        cwd=ROOT,
        env=variables,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    ) as child:
        try:
            output, errors = child.communicate(given, timeout=seconds)
        except subprocess.TimeoutExpired:
            os.killpg(child.pid, signal.SIGKILL)
            # What it wrote is not read: a process that left its group would hold the pipe open for as long as it likes.
            child.wait()
            raise ChildFailed("timed_out", f"{seconds} s") from None
    return child.returncode, output, errors.decode(errors="replace")


def _last_line(errors: str) -> dict[str, object]:
    try:
        line = json.loads(errors.strip().rpartition("\n")[2])
    except ValueError:
        return {}
    return line if isinstance(line, dict) else {}


def _failure(status: int, last: Mapping[str, object], errors: str) -> ChildFailed:
    if status == FAILED and "code" in last:
        return ChildFailed(str(last["code"]), str(last.get("detail", "")))
    if status == -signal.SIGXCPU:
        return ChildFailed("cpu_exhausted")
    if "MemoryError" in errors or "failed to allocate" in errors:
        return ChildFailed("out_of_memory", errors[-500:])
    return ChildFailed("crashed", f"status {status}: {errors[-500:]}")


# -- the child's side ------------------------------------------------------------------------------------------


def answer(work: Callable[[bytes], tuple[bytes, dict[str, object]]]) -> int:
    """Does the child's work: bytes from stdin to bytes on stdout, and one JSON line on stderr.

    Args:
        work: What is given → what is written, and what is said of it, `isolated` among it.

    Returns:
        The exit status: 0, or `FAILED` with `{"code": …, "detail": …}` as the line.
    """
    try:
        output, said = work(sys.stdin.buffer.read())
    except ChildFailed as failure:
        return _say(FAILED, {"code": failure.code, "detail": failure.detail})
    except MemoryError:
        return _say(FAILED, {"code": "out_of_memory", "detail": ""})
    sys.stdout.buffer.write(output)
    sys.stdout.buffer.flush()
    return _say(0, said)


def _say(status: int, line: Mapping[str, object]) -> int:
    sys.stderr.write("\n" + json.dumps(line) + "\n")
    return status


def isolate() -> bool:
    """Moves this process into a network namespace of its own, where no address can be reached.

    Returns:
        False where the kernel does not allow it.
    """
    unshare = getattr(ctypes.CDLL(None, use_errno=True), "unshare", None)
    return unshare is not None and any(unshare(flags) == 0 for flags in (CLONE_NEWUSER | CLONE_NEWNET, CLONE_NEWNET))


def limit_memory(memory_bytes: int) -> None:
    """Bounds address space, written files and core dumps of this process."""
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
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
