"""What happens when nobody acts in time: those who have a step are reminded, and then others get it as well."""

from workflows.actions import Tick
from workflows.clock import Due, rungs_to_come
from workflows.eligibility import eligible
from workflows.errors import Refusal
from workflows.events import RungReached
from workflows.objections import check_administrator, check_in_review
from workflows.turn import Turn


def tick(turn: Turn, action: Tick) -> None:
    """Reaches every rung whose time has come; each is reached once in a stage entry.

    Raises:
        Refusal: As for an administrator's actions; ``nothing_due``.
        WorkflowError: ``calendar_ends``, the published calendar does not go so far.
    """
    check_in_review(turn.case)
    check_administrator(turn)
    due = [each for each in rungs_to_come(turn.case, action.calendar) if each.at <= turn.at]
    if not due:
        raise Refusal("nothing_due")
    for each in sorted(due, key=lambda one: one.at):
        _reach(turn, each)


def _reach(turn: Turn, due: Due) -> None:
    """Records that a rung is reached; its people, if it names some, may take the step from now on."""
    stage, owner = turn.stage, due.step.ladder[due.number].to
    turn.record(RungReached(*turn.stamp, stage.key, turn.case.entry, due.step.key, due.number))
    first = next(item for item in turn.case.pending_items if item.step == due.step.key and item.added_by is None)
    barred = turn.case.excluded_from(stage.key) | (turn.case.bound_people if first.role == "decide" else frozenset())
    busy = {item.person for item in turn.case.pending_items if item.step == due.step.key}
    for candidate in eligible(owner, turn.directory, barred | busy) if owner else []:
        number = turn.open_item(first.slot, due.step.key, candidate, first.role)
        turn.park_like(first, number)
