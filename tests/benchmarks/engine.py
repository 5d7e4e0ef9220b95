"""The engine alone: an approval in memory, against SpiffWorkflow with the same chain, and as a case grows."""

from __future__ import annotations

import statistics
from typing import TYPE_CHECKING

from tests.benchmarks.timing import Comparison, Times, in_turns, shown
from tests.workflows.mirror import loaded
from tests.workflows.office import Desk, chain, staffed, stage, step
from workflows.actions import Approve
from workflows.bpmn.writing import written
from workflows.definition import DRAFTER
from workflows.engine import act
from workflows.history import replay

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from SpiffWorkflow.bpmn.workflow import BpmnWorkflow

RUNS, WARM, AT_ONCE = 60, 5, 50
AIM = 40e-6
MANY = 50
OFFICE = staffed(head="hoa", police="phuc", boss="bao", member=[f"m{number}" for number in range(MANY + 2)])
CHAIN = chain(stage("head"), stage("police"), stage("boss"))
CROWD = chain(stage("all", step("member", taken_by="each")), stage("boss"))


def approving(desk: Desk, by: str) -> Callable[[], None]:
    """An approval that is made again and again of the same case, which it does not change."""
    case = desk.case

    def run() -> None:
        for _ in range(AT_ONCE):
            act(case, Approve(case.version), by=by, at=desk.now, facts={}, directory=OFFICE)

    return run


def crowded() -> Desk:
    """A case that fifty of its reviewers have approved."""
    desk = Desk(CROWD, OFFICE)
    desk.submit()
    for number in range(MANY):
        desk.approve(f"m{number}")
    return desk


def do(workflow: BpmnWorkflow, name: str, data: Mapping[str, object]) -> None:
    """Do a task in SpiffWorkflow, up to where the next one waits."""
    found = next(task for task in workflow.get_tasks(manual=True) if task.task_spec.name == name)
    found.data.update(data)
    found.run()
    workflow.do_engine_steps()


def spiff(number: int) -> Iterator[BpmnWorkflow]:
    """Workflows that wait for the first approval."""
    text = written(CHAIN)
    for _ in range(number):
        workflow = loaded(text, f"chain.{CHAIN.key}")
        do(workflow, DRAFTER, {"facts": {}, "people": {}})
        yield workflow


def each(times: Times) -> list[float]:
    """Seconds of one of those that were done at once."""
    return [taken / AT_ONCE for taken in times.cpu]


def run() -> Iterator[str]:
    """The lines."""
    first, many = Desk(CHAIN, OFFICE), crowded()
    first.submit()
    waiting = spiff(RUNS + WARM)
    left = iter(list(waiting))
    ways: dict[str, Callable[[], object]] = {
        "first": approving(first, "hoa"),
        "many": approving(many, f"m{MANY}"),
        "spiff": lambda: do(next(left), "stage.head", {"outcome": "approve", "return_to": DRAFTER}),
        "replay": lambda: replay(CROWD, many.case.events),
    }
    in_turns(ways, WARM)
    taken = in_turns(ways, RUNS)
    median = statistics.median(each(taken["first"]))
    verdict = "met" if median <= AIM else "MISSED"
    yield f"act(), an approval that opens the next stage: {1e6 * median:.0f} µs (aim {1e6 * AIM:.0f}: {verdict})"
    what = "act(), an approval that opens the next stage"
    yield Comparison(what, "SpiffWorkflow, the same chain as BPMN").line(each(taken["first"]), taken["spiff"].cpu)
    yield Comparison("act(), an approval after fifty others", "one after none").line(
        each(taken["many"]), each(taken["first"])
    )
    events = len(many.case.events)
    yield f"a case with fifty decisions, rebuilt from its {events} events: {shown(taken['replay'].cpu)}"
