"""A confined child that goes wrong is ended, and whoever waits for it goes on."""

from __future__ import annotations

import sys
import time

import pytest

from portal.confined import ChildFailed, run_child

LEAVES_ONE_BEHIND = """
import os, time
if os.fork() == 0:
    os.setsid()
    time.sleep(20)
"""


def test_a_process_that_a_child_leaves_behind_holds_nobody_up() -> None:
    begun = time.monotonic()
    with pytest.raises(ChildFailed) as failed:
        run_child((sys.executable, "-c", LEAVES_ONE_BEHIND), b"", 1)
    assert failed.value.code == "timed_out"
    assert time.monotonic() - begun < 10
