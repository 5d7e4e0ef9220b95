"""What the demo needs to urge units that are late: the processes of the gallery for it, and an officer who writes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_appbuilder.security.sqla.models import Role, User
from sqlalchemy import select

from portal.definitions.gallery import process_of
from portal.definitions.models import KINDS
from portal.definitions.publishing import publish
from portal.demo.system import system_actor
from portal.units.models import Holding, Post, Unit
from portal.units.service import settle_holding, settle_post

if TYPE_CHECKING:
    from datetime import date

    from sqlalchemy.orm import Session

PROCESSES = ("urging-letter", "urging-notice")
WRITER, COLLEAGUE = "police.writer", "police"
"""Who writes for the police, and whose password he has."""


def let_urge(session: Session, on: date) -> User:
    """Put the processes in force and seat an officer in PC06 who writes its letters.

    Args:
        session: the caller's transaction, with the province loaded.
        on: his first day.

    Returns:
        the officer.
    """
    for key in PROCESSES:
        process = process_of(key)
        bodies = process.bodies if process else {}
        for kind in (each for each in KINDS if each in bodies):
            publish(session, actor="system", kind=kind, key=key, body=bodies[kind])
    return _seat(session, on)


def _seat(session: Session, on: date) -> User:
    """An officer who writes by his post and sees every unit's tasks, as his colleagues do."""
    roles = {role.name: role for role in session.scalars(select(Role))}
    colleague = session.scalars(select(User).where(User.username == COLLEAGUE)).one()
    user = User(
        username=WRITER,
        first_name="Lê Thị",
        last_name="Thu",
        email=colleague.email.replace(COLLEAGUE, WRITER),
        password=colleague.password,
        active=True,
        roles=[roles["Police reviewer"]],
    )
    session.add(user)
    session.flush()
    unit = session.scalars(select(Unit).where(Unit.code == "PC06")).one()
    title = {"title_vi": "Cán bộ tổng hợp", "title_en": "Officer who compiles"}
    post = Post(unit=unit, code="th", kind="officer", role=roles["Clerk"], valid_from=on, **title)
    settle_post(session, system_actor(session), post)
    session.add(post)
    session.flush()
    holding = Holding(user=user, post=post, rank="Thượng úy", valid_from=on)
    settle_holding(session, system_actor(session), holding)
    session.add(holding)
    session.flush()
    return user
