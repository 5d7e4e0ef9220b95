"""What incoming documents say to people: states, urgencies, and what a registrar is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from portal.incoming import rules
from portal.incoming.printing import ARRIVALS, HANDLING
from portal.refusals import say

if TYPE_CHECKING:
    from collections.abc import Mapping

    from portal.incoming.models import IncomingDocument

STATES: Mapping[str, Any] = {
    rules.NEW: _l("Not handed over"),
    rules.ASSIGNED: _l("Handed over"),
    rules.IN_PROGRESS: _l("Being dealt with"),
    rules.DONE: _l("Dealt with"),
    rules.ANSWERED: _l("Answered"),
    rules.FILED: _l("Filed"),
    rules.VOID: _l("Arrival number void"),
}
"""Where an arrival stands, in the order of its way."""

STATE_TONES: Mapping[str, str] = {
    rules.NEW: "note",
    rules.ASSIGNED: "info",
    rules.IN_PROGRESS: "info",
    rules.DONE: "good",
    rules.ANSWERED: "good",
    rules.FILED: "good",
    rules.VOID: "bad",
}

URGENCIES: Mapping[str, Any] = {
    "flash": _l("Flash (hỏa tốc)"),
    "express": _l("Express (thượng khẩn)"),
    "urgent": _l("Urgent (khẩn)"),
}
"""Decree 30/2020, appendix I.III.2.b, by the keys of `decree.URGENCIES`."""

PRINTED: Mapping[str, Any] = {
    ARRIVALS: _l("Register of incoming documents"),
    HANDLING: _l("Handling of incoming documents"),
}
"""What is printed of a book of arrivals."""

say(
    {
        "arrival_incomplete": _l(
            "A document is registered with author, number and symbol, its date, type and subject. Fill all of them in; "
            "where it has no number, write “Không số”."
        ),
        "arrival_day": _l("The day of arrival lies in %(year)s, not later than today, written dd/mm/yyyy."),
        "dated_after_arrival": _l("A document cannot arrive before its own date. Correct one of the days."),
        "due_before_arrival": _l("It cannot be due before it arrived. Correct one of the days."),
        "unknown_urgency": _l("Choose one of the urgencies that are listed, or none."),
        "symbol_too_long": _l(
            "A number has at most %(number)s letters and the symbol behind it %(notation)s. Write them as printed."
        ),
        "arrived_before": _l(
            "This document seems to have arrived before: the same number, symbol and author, or the same "
            "identification code. Nothing was registered yet. Look at it; if it is another document, tick the box and "
            "say why."
        ),
        "arrival_void": _l("This arrival number is void, so nothing more is done with it."),
        "no_such_unit": _l("Choose a unit that is listed."),
        "handed_before_arrival": _l("It cannot have been handed over before it arrived. Correct the day."),
        "not_its_unit": _l(
            "The document was not handed over to %(unit)s. Hand it over first; then a task can be drafted for it."
        ),
        "no_such_profile": _l("Choose a clarity profile that is listed."),
        "no_such_answer": _l("Choose one of the documents that were found. Look for its number or symbol first."),
        "answer_before_question": _l("%(symbol)s is older than the document that it would answer. Choose another one."),
        "arrival_settled": _l("It is answered or filed already. Take it up again first, with a reason."),
        "arrival_not_settled": _l("It is neither answered nor filed, so there is nothing to take up again."),
        "file_needed": _l("Choose a file first."),
    }
)


def remark(incoming: IncomingDocument) -> str:
    """Column 10 on the screen: why a number is void, how urgent it is, what was noted.

    Args:
        incoming: the arrival.
    """
    void = gettext("Void: %(reason)s", reason=incoming.void_reason) if incoming.void_reason else ""
    urgency = URGENCIES[incoming.urgency] if incoming.urgency else ""
    return ". ".join(str(each) for each in (void, urgency, incoming.remark) if each)
