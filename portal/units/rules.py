"""What kinds of units and posts there are, and what follows from a kind."""

from __future__ import annotations

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
