"""Mutates the engine and counts what its tests notice: `make mutation`, or `python -m tests.mutation --sample 600`."""

from __future__ import annotations

import argparse
import random
import shutil
import subprocess
import sys

from tests.mutation.mutants import DIED, FOLDER, MUTMUT, Mutant, known, read
from tests.mutation.survivors import Survivor, equivalents

GOAL = 90
ALL = "workflows.*"
"""Said even so: mutmut then makes sure first that all tests it would choose pass, one by one under their names."""

FIRST = "workflows.selection.x*"
"""Mutants of a small module: mutmut writes all there are before it judges any, and a sample is drawn from all."""


def main() -> int:
    """Mutate, judge, report; 1 when fewer are killed than the goal asks for."""
    wanted = arguments()
    shutil.rmtree(FOLDER, ignore_errors=True)
    judge(wanted.jobs, [FIRST] if wanted.sample else [pattern(file) for file in wanted.files] or [ALL])
    chosen = [each for each in read() if not wanted.files or each.file in wanted.files]
    if wanted.sample:
        chosen = random.Random(wanted.seed).sample(chosen, min(wanted.sample, len(chosen)))
        judge(wanted.jobs, [each.name for each in chosen])
    return report(known({each.name for each in chosen}), whole=not wanted.sample and not wanted.files)


def arguments() -> argparse.Namespace:
    """What is mutated, and how much of it."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutation", description=__doc__)
    parser.add_argument("files", nargs="*", help="single files, as workflows/turn.py; the whole engine otherwise")
    parser.add_argument("--sample", type=int, help="so many mutants, drawn by lot; all of them otherwise")
    parser.add_argument("--seed", type=int, default=1, help="the lot; the same lot draws the same mutants")
    parser.add_argument("--jobs", type=int, default=1, help="processes at work")
    return parser.parse_args()


def pattern(file: str) -> str:
    """How mutmut calls the mutants of a file."""
    return file.removesuffix(".py").removesuffix("/__init__").replace("/", ".") + ".x*"


def judge(jobs: int, names: list[str]) -> None:
    """Have mutmut run the tests against mutants by their names or by patterns."""
    FOLDER.mkdir(exist_ok=True)
    log = FOLDER / "mutmut.log"
    print(f"mutmut at work, see {log}", flush=True)
    with log.open("w", encoding="utf-8") as out:
        run = [*MUTMUT, "run", "--max-children", str(jobs), *names]
        ended = subprocess.run(run, stdout=out, stderr=subprocess.STDOUT, check=False).returncode
    if ended:
        print(log.read_text(encoding="utf-8")[-5000:])
        sys.exit("mutmut could not judge: the tests fail before anything is mutated, or it was stopped")


def report(judged: list[Mutant], *, whole: bool) -> int:
    """Print who survived and the score; what the list calls equivalent counts neither way."""
    listed = equivalents()
    survivors = [Survivor.of(each) for each in judged if each.fate not in DIED]
    noticeable = [each for each in survivors if each.change not in listed]
    for each in sorted(noticeable, key=lambda survivor: (survivor.mutant.file, survivor.line)):
        print(f"\n{each}")
    stale = listed - {each.change for each in survivors} if whole else set()
    for file, function, was, _becomes in sorted(stale):
        print(f"\nno such survivor any more: {file} {function}: {was}")
    counted = len(judged) - len(survivors) + len(noticeable)
    score = 100 * (counted - len(noticeable)) / counted
    late = sum(each.fate == "timeout" for each in judged)
    print(
        f"\nmutation score {score:.1f} %: {counted - len(noticeable)} of {counted} mutants killed"
        f" ({late} of them by a timeout), {len(noticeable)} survived;"
        f" {len(survivors) - len(noticeable)} equivalent ones left out"
    )
    return int(score < GOAL or bool(stale))


if __name__ == "__main__":
    sys.exit(main())
