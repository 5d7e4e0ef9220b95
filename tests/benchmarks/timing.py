"""How two ways of doing the same are compared: in turns, by medians, with the spread beside the ratio."""

from __future__ import annotations

import statistics
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

QUARTERS = 4


class CannotRunError(Exception):
    """What a benchmark needs is not on this machine; the message says what."""


@dataclass
class Times:
    """What each run of one way took, in seconds.

    Attributes:
        wall: by the clock.
        cpu: of the processor, children not counted.
    """

    wall: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)


def in_turns(ways: Mapping[str, Callable[[], object]], runs: int) -> dict[str, Times]:
    """Run each way once, then each once more, and so on, so that a busy moment of the machine hits all of them.

    Args:
        ways: by name; each call is one run, and has run before.
        runs: how many of each.
    """
    taken = {name: Times() for name in ways}
    for _ in range(runs):
        for name, way in ways.items():
            wall, cpu = time.perf_counter(), time.process_time()
            way()
            taken[name].cpu.append(time.process_time() - cpu)
            taken[name].wall.append(time.perf_counter() - wall)
    return taken


def shown(seconds: list[float]) -> str:
    """The median in milliseconds, and between which two half of the runs lie."""
    low, median, high = (1000 * each for each in statistics.quantiles(seconds, n=QUARTERS))
    return f"{median:.2f} ms ({low:.2f}-{high:.2f})"


def ratio(ours: list[float], theirs: list[float]) -> float:
    """Ours over theirs, by medians."""
    return statistics.median(ours) / statistics.median(theirs)


@dataclass(frozen=True)
class Comparison:
    """Ours beside theirs.

    Attributes:
        what: what was done.
        against: what it is compared with.
        measure: `CPU` or `time`.
        aim: the ratio to stay below; None where there is none.
    """

    what: str
    against: str
    measure: str = "CPU"
    aim: float | None = None

    def line(self, ours: list[float], theirs: list[float], more: str = "") -> str:
        """One line of the report.

        Args:
            ours: seconds of each of our runs.
            theirs: seconds of each of theirs.
            more: what else to say.
        """
        found = ratio(ours, theirs)
        verdict = "" if self.aim is None else f" (aim {self.aim}: {'met' if found <= self.aim else 'MISSED'})"
        told = f"{self.what} / {self.against}: {found:.2f} x {self.measure}{verdict}; {shown(ours)} / {shown(theirs)}"
        return f"{told}, {len(ours)} runs each{more}"
