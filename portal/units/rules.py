"""What kinds of units and posts there are, and what follows from a kind."""

from __future__ import annotations

import re
from datetime import date
from typing import TypeAlias

from workflows.errors import Refusal

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

LONGEST_ORGAN_CODE = 35
ORGAN_CODE = re.compile(r"[0-9A-Z]{2,3}(\.[0-9A-Z]{2,3})*")
"""Groups of two or three letters and figures (Decision 20/2020/QĐ-TTg), as `H21` for Gia Lai."""

Life: TypeAlias = tuple[date, date | None]
"""First and last day, both included; None while no end is known."""


def refuse_long_contact(contact: str) -> None:
    """See that an address fits into the foot of a page, where the rest would be cut off.

    Raises:
        Refusal: `contact_too_long`.
    """
    lines = contact.splitlines()
    if len(lines) > CONTACT_LINES or any(len(line) > CONTACT_LETTERS for line in lines):
        raise Refusal("contact_too_long", {"lines": CONTACT_LINES, "letters": CONTACT_LETTERS})


def read_organ_code(typed: str) -> str | None:
    """An identification code as it is kept: in capitals, without spaces; None where nothing was typed.

    Args:
        typed: of Decision 20/2020/QĐ-TTg, from the left, as H21.05; or of before, from the right, as 000.00.05.H21.

    Raises:
        Refusal: `organ_code_shape`.
    """
    code = "".join(typed.split()).upper()
    if code and not (len(code) <= LONGEST_ORGAN_CODE and ORGAN_CODE.fullmatch(code)):
        raise Refusal("organ_code_shape", {"code": code[:60]})
    return code or None


def overlap(one: Life, other: Life) -> bool:
    """Whether two lives share a day."""
    return one[0] <= (other[1] or date.max) and other[0] <= (one[1] or date.max)


def within(inner: Life, outer: Life) -> bool:
    """Whether every day of one life is a day of the other."""
    return outer[0] <= inner[0] and (inner[1] or date.max) <= (outer[1] or date.max)
