"""One stage as BPMN: a user task, or for several people a sub-process that ends as soon as the stage is decided."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from workflows.bpmn import words
from workflows.bpmn.conditions import python_of, step_words
from workflows.bpmn.parts import (
    EVENT,
    GAP,
    GATEWAY,
    NOTE_GAP,
    SCRIPT,
    Area,
    Canvas,
    Kind,
    Loop,
    Node,
    height_of,
    node,
)
from workflows.definition import DRAFTER, Stage, Step, choice_key
from workflows.errors import Label

_ROW_GAP: Final = 30
_FRAME: Final = 30
_HEAD: Final = 50
"""Room for the name of a sub-process above what is inside."""

_NEEDED: Final = {"all": "slots", "any": "1", "n": "{n}", "percent": "-(-slots * {n} // 100)"}


def stage_node(stage: Stage, number: int) -> tuple[Node, str]:
    """Draws a stage, its left edge at 0 and its line at 0, and gives the note that belongs below it.

    Args:
        stage: The stage.
        number: Its place in the chain, from 1.
    """
    first = stage.steps[0]
    if len(stage.steps) == 1 and first.share.kind == "one":
        task = node(f"stage.{stage.key}", "userTask", 0, 0, stage.name)
        note = words.note_of(first) if first.name == stage.name else f"{first.name['vi']}\n{words.note_of(first)}"
        return replace(task, owner=first.owner, sets=_sets(stage, first, is_alone=True)), note
    return _Room(stage, f"tally_{number}").drawn(), ""


def _sets(stage: Stage, step: Step, *, is_alone: bool = False) -> str:
    """Says which variables a task of a step sets; a vote with a script of its own says itself where it goes back to."""
    told = f"Sets outcome: {' or '.join(step.actions)}."
    if "return" not in step.actions or (stage.refusal == "vote" and not is_alone):
        return told
    places = DRAFTER if stage.refusal == "vote" else f"{DRAFTER}, or the key of an earlier stage"
    return f"{told} With return also return_to: {places}."


def outcomes_of(stage: Stage) -> tuple[str, ...]:
    """Gives what a stage can end with, such as ``approve`` and ``return``; nothing to tell apart where none decides."""
    offered = {verdict for step in stage.deciding for verdict in step.actions}
    advice = ["advise"] if offered and _advisers_may_count(stage) else []
    return tuple([each for each in ("approve", "return", "reject") if each in offered] + advice)


def _advisers_may_count(stage: Stage) -> bool:
    """Whether the opinions of its advisers complete a stage: where nobody decides, or all who do may be left out."""
    is_sure = any(step.guard is None for step in stage.deciding)
    return not is_sure and any(step.role == "advise" for step in stage.steps)


@dataclass(frozen=True)
class _Row:
    """A step inside of a sub-process, its node, and the note below it."""

    step: Step
    node: Node
    note: str

    @property
    def height(self) -> int:
        """With its note."""
        return self.node.area.height + (NOTE_GAP + height_of(self.note) if self.note else 0)


class _Room:
    """A sub-process for a stage of several people.

    A script counts how many decisions are needed, then all steps begin at once. Each decision is counted, and the one
    that decides the stage ends the sub-process with all that is still open in it, as the engine closes work items.
    """

    def __init__(self, stage: Stage, tally: str) -> None:
        self.stage = stage
        self.tally = tally
        self.canvas = Canvas(tally=tally)
        decide = [step for step in stage.steps if step.role == "decide"]
        advise = [step for step in stage.steps if step.role == "advise"]
        counted = decide + (advise if _advisers_may_count(stage) else [])
        self.ones = [step for step in counted if step.share.kind == "one"]
        self.several = [step for step in counted if step.share.kind != "one"]
        self.uncounted = [step for step in advise if step not in counted]

    def drawn(self) -> Node:
        """Draws it, its left edge and its line at 0."""
        canvas = self.canvas
        rows = self._rows()
        line = self._middle(rows)
        start = canvas.add(node(self._id("start"), "startEvent", 0, line))
        opening = self._script("open", start.area.right + GAP, line, words.OPEN, self._opening())
        canvas.join(start, opening)
        self._fork(opening, rows, line)
        self._settle(rows, line)
        extent = canvas.extent
        left, top = extent.x - _FRAME, extent.y - _HEAD
        area = Area(0, top - line, extent.width + 2 * _FRAME, extent.height + _HEAD + _FRAME)
        name = self.stage.name
        return Node(f"stage.{self.stage.key}", "subProcess", area, 0, name, inside=canvas.moved(-left, -line))

    def _id(self, what: str) -> str:
        return f"{what}.{self.stage.key}"

    # -- what is drawn -------------------------------------------------------------------------------------------

    def _rows(self) -> list[_Row]:
        """Puts the steps below each other: those of one person, those of several, those that are not counted."""
        steps = [*self.ones, *self.several, *self.uncounted]
        x = EVENT[0] + GAP + SCRIPT[0] + GAP + (GATEWAY[0] + 3 * GAP if len(steps) > 1 else 0)
        rows, top = [], 0
        for step in steps:
            row = self._row(step)
            rows.append(replace(row, node=row.node.moved(x, top - row.node.area.y)))
            top += row.height + _ROW_GAP
        return rows

    def _row(self, step: Step) -> _Row:
        if step in self.several:
            return _Row(step, self._instances(step), "")
        task = self._task(step, 0)
        if step.share.kind != "one":
            task = replace(task, loop=Loop(self._people(step)))
        return _Row(step, task, words.note_of(step))

    def _task(self, step: Step, x: int) -> Node:
        task = node(f"step.{self.stage.key}.{step.key}", "userTask", x, 0, step.name)
        return replace(task, owner=step.owner, sets=_sets(self.stage, step))

    def _instances(self, step: Step) -> Node:
        """Draws the sub-process that each of several people goes through."""
        inside, key = Canvas(), f"{self.stage.key}.{step.key}"
        start = inside.add(node(f"start.{key}", "startEvent", 0, 0))
        task = inside.add(self._task(step, start.area.right + GAP), words.note_of(step))
        count = inside.add(self._counting(f"count.{key}", task.area.right + GAP, 0))
        end = inside.add(node(f"end.{key}", "endEvent", count.area.right + GAP, 0))
        for source, target in ((start, task), (task, count), (count, end)):
            inside.join(source, target)
        extent = inside.extent
        area = Area(0, extent.y - _HEAD, extent.width + 2 * _FRAME, extent.height + _HEAD + _FRAME)
        loop = Loop(self._people(step), "settled")
        return Node(f"each.{key}", "subProcess", area, 0, step.name, loop=loop, inside=inside.moved(_FRAME, 0))

    def _fork(self, opening: Node, rows: Sequence[_Row], line: int) -> None:
        """Lets all steps that take part begin at once."""
        if len(rows) == 1:
            self.canvas.add(rows[0].node, rows[0].note)
            self.canvas.join(opening, rows[0].node)
            return
        guarded = any(step.guard for step in self.stage.steps)
        kind: Kind = "inclusiveGateway" if guarded else "parallelGateway"
        fork = self.canvas.add(node(self._id("fork"), kind, opening.area.right + GAP, line))
        self.canvas.join(opening, fork)
        for row in rows:
            self.canvas.add(row.node, row.note)
            guard, (left, level) = row.step.guard, row.node.entrance
            condition = (python_of(guard) if guard else "True") if guarded else ""
            said = step_words(row.step) or (words.APPLIES["vi"] if guard else "")
            label = Area(left - 94, level - 4 - height_of(said, 90), 90, height_of(said, 90))
            named = words.both(said, said)
            self.canvas.join(fork, row.node, 2 * GAP + GAP // 2, name=named, condition=condition, label=label)

    def _settle(self, rows: Sequence[_Row], line: int) -> None:
        """Counts what was decided, and ends the sub-process once that is enough."""
        counted = [row for row in rows if row.step not in self.uncounted]
        for row in rows[len(counted) :]:
            at = row.node.exit
            end = self.canvas.add(node(f"heard.{self.stage.key}.{row.step.key}", "endEvent", at[0] + GAP, at[1]))
            self.canvas.join(row.node, end)
        ready = self._counted_once([row.node for row in counted if row.step in self.ones])
        ready += [row.node for row in counted if row.step in self.several]
        x = max(each.area.right for each in ready) + 2 * GAP
        if len(rows) == 1:
            end = self.canvas.add(node(self._id("end"), "endEvent", x - GAP, line))
            self.canvas.join(ready[0], end)
            return
        gateway = self.canvas.add(node(self._id("settled"), "exclusiveGateway", x, line))
        for each in ready:
            self.canvas.join(each, gateway)
        self._ends(gateway, line)

    def _counted_once(self, tasks: Sequence[Node]) -> list[Node]:
        """Draws the script to which all steps of one person lead."""
        if not tasks:
            return []
        line = (tasks[0].line + tasks[-1].line) // 2
        count = self.canvas.add(self._counting(self._id("count"), tasks[0].area.right + 2 * GAP, line))
        for task in tasks:
            self.canvas.join(task, count)
        return [count]

    def _ends(self, gateway: Node, line: int) -> None:
        canvas, area = self.canvas, gateway.area
        done = node(self._id("end"), "endEvent", area.right + 3 * GAP, line)
        done = canvas.add(replace(done, ends_all=True))
        canvas.join(gateway, done, name=words.SETTLED, condition="settled")
        wait = canvas.add(node(self._id("wait"), "endEvent", area.middle - EVENT[0] // 2, area.bottom + 50 + 18))
        points = ((area.middle, area.bottom), (area.middle, wait.area.y))
        label = Area(area.middle + 6, area.bottom + 8, 90, 28)
        canvas.arrow(gateway, wait, points, name=words.WAITING, condition="not settled", label=label)

    def _middle(self, rows: Sequence[_Row]) -> int:
        """Half way between the first and the last step that is counted."""
        counted = [row.node.line for row in rows if row.step not in self.uncounted]
        return (counted[0] + counted[-1]) // 2

    # -- what is counted -----------------------------------------------------------------------------------------

    def _script(self, what: str, x: int, line: int, name: Label, script: str) -> Node:
        made = node(self._id(what), "scriptTask", x, line, name)
        return self.canvas.add(replace(made, script=script, tally=self.tally))

    def _counting(self, id_: str, x: int, line: int) -> Node:
        made = node(id_, "scriptTask", x, line, words.COUNT)
        return replace(made, script=self._counted(), tally=self.tally, reads=True)

    def _people(self, step: Step) -> str:
        return f'len(people["{choice_key(self.stage, step)}"])'

    def _slots(self, steps: Sequence[Step]) -> str:
        """Writes how many decisions some steps ask for."""
        counts = [("1" if step.share.kind == "one" else self._people(step), step.guard) for step in steps]
        return " + ".join(f"({each} if {python_of(guard)} else 0)" if guard else each for each, guard in counts)

    def _opening(self) -> str:
        """Writes how many decisions there are and how many of them complete the stage."""
        deciding = self.stage.deciding
        lines = [f"slots = {self._slots(deciding or self.stage.steps)}"]
        by_advice = bool(deciding) and _advisers_may_count(self.stage)
        if by_advice:
            advice = self._slots([step for step in self.stage.steps if step.role == "advise"])
            lines += ["by_advice = slots == 0", f"slots = {advice} if by_advice else slots"]
        needed = _NEEDED[self.stage.completion.kind].format(n=self.stage.completion.n)
        advised = ', "by_advice": by_advice' if by_advice else ""
        lines += [
            f'{self.tally} = {{"slots": slots, "needed": {needed}, "approved": 0, "against": 0{advised}}}',
            "settled = False",
        ]
        return "\n".join(lines)

    def _counted(self) -> str:
        """Writes how a decision is counted, and whether it decides the stage."""
        tally, deciding = self.tally, self.stage.deciding
        plain = f'{tally}["against" if outcome in ("return", "reject") else "approved"] += 1'
        if deciding and _advisers_may_count(self.stage):
            plain = f'if outcome != "advise" or {tally}["by_advice"]:\n    {plain}'
        is_vote = self.stage.refusal == "vote"
        lost = f'{tally}["slots"] - {tally}["against"] < {tally}["needed"]' if is_vote else f'{tally}["against"] > 0'
        lines = [plain, f'settled = {tally}["approved"] >= {tally}["needed"] or {lost}']
        if is_vote and "return" in deciding[0].actions:
            lines.append('return_to = "drafter"')
        return "\n".join(lines)
