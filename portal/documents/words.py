"""What issuing and rendering say to people: states, refusals, and why there is no PDF."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from portal.documents.job import PAGE, RENDER_CODES
from portal.refusals import SHOWN, say, sentence
from workflows.errors import Refusal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from portal.documents.trial_models import TrialPrint

STATUSES: Mapping[str, Any] = {
    "rendering": _l("The PDF is being made"),
    "awaiting_signature": _l("Waiting for its signature"),
    "awaiting_seal": _l("Waiting for its seal"),
    "released": _l("Released"),
    "sent_back": _l("Sent back unsigned"),
    "failed": _l("The PDF could not be made"),
}
"""What people call the states of an issued document."""

STATUS_TONES: Mapping[str, str] = {
    "rendering": "info",
    "awaiting_signature": "note",
    "awaiting_seal": "note",
    "released": "good",
    "sent_back": "bad",
    "failed": "bad",
}
"""How the badge of a state is coloured."""

AUTHORITY_KINDS: Mapping[str, Any] = {
    "TL": _l("TL. - by order (thừa lệnh)"),
    "TUQ": _l("TUQ. - by authorisation (thừa ủy quyền)"),
}
"""What people call the kinds of signing authorities."""

AUTHORITY_STATES: Mapping[str, Any] = {
    "ahead": _l("ahead"),
    "in_force": _l("in force"),
    "over": _l("over"),
    "revoked": _l("revoked"),
}
"""What people call the states of a signing authority."""

AUTHORITY_TONES: Mapping[str, str] = {"ahead": "info", "in_force": "good", "revoked": "bad"}
"""How the badge of such a state is coloured."""

LACKING: Mapping[str, Any] = {
    "none": _l("nobody has entered an order (TL.) or an authorisation (TUQ.) for this post"),
    "revoked": _l("the authority of %(document)s was revoked"),
    "not_begun": _l("the authority of %(document)s begins on %(from)s only"),
    "over": _l("the authority of %(document)s was over on %(to)s"),
    "scope": _l("the authority of %(document)s is not for documents of this type"),
    "deputies": _l("the authority of %(document)s is not for deputies"),
}
"""What is missing where somebody cannot sign, by `signing.Lack`."""

FAILURES: Mapping[str, Any] = {
    "bad_job": _l("The data or an image of the document cannot be read."),
    "template_syntax": _l("The template has a mistake in its code."),
    "template_forbidden": _l("The template asks for something that templates may not use."),
    "missing_value": _l("The template asks for a value that the document does not have."),
    "template_failed": _l("The template broke off."),
    "output_too_large": _l("The document is too large."),
    "letter_missing": _l("The text holds a letter that the typeface lacks."),
    "resource_refused": _l("The template asks for a file or an address outside the document."),
    "too_many_pages": _l("The document has too many pages."),
    "typesetting_failed": _l("The pages could not be laid out."),
    "out_of_memory": _l("Making the pages took too much memory."),
    "cpu_exhausted": _l("Making the pages took too much computing time."),
    "timed_out": _l("Making the pages took too long."),
    "crashed": _l("The program that makes the pages stopped unexpectedly."),
}
"""Why there is no PDF, by the code of `RenderFailed`."""

NO_TRIAL: Mapping[str, Any] = {
    "overtaken": _l("The template was changed before it was printed. Print it again."),
    "unsound": _l("Something in the template keeps it from being published. Correct it, and print it again."),
    **dict.fromkeys(("encrypted", "unreadable", "too_large"), _l("The printed pages could not be drawn.")),
}
"""Why there is no trial print, where printing itself is not the reason."""

TOLD = frozenset({"template_syntax", "template_forbidden", "template_failed", "missing_value"})
TOLD |= {"letter_missing", "resource_refused"}
"""Codes whose detail says something to the author of a template; that of others is for the operator."""

say(
    {
        "unsound_template": _l(
            "Something in the template keeps it from being published, so no sample is printed. Correct it first."
        ),
        "trials_wait": _l("Many samples are waiting to be printed. Try again in a minute."),
        "not_failed": _l("This document is not waiting to be repeated. Reload the page to see how far it is."),
        "bad_number": _l("%(number)s cannot be the number of a document or a section. Ask the administrator."),
        "unknown_type": _l(
            "“%(type)s” is no type of document in Decree 30/2020. Ask the administrator to correct the template."
        ),
        "bad_abbreviation": _l(
            "The issuer's abbreviation “%(abbreviation)s” cannot stand in a symbol. "
            "Ask the administrator to correct the unit."
        ),
        "empty_line": _l("The document lacks a line it must have (%(line)s). Ask the administrator to fill it in."),
        "no_signer": _l("The signer has no name. Ask the administrator to complete the account."),
        "academic_title": _l(
            "“%(title)s” in “%(name)s” may not be printed before a signer's name. "
            "Ask the administrator to remove it from the account."
        ),
        "signer_without_authority": _l(
            "%(post)s (%(unit)s) cannot sign for %(issuer)s: %(lacking)s. Tell the administrator: the authority must "
            "be entered, or the chain must have somebody else sign."
        ),
        "no_post_in_agency": _l(
            "%(issuer)s uses the seal of %(unit)s, so the signer's post there is printed above his name, and he has "
            "none. Ask the administrator to seat him in it, or to leave out the seal."
        ),
        "own_partner": _l(
            "A joint document has two issuers, and %(unit)s is both of them here. Return the report, so that another "
            "unit is named as the partner."
        ),
        "cosigner_left": _l(
            "Whoever approved for %(unit)s holds that post no longer, so nobody could sign for it. Return the report "
            "to that stage, so that the successor approves."
        ),
        "overlong_symbol": _l(
            "“%(symbol)s” is longer than the %(most)s letters that a symbol may have. Ask the administrator to "
            "shorten the abbreviations of the units."
        ),
        "no_chairman": _l(
            "Only the chairman of a people's committee has documents of his own. Ask the administrator to correct the "
            "chain."
        ),
        "before_the_law": _l(
            "Documents of the chairman himself exist since the law of 2025, from %(day)s on. Ask the administrator to "
            "correct the chain."
        ),
        "authority_fixed": _l("An authority is never changed. Revoke it, and enter another."),
        "authority_revoked": _l("This authority is revoked already."),
        "own_authority": _l("Nobody lets himself sign. Ask someone else who administers units to enter it."),
        "authorised_on": _l(
            "%(post)s signs for %(issuer)s by an authority itself, and nobody passes on what he has so. Choose the "
            "head of the issuer."
        ),
        "authority_not_of_head": _l(
            "%(post)s is not the head of %(issuer)s, who alone lets others sign in his name. Choose the head's post."
        ),
        "authority_not_to_head": _l(
            "%(post)s is not the head of a unit. Choose the head; tick that his deputies sign in his stead, if they do."
        ),
        "authority_outside_issuer": _l(
            "%(unit)s does not stand below %(issuer)s. Only heads of its own units sign in its head's name."
        ),
        "authority_outside_posts": _l("%(post)s does not exist during all of that time. Correct the dates."),
        "authority_before_its_document": _l(
            "It would begin before the date of the document that says so. Correct one of the dates."
        ),
        "authorisation_without_end": _l("An authorisation is limited in time. Fill in its last day."),
        "authorisation_without_scope": _l(
            "An authorisation is limited in content. Tick the types of documents or the templates it is for."
        ),
        "authorisation_for_deputies": _l(
            "Whoever signs by authorisation lets nobody sign in his stead. Leave that unticked."
        ),
        "no_such_template": _l("There is no template “%(template)s”. Choose from the list."),
        "classified": _l(
            "The text bears the mark of secrecy “%(mark)s”. State secrets are not handled here: return it, so that "
            "the text is removed."
        ),
        "ragged_table": _l(
            "A row of a table has %(cells)s cells where the table has %(columns)s columns. Return it to be corrected."
        ),
    }
)


def _lacking(missing: Mapping[str, str]) -> str:
    """What is missing where somebody cannot sign, with the days as people here write them."""
    days = {name: "/".join(reversed(missing[name].split("-"))) for name in ("from", "to")}
    return str(LACKING[missing["why"]]) % {**missing, **days}


SHOWN["lacking"] = _lacking


def failure(error: str | None) -> tuple[str, str]:
    """Why a document could not be rendered.

    Args:
        error: as the last try left it, beginning with a code and a colon.

    Returns:
        a code for the operator, and a sentence for everybody.
    """
    code = (error or "").partition(":")[0].strip()
    if code not in RENDER_CODES:
        return "unexpected", str(gettext("Something unexpected happened while the pages were made."))
    return code, str(FAILURES[code])


def trial_failure(trial: TrialPrint) -> tuple[str, str, str]:
    """Why a template has no trial print.

    Args:
        trial: in state `none`.

    Returns:
        a sentence; where in the template, possibly empty; what Jinja says of it, or letter or address, possibly empty.
    """
    code, details = str(trial.reason), trial.details
    where = place_words(details["template"], details["line"]) if "template" in details else ""
    if code in FAILURES or code in NO_TRIAL:
        return str({**FAILURES, **NO_TRIAL}[code]), where, details.get("words", "") if code in TOLD else ""
    return sentence(Refusal(code, details)), "", ""


def place_words(template: str, line: int) -> str:
    """Where something stands: in the template itself, or in a block of it."""
    if template == PAGE:
        return str(gettext("template, line %(line)s", line=line))
    return str(gettext("block %(block)s, line %(line)s", block=template.removesuffix(".html"), line=line))
