"""What copies and recalls say to people: forms, states, and what somebody is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from portal.documents.words import failure
from portal.refusals import say
from portal.sequels import recalling, rules
from portal.sequels.sheet import SHEET_CODES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from portal.sequels.models import CertifiedCopy

FORMS: Mapping[str, Any] = {
    rules.COPY: _l("Copy (sao y)"),
    rules.EXTRACT: _l("Extract (trích sao)"),
    rules.COPY_OF_COPY: _l("Copy of a copy (sao lục)"),
}
"""What people call the forms of copies (Decree 30/2020, article 25)."""

ABOUT_FORMS: Mapping[str, Any] = {
    rules.COPY: _l("all of it, printed from the original, with the block SAO Y under it"),
    rules.EXTRACT: _l("the head of the document and the parts that you choose, with the block TRÍCH SAO under them"),
    rules.COPY_OF_COPY: _l("what arrived is itself a certified copy; the block SAO LỤC stands under it"),
}

STATES: Mapping[str, Any] = {
    rules.MAKING: _l("It is being made"),
    rules.READY: _l("To be signed on paper"),
    rules.FAILED: _l("It could not be made"),
    rules.SIGNED: _l("Signed and registered"),
    rules.VOID: _l("Number void"),
}
"""Where a copy stands, in the order of its way."""

STATE_TONES: Mapping[str, str] = {
    rules.MAKING: "info",
    rules.READY: "note",
    rules.FAILED: "bad",
    rules.SIGNED: "good",
    rules.VOID: "bad",
}

HOW: Mapping[str, Any] = {
    recalling.CANCELLED: _l("Cancelled on the system (electronic)"),
    recalling.RETURNED: _l("Returned to the issuer (paper)"),
    recalling.NOT_RECEIVED: _l("Never received here"),
}
"""What a unit says of a recalled document."""

HOW_TONES: Mapping[str, str] = dict.fromkeys(recalling.HOW, "good")

say(
    {
        "recall_how": _l("Say whether the document was cancelled, returned, or never received here."),
        "recall_acknowledged": _l("Your unit has answered this recall already. The answer stays as it is."),
        "not_recalled": _l("The document is not recalled. Recall it, or link the letter that recalls it, first."),
        "nobody_told": _l("Choose at least one unit that was not told yet."),
        "copy_form": _l("Choose one of the forms of copies that are offered for this document."),
        "extract_without_parts": _l("An extract holds parts of the document. Choose at least one."),
        "copy_unreleased": _l(
            "%(symbol)s is not released yet. Copies are made of the original alone; wait until it is signed and sealed."
        ),
        "copy_recalled": _l("%(symbol)s was recalled, so no copies are made of it."),
        "copy_restricted": _l(
            "The document is restricted in its circulation. Only %(issuer)s, which issued it, makes copies of it."
        ),
        "copy_not_received": _l("Only %(unit)s, which received the document, makes copies of it."),
        "copy_without_scan": _l("This arrival has no file. Add its scan or its electronic file first."),
        "copy_scan_not_pdf": _l("The file of this arrival is a picture. Keep it as a PDF first, then make the copy."),
        "recipients_required": _l("Say who gets the copy, one on each line."),
        "no_signer_chosen": _l("Choose who signs the copy."),
        "copy_not_printed": _l("The copy has no file yet, so it cannot have been signed."),
        "copy_settled": _l("This copy is signed already, or its number is void. Nothing more is done with it here."),
        "signed_when": _l(
            "The copy was signed on its own date or later, and not later than today, written dd/mm/yyyy."
        ),
    }
)


def why_failed(copy: CertifiedCopy) -> str:
    """Why the file of a copy could not be made; empty where it could.

    Args:
        copy: as the worker left it.
    """
    if not copy.error:
        return ""
    code = copy.error.partition(":")[0]
    if code in SHEET_CODES - {"timed_out", "crashed", "out_of_memory", "cpu_exhausted"}:
        return str(gettext("What is to be copied is no PDF that can be read. Make it a PDF anew, then copy it again."))
    return failure(copy.error)[1]
