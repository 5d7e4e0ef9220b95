"""What a list of late units says, whoever gathers it, and the facts that a letter about it begins with."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from workflows.forms import percent, write_number

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import date


@dataclass(frozen=True)
class Late:
    """One unit that is late.

    Attributes:
        unit_id: its key.
        unit: what it is called in letters.
        missing: what it has not done.
        days: how many days have passed since the last day that was in time; of several things, since the first.
        due_on: that day; None where several things had different ones.
        person: who answers for it; empty where nobody is named.
    """

    unit_id: int
    unit: str
    missing: str
    days: int
    due_on: date | None
    person: str = ""


@dataclass(frozen=True)
class Gathered:
    """A list of late units on a day. Its texts stand in letters, so they are Vietnamese.

    Attributes:
        name: what the list is called.
        about: what is urged, as it goes on after "đôn đốc".
        received: what has come of those who are done, as it goes on after "mới".
        asked: how many units had to do it by now.
        rows: those of them that have not.
        due_on: the last day that was in time, where it is one day for all of them.
        source: number and symbol of the document that asks for it, where it is one.
    """

    name: str
    about: str
    received: str
    asked: int
    rows: tuple[Late, ...]
    due_on: date | None = None
    source: str = ""

    @property
    def done(self) -> int:
        """How many have done it."""
        return self.asked - len(self.rows)

    @property
    def share(self) -> str:
        """How many of them that is, as in "16,22 %"; empty where nobody was asked."""
        return share(self.done, self.asked)


def share(part: int, whole: int) -> str:
    """A share in percent with two decimals, as in "16,22 %"; empty of nothing.

    Args:
        part: how many.
        whole: of how many.
    """
    return f"{write_number(percent(part, whole))} %" if whole else ""


def only(gathered: Gathered, unit_ids: Collection[int]) -> Gathered:
    """The list without some of its late units, which then count nowhere: whoever is excused was not asked.

    Args:
        gathered: the list.
        unit_ids: those that stay.
    """
    rows = tuple(row for row in gathered.rows if row.unit_id in unit_ids)
    return replace(gathered, asked=gathered.done + len(rows), rows=rows, due_on=one_day(rows))


def one_day(rows: Collection[Late]) -> date | None:
    """The last day that was in time, where it is the same for all."""
    days = {row.due_on for row in rows}
    return days.pop() if len(days) == 1 else None


def facts(gathered: Gathered) -> Mapping[str, object]:
    """What a letter begins with, by the names of `workflows.forms.given`.

    Args:
        gathered: the list, with those whom the letter urges.
    """
    rows = [{"unit": row.unit, "missing": row.missing, "days": row.days, "person": row.person} for row in gathered.rows]
    return {
        "units_asked": gathered.asked,
        "units_done": gathered.done,
        "units_late": len(gathered.rows),
        "received": gathered.received,
        "list_name": gathered.about,
        "old_due": gathered.due_on.isoformat() if gathered.due_on else None,
        "source": gathered.source or None,
        "late_units": rows,
    }
