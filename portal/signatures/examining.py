"""Whether the signatures of a PDF hold, one by one and together; in codes, never in sentences."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    from datetime import datetime

    from portal.confined import Budget
    from portal.signatures.trust import Trust

Verdict: TypeAlias = Literal["valid", "doubtful", "invalid"]
"""As ETSI EN 319 102-1 has it: passed, indeterminate, failed."""

PROBLEMS = (
    "signature_broken",  # invalid: the signature does not fit what it signs
    "changed_afterwards",  # invalid: something other than signatures and proofs came after it
    "weak_digest",  # invalid: sha1 or md5
    "certificate_revoked",  # invalid: revoked before the signature is proven to have existed
    "certificate_cannot_sign",  # invalid: its key usage says so
    "outside_validity",  # invalid: made before the certificate's days, by its time stamp
    "untrusted",  # doubtful: leads to no authority that is believed
    "validity_unproven",  # doubtful: the certificate has expired, and no time stamp proves that it had not
    "signature_unreadable",  # doubtful: of a kind that cannot be read here
)
"""Why a signature is not valid; the first that applies."""

CAUTIONS = (
    "not_timestamped",  # the time is what the signer's computer said
    "revocation_unknown",  # nothing says whether the certificate was revoked
    "signed_more_afterwards",  # further signatures or proofs came after it, and nothing else
)
"""What a valid signature lacks."""


@dataclass(frozen=True)
class SignatureReport:
    """What was found of one signature.

    Attributes:
        field: its name in the file.
        name: common name of the signer's certificate.
        organisation: of its subject; may be empty.
        issuer: common name of who issued it.
        serial: of the certificate, hexadecimal.
        certificate_sha256: hexadecimal.
        signed_at: the proven time where there is a time stamp, else the claimed one; aware; None where neither is said.
        timestamped: whether an authority that is believed vouches for the time.
        intact: the signature fits the bytes it covers.
        covers_whole_file: nothing at all came after it.
        changed_afterwards: something other than signatures and proofs came after it.
        trusted: its certificate leads to an authority that is believed.
        revoked: None where nothing says whether it was.
        verdict: what all this comes to.
        problem: one of `PROBLEMS`; empty where the verdict is valid.
        cautions: of `CAUTIONS`.
    """

    field: str
    name: str
    organisation: str
    issuer: str
    serial: str
    certificate_sha256: str
    signed_at: datetime | None
    timestamped: bool
    intact: bool
    covers_whole_file: bool
    changed_afterwards: bool
    trusted: bool
    revoked: bool | None
    verdict: Verdict
    problem: str = ""
    cautions: tuple[str, ...] = ()

    @property
    def valid(self) -> bool:
        """Whether it passed."""
        return self.verdict == "valid"


UNREADABLE = (
    "not_a_pdf",
    "document_encrypted",
    "document_unreadable",
    "file_too_large",
    "too_many_signatures",
    "cannot_be_checked",
)
"""Why a file could not be read at all."""


@dataclass(frozen=True)
class Examination:
    """What was found in a file.

    Attributes:
        signatures: in the order in which they were made.
        unreadable: one of `UNREADABLE`; empty where the file could be read.
        changed_after_last: something came after the last signature that is no proof of one.
    """

    signatures: tuple[SignatureReport, ...] = ()
    unreadable: str = ""
    changed_after_last: bool = False

    @property
    def verdict(self) -> Verdict | Literal["unsigned", "unreadable"]:
        """The worst of its signatures'."""
        if self.unreadable:
            return "unreadable"
        if not self.signatures:
            return "unsigned"
        verdicts = {each.verdict for each in self.signatures}
        return next(each for each in ("invalid", "doubtful", "valid") if each in verdicts)


def examine(pdf: bytes, trust: Trust, at: datetime | None = None) -> Examination:
    """What the signatures of a file are worth; asks no address.

    Args:
        pdf: a file of any origin; in a process that may break, see `examine_confined`.
        trust: who is believed; its addresses are not asked, its lists are read.
        at: as at this moment; aware; now where None.
    """
    raise NotImplementedError


def examine_confined(pdf: bytes, trust: Trust, at: datetime | None = None, budget: Budget | None = None) -> Examination:
    """The same in a confined child, as for everything that somebody hands in. Never raises for what is in the file."""
    raise NotImplementedError
