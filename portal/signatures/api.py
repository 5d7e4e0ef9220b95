"""Signatures of documents and certificates by REST, to read."""

from __future__ import annotations

from typing import Any

from portal.rest import PortalReadApi
from portal.signatures.wiring import certificate_rows, signature_rows


class SignatureApi(PortalReadApi):
    """Signatures of the documents that the reader may see: who gave each, with which certificate, and when."""

    resource_name = "signature"
    class_permission_name = "DocumentApi"
    datamodel = signature_rows()
    list_columns = [
        *("id", "document_id", "slot.place", "slot.name", "signed_at", "way", "level"),
        *("certificate.common_name", "certificate.serial", "certificate.sha256", "file.sha256"),
    ]
    show_columns = list_columns
    order_columns = ["signed_at"]
    search_columns = ["document_id", "signed_at", "way"]
    base_order = ("id", "desc")


class SigningCertificateApi(PortalReadApi):
    """Certificates for signing; no private key was ever here."""

    resource_name = "signing-certificate"
    datamodel = certificate_rows()
    list_columns = [
        *("id", "common_name", "subject", "issuer", "serial", "sha256", "valid_from", "valid_to"),
        *("user.username", "unit.code", "key_place", "revoked_at"),
    ]
    show_columns = [*list_columns, "revoke_reason", "entered_at"]
    order_columns = ["valid_from", "valid_to"]
    search_columns = ["serial", "sha256", "valid_to", "key_place"]
    base_order = ("valid_to", "asc")


def register(portal: Any) -> None:
    """Give the portal these APIs."""
    portal.add_api(SignatureApi)
    portal.add_api(SigningCertificateApi)
