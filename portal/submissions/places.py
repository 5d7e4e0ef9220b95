"""Places of a report that a comment can be about: a field, a cell of a table, an attached file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from portal.submissions.rounds import file_hashes, frozen_values
from workflows.forms import content_hash

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from portal.submissions.models import SubmissionVersion
    from workflows.forms import Form

Values = dict[str, Any]


def field_of(anchor: str) -> str:
    """The field that a place belongs to."""
    return anchor.partition(".")[0]


def changed(before: SubmissionVersion, after: SubmissionVersion, anchors: Collection[str]) -> frozenset[str]:
    """At which of these places one round is not as another; files are told apart by content.

    Args:
        before: the round that the places are of.
        after: the next one.
        anchors: the places asked about.
    """
    was, is_now = frozen_values(before), frozen_values(after)
    then, now = file_hashes(before), file_hashes(after)
    return frozenset(anchor for anchor in anchors if _at(was, anchor, then) != _at(is_now, anchor, now))


def section_hashes(form: Form, version: SubmissionVersion) -> dict[str, str]:
    """SHA-256 of what each section of a round holds, by its key; files count by their content.

    Args:
        form: the form of the round.
        version: the round.
    """
    values, files = frozen_values(version), file_hashes(version)
    return {
        section.key: content_hash({field.name: _at(values, field.name, files) for field in section.fields})
        for section in form.sections
    }


def _at(values: Values, anchor: str, hashes: Mapping[str, str]) -> object:
    """What stands at a place, files by their hashes."""
    name, *inside = anchor.split(".")
    value = values.get(name)
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        wanted = [key for key in value if not inside or key == inside[0]]
        return sorted(hashes.get(key, key) for key in wanted)
    if not inside:
        return value
    rows, number, *column = rows_of(value), *inside
    row = rows[int(number)] if int(number) < len(rows) else None
    return row.get(column[0]) if row and column else row


def rows_of(value: object) -> list[Values]:
    """The rows of a table's answer; none where there is nothing to report."""
    return value if isinstance(value, list) else []
