"""Who is asking: the actor, built afresh for each request from roles, groups and the posts held today."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from typing import TYPE_CHECKING, Protocol

from flask_appbuilder.security.sqla.models import (
    Permission,
    PermissionView,
    User,
    ViewMenu,
    assoc_group_role,
    assoc_permissionview_role,
    assoc_user_group,
    assoc_user_role,
)
from sqlalchemy import bindparam, or_, select, union

from portal.ports import Port

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy.orm import Session

ADMINISTERED = ("Group", "Holding", "Post", "Role", "Unit", "User")

READ_EVERYTHING = ("can_read_everything", "HomeView")
"""The permission of auditors and administrators: every unit's work, without the right to change it."""

NEEDS_SECOND_FACTOR = frozenset(
    {
        ("can_administer", "DecisionView"),
        ("can_decide", "DecisionView"),
        *(("can_publish", f"Definition{edge}") for edge in ("View", "Api")),
        ("can_render_again", "DocumentView"),
        *((right, "RegisterView") for right in ("can_keep", "can_arrange")),
        ("can_keep", "IncomingView"),
        ("can_enter", "SigningCertificateView"),
        *((right, f"{screen}View") for right in ("can_add", "can_edit") for screen in ADMINISTERED),
        *((right, f"{screen}Api") for right in ("can_post", "can_put") for screen in ("Holding", "Post", "Unit")),
        ("can_password", "UserView"),
    }
)
"""Rights of those who approve, keep registers or administer; a stolen password alone must not reach them."""

VIETNAM = timezone(timedelta(hours=7), "Asia/Ho_Chi_Minh")
"""UTC+7 all year: Vietnam keeps no summer time."""


@dataclass(frozen=True)
class Posting:
    """One post a person holds today.

    Attributes:
        post_id: the seat.
        post_kind: `head`, `deputy`, `officer`, `registrar` or `administrator`.
        unit_id: where the seat is.
        unit_kind: what kind of unit that is.
        role_id: the role the seat grants; None when it grants none.
    """

    post_id: int
    post_kind: str
    unit_id: int
    unit_kind: str
    role_id: int | None


class PostDirectory(Protocol):
    """What security must know of units and posts."""

    def postings(self, session: Session, user_id: int, on: date) -> tuple[Posting, ...]:
        """The posts this person holds on this day."""

    def reach(self, session: Session, unit_ids: Iterable[int]) -> frozenset[int]:
        """These units and the ones below them whose work their people may see."""

    def unit_names(self, session: Session, user_id: int, on: date) -> list[str]:
        """What the units of this person's posts are called on this day."""

    def seats_giving(self, session: Session, role_id: int, on: date) -> list[tuple[int, int, int]]:
        """Who has a role by a post on this day: triples of user, post and holding."""

    def account_changed(self, session: Session, user_id: int, on: date) -> None:
        """See to what follows when an account is closed or opened again."""


POSTS: Port[PostDirectory] = Port("who holds which post")


@dataclass(frozen=True)
class Actor:
    """A person at work.

    Attributes:
        user_id: his account; 0 for nobody signed in.
        username: his sign-in name, as the audit log writes it.
        full_name: as it is printed.
        postings: the posts he holds today.
        own_units: the units of those posts.
        reach: those units and the ones below them.
        permissions: pairs of permission and screen.
    """

    user_id: int
    username: str
    full_name: str
    postings: tuple[Posting, ...] = ()
    own_units: frozenset[int] = frozenset()
    reach: frozenset[int] = frozenset()
    permissions: frozenset[tuple[str, str]] = frozenset()

    def may(self, permission: str, view: str) -> bool:
        """Whether he may open this screen for this purpose; says nothing about single rows."""
        return (permission, view) in self.permissions

    @property
    def needs_second_factor(self) -> bool:
        """Whether he approves, keeps registers or administers."""
        return bool(NEEDS_SECOND_FACTOR & self.permissions)

    @property
    def sees_everything(self) -> bool:
        """Whether every unit's work is open to him for reading."""
        return READ_EVERYTHING in self.permissions


NOBODY = Actor(user_id=0, username="", full_name="")
PORTAL = Actor(user_id=0, username="system", full_name="")
"""The portal itself, when it does what a change of posts or a new day calls for; nobody signs in as it."""


def today() -> date:
    """The date on the wall in Vietnam."""
    return datetime.now(UTC).astimezone(VIETNAM).date()


_GIVEN_ROLES = union(
    select(assoc_user_role.c.role_id).where(assoc_user_role.c.user_id == bindparam("user_id")),
    select(assoc_group_role.c.role_id)
    .join(assoc_user_group, assoc_user_group.c.group_id == assoc_group_role.c.group_id)
    .where(assoc_user_group.c.user_id == bindparam("user_id")),
)
_PERMISSIONS = (
    select(Permission.name, ViewMenu.name)
    .join(PermissionView, PermissionView.permission_id == Permission.id)
    .join(ViewMenu, ViewMenu.id == PermissionView.view_menu_id)
    .join(assoc_permissionview_role, assoc_permissionview_role.c.permission_view_id == PermissionView.id)
    .where(
        or_(
            assoc_permissionview_role.c.role_id.in_(_GIVEN_ROLES),
            assoc_permissionview_role.c.role_id.in_(bindparam("by_posts", expanding=True)),
        )
    )
    .distinct()
)
"""What is allowed by roles given directly, through groups, and by the posts held."""


def _permissions(session: Session, user_id: int, postings: tuple[Posting, ...]) -> frozenset[tuple[str, str]]:
    by_posts = sorted({posting.role_id for posting in postings if posting.role_id is not None})
    pairs = session.execute(_PERMISSIONS, {"user_id": user_id, "by_posts": by_posts})
    return frozenset((permission, view) for permission, view in pairs)


def build_actor(session: Session, user: User, on: date) -> Actor:
    """The actor a user is on a day, in three queries.

    Args:
        session: any transaction.
        user: an active account.
        on: the day by which posts are held.
    """
    directory = POSTS.plugged
    postings = directory.postings(session, user.id, on)
    own_units = frozenset(posting.unit_id for posting in postings)
    return Actor(
        user_id=user.id,
        username=user.username,
        full_name=user.get_full_name(),
        postings=postings,
        own_units=own_units,
        reach=directory.reach(session, own_units),
        permissions=_permissions(session, user.id, postings),
    )
