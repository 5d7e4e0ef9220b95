"""Issued documents and their books by REST, to read."""

from __future__ import annotations

from typing import Any

from portal.documents.wiring import authorities, documents, links, registers
from portal.rest import PortalReadApi


class DocumentApi(PortalReadApi):
    """Issued documents that the reader may see."""

    resource_name = "document"
    datamodel = documents()
    list_columns = ["symbol", "id", "number", "year", "subject", "issued_on", "issuer.code", "status", "content_sha256"]
    show_columns = [
        *list_columns,
        "issuer.name_vi",
        "signer.first_name",
        "signer.last_name",
        "pages",
        "fate",
        "retention",
        "kept_until",
        "file.sha256",
        "subject_kind",
        "subject_id",
    ]
    order_columns = ["number", "issued_on", "status"]
    search_columns = ["number", "symbol", "year", "issued_on", "status"]
    base_order = ("issued_at", "desc")


class RegisterApi(PortalReadApi):
    """The books of the reader's units."""

    resource_name = "register"
    datamodel = registers()
    list_columns = ["year", "id", "unit.code", "unit.name_vi", "series", "name_vi", "before_portal", "last_number"]
    show_columns = list_columns
    order_columns = ["year", "last_number"]
    search_columns = ["year", "series"]
    base_order = ("year", "desc")


class DocumentLinkApi(PortalReadApi):
    """What follows what: corrections, replacements, recalls, copies and extracts."""

    resource_name = "document-link"
    class_permission_name = "DocumentApi"
    datamodel = links()
    list_columns = [
        *("id", "kind", "reason", "made_at", "lapsed_at"),
        *("earlier.number", "earlier.symbol", "earlier.dated_on", "earlier.document_id"),
        *("later.number", "later.symbol", "later.dated_on", "later.document_id"),
    ]
    show_columns = list_columns
    order_columns = ["made_at"]
    search_columns = ["kind", "made_at"]
    base_order = ("id", "desc")


class SigningAuthorityApi(PortalReadApi):
    """Who signs by order or by authorisation."""

    resource_name = "signing-authority"
    datamodel = authorities()
    list_columns = [
        "id",
        "kind",
        "issuer.code",
        "source_post.id",
        "signer_post.id",
        "with_deputies",
        "grounds",
        "grounds_on",
        "valid_from",
        "valid_to",
        "revoked_at",
    ]
    show_columns = [*list_columns, "types", "templates", "printed_title"]
    order_columns = ["valid_from", "valid_to"]
    search_columns = ["kind", "grounds", "valid_from", "valid_to"]
    base_order = ("valid_from", "desc")


def register(portal: Any) -> None:
    """Give the portal these APIs."""
    portal.add_api(DocumentApi)
    portal.add_api(DocumentLinkApi)
    portal.add_api(RegisterApi)
    portal.add_api(SigningAuthorityApi)
