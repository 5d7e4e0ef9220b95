"""The world of the authorisation matrix: units around each other, and work of theirs in every state."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from flask_appbuilder.security.sqla.models import Group, Role, User
from sqlalchemy import select, update
from werkzeug.security import generate_password_hash

from portal import files
from portal.approvals import service as approvals
from portal.approvals.delegations import Grant, grant
from portal.approvals.recording import read
from portal.audit import AuditEntry
from portal.db import utc_now
from portal.definitions.beginnings import beginning, renamed
from portal.definitions.drafting import begin, begin_new, propose
from portal.definitions.service import current
from portal.documents.models import AWAITING_SIGNATURE, FAILED, OfficialDocument
from portal.documents.trial_models import TrialPage, TrialPrint
from portal.documents.trials import drawer
from portal.indicators.models import Indicator
from portal.jobs import Job
from portal.previews import FilePreview, PreviewPage
from portal.security import today
from portal.submissions import service as submissions
from portal.submissions.models import SubmissionFile
from portal.tasks import service as task_verbs
from portal.tasks.models import ClarityProfile, SourceDocument, Task
from portal.units.models import Holding, Post, Unit
from portal.units.service import settle_holding, settle_post, settle_unit
from tests import cast
from tests.contracts.arrivals_world import make_arrivals
from tests.contracts.books_world import make_books
from tests.contracts.sequels_world import make_sequels, needs_of
from tests.contracts.signing_world import certified, signed, signing, to_sign
from tests.portal.province import Province
from tests.uploads import PDF
from workflows.actions import Reject, Return, Suspend
from workflows.periods import Period, PeriodKind

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from portal.security import Actor
    from portal.submissions.models import Submission

NEWCOMER, FORMER, CLOSED = "newcomer", "former", "closed"
SIBLING, CHILD, UBND_CLERK = "s.clerk", "c.clerk", "u.clerk"

USERNAMES = {
    "nobody": None,
    "newcomer": NEWCOMER,
    "former": FORMER,
    "closed": CLOSED,
    "clerk": cast.CLERK,
    "head": cast.HEAD,
    "police": cast.POLICE_OFFICER,
    "p.head": cast.POLICE_HEAD,
    "chair": cast.CHAIRMAN,
    "regist": cast.REGISTRAR,
    "units": cast.UNIT_ADMIN,
    "design": cast.DESIGNER,
    "audit": cast.AUDITOR,
    "admin": cast.ADMIN,
    "f.clerk": cast.OUTSIDER,
    "f.head": cast.OUTSIDER_HEAD,
    "s.clerk": SIBLING,
    "c.clerk": CHILD,
    "u.clerk": UBND_CLERK,
}
"""Whom the table calls what: `f.` is of a foreign unit, `s.` of a sibling, `c.` of a child, `u.` of the committee."""

WRITERS = {"own": cast.CLERK, "foreign": cast.OUTSIDER, "sibling": SIBLING, "child": CHILD, "parent": UBND_CLERK}
HEADS = {"own": cast.HEAD, "foreign": cast.OUTSIDER_HEAD, "sibling": "s.head", "child": "c.head", "parent": "chairman"}
UNITS = {"own": "STTTT", "foreign": "IAGRAI", "sibling": "SYT", "child": "STTTT-CNTT", "parent": "UBND"}

OWN_NAME = {"vi": "Quy trình của tỉnh", "en": "Our own chain"}

WAYS = {
    "draft": (),
    "submitted": ("submit",),
    "police": ("submit", "head"),
    "returned": ("submit", "head", "back"),
    "ubnd": ("submit", "head", "police"),
    "approved": ("submit", "head", "police", "ubnd"),
    "suspended": ("submit", "head", "stop"),
    "rejected": ("submit", "head", "end"),
}
"""State → what was done to come there."""

AGAINST: dict[str, type[Return | Suspend | Reject]] = {"back": Return, "stop": Suspend, "end": Reject}
"""What the police do with a report that they do not approve."""

REPORTS = {
    "own": ("draft", "submitted", "police", "returned", "ubnd", "approved", "suspended", "rejected"),
    "sibling": ("draft", "police"),
    "parent": ("draft", "submitted"),
    "child": ("draft", "submitted", "approved"),
    "foreign": ("draft", "submitted", "returned", "approved"),
}
TASKS = {
    "own": ("draft", "open", "done"),
    "sibling": ("open",),
    "parent": ("open",),
    "child": ("open",),
    "foreign": ("draft", "open", "helped", "done"),
}


@dataclass(frozen=True)
class Thing:
    """One object of the matrix.

    Attributes:
        key: its primary key.
        words: what stands in it and nowhere else; a page that shows it has been let in.
        more: what a call about it needs: versions, keys of what it belongs to.
    """

    key: int
    words: str = ""
    more: dict[str, Any] = field(default_factory=dict)


World = dict[str, dict[str, Thing]]
"""Kind → name in the table → the object."""


class Builder:
    """Makes the world in one session, each deed by whoever would do it."""

    def __init__(self, session: Session, store: files.FileStore, inputs: dict[str, str]) -> None:
        self.session = session
        self.store = store
        self.inputs = inputs
        self.province = Province(session)
        self.world: World = {}

    def build(self) -> World:
        """Everything, in the order in which it depends on each other."""
        self._people()
        for place, states in REPORTS.items():
            for month, state in enumerate(states, 1):
                self._report(place, state, Period(PeriodKind.MONTH, 2025, month))
        self._previews()
        self._delegations()
        self._documents()
        for place, states in TASKS.items():
            for state in states:
                self._task(place, state)
        self._reference()
        self.session.commit()
        return self.world

    # -- people ------------------------------------------------------------------------------------------------

    def _role(self, name: str) -> Role:
        return self.session.scalars(select(Role).where(Role.name == name)).one()

    def _unit(self, place: str) -> Unit:
        return self.session.scalars(select(Unit).where(Unit.code == UNITS[place])).one()

    def _person(self, username: str, given: str, role: str | None = None) -> User:
        user = User(
            username=username,
            first_name="Ksor",
            last_name=given,
            email=f"{username}@gialai.example",
            password=generate_password_hash(cast.PASSWORD, method="pbkdf2:sha256:1"),
            active=True,
            roles=[self._role(role)] if role else [],
        )
        self.session.add(user)
        self.session.flush()
        return user

    def _post(self, unit: Unit, kind: str, role: str) -> Post:
        first = {"unit": unit, "valid_from": date(2024, 1, 1), "kind": kind, "role": self._role(role)}
        post = Post(code=f"{kind}-x", title_vi=f"Ghế {kind}", title_en=f"Seat {kind}", **first)
        settle_post(self.session, self._admin(), post)
        self.session.add(post)
        self.session.flush()
        return post

    def _seat(self, user: User, post: Post, until: date | None = None) -> Holding:
        holding = Holding(user=user, post=post, valid_from=date(2024, 1, 1), valid_to=until)
        settle_holding(self.session, self._admin(), holding)
        self.session.add(holding)
        self.session.flush()
        return holding

    def _admin(self) -> Actor:
        return self.province.actor(cast.ADMIN)

    def _people(self) -> None:
        self._person(NEWCOMER, "Mới")
        former, closed = self._person(FORMER, "Cũ", "Clerk"), self._person(CLOSED, "Nghỉ")
        desk = self.session.scalars(select(Post).join(Unit).where(Unit.code == "STTTT", Post.code == "cv")).one()
        self._seat(former, desk, until=today() - timedelta(days=1))
        self._seat(closed, desk)
        self._division()
        for place, clerk in (("sibling", SIBLING), ("child", CHILD), ("parent", UBND_CLERK)):
            self._seat(self._person(clerk, f"Viết {place}"), self._post(self._unit(place), "officer", "Clerk"))
        for place in ("sibling", "child"):
            head = self._person(HEADS[place], f"Duyệt {place}")
            self._seat(head, self._post(self._unit(place), "head", "Department reviewer"))

    def _division(self) -> None:
        facts = {"kind": "division", "symbol": "CNTT", "header_name": "PHÒNG CÔNG NGHỆ THÔNG TIN", "code": "STTTT-CNTT"}
        names = {"name_vi": "Phòng Công nghệ thông tin", "name_en": "IT Division", "place_name": "Gia Lai"}
        unit = Unit(**facts, **names, parent=self._unit("own"), valid_from=date(2020, 1, 1))
        settle_unit(self.session, self._admin(), unit)
        self.session.add(unit)
        self.session.flush()

    # -- reports -----------------------------------------------------------------------------------------------

    def _writer(self, place: str) -> Actor:
        return self.province.actor(WRITERS[place])

    def _report(self, place: str, state: str, period: Period) -> None:
        writer, unit = self._writer(place), self._unit(place)
        report = submissions.open_report(self.session, writer, unit.id, "monthly-report", period)
        mark = f"Bao-cao-{place}-{state}"
        typed = {**self.inputs, "proposals": f"Đề nghị cấp trên xem xét, dấu {mark}."}
        submissions.save(self.session, writer, report, typed, report.edition)
        link = self._attach(report, writer, f"phu-luc-{place}-{state}.pdf")
        for deed in WAYS[state]:
            self._do(deed, place, report)
        late = self._attach(report, writer, f"moi-{place}.pdf") if state == "returned" else None
        self._note(f"{place} {state}", report, (link, late), mark, typed)

    def _attach(self, report: Submission, writer: Actor, name: str) -> int:
        upload = submissions.Upload("annexes", name, PDF + name.encode())
        submissions.attach(self.session, writer, report, self.store, upload)
        link = self.session.scalars(select(SubmissionFile).order_by(SubmissionFile.id.desc()).limit(1)).one()
        return link.id

    def _do(self, deed: str, place: str, report: Submission) -> None:
        if deed == "submit":
            self.province.hand_in(report, WRITERS[place])
            return
        assert report.case is not None
        who = {"head": HEADS[place], "ubnd": cast.CHAIRMAN}.get(deed, cast.POLICE_HEAD)
        folder = approvals.find(self.session, self.province.actor(who), report.case.id)
        if deed in AGAINST:
            self.province.act(who, folder, AGAINST[deed](folder.case.version, "Đề nghị bổ sung số liệu."))
        else:
            self.province.approve(who, folder, "Đồng ý.")

    def _note(
        self, name: str, report: Submission, links: tuple[int, int | None], mark: str, typed: dict[str, str]
    ) -> None:
        link, late = links
        self.session.refresh(report)  # its editions are counted by the database
        facts = {"edition": report.edition, "version": report.case.version if report.case else 0, "typed": typed}
        facts |= {"title": report.title, "unit": report.unit_id}
        self.world.setdefault("report", {})[name] = Thing(report.id, mark, {**facts, "link": link})
        self.world.setdefault("file", {})[name] = Thing(report.id, "", {"link": link})
        if late:
            self.world["file"][f"{name}, new"] = Thing(report.id, "", {"link": late})
        if report.case:
            pending = read(self.session, report.case).case.pending_items
            facts |= {"to": self.province.user(cast.POLICE_OFFICER).id, "item": pending[0].number if pending else 1}
            self.world.setdefault("case", {})[name] = Thing(report.case.id, report.title, facts)

    def _previews(self) -> None:
        """One drawn page of every attached file, as the worker would leave it."""
        for preview in self.session.scalars(select(FilePreview)):
            picture = files.keep(self.session, self.store, PDF + preview.sha256.encode(), "trang.pdf", None)
            preview.state, preview.page_count = "ready", 1
            self.session.add(PreviewPage(preview_id=preview.id, number=1, file_id=picture.id, width=1, height=1))

    def _delegations(self) -> None:
        """From tomorrow on somebody stands in for two heads, which changes nothing of what waits today."""
        days = (today() + timedelta(days=1), today() + timedelta(days=9))
        for name, head, deputy in (("own", cast.HEAD, cast.DEPUTY), ("police", cast.POLICE_HEAD, cast.POLICE_DEPUTY)):
            actor = self.province.actor(head)
            people = (actor.user_id, self.province.user(deputy).id)
            asked = Grant("absence", actor.postings[0].post_id, *people, *days, f"Đi công tác {name}")
            self._keep("delegation", name, grant(self.session, actor, asked))

    def _documents(self) -> None:
        issued = {row.subject_id: row for row in self.session.scalars(select(OfficialDocument))}
        for name, report in self.world["report"].items():
            if report.key not in issued:
                continue
            document = issued[report.key]
            if name.startswith("child"):
                document.status, document.error = FAILED, "template_error"
            else:
                file = files.keep(self.session, self.store, PDF + name.encode(), f"{name}.pdf", None)
                document.file_id, document.status, document.pages = file.id, AWAITING_SIGNATURE, 1
            self.session.flush()
            needs = {**to_sign(self.session, document), **needs_of(self.session, document)}
            self.world.setdefault("document", {})[name] = Thing(document.id, document.content_sha256, needs)
        self.session.execute(update(Job).values(status="done", finished_at=utc_now()))

    # -- tasks -------------------------------------------------------------------------------------------------

    def _task(self, place: str, state: str) -> None:
        admin = replace(self._admin(), username="system")
        title = f"Nhiem-vu-{place}-{state}"
        task = Task(
            title=title,
            objective="100% hồ sơ",
            product="Báo cáo",
            expected_result="100 hồ sơ",
            authority="Giám đốc",
            profile=self.session.scalars(select(ClarityProfile).order_by(ClarityProfile.id).limit(1)).one(),
            source=self.session.scalars(select(SourceDocument).order_by(SourceDocument.id).limit(1)).one(),
            lead_unit=self._unit(place),
            cooperating=[self._unit("own")] if state == "helped" else [],
            leader=self.province.user(HEADS[place]),
            officer=self.province.user(WRITERS[place]),
            starts_on=date(2026, 1, 1),
            deadline_kind="by",
            deadline_on=date(2027, 1, 1),
        )
        task_verbs.settle_task(self.session, admin, task)
        self.session.add(task)
        self.session.flush()
        if state != "draft":
            task_verbs.assign(self.session, admin, task.id, version=task.version, at=utc_now())
        if state == "done":
            when = {"version": task.version, "at": utc_now()}
            task_verbs.complete(self.session, admin, task.id, evidence=f"Văn bản của {title}", **when)
        self.world.setdefault("task", {})[f"{place} {state}"] = Thing(task.id, title, {"version": task.version})

    # -- what everybody or almost nobody sees ------------------------------------------------------------------

    def _reference(self) -> None:
        self.session.add(Group(name="nhom-x", label="Nhóm X"))
        for kind, things in make_books(self.session, self.store, self.province).items():
            self.world[kind] = {name: Thing(key, more={"version": version}) for name, (key, version) in things.items()}
        for kind, arrived in make_arrivals(self.session, self.store, self.province).items():
            self.world[kind] = {name: Thing(key, more=more) for name, (key, more) in arrived.items()}
        for kind, followed in make_sequels(self.session, self.store, self.province, self.world).items():
            self.world[kind] = {name: Thing(key, more=more) for name, (key, more) in followed.items()}
        for place in ("own", "foreign"):
            self._keep("unit", place, self._unit(place))
            seat = select(Holding).join(Holding.user).where(User.username == WRITERS[place])
            holding = self.session.scalars(seat).one()
            self._keep("holding", place, holding)
            self._keep("post", place, holding.post)
        mine = self.session.scalars(select(Holding).join(Holding.user).where(User.username == cast.UNIT_ADMIN)).one()
        self._keep("holding", "of units himself", mine)
        self._keep("post", "of units himself", mine.post)
        for kind, model in (
            ("source", SourceDocument),
            ("profile", ClarityProfile),
            ("indicator", Indicator),
            ("audit", AuditEntry),
            ("job", Job),
            ("group", Group),
        ):
            self._keep(kind, "any", self.session.scalars(select(model).limit(1)).one())
        who, (own, parent, foreign) = (self.session, self._admin()), map(self._unit, ("own", "parent", "foreign"))
        given = (*signing(*who, own, parent), *certified(*who, parent, foreign))
        for kind, name, row in (*given, signed(self.session, self.world["document"])):
            self._keep(kind, name, row)
        self._definitions()
        self._keep("user", "any", self.province.user(cast.CLERK))
        self._keep("role", "any", self._role("Clerk"))

    def _definitions(self) -> None:
        designer = self.province.actor(cast.DESIGNER)
        draft = begin_new(self.session, designer, "chain", "of-our-own", beginning("chain", "of-our-own", OWN_NAME))
        asked = begin_new(self.session, designer, "chain", "asked-for", beginning("chain", "asked-for", OWN_NAME))
        propose(self.session, designer, asked, asked.edition, "Quy trình mới")
        shipped = current(self.session, "form", "monthly-report")
        for name, row in (("shipped", shipped), ("draft", draft), ("proposed", asked)):
            more = {"kind": row.kind, "key": row.key, "number": row.version, "edition": row.edition}
            self.world.setdefault("definition", {})[name] = Thing(row.id, more=more)
        self.world["process"] = {"registration list": Thing(0, more={"key": "registration-list"})}
        self.world["late list"] = {"of tasks": Thing(0, more={"kind": "overdue-tasks", "key": "all"})}
        self._templates(designer)

    def _templates(self, designer: Actor) -> None:
        """A template and the draft of its next version, both printed with made-up data, and one that was not yet."""
        draft = begin(self.session, designer, "document", "provincial-report")
        shipped = current(self.session, "document", "provincial-report")
        trial = TrialPrint(sha256=shipped.sha256, renderer=drawer({}), state="ready", page_count=1)
        self.session.add(trial)
        self.session.flush()
        self.session.add(TrialPage(trial_id=trial.id, number=1, width=1, height=1, jpeg=b"JPEG"))
        body = renamed("document", shipped.body, "not-printed-yet", OWN_NAME)
        unprinted = begin_new(self.session, designer, "document", "not-printed-yet", body)
        rows = (("template", "shipped", shipped), ("template", "draft", draft), ("unprinted", "draft", unprinted))
        for kind, name, row in rows:
            self.world.setdefault(kind, {})[name] = Thing(row.id, more={"key": row.key, "number": row.version})

    def _keep(self, kind: str, name: str, row: Any) -> None:
        self.world.setdefault(kind, {})[name] = Thing(row.id)
