"""The table of indicators."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base
from portal.indicators.rules import AGGREGATIONS, DIRECTIONS, EVERY_AGGREGATION, KINDS, LONGEST_KEY

LONGEST_DEFINITION, LONGEST_SOURCE = 1000, 300
"""How many characters may say how an indicator is counted, and where its figures come from."""


def _one_of(column: str, values: tuple[str, ...]) -> str:
    return f"{column} IN ({', '.join(repr(value) for value in values)})"


_FITTING = " OR ".join(f"(kind = {kind!r} AND {_one_of('aggregation', ways)})" for kind, ways in AGGREGATIONS.items())


class Indicator(Base):
    """What is measured. It has no versions: figures of many years stand under one key, and a form names that key."""

    __tablename__ = "indicator"
    __table_args__ = (
        CheckConstraint(_one_of("kind", KINDS), name="ck_indicator_kind"),
        CheckConstraint(_one_of("direction", DIRECTIONS), name="ck_indicator_direction"),
        CheckConstraint(_one_of("aggregation", EVERY_AGGREGATION), name="ck_indicator_aggregation"),
        CheckConstraint(_FITTING, name="ck_indicator_aggregation_of_kind"),
        UniqueConstraint("key", name="uq_indicator_key"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(LONGEST_KEY))
    name_vi: Mapped[str] = mapped_column(String(200))
    name_en: Mapped[str] = mapped_column(String(200))
    measure_vi: Mapped[str | None] = mapped_column(String(60))
    measure_en: Mapped[str | None] = mapped_column(String(60))
    kind: Mapped[str] = mapped_column(String(16))
    direction: Mapped[str] = mapped_column(String(16))
    aggregation: Mapped[str] = mapped_column(String(16))
    definition_vi: Mapped[str | None] = mapped_column(String(LONGEST_DEFINITION))
    source: Mapped[str | None] = mapped_column(String(LONGEST_SOURCE))
    in_use: Mapped[bool] = mapped_column(default=True)
    version: Mapped[int] = mapped_column(default=0)

    def __str__(self) -> str:
        return self.name_vi

    @property
    def name(self) -> dict[str, str]:
        """What it is called, by language."""
        return {"vi": self.name_vi, "en": self.name_en}

    @property
    def measure(self) -> dict[str, str]:
        """What its figures count, by language; empty where they count nothing, as a rank does."""
        return {"vi": self.measure_vi or "", "en": self.measure_en or ""}
