"""Giving rights: nobody gives more than he has himself, and somebody stays who may give them all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask_appbuilder.security.sqla.models import (
    Permission,
    PermissionView,
    Role,
    User,
    ViewMenu,
    assoc_group_role,
    assoc_permissionview_role,
    assoc_user_group,
    assoc_user_role,
)
from sqlalchemy import ColumnElement, bindparam, exists, or_, select

from portal.db import lock_for
from portal.security import POSTS, today
from workflows.errors import Refusal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from collections.abc import Set as AbstractSet

    from sqlalchemy.orm import InstrumentedAttribute, Session

    from portal.security import Actor

ADMINISTRATOR = "Administrator"
"""The role that has every right."""

ADMINISTRATORS_LOCK = 6201
"""Held while administrators are counted, so that two writes do not each rely on the other's administrator."""

Right = tuple[str, str]
"""Permission and screen."""

ROLES_ALLOWING = (
    select(assoc_permissionview_role.c.role_id)
    .join(PermissionView, PermissionView.id == assoc_permissionview_role.c.permission_view_id)
    .join(Permission, Permission.id == PermissionView.permission_id)
    .join(ViewMenu, ViewMenu.id == PermissionView.view_menu_id)
    .where(Permission.name == bindparam("permission"), ViewMenu.name == bindparam("view"))
)
"""The roles with the right whose `permission` and `view` are bound when it is asked."""


def given_to(user_id: InstrumentedAttribute[int]) -> ColumnElement[bool]:
    """Whether a person has one of `ROLES_ALLOWING` directly or through a group; a post gives roles besides."""
    direct = exists().where(assoc_user_role.c.user_id == user_id, assoc_user_role.c.role_id.in_(ROLES_ALLOWING))
    grouped = exists().where(
        assoc_user_group.c.user_id == user_id,
        assoc_group_role.c.group_id == assoc_user_group.c.group_id,
        assoc_group_role.c.role_id.in_(ROLES_ALLOWING),
    )
    return or_(direct, grouped)


@dataclass(frozen=True)
class Way:
    """One reason why someone is an administrator today; directly when it names neither group nor holding.

    Attributes:
        user_id: an active account.
        group_id: the group that gives him the role.
        post_id: the post that gives him the role.
        holding_id: his seat in that post.
    """

    user_id: int
    group_id: int | None = None
    post_id: int | None = None
    holding_id: int | None = None


def rights_of(role: Any) -> frozenset[Right]:
    """What a role allows; nothing for no role."""
    return frozenset((each.permission.name, each.view_menu.name) for each in role.permissions) if role else frozenset()


def refuse_granting_more(actor: Actor, rights: AbstractSet[Right]) -> None:
    """Nobody gives away a right that he does not have.

    Raises:
        Refusal: `grants_more_than_own`, with the rights he lacks.
    """
    lacking = sorted(rights - actor.permissions)
    if lacking:
        raise Refusal("grants_more_than_own", {"rights": lacking})


def refuse_losing_last_administrator(session: Session, somebody_stays: Callable[[Sequence[Way]], bool]) -> None:
    """Somebody who may sign in today is administrator today, after a write as before it.

    The role itself keeps its name and its rights, so that accounts, groups, posts and holdings are all there is to
    watch. What ends by its dates ends without anybody's write.

    Args:
        session: the transaction of the write, which is not flushed yet.
        somebody_stays: says, from how people are administrators before the write, whether anybody is one after it.

    Raises:
        Refusal: `last_administrator`.
    """
    lock_for(session, ADMINISTRATORS_LOCK)
    ways = list(_ways(session))
    if ways and not somebody_stays(ways):
        raise Refusal("last_administrator")


def _ways(session: Session) -> Iterator[Way]:
    role_id = session.scalar(select(Role.id).where(Role.name == ADMINISTRATOR))
    if role_id is None:
        return
    direct = select(assoc_user_role.c.user_id).where(assoc_user_role.c.role_id == role_id)
    grouped = (
        select(assoc_user_group.c.user_id, assoc_user_group.c.group_id)
        .join(assoc_group_role, assoc_group_role.c.group_id == assoc_user_group.c.group_id)
        .where(assoc_group_role.c.role_id == role_id)
    )
    ways = [Way(user_id) for user_id in session.scalars(direct)]
    ways += [Way(user_id, group_id=group_id) for user_id, group_id in session.execute(grouped)]
    seats = POSTS.plugged.seats_giving(session, role_id, today())
    ways += [Way(user_id, post_id=post_id, holding_id=holding_id) for user_id, post_id, holding_id in seats]
    people = {way.user_id for way in ways}
    active = set(session.scalars(select(User.id).where(User.id.in_(people), User.active.is_(True))))
    yield from (way for way in ways if way.user_id in active)
