"""Trial prints of templates: owed once for each body, made by the worker in confined children, soon forgotten."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import timedelta
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, delete, func, or_, select, update

from portal import drawing, jobs
from portal.confined import Budget, ChildFailed
from portal.db import insert_into, reading, utc_now
from portal.definitions.answers import asked_by_all, named_in
from portal.definitions.checks import check
from portal.definitions.models import DRAFT, Definition
from portal.documents.faults import PLACE
from portal.documents.job import RENDER_CODES, Limits, RenderJob
from portal.documents.models import NONE, READY, WAITING
from portal.documents.rendering import render
from portal.documents.rules import DecreeError
from portal.documents.sample import sample_data
from portal.documents.trial_models import TrialPage, TrialPrint
from portal.previews import drawn
from workflows.errors import DefinitionError, Refusal
from workflows.forms import canonical_json, content_hash

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session

    from portal.documents.press import Press
    from portal.documents.rendering import RenderResult
    from portal.drawing import Picture

TRIAL = "print_trial"
"""The kind of job that makes a trial print."""

KEPT_FOR = timedelta(days=1)
MOST_KEPT, MOST_WAITING = 100, 10
"""Trial prints of drafts: some are three pages of a quarter of a megabyte each, and a worker makes two in a second."""

CPU_SECONDS, WALL_SECONDS, PAGES, HTML_LETTERS = 5, 15, 50, 1_000_000
"""What a trial may use, where the limits of documents do not say less; documents wait meanwhile."""

OVERTAKEN, UNSOUND = "overtaken", "unsound"
"""The text was changed before it was printed; it can no longer be published as it is."""

REASONS = RENDER_CODES | drawing.DRAW_CODES | {OVERTAKEN, UNSOUND}
"""Every reason for which there is none, besides the codes of `DecreeError`."""

LONGEST_DETAIL = 300
RENDERER = 8
"""How many letters tell one renderer from another, and as many the answers that it prints."""

LIBRARIES = ("Jinja2", "WeasyPrint", "pydyf", "pypdfium2", "pillow")


@cache
def renderer() -> str:
    """What draws trial prints here: another release of the portal or of its libraries is another renderer."""
    sources = [*sorted(Path(__file__).parent.glob("*.py")), Path(str(drawing.__file__))]
    digest = hashlib.sha256(" ".join(f"{each} {version(each)}" for each in LIBRARIES).encode())
    for path in sources:
        digest.update(path.read_bytes())
    return digest.hexdigest()[:RENDERER]


def asked_in(session: Session, body: Any) -> dict[str, str]:
    """The questions whose answers a template prints by name, with what they ask, but those that a form does not ask.

    Args:
        session: any transaction.
        body: of the template, however wrong.
    """
    if not (named := {each.name for each in named_in(body)}):
        return {}
    asked = asked_by_all(session, body["metadata"]["key"])
    return {name: _asked_words(asked[name]) for name in sorted(named & asked.keys())}


def _asked_words(field: Mapping[str, Any]) -> str:
    """What a question asks, in the language of documents."""
    said = field.get("label")
    return str(said["vi"]) if isinstance(said, dict) and said.get("vi") else str(field["name"])


def drawer(asked: Mapping[str, str]) -> str:
    """What draws trial prints with these answers in them: others, or none, are drawn anew.

    Args:
        asked: as from `asked_in`.
    """
    return f"{renderer()}{hashlib.sha256(canonical_json(dict(asked)).encode()).hexdigest()[:RENDERER]}"


def found(session: Session, body: Any) -> TrialPrint | None:
    """The trial print of a body; None while nobody asked for it.

    Args:
        session: any transaction.
        body: of a template, however wrong.
    """
    drawn_by = drawer(asked_in(session, body))
    mine = (TrialPrint.sha256 == content_hash(body), TrialPrint.renderer == drawn_by)
    return session.scalar(select(TrialPrint).where(*mine))


def page_of(trial: TrialPrint | None, number: int) -> TrialPage:
    """A page of a trial print.

    Raises:
        Refusal: `not_found`, there is no such page, or none yet.
    """
    for page in trial.pages if trial else ():
        if page.number == number:
            return page
    raise Refusal("not_found")


def ask(session: Session, template: Definition) -> TrialPrint:
    """Owe the trial print of a template, unless its body has or awaits one already.

    Args:
        session: the transaction; the caller commits.
        template: a version or a draft.

    Raises:
        Refusal: `unsound_template`, it could not be published as it is; `trials_wait`, too many wait already.
    """
    refuse_unsound(template)
    forget_old(session)
    known = found(session, template.body)
    if known is None or known.state == NONE:
        _refuse_too_many(session)
        trial_id = _begun(session, template) if known is None else _begun_again(session, known)
        if trial_id is not None:
            jobs.enqueue(session, TRIAL, trial_id=trial_id)
    asked = found(session, template.body)
    assert asked is not None
    return asked


def refuse_unsound(template: Definition) -> None:
    """See that a template has the shape of one.

    Raises:
        Refusal: `unsound_template`.
    """
    try:
        check("document", template.key, template.body)
    except DefinitionError as error:
        raise Refusal("unsound_template") from error


def _refuse_too_many(session: Session) -> None:
    waiting = select(func.count()).select_from(TrialPrint).where(TrialPrint.state == WAITING)
    if (session.scalar(waiting) or 0) >= MOST_WAITING:
        raise Refusal("trials_wait")


def _begun(session: Session, template: Definition) -> int | None:
    """A new row; None where somebody else was faster."""
    body = {"sha256": template.sha256, "renderer": drawer(asked_in(session, template.body))}
    row = insert_into(session, TrialPrint).values(**body, state=WAITING, details={}, asked_at=utc_now())
    number: int | None = session.scalar(row.on_conflict_do_nothing().returning(TrialPrint.id))
    return number


def _begun_again(session: Session, known: TrialPrint) -> int | None:
    """The row of one that came to nothing, waiting once more; None where somebody else was faster."""
    anew = update(TrialPrint).where(TrialPrint.id == known.id, TrialPrint.state == NONE)
    waiting = anew.values(state=WAITING, reason=None, details={}, asked_at=utc_now())
    return session.scalar(waiting.returning(TrialPrint.id))


def forget_old(session: Session) -> None:
    """Take away trial prints that nobody needs: after a day, and beyond the newest hundred.

    Those of published versions stay while this release is in use; there are few of them, and they are looked at again.

    Args:
        session: the transaction; the caller commits.
    """
    published = select(Definition.sha256).where(Definition.kind == "document", Definition.status != DRAFT)
    stays = and_(TrialPrint.sha256.in_(published), TrialPrint.renderer.startswith(renderer()))
    newest = select(TrialPrint.id).where(~stays).order_by(TrialPrint.id.desc()).limit(MOST_KEPT)
    old = or_(TrialPrint.asked_at <= utc_now() - KEPT_FOR, TrialPrint.id.not_in(newest))
    _remove(session, and_(~stays, old))


def _remove(session: Session, which: ColumnElement[bool]) -> None:
    gone = list(session.scalars(select(TrialPrint.id).where(which)))
    if gone:
        session.execute(delete(TrialPage).where(TrialPage.trial_id.in_(gone)))
        session.execute(delete(TrialPrint).where(TrialPrint.id.in_(gone)))


# -- the job ---------------------------------------------------------------------------------------------------


def job_of(body: Mapping[str, Any], limits: Limits, asked: Mapping[str, str] | None = None) -> RenderJob:
    """What the render child needs for the trial print of a sound body.

    Args:
        body: of the template.
        limits: what it may use.
        asked: as from `asked_in`.

    Raises:
        DecreeError: no document of this template could be issued.
    """
    return RenderJob(
        template=body["template"],
        data=sample_data(body["metadata"], asked),
        blocks=body["blocks"],
        styles=(*body["block_styles"], body["style"]),
        limits=limits,
        is_trial=True,
    )


class TrialPrinter:
    """Makes trial prints within limits, tighter than those of documents.

    Attributes:
        limits: what one may use.
        press: of the printer of documents, so that it is warm already.
    """

    def __init__(self, limits: Limits, press: Press) -> None:
        self.limits = replace(
            limits,
            wall_seconds=min(limits.wall_seconds, WALL_SECONDS),
            cpu_seconds=min(limits.cpu_seconds, CPU_SECONDS),
            pages=min(limits.pages, PAGES),
            html_letters=min(limits.html_letters, HTML_LETTERS),
        )
        self.press = press

    def print_trial(self, session: Session, payload: dict[str, Any]) -> None:
        """Do the job; what is not waiting is left alone. Whatever fails is the answer: people ask again."""
        with reading(session):
            trial = session.get(TrialPrint, payload["trial_id"])
            awaited = trial is not None and trial.state == WAITING
            template = _with_body(session, trial.sha256) if trial and awaited else None
            key, body = (template.key, template.body) if template else ("", None)
            asked = asked_in(session, body)
            if trial is not None and trial.renderer != drawer(asked):  # a form was changed meanwhile
                body = None
        if not awaited:
            return
        try:
            result, pictures = self._made(key, body, asked)
        except ChildFailed as failed:
            _settle_without(session, payload, failed.code, _said(failed.detail))
        except DecreeError as error:
            _settle_without(session, payload, error.code, dict(error.params))
        else:
            _settle(session, payload, result, pictures)

    def _made(
        self, key: str, body: dict[str, Any] | None, asked: Mapping[str, str]
    ) -> tuple[RenderResult, list[Picture]]:
        if body is None:
            raise ChildFailed(OVERTAKEN)
        try:
            check("document", key, body)
        except DefinitionError as error:
            raise ChildFailed(UNSOUND) from error
        result = render(job_of(body, self.limits, asked), self.press)
        budget = Budget(self.limits.wall_seconds, self.limits.cpu_seconds, self.limits.memory_bytes)
        pictures, _count = drawn("pdf", result.pdf, budget)
        return result, pictures

    @staticmethod
    def give_up(session: Session, payload: dict[str, Any], error: str) -> None:
        """Say that there is none, when no worker survived it."""
        del error
        _settle_without(session, payload, "crashed", {})


def _with_body(session: Session, sha256: str) -> Definition | None:
    """A version or draft that says what was to be printed; None when the draft was changed meanwhile."""
    mine = (Definition.kind == "document", Definition.sha256 == sha256)
    return session.scalar(select(Definition).where(*mine).order_by(Definition.id).limit(1))


def _said(detail: str) -> dict[str, Any]:
    """What a failure says, and where: template and line, for those that arise in one."""
    place = PLACE.fullmatch(detail)
    if place is None:
        return {"words": detail[:LONGEST_DETAIL]}
    return {**place.groupdict(), "line": int(place["line"]), "words": place["words"][:LONGEST_DETAIL]}


def _still_waiting(session: Session, payload: dict[str, Any]) -> TrialPrint | None:
    """The row, held until the transaction ends; None when it is gone or another worker was faster."""
    trial = session.get(TrialPrint, payload["trial_id"], with_for_update=True)
    return trial if trial is not None and trial.state == WAITING else None


def _settle(session: Session, payload: dict[str, Any], result: RenderResult, pictures: list[Picture]) -> None:
    if trial := _still_waiting(session, payload):
        for number, each in enumerate(pictures, start=1):
            size = {"width": each.width, "height": each.height}
            session.add(TrialPage(trial_id=trial.id, number=number, jpeg=each.jpeg, **size))
        trial.state, trial.page_count = READY, result.pages
        trial.details = {"missing": [each._asdict() for each in result.missing]}


def _settle_without(session: Session, payload: dict[str, Any], code: str, details: dict[str, Any]) -> None:
    if trial := _still_waiting(session, payload):
        trial.state, trial.reason, trial.details = NONE, code, details
