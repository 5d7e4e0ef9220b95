"""The warm process before the render children: the same bytes, the same limits, and nothing passes from job to job."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from portal import confined
from portal.documents.job import Limits, RenderFailed, RenderJob
from portal.documents.rendering import Press, render
from tests.portal.documents.document_samples import report_job

if TYPE_CHECKING:
    from collections.abc import Iterator

ENDLESS = "{% for a in doc.l %}{% for b in doc.l %}{% for c in doc.l %}{% endfor %}{% endfor %}{% endfor %}"
TENFOLD = "".join(f"{{% set s{n + 1} = {' ~ '.join([f's{n}'] * 10)} %}}" for n in range(7))
HEAVY = "{% set s0 = doc.text %}" + TENFOLD


@pytest.fixture(scope="module")
def press() -> Iterator[Press]:
    warm = Press()
    yield warm
    warm.close()


def job(template: str, data: dict[str, object] | None = None, **limits: int) -> RenderJob:
    return RenderJob(template=template, data=data or {}, limits=Limits(**limits))


def failure(press: Press, of: RenderJob) -> RenderFailed:
    with pytest.raises(RenderFailed) as error:
        render(of, press)
    return error.value


def test_a_warm_child_prints_the_same_bytes_as_one_that_starts_from_nothing(press: Press) -> None:
    cold, first, second = render(report_job()), render(report_job(), press), render(report_job(), press)
    assert cold == first == second


def test_a_block_and_a_style_that_somebody_changed_count_in_a_warm_child(press: Press) -> None:
    shipped = report_job()
    name, block = next(iter(shipped.blocks.items()))
    begins = "{%- macro title(doc) %}"
    blocks = {**shipped.blocks, name: block.replace(begins, f"{begins}<p>Đã sửa</p>")}
    changed = replace(shipped, blocks=blocks, styles=(*shipped.styles, "body { color: #123 }"))
    assert blocks != shipped.blocks
    assert render(changed, press) == render(changed) != render(shipped, press)


@pytest.mark.parametrize(
    ("hungry", "code"),
    [
        (job(ENDLESS, {"l": list(range(5000))}, cpu_seconds=1), "cpu_exhausted"),
        (job(ENDLESS, {"l": list(range(5000))}, wall_seconds=1), "timed_out"),
        (job(HEAVY, {"text": "x" * 1000}, memory_bytes=600_000_000), "out_of_memory"),
        (job("<p style='break-after: page'>a</p>" * 4, pages=3), "too_many_pages"),
        (job("<img src='http://127.0.0.1/a.png'>"), "resource_refused"),
        (job("{{ doc.subject }}"), "missing_value"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_every_limit_holds_and_the_next_job_goes_on(press: Press, hungry: RenderJob, code: str) -> None:
    assert failure(press, hungry).code == code
    assert render(job("<p>Báo cáo</p>"), press).pages == 1


def test_each_child_has_a_network_of_its_own_where_the_kernel_allows(press: Press) -> None:
    assert render(job("<p>a</p>"), press).isolated == confined.can_isolate()


def test_nothing_of_the_parents_environment_reaches_the_warm_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY", "keep-me")
    warm = Press()
    render(job("<p>a</p>"), warm)
    assert warm._process is not None
    seen = Path(f"/proc/{warm._process.pid}/environ").read_bytes()
    warm.close()
    assert b"FONTCONFIG_FILE" in seen
    assert b"keep-me" not in seen


def test_the_warm_process_loads_neither_flask_nor_the_database() -> None:
    script = (
        "import sys, portal.documents.warm;"
        "print(sorted({name.split('.')[0] for name in sys.modules} & {'flask', 'sqlalchemy', 'workflows'}))"
    )
    found = subprocess.run([sys.executable, "-c", script], cwd=confined.ROOT, capture_output=True, check=True)
    assert found.stdout.strip() == b"[]"


def test_a_killed_child_leaves_no_process_and_no_folder(press: Press, tmp_path: Path) -> None:
    before = set(tmp_path.parent.parent.glob("render-*"))
    assert failure(press, job(ENDLESS, {"l": list(range(5000))}, wall_seconds=1)).code == "timed_out"
    assert press._process is not None
    children = Path(f"/proc/{press._process.pid}/task/{press._process.pid}/children")
    assert children.read_text() == ""
    assert set(tmp_path.parent.parent.glob("render-*")) == before


def test_a_warm_process_that_is_gone_is_started_again_with_the_next_job() -> None:
    warm = Press()
    assert render(job("<p>a</p>"), warm).pages == 1
    assert warm._process is not None
    os.kill(warm._process.pid, signal.SIGKILL)
    warm._process.wait()
    assert render(job("<p>a</p>"), warm).pages == 1
    warm.close()


def test_a_warm_process_that_dies_under_a_job_is_a_crash_and_not_the_end() -> None:
    warm = Press()
    assert render(job("<p>a</p>"), warm).pages == 1
    assert warm._channel is not None
    warm._channel.close()
    assert failure(warm, job("<p>a</p>")).code == "crashed"
    assert render(job("<p>a</p>"), warm).pages == 1
    warm.close()


def test_a_warm_child_that_breaks_off_says_why() -> None:
    script = (
        "import os, socket; from portal.documents import sandbox, warm; sandbox.main = lambda: 1 / 0;"
        "warm._become(socket.socketpair()[0], [os.dup(each) for each in (0, 1, 2)], {})"
    )
    found = subprocess.run([sys.executable, "-c", script], cwd=confined.ROOT, capture_output=True, check=False)
    assert (found.returncode, b"ZeroDivisionError" in found.stderr) == (confined.FAILED, True)


def test_the_warm_process_ends_with_its_starter() -> None:
    script = (
        "from portal.documents.rendering import Press, render; from portal.documents.job import RenderJob\n"
        "press = Press(); render(RenderJob(template='<p>a</p>', data={}), press); print(press._process.pid)"
    )
    found = subprocess.run([sys.executable, "-c", script], cwd=confined.ROOT, capture_output=True, check=True)
    assert _is_gone(int(found.stdout))


def _is_gone(pid: int) -> bool:
    import time  # noqa: PLC0415 - only this test waits

    for _ in range(100):
        if not Path(f"/proc/{pid}").exists():
            return True
        time.sleep(0.05)
    return False
