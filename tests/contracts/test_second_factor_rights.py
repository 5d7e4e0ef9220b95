"""Who must prove more than a password: every right that it depends on exists, and the shipped roles are as meant."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal.roles import SEED, rights_of
from portal.security import NEEDS_SECOND_FACTOR, Actor

if TYPE_CHECKING:
    from flask import Flask

MUST = {"Department reviewer", "Police reviewer", "UBND approver", "Registrar", "Unit administrator", "Designer"}
NEED_NOT = {"Clerk", "Auditor"}


def test_every_right_that_asks_for_a_second_factor_exists(app: Flask) -> None:
    assert NEEDS_SECOND_FACTOR - rights_of(app.extensions["appbuilder"]) == set()


def test_whoever_approves_registers_or_administers_needs_one() -> None:
    asked = set()
    for role, screens in SEED.items():
        rights = frozenset((right, screen) for screen, rights in screens.items() for right in rights)
        if Actor(1, "", "", permissions=rights).needs_second_factor:
            asked.add(role)
    assert asked == MUST
    assert set(SEED) == MUST | NEED_NOT | {"Administrator"}  # whoever has every right has these
