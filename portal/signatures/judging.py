"""Whether a certificate was good when it signed (ETSI EN 319 102-1, clause 5), by what is enclosed and known."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from asn1crypto import crl, ocsp, x509
from pyhanko.sign.ades.report import AdESFailure, AdESIndeterminate, AdESPassed
from pyhanko.sign.validation.ades import ades_basic_validation, ades_lta_validation
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko.sign.validation.errors import NoDSSFoundError
from pyhanko.sign.validation.policy_decl import (
    LocalKnowledge,
    PdfSignatureValidationSpec,
    RevinfoOnlineFetchingRule,
    RevocationInfoGatheringSpec,
    SignatureValidationSpec,
)
from pyhanko.sign.validation.settings import KeyUsageConstraints
from pyhanko_certvalidator.context import CertValidationPolicySpec
from pyhanko_certvalidator.ltv.types import ValidationTimingInfo
from pyhanko_certvalidator.policy_decl import CertRevTrustPolicy, RevocationCheckingPolicy
from pyhanko_certvalidator.registry import SimpleTrustManager
from pyhanko_certvalidator.revinfo.archival import CRLContainer

from portal.signatures.asking import waited
from portal.signatures.keys import facts
from portal.signatures.reading import HOSTILE, has_time_stamp

if TYPE_CHECKING:
    from datetime import datetime

    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature

    from portal.signatures.trust import Trust

for each in ("pyhanko", "pyhanko_certvalidator"):
    # What is wrong with a signature stands in its report, and is no trouble of ours for the log.
    logging.getLogger(each).setLevel(logging.CRITICAL)

SIGNERS = KeyUsageConstraints(key_usage={"digital_signature", "non_repudiation"}, match_all_key_usages=False)

UNREADABLE = "signature_unreadable"

PROBLEM_OF = {
    AdESFailure.HASH_FAILURE: "signature_broken",
    AdESFailure.SIG_CRYPTO_FAILURE: "signature_broken",
    AdESFailure.REVOKED: "certificate_revoked",
    AdESIndeterminate.REVOKED_NO_POE: "certificate_revoked",
    AdESIndeterminate.REVOKED_CA_NO_POE: "certificate_revoked",
    AdESFailure.NOT_YET_VALID: "outside_validity",
    AdESIndeterminate.NOT_YET_VALID: "outside_validity",
    AdESIndeterminate.CHAIN_CONSTRAINTS_FAILURE: "certificate_cannot_sign",
    AdESIndeterminate.CRYPTO_CONSTRAINTS_FAILURE: "weak_digest",
    AdESIndeterminate.CRYPTO_CONSTRAINTS_FAILURE_NO_POE: "weak_digest",
    AdESIndeterminate.EXPIRED: "validity_unproven",
    AdESIndeterminate.OUT_OF_BOUNDS_NO_POE: "validity_unproven",
    AdESIndeterminate.OUT_OF_BOUNDS_NOT_REVOKED: "validity_unproven",
    AdESIndeterminate.REVOCATION_OUT_OF_BOUNDS_NO_POE: "validity_unproven",
    AdESIndeterminate.TRY_LATER: "validity_unproven",
    AdESIndeterminate.NO_CERTIFICATE_CHAIN_FOUND: "untrusted",
    AdESIndeterminate.CERTIFICATE_CHAIN_GENERAL_FAILURE: "untrusted",
}
"""What the standard calls it → what we say; whatever else there is could not be read."""


@dataclass(frozen=True)
class Judgement:
    """What was found of a certificate and of the time.

    Attributes:
        problem: one of `examining.PROBLEMS`; empty where there is none.
        trusted: it leads to an authority that is believed.
        revoked: None where nothing says whether it is.
        proven_at: the moment for which an authority that is believed vouches; aware.
    """

    problem: str
    trusted: bool
    revoked: bool | None
    proven_at: datetime | None


def judge(signature: EmbeddedPdfSignature, trust: Trust, at: datetime) -> Judgement:
    """What a signature's certificate is worth.

    Args:
        signature: of which `reading.is_intact` was asked.
        trust: who is believed.
        at: as at which moment; aware.
    """
    spec = _spec(trust)
    timing = ValidationTimingInfo(validation_time=at, best_signature_time=at, point_in_time_validation=True)
    proven_at, result = None, None
    if has_time_stamp(signature):
        result = waited(ades_lta_validation(signature, PdfSignatureValidationSpec(spec), timing))
        proven_at = _proven_at(result)
    if result is None or result.ades_subindic != AdESPassed.OK:
        result = _by_now(signature, spec, timing, result)
    problem = "" if result.ades_subindic == AdESPassed.OK else PROBLEM_OF.get(result.ades_subindic, UNREADABLE)
    if (proven_at or at) < facts(signature.signer_cert.dump()).not_before:
        problem = "outside_validity"
    return _judgement(signature, trust, problem, proven_at)


def _by_now(
    signature: EmbeddedPdfSignature, spec: SignatureValidationSpec, timing: ValidationTimingInfo, proven: Any
) -> Any:
    """By what holds at the moment alone; a time stamp of somebody unknown takes nothing away from that."""
    digest = signature.compute_digest()
    plain = waited(ades_basic_validation(signature.signed_data, spec, timing_info=timing, raw_digest=digest))
    is_revoked = proven is not None and PROBLEM_OF.get(proven.ades_subindic) == "certificate_revoked"
    return proven if is_revoked else plain


def _judgement(signature: EmbeddedPdfSignature, trust: Trust, problem: str, proven_at: datetime | None) -> Judgement:
    known = _is_answered_for(signature, trust)
    revoked = True if problem == "certificate_revoked" else (False if known else None)
    return Judgement(problem, problem not in {"untrusted", UNREADABLE}, revoked, proven_at)


def _proven_at(result: Any) -> datetime | None:
    if result.ades_subindic == AdESPassed.OK:
        moment: datetime = result.best_signature_time
        return moment
    status = result.api_status and result.api_status.timestamp_validity
    return status.timestamp if status and status.valid and status.intact and status.trusted else None


def _spec(trust: Trust) -> SignatureValidationSpec:
    lists = [CRLContainer(crl.CertificateList.load(each)) for each in trust.revocation_lists]
    known = [x509.Certificate.load(each) for each in trust.intermediates]
    policy = CertValidationPolicySpec(
        trust_manager=SimpleTrustManager.build([x509.Certificate.load(each) for each in trust.roots]),
        revinfo_policy=CertRevTrustPolicy(RevocationCheckingPolicy.from_legacy("soft-fail")),
    )
    return SignatureValidationSpec(
        cert_validation_policy=policy,
        revinfo_gathering_policy=RevocationInfoGatheringSpec(RevinfoOnlineFetchingRule.LOCAL_ONLY),
        local_knowledge=LocalKnowledge(known_crls=lists, known_certs=known),
        key_usage_settings=SIGNERS,
    )


def _is_answered_for(signature: EmbeddedPdfSignature, trust: Trust) -> bool:
    """Whether an enclosed answer or a list speaks of the certificate."""
    certificate = signature.signer_cert
    answers, lists = _enclosed(signature.reader)
    lists += [crl.CertificateList.load(each) for each in trust.revocation_lists]
    named = any(certificate.serial_number in _serials(each) for each in answers)
    return named or any(each.issuer == certificate.issuer for each in lists)


def _serials(answer: ocsp.OCSPResponse) -> set[int]:
    said = answer["response_bytes"]["response"].parsed["tbs_response_data"]["responses"]
    return {each["cert_id"]["serial_number"].native for each in said}


def _enclosed(reader: PdfFileReader) -> tuple[list[Any], list[Any]]:
    try:
        store = DocumentSecurityStore.read_dss(reader)
        answers = [ocsp.OCSPResponse.load(each.get_object().data) for each in store.ocsps]
        return answers, [crl.CertificateList.load(each.get_object().data) for each in store.crls]
    except (NoDSSFoundError, *HOSTILE):
        return [], []
