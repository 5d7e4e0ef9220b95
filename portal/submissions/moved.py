"""Figures of an issued document that changed at their source afterwards: what was printed, and what they are now.

A report prints the figures of the period before beside its own, and computes changes from them. When that report is
replaced, what was printed is no longer so, and nothing in the document says it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from portal.definitions.service import form_of
from portal.documents.linking import ENDS
from portal.documents.models import RELEASED
from portal.submissions import following, rounds, service
from workflows.forms import settle

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sqlalchemy.orm import Session

    from portal.documents.models import OfficialDocument
    from portal.submissions.models import Submission
    from workflows.forms import Field, Form, Values


class Moved(NamedTuple):
    """One figure.

    Attributes:
        field: what was asked.
        is_before: whether it is the figure of the period before; otherwise it is computed from that.
        printed: as it was when the document was issued.
        now: as it is now; None where there is none any more.
    """

    field: Field
    is_before: bool
    printed: object
    now: object


@dataclass(frozen=True)
class Source:
    """Where figures changed, and which.

    Attributes:
        report: the report of the period before that counts now.
        figures: those of the document, in the order of its form.
    """

    report: Submission
    figures: tuple[Moved, ...]


def moved_since(session: Session, document: OfficialDocument) -> Source | None:
    """What changed at its source since a document was issued; None where nothing did, or it holds no longer itself.

    Args:
        session: any transaction.
        document: an issued one.
    """
    drafted = following.submission_of(session, document)
    if drafted is None or document.status != RELEASED or document.fate in ENDS.values():
        return None
    then, now = (rounds.report_before(session, drafted, until) for until in (document.issued_at, None))
    if then is None or now is None or then.id == now.id or not _is_out(session, now):
        return None
    before, after = rounds.answers_of(session, then), rounds.answers_of(session, now)
    form, values = form_of(drafted.form), rounds.answers_of(session, drafted)
    found = tuple(_moved(form, values, before, after))
    return Source(now, found) if found else None


def _is_out(session: Session, report: Submission) -> bool:
    """Whether what was issued about a report is signed; until then its signer may still send it back."""
    return all(each.status == RELEASED for each in service.issued_about(session, report))


def _moved(form: Form, values: Values, before: Mapping[str, object], after: Mapping[str, object]) -> Iterator[Moved]:
    anew = settle(form, values, after).values if form.compares else values
    for field in form.printed:
        name = field.name
        if field.figure is None or values.get(name) is None:
            continue
        if before.get(name) is not None and before[name] != after.get(name):
            yield Moved(field, is_before=True, printed=before[name], now=after.get(name))
        if field.formula and field.formula.compares and values[name] != anew.get(name):
            yield Moved(field, is_before=False, printed=values[name], now=anew.get(name))
