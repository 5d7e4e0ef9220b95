"""What is said of a document's printing: how far it is, or why there is none, where, and what to do next."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, NamedTuple

from flask_babel import gettext, ngettext
from flask_babel import lazy_gettext as _l

from portal.db import utc_now
from portal.documents.faults import spots_of
from portal.documents.service import content_of
from portal.documents.words import failure, place_words
from portal.refusals import say

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from portal.documents.faults import Spot
    from portal.documents.models import OfficialDocument
    from portal.jobs import Standing

PARTS: Mapping[str, Any] = {
    "title": _l("the subject"),
    "issuer": _l("the issuer’s name"),
    "contact": _l("the issuer’s address"),
    "address": _l("the addressees"),
    "grounds": _l("the legal grounds"),
    "opening": _l("the opening"),
    "closing": _l("the closing"),
    "recipients": _l("the recipients"),
    "signature": _l("the signer"),
    "cosignature": _l("who signs beside"),
    "sections": _l("section “%(heading)s”"),
    "annexes": _l("annex “%(heading)s”"),
    "answers": _l("the answer “%(heading)s”"),
}
"""What people call the parts of a document's content."""

CORRECT_THE_TEMPLATE = _l(
    "Have a designer correct the template and publish it; then make the PDF with the later version, below. Number and "
    "text stay as they are."
)
TRY_LATER = _l(
    "Make the PDF again when the portal has less to do. If it fails again, the operator must give documents more time, "
    "computing time or memory (docs/settings.md: RENDER_…)."
)
RAISE_THE_LIMIT = _l(
    "The operator can let documents be longer (docs/settings.md: RENDER_PAGES); then make the PDF again. Or have the "
    "template made shorter, and make it with the later version."
)
NEXT: Mapping[str, Any] = {
    **dict.fromkeys(("template_syntax", "template_forbidden", "template_failed"), CORRECT_THE_TEMPLATE),
    **dict.fromkeys(("missing_value", "resource_refused", "typesetting_failed"), CORRECT_THE_TEMPLATE),
    **dict.fromkeys(("timed_out", "cpu_exhausted", "out_of_memory", "crashed"), TRY_LATER),
    **dict.fromkeys(("too_many_pages", "output_too_large"), RAISE_THE_LIMIT),
    "letter_missing": _l(
        "A letter of the template is corrected there: then make the PDF with the later version, below. The text of an "
        "issued document stays as it is: tell the operator which letter the typeface must be given."
    ),
}
"""What to do next, by the code of the failure."""

TELL_THE_OPERATOR = _l("Make the PDF again. If it fails again, tell the operator the code; his log says more.")


say(
    {
        "document_signed": _l("This document is signed, or being signed. What is signed is not made anew."),
        "document_moved_on": _l("Meanwhile this document has moved on. See below how far it is, and try again."),
        "no_later_version": _l(
            "There is no later published version of the template to make it with. Choose one from the list."
        ),
        "remake_reason": _l("Say why the PDF is made anew. The reason is kept in the audit log."),
    }
)


class Told(NamedTuple):
    """One place of a fault, in words.

    Attributes:
        where: block and line of the template, or part of the text.
        value: what it is about.
        around: what stands around it, possibly empty.
    """

    where: str
    value: str
    around: str


class Explanation(NamedTuple):
    """Why a document has no PDF.

    Attributes:
        code: for the operator.
        sentence: for everybody.
        places: for those who may mend it.
        advice: what they do next.
    """

    code: str
    sentence: str
    places: Sequence[Told]
    advice: str


def explanation(document: OfficialDocument, *, mends: bool) -> Explanation:
    """Why a document could not be rendered.

    Args:
        document: in state `failed`.
        mends: whether the reader is one of those who may mend it, and so sees places and values.
    """
    code, sentence = failure(document.error)
    if not mends:
        return Explanation(code, sentence, (), "")
    spots = spots_of(document.error, content_of(document), document.template.body)
    places = [Told(_where(spot), spot.value, spot.around) for spot in spots]
    return Explanation(code, sentence, places, str(NEXT.get(code, TELL_THE_OPERATOR)))


def _where(spot: Spot) -> str:
    if spot.template:
        return place_words(spot.template, spot.line)
    if spot.part not in PARTS:
        return str(gettext("the head of the document"))
    return str(PARTS[spot.part]) % {"heading": spot.heading}


def progress(standing: Standing | None) -> str:
    """How far a document is that is being printed, in a sentence or two.

    Args:
        standing: of its job; None when it is just being finished.
    """
    if standing is None:
        return str(gettext("It is nearly done."))
    return " ".join((_before(standing), _now(standing))).strip()


def _before(standing: Standing) -> str:
    """What became of the attempts before this one."""
    failed = standing.attempts - standing.is_held
    if not failed:
        return ""
    _kind, _, error = (standing.last_error or "").partition(": ")
    return str(gettext("Attempt %(number)s failed: %(why)s", number=failed, why=failure(error)[1]))


def _now(standing: Standing) -> str:
    if standing.is_held:
        return str(gettext("The pages are being made now."))
    if standing.next_try:
        seconds = max(1, math.ceil((standing.next_try - utc_now()).total_seconds()))
        return str(ngettext("It is tried again in %(num)s second.", "It is tried again in %(num)s seconds.", seconds))
    if standing.behind:
        return str(
            ngettext(
                "It waits in the queue; %(num)s piece of work comes before it.",
                "It waits in the queue; %(num)s pieces of work come before it.",
                standing.behind,
            )
        )
    return str(gettext("It is the next in the queue."))
