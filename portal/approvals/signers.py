"""Whether a reviewer could sign what his approval would issue: told on the page, before he decides."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal.approvals.directory import place_of
from portal.definitions import service as definitions
from portal.documents.authority import Paper, refusal_of
from portal.security import today
from portal.units.models import Unit
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
    rules = [rule for rule in case.chain.issues if rule.after == case.stage] if posts else []
    papers = [paper for rule in rules for paper in _papers(session, folder, rule)]
    refusals = (refusal_of(session, paper, actor.user_id, post) for paper in papers for post in posts)
    return next((refusal for refusal in refusals if refusal), None)


def _papers(session: Session, folder: Folder, rule: IssueRule) -> Iterator[Paper]:
    """The document that would be issued; none without issuer or template, which is refused in other words."""
    place = place_of(session, folder.row.unit_id, rule.issuer)
    try:
        template = definitions.current(session, "document", rule.document)
    except Refusal:
        return
    if place is not None:
        kind = template.body["metadata"]["type"]
        yield Paper(session.get_one(Unit, place), kind, template.key, today(), rule.of_head)
