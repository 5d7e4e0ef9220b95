"""The signer's own computer: a token that signs hashes, and a plug-in that signs whole files itself."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from asn1crypto import keys, x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner, SimpleSigner
from pyhanko_certvalidator.registry import SimpleCertificateStore

from portal.signatures.asking import waited

if TYPE_CHECKING:
    from tests.portal.signatures.authority import Holder


@dataclass(frozen=True)
class Desk:
    """Somebody at his own computer, with his token in it."""

    holder: Holder

    def sign_hash(self, digest: bytes) -> bytes:
        """What a token does: a hash goes in, a signature comes out."""
        return bytes(self.holder.key.sign(digest, ec.ECDSA(Prehashed(SHA256()))))

    def sign_file(self, pdf: bytes, field: str = "Signature1", **more: Any) -> bytes:
        """What the plug-in and desktop tools do: a whole file goes in and comes out signed, in their own way.

        Args:
            pdf: the file.
            field: what they call the field.
            more: `box` and `page` of what shows, `certify`, `digest`, `kind`.
        """
        writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
        meta = PdfSignatureMetadata(
            field_name=field,
            md_algorithm=more.get("digest", "sha256"),
            subfilter=SigSeedSubFilter("/" + more.get("kind", "ETSI.CAdES.detached")),
            certify=more.get("certify", False),
        )
        spec = SigFieldSpec(field, on_page=more.get("page", 1) - 1, box=more.get("box"))
        signer = PdfSigner(meta, self._signer(), new_field_spec=spec)
        made: Any = waited(signer.async_sign_pdf(writer))
        return bytes(made.getvalue())

    def _signer(self) -> SimpleSigner:
        raw = self.holder.key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
        chain = [x509.Certificate.load(each.public_bytes(Encoding.DER)) for each in self.holder.chain]
        return SimpleSigner(
            signing_cert=x509.Certificate.load(self.holder.der),
            signing_key=keys.PrivateKeyInfo.load(raw),
            cert_registry=SimpleCertificateStore.from_certs(chain),
        )
