"""What places of a report are called: "Danh mục văn bản, dòng 2, Trích yếu"."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import gettext

from portal.submissions import attachments
from portal.submissions.places import Values, field_of, rows_of
from portal.submissions.rounds import frozen_values, newest
from portal.words import label

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from sqlalchemy.orm import Session

    from portal.submissions.models import Submission
    from workflows.forms import Field, Form


def names_of(session: Session, submission: Submission, form: Form, anchors: Collection[str]) -> dict[str, str]:
    """What places of the newest round are called: "Danh mục văn bản, dòng 2, Trích yếu".

    Args:
        session: any transaction.
        submission: the report.
        form: its form.
        anchors: `field`, `table.row` or `table.row.column` with rows from 0, or `field.key` for a file; those that do
            not exist are left out.
    """
    version = newest(session, submission)
    values = frozen_values(version) if version else submission.values
    files = {key: each.file.name for key, each in attachments.ever_attached(session, submission).items()}
    found = {anchor: _name(form.fields.get(field_of(anchor)), anchor, values, files) for anchor in anchors}
    return {anchor: name for anchor, name in found.items() if name}


def _name(field: Field | None, anchor: str, values: Values, files: Mapping[str, str]) -> str:
    _, *inside = anchor.split(".")
    if field is None:
        return ""
    if not inside:
        return label(field.label)
    if field.type == "attachment":
        is_there = len(inside) == 1 and inside[0] in (values.get(field.name) or ())
        return f"{label(field.label)}: {files.get(inside[0], '')}" if is_there else ""
    if field.type != "table":
        return ""
    return _name_in_table(field, inside[0], inside[1:], rows_of(values.get(field.name)))


def _name_in_table(field: Field, row: str, inside: list[str], rows: list[Values]) -> str:
    columns = {column.name: label(column.label) for column in field.columns}
    if len(inside) > 1 or not columns.keys() >= set(inside) or row not in map(str, range(len(rows))):
        return ""
    name = gettext("%(table)s, row %(number)s", table=label(field.label), number=int(row) + 1)
    return ", ".join([str(name), *(columns[column] for column in inside)])
