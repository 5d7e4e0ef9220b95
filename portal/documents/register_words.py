"""What registers say to people: states of numbers, column 10, and what a registrar is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from portal.documents.models import RESERVED, VOID
from portal.documents.words import failure
from portal.refusals import SHOWN, named, say
from portal.security import today
from portal.words import format_date

if TYPE_CHECKING:
    from collections.abc import Mapping

    from portal.documents.models import RegisterEntry, RegisterPrint

STATES: Mapping[str, Any] = {
    "used": _l("Used"),
    "reserved": _l("Reserved"),
    "void": _l("Void"),
}
"""What people call the fates of a number."""

STATE_TONES: Mapping[str, str] = {"used": "good", "reserved": "info", "void": "bad"}

FORMATS: Mapping[str, Any] = {"pdf": _l("PDF, to be printed and bound"), "xlsx": _l("Workbook (XLSX)")}
"""What a register is printed or exported as."""

PRINT_STATES: Mapping[str, Any] = {
    "waiting": _l("It is being made"),
    "ready": _l("Ready"),
    "none": _l("It could not be made"),
}

CLOSED: Mapping[str, Any] = {
    "book_closed": _l("Closed: its year is over. What was reserved can still be registered or made void."),
    "issuer_not_there": _l("Closed: its unit has ended. What was reserved is settled by an administrator."),
}
"""Why a book takes no more numbers, by the code of `numbering.closed`."""

SHOWN["book"] = named
SHOWN["on_day"] = format_date

say(
    {
        "issuer_not_there": _l(
            "%(issuer)s does not exist on %(on_day)s, so its books are closed and no number is given. Tell the "
            "administrator, if the dates of the unit are wrong."
        ),
        "book_closed": _l("The book of %(year)s is closed: its year is over. Use the book of this year."),
        "until_required": _l("Say until when the number is reserved: today or a later day, written dd/mm/yyyy."),
        "day_unreadable": _l("“%(text)s” is no day. Write it as dd/mm/yyyy."),
        "number_unreadable": _l("“%(text)s” is no whole number. Write it with digits alone."),
        "not_reserved": _l("This number is not reserved any more. Reload the page to see what became of it."),
        "not_used": _l("No document has this number, so nothing of it is handed over."),
        "paper_incomplete": _l(
            "A document is registered with symbol, subject, signer and recipients. Fill all of them in."
        ),
        "type_of_other_book": _l(
            "This book does not number “%(type)s”: that is numbered in “%(book)s”. Reserve a number there, and make "
            "this one void with a reason."
        ),
        "not_its_symbol": _l(
            "“%(symbol)s” is not the symbol of a document of this type and issuer. It begins with “%(start)s”, and may "
            "name the drafting unit behind a hyphen, in capitals; an official letter must."
        ),
        "paper_date": _l(
            "The document of this book is dated in %(year)s, not later than today. Write the day as printed."
        ),
        "symbol_taken": _l("%(symbol)s was given to another document of this year. Check type and symbol."),
        "copies_wrong": _l("The number of copies is a whole number from 1 to %(most)s."),
        "sent_before_dated": _l("It cannot have been handed over before its own date. Correct the day."),
        "unprintable": _l(
            "The register is printed in a face that lacks these letters: %(letters)s. Write it without them."
        ),
        "classified_entry": _l(
            "The text bears the mark of secrecy “%(mark)s”. Secret documents are numbered in a register of their own, "
            "not here."
        ),
        "unknown_series": _l("This unit has no book “%(key)s”. Choose one of those that are listed."),
        "last_paper_wrong": _l(
            "The last number of the paper book is a whole number from 0 to %(most)s; 0 if there is none."
        ),
        "book_in_use": _l(
            "The portal has numbered in this book already, up to %(number)s. Its beginning can no longer be changed."
        ),
        "year_not_open": _l("Books are arranged for this year (%(year)s) or the next (%(next)s)."),
        "series_in_use": _l(
            "Numbers were given in “%(book)s” of %(year)s, so that it goes on numbering what it did. Let the change "
            "apply from the next year on."
        ),
        "series_key": _l(
            "“%(key)s” cannot be the key of a book: small letters without marks, digits and hyphens, at most 24."
        ),
        "series_twice": _l("Two books have the key “%(key)s”. Give one of them another; “copies” is that of copies."),
        "series_without_name": _l("The book “%(key)s” has no name. Give it one in Vietnamese."),
        "series_without_types": _l("The book “%(key)s” numbers nothing. Give it a type, or leave it out."),
        "type_not_in_one_book": _l("Each type is numbered in one book. These are not: %(types)s."),
        "print_unknown": _l("A register is printed as PDF or exported as XLSX."),
    }
)


def remark(entry: RegisterEntry) -> str:
    """Column 10 on the screen: what was noted, and why a number is void or reserved.

    Args:
        entry: with whoever reserved it.
    """
    fate = ""
    if entry.state == VOID:
        fate = gettext("Void: %(reason)s", reason=entry.void_reason)
    elif entry.state == RESERVED and entry.reserved_until:
        told = {"day": format_date(entry.reserved_until), "who": entry.reserver, "reason": entry.reason}
        fate = gettext("Reserved until %(day)s by %(who)s: %(reason)s", **told)
        if entry.reserved_until < today():
            fate = gettext("Overdue since %(day)s, reserved by %(who)s: %(reason)s", **told)
    elif entry.document_id is None:
        fate = gettext("Issued on paper")
    return ". ".join(str(each) for each in (fate, entry.note) if each)


def progress(printed: RegisterPrint) -> str:
    """How far a print is, in a sentence.

    Args:
        printed: as the worker left it.
    """
    numbers = {"done": printed.done, "last": printed.last_number}
    if printed.state == "waiting":
        return str(gettext("It is being made: up to number %(done)s of %(last)s.", **numbers))
    return str(PRINT_STATES[printed.state])


def why_not_printed(printed: RegisterPrint) -> str:
    """Why a register could not be made into a file; empty for any other.

    Args:
        printed: as the worker left it.
    """
    if printed.reason == "parts_unreadable":
        return str(gettext("The pages that were printed could not be bound."))
    return failure(f"{printed.reason}:")[1] if printed.reason else ""
