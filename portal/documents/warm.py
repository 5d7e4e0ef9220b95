"""The warm side of rendering: `python -m portal.documents.warm` imports all there is once, then forks for each job.

Every job still has a process of its own, with a namespace, limits and a folder of its own; what it inherits is only
what every job would load itself. Nothing of a job is ever read here.
"""

from __future__ import annotations

import gc
import json
import os
import socket
import sys
import tempfile
import traceback
from typing import NoReturn

from portal.confined import FAILED
from portal.documents import sandbox, templating, typesetting
from portal.documents.job import NUMBER

LOADED = (templating, typesetting)
"""What every job needs, and what takes a second to load."""

LONGEST_MESSAGE = 8192
STREAMS = 3
"""What a job reads from, writes its PDF to, and writes its line to."""


def main() -> int:
    """Fork a child for each message of the starter, until the starter is gone.

    A nought says that everything is loaded. Then each message is the environment of a job as JSON, with its three
    streams; the answer is the number of the child's process, and when it has ended its status.
    """
    with socket.socket(fileno=0) as channel, tempfile.TemporaryDirectory(prefix="render-warm-") as folder:
        tempfile.tempdir = folder
        os.environ.update(dict.fromkeys(("HOME", "TMPDIR", "XDG_CACHE_HOME"), folder))
        templating.keep_shipped_blocks()
        typesetting.keep_shipped_styles()
        gc.freeze()
        channel.sendall(NUMBER.pack(0))
        while True:
            message, streams, _, _ = socket.recv_fds(channel, LONGEST_MESSAGE, STREAMS)
            if not message:
                return 0
            child = os.fork()
            if child == 0:
                _become(channel, streams, json.loads(message))
            for stream in streams:
                os.close(stream)
            channel.sendall(NUMBER.pack(child))
            channel.sendall(NUMBER.pack(os.waitpid(child, 0)[1]))


def _become(channel: socket.socket, streams: list[int], environment: dict[str, str]) -> NoReturn:
    """Be the child of one job: what was the starter's line is closed, what was kept in mind for folders forgotten."""
    status = FAILED
    try:
        os.setsid()
        channel.detach()
        for number, stream in enumerate(streams):
            os.dup2(stream, number)
            os.close(stream)
        os.environ.clear()
        os.environ.update(environment)
        tempfile.tempdir = None
        status = sandbox.main()
    except BaseException:  # noqa: BLE001 - what ends the child is said as by one that starts from nothing
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)


if __name__ == "__main__":
    sys.exit(main())
