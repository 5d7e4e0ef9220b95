"""An authority of the tests' own: certificates, answers on revocation (OCSP, CRL) and time stamps, without a socket."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Any

from asn1crypto import keys as asn1_keys
from asn1crypto import tsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    pkcs12,
)
from cryptography.x509 import ocsp
from cryptography.x509.oid import AuthorityInformationAccessOID, ExtendedKeyUsageOID, NameOID
from pyhanko.sign.timestamps.dummy_client import DummyTimeStamper
from pyhanko_certvalidator.registry import SimpleCertificateStore

from portal.signatures.trust import Trust

NOW = datetime.now(UTC).replace(microsecond=0)
DAY = timedelta(days=1)
OCSP_URL, LIST_URL, STAMP_URL = "http://ocsp.ca.example/", "http://crl.ca.example/issuing.crl", "http://tsa.ca.example"
ROOT_LIST_URL = "http://crl.ca.example/root.crl"
PIN = "24681012"


@dataclass(frozen=True)
class Holder:
    """A key and its certificate."""

    key: Any
    certificate: x509.Certificate
    chain: tuple[x509.Certificate, ...] = ()

    @property
    def der(self) -> bytes:
        return self.certificate.public_bytes(Encoding.DER)

    def key_file(self, pin: str = PIN) -> bytes:
        encryption = BestAvailableEncryption(pin.encode())
        return pkcs12.serialize_key_and_certificates(b"key", self.key, self.certificate, self.chain, encryption)


def named(common_name: str, organisation: str = "") -> x509.Name:
    parts = [x509.NameAttribute(NameOID.COUNTRY_NAME, "VN")]
    if organisation:
        parts.append(x509.NameAttribute(NameOID.ORGANIZATION_NAME, organisation))
    return x509.Name([*parts, x509.NameAttribute(NameOID.COMMON_NAME, common_name)])


def usage(*allowed: str) -> x509.KeyUsage:
    names = ("digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement")
    more = ("key_cert_sign", "crl_sign", "encipher_only", "decipher_only")
    return x509.KeyUsage(**{each: each in allowed for each in names + more})


@dataclass
class Authority:
    """A root, an authority below it that issues, and what both answer.

    Attributes:
        revoked: serial number → since when.
        silent: addresses that do not answer.
        asked: addresses in the order in which they were asked.
        stamping_at: what the clock of the time stamps says.
    """

    revoked: dict[int, datetime] = field(default_factory=dict)
    silent: set[str] = field(default_factory=set)
    asked: list[str] = field(default_factory=list)
    stamping_at: datetime | None = None

    @cached_property
    def root(self) -> Holder:
        return self._made(named("CA gốc thử nghiệm"), None, usage("key_cert_sign", "crl_sign"), is_authority=True)

    @cached_property
    def issuing(self) -> Holder:
        name = named("CA cấp chứng thư thử nghiệm")
        return self._made(name, self.root, usage("key_cert_sign", "crl_sign"), is_authority=True)

    @cached_property
    def stamping(self) -> Holder:
        more = (x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]),)
        # The client that pyHanko tests with signs with RSA only.
        key = rsa.generate_private_key(65537, 2048)
        name = named("Dấu thời gian thử nghiệm")
        return self._made(name, self.issuing, usage("digital_signature"), *more, last=3650 * DAY, key=key)

    @cached_property
    def responding(self) -> Holder:
        more = (x509.ExtendedKeyUsage([ExtendedKeyUsageOID.OCSP_SIGNING]), x509.OCSPNoCheck())
        return self._made(named("OCSP thử nghiệm"), self.issuing, usage("digital_signature"), *more, last=3650 * DAY)

    def holder(self, name: str, organisation: str = "UBND tỉnh Gia Lai", **more: Any) -> Holder:
        """Somebody with a certificate for signing."""
        allowed = more.pop("allowed", usage("digital_signature", "content_commitment"))
        return self._made(named(name, organisation), self.issuing, allowed, **more)

    def trust(self, **more: Any) -> Trust:
        """The settings of a portal that believes this authority and may ask it everything."""
        known = {
            "roots": (self.root.der,),
            "time_stamp_url": STAMP_URL,
            "revocation_urls": ("http://ocsp.ca.example", "http://crl.ca.example"),
            "fetch": self.fetch,
        }
        return Trust(**{**known, **more})

    def fetch(self, url: str, body: bytes | None = None, content_type: str = "") -> bytes:
        """What the network would bring."""
        self.asked.append(url)
        assert not body or content_type.startswith("application/")
        if url in self.silent:
            raise OSError(f"{url} is silent")
        answers = {LIST_URL: self.issuing, ROOT_LIST_URL: self.root}
        if url in answers:
            return self.revocation_list(answers[url])
        assert body is not None
        return self._stamped(body) if url == STAMP_URL else self._answered(body)

    def revocation_list(self, issuer: Holder) -> bytes:
        now = datetime.now(UTC)
        made = x509.CertificateRevocationListBuilder().issuer_name(issuer.certificate.subject)
        made = made.last_update(now - DAY / 24).next_update(now + 7 * DAY)
        for serial, since in self.revoked.items():
            entry = x509.RevokedCertificateBuilder().serial_number(serial).revocation_date(since)
            made = made.add_revoked_certificate(entry.build())
        return made.sign(issuer.key, SHA256()).public_bytes(Encoding.DER)

    def _answered(self, body: bytes) -> bytes:
        asked = ocsp.load_der_ocsp_request(body)
        since = self.revoked.get(asked.serial_number)
        now = datetime.now(UTC)
        builder = ocsp.OCSPResponseBuilder().add_response_by_hash(
            issuer_name_hash=asked.issuer_name_hash,
            issuer_key_hash=asked.issuer_key_hash,
            serial_number=asked.serial_number,
            algorithm=asked.hash_algorithm,
            cert_status=ocsp.OCSPCertStatus.REVOKED if since else ocsp.OCSPCertStatus.GOOD,
            this_update=now - timedelta(minutes=1),
            next_update=now + DAY,
            revocation_time=since,
            revocation_reason=None,
        )
        builder = builder.responder_id(ocsp.OCSPResponderEncoding.HASH, self.responding.certificate)
        builder = builder.certificates([self.responding.certificate])
        return builder.sign(self.responding.key, SHA256()).public_bytes(Encoding.DER)

    def _stamped(self, body: bytes) -> bytes:
        below = [asn1_x509.Certificate.load(each.der) for each in (self.stamping, self.issuing)]
        raw = self.stamping.key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
        stamper = DummyTimeStamper(
            below[0],
            asn1_keys.PrivateKeyInfo.load(raw),
            certs_to_embed=SimpleCertificateStore.from_certs(below[1:]),
            fixed_dt=self.stamping_at,
        )
        return bytes(stamper.request_tsa_response(tsp.TimeStampReq.load(body)).dump())

    def _made(
        self,
        name: x509.Name,
        issuer: Holder | None,
        allowed: x509.KeyUsage,
        *more: x509.ExtensionType,
        first: timedelta = -30 * DAY,
        last: timedelta | None = None,
        is_authority: bool = False,
        key: Any = None,
    ) -> Holder:
        key = key or ec.generate_private_key(ec.SECP256R1())
        signing, signer = (issuer.key, issuer.certificate.subject) if issuer else (key, name)
        made = x509.CertificateBuilder().subject_name(name).issuer_name(signer).public_key(key.public_key())
        made = made.serial_number(x509.random_serial_number()).not_valid_before(NOW + first)
        made = made.not_valid_after(NOW + (last or (7300 * DAY if is_authority else 365 * DAY)))
        made = made.add_extension(x509.BasicConstraints(ca=is_authority, path_length=None), critical=True)
        made = made.add_extension(allowed, critical=True)
        for extension in (*more, *self._addresses(issuer)):
            made = made.add_extension(extension, critical=isinstance(extension, x509.ExtendedKeyUsage))
        made = made.add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        chain = (issuer.certificate, *issuer.chain) if issuer else ()
        return Holder(key, made.sign(signing, SHA256()), chain)

    def _addresses(self, issuer: Holder | None) -> list[x509.ExtensionType]:
        if issuer is None:
            return []
        if not issuer.chain:
            point = x509.UniformResourceIdentifier(ROOT_LIST_URL)
            return [x509.CRLDistributionPoints([x509.DistributionPoint([point], None, None, None)])]
        where = x509.UniformResourceIdentifier(OCSP_URL)
        at = x509.UniformResourceIdentifier(LIST_URL)
        return [
            x509.AuthorityInformationAccess([x509.AccessDescription(AuthorityInformationAccessOID.OCSP, where)]),
            x509.CRLDistributionPoints([x509.DistributionPoint([at], None, None, None)]),
        ]
