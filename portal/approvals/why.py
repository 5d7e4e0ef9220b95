"""Why somebody may or may not do something with a case: the rule for every action, as page and API say it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask_appbuilder.security.sqla.models import User
from flask_babel import gettext
from sqlalchemy import select

from portal.approvals import service
from portal.approvals.offers import RIGHTS
from portal.approvals.service import ADMINISTER
from portal.approvals.words import ACTIONS, explain, names_of
from portal.security import build_actor, today
from workflows.errors import Refusal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.orm import Session

    from portal.approvals.recording import Folder
    from portal.approvals.words import Names
    from portal.security import Actor
    from workflows.availability import Availability

ALLOWED = "allowed"
"""The code of an answer that stops nobody."""


@dataclass(frozen=True)
class Answer:
    """What the rules say of one action.

    Attributes:
        action: its name.
        words: what people call it.
        code: the refusal's code, or `allowed`.
        sentence: why not, or by what part in the case.
    """

    action: str
    words: str
    code: str
    sentence: str

    @property
    def allowed(self) -> bool:
        """Whether it would be carried out."""
        return self.code == ALLOWED


def may_ask_about_others(actor: Actor) -> bool:
    """Whether somebody may ask for another person: an administrator of cases, or who reads everything."""
    return actor.may(*ADMINISTER) or actor.sees_everything


def person_asked_about(session: Session, actor: Actor, user_id: int | None) -> Actor:
    """The person that somebody asks about: himself, unless he names another and may.

    Args:
        session: any transaction.
        actor: who asks.
        user_id: the account he names; None for his own.

    Raises:
        Refusal: `not_permitted`; `not_found`, there is no such open account.
    """
    if user_id is None or user_id == actor.user_id:
        return actor
    if not may_ask_about_others(actor):
        raise Refusal("not_permitted")
    user = session.scalar(select(User).where(User.id == user_id, User.active.is_(True)))
    if user is None:
        raise Refusal("not_found")
    return build_actor(session, user, today())


def answers_for(session: Session, person: Actor, folder: Folder) -> list[Answer]:
    """The answer for every action, in the order in which the page offers them.

    It tries each action, as the person's own page does, so it cannot say anything else than what would happen.

    Args:
        session: any transaction.
        person: for whom it is asked.
        folder: the case.
    """
    available = service.available(session, person, folder)
    people = [each for answer in available.values() for each in answer.people]
    names = names_of(session, folder, people)
    return [_answer(person, folder, names, available[action]) for action in RIGHTS]


def _answer(person: Actor, folder: Folder, names: Names, found: Availability) -> Answer:
    words, refusal = str(ACTIONS[found.action]), found.refusal
    if refusal is None and not person.may(*RIGHTS[found.action]):
        refusal = Refusal("not_permitted")
    if refusal is not None:
        return Answer(found.action, words, refusal.code, explain(refusal, names, folder.case.stage))
    return Answer(found.action, words, ALLOWED, "; ".join(_parts(person, folder, names)))


def _parts(person: Actor, folder: Folder, names: Names) -> Iterator[str]:
    """By what somebody has to do with a case: its submission, his open work, his right to administer it."""
    case, key = folder.case, str(person.user_id)
    if key == case.initiator:
        yield str(gettext("he submitted it"))
    for item in case.open_items:
        if item.person == key:
            step = names.step(item.stage, item.step)
            yield str(gettext("he has “%(step)s” as %(seat)s", step=step, seat=names.posts.get(item.post, item.post)))
    if person.may(*ADMINISTER):
        yield str(gettext("he administers cases"))


def people_to_ask_about(session: Session, folder: Folder) -> list[tuple[int, str]]:
    """Everybody who ever had to do with a case: key and name, in the order of their names."""
    case = folder.case
    keys = {int(key) for key in (*case.drafters, *(item.person for item in case.items))}
    users = session.scalars(select(User).where(User.id.in_(keys), User.active.is_(True)))
    return sorted(((user.id, user.get_full_name()) for user in users), key=lambda each: each[1])
