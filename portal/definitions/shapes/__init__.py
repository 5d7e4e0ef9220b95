"""What designers show of each kind of definition."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal.definitions.shapes.calendars import CALENDAR
from portal.definitions.shapes.chains import CHAIN
from portal.definitions.shapes.documents import DOCUMENT
from portal.definitions.shapes.forms import FORM
from portal.definitions.shapes.schedules import SCHEDULE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from portal.definitions.shapes.description import Shape

SHAPES: Mapping[str, Shape] = {
    "form": FORM,
    "document": DOCUMENT,
    "calendar": CALENDAR,
    "chain": CHAIN,
    "schedule": SCHEDULE,
}
"""By kind."""
