"""A chain as a picture: its stages below each other with the steps side by side, where a case stands, and with whom."""

from __future__ import annotations

from dataclasses import dataclass
from textwrap import wrap
from typing import TYPE_CHECKING

from portal.approvals.owners import owner_words
from portal.approvals.page import states_of
from portal.words import label

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from portal.approvals.foreseen import StageForeseen
    from portal.approvals.words import Names
    from workflows.case import Case
    from workflows.definition import Chain, Stage, Step

WIDTH, MARGIN, GAP, LINE = 720, 16, 24, 20
"""Measures of the picture, in its own units: as wide as a page, a line of text high."""

SIDE_BY_SIDE = 3
"""How many steps stand beside each other; more go on below."""

LETTER = 8
"""How wide a letter is taken to be, a little more than most are."""


@dataclass(frozen=True)
class Box:
    """A rectangle with lines of text.

    Attributes:
        x: its left edge, with ``y`` its upper one.
        y: likewise.
        width: of the rectangle, with ``height``.
        height: likewise.
        lines: of text, the first one its name.
        state: how it is coloured: as the stages of a case are called.
    """

    x: int
    y: int
    width: int
    height: int
    lines: tuple[str, ...]
    state: str


@dataclass(frozen=True)
class Picture:
    """Everything there is to draw.

    Attributes:
        width: of all of it.
        height: of all of it.
        stages: the frames, from the first stage on.
        steps: the boxes inside them.
        arrows: between the frames: where each begins and ends.
    """

    width: int
    height: int
    stages: tuple[Box, ...]
    steps: tuple[Box, ...]
    arrows: tuple[tuple[int, int], ...]


def picture_of(case: Case, names: Names, hours: Mapping[str, str]) -> Picture:
    """Draw the chain of a case as it stands in its present round.

    Args:
        case: the case.
        names: of that case.
        hours: what is said of how long it was in each stage, by the stage's key; nothing for some.
    """
    states = states_of(case)
    heads = {stage.key: [f"{names.stage(stage.key)}{hours.get(stage.key, '')}"] for stage in case.chain.stages}
    return _drawn(case.chain, states, heads, lambda stage, step: _said(case, names, stage, step))


def outline_of(chain: Chain, units: Mapping[str, str]) -> Picture:
    """Draw a chain on which no case runs, with who has each step.

    Args:
        chain: what is drawn.
        units: what the units are called that it names, by their codes.
    """
    states = {stage.key: "ahead" for stage in chain.stages}
    heads = {stage.key: [label(stage.name)] for stage in chain.stages}
    return _drawn(chain, states, heads, lambda _stage, step: [label(step.name), owner_words(step.owner, units)])


def way_of(chain: Chain, foreseen: Sequence[StageForeseen]) -> Picture:
    """Draw the way of a submission that is tried out, with who would get each step.

    Args:
        chain: that it goes through.
        foreseen: what is said of each of its stages, in order.
    """
    states = {each.key: each.state for each in foreseen}
    heads = {each.key: [each.name, *filter(None, [each.remark])] for each in foreseen}
    lines = {(each.key, step.key): step.lines for each in foreseen for step in each.steps}
    return _drawn(chain, states, heads, lambda stage, step: lines[stage.key, step.key])


def _drawn(
    chain: Chain,
    states: Mapping[str, str],
    heads: Mapping[str, Sequence[str]],
    said: Callable[[Stage, Step], Sequence[str]],
) -> Picture:
    y = MARGIN
    frames: list[Box] = []
    steps: list[Box] = []
    for stage in chain.stages:
        head = _wrapped_all(heads[stage.key], WIDTH - 4 * MARGIN)
        texts = [said(stage, step) for step in stage.steps]
        inside = _steps(texts, states[stage.key], y + MARGIN + len(head) * LINE)
        bottom = max(box.y + box.height for box in inside) + MARGIN
        frames.append(Box(MARGIN, y, WIDTH - 2 * MARGIN, bottom - y, head, states[stage.key]))
        steps += inside
        y = bottom + GAP
    arrows = tuple((one.y + one.height, one.y + one.height + GAP) for one in frames[:-1])
    return Picture(WIDTH, y - GAP + MARGIN, tuple(frames), tuple(steps), arrows)


def _steps(said: Sequence[Sequence[str]], state: str, top: int) -> list[Box]:
    """The steps of a stage in rows, all of a row as high as the one that says most."""
    boxes: list[Box] = []
    for first in range(0, len(said), SIDE_BY_SIDE):
        row = said[first : first + SIDE_BY_SIDE]
        width = (WIDTH - 4 * MARGIN - (len(row) - 1) * MARGIN) // len(row)
        texts = [_wrapped_all(each, width - MARGIN) for each in row]
        height = max(len(lines) for lines in texts) * LINE + MARGIN
        for number, lines in enumerate(texts):
            boxes.append(Box(2 * MARGIN + number * (width + MARGIN), top, width, height, lines, state))
        top += height + MARGIN
    return boxes


def _said(case: Case, names: Names, stage: Stage, step: Step) -> list[str]:
    """The name of a step, who has it now, and who decided it last in this round."""
    waiting = [item for item in case.pending_items if (item.stage, item.step) == (stage.key, step.key)]
    mine = [each for each in case.decisions if (each.round, each.stage, each.step) == (case.round, stage.key, step.key)]
    last = [each for each in mine if each.entry == max(one.entry for one in mine)]
    people = [names.person(item.person) for item in waiting] or [names.person(each.person) for each in last]
    return [names.step(stage.key, step.key), *dict.fromkeys(people)]


def _wrapped(text: str, width: int) -> tuple[str, ...]:
    return tuple(wrap(text, max(width // LETTER, 8))) or ("",)


def _wrapped_all(texts: Sequence[str], width: int) -> tuple[str, ...]:
    return tuple(line for text in texts for line in _wrapped(text, width))
