"""Who fills the demo: the system itself, with every right."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_appbuilder.security.sqla.models import PermissionView
from sqlalchemy import select

from portal.security import Actor

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


def system_actor(session: Session) -> Actor:
    """The system as an actor who may do whatever there is.

    Args:
        session: any transaction.
    """
    pairs = frozenset((each.permission.name, each.view_menu.name) for each in session.scalars(select(PermissionView)))
    return Actor(user_id=0, username="system", full_name="", permissions=pairs)
