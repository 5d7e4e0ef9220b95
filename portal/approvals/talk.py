"""What was said about single places of what is under review, ready to be shown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from portal.approvals.comments import drafts_of, has_it, place_names
from portal.approvals.directory import DECIDE

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from sqlalchemy.orm import Session

    from portal.approvals.recording import Folder
    from portal.approvals.words import Names
    from portal.security import Actor
    from workflows.case import Comment

Shown = TypeVar("Shown", "Said", "Draft")


@dataclass(frozen=True)
class Said:
    """A comment as it is shown.

    Attributes:
        number: its own in the case.
        anchor: its place.
        place: what that is called.
        text: what was said.
        by: who said it, by name.
        at: when.
        round: of which round.
        answer: what the submitter answered, possibly nothing.
        changed: whether the place was changed since.
    """

    number: int
    anchor: str
    place: str
    text: str
    by: str
    at: datetime
    round: int
    answer: str
    changed: bool


@dataclass(frozen=True)
class Draft:
    """A comment that is not published yet.

    Attributes:
        anchor: its place.
        place: what that is called.
        text: what its author will say.
    """

    anchor: str
    place: str
    text: str


def talk(session: Session, actor: Actor, folder: Folder, names: Names) -> dict[str, Any]:
    """What the macros of `macros/talk.html` need.

    Args:
        session: any transaction.
        actor: the reader.
        folder: the case.
        names: of that case.

    Returns:
        `comments` and `comment_drafts` by the field they are about, the latter None for a reader who cannot comment;
        the numbers of `comments_to_answer`; and how many comments a decision would publish (`commented`).
    """
    case = folder.case
    may_comment = has_it(actor, folder) and actor.may(*DECIDE)
    drafts = drafts_of(session, actor, folder) if may_comment else {}
    places = {**names.places, **place_names(session, folder, drafts)}
    shown = [Draft(anchor, places.get(anchor, anchor), text) for anchor, text in drafts.items()]
    return {
        "comments": _by_field([_said(each, names) for each in case.comments]),
        "comment_drafts": _by_field(shown) if may_comment else None,
        "comments_to_answer": {comment.number for comment in case.comments_to_answer},
        "commented": len(drafts) + sum(comment.round == case.round for comment in case.comments),
    }


def _said(comment: Comment, names: Names) -> Said:
    return Said(
        number=comment.number,
        anchor=comment.anchor,
        place=names.places.get(comment.anchor, comment.anchor),
        text=comment.text,
        by=names.person(comment.by),
        at=comment.at,
        round=comment.round,
        answer=comment.answer,
        changed=comment.changed,
    )


def _by_field(shown: Iterable[Shown]) -> dict[str, list[Shown]]:
    found: dict[str, list[Shown]] = {}
    for each in shown:
        found.setdefault(each.anchor.partition(".")[0], []).append(each)
    return found
