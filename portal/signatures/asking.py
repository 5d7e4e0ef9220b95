"""What pyHanko asks others while it signs, through the one way that the settings allow: time stamps, OCSP, CRL."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, TypeVar

from asn1crypto import crl, ocsp, pem, tsp, x509
from pyhanko.sign.timestamps import TimeStamper
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.errors import CRLFetchError, OCSPFetchError
from pyhanko_certvalidator.fetchers import CertificateFetcher, CRLFetcher, Fetchers, OCSPFetcher
from pyhanko_certvalidator.fetchers.common_utils import (
    enumerate_delivery_point_urls,
    format_ocsp_request,
    process_ocsp_response_data,
)
from pyhanko_certvalidator.util import get_ocsp_urls, get_relevant_crl_dps, issuer_serial

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Coroutine, Iterable

    from portal.signatures.trust import Trust


Answer = TypeVar("Answer")


class TimeStamps(TimeStamper):
    """Time stamps (RFC 3161) of the authority in the settings."""

    def __init__(self, trust: Trust) -> None:
        super().__init__()
        self.trust = trust

    async def async_request_tsa_response(self, req: tsp.TimeStampReq) -> tsp.TimeStampResp:
        """What the authority answers.

        Raises:
            OSError: nothing.
        """
        answer = self.trust.fetch(self.trust.time_stamp_url, req.dump(), "application/timestamp-query")
        return tsp.TimeStampResp.load(answer)


class _Answers(OCSPFetcher):
    """Answers about single certificates (RFC 6960), each asked for once."""

    def __init__(self, trust: Trust) -> None:
        self.trust = trust
        self.answers: dict[bytes, ocsp.OCSPResponse] = {}

    async def fetch(self, cert: Any, authority: Any) -> ocsp.OCSPResponse:
        key = issuer_serial(cert)
        if key not in self.answers:
            self.answers[key] = self._asked(cert, authority)
        return self.answers[key]

    def _asked(self, cert: Any, authority: Any) -> ocsp.OCSPResponse:
        request = format_ocsp_request(cert, authority, certid_hash_algo="sha1", request_nonces=False)
        for url in get_ocsp_urls(cert):
            try:
                answer = self.trust.ask(url, request.dump(), "application/ocsp-request")
                return process_ocsp_response_data(answer, ocsp_request=request, ocsp_url=url)
            except (OSError, ValueError) as error:
                raise OCSPFetchError(f"{url}: {error}") from error
        raise OCSPFetchError("the certificate names no address for OCSP")

    def fetched_responses(self) -> Iterable[ocsp.OCSPResponse]:
        return self.answers.values()

    def fetched_responses_for_cert(self, cert: Any) -> Iterable[ocsp.OCSPResponse]:
        key = issuer_serial(cert)
        return (self.answers[key],) if key in self.answers else ()


class _Lists(CRLFetcher):
    """Lists of revoked certificates (RFC 5280), each asked for once."""

    def __init__(self, trust: Trust) -> None:
        self.trust = trust
        self.lists: dict[bytes, list[crl.CertificateList]] = {}

    async def fetch(self, cert: Any, *, use_deltas: Any = None) -> Iterable[crl.CertificateList]:
        key = issuer_serial(cert)
        if key not in self.lists:
            points = get_relevant_crl_dps(cert, use_deltas=bool(use_deltas))
            urls = [url for point in points for url in enumerate_delivery_point_urls(point)]
            self.lists[key] = [self._asked(url) for url in urls]
        return self.lists[key]

    def _asked(self, url: str) -> crl.CertificateList:
        try:
            answer = self.trust.ask(url)
            return crl.CertificateList.load(pem.unarmor(answer)[2] if pem.detect(answer) else answer)
        except (OSError, ValueError) as error:
            raise CRLFetchError(f"{url}: {error}") from error

    def fetched_crls(self) -> Iterable[crl.CertificateList]:
        return [each for lists in self.lists.values() for each in lists]

    def fetched_crls_for_cert(self, cert: Any) -> Iterable[crl.CertificateList]:
        return self.lists[issuer_serial(cert)]


class _NoCertificates(CertificateFetcher):
    """Certificates come from the settings and from signatures, never from an address."""

    async def fetch_cert_issuers(self, cert: Any) -> AsyncGenerator[Any, None]:
        del cert
        for each in self.fetched_certs():
            yield each

    async def fetch_crl_issuers(self, certificate_list: Any) -> AsyncGenerator[Any, None]:
        del certificate_list
        for each in self.fetched_certs():
            yield each

    def fetched_certs(self) -> Iterable[Any]:
        return ()


def waited(asked: Coroutine[Any, Any, Answer]) -> Answer:
    """What a coroutine of pyHanko's gives, run in a thread apart: whoever calls may himself stand within a loop."""
    with ThreadPoolExecutor(max_workers=1) as apart:
        return apart.submit(asyncio.run, asked).result()


def asking_context(trust: Trust, chain: Iterable[bytes]) -> ValidationContext:
    """Everything known for checking certificates now, with everybody who may be asked; each must be answered for.

    Args:
        trust: what the settings say.
        chain: DER of further certificates that may stand between.
    """
    return ValidationContext(
        trust_roots=[x509.Certificate.load(each) for each in trust.roots],
        other_certs=[x509.Certificate.load(each) for each in (*trust.intermediates, *chain)],
        crls=list(trust.revocation_lists),
        allow_fetching=True,
        fetchers=Fetchers(_Answers(trust), _Lists(trust), _NoCertificates()),
        revocation_mode="require",
    )
