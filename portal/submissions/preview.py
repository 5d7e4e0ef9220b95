"""How a form is looked at before it is published: as the clerk sees it, with nothing filled in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal.definitions.wiring import Preview
from portal.submissions.sheet import Sheet
from workflows.forms.settling import settle

if TYPE_CHECKING:
    from workflows.forms import Form


def form_preview(form: Form) -> Preview:
    """The empty form of a clerk."""
    sheet = Sheet(form, {}, {}, {}, before={}, missing=(), settled=settle(form, {}))
    return Preview("submissions/preview.html", {"sheet": sheet})
