"""What the edge must know of signatures: who sees which rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from portal.data import SCOPES, PortalData
from portal.documents.models import OfficialDocument
from portal.documents.service import scope as document_scope
from portal.signatures import certificates, images
from portal.signatures.models import DocumentSignature, SignatureImage, SigningCertificate

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement

    from portal.security import Actor


def signature_scope(actor: Actor) -> ColumnElement[bool]:
    """Signatures of the documents that an actor may see."""
    return DocumentSignature.document_id.in_(select(OfficialDocument.id).where(document_scope(actor)))


SCOPES[DocumentSignature] = signature_scope
SCOPES[SigningCertificate] = certificates.scope
SCOPES[SignatureImage] = images.scope


def certificate_rows() -> PortalData:
    """Certificates for one screen or API."""
    return PortalData(SigningCertificate)


def image_rows() -> PortalData:
    """Pictures of signatures and seals for one screen."""
    return PortalData(SignatureImage)


def signature_rows() -> PortalData:
    """Signatures for one API."""
    return PortalData(DocumentSignature)
