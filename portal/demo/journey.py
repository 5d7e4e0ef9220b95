"""The main job without a browser: one report from draft, over one return, to the official PDF."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import yaml
from flask_appbuilder.security.sqla.models import User
from sqlalchemy import select

from portal import jobs
from portal.approvals import recording
from portal.approvals import service as approvals
from portal.demo.load import DATA
from portal.documents.models import OfficialDocument
from portal.security import build_actor, today
from portal.signatures import certificates, turns
from portal.signatures import service as signing
from portal.signatures.certificates import Holder
from portal.submissions import handing, rounds
from portal.submissions import service as submissions
from workflows.actions import Approve, Return
from workflows.periods import Period, PeriodKind

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from flask import Flask
    from sqlalchemy.orm import Session

    from portal.security import Actor
    from portal.submissions.models import Submission

JANUARY = Period(PeriodKind.MONTH, 2025, 1)
RETURN_REASON = "Đề nghị bổ sung số cuộc họp giao ban trong kỳ."


def january_inputs() -> dict[str, str]:
    """What the demo's clerk types for January 2025, by input name."""
    inputs: dict[str, str] = yaml.safe_load((DATA / "january-2025.yaml").read_text(encoding="utf-8"))
    return inputs


@dataclass
class Journey:
    """One report on its way through the hands of the demo's cast.

    Attributes:
        app: a prepared application with the demo province loaded.
        say: called with one line per step.
    """

    app: Flask
    say: Callable[[str], None]

    @property
    def session(self) -> Session:
        """The session of the step at hand."""
        session: Session = self.app.extensions["trinh"]["database"].session()
        return session

    def actor(self, username: str) -> Actor:
        """One of the cast, with the rights his posts give him today."""
        user = self.session.scalars(select(User).where(User.username == username)).one()
        return build_actor(self.session, user, today())

    def travel(self) -> Path:
        """Carry the report all the way.

        Returns:
            where the PDF lies.
        """
        number = self.draft({**january_inputs(), "meetings": "1"})
        self.hand_in(number)
        self.decide("head", number, lambda seen: Return(seen, RETURN_REASON))
        self.amend(number)
        self.hand_in(number)
        for username in ("head", "police.head", "vicechair"):
            self.decide(username, number, lambda seen: Approve(seen, "Đồng ý."))
        return self.printed(number)

    def travel_to_release(self, pin: str) -> Path:
        """Carry the report all the way, and have its document signed and sealed.

        Args:
            pin: opens the keys of the demo.

        Returns:
            where the PDF lies.
        """
        self.travel()
        self.sign("vicechair", pin)
        return self.sign("registrar", pin)

    def sign(self, username: str, pin: str) -> Path:
        """Somebody gives the signature that waits for him, or the registrar puts on the seal.

        Returns:
            where the PDF lies.
        """
        actor, parts = self.actor(username), self.app.extensions["trinh"]
        document = self.session.scalars(select(OfficialDocument)).one()
        turn = next(each for each in turns.turns_of(self.session, actor, document) if each.is_open)
        of_unit = Holder(unit_id=turn.slot.unit_id)
        holder = of_unit if turn.slot.is_seal else Holder(user_id=actor.user_id)
        certificate = certificates.usable(self.session, holder)[0]
        assert document.file is not None
        asked = signing.Asked(document.id, turn.slot.id, certificate.id, document.file.sha256)
        found = signing.check(self.session, actor, parts["files"], parts["keyring"], asked)
        made = signing.sign_here(parts["keyring"], found, signing.stamp_of(self.session, actor, found), pin)
        row = signing.keep(self.session, actor, parts["files"], found, made)
        self.session.commit()
        self.say(f"{actor.full_name}: {certificate.common_name}, PAdES {row.level}, SHA-256 {row.file.sha256}")
        path: Path = parts["files"].path(row.file.sha256)
        return path

    def _report(self, username: str, number: int) -> tuple[Actor, Submission]:
        actor = self.actor(username)
        return actor, submissions.find(self.session, actor, number)

    def draft(self, typed: dict[str, str], period: Period = JANUARY) -> int:
        """The clerk opens the report of a month and fills it in."""
        clerk = self.actor("clerk")
        report = submissions.open_report(self.session, clerk, min(clerk.own_units), "monthly-report", period)
        submissions.save(self.session, clerk, report, typed, report.edition)
        self.session.commit()
        self.say(f"{clerk.full_name}: {report.title}")
        return report.id

    def amend(self, number: int) -> None:
        """The clerk mends what was returned."""
        clerk, report = self._report("clerk", number)
        submissions.save(self.session, clerk, report, january_inputs(), report.edition)
        self.session.commit()
        self.say(f"{clerk.full_name}: sửa theo yêu cầu")

    def hand_in(self, number: int) -> None:
        """The clerk submits; a version is frozen."""
        clerk, report = self._report("clerk", number)
        version = report.case.version if report.case else 0
        settings: Any = self.app.extensions["trinh"]["settings"]
        handing.submit(
            self.session,
            clerk,
            report,
            edition=report.edition,
            version=version,
            deny_list=settings.denied_phrases,
        )
        self.session.commit()
        frozen = rounds.versions(self.session, report)[-1]
        self.say(f"{clerk.full_name}: trình lần {frozen.round}, SHA-256 {frozen.sha256}")

    def decide(self, username: str, number: int, verdict: Callable[[int], Approve | Return]) -> None:
        """A reviewer decides on the version he sees."""
        actor, report = self._report(username, number)
        assert report.case is not None
        folder = approvals.find(self.session, actor, report.case.id)
        action = verdict(folder.case.version)
        after: recording.Folder = approvals.perform(self.session, actor, folder, action)
        self.session.commit()
        self.say(f"{actor.full_name}: {action.name} - {action.reason} ({after.case.status})")

    def printed(self, number: int) -> Path:
        """The worker renders what was issued."""
        database, settings = self.app.extensions["trinh"]["database"], self.app.extensions["trinh"]["settings"]
        while jobs.work_one(database, settings.job_lease_seconds, settings.job_attempts):
            pass
        issued = select(OfficialDocument).where(OfficialDocument.subject_id == number)
        document = self.session.scalars(issued).one()
        assert document.file is not None, document.error
        self.say(f"Số {document}: {document.pages} trang, SHA-256 {document.file.sha256}")
        path: Path = self.app.extensions["trinh"]["files"].path(document.file.sha256)
        return path
