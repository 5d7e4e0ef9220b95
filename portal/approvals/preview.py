"""How a chain is looked at before it is published."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal.approvals.owners import units_in
from portal.approvals.picture import outline_of
from portal.data import current_session
from portal.definitions.wiring import Preview

if TYPE_CHECKING:
    from workflows.definition import Chain


def chain_preview(chain: Chain) -> Preview:
    """The picture of a chain, as the page of a case shows it."""
    return Preview("approvals/outline.html", {"picture": outline_of(chain, units_in(current_session(), chain))})
