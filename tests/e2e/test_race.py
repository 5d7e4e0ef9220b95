"""Eight people at the same moment, on several server processes: one wins, the others hear why not, nothing breaks."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import create_engine, func, select
from sqlalchemy.orm import Session

from portal import audit
from portal.approvals.models import ApprovalCase, CaseDecision, CaseEvent, WorkItem
from portal.demo.journey import january_inputs
from portal.documents.models import OfficialDocument, Register
from portal.submissions.models import Submission, SubmissionVersion
from tests.cast import PASSWORD
from tests.e2e import crowd
from tests.e2e.crowd import Answer, Press, race
from tests.e2e.race_course import RACERS
from tests.e2e.serving import ROOT, free_port, serving

if TYPE_CHECKING:
    from pathlib import Path

WORKERS = 4


@dataclass(frozen=True)
class Course:
    """A database with races laid out in it, and how they ended.

    Attributes:
        url: of the database.
        laid_out: keys by race.
        answers: everything that everybody got.
        log: what the server wrote.
    """

    url: str
    laid_out: dict[str, list[int]]
    answers: list[Answer]
    log: str

    def heats(self, kind: str) -> list[list[Answer]]:
        """The answers of each heat of one race."""
        names = sorted({each.press.heat for each in self.answers if each.press.heat.startswith(kind)})
        return [[each for each in self.answers if each.press.heat == name] for name in names]


def parts(laid_out: dict[str, list[int]]) -> list[list[Press]]:
    """What each of the eight presses, one after another."""
    seen = {**january_inputs(), "edition": "1", "version": "0", "then": "submit"}
    numbers = laid_out["numbers"]
    return [
        [
            *(
                Press(f"decide {case:03}", f"deputy{racer}", f"/cases/{case}/approve", {"version": "1"})
                for case in laid_out["decisions"]
            ),
            *(
                Press(f"number {start:03}", f"vicechair{racer}", f"/cases/{case}/approve", {"version": "3"})
                for start in range(0, len(numbers), RACERS)
                for case in [numbers[start + racer]]
            ),
            *(
                Press(f"recall {case:03}", "clerk", f"/cases/{case}/recall", {"version": "1", "reason": "Nhầm kỳ"})
                if racer == 0
                else Press(f"recall {case:03}", f"deputy{racer}", f"/cases/{case}/approve", {"version": "1"})
                for case in laid_out["recalls"]
            ),
            *(
                Press(f"claim {case:03}", f"deputy{racer}", f"/cases/{case}/claim", {"version": "1"})
                for case in laid_out["claims"]
            ),
            *(
                Press(f"submit {draft:03}", f"officer{racer}", f"/submissions/save/{draft}", seen)
                for draft in laid_out["drafts"]
            ),
        ]
        for racer in range(RACERS)
    ]


@pytest.fixture
def course(database_url: str, tmp_path: Path) -> Course:
    """All races, run once on each kind of database."""
    settings = {"PORTAL_DATA": str(tmp_path), "DATABASE_URL": database_url}
    prepared = subprocess.run(
        [sys.executable, "-m", "tests.e2e.race_course"],
        cwd=ROOT,
        env={**os.environ, **settings},
        capture_output=True,
        text=True,
        check=False,
    )
    assert prepared.returncode == 0, prepared.stderr
    laid_out = json.loads(prepared.stdout)
    port, log = free_port(), tmp_path / "server.log"
    bind = ("--bind", f"127.0.0.1:{port}", "--workers", str(WORKERS), "--threads", "1", "--worker-class", "sync")
    with serving(["-m", "gunicorn", *bind, "portal.app:create_app()"], port, log, settings):
        answers = list(race(crowd.Course(port, PASSWORD), parts(laid_out)))
    return Course(database_url, laid_out, answers, log.read_text(encoding="utf-8"))


def print_counts(name: str, heats: list[list[Answer]]) -> None:
    counts = Counter(each.status for heat in heats for each in heat)
    winners = sum(each.status == 302 for heat in heats for each in heat)
    slowest = max(each.seconds for heat in heats for each in heat)
    print(
        f"{name}: N={len(heats)} heats of {RACERS}, winners {winners}, losers {counts[409]}, "
        f"statuses {dict(counts)}, slowest answer {slowest:.2f} s"
    )


def check_one_winner_each(heats: list[list[Answer]]) -> None:
    for heat in heats:
        assert sorted(each.status for each in heat) == [302] + [409] * (RACERS - 1), heat[0].press.heat


def check_decisions(course: Course, session: Session) -> None:
    heats = course.heats("decide")
    print_counts("one decision", heats)
    assert len(heats) >= 10
    check_one_winner_each(heats)
    for case in course.laid_out["decisions"]:
        row = session.get_one(ApprovalCase, case)
        assert (row.version, row.stage) == (2, "police")
        assert session.scalar(select(func.count()).where(CaseDecision.case_id == case)) == 1
        seqs = session.scalars(select(CaseEvent.seq).where(CaseEvent.case_id == case).order_by(CaseEvent.seq)).all()
        assert seqs == list(range(1, len(seqs) + 1))


def check_numbers(course: Course, session: Session) -> None:
    heats = course.heats("number")
    print_counts("numbers of one register", heats)
    cases = course.laid_out["numbers"]
    assert [each.status for heat in heats for each in heat] == [302] * len(cases)
    numbers = session.scalars(select(OfficialDocument.number).order_by(OfficialDocument.number)).all()
    assert numbers == list(range(1, len(cases) + 1))
    assert session.scalars(select(Register.last_number)).all() == [len(cases)]
    about = session.scalars(select(OfficialDocument.subject_id)).all()
    subjects = session.scalars(select(ApprovalCase.subject_id).where(ApprovalCase.id.in_(cases))).all()
    assert sorted(about) == sorted(subjects)


def check_recalls(course: Course, session: Session) -> None:
    """Somebody takes a report back and others approve it: one of them is first, and the case is what he made of it."""
    heats = course.heats("recall")
    print_counts("recall against approval", heats)
    check_one_winner_each(heats)
    for heat in heats:
        winner = next(each.press for each in heat if each.status == 302)
        row = session.get_one(ApprovalCase, int(winner.path.split("/")[2]))
        assert (row.version, row.status) == (2, "recalled" if winner.username == "clerk" else "in_review")


def check_claims(course: Course, session: Session) -> None:
    """One has it for himself, and it is the one who was told so."""
    heats = course.heats("claim")
    print_counts("one claim", heats)
    check_one_winner_each(heats)
    for heat in heats:
        winner = next(each.press for each in heat if each.status == 302)
        taken = (WorkItem.case_id == int(winner.path.split("/")[2]), WorkItem.claimed)
        assert [item.user.username for item in session.scalars(select(WorkItem).where(*taken))] == [winner.username]


def check_submissions(course: Course, session: Session) -> None:
    heats = course.heats("submit")
    print_counts("handing in one draft", heats)
    check_one_winner_each(heats)
    for draft in course.laid_out["drafts"]:
        assert session.scalar(select(func.count()).where(SubmissionVersion.submission_id == draft)) == 1
        assert session.scalar(select(func.count()).where(ApprovalCase.subject_id == draft)) == 1
        report = session.get_one(Submission, draft)
        assert report.case_status == "in_review"
        winner = next(each for heat in heats for each in heat if each.status == 302 and str(draft) in each.press.path)
        assert report.case is not None
        assert report.case.initiator.username == winner.press.username


def test_of_eight_at_the_same_moment_one_wins_and_seven_hear_why_not(course: Course) -> None:
    for each in course.answers:
        assert each.status < 500, each.body
        assert "database is locked" not in each.body
    assert "database is locked" not in course.log
    assert "Traceback" not in course.log
    assert "deadlock" not in course.log
    engine = create_engine(course.url)
    with Session(engine) as session:
        check_decisions(course, session)
        check_numbers(course, session)
        check_submissions(course, session)
        check_recalls(course, session)
        check_claims(course, session)
        count, breaks = audit.verify(session)
        assert (count > 0, breaks) == (True, ())
    engine.dispose()
