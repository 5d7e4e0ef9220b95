"""How long a signature can be checked, and what is fetched for that: time stamps, answers on revocation."""

from __future__ import annotations

import io
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from asn1crypto import x509
from pyhanko.sign.signers import PdfTimeStamper
from pyhanko.sign.timestamps import TimestampRequestError
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko_certvalidator import CertificateValidator
from pyhanko_certvalidator.errors import (
    InsufficientRevinfoError,
    PathBuildingError,
    PathError,
    RevokedError,
    ValidationError,
)

from portal.signatures.asking import TimeStamps, asking_context
from portal.signatures.keys import DIGEST, facts
from portal.signatures.writing import Writer
from workflows.errors import Refusal

if TYPE_CHECKING:
    from pyhanko_certvalidator import ValidationContext
    from pyhanko_certvalidator.path import ValidationPath

    from portal.signatures.trust import Trust

STAMP_FIELD_LABEL = "Dấu thời gian"


class Level(StrEnum):
    """How long a signature can be checked (ETSI EN 319 142-1, clause 6)."""

    B = "B-B"  # while its certificate is valid, by the time that the signer's computer said
    T = "B-T"  # the same, by a time that an authority vouches for
    LT = "B-LT"  # with everything that was said of the certificates enclosed
    LTA = "B-LTA"  # after the certificates have expired, too


def best_level(trust: Trust) -> Level:
    """The highest level that the settings allow."""
    if not trust.time_stamp_url:
        return Level.B
    return Level.LTA if trust.roots and (trust.revocation_urls or trust.revocation_lists) else Level.T


def time_stamps(level: Level, trust: Trust) -> TimeStamps | None:
    """Whom a level asks for time stamps.

    Raises:
        Refusal: `no_time_stamp`: the settings name nobody.
    """
    if level is Level.B:
        return None
    if not trust.time_stamp_url:
        raise Refusal("no_time_stamp", {"detail": ""})
    return TimeStamps(trust)


async def check_authority(certificate: bytes, chain: tuple[bytes, ...], trust: Trust, *, to_be_proven: bool) -> None:
    """Refuses a certificate of which is known that it is revoked, or that it cannot be proven not to be.

    Args:
        certificate: DER.
        chain: DER of those above it.
        trust: who is believed, and who can be asked.
        to_be_proven: whether the level encloses what is said of certificates.

    Raises:
        Refusal: `certificate_revoked`; `certificate_untrusted` where it is to be proven (`name`).
    """
    if not (to_be_proven or trust.revocation_lists or trust.revocation_urls):
        return
    try:
        await _path(certificate, asking_context(trust, chain))
    except Refusal as refused:
        # Whoever does not answer now may answer when the signature is there.
        if refused.code == "certificate_revoked" or (to_be_proven and refused.code == "certificate_untrusted"):
            raise


async def with_proofs(
    pdf: bytes, certificate: bytes, chain: tuple[bytes, ...], *, stamps: TimeStamps, trust: Trust, for_ever: bool
) -> bytes:
    """A signed file with what was said of its certificates, and `for_ever` (B-LTA) a time stamp over all that.

    Raises:
        Refusal: `no_revocation_data`, `no_time_stamp` (`detail`), `certificate_revoked`, `certificate_untrusted`.
    """
    context = asking_context(trust, chain)
    paths = [await _path(certificate, context), *await _stamp_paths(stamps, context)]
    writer = Writer(io.BytesIO(pdf))
    DocumentSecurityStore.supply_dss_in_writer(writer, None, paths=paths, validation_context=context)
    output = io.BytesIO()
    if not for_ever:
        writer.write(output)
    else:
        stamper = PdfTimeStamper(stamps, readable_field_name=STAMP_FIELD_LABEL)
        await answered(stamper.async_timestamp_pdf(writer, DIGEST, output=output))
    return output.getvalue()


async def answered(asked: Any) -> Any:
    """What somebody answers who gives time stamps.

    Raises:
        Refusal: `no_time_stamp` (`detail`).
    """
    try:
        return await asked
    except (OSError, ValueError, TimestampRequestError) as error:
        raise Refusal("no_time_stamp", {"detail": str(error)[:200]}) from error


async def _path(certificate: bytes, context: ValidationContext) -> ValidationPath:
    validator = CertificateValidator(x509.Certificate.load(certificate), validation_context=context)
    try:
        return await validator.async_validate_path()
    except RevokedError as error:
        raise Refusal("certificate_revoked", {"name": facts(certificate).name}) from error
    except InsufficientRevinfoError as error:
        raise Refusal("no_revocation_data", {"detail": str(error)[:200]}) from error
    except (PathBuildingError, PathError, ValidationError) as error:
        raise Refusal("certificate_untrusted", {"name": facts(certificate).name}) from error


async def _stamp_paths(stamps: TimeStamps, context: ValidationContext) -> list[ValidationPath]:
    await answered(stamps.async_dummy_response(DIGEST))
    try:
        return [path async for path in stamps.validation_paths(context)]
    except InsufficientRevinfoError as error:
        raise Refusal("no_revocation_data", {"detail": str(error)[:200]}) from error
    except (PathBuildingError, PathError, ValidationError) as error:
        raise Refusal("no_time_stamp", {"detail": str(error)[:200]}) from error
