"""The worker beside the server: begun anew when it dies, ended when the server ends."""

from __future__ import annotations

import sys
import time
from threading import Event, Thread
from typing import TYPE_CHECKING

import config
import run

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

PATIENCE = 20


def wait_for_lines(diary: Path, number: int) -> None:
    """Until a program has begun so many times."""
    deadline = time.monotonic() + PATIENCE
    while not diary.exists() or len(diary.read_text().splitlines()) < number:
        assert time.monotonic() < deadline, f"it never began {number} times"
        time.sleep(0.05)


def test_a_worker_that_dies_is_begun_anew_and_reported(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    diary, stopped = tmp_path / "diary", Event()
    dies = f"open({str(diary)!r}, 'a').write('begun\\n'); raise SystemExit(3)"
    keeper = Thread(target=run.keep_running, args=([sys.executable, "-c", dies], stopped, 0))
    keeper.start()
    wait_for_lines(diary, 2)
    stopped.set()
    keeper.join(PATIENCE)
    assert not keeper.is_alive()
    assert "ended with status 3" in caplog.text


def test_a_worker_at_work_ends_with_the_server(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    diary, stopped = tmp_path / "diary", Event()
    works = f"import time; open({str(diary)!r}, 'a').write('begun\\n'); time.sleep(600)"
    keeper = Thread(target=run.keep_running, args=([sys.executable, "-c", works], stopped))
    keeper.start()
    wait_for_lines(diary, 1)
    stopped.set()
    keeper.join(PATIENCE)
    assert not keeper.is_alive()
    assert caplog.text == ""


def test_as_many_workers_run_side_by_side_as_were_asked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    begun: list[list[str]] = []
    monkeypatch.setattr(run, "keep_running", lambda command, stopped: (begun.append(command), stopped.wait(PATIENCE)))
    with run.workers(3):
        pass
    assert [command[-2:] for command in begun] == [["jobs", "work"]] * 3
    assert config.load({"PORTAL_DATA": str(tmp_path), "JOB_WORKERS": "3"}).job_workers == 3
    assert 1 <= config.load({"PORTAL_DATA": str(tmp_path)}).job_workers <= config.MOST_WORKERS
