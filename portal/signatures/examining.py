"""Whether the signatures of a PDF hold, one by one and together; in codes, never in sentences."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from pyhanko.sign.diff_analysis import ModificationLevel

from portal.signatures import apart
from portal.signatures.judging import Judgement, judge
from portal.signatures.keys import facts
from portal.signatures.reading import (
    HOSTILE,
    LONGEST_PDF,
    covers_whole_file,
    has_weak_digest,
    is_followed_by,
    is_intact,
    open_pdf,
)
from workflows.errors import Refusal

if TYPE_CHECKING:
    from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature

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
    "outside_validity",  # invalid: it was there before the certificate's days
    "untrusted",  # doubtful: leads to no authority that is believed
    "validity_unproven",  # doubtful: the certificate has expired, and no time stamp proves that it had not
    "signature_unreadable",  # doubtful: of a kind that cannot be read here
)
"""Why a signature is not valid; the first that applies."""

DOUBTFUL = {"untrusted", "validity_unproven", "signature_unreadable"}

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
        verdict: what all the rest comes to.
        problem: one of `PROBLEMS`; empty where the verdict is valid.
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
        cautions: of `CAUTIONS`.
    """

    field: str
    verdict: Verdict
    problem: str = ""
    name: str = ""
    organisation: str = ""
    issuer: str = ""
    serial: str = ""
    certificate_sha256: str = ""
    signed_at: datetime | None = None
    timestamped: bool = False
    intact: bool = False
    covers_whole_file: bool = False
    changed_afterwards: bool = False
    trusted: bool = False
    revoked: bool | None = None
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
    try:
        reader = open_pdf(pdf, strict=False)
        signatures = reader.embedded_regular_signatures
        reports = tuple(_reported(each, pdf, trust, at or datetime.now(UTC)) for each in signatures)
        ended = bool(signatures) and not _is_left_alone(signatures[-1])
    except Refusal as refused:
        return Examination(unreadable=refused.code)
    except HOSTILE:
        return Examination(unreadable="document_unreadable")
    return Examination(reports, changed_after_last=ended)


def examine_confined(pdf: bytes, trust: Trust, at: datetime | None = None, budget: Budget | None = None) -> Examination:
    """The same in a confined child, as for everything that somebody hands in. Never raises for what is in the file."""
    if len(pdf) > LONGEST_PDF:
        return Examination(unreadable="file_too_large")
    try:
        return _from_json(apart.ask(apart.Question("examine", (pdf,), trust=trust, at=at, budget=budget)))
    except Refusal as refused:
        return Examination(unreadable=refused.code)


def answer(asked: apart.Question) -> dict[str, object]:
    """What the child says of a file, as JSON."""
    assert asked.trust is not None
    found = asdict(examine(asked.files[0], asked.trust, asked.at))
    for each in found["signatures"]:
        each["signed_at"] = each["signed_at"] and each["signed_at"].isoformat()
    return found


def _from_json(found: dict[str, Any]) -> Examination:
    reports = []
    for each in found["signatures"]:
        signed_at = datetime.fromisoformat(each["signed_at"]) if each["signed_at"] else None
        reports.append(SignatureReport(**{**each, "signed_at": signed_at, "cautions": tuple(each["cautions"])}))
    return Examination(tuple(reports), found["unreadable"], found["changed_after_last"])


def _reported(signature: EmbeddedPdfSignature, pdf: bytes, trust: Trust, at: datetime) -> SignatureReport:
    report = SignatureReport(field=signature.field_name, verdict="doubtful", problem="signature_unreadable")
    try:
        certificate = facts(signature.signer_cert.dump())
        report = replace(
            report,
            name=certificate.name,
            organisation=certificate.organisation,
            issuer=certificate.issuer,
            serial=certificate.serial,
            certificate_sha256=certificate.sha256,
            signed_at=signature.self_reported_timestamp,
        )
        return _judged(report, signature, pdf, trust, at)
    except (*HOSTILE, Refusal):
        return report


def _judged(
    report: SignatureReport, signature: EmbeddedPdfSignature, pdf: bytes, trust: Trust, at: datetime
) -> SignatureReport:
    intact = is_intact(signature, pdf)
    unchanged = is_followed_by(signature, ModificationLevel.FORM_FILLING)
    found = judge(signature, trust, at)
    problem = _problem(signature, found, intact=intact, unchanged=unchanged)
    return replace(
        report,
        signed_at=found.proven_at or report.signed_at,
        timestamped=found.proven_at is not None,
        intact=intact,
        covers_whole_file=covers_whole_file(signature),
        changed_afterwards=intact and not unchanged,
        trusted=found.trusted,
        revoked=found.revoked,
        problem=problem,
        verdict=_verdict(problem),
        cautions=() if problem else _cautions(signature, found),
    )


def _problem(signature: EmbeddedPdfSignature, found: Judgement, *, intact: bool, unchanged: bool) -> str:
    if not intact:
        return "signature_broken"
    if not unchanged:
        return "changed_afterwards"
    return "weak_digest" if has_weak_digest(signature) else found.problem


def _verdict(problem: str) -> Verdict:
    if not problem:
        return "valid"
    return "doubtful" if problem in DOUBTFUL else "invalid"


def _cautions(signature: EmbeddedPdfSignature, found: Judgement) -> tuple[str, ...]:
    lacking = {
        "not_timestamped": found.proven_at is None,
        "revocation_unknown": found.revoked is None,
        "signed_more_afterwards": not covers_whole_file(signature),
    }
    return tuple(each for each in CAUTIONS if lacking[each])


def _is_left_alone(signature: EmbeddedPdfSignature) -> bool:
    """Whether nothing but proofs came after the last signature."""
    return is_followed_by(signature, ModificationLevel.LTA_UPDATES)
