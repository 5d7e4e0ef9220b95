"""What happens when nobody acts in time: people are reminded, others get the step as well, and at last it expires."""

from workflows.actions import Tick
from workflows.clock import Due, rungs_to_come
from workflows.definition import DRAFTER
from workflows.eligibility import eligible
from workflows.errors import Refusal
from workflows.events import RungReached
from workflows.objections import check_administrator, check_in_review
from workflows.turn import Turn, go_back, open_for_stand_ins


def tick(turn: Turn, action: Tick) -> None:
    """Reaches every rung whose time has come; each is reached once in a stage entry.

    Raises:
        Refusal: As for an administrator's actions; ``nothing_due``.
    """
    check_in_review(turn.case)
    check_administrator(turn)
    due = [each for each in rungs_to_come(turn.case, action.calendar) if each.at <= turn.at]
    if not due:
        raise Refusal("nothing_due")
    for each in sorted(due, key=lambda one: one.at):
        _reach(turn, each)
        if each.step.ladder[each.number].expires:
            go_back(turn, DRAFTER)
            return
    open_for_stand_ins(turn)


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
