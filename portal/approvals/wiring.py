"""What the edge must know of cases: who sees which rows, and where people read what a case is about."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import url_for

from portal.approvals.models import ApprovalCase
from portal.approvals.service import scope
from portal.data import SCOPES, PortalData

if TYPE_CHECKING:
    from collections.abc import Callable

SCOPES[ApprovalCase] = scope

PAGES: dict[str, Callable[[int], str]] = {}
"""Port: kind of subject → the address of its page by its key; filled by `app`."""


CORRECTIONS: dict[str, Callable[[int], str]] = {}
"""Port: kind of subject → the address where a reviewer approves it with changes, by its key; filled by `app`."""


def subject_page(case: ApprovalCase) -> str:
    """The address where people read what a case is about; the case's own page for a kind without one."""
    if case.subject_kind in PAGES:
        return PAGES[case.subject_kind](case.subject_id)
    return str(url_for("CaseView.show", pk=case.id))


def cases() -> PortalData:
    """Cases for one screen or API."""
    return PortalData(ApprovalCase)
