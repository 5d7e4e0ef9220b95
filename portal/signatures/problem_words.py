"""What keys, tokens and files refuse, in sentences, by the codes of the modules that sign and that judge."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask_babel import lazy_gettext as _l

if TYPE_CHECKING:
    from collections.abc import Mapping

PROBLEMS: Mapping[str, Any] = {
    "certificate_unreadable": _l("This is no certificate. Choose a .cer, .crt or .pem file."),
    "certificate_expired": _l("The certificate of %(name)s expired on %(day)s. Ask for a new one."),
    "certificate_not_yet_valid": _l("The certificate of %(name)s is valid from %(day)s only."),
    "certificate_cannot_sign": _l("The certificate of %(name)s is not for signing documents. Choose another one."),
    "certificate_revoked": _l("The certificate of %(name)s was revoked by its authority. Nobody signs with it."),
    "certificate_untrusted": _l(
        "The certificate of %(name)s comes from no authority that this portal believes. Ask the operator."
    ),
    "weak_key": _l("The key of %(name)s is too short to be safe. Ask for a certificate with a longer one."),
    "wrong_pin": _l(
        "The PIN is wrong, so nothing was signed. After some wrong ones you have to wait, or the token locks."
    ),
    "key_file_unreadable": _l("The key file at the server cannot be read. Tell the operator."),
    "key_file_empty": _l("The key file at the server holds no key with its certificate. Tell the operator."),
    "token_library_missing": _l("The server has no token, or its program is missing. Tell the operator."),
    "token_not_found": _l("The token %(token)s is not in the server. Tell the operator."),
    "token_locked": _l("The token %(token)s is locked after too many wrong PINs. Its issuer unlocks it."),
    "token_gone": _l(
        "The token %(token)s was pulled out while it signed, so nothing was signed. Put it back, and try again."
    ),
    "token_busy": _l("The token %(token)s is signing something else. Try again in a moment."),
    "token_failed": _l("The token %(token)s did not answer (%(detail)s), so nothing was signed. Try again."),
    "certificate_not_on_token": _l("The token %(token)s holds another certificate. Choose that of this token."),
    "field_taken": _l("The file is signed in this place (%(field)s) already. Reload the page."),
    "page_missing": _l("The file has no page %(page)s to be signed on. Tell the operator."),
    "no_time_stamp": _l(
        "The authority for time stamps does not answer, so nothing was signed. Try again later. %(detail)s"
    ),
    "no_revocation_data": _l(
        "Nobody says whether the certificate was revoked, so nothing was signed. Try again later. %(detail)s"
    ),
    "wrong_key": _l("This signature was made with another key, or over something else. Sign the digest shown here."),
    "not_a_pdf": _l("This is no PDF. Choose the signed file."),
    "other_document": _l(
        "This is another file than the one you were given, or one changed from the beginning. Save the PDF "
        "here again, and sign that."
    ),
    "not_signed": _l("There is no new signature in this file. Sign it first, then send it back."),
    "several_signatures": _l("This file has more than one new signature. Give one only: your own."),
    "too_many_signatures": _l("This file has more than %(max)s signatures. It cannot be examined."),
    "changed_besides": _l(
        "Something besides the signature was changed in this file. Save the PDF here again, and only sign it."
    ),
    "signature_broken": _l("The signature does not fit the file. Sign the PDF again."),
    "other_certificate": _l("%(name)s signed this file with another certificate than the one you chose."),
    "stamp_elsewhere": _l("The signature shows elsewhere, on page %(page)s. Put it between title and name."),
    "weak_digest": _l("The signature was made with a method that is no longer safe. Set SHA-256 in your program."),
    "document_encrypted": _l("This file is encrypted. Save it without a password."),
    "document_unreadable": _l("This file is damaged, or no PDF. Save the PDF here again, and sign that."),
    "file_too_large": _l("This file has more than %(max)s MB. Choose another one."),
    "cannot_be_checked": _l("The file could not be checked (%(detail)s). Nothing was changed. Try again."),
    "picture_not_png": _l("This is no PNG picture. Save it as PNG with a transparent ground."),
    "picture_unreadable": _l("This picture is damaged. Save it again as PNG."),
    "picture_too_large": _l("A picture has at most %(max)s pixels along a side. Make it smaller."),
    "plugin_answer_unreadable": _l("The signing program gave an answer that cannot be read. Nothing was signed."),
}
"""Code of a refusal → its sentence; `words` says them."""
