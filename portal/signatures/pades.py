"""Signing a PDF as PAdES (ETSI EN 319 142): in an incremental update, so that what was there stays byte for byte."""

from __future__ import annotations

import base64
import hashlib
import io
import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from asn1crypto import cms, x509
from pyhanko.sign.signers import ExternalSigner
from pyhanko.sign.signers.pdf_byterange import PreparedByteRangeDigest
from pyhanko_certvalidator.registry import SimpleCertificateStore

from portal.signatures.asking import waited
from portal.signatures.keys import DIGEST, check_certificate, der_of, fits
from portal.signatures.levels import Level, answered, best_level, check_authority, time_stamps, with_proofs
from portal.signatures.writing import write_gap
from workflows.errors import Refusal

if TYPE_CHECKING:
    from portal.signatures.keys import SigningKey
    from portal.signatures.stamps import Stamp
    from portal.signatures.trust import Trust

__all__ = ["Level", "Prepared", "Signed", "best_level", "complete", "prepare", "sign"]

LOWER = {"no_time_stamp": Level.B, "no_revocation_data": Level.T}
"""Who does not answer → the level that can be had without."""


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
        gap: where its opening bracket stands, and the first byte after its closing one.
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
        return hashlib.sha256(self.attributes).digest()

    def to_json(self) -> str:
        """Everything but the file, to be kept until the signature comes."""
        kept = {name: value for name, value in asdict(self).items() if name != "pdf"}
        return json.dumps(kept, default=lambda value: base64.b64encode(value).decode())

    @classmethod
    def from_json(cls, text: str, pdf: bytes) -> Prepared:
        """What `to_json` gave, with its file."""
        kept = json.loads(text)
        start, end = kept["gap"]
        return cls(
            pdf=pdf,
            gap=(start, end),
            digest=base64.b64decode(kept["digest"]),
            attributes=base64.b64decode(kept["attributes"]),
            certificate=base64.b64decode(kept["certificate"]),
            chain=tuple(base64.b64decode(each) for each in kept["chain"]),
            level=Level(kept["level"]),
        )


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
        Refusal: as `prepare` and `complete`; whatever the key refuses.
    """
    prepared = prepare(pdf, key.certificate, key.chain, stamp, level, trust)
    return complete(prepared, key.sign(prepared.attributes), trust, fall_back=fall_back)


def prepare(  # noqa: PLR0917 - in the order of `sign`
    pdf: bytes, certificate: bytes, chain: tuple[bytes, ...], stamp: Stamp, level: Level, trust: Trust
) -> Prepared:
    """A file ready for the signature of a token at the signer's own computer.

    Args:
        pdf: as for `sign`.
        certificate: of the one that will sign; DER or PEM.
        chain: DER of those above it, as far as known.
        stamp: as for `sign`.
        level: as for `sign`.
        trust: as for `sign`.

    Raises:
        Refusal: `certificate_…` and `weak_key` of `keys.check_certificate`; `certificate_revoked` (`name`);
            `certificate_untrusted` (`name`), where the level proves that it is not; `document_unreadable`,
            `document_encrypted`; `page_missing` (`page`); `field_taken` (`field`): signed there already.
    """
    certificate = der_of(certificate)
    check_certificate(certificate, stamp.signed_at)
    above = _above(certificate, (*chain, *trust.intermediates))
    waited(check_authority(certificate, above, trust, to_be_proven=level in {Level.LT, Level.LTA}))
    written, gap = write_gap(pdf, stamp)
    attributes = waited(_signer(certificate, above).signed_attrs(gap.document_digest, DIGEST, use_pades=True))
    region = (gap.reserved_region_start, gap.reserved_region_end)
    return Prepared(written, region, gap.document_digest, attributes.dump(), certificate, above, level)


def complete(prepared: Prepared, signature: bytes, trust: Trust, *, fall_back: bool = False) -> Signed:
    """The prepared file with the signature that the token made.

    Args:
        prepared: what `prepare` gave.
        signature: the raw signature over `prepared.attributes`, or a whole CMS (DER) with exactly those attributes.
        trust: as for `sign`.
        fall_back: as for `sign`.

    Raises:
        Refusal: `other_document`: the file is not the one that was prepared; `wrong_key`: made by another key, or over
            something else; `no_time_stamp`, `no_revocation_data`
            (`detail`): the settings name nobody, or nobody answers; `certificate_revoked`, `certificate_untrusted`.
    """
    start, end = prepared.gap
    if hashlib.sha256(prepared.pdf[:start] + prepared.pdf[end:]).digest() != prepared.digest:
        raise Refusal("other_document")
    raw = _raw(signature)
    if not fits(prepared.certificate, prepared.attributes, raw):
        raise Refusal("wrong_key")
    level = prepared.level
    while True:
        try:
            return Signed(waited(_completed(prepared, raw, level, trust)), level)
        except Refusal as refused:
            if not fall_back or refused.code not in LOWER:
                raise
            level = LOWER[refused.code]


async def _completed(prepared: Prepared, raw: bytes, level: Level, trust: Trust) -> bytes:
    stamps = time_stamps(level, trust)
    attributes = cms.CMSAttributes.load(prepared.attributes)
    signer = _signer(prepared.certificate, prepared.chain, raw)
    container = await answered(signer.async_sign_prescribed_attributes(DIGEST, attributes, timestamper=stamps))
    output = io.BytesIO(prepared.pdf)
    PreparedByteRangeDigest(prepared.digest, *prepared.gap).fill_with_cms(output, container)
    if stamps is None or level is Level.T:
        return output.getvalue()
    signed, for_ever = output.getvalue(), level is Level.LTA
    return await with_proofs(
        signed, prepared.certificate, prepared.chain, stamps=stamps, trust=trust, for_ever=for_ever
    )


def _signer(certificate: bytes, chain: tuple[bytes, ...], raw: bytes | None = None) -> ExternalSigner:
    store = SimpleCertificateStore()  # type: ignore[no-untyped-call]
    for each in chain:
        store.register(x509.Certificate.load(each))
    return ExternalSigner(x509.Certificate.load(certificate), store, signature_value=raw)


def _raw(signature: bytes) -> bytes:
    """The signature itself, taken out of a CMS where it came in one."""
    try:
        content = cms.ContentInfo.load(signature, strict=True)
        if content["content_type"].native == "signed_data":
            return bytes(content["content"]["signer_infos"][0]["signature"].native)
    except (ValueError, TypeError, KeyError, IndexError):
        return signature
    return signature


def _above(certificate: bytes, known: tuple[bytes, ...]) -> tuple[bytes, ...]:
    """The authorities above a certificate, as far as they are known, without the root."""
    by_subject = {x509.Certificate.load(each).subject.dump(): each for each in known}
    found: list[bytes] = []
    issuer = x509.Certificate.load(certificate).issuer.dump()
    while issuer in by_subject and by_subject[issuer] not in found:
        found.append(by_subject[issuer])
        issuer = x509.Certificate.load(found[-1]).issuer.dump()
    return tuple(found)
