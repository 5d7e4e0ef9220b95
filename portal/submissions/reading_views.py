"""The page on which a report is read: its answers, what is different, what to check, and what may be done with it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import request

from portal import findings
from portal.approvals import page as case_page
from portal.approvals import recording
from portal.data import current_actor, current_session
from portal.submissions import asking, attachments, gate, rounds, service, sight, style
from portal.submissions.file_views import FileView
from portal.submissions.following_words import following_of
from portal.submissions.reading import Earlier, answers_of, parts_without
from portal.words import label

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from portal.submissions.models import Submission, SubmissionVersion
    from workflows.errors import Finding


UNDECIDED = frozenset({"in_review", "suspended"})
"""The statuses of reports that reviewers have."""


class ReadingView(FileView):
    """What the screens of submissions show to whoever reads one."""

    def _reading_page(self, submission: Submission, **more: Any) -> str:
        frozen = rounds.versions(current_session(), submission)
        version = _asked_for(frozen)
        slip = self._case(submission)
        since = rounds.to_compare_with(frozen, version, slip["decided_on"] if slip else frozenset())
        read = sight.fields_read(current_session(), current_actor(), submission)
        return self.page(
            "submissions/read.html",
            title=submission.title,
            submission=submission,
            version=version,
            rounds=frozen,
            doubts=[each for each in self._doubts(submission, version) if each[0] in read],
            styled=[each for each in self._styled(submission, version) if each[0] in read],
            since=since,
            sections=self._answers(submission, version, since, read),
            unread_parts=parts_without(service.form_of(submission), read),
            files=attachments.ever_attached(current_session(), submission),
            follows=following_of(submission, _values(submission, version), read),
            documents=service.issued_about(current_session(), submission),
            case=slip,
            **more,
        )

    @staticmethod
    def _answers(
        submission: Submission,
        version: SubmissionVersion | None,
        since: SubmissionVersion | None,
        read: frozenset[str],
    ) -> Any:
        """The answers of a round beside those of an earlier round and of the period before, as far as they are read."""
        hashes = {key: sha for each in (since, version) if each for key, sha in rounds.file_hashes(each).items()}
        period = rounds.approved_before(current_session(), submission)
        earlier = Earlier(rounds.frozen_values(since) if since else None, period, hashes)
        return answers_of(service.form_of(submission), _values(submission, version), earlier, read)

    def _doubts(self, submission: Submission, version: SubmissionVersion | None) -> list[tuple[str, str, str]]:
        """The warnings that a content was handed in with."""
        return self._said_of(submission, gate.doubts(submission, version)) if version else []

    def _styled(self, submission: Submission, version: SubmissionVersion | None) -> list[tuple[str, str, str]]:
        """Notes on the style of a content that is still to be decided on; what was decided stays as it is."""
        if version is None or submission.case_status not in UNDECIDED:
            return []
        found = style.notes(current_session(), submission, rounds.frozen_values(version))
        return self._said_of(submission, found)

    def _case(self, submission: Submission) -> dict[str, Any] | None:
        if submission.case is None:
            return None
        folder = recording.read(current_session(), submission.case)
        return case_page.case_page(current_session(), current_actor(), folder)

    @staticmethod
    def _said_of(submission: Submission, found: Iterable[Finding]) -> list[tuple[str, str, str]]:
        """Of each finding: the field's name, what was asked there, and what is said of it."""
        asked = service.form_of(submission).fields
        names = ((finding.path.split(".")[0], finding) for finding in found)
        return [
            (name, label(asked[name].label) if name in asked else name, findings.sentence(finding))
            for name, finding in names
        ]


def _values(submission: Submission, version: SubmissionVersion | None) -> dict[str, Any]:
    """The answers of a round, or of the draft before there is one."""
    return rounds.frozen_values(version) if version else asking.settled(submission).values


def _asked_for(frozen: Sequence[SubmissionVersion]) -> SubmissionVersion | None:
    """The content that the address names by its round and its correction; the last one where it names none."""
    asked = (request.args.get("round", 0, int), request.args.get("correction", 0, int))
    last = frozen[-1] if frozen else None
    return next((each for each in frozen if (each.round, each.correction) == asked), last)
