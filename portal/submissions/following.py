"""What is drafted to correct, replace or redo an issued document: who begins it, with what, and what becomes of it.

Source: Decree 30/2020, article 18.3: wrong content is replaced by a document of the same form; wrong form is corrected
by a letter.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from sqlalchemy import select

from portal.approvals.directory import place_of
from portal.db import lock_for
from portal.definitions import service as definitions
from portal.documents import linking
from portal.documents.keeping import said
from portal.documents.links import CORRECTS, REPLACES, DocumentLink
from portal.documents.models import LONGEST_REASON, RELEASED, SENT_BACK, OfficialDocument, RegisterEntry
from portal.security import today
from portal.submissions import regimes, rounds, service
from portal.submissions.beginning import Begun
from portal.submissions.models import GIVEN_UP, REDOES, Submission
from workflows.errors import Refusal
from workflows.forms.beginning import fits

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy.orm import Session

    from portal.security import Actor
    from workflows.definition import Chain
    from workflows.errors import Label
    from workflows.periods import Period

OPEN: Final = ("can_new", "SubmissionView")
"""The right to begin a draft."""

FROM: Final = "document"
"""What a draft is begun from, as it is kept with it."""

NOT_CARRIED: Final = frozenset({"attachment", "computed"})
"""Types of answers that are never taken over: files belong to one draft, and what is computed is computed."""


class Way(NamedTuple):
    """A form with which a document can be followed.

    Attributes:
        kind: `CORRECTS`, `REPLACES` or `REDOES`.
        form_key: of the form.
        name: what it is called.
        is_own: whether the document was made with it, so that its answers are taken over.
    """

    kind: str
    form_key: str
    name: Label
    is_own: bool

    @property
    def key(self) -> str:
        """How a page names it."""
        return f"{self.kind}:{self.form_key}"


@dataclass(frozen=True)
class Follows:
    """What a draft does to an earlier document, as it is kept with the draft for good.

    Attributes:
        document_id: the earlier one.
        kind: `CORRECTS`, `REPLACES` or `REDOES`.
        reason: what was wrong, or why.
    """

    document_id: int
    kind: str
    reason: str


def submission_of(session: Session, document: OfficialDocument) -> Submission | None:
    """What a document was made of; None where that was no submission."""
    return session.get(Submission, document.subject_id) if document.subject_kind == service.KIND else None


def unit_for(session: Session, actor: Actor, document: OfficialDocument) -> int | None:
    """For which of his units somebody may follow a document: the one that drafted it, else the one that issued it.

    Args:
        session: any transaction.
        actor: who would write.
        document: the earlier one.

    Returns:
        its key; None where neither is his, or he does not begin drafts.
    """
    if not actor.may(*OPEN):
        return None
    drafted = submission_of(session, document)
    units = (drafted.unit_id if drafted else None, document.issuer_id)
    return next((each for each in units if each in actor.own_units), None)


def kinds_for(document: OfficialDocument) -> tuple[str, ...]:
    """What may be done to a document: one that is out is corrected or replaced until it ends, one sent back redone."""
    if document.status == SENT_BACK:
        return (REDOES,)
    return (CORRECTS, REPLACES) if document.status == RELEASED and document.fate not in linking.ENDS.values() else ()


def ways(session: Session, document: OfficialDocument, kinds: Sequence[str]) -> list[Way]:
    """The published forms with which a document can be followed, its own first.

    Args:
        session: any transaction.
        document: the earlier one.
        kinds: what is to be done to it, of `kinds_for`.
    """
    published = {each.key: each for each in definitions.all_current(session, "form")}
    drafted = submission_of(session, document)
    own = published.get(drafted.form_key) if drafted else None
    found = [Way(kind, own.key, own.name, is_own=True) for kind in kinds if own and kind != CORRECTS]
    for each in published.values():
        kind = definitions.form_of(each).follows
        if kind is not None and kind in kinds and each is not own:
            found.append(Way(kind, each.key, each.name, is_own=False))
    return found


def begin(session: Session, actor: Actor, document: OfficialDocument, way_key: str, *, reason: str) -> Submission:
    """Begin what corrects, replaces or redoes a document.

    Args:
        session: the transaction; the caller commits.
        actor: its first author.
        document: the earlier one; he may see it.
        way_key: how, as `Way.key` has it.
        reason: what was wrong, or why.

    Raises:
        Refusal: `not_your_document`; `no_such_way`; `reason_required`; `already_followed` (`submission_id`, `title`),
            somebody is at it; or as `service.open_report` and a text are refused.
    """
    unit_id = unit_for(session, actor, document)
    if unit_id is None:
        raise Refusal("not_your_document", {"symbol": str(document)})
    way = next((each for each in ways(session, document, kinds_for(document)) if each.key == way_key), None)
    if way is None:
        raise Refusal("no_such_way", {"symbol": str(document)})
    why = said(reason, "reason_required", LONGEST_REASON)
    _refuse_second(session, document, way.kind)
    drafted, follows = submission_of(session, document), Follows(document.id, way.kind, why)
    period = _period(session, drafted, way)
    begun = Begun(FROM, str(document.id), str(document), facts_of(document), _carried(session, drafted, way))
    return service.open_report(session, actor, unit_id, way.form_key, period, begun=begun, follows=follows)


def _refuse_second(session: Session, document: OfficialDocument, kind: str) -> None:
    """One at a time: two replacements under way would be issued one after the other, and the second refused."""
    lock_for(session, service.OPENING_LOCK)
    same = (Submission.follows_id == document.id, Submission.follows_kind == kind)
    for other in session.scalars(select(Submission).where(*same).order_by(Submission.id)):
        if other.case_status not in (*GIVEN_UP, "approved"):
            raise Refusal("already_followed", {"submission_id": other.id, "title": other.title})


def facts_of(document: OfficialDocument) -> Mapping[str, object]:
    """What a draft is given of an earlier document (`workflows.forms.given`)."""
    return {
        "earlier_reference": str(document),
        "earlier_date": document.issued_on.isoformat(),
        "earlier_subject": document.subject,
    }


def _period(session: Session, drafted: Submission | None, way: Way) -> Period:
    """The period of the earlier document where the form is for such ones, or else the one in which it is written."""
    asked = regimes.periods_of(session, way.form_key)
    if drafted and drafted.period.kind in asked:
        return drafted.period
    return regimes.period_of_day(asked, today())


def _carried(session: Session, drafted: Submission | None, way: Way) -> dict[str, Any]:
    """The answers that the earlier document was made of, as far as the form of today takes them."""
    if drafted is None or not way.is_own:
        return {}
    form = definitions.form_of(definitions.current(session, "form", way.form_key))
    before = rounds.answers_of(session, drafted)
    fields = {name: each for name, each in form.fields.items() if each.type not in NOT_CARRIED and name in before}
    is_same = form is definitions.form_of(drafted.form)
    return {name: before[name] for name, each in fields.items() if is_same or fits(each, before[name])}


# -- on the way ------------------------------------------------------------------------------------------------


def obstacle(session: Session, submission: Submission, chain: Chain | None) -> Refusal | None:
    """Why a draft cannot follow its document any more; None where it can, or follows none.

    Args:
        session: any transaction.
        submission: the draft, or what is under review.
        chain: the one that it goes through; None where it has none, which handing it in says.
    """
    document, kind = submission.follows, submission.follows_kind
    if document is None or kind == REDOES:
        return None
    if document.fate in linking.ENDS.values():
        return Refusal("already_ended", {"symbol": str(document), "became": document.fate})
    issuers = {place_of(session, submission.unit_id, rule.issuer) for rule in chain.issues} if chain else set()
    if chain and document.issuer_id not in issuers:
        return Refusal("follows_other_issuer", {"symbol": str(document), "issuer": document.issuer.name})
    return None


def refuse_overtaken(session: Session, submission: Submission, chain: Chain) -> None:
    """See that what is handed in can still follow its document.

    Raises:
        Refusal: `already_ended`, that was replaced or recalled meanwhile; `follows_other_issuer`.
    """
    found = obstacle(session, submission, chain)
    if found is not None:
        raise found


def link_issued(session: Session, actor: Actor, document: OfficialDocument) -> None:
    """Link what was just issued to the document that it follows; fills the port `documents.service.ISSUED`.

    Args:
        session: the transaction of the issue.
        actor: who decided.
        document: the new one.

    Raises:
        Refusal: as `linking.follow`; `already_ended` above all, so that nothing is issued that could not follow.
    """
    submission = submission_of(session, document)
    if submission is None or submission.follows is None or submission.follows_kind == REDOES:
        return
    earlier, kind = submission.follows, str(submission.follows_kind)
    if earlier.issuer_id != document.issuer_id or _is_linked(session, submission, earlier, kind):
        return  # another unit's document of the same chain, or a second one of the same unit
    later, before = linking.line_of(session, document.id), linking.line_of(session, earlier.id)
    linking.follow(session, actor, kind, later, before, reason=submission.follows_reason or "")


def _is_linked(session: Session, submission: Submission, earlier: OfficialDocument, kind: str) -> bool:
    issued = select(OfficialDocument.id).where(
        OfficialDocument.subject_kind == service.KIND, OfficialDocument.subject_id == submission.id
    )
    later = select(RegisterEntry.id).where(RegisterEntry.document_id.in_(issued))
    to_it = (DocumentLink.kind == kind, DocumentLink.earlier_id == linking.line_of(session, earlier.id).id)
    mine = (*to_it, DocumentLink.later_id.in_(later), DocumentLink.lapsed_at.is_(None))
    return session.scalar(select(DocumentLink.id).where(*mine)) is not None


def followers(session: Session, actor: Actor, document: OfficialDocument) -> list[tuple[Submission, bool]]:
    """What is being drafted to follow a document, and whether its reader may open it.

    Whoever sees the draft sees it; people of the issuer learn of it as well, without what it says.

    Args:
        session: any transaction.
        actor: the reader of the document.
        document: the earlier one.
    """
    mine = select(Submission, service.scope(actor)).where(Submission.follows_id == document.id)
    if document.issuer_id not in actor.own_units:
        mine = mine.where(service.scope(actor))
    found = session.execute(mine.order_by(Submission.id))
    return [(each, bool(seen)) for each, seen in found if not _is_done_with(each)]


def _is_done_with(submission: Submission) -> bool:
    """Whether it came to nothing, or its document is issued and linked, which tells more."""
    status = submission.case_status
    return status in GIVEN_UP or (status == "approved" and submission.follows_kind != REDOES)
