"""Whether a reviewer could sign what his approval would issue: told on the page, before he decides."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal.approvals.directory import place_of
from portal.definitions import service as definitions
from portal.documents.authority import Paper, refusal_of
from portal.security import today
from portal.units.models import Post, Unit
from workflows.errors import Refusal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.orm import Session

    from portal.approvals.recording import Folder
    from portal.security import Actor
    from workflows.definition import IssueRule


def cannot_sign(session: Session, actor: Actor, folder: Folder) -> Refusal | None:
    """Why the document of the present stage could not be signed by a reviewer who has it; None where nothing is wrong.

    Args:
        session: any transaction.
        actor: the reader.
        folder: a case he may see.
    """
    case = folder.case
    posts = dict.fromkeys(
        int(item.post)
        for item in case.pending_items
        if item.person == str(actor.user_id) and item.role == "decide" and item.added_by is None
    )
    rules = case.chain.issues if posts else ()
    signed = [rule for rule in rules if rule.after == case.stage]
    beside = [rule for rule in rules if rule.cosigned_at == case.stage]
    papers = [(paper, post) for rule in signed for post in posts for paper in _papers(session, folder, rule)]
    for post in posts if beside else ():
        own = session.get_one(Post, post).unit_id
        papers += [(paper, post) for rule in beside for paper in _papers(session, folder, rule, own)]
    refusals = (refusal_of(session, paper, actor.user_id, post) for paper, post in papers)
    return next((refusal for refusal in refusals if refusal), None)


def _papers(session: Session, folder: Folder, rule: IssueRule, unit_id: int | None = None) -> Iterator[Paper]:
    """The document that would be issued; none without issuer or template, which is refused in other words.

    Args:
        session: any transaction.
        folder: the case.
        rule: by which it would be.
        unit_id: of the second issuer, for whom somebody signs beside; None for the first.
    """
    place = unit_id or place_of(session, folder.row.unit_id, rule.issuer)
    try:
        template = definitions.current(session, "document", rule.document)
    except Refusal:
        return
    if place is not None:
        kind = template.body["metadata"]["type"]
        yield Paper(session.get_one(Unit, place), kind, template.key, today(), rule.of_head and unit_id is None)
