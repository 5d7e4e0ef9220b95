"""What people are told of how long a document is kept."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from portal.definitions.templates import PERMANENT
from portal.documents.retention import OVER, RUNNING, UNDETERMINED, years_of
from portal.words import format_date

if TYPE_CHECKING:
    from collections.abc import Mapping

    from portal.documents.models import OfficialDocument

RETENTIONS: Mapping[str, Any] = {
    OVER: _l("Kept long enough"),
    RUNNING: _l("Kept for years, not over yet"),
    PERMANENT: _l("Kept for good"),
    UNDETERMINED: _l("Not determined"),
}
"""Where the keeping of a document stands."""

RETENTION_TONES: Mapping[str, str] = {OVER: "note"}


def kept_words(document: OfficialDocument) -> str:
    """For how long a document is kept, and until when.

    Args:
        document: an issued one.
    """
    years = years_of(document)
    if years is None or document.kept_until is None:
        return str(RETENTIONS[document.retention])
    day = format_date(document.kept_until)
    return str(ngettext("%(num)s year, until %(day)s", "%(num)s years, until %(day)s", years, day=day))
