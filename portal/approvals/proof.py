"""Proving anew who one is, where a step of the chain wants it, before one decides on it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import current_app
from flask_appbuilder.security.sqla.models import User
from flask_babel import lazy_gettext as _l

from portal import attempts
from portal.data import current_actor, current_session
from portal.passwords import is_password_of
from portal.refusals import say
from workflows.availability import ALWAYS_PROVED
from workflows.errors import Refusal
from workflows.objections import step_of

if TYPE_CHECKING:
    from workflows.actions import AnyAction
    from workflows.case import Case

say(
    {
        "password_wrong": _l(
            "The password is wrong, so nothing was done. Type it again; what you wrote is still here."
        ),
        "password_too_soon": _l("There were too many failed attempts. Wait %(seconds)s seconds, then try again."),
    }
)


def require(case: Case, asked: AnyAction, password: str) -> None:
    """See to it that whoever decides has just typed his password, where one of his steps wants that.

    It commits, for attempts are counted whatever follows; so it comes before anything else is written.

    Args:
        case: what he decides on.
        asked: what he asks for.
        password: as it was typed.

    Raises:
        Refusal: `password_wrong`, `password_too_soon`.
    """
    if not is_wanted(case, asked, str(current_actor().user_id)):
        return
    user = current_session().get_one(User, current_actor().user_id)
    attempt = attempts.begin(user)
    if attempt.wait:
        raise Refusal("password_too_soon", {"seconds": attempt.wait})
    if not is_password_of(user, password):
        current_app.extensions["appbuilder"].sm.note_failure(user)
        raise Refusal("password_wrong")
    attempt.succeeded(is_in=True)
    current_session().commit()


def is_wanted(case: Case, asked: AnyAction, person: str) -> bool:
    """Whether any of a person's open steps wants a proof for what he asks; an emergency does wherever there is one.

    Args:
        case: what he decides on.
        asked: what he asks for.
        person: his account key.
    """
    if asked.name in ALWAYS_PROVED:
        return case.in_review and case.chain.emergency is not None
    mine = [step_of(case.chain, item) for item in case.open_items if item.person == person]
    return any(step.prove and asked.name in step.actions for step in mine)
