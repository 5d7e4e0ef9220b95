"""A whole chain as BPMN: stages from left to right, what is returned above them, what is skipped or rejected below."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final

from workflows.bpmn import words
from workflows.bpmn.conditions import condition_of, decides_if, words_of
from workflows.bpmn.limits import left_out
from workflows.bpmn.parts import GAP, Area, Canvas, Node, Note, Point, height_of, node
from workflows.bpmn.stages import outcomes_of, stage_node
from workflows.definition import DRAFTER, Chain, Stage, Verdict
from workflows.errors import Label

MARGIN: Final = 40
_TRACK: Final = 60
"""Between two tracks along which arrows run above or below everything else."""

_WIDE: Final = 640


@dataclass(frozen=True)
class _Drawn:
    """A stage with what surrounds it.

    Attributes:
        stage: The stage.
        entry: The first of its nodes, to which everything leads that comes to the stage.
        gate: Where it is skipped; None where it never is.
        node: The stage itself.
        decision: Where what was decided parts; None where nobody decides.
    """

    stage: Stage
    entry: Node
    gate: Node | None
    node: Node
    decision: Node | None


def drawn(chain: Chain) -> Canvas:
    """Draws a chain."""
    return _Drawing(chain).drawn()


class _Drawing:
    """The drawing of one chain: the nodes first, then the tracks above and below them, when their height is known."""

    def __init__(self, chain: Chain) -> None:
        self.chain = chain
        self.canvas = Canvas()
        self.targets = _targets(chain)
        self.somebody = _somebody(chain)

    def drawn(self) -> Canvas:
        canvas = self.canvas
        start = canvas.add(node("start", "startEvent", 0, 0, words.START))
        draft = node(DRAFTER, "userTask", start.area.right + GAP, 0, words.DRAFT)
        self.draft = canvas.add(replace(draft, sets=words.DRAFT_SETS))
        canvas.join(start, self.draft)
        last = self._nobody()
        stages: list[_Drawn] = []
        for number, stage in enumerate(self.chain.stages, 1):
            stages.append(self._stage(last, stages, stage, number))
            last = stages[-1].decision or stages[-1].node
        self.approved = canvas.add(node("approved", "endEvent", last.area.right + 2 * GAP, 0, words.APPROVED))
        self._go_on(last, self.approved, stages)
        self.top, self.bottom = canvas.extent.y, canvas.extent.bottom
        self._skips(stages)
        self._rejections(stages)
        self._returns(stages)
        self._say_what_is_left_out()
        extent = canvas.extent
        return canvas.moved(MARGIN - extent.x, MARGIN - extent.y)

    # -- from left to right --------------------------------------------------------------------------------------

    def _nobody(self) -> Node:
        """Sends back at once what no stage would decide on, for the engine approves nothing that nobody approved.

        Returns:
            The node from which it goes on to the first stage.
        """
        if not self.somebody:
            return self.draft
        gate = self.canvas.add(node("decided", "exclusiveGateway", self.draft.area.right + GAP, 0))
        self.canvas.join(self.draft, gate)
        x, to = gate.area.middle, self.draft.area
        low = to.bottom + GAP
        points = ((x, gate.area.bottom), (x, low), (to.middle, low), (to.middle, to.bottom))
        label = Area(x - 96, low + 4, 90, 28)
        condition = f"not ({self.somebody})"
        self.canvas.arrow(gate, self.draft, points, name=words.NOBODY, condition=condition, label=label)
        return gate

    def _stage(self, last: Node, before: Sequence[_Drawn], stage: Stage, number: int) -> _Drawn:
        x = last.area.right + (2 * GAP if last.id != DRAFTER else 3 * GAP)
        made, note = stage_node(stage, number)
        condition = condition_of(stage)
        ways_in = [1, bool(before and before[-1].gate), stage.key in self.targets]
        merge = gate = None
        if sum(ways_in) > 1:
            merge = self.canvas.add(node(f"merge.{stage.key}", "exclusiveGateway", x, 0))
            x = merge.area.right + GAP
        if condition:
            gate = self.canvas.add(node(f"when.{stage.key}", "exclusiveGateway", x, 0))
            x = gate.area.right + 3 * GAP
        made = self.canvas.add(made.moved(x, 0), note)
        line = [each for each in (merge, gate, made) if each]
        self._go_on(last, line[0], before)
        for source, target in pairwise(line):
            self._along(source, target, stage, condition)
        return _Drawn(stage, line[0], gate, made, self._decision(stage, made))

    def _along(self, source: Node, target: Node, stage: Stage, condition: str) -> None:
        """Leads to a stage, where it has a condition only if that holds."""
        if not source.id.startswith("when."):
            self.canvas.join(source, target)
            return
        said = words_of(stage)
        name = words.both(said, said) if said else words.APPLIES
        (x, y), high = source.exit, height_of(name["vi"], 110)
        self.canvas.join(source, target, name=name, condition=condition, label=Area(x + 4, y - 4 - high, 110, high))

    def _decision(self, stage: Stage, made: Node) -> Node | None:
        if not stage.deciding:
            return None
        at = made.area.right + GAP
        decision = self.canvas.add(node(f"decision.{stage.key}", "exclusiveGateway", at, 0))
        self.canvas.join(made, decision)
        return decision

    def _go_on(self, last: Node, target: Node, before: Sequence[_Drawn]) -> None:
        """Leads from a stage to the next one, or to the end, when it was approved."""
        if last.id == "decided":
            self.canvas.join(last, target, condition=self.somebody)
        elif not before or before[-1].decision is None:
            self.canvas.join(last, target)
        else:
            may_advise = "advise" in outcomes_of(before[-1].stage)
            condition = 'outcome in ("approve", "advise")' if may_advise else 'outcome == "approve"'
            self.canvas.join(last, target, name=words.APPROVE, condition=condition)

    # -- above and below -----------------------------------------------------------------------------------------

    def _skips(self, stages: Sequence[_Drawn]) -> None:
        """Leads around a stage whose condition does not hold."""
        following = [*(each.entry for each in stages[1:]), self.approved]
        low = self.bottom + _TRACK // 2
        for each, target in zip(stages, following, strict=True):
            if each.gate:
                x, to = each.gate.area.middle, target.area
                points = ((x, each.gate.area.bottom), (x, low), (to.middle, low), (to.middle, to.bottom))
                condition = f"not ({condition_of(each.stage)})"
                self._beside(each.gate, target, points, words.SKIP, condition)

    def _rejections(self, stages: Sequence[_Drawn]) -> None:
        """Leads to the end of what was rejected."""
        ending = _deciding(stages, "reject")
        if not ending:
            return
        low = self.bottom + GAP + (_TRACK if any(each.gate for each in stages) else 0)
        rejected = self.canvas.add(node("rejected", "endEvent", self.approved.area.x, low, words.REJECTED))
        for each in ending:
            points = ((each.area.middle, each.area.bottom), (each.area.middle, low), rejected.entrance)
            self._beside(each, rejected, points, words.REJECT, 'outcome == "reject"')

    def _returns(self, stages: Sequence[_Drawn]) -> None:
        """Leads back to the drafter, and where somebody may choose an earlier stage through a gateway also there."""
        returning = _deciding(stages, "return")
        if not returning:
            return
        low = self.top - GAP
        if self.targets:
            back, high = self._way_back(low - _TRACK), low - _TRACK
            for each in stages:
                if each.stage.key in self.targets:
                    self._return_to(back, each, low)
            end: tuple[Point, ...] = (back.exit,)
        else:
            back, high, x = self.draft, low, self.draft.area.middle
            end = ((x, high), (x, self.draft.area.y))
        for decision in returning:
            self._return_from(decision, back, high, end)

    def _way_back(self, high: int) -> Node:
        """Draws the gateway where it parts to whom something is returned."""
        to = self.draft.area
        back = self.canvas.add(node("back", "exclusiveGateway", to.right + GAP, high))
        points = (back.entrance, (to.middle, high), (to.middle, to.y))
        label = Area(to.middle + 6, high + 6, 90, 14)
        condition = f'return_to == "{DRAFTER}"'
        self.canvas.arrow(back, self.draft, points, name=words.TO_DRAFTER, condition=condition, label=label)
        return back

    def _return_to(self, back: Node, each: _Drawn, low: int) -> None:
        x, y = each.entry.area.middle, each.entry.area.y
        points = ((back.area.middle, back.area.bottom), (back.area.middle, low), (x, low), (x, y))
        name, condition = each.stage.name, f'return_to == "{each.stage.key}"'
        self.canvas.arrow(back, each.entry, points, name=name, condition=condition, label=Area(x - 96, low + 4, 90, 28))

    def _return_from(self, decision: Node, back: Node, high: int, end: tuple[Point, ...]) -> None:
        x, y = decision.area.middle, decision.area.y
        points, label = ((x, y), (x, high), *end), Area(x + 6, y - 20, 60, 14)
        self.canvas.arrow(decision, back, points, name=words.RETURN, condition='outcome == "return"', label=label)

    def _beside(self, source: Node, target: Node, points: tuple[Point, ...], name: Label, test: str) -> None:
        """Draws an arrow that leaves a gateway downwards, its name beside it."""
        x, y = points[0]
        self.canvas.arrow(source, target, points, name=name, condition=test, label=Area(x + 6, y + 8, 60, 14))

    def _say_what_is_left_out(self) -> None:
        said = "\n".join(each["vi"] for each in left_out(self.chain))
        extent = self.canvas.extent
        area = Area(extent.x, extent.bottom + GAP, _WIDE, height_of(said, _WIDE))
        self.canvas.notes.append(Note("left-out", said, area))


def _deciding(stages: Sequence[_Drawn], verdict: Verdict) -> list[Node]:
    """The gateways behind stages that may end so."""
    return [each.decision for each in stages if each.decision and verdict in outcomes_of(each.stage)]


def _targets(chain: Chain) -> frozenset[str]:
    """The stages that a later one may return to; a vote returns to the drafter alone."""
    choosing = [
        number
        for number, stage in enumerate(chain.stages)
        if stage.refusal == "at_once" and any("return" in step.actions for step in stage.deciding)
    ]
    return frozenset(stage.key for stage in chain.stages[: max(choosing, default=0)])


def _somebody(chain: Chain) -> str:
    """Writes when somebody decides in a chain at all; empty for always."""
    conditions = [decides_if(stage) for stage in chain.stages if stage.deciding]
    if not all(conditions):
        return ""
    return " or ".join(f"({each})" for each in conditions) or "False"
