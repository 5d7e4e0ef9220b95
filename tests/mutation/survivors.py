"""A mutant that no test noticed, for people to read; and the list of those that no test can notice."""

from __future__ import annotations

import ast
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import yaml

from tests.mutation.mutants import MUTMUT

if TYPE_CHECKING:
    from tests.mutation.mutants import Mutant

LIST = Path(__file__).with_name("equivalent.yaml")
Change = tuple[str, str, str, str]
"""File, function, the lines that were there and those that stand there instead."""


@dataclass(frozen=True)
class Survivor:
    """A mutant and the difference it makes.

    Attributes:
        mutant: Which one.
        function: The name of the function it is in, with its class.
        diff: From the function as it is to the function as it was mutated.
    """

    mutant: Mutant
    function: str
    diff: tuple[str, ...]

    @classmethod
    def of(cls, mutant: Mutant) -> Survivor:
        """Ask mutmut what it changed."""
        show = [*MUTMUT, "show", mutant.name]
        shown = subprocess.run(show, capture_output=True, encoding="utf-8", check=True).stdout.splitlines()
        mangled = mutant.name.rpartition(".")[2].partition("__mutmut_")[0]
        function = mangled.removeprefix("xǁ").replace("ǁ", ".") if "ǁ" in mangled else mangled.removeprefix("x_")
        begin = next(number for number, line in enumerate(shown) if line.startswith("@@"))
        return cls(mutant, function, tuple(shown[begin:]))

    def __str__(self) -> str:
        body = [line for line in self.diff if not line.startswith("@@")]
        return "\n".join([f"{self.mutant.file}:{self.line} {self.mutant.fate} ({self.mutant.name})", *body])

    @property
    def change(self) -> Change:
        """What the list of equivalents calls it by; numbers of mutants change with every edit of the code."""
        return (self.mutant.file, self.function, self._lines("-"), self._lines("+"))

    def _lines(self, sign: str) -> str:
        return "\n".join(line[1:].strip() for line in self.diff if line.startswith(sign))

    @property
    def line(self) -> int:
        """The line of the file where it differs first."""
        top = next(line for line in self.diff if line.startswith("@@"))
        start = int(re.findall(r"\d+", top)[0])
        before = next(number for number, line in enumerate(self.diff[1:]) if line[:1] in {"-", "+"})
        return self._beginning() + start - 1 + before

    def _beginning(self) -> int:
        """The line on which the function begins, its decorators included."""
        where, _, name = self.function.rpartition(".")
        body: list[ast.stmt] = ast.parse(Path(self.mutant.file).read_text(encoding="utf-8")).body
        if where:
            body = next(each.body for each in body if isinstance(each, ast.ClassDef) and each.name == where)
        function = next(each for each in body if isinstance(each, ast.FunctionDef) and name in _names(each))
        return min([function.lineno, *(each.lineno for each in function.decorator_list)])


def _names(function: ast.FunctionDef) -> set[str]:
    """Its name, and what it is called as a function registered for the type of its first parameter."""
    types = [ast.unparse(each.annotation) for each in function.args.args[:1] if each.annotation]
    return {function.name} | {f"_{each}" for each in types if function.name == "_"}


def equivalents() -> set[Change]:
    """The mutants that behave as the code does, each with its reason in the list."""
    listed = yaml.safe_load(LIST.read_text(encoding="utf-8")) or {}
    return {
        (file, each["function"], each["was"].strip(), each["becomes"].strip())
        for file, entries in listed.items()
        for each in entries
        if each["why"]
    }
