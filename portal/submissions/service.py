"""The verbs of a submission: open, save, attach, submit; and which ones an actor may see."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, and_, false, or_, select, true, update

from portal import audit, files, previews
from portal.approvals import recording
from portal.approvals import service as approvals
from portal.db import lock_for, utc_now
from portal.definitions import service as definitions
from portal.documents.letters import missing_letters
from portal.documents.models import OfficialDocument
from portal.search import search_key
from portal.security import today
from portal.submissions import attachments
from portal.submissions.models import Submission, SubmissionAuthor, SubmissionFile, SubmissionVersion
from portal.submissions.rounds import frozen_values, rejected_answers
from portal.submissions.rules import bad_period, period_name, reported_years
from portal.units.models import Unit
from workflows.errors import Finding, Refusal
from workflows.forms import Context, canonical_json, check, content_hash, read
from workflows.periods import PeriodKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sqlalchemy.orm import Session

    from portal.security import Actor
    from workflows.forms import Form, Reading
    from workflows.periods import Period

KIND = "submission"
OPENING_LOCK = 6102
CHAIN = "provincial-report"
"""The chain of every report until schedules say which is whose."""

KINDS_OF = {"monthly-report": (PeriodKind.MONTH,)}
"""The periods a form is for, until schedules say so."""

UNPRINTABLE = "letter_missing"
"""The finding that the portal itself adds to those of the form kernel."""

MOST_LETTERS = 10
"""How many unprintable letters a remark shows."""


class NotReadyError(Exception):
    """A submission does not pass the gate.

    Attributes:
        findings: everything found, errors and warnings, each at the name of its input.
    """

    def __init__(self, findings: tuple[Finding, ...]) -> None:
        super().__init__(f"{sum(finding.severity == 'error' for finding in findings)} errors")
        self.findings = findings


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
    """The form it was opened with; a newer version changes nothing for it."""
    return definitions.form_of(submission.form)


def _audit(session: Session, actor: Actor, submission: Submission, action: str, **details: Any) -> None:
    audit.record(session, actor=actor.username, action=action, kind=KIND, key=submission.id, details=details)


def _check_writer(actor: Actor, submission: Submission) -> None:
    if submission.unit_id not in actor.own_units:
        raise Refusal("not_your_unit", {"unit": submission.unit.name})
    if not submission.is_open:
        raise Refusal("not_open", {"status": submission.case.status if submission.case else ""})


def open_report(session: Session, actor: Actor, unit_id: int, form_key: str, period: Period) -> Submission:
    """Begin a report of one's own unit for a period, with the answers of the one that was rejected, if there is one.

    Args:
        session: the transaction; the caller commits.
        actor: who will be its first author.
        unit_id: one of his own units.
        form_key: which form; its newest version is pinned.
        period: what the report covers.

    Raises:
        Refusal: `not_your_unit`, `bad_period`, `no_definition`, or `already_opened` with the report that exists.
    """
    if unit_id not in actor.own_units:
        raise Refusal("not_your_unit", {"unit": ""})
    if period.kind not in KINDS_OF.get(form_key, ()) or period.year not in reported_years(today()):
        raise bad_period(today())
    form = definitions.current(session, "form", form_key)
    lock_for(session, OPENING_LOCK)
    _refuse_second(session, unit_id, form_key, period)
    unit, window = session.get_one(Unit, unit_id), period.window
    title = _title(definitions.form_of(form), period)
    submission = Submission(
        unit_id=unit_id,
        form_id=form.id,
        form_key=form_key,
        title=title,
        period_kind=str(period.kind),
        period_year=period.year,
        period_number=period.number,
        window_from=window.start,
        window_to=window.end,
        created_by=actor.user_id,
        search=search_key(f"{title} {unit.name_vi} {unit.symbol}"),
    )
    session.add(submission)
    session.flush()
    submission.values = rejected_answers(session, submission)
    _add_author(session, submission.id, actor.user_id)
    _audit(session, actor, submission, "submission_opened", title=title, unit=unit.code)
    return submission


def _title(form: Form, period: Period) -> str:
    return (form.title or form.name)["vi"].replace("{period}", period_name(period))[:300]


def _refuse_second(session: Session, unit_id: int, form_key: str, period: Period) -> None:
    same = select(Submission).where(
        Submission.unit_id == unit_id,
        Submission.form_key == form_key,
        Submission.period_kind == str(period.kind),
        Submission.period_year == period.year,
        Submission.period_number == period.number,
    )
    for other in session.scalars(same):
        if other.case is None or other.case.status != "rejected":
            raise Refusal("already_opened", {"submission_id": other.id, "title": other.title})


def _add_author(session: Session, submission_id: int, user_id: int) -> None:
    mine = (SubmissionAuthor.submission_id == submission_id, SubmissionAuthor.user_id == user_id)
    if session.scalar(select(SubmissionAuthor.id).where(*mine)) is None:
        session.add(SubmissionAuthor(submission_id=submission_id, user_id=user_id))


def _claim_edition(session: Session, submission: Submission, edition: int, **values: Any) -> None:
    """Write only over the edition that was seen; whoever saved meanwhile is not overwritten."""
    seen = update(Submission).where(Submission.id == submission.id, Submission.edition == edition)
    written = seen.values(edition=edition + 1, changed_at=utc_now(), **values).returning(Submission.id)
    if session.execute(written.execution_options(synchronize_session=False)).first() is None:
        raise Refusal("edited_meanwhile")
    session.refresh(submission)


def save(session: Session, actor: Actor, submission: Submission, raw: Mapping[str, str], edition: int) -> Reading:
    """Save a draft: what can be read as values, what cannot as it was typed.

    Args:
        session: the transaction; the caller commits.
        actor: an author from now on.
        submission: open, of one of his units.
        raw: text by input name.
        edition: which edition the inputs were filled from.

    Returns:
        what was read, with remarks; none of them stands in the way of saving.

    Raises:
        Refusal: `not_your_unit`, `not_open`, `edited_meanwhile`; `classified_text`, nothing of it is stored.
    """
    _check_writer(actor, submission)
    form = form_of(submission)
    reading = read(form, raw, submission.period.window)
    _refuse_classified(reading)
    typed = {name: value for name, value in reading.values.items() if form.fields[name].type != "attachment"}
    values = {**typed, **attachments.answers(session, submission, form)}
    same = values == submission.values and dict(reading.unread) == submission.unread
    if same and edition == submission.edition:
        return reading
    _claim_edition(session, submission, edition, values=values, unread=dict(reading.unread))
    _add_author(session, submission.id, actor.user_id)
    _audit(session, actor, submission, "submission_saved", edition=submission.edition, sha256=content_hash(values))
    return reading


def _refuse_classified(reading: Reading) -> None:
    """State secrets may not even be stored as a draft: this portal is no place for them."""
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
        Refusal: `not_your_unit`, `not_open`, `no_such_field`.
        BadFileError: the file is refused.
    """
    _check_writer(actor, submission)
    field = form_of(submission).fields.get(upload.field)
    if field is None or field.type != "attachment":
        raise Refusal("no_such_field", {"field": upload.field})
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
        Refusal: `not_your_unit`, `not_open`, `not_found` for a file of another submission.
    """
    _check_writer(actor, submission)
    link = session.get(SubmissionFile, link_id)
    if link is None or link.submission_id != submission.id or link.removed_at:
        raise Refusal("not_found")
    link.removed_at = utc_now()
    session.flush()
    _refile(session, actor, submission)
    _audit(session, actor, submission, "submission_file_detached", name=link.file.name)


def _refile(session: Session, actor: Actor, submission: Submission) -> None:
    form = form_of(submission)
    typed = {name: value for name, value in submission.values.items() if form.fields[name].type != "attachment"}
    values = {**typed, **attachments.answers(session, submission, form)}
    _claim_edition(session, submission, submission.edition, values=values)
    _add_author(session, submission.id, actor.user_id)


def findings(submission: Submission, deny_list: tuple[str, ...]) -> tuple[Finding, ...]:
    """What the submit gate says of the draft as it is now."""
    context = Context(today(), submission.period.window, deny_list)
    found = check(form_of(submission), submission.values, submission.unread, context)
    return (*found, *_unprintable(submission.values))


def doubts(submission: Submission, version: SubmissionVersion) -> tuple[Finding, ...]:
    """The warnings that a round was handed in with, for those who decide on it."""
    context = Context(today(), submission.period.window, ())
    found = check(form_of(submission), frozen_values(version), {}, context)
    return tuple(finding for finding in found if finding.severity == "warning")


def _unprintable(values: Mapping[str, Any]) -> Iterator[Finding]:
    """Letters that the official document could not show; found here, no number is spent on them."""
    for name, value in values.items():
        if letters := missing_letters(canonical_json(value)):
            yield Finding(name, UNPRINTABLE, {"letters": " ".join(letters[:MOST_LETTERS])})


def submit(
    session: Session, actor: Actor, submission: Submission, *, edition: int, version: int, deny_list: tuple[str, ...]
) -> recording.Folder:
    """Freeze the draft as a version and hand it in.

    Args:
        session: the transaction; the caller commits.
        actor: who hands it in; after the first round only the same person.
        submission: open, of one of his units.
        edition: which edition he saw.
        version: which version of its case he saw; 0 before there is one.
        deny_list: phrases no submission may contain.

    Raises:
        NotReadyError: it does not pass the gate; nothing is written.
        Refusal: `not_your_unit`, `not_open`, `edited_meanwhile`, or what the engine says.
    """
    _check_writer(actor, submission)
    found = findings(submission, deny_list)
    if any(finding.severity == "error" for finding in found):
        raise NotReadyError(found)
    _claim_edition(session, submission, edition)
    frozen = _freeze(session, actor, submission)
    handed = approvals.Handed(
        kind=KIND,
        subject_id=submission.id,
        title=submission.title,
        unit_id=submission.unit_id,
        content_hash=frozen.sha256,
        drafters=_authors(session, submission),
    )
    if submission.case is not None:
        folder = recording.read(session, submission.case)
        return approvals.resubmit(session, actor, folder, version, handed)
    folder = approvals.submit(session, actor, definitions.current(session, "chain", CHAIN), handed)
    submission.case = folder.row
    session.flush()
    return folder


def _authors(session: Session, submission: Submission) -> frozenset[int]:
    mine = select(SubmissionAuthor.user_id).where(SubmissionAuthor.submission_id == submission.id)
    return frozenset(session.scalars(mine))


def _freeze(session: Session, actor: Actor, submission: Submission) -> SubmissionVersion:
    """The next round's frozen content: canonical JSON of everything that is handed in, and its SHA-256."""
    content = canonical_json(
        {
            "form": submission.form.sha256,
            "title": submission.title,
            "unit": submission.unit.code,
            "window": [submission.window_from.isoformat(), submission.window_to.isoformat()],
            "values": submission.values,
            "files": [
                {"field": each.field, "id": str(each.id), "name": each.file.name, "sha256": each.file.sha256}
                for each in attachments.attached(session, submission)
            ],
        }
    )
    version = SubmissionVersion(
        submission_id=submission.id,
        round=submission.case.round + 1 if submission.case else 1,
        content=content,
        sha256=hashlib.sha256(content.encode()).hexdigest(),
        submitted_by=actor.user_id,
    )
    session.add(version)
    session.flush()
    return version
