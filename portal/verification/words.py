"""What the public page and the command say of documents, files and signatures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask_babel import lazy_gettext as _l

from portal.verification.service import CORRECTED, RECALLED, REPLACED

if TYPE_CHECKING:
    from collections.abc import Mapping

FATES: Mapping[str, Any] = {
    CORRECTED: _l("The document was corrected after its release."),
    REPLACED: _l("The document was replaced by another. It no longer holds."),
    RECALLED: _l("The document was recalled. It no longer holds."),
}
"""What became of a document, by the kind of its fate."""

VERDICTS: Mapping[str, tuple[str, Any, Any]] = {
    "valid": (
        "warning",
        _l("No document of this portal, but its signatures are valid"),
        _l(
            "Nothing was changed since it was signed, and the signers’ certificates are believed. Whether it was "
            "issued by whom it names, this portal does not know."
        ),
    ),
    "doubtful": (
        "warning",
        _l("No document of this portal, and its signatures cannot be vouched for"),
        _l("Nothing shows that it was changed since it was signed, but who signed it is not proven. Ask its issuer."),
    ),
    "invalid": (
        "danger",
        _l("The file is not valid"),
        _l("A signature does not fit it, or it was changed after it was signed. Do not rely on it."),
    ),
    "unsigned": (
        "danger",
        _l("No document of this portal, and not signed"),
        _l(
            "No released document is this file, and it bears no digital signature. A scan, a copy that was saved anew "
            "and a draft all look so: check the code that stands on the paper."
        ),
    ),
    "unreadable": ("warning", _l("The file could not be examined"), ""),
}
"""What a file is that no released document is: the tone of it, what it comes to, and what that means."""

EXTENDED: tuple[Any, Any] = (
    _l("Something was added to a released document"),
    _l(
        "The file begins with the document below, byte by byte, and something stands behind it. What you see in it may "
        "not be what was issued. Ask its issuer for the file as released."
    ),
)

UNREADABLE: Mapping[str, Any] = {
    "not_a_pdf": _l("It is no PDF file. Only PDF files can be checked here."),
    "document_encrypted": _l("It is locked with a password. Check the file as it was released, without one."),
    "document_unreadable": _l("It is damaged. Ask for the file once more."),
    "file_too_large": _l("It is too large to be examined."),
    "too_many_signatures": _l("It bears more signatures than can be examined."),
    "cannot_be_checked": _l("Examining it took too much time or memory, so it was stopped."),
}
"""Why a file could not be examined, by the code of an examination."""

PROBLEMS: Mapping[str, Any] = {
    "signature_broken": _l("The signature does not fit what it signs."),
    "changed_afterwards": _l("The file was changed after it was signed."),
    "weak_digest": _l("It was made by a method that can be forged today."),
    "certificate_revoked": _l("The certificate had been revoked when it was signed."),
    "certificate_cannot_sign": _l("The certificate is not one for signing."),
    "outside_validity": _l("It was made outside the days for which its certificate is valid."),
    "untrusted": _l("The certificate comes from nobody whom this portal believes."),
    "validity_unproven": _l("The certificate has expired, and nothing proves that it had not when it was signed."),
    "signature_unreadable": _l("It is of a kind that cannot be read here."),
}
"""Why a signature is not valid, by its code."""

CAUTIONS: Mapping[str, Any] = {
    "not_timestamped": _l("The time is what the signer’s computer said."),
    "revocation_unknown": _l("Whether the certificate was revoked is not known."),
    "signed_more_afterwards": _l("Others signed after it; nothing else was changed."),
}
"""What a valid signature lacks, by its code."""

SIGNATURES: Mapping[str, tuple[str, Any]] = {
    "valid": ("good", _l("valid")),
    "doubtful": ("note", _l("not proven")),
    "invalid": ("bad", _l("not valid")),
}
"""The tone of a verdict on one signature, and its word."""
