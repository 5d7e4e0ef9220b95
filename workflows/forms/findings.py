"""Every code that reading a form or its submit gate can give: a contract with the translations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from workflows.errors import Severity


class Code(NamedTuple):
    """How grave a finding is, and the names of its params. Numbers among them are ``int`` or decimal text."""

    severity: Severity
    params: tuple[str, ...] = ()


READING: Final[Mapping[str, Code]] = {
    # said of text that stays unread
    "not_a_number": Code("error"),
    "number_too_long": Code("error", ("digits", "decimals")),
    "not_whole": Code("error"),
    "bare_percentage": Code("error"),
    "not_a_date": Code("error"),
    "no_such_date": Code("error"),
    "year_missing": Code("error"),
    "year_not_in_full": Code("error"),
    "not_offered": Code("error"),
    "not_yes_or_no": Code("error"),
    "not_a_file": Code("error"),
    "too_many_rows": Code("error", ("count", "max")),
    "nothing_yet_filled": Code("error"),
    "reason_without_nothing": Code("error"),
    # said of a value that was read
    "classified_text": Code("error", ("mark",)),
    "read_as": Code("info", ("typed", "read")),
    "normalised": Code("info"),
    "characters_removed": Code("info", ("count",)),
}
"""What ``read`` can say."""

BEGINNING: Final[Mapping[str, Code]] = {"taken_over": Code("info")}
"""What ``taken_over`` can say."""

GATE: Final[Mapping[str, Code]] = {
    **{code: said for code, said in READING.items() if said.severity == "error"},
    "unread_text": Code("error"),
    "unknown_field": Code("error"),
    "malformed": Code("error"),
    "required": Code("error"),
    "incomplete": Code("error", ("part",)),
    "reason_required": Code("error"),
    "as_of_in_future": Code("error", ("as_of",)),
    "too_long": Code("error", ("length", "max")),
    "pattern_missed": Code("error", ("message",)),
    "html_in_text": Code("error", ("found",)),
    "denied_phrase": Code("error", ("phrase", "count", "places")),
    "too_early": Code("error", ("date", "earliest")),
    "too_late": Code("error", ("date", "latest")),
    "ends_before_start": Code("error", ("start", "end")),
    "below_minimum": Code("error", ("value", "min")),
    "above_maximum": Code("error", ("value", "max")),
    "too_many_decimals": Code("error", ("decimals", "max")),
    "denominator_not_positive": Code("error", ("numerator", "denominator")),
    "negative_numerator": Code("error", ("numerator", "denominator")),
    "numerator_exceeds": Code("error", ("numerator", "denominator", "percent")),
    "rank_out_of_range": Code("error", ("rank", "total")),
    "too_few_chosen": Code("error", ("count", "least")),
    "too_many_chosen": Code("error", ("count", "most")),
    "too_many_files": Code("error", ("count", "max")),
    "sum_disagrees": Code("error", ("stated", "computed", "parts")),
    "rule_broken": Code("error", ("rule", "message")),
    "rule_doubted": Code("warning", ("rule", "message")),
    "rows_disagree": Code("warning", ("stated", "rows", "table")),
    "percentage_disagrees": Code("warning", ("stated", "computed")),
    "in_the_future": Code("warning", ("date",)),
    "in_the_past": Code("warning", ("date",)),
    "outside_period": Code("warning", ("date", "start", "end")),
    "glued_words": Code("warning", ("words", "count")),
}
"""What ``check`` can say."""

STYLE: Final[Mapping[str, Code]] = {
    "place_capitals": Code("info", ("found", "wanted")),
    "body_capitals": Code("info", ("found", "wanted")),
    "noun_capitals": Code("info", ("found", "wanted")),
    "article_capitals": Code("info", ("found", "wanted")),
    "calendar_capitals": Code("info", ("found", "wanted")),
    "date_zeros": Code("info", ("found", "wanted")),
    "point_numbering": Code("info", ("found", "wanted")),
    "clause_numbering": Code("info", ("found", "wanted")),
    "citation_incomplete": Code("info", ("found", "missing")),
    "citation_repeated": Code("info", ("found",)),
}
"""What ``workflows.forms.style.check`` can say: it stands beside a draft and is in nobody's way."""
