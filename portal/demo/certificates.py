"""A made-up authority for the demo: key files with which its people can try signing; worth nothing before the law."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

WORTHLESS = "TRÌNH THỬ NGHIỆM - không có giá trị pháp lý"
"""Stands in the subject of every certificate."""


@dataclass(frozen=True)
class Holder:
    """Somebody who gets a key.

    Attributes:
        key: names the file: a username, or the code of a unit.
        name: of the person or the unit, as printed.
        organisation: whose person it is; for a unit the unit itself.
    """

    key: str
    name: str
    organisation: str


@dataclass(frozen=True)
class DemoAuthority:
    """What was made.

    Attributes:
        root: DER of the authority's certificate.
        key_files: key of a holder → PKCS#12.
        certificates: key of a holder → DER.
    """

    root: bytes
    key_files: dict[str, bytes]
    certificates: dict[str, bytes]


def make_authority(holders: Sequence[Holder], pin: str, first_day: date) -> DemoAuthority:
    """An authority and a key file for each holder, all valid for two years; its own key is thrown away.

    Args:
        holders: people and units.
        pin: opens every key file.
        first_day: of validity.
    """
    raise NotImplementedError
