"""The child in which files of others are read, `python -m portal.signatures.apart`: what it is asked, and answers."""

from __future__ import annotations

import base64
import json
import os
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from portal.confined import (
    Budget,
    ChildFailed,
    answer,
    isolate,
    limit_memory,
    program,
    raise_processor_limit,
    run_child,
)
from portal.signatures.boxes import Box
from portal.signatures.trust import Trust
from workflows.errors import Refusal

if TYPE_CHECKING:
    from collections.abc import Iterable

COMMAND = program("portal.signatures.apart")
BUDGET = Budget(wall_seconds=60, cpu_seconds=30)
KNOWN = ("roots", "intermediates", "revocation_lists")
"""What of `Trust` the child is told, in the order of its fields; addresses it could not reach."""


@dataclass(frozen=True)
class Question:
    """What the child is asked.

    Attributes:
        kind: `examine` or `accept`.
        files: the file to examine; or the one given out and the one that came back.
        trust: who is believed.
        at: as at which moment.
        certificate: DER of the one that was to sign.
        area: page and box.
        budget: what it may use.
    """

    kind: str
    files: tuple[bytes, ...]
    trust: Trust | None = None
    at: datetime | None = None
    certificate: bytes = b""
    area: tuple[int, Box] | None = None
    budget: Budget | None = None

    def to_bytes(self) -> bytes:
        """A line that says what is asked, then the files."""
        head = {
            "kind": self.kind,
            "lengths": [len(each) for each in self.files],
            "trust": {name: _texts(getattr(self.trust, name)) for name in KNOWN} if self.trust else None,
            "at": self.at and self.at.isoformat(),
            "certificate": base64.b64encode(self.certificate).decode(),
            "area": self.area and [self.area[0], asdict(self.area[1])],
            "budget": asdict(self.budget or BUDGET),
        }
        return json.dumps(head).encode() + b"\n" + b"".join(self.files)

    @classmethod
    def from_bytes(cls, given: bytes) -> Question:
        """What `to_bytes` gave."""
        line, _, rest = given.partition(b"\n")
        head = json.loads(line)
        ends = [sum(head["lengths"][: number + 1]) for number in range(len(head["lengths"]))]
        return cls(
            kind=head["kind"],
            files=tuple(rest[end - length : end] for end, length in zip(ends, head["lengths"], strict=True)),
            trust=_trust(head["trust"]) if head["trust"] else None,
            at=datetime.fromisoformat(head["at"]) if head["at"] else None,
            certificate=base64.b64decode(head["certificate"]),
            area=(head["area"][0], Box(**head["area"][1])) if head["area"] else None,
            budget=Budget(**head["budget"]),
        )


def ask(question: Question) -> Any:
    """What the child found, as JSON.

    Raises:
        Refusal: what it refuses; `cannot_be_checked` (`detail`): it was ended.
    """
    wall = (question.budget or BUDGET).wall_seconds
    try:
        output, _ = run_child(COMMAND, question.to_bytes(), wall)
        found = json.loads(output)
    except (ChildFailed, ValueError) as failed:
        raise Refusal("cannot_be_checked", {"detail": str(failed)[:200]}) from failed
    if "refused" in found:
        raise Refusal(found["refused"], found["params"])
    return found["found"]


def look(given: bytes) -> tuple[bytes, dict[str, object]]:
    """The child's work.

    Raises:
        MemoryError: the address space of the child is used up.
    """
    question = Question.from_bytes(given)
    assert question.budget is not None
    isolated = isolate()
    limit_memory(question.budget.memory_bytes)
    from portal.signatures import accepting, examining  # noqa: PLC0415 - imported inside the namespace and the limits

    raise_processor_limit(question.budget.cpu_seconds)
    ways = {"accept": accepting.answer, "examine": examining.answer}
    found: dict[str, object]
    try:
        found = {"found": ways[question.kind](question)}
    except Refusal as refused:
        found = {"refused": refused.code, "params": dict(refused.params)}
    return json.dumps(found).encode(), {"isolated": isolated}


def _trust(head: dict[str, list[str]]) -> Trust:
    roots, intermediates, lists = (tuple(base64.b64decode(each) for each in head[name]) for name in KNOWN)
    return Trust(roots, intermediates, lists)


def _texts(values: Iterable[bytes]) -> list[str]:
    return [base64.b64encode(each).decode() for each in values]


if __name__ == "__main__":
    os._exit(answer(look))
