"""Which book numbers which types: the series of an issuer, and what must hold of them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from portal.definitions.decree import LETTER, TYPE_NAMES, TYPES
from portal.documents.rules import COPY_NAMES
from workflows.errors import Refusal

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

KEY = re.compile(r"[a-z][a-z0-9-]{0,23}")
LONGEST_NAME = 120


@dataclass(frozen=True)
class Series:
    """One book of each year.

    Attributes:
        key: short and lasting; registers name the series by it.
        name_vi: what people call the book.
        name_en: the same in English.
        types: abbreviations of the types that it numbers (Decree 30/2020, appendix III.I).
    """

    key: str
    name_vi: str
    name_en: str
    types: tuple[str, ...]

    @property
    def name(self) -> dict[str, str]:
        """What it is called, by language."""
        return {"vi": self.name_vi, "en": self.name_en}


COPIES = Series("copies", "Bản sao", "Copies", tuple(COPY_NAMES))
"""Copies of every kind share one series of the year in every issuer (Decree 30/2020, appendix I, part II)."""

SHIPPED = (
    Series("decisions", "Quyết định", "Decisions", ("QĐ",)),
    Series("letters", "Công văn", "Official letters", (LETTER,)),
    Series(
        "named",
        "Báo cáo, kế hoạch và các văn bản có tên loại khác",
        "Reports, plans and other named types",
        tuple(each for each in TYPE_NAMES if each != "QĐ"),
    ),
)
"""What an issuer has whose head has decided nothing else: he decides by article 15 of Decree 30/2020."""


def read(rows: Iterable[Any]) -> tuple[Series, ...]:
    """Series as they are stored."""
    return tuple(Series(each["key"], each["name_vi"], each["name_en"], tuple(each["types"])) for each in rows)


def written(scheme: Iterable[Series]) -> list[dict[str, Any]]:
    """Series as they are to be stored."""
    return [
        {"key": each.key, "name_vi": each.name_vi, "name_en": each.name_en, "types": list(each.types)}
        for each in scheme
    ]


def numbering(scheme: Sequence[Series], kind: str) -> Series:
    """The series that numbers a type.

    Args:
        scheme: as from `check`.
        kind: one of `decree.TYPES`, or a kind of copy.
    """
    return next(each for each in (*scheme, COPIES) if kind in each.types)


def known(scheme: Sequence[Series], key: str) -> Series:
    """The series with a key.

    Raises:
        Refusal: `unknown_series`.
    """
    for each in (*scheme, COPIES):
        if each.key == key:
            return each
    raise Refusal("unknown_series", {"key": key})


def check(scheme: Sequence[Series]) -> None:
    """See that every type has one book and every book a name and types.

    Raises:
        Refusal: `series_key`, `series_twice`, `series_without_name`, `series_without_types`, `type_not_in_one_book`.
    """
    for each in scheme:
        _check_one(each)
    keys = [each.key for each in (*scheme, COPIES)]
    if twice := next((key for key in keys if keys.count(key) > 1), None):
        raise Refusal("series_twice", {"key": twice})
    named = [kind for each in scheme for kind in each.types]
    if wrong := [kind for kind in dict.fromkeys((*TYPES, *named)) if kind not in TYPES or named.count(kind) != 1]:
        raise Refusal("type_not_in_one_book", {"types": ", ".join(wrong)})


def _check_one(series: Series) -> None:
    if not KEY.fullmatch(series.key):
        raise Refusal("series_key", {"key": series.key})
    if not series.name_vi or not series.name_en:
        raise Refusal("series_without_name", {"key": series.key})
    if not series.types:
        raise Refusal("series_without_types", {"key": series.key})


def split(before: Sequence[Series], after: Sequence[Series]) -> set[str]:
    """The keys of series that number other types afterwards than before, or nothing any more.

    Args:
        before: the scheme in force.
        after: the one that is asked for.
    """
    types = {each.key: set(each.types) for each in after}
    return {each.key for each in before if types.get(each.key) != set(each.types)}
