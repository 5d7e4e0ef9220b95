"""What a finding says to its reader: what is wrong here and what to type instead, by code."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from babel.lists import format_list
from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from portal.definition_sentences import DEFINITION_SENTENCES
from portal.words import format_date, format_number, label, reader_language

if TYPE_CHECKING:
    from collections.abc import Callable

    from workflows.errors import Finding

PARTS: Mapping[str, Any] = {
    "numerator": _l("the numerator"),
    "denominator": _l("the denominator"),
    "value": _l("the figure"),
    "rank": _l("the rank"),
    "total": _l("the number ranked"),
    "as_of": _l("the date of the figure"),
    "from": _l("the first day"),
    "to": _l("the last day"),
}
"""What the inputs of one figure are called inside a sentence."""

CITED: Mapping[str, Any] = {
    "type": _l("the type of document"),
    "date": _l("its date"),
    "issuer": _l("who issued it"),
    "subject": _l("its subject"),
}
"""What a document is cited by besides number and symbol."""

SENTENCES: Mapping[str, Any] = {
    # said of text that could not be read
    "not_a_number": _l("This is not a number. Type digits, for example 1.234 or 60,74."),
    "number_too_long": _l(
        "This number is too long: at most %(digits)s digits and %(decimals)s decimals. Check for a slip of the keys."
    ),
    "not_whole": _l("This counts whole things. Type a number without decimals, for example 1.234."),
    "bare_percentage": _l("A percentage alone says too little. Type the numerator and the denominator instead."),
    "not_a_date": _l("This is not a date. Type day, month and year, for example 31/01/2025."),
    "no_such_date": _l("The calendar has no such day. Check day and month, for example 31/01/2025."),
    "year_missing": _l("The year is missing. Type it too, for example 31/01/2025."),
    "year_not_in_full": _l("Type the year with four digits, for example 31/01/2025."),
    "not_offered": _l("This is not one of the answers offered. Choose one from the list."),
    "not_yes_or_no": _l("Answer yes or no."),
    "not_a_file": _l("The list of files cannot be read. Attach the files again."),
    "too_many_rows": _l(
        "The table has %(count)s rows and holds at most %(max)s. Put the rest into an attached file, or join rows."
    ),
    "nothing_yet_filled": _l(
        "You ticked that there is nothing to report, and yet filled this in. Take the tick away, or clear the answer."
    ),
    "reason_without_nothing": _l(
        "This reason belongs to “nothing to report”, which is not ticked. Tick it, or clear the reason."
    ),
    "unread_text": _l("What was typed here could not be read. Type it again, or clear it."),
    # said of a value that was read
    "classified_text": _l(
        "This bears the mark of secrecy “%(mark)s”. State secrets must not be entered here: remove the text "
        "and follow the rules for classified documents."
    ),
    "read_as": _l("“%(typed)s” was read as %(read)s. If you meant something else, type it again."),
    "normalised": _l("The Vietnamese letters were joined into their usual form; the text is the same."),
    "characters_removed": _l("%(count)s invisible characters were removed; the text is the same."),
    # said of a new report
    "taken_over": _l("Taken over from the report before. Check it, and change what is no longer so."),
    # said when it is submitted
    "unknown_field": _l("The form does not ask for this. Tell the administrator of the portal."),
    "malformed": _l("This answer is damaged. Type it again."),
    "required": _l("This is required. Fill it in."),
    "incomplete": _l("Something is missing: %(part)s. Fill it in, or clear the whole answer."),
    "reason_required": _l("Say why there is nothing to report."),
    "as_of_in_future": _l("A figure cannot be dated %(as_of)s, a day still to come. Type the day it was counted on."),
    "too_long": _l("The text has %(length)s characters, at most %(max)s are allowed. Shorten it, or attach a file."),
    "letter_missing": _l("These signs cannot be printed in a document: %(letters)s. Replace them by words."),
    "pattern_missed": _l("This has another shape than is expected. %(message)s"),
    "html_in_text": _l("The text holds code of a web page: %(found)s. Paste it as plain text, or delete the code."),
    "denied_phrase": _l("“%(phrase)s” stands in the text (%(count)s times) and may not be sent. Delete it."),
    "too_early": _l("%(date)s is too early: the first day allowed is %(earliest)s."),
    "too_late": _l("%(date)s is too late: the last day allowed is %(latest)s."),
    "ends_before_start": _l("The last day, %(end)s, is before the first, %(start)s. Check both days."),
    "below_minimum": _l("%(value)s is too small: at least %(min)s is expected. Check the figure."),
    "above_maximum": _l("%(value)s is too large: at most %(max)s is possible. Check the figure."),
    "too_many_decimals": _l("The figure has %(decimals)s decimals, at most %(max)s are allowed. Round it."),
    "denominator_not_positive": _l(
        "The denominator is %(denominator)s and must be more than zero. If there was nothing to count, "
        "choose “nothing to report”."
    ),
    "negative_numerator": _l("The numerator is %(numerator)s and cannot be less than zero. Check the figure."),
    "numerator_exceeds": _l(
        "The numerator %(numerator)s is larger than the denominator %(denominator)s (%(percent)s%%). "
        "Check whether the two were exchanged."
    ),
    "rank_out_of_range": _l("Rank %(rank)s does not exist among %(total)s. Check both numbers."),
    "too_few_chosen": _l("%(count)s answers are ticked, at least %(least)s are asked for. Tick more."),
    "too_many_chosen": _l("%(count)s answers are ticked, at most %(most)s are allowed. Take some ticks away."),
    "too_many_files": _l("%(count)s files are attached, at most %(max)s are allowed. Remove some, or join them."),
    "sum_disagrees": _l(
        "The total says %(stated)s, but its parts add up to %(computed)s. Correct the total or a part."
    ),
    "rule_broken": "%(message)s",
    "rule_doubted": _l("To check: %(message)s"),
    "rows_disagree": _l("The figure says %(stated)s, but the table has %(rows)s rows. Check which of them is right."),
    "percentage_disagrees": _l(
        "The percentage says %(stated)s%%, but numerator and denominator give %(computed)s%%. Check all three."
    ),
    "in_the_future": _l("%(date)s is still to come, and a day in the past is expected. Check the date."),
    "in_the_past": _l("%(date)s is past, and a day still to come is expected. Check the date."),
    "outside_period": _l("%(date)s lies outside the period from %(start)s to %(end)s. Check the date."),
    "glued_words": _l("Words seem to be glued together: %(words)s. Put the spaces back."),
    # said of its style, by Decree 30/2020/NĐ-CP
    "place_capitals": _l("Capitals of a place: “%(wanted)s”, not “%(found)s”."),
    "body_capitals": _l("Capitals of a body: “%(wanted)s”, not “%(found)s”."),
    "noun_capitals": _l("This word has a capital here: “%(wanted)s”, not “%(found)s”."),
    "article_capitals": _l("Capitals where an article is cited: “%(wanted)s”, not “%(found)s”."),
    "calendar_capitals": _l("Capitals of a day or a month in words: “%(wanted)s”, not “%(found)s”."),
    "date_zeros": _l(
        "Days below 10 and months 1 and 2 have a zero before them, other months none: “%(wanted)s”, not “%(found)s”."
    ),
    "point_numbering": _l(
        "“%(found)s” stands where “%(wanted)s” belongs: points go by a) b) c) d) đ) e) g) h) i) k) and so on."
    ),
    "clause_numbering": _l("“%(found)s” stands where “%(wanted)s” belongs."),
    "citation_incomplete": _l(
        "“%(found)s” is mentioned here for the first time, so it is cited in full. Still to be added: %(missing)s."
    ),
    "citation_repeated": _l("“%(found)s” has been cited in full before; here type, number and symbol are enough."),
}
"""Code of `workflows.forms` → sentence; parameters in `%(name)s`."""

DATES = frozenset(
    {"as_of", "date", "earliest", "latest", "start", "end", "day", "raw", "cut_off", "lower", "first", "last"}
)
TEXTS = frozenset({"typed", "read", "mark", "found", "wanted", "phrase", "table", "letters", "rule"})


def sentence(finding: Finding) -> str:
    """The sentence for a remark on what was typed into a form, in the reader's language."""
    return _said(SENTENCES, finding, _shown)


def definition_sentence(finding: Finding) -> str:
    """The sentence for a remark on a definition, in the reader's language."""
    return _said(DEFINITION_SENTENCES, finding, _computed if finding.severity == "warning" else _plain)


def definition_line(file: str, finding: Finding) -> str:
    """A finding as a command prints it: which file, where in it, and what is wrong."""
    return ": ".join(filter(None, (file, finding.path, definition_sentence(finding))))


def _said(sentences: Mapping[str, Any], finding: Finding, show: Callable[[str, object], object]) -> str:
    words = sentences.get(finding.code)
    if words is None:
        return str(gettext("Check this entry (%(code)s).", code=finding.code))
    return str(str(words) % {name: show(name, value) for name, value in finding.params.items()})


def _shown(name: str, value: object) -> object:
    """A parameter as readers write it: dates, figures, lists and the names of parts."""
    if isinstance(value, Mapping):  # words that the form itself has, in both languages
        return label(value)
    if name == "part":
        return PARTS.get(str(value), value)
    if name in DATES:
        return format_date(str(value))
    if name in TEXTS:
        return value
    if isinstance(value, list):
        named = [CITED[str(each)] for each in value] if name == "missing" else value
        return format_list([str(each) for each in named], locale=reader_language())
    return format_number(str(value))


def _plain(_name: str, value: object) -> object:
    if isinstance(value, Mapping):  # a name, in both languages
        return label(value)
    return ", ".join(str(each) for each in value) if isinstance(value, list) else value


def _computed(name: str, value: object) -> object:
    """A parameter of a warning: no text of the definition, so days and names are as all readers write them."""
    if isinstance(value, dict):
        return label(value)
    return format_date(str(value)) if name in DATES else value
