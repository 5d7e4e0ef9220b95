"""Reads the numbered steps of a guide: what its reader is asked to press, to type, to choose and to see.

What stands between `**` is on the screen, what stands between “ and ” is typed, chosen or seen there. `**A › B**` is B
inside A: a row, or a group of inputs.
"""

from __future__ import annotations

import re
from typing import NamedTuple

STEP = re.compile(r"^(?P<number>\d+)\. +(?P<text>.*(?:\n(?!\d+\. |#|!|\s*$).*)*)", re.MULTILINE)
SAID, PLACE = r"“(?P<said_{0}>[^”]+)”", r"\*\*(?P<place_{0}>[^*]+)\*\*"
SENTENCES = {
    "sign_in": "đăng nhập bằng tên {said}",
    "press": "bấm {place}",
    "fill": "gõ {said} vào {place}",
    "choose": "chọn {said} ở {place}",
    "tick": "đánh dấu {place}",
    "see_part": "thấy {place}",
    "see": "thấy {said}",
}
"""What can be asked for, and how it is said."""

INSTRUCTION = re.compile(
    "|".join(
        rf"(?P<{verb}>\b{words.format(said=SAID.format(verb), place=PLACE.format(verb))})"
        for verb, words in SENTENCES.items()
    ),
    re.IGNORECASE,
)


class Instruction(NamedTuple):
    """One thing to do.

    Attributes:
        verb: a key of `SENTENCES`.
        said: what is typed, chosen or seen; empty for other verbs.
        place: where on the screen; empty for other verbs.
        words: as the guide says it.
    """

    verb: str
    said: str
    place: str
    words: str


class Step(NamedTuple):
    """A numbered step of a guide.

    Attributes:
        number: as the guide counts.
        text: all of it, on one line.
        instructions: what it asks for, in order.
    """

    number: int
    text: str
    instructions: tuple[Instruction, ...]


class StepError(AssertionError):
    """A step that cannot be followed: its number, its text, and why not."""

    def __init__(self, number: int, text: str, why: str) -> None:
        super().__init__(f"step {number} cannot be followed: {text}\n{why}")


def steps_of(guide: str, heading: str) -> list[Step]:
    """The steps of one section of a guide.

    Args:
        guide: all of it, as Markdown.
        heading: of the section.

    Raises:
        StepError: one is not numbered after the one before it, or marks something that is no part of an instruction.
    """
    section = f"{guide}\n## ".partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    return [_step(int(found["number"]), at, found["text"]) for at, found in enumerate(STEP.finditer(section), 1)]


def _step(number: int, expected: int, text: str) -> Step:
    text = " ".join(text.split())
    rest = INSTRUCTION.sub("", text)
    if number != expected:
        raise StepError(number, text, f"it should be number {expected}")
    if rest == text or "**" in rest or "“" in rest:
        raise StepError(number, text, f"this of it is no instruction: {rest}")
    return Step(number, text, tuple(map(_instruction, INSTRUCTION.finditer(text))))


def _instruction(found: re.Match[str]) -> Instruction:
    verb = str(found.lastgroup).removeprefix("said_").removeprefix("place_")
    named = found.groupdict()
    return Instruction(verb, named.get(f"said_{verb}") or "", named.get(f"place_{verb}") or "", found[0])
