"""How a template is looked at before it is published: printed with made-up data, page by page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from portal.data import current_session
from portal.definitions.wiring import Preview
from portal.documents import trials
from portal.documents.words import place_words, trial_failure

if TYPE_CHECKING:
    from portal.documents.trial_models import TrialPrint


def document_preview(body: dict[str, Any]) -> Preview:
    """The trial print of a sound body as far as it is; the page itself says which version or draft it shows."""
    trial = trials.found(current_session(), body)
    return Preview("documents/trial.html", trial_values(body["metadata"]["key"], trial), is_beside=True)


def trial_values(key: str, trial: TrialPrint | None) -> dict[str, Any]:
    """What the part of a page that shows a trial print needs."""
    return {"key": key, "trial": trial, "place_words": place_words, "failure": trial_failure}
