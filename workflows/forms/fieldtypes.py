"""All field types by name: a new type is a class like its neighbours and one line here.

An option that no type has yet is an attribute of ``schema.Field`` and a line in ``definition.OPTIONS``.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from workflows.forms.computed import Computed
from workflows.forms.figures import DecimalType, Integer, Money, Rank, Ratio, Score
from workflows.forms.plain import Attachment, Choices, ChoiceType, Date, DateRange, LongText, RichText, Text, YesNoType
from workflows.forms.table import Table

if TYPE_CHECKING:
    from collections.abc import Mapping

    from workflows.forms.fieldtype import FieldType

COLUMN_TYPES: Mapping[str, FieldType] = MappingProxyType(
    {
        "text": Text(),
        "long_text": LongText(),
        "date": Date(),
        "date_range": DateRange(),
        "choice": ChoiceType(),
        "choices": Choices(),
        "yes_no": YesNoType(),
        "integer": Integer(),
        "decimal": DecimalType(),
        "money": Money(),
        "ratio": Ratio(),
        "score": Score(),
        "rank": Rank(),
        "attachment": Attachment(),
    }
)
"""What a column of a table may be."""

TYPES: Mapping[str, FieldType] = MappingProxyType(
    {**COLUMN_TYPES, "rich_text": RichText(), "table": Table(COLUMN_TYPES), "computed": Computed()}
)
"""What a field may be."""
