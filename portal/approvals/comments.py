"""Comments on single places of what is under review: written while reading, published with the decision."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sqlalchemy import delete, select

from portal.approvals.models import CommentDraft
from portal.approvals.recording import SUBJECTS
from portal.db import utc_now
from portal.texts import kept
from workflows.errors import Refusal

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session

    from portal.approvals.recording import Folder
    from portal.security import Actor

LONGEST_COMMENT = 2000
"""Characters of a comment or of its answer: one page."""

MOST_COMMENTS = 100
"""How many comments one decision carries."""


def place_names(session: Session, folder: Folder, anchors: Iterable[str]) -> dict[str, str]:
    """What places are called; those that do not exist are left out."""
    wanted = frozenset(anchors)
    if not wanted:
        return {}
    return dict(SUBJECTS[folder.row.subject_kind].place_names(session, folder.row.subject_id, wanted))


def drafts_of(session: Session, actor: Actor, folder: Folder) -> dict[str, str]:
    """What somebody has written in this round and not yet published, by place."""
    mine = select(CommentDraft).where(*_own(actor, folder)).order_by(CommentDraft.id)
    return {each.anchor: each.text for each in session.scalars(mine)}


@dataclass(frozen=True)
class Remark:
    """What somebody says of one place.

    Attributes:
        round: the round that he read.
        anchor: the place.
        text: his words.
    """

    round: int
    anchor: str
    text: str


def write_more(session: Session, actor: Actor, folder: Folder, remark: Remark) -> None:
    """As `write`, below what its author has said of the place already; nothing more changes nothing."""
    before = drafts_of(session, actor, folder).get(remark.anchor, "")
    if remark.text.strip():
        write(session, actor, folder, replace(remark, text=f"{before}\n{remark.text}") if before else remark)


def write(session: Session, actor: Actor, folder: Folder, remark: Remark) -> None:
    """Keep a comment until its author decides; an empty one takes it away.

    Args:
        session: the transaction; the caller commits.
        actor: who has the case now.
        folder: the case.
        remark: what he says of a place of what is under review.

    Raises:
        Refusal: `not_commenting`, it does not wait for him; `no_such_place`; `text_too_long`; `too_many_comments`.
    """
    case, anchor = folder.case, remark.anchor
    if not has_it(actor, folder):
        raise Refusal("not_commenting")
    row = folder.row
    is_read = SUBJECTS[row.subject_kind].may_read(session, actor, row.subject_id, anchor)
    if remark.round != case.round or not is_read or anchor not in place_names(session, folder, [anchor]):
        raise Refusal("no_such_place")
    text, drafts = kept(remark.text, LONGEST_COMMENT), drafts_of(session, actor, folder)
    if text and len(drafts.keys() | {anchor}) > MOST_COMMENTS:
        raise Refusal("too_many_comments", {"most": MOST_COMMENTS})
    session.execute(delete(CommentDraft).where(*_own(actor, folder), CommentDraft.anchor == anchor))
    if text:
        person = actor.user_id
        session.add(
            CommentDraft(case_id=row.id, round=case.round, user_id=person, anchor=anchor, text=text, at=utc_now())
        )
        session.flush()


def has_it(actor: Actor, folder: Folder) -> bool:
    """Whether a case under review waits for somebody."""
    return folder.case.in_review and str(actor.user_id) in {item.person for item in folder.case.open_items}


def publish(session: Session, actor: Actor, folder: Folder) -> dict[str, str]:
    """Take what somebody has written in this round out of the drafts, for the decision that carries it."""
    drafts = drafts_of(session, actor, folder) if folder.has_drafts else {}
    if drafts:
        session.execute(delete(CommentDraft).where(*_own(actor, folder)))
    return drafts


def _own(actor: Actor, folder: Folder) -> tuple[ColumnElement[bool], ...]:
    return (
        CommentDraft.case_id == folder.row.id,
        CommentDraft.user_id == actor.user_id,
        CommentDraft.round == folder.case.round,
    )
