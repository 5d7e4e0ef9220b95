"""What is told of drafts that follow a document: what they do to it, how far they are, what stands against it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from flask import url_for
from flask_babel import lazy_gettext as _l

from portal import refusals
from portal.approvals.words import STATUS_TONES, STATUSES
from portal.data import current_actor, current_session
from portal.definitions import service as definitions
from portal.documents.links import CORRECTS, REPLACES
from portal.documents.service import scope as document_scope
from portal.refusals import say, sentence
from portal.rights import called
from portal.submissions import following, handing, rounds, service
from portal.submissions.models import REDOES
from portal.submissions.reading import Earlier, answers_of
from portal.words import label
from workflows.case import OVER
from workflows.errors import Refusal

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from portal.documents.models import OfficialDocument
    from portal.submissions.models import Submission
    from portal.submissions.reading import Answer
    from workflows.definition import Chain

BEGINS: Mapping[str, Any] = {
    CORRECTS: _l("Draft a correction"),
    REPLACES: _l("Draft a replacement"),
    REDOES: _l("Draft it anew"),
}
"""What the page of a document offers."""

ABOUT: Mapping[str, Any] = {
    CORRECTS: _l(
        "Form, technique or procedure was wrong: a letter of the unit that issued the document corrects it (Decree "
        "30/2020, article 18.3)."
    ),
    REPLACES: _l(
        "The content was wrong: a document of the same form replaces it (Decree 30/2020, article 18.3). Until it is "
        "issued, this one holds."
    ),
    REDOES: _l("Nobody signed it and its number is void: corrected and approved again, it is issued with another one."),
}

DOES: Mapping[str, Any] = {
    CORRECTS: _l("It corrects (đính chính)"),
    REPLACES: _l("It replaces (thay thế)"),
    REDOES: _l("It takes the place of what was sent back unsigned:"),
}
"""How a draft says what it does."""

UNDER_WAY: Mapping[str, Any] = {
    CORRECTS: _l("A correction is being drafted"),
    REPLACES: _l("A replacement is being drafted"),
    REDOES: _l("Drafted anew"),
}
"""How the page of the document says so."""

say(
    {
        "not_your_document": _l(
            "Only people of the unit that drafted or issued %(symbol)s, who begin reports, follow it with another one."
        ),
        "no_such_way": _l(
            "%(symbol)s cannot be followed with that form now. Reload the page and choose one of those that it offers."
        ),
        "already_followed": _l('"%(title)s" does that already. Open it instead of beginning a second one.'),
        "follows_other_issuer": _l(
            "%(symbol)s is corrected or replaced by the unit that issued it, and this chain issues nothing of "
            "%(issuer)s. Ask the administrator to correct the chain."
        ),
    }
)

refusals.STATUSES["not_your_document"] = 403


class Following(NamedTuple):
    """What the page of a draft says of the document that it follows.

    Attributes:
        does: what it does to it.
        document: number and symbol.
        address: its page; empty where the reader does not see it.
        reason: what was wrong, or why.
        problem: why it cannot follow any more; empty where it can.
        is_same: whether both are of one form, so that they are compared.
        differs: the answers that are otherwise than in the document.
    """

    does: str
    document: str
    address: str
    reason: str
    problem: str
    is_same: bool
    differs: Sequence[Answer]


def following_of(submission: Submission, values: Mapping[str, Any], read: Collection[str]) -> Following | None:
    """What the page of a draft or a report says of the document that it follows; None where it follows none.

    Args:
        submission: the draft.
        values: its answers, as they are shown.
        read: the names of the fields that the reader may read.
    """
    document, session = submission.follows, current_session()
    if document is None:
        return None
    is_over = submission.case is not None and submission.case.status in OVER
    refused = None if is_over else following.obstacle(session, submission, _chain(submission))
    drafted = following.submission_of(session, document)
    is_same = drafted is not None and drafted.form_key == submission.form_key
    before = rounds.answers_of(session, drafted) if drafted and is_same else {}
    return Following(
        str(DOES[str(submission.follows_kind)]),
        str(document),
        url_for("DocumentView.show", pk=document.id) if is_seen(document) else "",
        submission.follows_reason or "",
        sentence(refused) if refused else "",
        is_same,
        _differing(submission, before, values, read) if is_same else (),
    )


def _chain(submission: Submission) -> Chain | None:
    try:
        return definitions.chain_of(handing.chain_of(current_session(), submission))
    except Refusal:
        return None


def is_seen(document: OfficialDocument) -> bool:
    """Whether the reader of the page may open a document."""
    kind = type(document)
    asked = current_session().query(kind.id).where(kind.id == document.id, document_scope(current_actor()))
    return asked.first() is not None


def _differing(
    submission: Submission, before: Mapping[str, Any], values: Mapping[str, Any], read: Collection[str]
) -> tuple[Answer, ...]:
    """The answers that differ; files are not compared, for each draft has its own."""
    form = service.form_of(submission)
    compared = [name for name in read if name in form.fields and form.fields[name].type != "attachment"]
    was = dict(before)
    sections = answers_of(form, dict(values), Earlier(was, was, {}), compared)
    return tuple(each for _title, answers in sections for each in answers if each.changed)


class Follower(NamedTuple):
    """What the page of a document says of a draft that follows it.

    Attributes:
        says: what it does.
        title: of the draft.
        address: its page; empty where the reader does not see it.
        unit: who writes it.
        where: in whose hands it is.
        tone: of the badge that says so.
    """

    says: str
    title: str
    address: str
    unit: str
    where: str
    tone: str


def followers_of(document: OfficialDocument) -> list[Follower]:
    """The drafts that follow a document, as far as its reader learns of them.

    Args:
        document: an issued one.
    """
    found = following.followers(current_session(), current_actor(), document)
    return [_follower(submission, is_seen=is_seen) for submission, is_seen in found]


def _follower(submission: Submission, *, is_seen: bool) -> Follower:
    tone = STATUS_TONES.get(submission.case_status, "info")
    address = url_for("SubmissionView.show", pk=submission.id) if is_seen else ""
    says = str(UNDER_WAY[str(submission.follows_kind)])
    return Follower(says, submission.title, address, called(submission.unit), _where(submission), tone)


def _where(submission: Submission) -> str:
    """In whose hands a draft is: the stage that has it, or else its state."""
    case = submission.case
    if case is None or not case.stage:
        return str(STATUSES[submission.case_status])
    stage = definitions.chain_of(case.definition).stage(case.stage)
    return f"{STATUSES[case.status]}: {label(stage.name)}"


def offered(document: OfficialDocument) -> list[tuple[str, str]]:
    """What the page of a document offers whoever may follow it: words and address.

    Args:
        document: an issued one.
    """
    kinds = following.kinds_for(document)
    if not kinds or following.unit_for(current_session(), current_actor(), document) is None:
        return []
    return [(str(BEGINS[kind]), url_for("FollowingView.begin", pk=document.id, kind=kind)) for kind in kinds]
