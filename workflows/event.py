"""What all events have in common: when, by whom, at which version, and how they are stored."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from typing import ClassVar, Final, Literal, TypeAlias

Cause: TypeAlias = Literal[
    "step_decided",  # another of the step's candidates decided it
    "person_decided",  # its person decided another step, and decides once per entry
    "passed_on",  # somebody else got it
    "stage_completed",
    "case_returned",
    "case_rejected",
    "case_recalled",
    "case_withdrawn",
    "case_cancelled",
    "emergency_approved",
    "seat_lost",  # its person no longer holds the post, or a standing delegation is over
    "case_migrated",
]
SYSTEM: Final = ""
"""Whose action it is when the portal itself acts, because a day began or somebody changed a post."""

Means: TypeAlias = Literal["delegate", "reassign"]


@dataclass(frozen=True)
class Event:
    """Something that happened to a case.

    Attributes:
        kind: The name of the event in storage.
        version: The case version that the action made; all events of one action share it.
        at: When, in UTC.
        by: The person whose action it was, or ``SYSTEM``.
    """

    kind: ClassVar[str] = ""
    version: int
    at: datetime
    by: str

    def to_dict(self) -> dict[str, object]:
        """Gives the event as JSON-safe values, ``kind`` first; ``history.from_dict`` is the way back."""
        named = {each.name: getattr(self, each.name) for each in fields(self)}
        return {"kind": self.kind, **{name: _to_json(value) for name, value in named.items()}}


def _to_json(value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {key: _to_json(each) for key, each in value.items()}
    return list(value) if isinstance(value, tuple) else value
