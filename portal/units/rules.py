"""What kinds of units and posts there are, and what follows from a kind."""

from __future__ import annotations

from datetime import date
from typing import TypeAlias

UNIT_KINDS = (
    "ppc",
    "ppc_office",
    "department",
    "equivalent",
    "police",
    "division",
    "steering_body",
    "dpc",
    "cpc",
)
"""People's committee of the province and its office, departments and equal agencies, police, their divisions,
inter-agency steering bodies, people's committees of districts and of communes."""

POST_KINDS = ("head", "deputy", "officer", "registrar", "administrator")

COLLECTIVE_KINDS = frozenset({"ppc", "dpc", "cpc", "steering_body"})
"""Bodies signed for with `TM.` (Decree 30/2020, article 13)."""

SEES_ONLY_WHAT_REACHED = frozenset({"ppc"})
"""The province's people's committee stands above every unit; its people see a unit's work once it has reached them."""

CONTACT_LINES, CONTACT_LETTERS = 3, 90
"""How much of an address the foot of a page holds: 11 pt between its margins (Decree 30/2020, appendix I.III.4)."""

Life: TypeAlias = tuple[date, date | None]
"""First and last day, both included; None while no end is known."""


def overlap(one: Life, other: Life) -> bool:
    """Whether two lives share a day."""
    return one[0] <= (other[1] or date.max) and other[0] <= (one[1] or date.max)


def within(inner: Life, outer: Life) -> bool:
    """Whether every day of one life is a day of the other."""
    return outer[0] <= inner[0] and (inner[1] or date.max) <= (outer[1] or date.max)
