"""Who sits where on a day."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask_appbuilder.security.sqla.models import User
from sqlalchemy import BindParameter, ColumnElement, Date, and_, bindparam, or_, select

from portal.grants import ROLES_ALLOWING, given_to
from portal.units.models import Holding, Post, Unit

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from sqlalchemy.orm import Session

    from portal.grants import Right


def alive(model: type[Unit | Post | Holding] | Any, on: date | BindParameter[date]) -> ColumnElement[bool]:
    """Whether a row's life includes a day; both of its ends belong to it."""
    return and_(model.valid_from <= on, or_(model.valid_to.is_(None), model.valid_to >= on))


def sitting(on: date | BindParameter[date]) -> ColumnElement[bool]:
    """Whether holding, post and unit all live on a day."""
    return and_(alive(Holding, on), alive(Post, on), alive(Unit, on))


# Asked in each decision, so these are built once.
_HOLDERS = (
    select(Holding.user_id, Post.id, Unit.id)
    .join(Post, Post.id == Holding.post_id)
    .join(Unit, Unit.id == Post.unit_id)
    .join(User, User.id == Holding.user_id)
    .where(
        Post.kind.in_(bindparam("post_kinds", expanding=True)),
        User.active.is_(True),
        sitting(bindparam("on", type_=Date())),
    )
    .distinct()
    .order_by(Post.id, Holding.user_id)
)
_HOLDERS_IN = _HOLDERS.where(Unit.id == bindparam("unit_id"))
_HOLDERS_BY_CODE = _HOLDERS.where(Unit.code == bindparam("code"))
_HOLDERS_WHO_MAY = (
    select(Holding.user_id, Post.id, Unit.id)
    .join(Post, Post.id == Holding.post_id)
    .join(Unit, Unit.id == Post.unit_id)
    .join(User, User.id == Holding.user_id)
    .where(
        or_(
            Unit.id.in_(bindparam("unit_ids", expanding=True)),
            Unit.code.in_(bindparam("codes", expanding=True)),
        ),
        User.active.is_(True),
        sitting(bindparam("on", type_=Date())),
        or_(Post.role_id.in_(ROLES_ALLOWING), given_to(Holding.user_id)),
    )
    .distinct()
    .order_by(Unit.id, Post.id, Holding.user_id)
)


def holders(session: Session, unit_id: int, post_kinds: Iterable[str], on: date) -> list[tuple[int, int, int]]:
    """Who sits in these kinds of posts of a unit on a day, active accounts only.

    Returns:
        triples of user, post and unit, in the order of posts and then of users.
    """
    found = session.execute(_HOLDERS_IN, {"unit_id": unit_id, "post_kinds": list(post_kinds), "on": on})
    return [(user, post, unit) for user, post, unit in found]


def holders_by_code(session: Session, code: str, post_kinds: Iterable[str], on: date) -> list[tuple[int, int, int]]:
    """As `holders`, of the unit with this code of ours."""
    found = session.execute(_HOLDERS_BY_CODE, {"code": code, "post_kinds": list(post_kinds), "on": on})
    return [(user, post, unit) for user, post, unit in found]


def holders_who_may(
    session: Session, right: Right, *, unit_ids: Iterable[int], codes: Iterable[str], on: date
) -> list[tuple[int, int, int]]:
    """Who sits in any post of these units on a day and has a right, by the post, directly, or through a group.

    Args:
        session: any transaction.
        right: permission and screen.
        unit_ids: units by their keys.
        codes: more units by our codes for them.
        on: the day.

    Returns:
        triples of user, post and unit, in the order of units, posts and users.
    """
    asked = {"unit_ids": sorted(unit_ids), "codes": sorted(codes), "on": on, "permission": right[0], "view": right[1]}
    return [(user, post, unit) for user, post, unit in session.execute(_HOLDERS_WHO_MAY, asked)]
