"""The JSON Schema of each kind of definition, so that an editor says while one types what the portal would say.

A schema knows shapes, not what one part says of another: a stage that is named and is not there is for the portal to
find. It is made of the tables and limits by which the parsers read, and a test holds it against them.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from portal.definitions.schemas.calendars import CALENDAR
from portal.definitions.schemas.chains import CHAIN
from portal.definitions.schemas.documents import DOCUMENT
from portal.definitions.schemas.forms import FORM
from portal.definitions.schemas.schedules import SCHEDULE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from portal.definitions.schemas.bricks import Schema

SCHEMAS: Final[Mapping[str, Schema]] = {
    "form": FORM,
    "document": DOCUMENT,
    "calendar": CALENDAR,
    "chain": CHAIN,
    "schedule": SCHEDULE,
}
"""Kind → its schema, in the draft 2020-12."""


def schema_text(kind: str) -> str:
    """A schema as a file holds it.

    Args:
        kind: one of `models.KINDS`.
    """
    return json.dumps(SCHEMAS[kind], ensure_ascii=False, indent=2) + "\n"
