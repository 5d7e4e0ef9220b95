"""The demonstration province at work in one session: its people draft, hand in and decide."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from flask_appbuilder.security.sqla.models import Permission, PermissionView, Role, User, ViewMenu
from sqlalchemy import select

from portal import roles
from portal.approvals import service as approvals
from portal.approvals.directory import DECIDE
from portal.approvals.moving import uses_of_chain
from portal.approvals.recording import SUBJECTS, Folder
from portal.approvals.service import ADMINISTER
from portal.db import Database
from portal.definitions.drafting import SECOND_PERSON
from portal.definitions.publishing import publish_shipped
from portal.definitions.usage import USERS
from portal.demo.journey import JANUARY, january_inputs
from portal.demo.load import load
from portal.documents import service as documents
from portal.documents.books import ARRANGE
from portal.documents.keeping import KEEP
from portal.documents.service import PUBLIC_ADDRESS
from portal.grants import ADMINISTRATOR
from portal.incoming.service import HANDLE
from portal.incoming.service import KEEP as KEEP_ARRIVALS
from portal.security import POSTS, READ_EVERYTHING, Actor, build_actor, today
from portal.signatures.certificates import ENTER
from portal.submissions import handing
from portal.submissions import service as submissions
from portal.submissions.models import Submission
from portal.submissions.subject import SubmissionSubject
from portal.tasks.service import OVERSEE
from portal.units import service as units
from tests.portal.copies import become, image_of, with_every_table
from workflows.actions import Approve
from workflows.periods import Period, PeriodKind

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from workflows.actions import AnyAction

REVIEWERS = ("head", "police.head", "chairman")
"""One who may decide in each stage of the shipped chain, in order."""

RIGHTS = (DECIDE, ADMINISTER, READ_EVERYTHING, KEEP, ARRANGE, KEEP_ARRIVALS, HANDLE, ENTER, OVERSEE)
"""The rights that verbs ask for, beside those that open a screen."""

FEBRUARY = Period(PeriodKind.MONTH, 2025, 2)


@dataclass
class Province:
    """Verbs of the cast, each on its own authority.

    Attributes:
        session: the one transaction.
    """

    session: Session

    def user(self, username: str) -> User:
        """The account of one of the cast."""
        return self.session.scalars(select(User).where(User.username == username)).one()

    def everybody(self) -> list[User]:
        """The accounts of the whole cast."""
        return list(self.session.scalars(select(User)))

    def actor(self, username: str) -> Actor:
        """One of the cast, with the rights of the posts he holds today."""
        return build_actor(self.session, self.user(username), today())

    def report_of(self, folder: Folder) -> Submission:
        """The report that a case is about."""
        return self.session.get_one(Submission, folder.row.subject_id)

    def draft(self, period: Period = JANUARY, username: str = "clerk") -> Submission:
        """A report filled in as the demo's clerk does."""
        clerk = self.actor(username)
        report = submissions.open_report(self.session, clerk, min(clerk.own_units), "monthly-report", period)
        submissions.save(self.session, clerk, report, january_inputs(), report.edition)
        return report

    def hand_in(self, report: Submission, username: str = "clerk") -> Folder:
        """Submit what was drafted."""
        return handing.submit(
            self.session,
            self.actor(username),
            report,
            edition=report.edition,
            version=report.case.version if report.case else 0,
            deny_list=(),
        )

    def submitted(self, period: Period = JANUARY) -> Folder:
        """A report that waits for the head of its unit."""
        return self.hand_in(self.draft(period))

    def find(self, username: str, folder: Folder) -> Folder:
        """The case as someone reads it now."""
        return approvals.find(self.session, self.actor(username), folder.row.id)

    def act(self, username: str, folder: Folder, action: AnyAction) -> Folder:
        """Someone asks for something on the case as it is now."""
        return approvals.perform(self.session, self.actor(username), self.find(username, folder), action)

    def approve(self, username: str, folder: Folder, reason: str = "") -> Folder:
        """Someone approves what he sees now."""
        return self.act(username, folder, Approve(folder.case.version, reason))

    def approved(self, period: Period = JANUARY) -> Folder:
        """A report that everybody approved, so that its document was issued."""
        folder = self.submitted(period)
        for username in REVIEWERS:
            folder = self.approve(username, folder)
        return folder


def found(session: Session) -> Province:
    """Make an empty database the province's, as it was loaded, and connect the rooms as the application does."""
    become(session.get_bind(), _loaded())
    POSTS.plug(units)
    SUBJECTS[submissions.KIND] = SubmissionSubject()
    SECOND_PERSON.plug(filling=False)
    PUBLIC_ADDRESS.plug("")
    USERS.update(form=submissions.uses_of_form, chain=uses_of_chain, document=documents.uses_of_template)
    return Province(session)


@cache
def _loaded() -> bytes:
    """The province, loaded once in a process: every unit, post and definition, and a slow hash of the password."""
    database = Database("sqlite://")
    become(database.engine, with_every_table())
    session = database.session()
    _grant(session)
    load(session, "mot-mat-khau-de-thu", today())
    publish_shipped(session)
    session.commit()
    database.session.remove()
    made = image_of(database.engine)
    database.engine.dispose()
    return made


def _grant(session: Session) -> None:
    """The shipped roles, each with those of the rights that verbs ask for."""
    screens = {screen: ViewMenu(name=screen) for _, screen in RIGHTS}
    deeds = {right: Permission(name=right) for right, _ in RIGHTS}
    rights = {each: PermissionView(permission=deeds[each[0]], view_menu=screens[each[1]]) for each in RIGHTS}
    for name, seed in roles.SEED.items():
        held = [right for right in RIGHTS if name == ADMINISTRATOR or right[0] in seed.get(right[1], ())]
        session.add(Role(name=name, permissions=[rights[each] for each in held]))
