"""Acting on several cases at once: each is a transaction of its own, and has a result of its own."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol

from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from portal import once
from portal.approvals import service
from portal.approvals.words import explain, names_of
from portal.definitions.service import chain_of
from portal.idempotency import Answer
from portal.refusals import say, sentence
from portal.words import label
from workflows.actions import Approve
from workflows.availability import wants_proof
from workflows.errors import Refusal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from sqlalchemy.orm import Session

    from portal.approvals.models import ApprovalCase, WorkItem
    from portal.approvals.recording import Folder
    from portal.security import Actor

MOST = 50
"""How many cases one request decides on."""

say(
    {
        "prove_singly": _l("This step wants your password for each case. Open it and decide there."),
        "too_many_at_once": _l("%(count)s were chosen, at most %(most)s are taken at once. Choose fewer."),
        "nothing_chosen": _l("Nothing was chosen. Tick at least one."),
    }
)


class Deed(Protocol):
    """Does something to a case as somebody saw it."""

    def __call__(self, folder: Folder, version: int) -> Answer:
        """Do it, and commit nothing of it; refused as the action is."""


@dataclass(frozen=True)
class Result:
    """What became of one case.

    Attributes:
        case: its row; None when there is none for this reader.
        is_done: whether it was done.
        words: that it was, or why not.
    """

    case: ApprovalCase | None
    is_done: bool
    words: str


def offered(session: Session, actor: Actor) -> list[dict[str, Any]]:
    """What waits for somebody and may be approved together with others: decisions that nobody else has taken."""
    items = service.worklist(session, actor)
    taken = service.taken_by_others(session, items)
    free = [item for item in items if item.role == "decide" and item.id not in taken]
    return [_row(item) for item in free if item.case.status == "in_review" and not _step(item).prove]


def _step(item: WorkItem) -> Any:
    return chain_of(item.case.definition).stage(item.stage).step(item.step)


def _row(item: WorkItem) -> dict[str, Any]:
    chain = chain_of(item.case.definition)
    return {
        "case": item.case,
        "key": f"{item.case.id}.{item.case.version}",
        "stage": label(chain.stage(item.stage).name),
        "since": item.opened_at,
        "issues": any(rule.after == item.stage for rule in chain.issues),
    }


def chosen(keys: Sequence[str]) -> list[tuple[int, int]]:
    """The cases that were ticked, with the version that was seen; what is none of ours is left out.

    Args:
        keys: as the page sends them.

    Raises:
        Refusal: `nothing_chosen`, `too_many_at_once`.
    """
    pairs = [key.split(".") for key in dict.fromkeys(keys) if key.count(".") == 1]
    found = [(int(case), int(version)) for case, version in pairs if _is_number(case) and _is_number(version)]
    if not found:
        raise Refusal("nothing_chosen")
    if len(found) > MOST:
        raise Refusal("too_many_at_once", {"count": len(found), "most": MOST})
    return found


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 10  # noqa: PLR2004 - digits


def do_each(session: Session, actor: Actor, cases: Iterable[tuple[int, int]], deed: Deed) -> Iterator[Result]:
    """Do the same to cases, one after another; one that is refused leaves the others as they are. It commits each.

    Each is done once under the key of the request: sent again after it broke off, it goes on where it stopped.

    Args:
        session: no transaction yet that matters.
        actor: who does it.
        cases: key and seen version of each.
        deed: does it to a case as it was seen, and commits nothing of it.
    """
    for case_id, version in cases:
        yield _do(session, actor, case_id, partial(deed, version=version))


def _do(session: Session, actor: Actor, case_id: int, deed: Callable[[Folder], Answer]) -> Result:
    try:
        folder = service.find(session, actor, case_id)
    except Refusal as refusal:
        session.rollback()
        return Result(None, is_done=False, words=sentence(refusal))
    try:
        answer = once.carry_out(partial(deed, folder), part=case_id)
    except Refusal as refusal:
        session.rollback()
        return _refused(session, service.find(session, actor, case_id), refusal)
    return Result(folder.row, is_done=True, words=answer.words)


def approve_each(session: Session, actor: Actor, cases: Iterable[tuple[int, int]], reason: str) -> Iterator[Result]:
    """Approve cases, each with the same words, possibly none; the rest is as in `do_each`."""
    return do_each(
        session, actor, cases, lambda folder, version: _approved(session, actor, folder, Approve(version, reason))
    )


def _approved(session: Session, actor: Actor, folder: Folder, asked: Approve) -> Answer:
    """Approve one of them, and commit nothing of it."""
    if wants_proof(folder.case, asked.name, str(actor.user_id)):
        raise Refusal("prove_singly")
    after = service.perform(session, actor, folder, asked)
    return Answer("approval_case", after.row.id, after.case.version, status=200, words=str(gettext("Approved")))


def _refused(session: Session, folder: Folder, refusal: Refusal) -> Result:
    words = explain(refusal, names_of(session, folder), folder.case.stage)
    return Result(folder.row, is_done=False, words=words)
