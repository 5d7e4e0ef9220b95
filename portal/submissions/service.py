"""The verbs of a draft: open, save, attach; and which submissions an actor may see."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, and_, case, false, func, or_, select, true, update
from sqlalchemy.orm import object_session

from portal import audit, files, previews
from portal.approvals import service as approvals
from portal.approvals.comments import LONGEST_COMMENT
from portal.approvals.models import ApprovalCase
from portal.audit import AuditEntry
from portal.db import lock_for, utc_now
from portal.definitions import service as definitions
from portal.definitions.models import Definition
from portal.definitions.usage import Use
from portal.documents.models import OfficialDocument
from portal.periods import period_name
from portal.search import search_key
from portal.security import today
from portal.submissions import attachments, beginning, locks, offers, regimes, rounds
from portal.submissions.models import GIVEN_UP, Submission, SubmissionAuthor, SubmissionFile
from portal.submissions.rules import bad_period, reported_years, says_nothing
from portal.tasks import service as tasks
from portal.texts import kept as kept_text
from portal.units.models import Unit
from workflows.case import OVER
from workflows.errors import Refusal
from workflows.forms import content_hash, read

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy.orm import Session

    from portal.security import Actor
    from portal.submissions.following import Follows
    from workflows.forms import Form, Reading
    from workflows.periods import Period

KIND = "submission"
OPENING_LOCK = 6102
NAME_LENGTH = 300
"""How much is kept of what something is called."""


@dataclass(frozen=True)
class Upload:
    """A file on its way in.

    Attributes:
        field: the field it belongs to.
        name: what its owner calls it.
        content: its bytes.
    """

    field: str
    name: str
    content: bytes


def scope(actor: Actor) -> ColumnElement[bool]:
    """Submissions of the actor's units and of those below, and what has reached one of his units."""
    if actor.sees_everything:
        return true()
    if not actor.user_id:
        return false()
    return or_(Submission.unit_id.in_(actor.reach), approvals.reached(actor, Submission.case_id))


def documents_of(actor: Actor) -> ColumnElement[bool]:
    """Documents issued about submissions that the actor may see."""
    mine = select(Submission.id).where(scope(actor))
    return and_(OfficialDocument.subject_kind == KIND, OfficialDocument.subject_id.in_(mine))


def issued_about(session: Session, submission: Submission) -> list[OfficialDocument]:
    """The documents issued about a submission, the first one first."""
    about = (OfficialDocument.subject_kind == KIND, OfficialDocument.subject_id == submission.id)
    return list(session.scalars(select(OfficialDocument).where(*about).order_by(OfficialDocument.id)))


def uses_of_form(session: Session, key: str) -> list[Use]:
    """How many submissions there are on each version of a form, whoever sees them.

    Args:
        session: any transaction.
        key: of the form.
    """
    is_running = case((or_(Submission.case_id.is_(None), ApprovalCase.status.not_in(OVER)), 1))
    counted = select(Definition.version, func.count(), func.count(is_running)).select_from(Submission)
    joined = counted.join(Submission.form).outerjoin(Submission.case)
    rows = session.execute(joined.where(Definition.key == key).group_by(Definition.version))
    return [Use("submission", *row) for row in rows]


def find(session: Session, actor: Actor, submission_id: int) -> Submission:
    """A submission the actor may see.

    Raises:
        Refusal: `not_found`; another's is as if it did not exist.
    """
    found = session.scalar(select(Submission).where(Submission.id == submission_id, scope(actor)))
    if found is None:
        raise Refusal("not_found")
    return found


def form_of(submission: Submission) -> Form:
    """The form it was opened with, and what it offers today; a newer version changes nothing for it."""
    form, session = definitions.form_of(submission.form), object_session(submission)
    return offers.offered(session, form, submission.unit_id, today(), submission.values) if session else form


def _audit(session: Session, actor: Actor, submission: Submission, action: str, **details: Any) -> None:
    audit.record(session, actor=actor.username, action=action, kind=KIND, key=submission.id, details=details)


def check_writer(actor: Actor, submission: Submission) -> None:
    """Only people of the unit write in its report, and only while it lies with them.

    Raises:
        Refusal: `not_your_unit`, `not_open`.
    """
    if submission.unit_id not in actor.own_units:
        raise Refusal("not_your_unit", {"unit": submission.unit.name})
    if not submission.is_open:
        raise Refusal("not_open", {"status": submission.case.status if submission.case else ""})


def open_report(
    session: Session,
    actor: Actor,
    unit_id: int,
    form_key: str,
    period: Period,
    *,
    task_id: int | None = None,
    begun: beginning.Begun | None = None,
    follows: Follows | None = None,
) -> Submission:
    """Begin a report of one's own unit for a period, with the answers of the one that was rejected, if there is one.

    Otherwise it begins with the answers that the form gives or takes over from the report before. What is known of the
    list or document from which it is begun goes before both.

    Args:
        session: the transaction; the caller commits.
        actor: who will be its first author.
        unit_id: one of his own units.
        form_key: which form; its newest version is pinned.
        period: what the report covers.
        task_id: the task that it is about; None where it is about no single one.
        begun: what it is begun from; None where it is begun by itself.
        follows: what it does to an earlier document; None where it follows none.

    Raises:
        Refusal: `not_your_unit`, `not_your_task`, `bad_period`, `no_definition`, or `already_opened` with the report
            that exists.
    """
    if unit_id not in actor.own_units:
        raise Refusal("not_your_unit", {"unit": ""})
    asked = regimes.periods_of(session, form_key).get(period.kind)
    if asked is None or period.year not in reported_years(today()):
        raise bad_period(today())
    if task_id is not None and not tasks.concerns(session, task_id, unit_id):
        raise Refusal("not_your_task")
    form = definitions.current(session, "form", form_key)
    unit, window = session.get_one(Unit, unit_id), period.window_from(asked.first_day)
    title = _title(definitions.form_of(form), period)
    submission = Submission(
        unit_id=unit_id,
        form=form,
        form_key=form_key,
        title=title,
        period_kind=str(period.kind),
        period_year=period.year,
        period_number=period.number,
        window_from=window.start,
        window_to=window.end,
        task_id=task_id,
        begun_kind=begun.kind if begun else None,
        begun_key=begun.key if begun else None,
        begun_name=begun.name[:NAME_LENGTH] if begun else None,
        follows_id=follows.document_id if follows else None,
        follows_kind=follows.kind if follows else None,
        follows_reason=follows.reason if follows else None,
        created_by=actor.user_id,
        search=search_key(f"{title} {unit.name_vi} {unit.symbol}"),
    )
    refuse_second(session, submission)
    session.add(submission)
    session.flush()
    submission.values = beginning.first_answers(session, submission, begun)
    _add_author(session, submission.id, actor.user_id)
    source = {"begun_kind": begun.kind, "begun_key": begun.key} if begun else {}
    source |= {"follows": follows.kind, "reason": follows.reason} if follows else {}
    _audit(session, actor, submission, "submission_opened", title=title, unit=unit.code, **source)
    return submission


def _title(form: Form, period: Period) -> str:
    return (form.title or form.name)["vi"].replace("{period}", period_name(period))[:NAME_LENGTH]


def refuse_second(session: Session, submission: Submission) -> None:
    """A unit has one report for a period that is not given up, unless its form is filled in as often as it has to be.

    What follows an issued document is no second report: it comes beside the first, or in its place when it is issued.

    Args:
        session: the transaction, in which nobody else opens or reopens a report from now on.
        submission: the one that is opened or reopened.

    Raises:
        Refusal: `already_opened` with the report that exists.
    """
    if submission.follows_id or not rounds.is_only_one(submission):
        return
    lock_for(session, OPENING_LOCK)
    for other in session.scalars(select(Submission).where(*rounds.same_period(submission))):
        if other.id != submission.id and other.case_status not in GIVEN_UP:
            raise Refusal("already_opened", {"submission_id": other.id, "title": other.title})


def _add_author(session: Session, submission_id: int, user_id: int) -> None:
    mine = (SubmissionAuthor.submission_id == submission_id, SubmissionAuthor.user_id == user_id)
    if session.scalar(select(SubmissionAuthor.id).where(*mine)) is None:
        session.add(SubmissionAuthor(submission_id=submission_id, user_id=user_id))


def claim_edition(session: Session, submission: Submission, edition: int, **values: Any) -> None:
    """Write only over the edition that was seen; whoever saved meanwhile is not overwritten.

    Args:
        session: the transaction.
        submission: the report.
        edition: the one that was seen.
        values: more columns to write.

    Raises:
        Refusal: `edited_meanwhile`.
    """
    seen = update(Submission).where(Submission.id == submission.id, Submission.edition == edition)
    written = seen.values(edition=edition + 1, changed_at=utc_now(), **values).returning(Submission.id)
    if session.execute(written.execution_options(synchronize_session=False)).first() is None:
        raise Refusal("edited_meanwhile")
    session.refresh(submission)


def save(
    session: Session,
    actor: Actor,
    submission: Submission,
    raw: Mapping[str, str],
    edition: int,
    *,
    chosen: Mapping[str, list[int]] | None = None,
    answers: Mapping[str, str] | None = None,
    deny_list: tuple[str, ...] = (),
) -> Reading:
    """Save a draft: what can be read as values, what cannot as it was typed.

    Args:
        session: the transaction; the caller commits.
        actor: an author from now on.
        submission: open, of one of his units.
        raw: text by input name.
        edition: which edition the inputs were filled from.
        chosen: accounts picked for steps of the chain, by `stage.step`; None where the page offers none.
        answers: to comments, by their numbers; None where the page shows none.
        deny_list: phrases no submission may contain; what contains one is open for changes.

    Returns:
        what was read, with remarks; none of them stands in the way of saving.

    Raises:
        Refusal: `not_your_unit`, `not_open`, `edited_meanwhile`; `classified_text`, nothing of it is stored.
    """
    check_writer(actor, submission)
    form = form_of(submission)
    reading = read(form, raw, submission.period.window)
    refuse_classified(reading)
    values, unread = locks.keep_locked(session, submission, reading.values, reading.unread, deny_list)
    written = {
        "values": _with_files(session, submission, values),
        "unread": unread,
        "chosen": submission.chosen if chosen is None else dict(chosen),
        "answers": submission.answers if answers is None else _clean(answers),
    }
    is_same = all(getattr(submission, name) == each for name, each in written.items())
    if is_same and (edition == submission.edition or _was_saved_by(session, submission, actor)):
        return reading  # sent a second time, on the edition that the first time made an old one
    claim_edition(session, submission, edition, **written)
    _add_author(session, submission.id, actor.user_id)
    sha256 = content_hash(submission.values)
    _audit(session, actor, submission, "submission_saved", edition=submission.edition, sha256=sha256)
    return reading


def _was_saved_by(session: Session, submission: Submission, actor: Actor) -> bool:
    """Whether somebody himself was the last to save a report."""
    its = (AuditEntry.object_kind == KIND, AuditEntry.object_id == str(submission.id))
    saved = select(AuditEntry.actor).where(*its, AuditEntry.action == "submission_saved")
    last = saved.order_by(AuditEntry.seq.desc()).limit(1)
    return session.scalar(last) == actor.username


def _with_files(session: Session, submission: Submission, values: Mapping[str, Any]) -> dict[str, Any]:
    """Values with the files that lie there; of them, inputs say only that there is nothing to report."""
    form = form_of(submission)
    typed = {n: value for n, value in values.items() if form.fields[n].type != "attachment" or says_nothing(value)}
    return {**typed, **attachments.answers(session, submission, form)}


def _clean(answers: Mapping[str, str]) -> dict[str, str]:
    return {number: text for number, typed in answers.items() if (text := kept_text(typed, LONGEST_COMMENT))}


def refuse_classified(reading: Reading) -> None:
    """State secrets may not even be stored as a draft: this portal is no place for them.

    Raises:
        Refusal: `classified_text`.
    """
    for finding in reading.findings:
        if finding.code == "classified_text":
            raise Refusal("classified_text", finding.params)


def attach(session: Session, actor: Actor, submission: Submission, store: files.FileStore, upload: Upload) -> None:
    """Attach a file to a field.

    Args:
        session: the transaction; the caller commits.
        actor: an author from now on.
        submission: open, of one of his units.
        store: where the bytes go.
        upload: the file.

    Raises:
        Refusal: `not_your_unit`, `not_open`, `no_such_field`, `field_locked`.
        BadFileError: the file is refused.
    """
    check_writer(actor, submission)
    field = form_of(submission).fields.get(upload.field)
    if field is None or field.type != "attachment":
        raise Refusal("no_such_field", {"field": upload.field})
    locks.refuse_locked(session, submission, upload.field)
    files.refuse_unwanted(upload.content, upload.name, field.kinds, field.max_megabytes)
    kept = files.keep(session, store, upload.content, upload.name, actor.user_id)
    previews.owe(session, kept)
    session.add(SubmissionFile(submission_id=submission.id, field=upload.field, file_id=kept.id))
    session.flush()
    _refile(session, actor, submission)
    details = {"field": upload.field, "name": kept.name, "sha256": kept.sha256}
    _audit(session, actor, submission, "submission_file_attached", **details)


def detach(session: Session, actor: Actor, submission: Submission, link_id: int) -> None:
    """Take a file off a draft; frozen versions keep naming it, and its bytes stay.

    Raises:
        Refusal: `not_your_unit`, `not_open`, `not_found` for a file of another submission, `field_locked`.
    """
    check_writer(actor, submission)
    link = session.get(SubmissionFile, link_id)
    if link is None or link.submission_id != submission.id or link.removed_at:
        raise Refusal("not_found")
    locks.refuse_locked(session, submission, link.field)
    link.removed_at = utc_now()
    session.flush()
    _refile(session, actor, submission)
    _audit(session, actor, submission, "submission_file_detached", name=link.file.name)


def _refile(session: Session, actor: Actor, submission: Submission) -> None:
    values = _with_files(session, submission, submission.values)
    claim_edition(session, submission, submission.edition, values=values)
    _add_author(session, submission.id, actor.user_id)
