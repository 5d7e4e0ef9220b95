"""What lies in the database now, beside the pages that show it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.submissions.models import Submission

if TYPE_CHECKING:
    from flask import Flask


def stored(portal: Flask, report: int) -> Submission:
    """The report as it is in the database now."""
    with Session(portal.extensions["trinh"]["database"].engine) as session:
        return session.get_one(Submission, report)


def count(portal: Flask, table: Any) -> int:
    with Session(portal.extensions["trinh"]["database"].engine) as session:
        return session.scalar(select(func.count()).select_from(table)) or 0
