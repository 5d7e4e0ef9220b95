"""The form that lets somebody stand in for the holder of a post, and what it offers to choose from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask_appbuilder.forms import DynamicForm
from flask_appbuilder.security.sqla.models import User
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from wtforms import SelectField, TextAreaField
from wtforms.validators import InputRequired, Length

from portal.approvals.delegations import LONGEST_REASON, Grant, those_who_may
from portal.data import read_key
from portal.definitions import service as definitions
from portal.security import today
from portal.units.models import Holding, Post, Unit
from portal.units.seating import sitting
from portal.views import DayField
from portal.words import label

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sqlalchemy.orm import Session

    from portal.approvals.models import StandingDelegation
    from portal.security import Actor

KINDS: Mapping[str, Any] = {
    "absence": _l("Away: somebody stands in for me meanwhile"),
    "delegation": _l("Delegation: somebody decides beside me"),
}
"""What people call the kinds."""

Choices = list[tuple[str, str]]


class DelegationForm(DynamicForm):
    """Who stands in for whom, from when to when, and for what."""

    seat = SelectField(_l("Whose work"), validators=[InputRequired()])
    delegate = SelectField(
        _l("Who stands in"),
        description=_l("People of the same unit who may decide. Both names are in the record of each decision."),
        validators=[InputRequired()],
    )
    kind = SelectField(_l("What it is"), choices=lambda: list(KINDS.items()))
    valid_from = DayField(_l("First day"), validators=[InputRequired()])
    valid_to = DayField(_l("Last day"), validators=[InputRequired()])
    form_key = SelectField(_l("Only for this kind of report"))
    unit = SelectField(_l("Only for what this unit and those below it submit"))
    step = SelectField(_l("Only for this step"))
    reason = TextAreaField(
        _l("Why"),
        description=_l("The decision that says so, or where the holder is. Others read it."),
        validators=[InputRequired(), Length(max=LONGEST_REASON)],
    )

    def offer(self, session: Session, actor: Actor, unit_id: int | None) -> None:
        """Fill the lists.

        Args:
            session: any transaction.
            actor: who fills it in.
            unit_id: the unit whose posts an administrator looks at; None for his own posts.
        """
        everything = ("", str(gettext("All")))
        seats = seats_of(session, actor, unit_id)
        units = {unit for _, _, unit, _ in seats}
        alone = {str(person) for _, _, _, person in seats} if len(seats) == 1 else set()
        nobody = ("", str(gettext("– Choose –")))
        self.seat.choices = [(key, words) for key, words, _, _ in seats]
        others = [each for each in colleagues_in(session, units) if each[0] not in alone]
        self.delegate.choices = [nobody, *others]
        self.form_key.choices = [everything, *_forms(session)]
        self.unit.choices = [everything, *_units(session)]
        self.step.choices = [everything, *_steps(session)]

    def asked(self) -> Grant:
        """What was filled in; only asked when the form is valid."""
        assert self.valid_from.data is not None
        assert self.valid_to.data is not None
        post, _, person = str(self.seat.data).partition(".")
        return Grant(
            kind=str(self.kind.data),
            post_id=read_key(post) or 0,
            principal_id=read_key(person) or 0,
            delegate_id=read_key(self.delegate.data) or 0,
            valid_from=self.valid_from.data,
            valid_to=self.valid_to.data,
            reason=str(self.reason.data or ""),
            form_key=self.form_key.data or None,
            unit_id=read_key(self.unit.data),
            step=self.step.data or None,
        )


def seats_of(session: Session, actor: Actor, unit_id: int | None) -> list[tuple[str, str, int, int]]:
    """The seats that somebody may have others stand in for: `post.person`, its words, the keys of unit and person.

    Args:
        session: any transaction.
        actor: the holder, or an administrator of cases.
        unit_id: all of this unit; None for the actor's own.
    """
    whose = Holding.user_id == actor.user_id if unit_id is None else Post.unit_id == unit_id
    held = (
        select(Holding)
        .join(Post, Post.id == Holding.post_id)
        .join(Unit, Unit.id == Post.unit_id)
        .where(whose, sitting(today()))
        .order_by(Post.id, Holding.user_id)
    )
    return [
        (f"{each.post_id}.{each.user_id}", _seat(each), each.post.unit_id, each.user_id)
        for each in session.scalars(held)
    ]


def _seat(holding: Holding) -> str:
    return f"{holding.user.get_full_name()} ({label(holding.post.title)}, {label(holding.post.unit.name)})"


def colleagues_in(session: Session, unit_ids: Iterable[int]) -> Choices:
    """Those of some units who may decide, once each, by name and post."""
    found = dict(those_who_may(session, unit_ids))
    people = {user.id: user for user in session.scalars(select(User).where(User.id.in_(found)))}
    posts = {post.id: post for post in session.scalars(select(Post).where(Post.id.in_(found.values())))}
    return [(str(user), f"{people[user].get_full_name()} ({label(posts[post].title)})") for user, post in found.items()]


def scopes_of(session: Session, delegations: Sequence[StandingDelegation]) -> list[list[str]]:
    """What each of some delegations is restricted to, in words; nothing where it is for all of somebody's work."""
    steps, forms = dict(_steps(session)), dict(_forms(session))
    return [
        [
            *([forms.get(each.form_key, each.form_key)] if each.form_key else []),
            *([label(each.unit.name)] if each.unit else []),
            *([steps.get(each.step, each.step)] if each.step else []),
        ]
        for each in delegations
    ]


def _forms(session: Session) -> Choices:
    return [(each.key, label(definitions.form_of(each).name)) for each in definitions.all_current(session, "form")]


def _units(session: Session) -> Choices:
    alive = select(Unit).where(Unit.valid_to.is_(None)).order_by(Unit.sort_key, Unit.id)
    return [(str(unit.id), label(unit.name)) for unit in session.scalars(alive)]


def _steps(session: Session) -> Choices:
    """The steps of the chains in force: `chain.stage.step`, and what they are called."""
    chains = [definitions.chain_of(each) for each in definitions.all_current(session, "chain")]
    return [
        (f"{chain.key}.{stage.key}.{step.key}", f"{label(chain.name)}: {label(stage.name)}, {label(step.name)}")
        for chain in chains
        for stage in chain.every_stage
        for step in stage.steps
    ]
