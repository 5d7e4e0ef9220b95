"""Loads the demonstration province, whole or not at all, into a database that is still empty."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml
from flask_appbuilder.security.sqla.models import PermissionView, Role, User
from sqlalchemy import delete, select
from werkzeug.security import generate_password_hash

from portal import audit
from portal.documents.authorities import settle_authority
from portal.documents.models import SigningAuthority
from portal.jobs import Job
from portal.security import VIETNAM, Actor
from portal.tasks.models import ClarityProfile, SourceDocument, Task
from portal.tasks.service import (
    OVERSEE,
    WORK,
    assign,
    complete,
    note_progress,
    settle_profile,
    settle_source,
    settle_task,
)
from portal.units.headers import settle_header
from portal.units.models import Holding, Post, Unit, UnitHeader
from portal.units.service import SEATS_CHANGED, reach, settle_holding, settle_post, settle_unit
from workflows.errors import Refusal

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

DATA = Path(__file__).resolve().parent / "gia-lai-2024"
EMAIL_DOMAIN = "gialai.example"
OFFICE_OPENS = time(8, 0)
"""The hour at which the demonstration's past actions happened."""


def load(session: Session, password: str, on: date) -> dict[str, int]:
    """Load the province, its cast and its tasks.

    Args:
        session: the caller's transaction; nothing is committed here, and nothing stays in it after an error.
        password: the one password of every member of the cast.
        on: the day of loading, from which the relative dates of the data count.

    Returns:
        how many rows of each kind were written.

    Raises:
        Refusal: `not_empty`, the database already has units, people or tasks; `no_such_role`, a role of the cast has
            not been written yet.
    """
    _refuse_full(session)
    with session.begin_nested(), session.no_autoflush:
        loader = _Loader(session, on)
        counts = loader.load(generate_password_hash(password))
        audit.record(session, actor="system", action="demo_loaded", kind="demo", key=DATA.name, details=counts)
        session.flush()
        session.execute(delete(Job).where(Job.kind == SEATS_CHANGED))  # nothing waits for anybody yet
    return counts


def _refuse_full(session: Session) -> None:
    for model in (Unit, User, Task):
        if session.scalar(select(model.id).limit(1)) is not None:
            raise Refusal("not_empty", {"table": model.__tablename__})


def _read(name: str) -> dict[str, Any]:
    content: dict[str, Any] = yaml.safe_load((DATA / f"{name}.yaml").read_text(encoding="utf-8"))
    return content


class _Loader:
    """One load: what was written so far, by the names that the data uses."""

    def __init__(self, session: Session, on: date) -> None:
        self.session = session
        self.on = on
        pairs = frozenset(
            (each.permission.name, each.view_menu.name) for each in session.scalars(select(PermissionView))
        )
        self.actor = Actor(user_id=0, username="system", full_name="", permissions=pairs | {OVERSEE})
        self.roles = {role.name: role for role in session.scalars(select(Role))}
        self.units: dict[str, Unit] = {}
        self.posts: dict[str, Post] = {}
        self.people: dict[str, User] = {}
        self.profiles: dict[str, ClarityProfile] = {}
        self.sources: dict[str, SourceDocument] = {}
        kinds = ("units", "posts", "people", "holdings", "headers", "authorities", "profiles", "sources", "tasks")
        self.counts = dict.fromkeys(kinds, 0)

    def load(self, password_hash: str) -> dict[str, int]:
        self._load_units(**_read("units"))
        self._load_posts(**_read("posts"))
        self._load_people(password_hash, **_read("people"))
        self._load_signing(**_read("signing"))
        tasks = _read("tasks")
        self._load_reference(tasks["profiles"], tasks["sources"])
        for facts in tasks["tasks"]:
            self._load_task(**facts)
        return self.counts

    def _keep(self, kind: str, item: Any) -> None:
        self.session.add(item)
        self.session.flush()
        self.counts[kind] += 1

    def _role(self, name: str | None) -> Role | None:
        if name is not None and name not in self.roles:
            raise Refusal("no_such_role", {"role": name})
        return self.roles[name] if name else None

    def _load_units(self, valid_from: date, units: list[dict[str, Any]]) -> None:
        for facts in units:
            parent, seal = (self.units.get(facts.pop(relation, "")) for relation in ("parent", "seal_unit"))
            unit = Unit(**{"valid_from": valid_from, **facts}, parent=parent, seal_unit=seal)
            settle_unit(self.session, self.actor, unit)
            self._keep("units", unit)
            self.units[unit.code] = unit

    def _load_posts(self, valid_from: date, posts: list[dict[str, Any]]) -> None:
        for facts in posts:
            unit, role = self.units[facts.pop("unit")], self._role(facts.pop("role", None))
            post = Post(**{"valid_from": valid_from, **facts}, unit=unit, role=role)
            settle_post(self.session, self.actor, post)
            self._keep("posts", post)
            self.posts[f"{unit.code}/{post.code}"] = post

    def _load_people(self, password_hash: str, valid_from: date, people: list[dict[str, Any]]) -> None:
        for facts in people:
            user = User(
                username=facts["username"],
                first_name=facts["family"],
                last_name=facts["given"],
                email=f"{facts['username']}@{EMAIL_DOMAIN}",
                password=password_hash,
                active=True,
                roles=[self._role(name) for name in facts.get("roles", ())],
            )
            self._keep("people", user)
            self.people[user.username] = user
            for seat in facts.get("seats", ()):
                self._seat(user, valid_from, **seat)

    def _seat(self, user: User, valid_from: date, post: str, rank: str | None = None) -> None:
        holding = Holding(user=user, post=self.posts[post], rank=rank, valid_from=valid_from)
        settle_holding(self.session, self.actor, holding)
        self._keep("holdings", holding)

    def _load_signing(self, headers: list[dict[str, Any]], authorities: list[dict[str, Any]]) -> None:
        for facts in headers:
            header = UnitHeader(unit=self.units[facts.pop("unit")], **facts)
            settle_header(self.session, self.actor, header)
            self._keep("headers", header)
        for facts in authorities:
            posts = {name: self.posts[facts.pop(name)] for name in ("source_post", "signer_post")}
            given = SigningAuthority(issuer=self.units[facts.pop("issuer")], **posts, **facts)
            settle_authority(self.session, self.actor, given)
            self._keep("authorities", given)

    def _load_reference(self, profiles: list[dict[str, Any]], sources: list[dict[str, Any]]) -> None:
        for facts in profiles:
            profile = self.profiles[facts["code"]] = ClarityProfile(**facts)
            settle_profile(self.session, self.actor, profile)
            self._keep("profiles", profile)
        for facts in sources:
            source = self.sources[facts["symbol"]] = SourceDocument(**facts)
            settle_source(self.session, self.actor, source)
            self._keep("sources", source)

    def _load_task(
        self,
        deadline: dict[str, Any],
        assigned_on: date | int | None = None,
        notes: list[dict[str, Any]] | None = None,
        completed: dict[str, Any] | None = None,
        **facts: Any,
    ) -> None:
        task = self._draft(deadline, **facts)
        if assigned_on is not None:
            assign(self.session, self.actor, task.id, version=task.version, at=self._moment(assigned_on))
        for note in notes or ():
            at = self._moment(note["day"])
            note_progress(self.session, self._as(note["by"]), task.id, version=task.version, text=note["text"], at=at)
        if completed:
            who, at = self._as(completed["by"]), self._moment(completed["day"])
            evidence = completed["evidence"]
            complete(self.session, who, task.id, version=task.version, evidence=evidence, at=at)

    def _draft(self, deadline: dict[str, Any], **facts: Any) -> Task:
        day = deadline.get("day")
        task = Task(
            profile=self.profiles[facts.pop("profile")],
            source=self.sources[facts.pop("source")],
            lead_unit=self.units[facts.pop("lead")],
            leader=self.people[facts.pop("leader")],
            officer=self.people[facts.pop("officer")],
            cooperating=[self.units[code] for code in facts.pop("cooperating", ())],
            starts_on=self._day(facts.pop("starts_on")),
            deadline_kind=deadline["kind"],
            deadline_on=None if day is None else self._day(day),
            **facts,
        )
        settle_task(self.session, self.actor, task)
        self._keep("tasks", task)
        return task

    def _as(self, username: str) -> Actor:
        """A member of the cast at work on the tasks of his units."""
        user = self.people[username]
        seats = select(Post.unit_id).join(Holding, Holding.post_id == Post.id).where(Holding.user_id == user.id)
        own = frozenset(self.session.scalars(seats))
        return Actor(
            user_id=user.id,
            username=username,
            full_name=user.get_full_name(),
            own_units=own,
            reach=reach(self.session, own),
            permissions=frozenset({WORK}),
        )

    def _day(self, day: date | int) -> date:
        return self.on + timedelta(days=day) if isinstance(day, int) else day

    def _moment(self, day: date | int) -> datetime:
        return datetime.combine(self._day(day), OFFICE_OPENS, VIETNAM).astimezone(UTC)
