"""Which periods may be reported on, and which answer says that there is nothing to report."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workflows.errors import Refusal

if TYPE_CHECKING:
    from datetime import date

FIRST_YEAR = 2000
"""An earlier year is a slip of the finger: nothing so old is reported on."""


def reported_years(today: date) -> range:
    """The years that someone may report on: until the next one, for what is prepared ahead."""
    return range(FIRST_YEAR, today.year + 2)


def bad_period(today: date) -> Refusal:
    """That nobody reports on such a period, and which years there are."""
    years = reported_years(today)
    return Refusal("bad_period", {"first": years[0], "last": years[-1]})


def says_nothing(value: object) -> bool:
    """Whether an answer is that there is nothing to report."""
    return isinstance(value, dict) and value.get("nothing") is True
