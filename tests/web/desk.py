"""The one report of a test on its way through many hands: what is asked for, what the pages say, what was written."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import unescape
from typing import TYPE_CHECKING, Any

from flask_appbuilder.security.sqla.models import User
from sqlalchemy import func, select

from portal.approvals.models import ApprovalCase, CaseEvent, WorkItem
from portal.refusals import sentence
from tests.web.calls import one, rows
from tests.web.report_page import Page, address
from workflows.errors import Refusal

if TYPE_CHECKING:
    from flask import Flask

    from tests.conftest import Visit, Visitor

AREA = re.compile(r"<textarea[^>]*>\n?(.*?)</textarea>", re.DOTALL)
CASE = 1
"""The key of the case, and of the report that it is about."""


@dataclass
class Desk:
    """Everybody's hands on one report.

    Attributes:
        portal: the application.
        visit: lets one of the cast in.
    """

    portal: Flask
    visit: Visit

    def __post_init__(self) -> None:
        self._inside: dict[str, Visitor] = {}

    def visitor(self, who: str) -> Visitor:
        """One of the cast at his browser, where he stays signed in."""
        if who not in self._inside:
            self._inside[who] = self.visit(who)
        return self._inside[who]

    # -- what is asked for -------------------------------------------------------------------------------------

    def ask(self, who: str, action: str, *, version: int | None = None, to: str = "", **typed: Any) -> Any:
        """Send an action on the case, on the version it has now unless another is named; `to` is one of the cast."""
        seen = self.version if version is None else version
        named = {"to": self.key(to)} if to else {}
        return self.visitor(who).post(f"/cases/{CASE}/{action}", {"version": seen, **named, **typed})

    def done(self, who: str, action: str, **typed: Any) -> None:
        """Send an action that is carried out, and that leads back to the report."""
        answer = self.ask(who, action, **typed)
        assert (answer.status_code, answer.location) == (302, address(CASE)), answer.text

    def refused(self, who: str, action: str, status: int, code: str, **typed: Any) -> str:
        """Send an action that is refused in the words of a code and changes nothing; gives the page."""
        before = self.state, self.count(CaseEvent)
        params = typed.pop("params", {})
        answer = self.ask(who, action, **typed)
        assert (answer.status_code, self.says(code, **params) in unescape(answer.text)) == (status, True), answer.text
        assert (self.state, self.count(CaseEvent)) == before
        return str(answer.text)

    # -- what the pages say ------------------------------------------------------------------------------------

    def home(self, who: str) -> str:
        """Somebody's first page."""
        return unescape(self.visitor(who).get("/").text)

    def waits_for(self, who: str) -> bool:
        """Whether the report is among what waits for somebody on his first page."""
        return address(CASE) in self.home(who).partition('id="waiting"')[2].partition("</section>")[0]

    def report(self, who: str) -> str:
        """The page of the report as somebody reads it."""
        answer = self.visitor(who).get(address(CASE))
        assert answer.status_code == 200
        return unescape(answer.text)

    def form(self, who: str, action: str) -> dict[str, str] | None:
        """The form of an action on that page, as a browser would send it; None where it is not offered."""
        return Page(self.visitor(who).get(address(CASE)).text).forms.get(f"/cases/{CASE}/{action}")

    def offered(self, who: str, action: str, name: str) -> list[str]:
        """The values that a choice in the form of an action has."""
        html = self.visitor(who).get(address(CASE)).text
        form = re.search(rf'<form[^>]*action="/cases/{CASE}/{action}".*?</form>', html, re.DOTALL)
        assert form, f"no form for {action}"
        choice = re.search(rf'<select[^>]*name="{name}".*?</select>', form[0], re.DOTALL)
        assert choice, f"nothing to choose for {name}"
        return re.findall(r'<option value="([^"]*)"', choice[0])

    def says(self, code: str, **params: object) -> str:
        """The sentence of a refusal, in the language of the pages."""
        with self.portal.test_request_context():
            return sentence(Refusal(code, params))

    def words(self, lazy: Any) -> str:
        """What a lazy text of ours is in that language."""
        with self.portal.test_request_context():
            return str(lazy)

    # -- what was written --------------------------------------------------------------------------------------

    @property
    def state(self) -> tuple[str, str | None, int]:
        """Status, stage and version of the case."""
        with rows(self.portal) as session:
            row = session.get_one(ApprovalCase, CASE)
            return row.status, row.stage, row.version

    @property
    def version(self) -> int:
        """The version that the case has now."""
        return self.state[2]

    def count(self, table: Any) -> int:
        """How many rows a table has."""
        with rows(self.portal) as session:
            return session.scalar(select(func.count()).select_from(table)) or 0

    def key(self, who: str) -> int:
        """The account of one of the cast."""
        with rows(self.portal) as session:
            key: int = one(session, User, username=who).id
            return key

    def name(self, who: str) -> str:
        """The full name of one of the cast."""
        with rows(self.portal) as session:
            name: str = one(session, User, username=who).get_full_name()
            return name

    def items(self, who: str) -> list[WorkItem]:
        """The work that was ever given to somebody, the first first."""
        with rows(self.portal) as session:
            mine = select(WorkItem).join(User, User.id == WorkItem.user_id).where(User.username == who)
            found = list(session.scalars(mine.order_by(WorkItem.id)))
            session.expunge_all()
            return found


def kept(html: str) -> list[str]:
    """Every text that a page gives back to be sent again or copied."""
    return [unescape(text).strip() for text in AREA.findall(html)]
