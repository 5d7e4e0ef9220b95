"""What signing says to people: where keys are, how far certificates are, and what whoever signs is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask_babel import lazy_gettext as _l

from portal.documents.slots import COSEAL, COSIGNATURE, SEAL, SIGNATURE
from portal.refusals import SHOWN, STATUSES, say
from portal.signatures import models
from portal.signatures.problem_words import PROBLEMS

if TYPE_CHECKING:
    from collections.abc import Mapping

PLACES: Mapping[str, Any] = {
    SIGNATURE: _l("Signature"),
    COSIGNATURE: _l("Second signature"),
    SEAL: _l("Seal of the agency"),
    COSEAL: _l("Seal of the second agency"),
}
"""As what something is signed."""

KEY_PLACES: Mapping[str, Any] = {
    models.OWN_PC: _l("USB token at the signer's own computer"),
    models.KEY_FILE: _l("Key file on the server"),
    models.TOKEN: _l("Token at the server"),
}
"""Where a private key is."""

WAYS: Mapping[str, Any] = {
    models.SERVER: _l("signed in the portal"),
    models.DEFERRED: _l("signed with a token of one's own"),
    models.RETURNED: _l("signed elsewhere and sent back"),
}
"""How a signature came to be."""

CERTIFICATE_STATES: Mapping[str, Any] = {
    models.AHEAD: _l("not valid yet"),
    models.IN_FORCE: _l("valid"),
    models.ENDING: _l("ends soon"),
    models.OVER: _l("expired"),
    models.REVOKED: _l("revoked"),
}
CERTIFICATE_TONES: Mapping[str, str] = {
    models.AHEAD: "info",
    models.IN_FORCE: "good",
    models.ENDING: "note",
    models.OVER: "bad",
    models.REVOKED: "bad",
}

WRONG_WITH: Mapping[str, Any] = {
    "signature_broken": _l("it does not fit the file"),
    "changed_afterwards": _l("the file was changed after it"),
    "weak_digest": _l("it was made with a method that is no longer safe"),
    "certificate_revoked": _l("its certificate is revoked"),
    "certificate_cannot_sign": _l("its certificate is not for signing"),
    "outside_validity": _l("it was made outside the validity of its certificate"),
    "untrusted": _l("its certificate comes from no authority that this portal believes"),
    "validity_unproven": _l("its certificate has expired, and no time stamp proves that it was valid then"),
    "signature_unreadable": _l("it cannot be read here"),
    "signature_missing": _l("it is not in the file"),
    "not_a_pdf": _l("the file is no PDF"),
    "document_encrypted": _l("the file is encrypted"),
    "document_unreadable": _l("the file is damaged"),
    "file_too_large": _l("the file is too large"),
    "too_many_signatures": _l("the file has too many signatures"),
    "cannot_be_checked": _l("the check did not end; try again"),
}
"""Why a signature does not hold, by the codes of `examining`."""

say(
    {
        "already_signed": _l("%(name)s has signed here already, so nothing was done. Reload the page."),
        "not_your_signature": _l("This is the signature of %(name)s; nobody else gives it."),
        "not_your_seal": _l("The seal of %(name)s is put on by its own registrar. Ask the registrar of that unit."),
        "not_awaiting": _l("The document does not wait for this signature now. Reload the page to see how far it is."),
        "no_archive_stamp": _l("This file has no archive time stamp that another one could be put over."),
        "seal_not_sent_back": _l(
            "Everybody has signed. A document is sent back by whoever should sign it, and not by who puts on the seal."
        ),
        "seal_before_signature": _l(
            "A seal is put on after the personal signatures (Decree 30/2020), and %(name)s has not signed yet. Ask for "
            "that first."
        ),
        "signature_not_valid": _l(
            "The signature of %(name)s does not hold: %(why)s. The seal was not put on. Tell the signer and the "
            "operator."
        ),
        "post_left": _l(
            "%(name)s holds this post no longer, so the document cannot be signed in it. Ask the registrar of "
            "%(unit)s: the document must be issued anew."
        ),
        "no_picture": _l(
            "There is no picture of the signature of %(name)s yet. Ask the registrar of the unit to enter it; it is "
            "printed between title and name."
        ),
        "no_seal_picture": _l("There is no picture of the seal of %(name)s yet. Enter it first, under Certificates."),
        "file_not_kept": _l(
            "The signed file could not be kept (%(detail)s). Nothing was changed; the document waits as before. Tell "
            "the operator."
        ),
        "certificate_not_yours": _l("Choose one of your own certificates that are listed."),
        "certificate_revoked_here": _l("The certificate %(serial)s is revoked. Choose another one."),
        "certificate_over": _l("The certificate %(serial)s is not valid today. Choose another, or ask for a new one."),
        "own_certificate": _l("Nobody enters a certificate or a picture for himself. Ask another who may."),
        "no_such_holder": _l("Choose a person or a unit that is listed."),
        "certificate_too_large": _l(
            "A certificate has at most %(max)s KB. Choose the file with the certificate alone."
        ),
        "private_key_given": _l(
            "This file holds a private key, which nobody may give away, so it was not kept. Export the certificate "
            "alone (.cer, .crt or .pem), without the key."
        ),
        "key_place_unknown": _l("Choose where the key is."),
        "key_name_needed": _l(
            "Name the key file or the token at the server: letters, digits, spaces, dots, dashes and underscores, no "
            "folder."
        ),
        "certificate_there": _l("The certificate of %(name)s was entered already. Look for it in the list."),
        "certificate_other_name": _l(
            "The certificate names “%(name)s”, and you chose %(holder)s. If it belongs to them all the same, tick the "
            "box below and enter it again."
        ),
        "certificate_revoked_before": _l("This certificate is revoked already."),
        "picture_too_heavy": _l("A picture has at most %(max)s KB. Make it smaller."),
        "picture_opaque": _l(
            "The picture has no transparent ground, so it would hide the text. Save it as PNG with transparency."
        ),
        "picture_empty": _l("There is nothing to see in this picture. Choose another."),
        "picture_not_blue": _l("The picture of a signature is blue (Decree 30/2020). Scan one in blue ink."),
        "picture_not_red": _l("The picture of a seal is red (Decree 30/2020). Scan it in colour."),
        "picture_width": _l(
            "Its width on paper is between %(least)s and %(most)s millimetres. Measure it and type that."
        ),
        "pin_needed": _l("Type the PIN of the key as well."),
        "key_not_on_server": _l(
            "The key of this certificate is at your own computer. Sign in one of the other two ways."
        ),
        "key_file_missing": _l("The key file %(name)s is not on the server. Tell the operator."),
        "key_of_another": _l(
            "The key file %(name)s belongs to another certificate. Tell whoever entered the certificate."
        ),
        "request_over": _l(
            "The time for this signature is over, or it was cancelled. Begin again; the document has not changed."
        ),
        "signature_unreadable": _l(
            "This is no signature: send the file that your tool wrote, or paste its Base64 text. Nothing was changed."
        ),
    }
)

say(dict(PROBLEMS))

for code in ("already_signed", "request_over"):
    STATUSES[code] = 409
for code in ("not_your_signature", "not_your_seal", "own_certificate"):
    STATUSES[code] = 403

SHOWN["why"] = lambda code: str(WRONG_WITH.get(code, code))
SHOWN.setdefault("day", lambda day: "/".join(reversed(str(day).split("-"))))
