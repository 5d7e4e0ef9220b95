"""Signing a PDF as PAdES (ETSI EN 319 142): in an incremental update, so that what was there stays byte for byte."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from portal.signatures.keys import SigningKey
    from portal.signatures.stamps import Stamp
    from portal.signatures.trust import Trust


class Level(StrEnum):
    """How long a signature can be checked (ETSI EN 319 142-1, clause 6)."""

    B = "B-B"
    T = "B-T"
    LT = "B-LT"
    LTA = "B-LTA"


@dataclass(frozen=True)
class Signed:
    """A signed file.

    Attributes:
        pdf: the file; what was given is its beginning.
        level: what was reached; lower than what was asked for only where falling back was allowed.
    """

    pdf: bytes
    level: Level


@dataclass(frozen=True)
class Prepared:
    """A file with a gap for a signature that a token elsewhere will make.

    Attributes:
        pdf: with the gap; what was given is its beginning.
        gap: first byte after the gap's opening bracket, and the one of its closing bracket.
        digest: of all but the gap.
        attributes: DER of the signed attributes: what the token signs.
        certificate: DER of the one that is to sign.
        chain: DER of those above it.
        level: what is asked for.
    """

    pdf: bytes
    gap: tuple[int, int]
    digest: bytes
    attributes: bytes
    certificate: bytes
    chain: tuple[bytes, ...]
    level: Level

    @property
    def to_sign(self) -> bytes:
        """The hash that goes out to the token: SHA-256 of `attributes`."""
        raise NotImplementedError

    def to_json(self) -> str:
        """Everything but the file, to be kept until the signature comes."""
        raise NotImplementedError

    @classmethod
    def from_json(cls, text: str, pdf: bytes) -> Prepared:
        """What `to_json` gave, with its file."""
        raise NotImplementedError


def best_level(trust: Trust) -> Level:
    """The highest level that the settings allow: LTA with a time stamp and revocation data, T with a time stamp, or B."""
    raise NotImplementedError


def sign(pdf: bytes, key: SigningKey, stamp: Stamp, level: Level, trust: Trust, *, fall_back: bool = False) -> Signed:
    """A file signed with a key that is at hand.

    Args:
        pdf: rendered by us, or signed before; it is not changed.
        key: opened, see `keys` and `tokens`.
        stamp: what it looks like, where and when.
        level: what is asked for.
        trust: whom to ask for time stamps and revocation data.
        fall_back: whether a lower level will do where those do not answer.

    Raises:
        Refusal: `certificate_…` and `weak_key` of `keys.check_certificate`; `field_taken` (`field`): signed there already;
            `page_missing` (`page`); `document_unreadable`; `no_time_stamp`, `no_revocation_data` (`detail`): nobody is configured or
            answers; `certificate_revoked` (`name`); whatever the key refuses.
    """
    raise NotImplementedError


def prepare(
    pdf: bytes, certificate: bytes, chain: tuple[bytes, ...], stamp: Stamp, level: Level, trust: Trust
) -> Prepared:
    """A file ready for the signature of a token at the signer's own computer.

    Args:
        pdf: as for `sign`.
        certificate: DER of the one that will sign.
        chain: DER of those above it, as far as known.
        stamp: as for `sign`.
        level: as for `sign`.
        trust: as for `sign`.

    Raises:
        Refusal: as `sign`, but for what keys refuse.
    """
    raise NotImplementedError


def complete(prepared: Prepared, signature: bytes, trust: Trust, *, fall_back: bool = False) -> Signed:
    """The prepared file with the signature that the token made.

    Args:
        prepared: what `prepare` gave.
        signature: the raw signature over `prepared.attributes`, or a whole CMS (DER) with exactly those attributes.
        trust: as for `sign`.
        fall_back: as for `sign`.

    Raises:
        Refusal: `wrong_key`: made by another key, or over something else; `no_time_stamp`, `no_revocation_data`.
    """
    raise NotImplementedError
