"""What mutmut knows of each mutant, read from where it keeps it."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from pathlib import Path

from mutmut.stats import status_by_exit_code

MUTMUT = (sys.executable, "-m", "tests.mutation.widened")
FOLDER = Path("mutants")
DIED = frozenset({"killed", "timeout", "segfault"})


@dataclass(frozen=True)
class Mutant:
    """One change to one function.

    Attributes:
        name: How mutmut calls it.
        file: The file it changes.
        fate: What became of it, in mutmut's words: ``killed``, ``timeout``, ``survived``, ``no tests`` …
    """

    name: str
    file: str
    fate: str


def read() -> list[Mutant]:
    """Every mutant there is, in an order that does not depend on the machine."""
    mutants = []
    for path in sorted(FOLDER.glob("workflows/**/*.meta")):
        file = path.relative_to(FOLDER).as_posix().removesuffix(".meta")
        codes = json.loads(path.read_text(encoding="utf-8"))["exit_code_by_key"]
        mutants += [Mutant(name, file, status_by_exit_code[code]) for name, code in sorted(codes.items())]
    return mutants


def known(names: set[str]) -> list[Mutant]:
    """The mutants with these names, each of them judged.

    Raises:
        RuntimeError: When mutmut was stopped before it came to all of them.
    """
    mutants = [each for each in read() if each.name in names]
    open_ones = [each.name for each in mutants if each.fate in {"not checked", "check was interrupted by user"}]
    if open_ones:
        raise RuntimeError(f"not judged: {len(open_ones)} mutants, as {open_ones[0]}")
    return mutants
