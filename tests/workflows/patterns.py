"""The table of workflow patterns, written from `patterns.yaml`: `python -m tests.workflows.patterns`."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import yaml

HERE = Path(__file__).resolve().parent
PAGE = HERE.parents[1] / "docs" / "patterns.md"
ANSWERS = {"yes": "yes", "no": "**no**", "none": "makes no sense"}
INTRODUCTION = """# Workflow patterns

Written by `python -m tests.workflows.patterns` from `tests/workflows/patterns.yaml`; a test holds the two together, and
that each test named here exists.

The control-flow patterns are those of van der Aalst, ter Hofstede, Kiepuszewski and Barros as revised in 2006, the
resource patterns those of Russell, van der Aalst, ter Hofstede and Edmond of 2005. *Makes no sense* means: for approval
by people. *No* means that it would make sense here and cannot be done.

Whole cases, with what happened event by event, are told in `tests/workflows/stories`.
"""


@dataclass(frozen=True)
class Pattern:
    """One pattern, and what the engine says to it.

    Attributes:
        number: in its family.
        name: as the literature calls it.
        answer: `yes`, `no` or `none`.
        why: in a sentence.
        test: what shows a yes: file and function below `tests/workflows`, or a place elsewhere.
    """

    number: int
    name: str
    answer: str
    why: str
    test: str = ""


def families() -> dict[str, list[Pattern]]:
    """The patterns of each family, in order."""
    table = yaml.safe_load((HERE / "patterns.yaml").read_text(encoding="utf-8"))
    # Without quotes YAML reads yes and no as true and false.
    words = {True: "yes", False: "no"}
    return {
        family: [Pattern(number, name, words.get(answer, answer), *rest) for number, name, answer, *rest in rows]
        for family, rows in table.items()
    }


def page() -> str:
    """The page as it should be."""
    lines = [INTRODUCTION]
    for family, patterns in families().items():
        counts = {answer: sum(each.answer == answer for each in patterns) for answer in ANSWERS}
        lines.append(f"## {family.capitalize()}\n")
        lines.append(f"{counts['yes']} yes, {counts['no']} no, {counts['none']} that make no sense here.\n")
        lines.append("| | pattern | answer | why | shown by |\n|---|---|---|---|---|")
        lines += [
            f"| {each.number} | {each.name} | {ANSWERS[each.answer]} | {each.why} | {_shown(each.test)} |"
            for each in patterns
        ]
        lines.append("")
    return "\n".join(lines)


def _shown(test: str) -> str:
    return f"`{test}`" if test else ""


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
