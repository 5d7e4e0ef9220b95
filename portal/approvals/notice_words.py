"""What notices say, on the page and by mail."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask_babel import lazy_gettext as _l

if TYPE_CHECKING:
    from collections.abc import Mapping

WORDS: Mapping[str, Any] = {
    "work": _l("It came to you."),
    "reminder": _l("It waits for you, and its time runs out."),
    "wanted_back": _l("Its submitter asks to have it back."),
    "returned": _l("It was returned to you."),
    "reopened": _l("It was reopened, and is yours again."),
    "approved": _l("It was approved."),
    "sent_back": _l("Its document was sent back unsigned."),
    "rejected": _l("It was rejected."),
    "cancelled": _l("It was cancelled."),
}
"""Kind of notice → what it says."""
