"""What the portal asks about units and posts, and what must hold before one of their rows is written."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from flask_appbuilder.security.sqla.models import Role, User
from sqlalchemy import ColumnElement, Date, bindparam, exists, false, func, or_, select, true
from sqlalchemy.orm import aliased, lazyload
from sqlalchemy.orm.attributes import instance_state

from portal import jobs
from portal.db import lock_for
from portal.grants import ADMINISTRATOR, refuse_granting_more, refuse_losing_last_administrator, rights_of
from portal.search import collation_key, search_key
from portal.security import Actor, Posting, today
from portal.texts import keep_texts
from portal.units.headers import complete, headers_of, lines_of
from portal.units.models import LONGEST_KEY, Holding, Post, Unit
from portal.units.rules import SEES_ONLY_WHAT_REACHED, Life, overlap, read_organ_code, refuse_long_contact, within
from portal.units.seating import alive, sitting
from workflows.errors import Refusal

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from sqlalchemy import Select
    from sqlalchemy.orm import Session

SEATS_LOCK = 6202
"""Held while a unit, a post or a holding is checked and written: each depends on rows of the others."""

SEATS_CHANGED = "seats_changed"
"""The job that is owed when it changes who sits where in a unit."""

EDIT_ROLES = ("can_edit", "RoleView")
"""Whoever may do this could give himself any right of his own; a rule about seats would not hold him back."""


def scope(actor: Actor) -> ColumnElement[bool]:
    """The units, posts and holdings an actor may see: all of them, once he is signed in; they are public facts."""
    return true() if actor.user_id else false()


# Asked in each request and each decision, so these are built once.
_POSTINGS = (
    select(Post.id, Post.kind, Unit.id, Unit.kind, Post.role_id)
    .join(Holding, Holding.post_id == Post.id)
    .join(Unit, Unit.id == Post.unit_id)
    .join(User, User.id == Holding.user_id)
    .where(Holding.user_id == bindparam("user_id"), User.active.is_(True), sitting(bindparam("on", type_=Date())))
    .distinct()
    .order_by(Post.id)
)
_BY_CODE = select(Unit).where(Unit.code == bindparam("code")).options(lazyload(Unit.parent))
_BY_NAMED_CODE = select(Unit.id).where(func.lower(Unit.code) == func.lower(bindparam("code")))


def postings(session: Session, user_id: int, on: date) -> tuple[Posting, ...]:
    """The posts a person with an open account holds on a day, in posts and units that exist on that day."""
    found = session.execute(_POSTINGS, {"user_id": user_id, "on": on})
    return tuple(Posting(*row) for row in found)


def reach(session: Session, unit_ids: Iterable[int]) -> frozenset[int]:
    """These units and all units below them, those that have ended included, for their records stay.

    A unit that sees only what has reached it (the province's people's committee) opens no way further down.
    """
    return _below(session, frozenset(unit_ids), SEES_ONLY_WHAT_REACHED)


def _walk_down() -> Select[tuple[int]]:
    """Units and what hangs under them; union, not union all, so that even a damaged tree ends the walk."""
    first = Unit.id.in_(bindparam("unit_ids", expanding=True))
    walk = select(Unit.id, Unit.kind).where(first).cte("walk", recursive=True)
    child = aliased(Unit)
    step = select(child.id, child.kind).join(walk, child.parent_id == walk.c.id)
    walk = walk.union(step.where(walk.c.kind.not_in(bindparam("closed_kinds", expanding=True))))
    return select(walk.c.id)


_BELOW = _walk_down()


def _below(session: Session, unit_ids: frozenset[int], closed_kinds: frozenset[str]) -> frozenset[int]:
    if not unit_ids:
        return frozenset()
    asked = {"unit_ids": sorted(unit_ids), "closed_kinds": sorted(closed_kinds)}
    return frozenset(session.scalars(_BELOW, asked))


def unit_names(session: Session, user_id: int, on: date) -> list[str]:
    """What the units of a person's posts are called on a day: codes and names."""
    statement = (
        select(Unit.code, Unit.name_vi, Unit.name_en)
        .join(Post, Post.unit_id == Unit.id)
        .join(Holding, Holding.post_id == Post.id)
        .where(Holding.user_id == user_id, sitting(on))
    )
    return [name for names in session.execute(statement) for name in names]


def seats_giving(session: Session, role_id: int, on: date) -> list[tuple[int, int, int]]:
    """Who has a role by a post on a day, in posts and units that exist on that day.

    Returns:
        triples of user, post and holding.
    """
    statement = (
        select(Holding.user_id, Post.id, Holding.id)
        .join(Post, Post.id == Holding.post_id)
        .join(Unit, Unit.id == Post.unit_id)
        .where(Post.role_id == role_id, sitting(on))
    )
    return [(user, post, holding) for user, post, holding in session.execute(statement)]


def head_title(session: Session, unit_id: int, on: date) -> str | None:
    """What the head of a unit is called on a day; None while there is no such post."""
    mine = (Post.unit_id == unit_id, Post.kind == "head", alive(Post, on))
    return session.scalar(select(Post.title_vi).where(*mine).order_by(Post.id).limit(1))


def seat_held(session: Session, user_id: int, post_id: int, on: date) -> Holding | None:
    """How somebody sits in a post on a day, with the rank he bears and whether he is acting; None where he does not."""
    mine = (Holding.user_id == user_id, Holding.post_id == post_id, alive(Holding, on))
    return session.scalar(select(Holding).where(*mine).order_by(Holding.id.desc()).limit(1))


def other_seats(session: Session, user_id: int, unit_id: int, on: date) -> Sequence[Post]:
    """The posts that somebody holds on a day in other units than one, in the order in which they were made."""
    held = select(Post).join(Holding, Holding.post_id == Post.id).join(Unit, Unit.id == Post.unit_id)
    elsewhere = held.where(Holding.user_id == user_id, Post.unit_id != unit_id, sitting(on))
    return session.scalars(elsewhere.order_by(Post.id)).all()


def stands_below(session: Session, unit_id: int, above_id: int) -> bool:
    """Whether a unit is below another in the tree, however far."""
    return unit_id != above_id and unit_id in _below(session, frozenset({above_id}), frozenset())


def unit_by_code(session: Session, code: str) -> Unit | None:
    """The unit with this code of ours; None when there is none."""
    found: Unit | None = session.scalar(_BY_CODE, {"code": code})
    return found


def units_by_code(session: Session, codes: Iterable[str]) -> dict[str, Unit]:
    """The units with these codes of ours, by code; a code that no unit has is left out."""
    wanted = sorted(set(codes))
    named = select(Unit).where(Unit.code.in_(wanted)).options(lazyload(Unit.parent))
    return {unit.code: unit for unit in session.scalars(named)} if wanted else {}


def post_kinds_of(session: Session, unit_ids: Iterable[int], on: date) -> dict[int, set[str]]:
    """The kinds of posts that there are in units on a day, by unit; a unit without any is left out."""
    wanted, kinds = sorted(set(unit_ids)), dict[int, set[str]]()
    there = select(Post.unit_id, Post.kind).where(Post.unit_id.in_(wanted), alive(Post, on)).distinct()
    for unit_id, kind in session.execute(there) if wanted else ():
        kinds.setdefault(unit_id, set()).add(kind)
    return kinds


def unit_named(session: Session, code: str) -> int | None:
    """The unit with this code of ours, in capitals or not, for the keys of a form's choices are in small letters."""
    return session.scalar(_BY_NAMED_CODE, {"code": code})


def parent_of(session: Session, unit_id: int) -> int | None:
    """The unit above this one in the tree; None at the top."""
    return session.scalar(select(Unit.parent_id).where(Unit.id == unit_id))


def living(session: Session, on: date) -> Sequence[Unit]:
    """The units there are on a day, by name in the Vietnamese alphabet."""
    return session.scalars(select(Unit).where(alive(Unit, on)).order_by(Unit.sort_key, Unit.id)).all()


def names(session: Session, on: date) -> Sequence[str]:
    """What the units that there are on a day are called, as documents call them."""
    return session.scalars(select(Unit.name_vi).where(alive(Unit, on)).order_by(Unit.id)).all()


def children_of(session: Session, unit_id: int) -> Sequence[Unit]:
    """The units directly below one, by name in the Vietnamese alphabet."""
    return session.scalars(select(Unit).where(Unit.parent_id == unit_id).order_by(Unit.sort_key, Unit.id)).all()


def posts_of(session: Session, unit_id: int) -> Sequence[Post]:
    """The posts of a unit, ended ones included, in the order in which they were made."""
    return session.scalars(select(Post).where(Post.unit_id == unit_id).order_by(Post.id)).all()


def seats_of(session: Session, unit_id: int, on: date) -> dict[int, list[Holding]]:
    """Who sits in each post of a unit on a day, by the key of the post."""
    statement = (
        select(Holding)
        .join(Post, Post.id == Holding.post_id)
        .where(Post.unit_id == unit_id, alive(Holding, on), alive(Post, on))
        .order_by(Holding.id)
    )
    seats: dict[int, list[Holding]] = {}
    for holding in session.scalars(statement):
        seats.setdefault(holding.post_id, []).append(holding)
    return seats


def _owe_new_seats(session: Session, unit_ids: Iterable[int]) -> None:
    """Owe it to whatever waits for people of some units that it is asked anew who they are."""
    for unit_id in sorted(set(unit_ids)):
        jobs.enqueue(session, SEATS_CHANGED, unit_id=unit_id)


def account_changed(session: Session, user_id: int, on: date) -> None:
    """See to what follows when an account is closed or opened again, for whoever has it sits nowhere meanwhile.

    Args:
        session: the transaction; the caller commits.
        user_id: the account.
        on: the day by which posts are held.
    """
    held = select(Post.unit_id).join(Holding, Holding.post_id == Post.id)
    _owe_new_seats(session, session.scalars(held.where(Holding.user_id == user_id, alive(Holding, on))))


def settle_unit(session: Session, actor: Actor, unit: Unit) -> None:
    """Complete and check a unit before it is written; what it prints is proposed where nobody has said it.

    Raises:
        Refusal: as `keep_texts`; `contact_too_long`, `organ_code_shape`; `life_backwards`; `seal_of_no_body`, it uses
            another's seal and is no steering body; `unit_cycle`, its parent is itself or below it;
            `posts_outlive_unit`, a post of it would begin before it or live on after it; `headers_outlive_unit`,
            likewise a day from which it prints something else.
    """
    del actor
    lock_for(session, SEATS_LOCK)
    complete(session, unit)
    keep_texts(unit)
    unit.header_name = lines_of(unit.header_name)
    unit.contact = lines_of(unit.contact or "") or None
    refuse_long_contact(unit.contact or "")
    unit.organ_code = read_organ_code(unit.organ_code or "")
    unit.search = search_key(f"{unit.name_vi} {unit.name_en} {unit.code} {unit.symbol}")[:LONGEST_KEY]
    unit.sort_key = collation_key(unit.name_vi)[:LONGEST_KEY]
    life = _life(unit)
    if _target(unit, "seal_unit") and unit.kind != "steering_body":
        raise Refusal("seal_of_no_body", {"unit": unit.name})
    if not unit.id:
        return
    if _target(unit, "parent") in _below(session, frozenset({unit.id}), frozenset()):
        raise Refusal("unit_cycle", {"unit": unit.name})
    posts = session.scalars(select(Post).where(Post.unit_id == unit.id).order_by(Post.id))
    outside = [post.title for post in posts if not within((post.valid_from, post.valid_to), life)]
    if outside:
        raise Refusal("posts_outlive_unit", {"unit": unit.name, "posts": outside})
    if any(not within((row.valid_from, row.valid_from), life) for row in headers_of(session, unit.id)):
        raise Refusal("headers_outlive_unit", {"unit": unit.name})
    _owe_new_seats(session, {unit.id})


def settle_post(session: Session, actor: Actor, post: Post) -> None:
    """Check a post before it is written.

    Raises:
        Refusal: as `keep_texts`; `life_backwards`; `own_seat`, the actor sits in it; `post_outside_unit`, it would
            live when its unit does not; `holdings_outlive_post`, someone would sit in it when it does not exist;
            `head_already_held`, it would become a head's seat with two people in it; `grants_more_than_own`, it would
            give its holders a role with rights that the actor does not have; `last_administrator`.
    """
    lock_for(session, SEATS_LOCK)
    keep_texts(post)
    life = _life(post)
    if instance_state(post).attrs["role"].history.has_changes():
        refuse_granting_more(actor, rights_of(post.role))
    _refuse_life_outside_unit(session, post, life)
    if post.id:
        _refuse_own_seat(actor, is_own=_sits_in(session, actor, post))
        _settle_seats(session, post, life)
        _keep_an_administrator(session, post, life)
        _owe_new_seats(session, {post.unit_id})


def settle_holding(session: Session, actor: Actor, holding: Holding) -> None:
    """Check a holding before it is written.

    Raises:
        Refusal: as `keep_texts`; `life_backwards`; `own_seat`, the actor would seat himself; `grants_more_than_own`,
            he may, but would gain rights; `holding_outside_post`, the post does not live that long;
            `head_already_held`, someone else sits in the head's one seat on some of those days; `acting_no_head`, it
            says acting of a post that is no head's; `last_administrator`.
    """
    lock_for(session, SEATS_LOCK)
    keep_texts(holding)
    life = _life(holding)
    facts = select(Post.kind, Post.title_vi, Post.title_en, Post.valid_from, Post.valid_to, Role, Post.unit_id)
    post = session.execute(facts.outerjoin(Role).where(Post.id == _target(holding, "post"))).one_or_none()
    if post is None:
        return
    if _target(holding, "user") == actor.user_id:
        _refuse_own_seat(actor, is_own=True)
        refuse_granting_more(actor, rights_of(post.Role))
    title = {"vi": post.title_vi, "en": post.title_en}
    if holding.acting and post.kind != "head":
        raise Refusal("acting_no_head", {"post": title})
    if not within(life, (post.valid_from, post.valid_to)):
        raise Refusal("holding_outside_post", {"post": title})
    _refuse_seating_twice(session, holding, title, life)
    if post.kind == "head":
        _refuse_second_head(session, holding, title, life)
    if post.Role and post.Role.name == ADMINISTRATOR:
        lives_on = _includes(life, today())
        refuse_losing_last_administrator(
            session, lambda ways: any(lives_on or way.holding_id != holding.id for way in ways)
        )
    _owe_new_seats(session, {post.unit_id})


def _refuse_own_seat(actor: Actor, *, is_own: bool) -> None:
    """Seats decide who approves, whatever role they give: others decide who sits where."""
    if is_own and not actor.may(*EDIT_ROLES):
        raise Refusal("own_seat")


def _sits_in(session: Session, actor: Actor, post: Post) -> bool:
    """Whether the actor sits in a post, or will."""
    not_over = or_(Holding.valid_to.is_(None), Holding.valid_to >= today())
    mine = select(Holding.id).where(Holding.post_id == post.id, Holding.user_id == actor.user_id, not_over)
    return bool(session.scalar(select(exists(mine))))


def _refuse_life_outside_unit(session: Session, post: Post, life: Life) -> None:
    unit = session.scalar(select(Unit).where(Unit.id == _target(post, "unit")))
    if unit and not within(life, (unit.valid_from, unit.valid_to)):
        raise Refusal("post_outside_unit", {"post": post.title, "unit": unit.name})


def _settle_seats(session: Session, post: Post, life: Life) -> None:
    """Whoever sits in a post sits there while it lives, and alone if it is a head's."""
    seats = session.execute(_seats_in(post.id)).all()
    if any(not within((seat.valid_from, seat.valid_to), life) for seat in seats):
        raise Refusal("holdings_outlive_post", {"post": post.title})
    for before, after in pairwise(seats) if post.kind == "head" else ():
        if overlap((before.valid_from, before.valid_to), (after.valid_from, after.valid_to)):
            raise Refusal("head_already_held", {"post": post.title, "holder": before.User.get_full_name()})


def _refuse_seating_twice(session: Session, holding: Holding, title: dict[str, str], life: Life) -> None:
    for other in session.execute(_seats_in(_target(holding, "post"))):
        is_same = other.User.id == _target(holding, "user") and other.id != holding.id
        if is_same and overlap(life, (other.valid_from, other.valid_to)):
            raise Refusal("already_seated", {"post": title, "holder": other.User.get_full_name()})


def _refuse_second_head(session: Session, holding: Holding, title: dict[str, str], life: Life) -> None:
    for other in session.execute(_seats_in(_target(holding, "post"))):
        if other.id != holding.id and overlap(life, (other.valid_from, other.valid_to)):
            raise Refusal("head_already_held", {"post": title, "holder": other.User.get_full_name()})


def _seats_in(post_id: int | None) -> Select[tuple[int, date, date | None, User]]:
    """The holdings of a post as they are in the database now, whatever was read of them before."""
    seats = select(Holding.id, Holding.valid_from, Holding.valid_to, User).join(User, User.id == Holding.user_id)
    return seats.where(Holding.post_id == post_id).order_by(Holding.valid_from, Holding.id)


def _keep_an_administrator(session: Session, post: Post, life: Life) -> None:
    former = session.scalar(select(Role.name).join(Post, Post.role_id == Role.id).where(Post.id == post.id))
    if former != ADMINISTRATOR:
        return
    gives_on = post.role is not None and post.role.name == ADMINISTRATOR and _includes(life, today())
    refuse_losing_last_administrator(session, lambda ways: any(gives_on or way.post_id != post.id for way in ways))


def _includes(life: Life, day: date) -> bool:
    return within((day, day), life)


def _life(item: Unit | Post | Holding) -> Life:
    if item.valid_to is not None and item.valid_to < item.valid_from:
        raise Refusal("life_backwards", {"from": item.valid_from.isoformat(), "to": item.valid_to.isoformat()})
    return item.valid_from, item.valid_to


def _target(item: Unit | Post | Holding, relation: str) -> int | None:
    """The key a row will point to once it is written: forms set the relation, its column follows at the flush."""
    state = instance_state(item).attrs[relation]
    if state.history.has_changes():
        related = state.value
        return None if related is None else related.id
    key: int | None = getattr(item, f"{relation}_id")
    return key
