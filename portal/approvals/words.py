"""What a case says to its readers: names for keys, sentences for refusals, and its history as a story."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import singledispatch
from typing import TYPE_CHECKING

from babel.lists import format_list
from flask_appbuilder.security.sqla.models import User
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from portal.refusals import say, sentence
from portal.units.models import Post, Unit
from portal.words import label, reader_language
from workflows.definition import DRAFTER
from workflows.errors import Refusal
from workflows.events import (
    CaseApproved,
    CaseRecalled,
    CaseSubmitted,
    DocumentDue,
    Event,
    ItemDecided,
    ItemOpened,
    StageEntered,
    StageSkipped,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import datetime
    from typing import Any

    from sqlalchemy.orm import Session

    from workflows.case import Case
    from workflows.definition import Chain

STATUSES: Mapping[str, Any] = {
    "draft": _l("Draft"),
    "in_review": _l("Under review"),
    "returned": _l("Returned to the drafter"),
    "recalled": _l("Recalled by the drafter"),
    "approved": _l("Approved"),
    "rejected": _l("Rejected"),
}
"""What people call the states of a case."""

STATUS_TONES: Mapping[str, str] = {
    "in_review": "info",
    "returned": "note",
    "recalled": "note",
    "approved": "good",
    "rejected": "bad",
}
"""How the badge of a state is coloured."""

ACTIONS: Mapping[str, Any] = {
    "submit": _l("Submit"),
    "approve": _l("Approve"),
    "return": _l("Return"),
    "reject": _l("Reject"),
    "recall": _l("Recall"),
}
"""What people call the actions on a case."""

say(
    {
        "finished": _l(
            "This is over (%(status)s), so nothing more can be decided on it, and its content stays as it is."
        ),
        "already_submitted": _l(
            "This has been submitted and is under review. To change it, recall it, or ask a reviewer to return it."
        ),
        "not_submitted": _l(
            "This is not under review now (%(status)s). It can be decided on or recalled after it is submitted."
        ),
        "not_initiator": _l(
            "Only %(initiator)s, who began this, may submit or recall it. Ask %(initiator)s if it should be done."
        ),
        "decided_in_round": _l(
            "%(person)s has already decided on this (%(stage)s, %(step)s), so it can no longer be recalled. "
            "Ask a reviewer to return it to you."
        ),
        "own_draft": _l(
            "You took part in drafting this, and nobody decides on his own draft. Another reviewer has to decide."
        ),
        "decided_in_stage": _l(
            "You have already decided in this stage (%(stage)s), and everyone decides in it once. "
            "Another reviewer has to do the rest."
        ),
        "not_your_item": _l("The present stage (%(stage)s) waits for %(people)s. If it is urgent, ask them to decide."),
        "already_decided": _l(
            "%(person)s has already decided for this step (%(step)s). You need not do anything more here."
        ),
        "post_not_held": _l(
            "This was given to you as %(post)s (%(unit)s), and you no longer hold that post. "
            "Ask your unit administrator who decides now."
        ),
        "action_not_offered": _l("This step (%(step)s) does not offer that. You may choose: %(offered)s."),
        "reason_required": _l("A reason is needed here. Write what must change and why, then send again."),
        "bad_target": _l("It cannot go back to “%(to)s” from here. You may choose: %(targets)s."),
        "needed_elsewhere": _l(
            "Only you can take another step of this stage: %(steps)s. Decide that one; others can take “%(step)s”."
        ),
        "nobody_eligible": _l(
            "Nobody can take the step “%(step)s” in the stage “%(stage)s”: it needs %(needed)s people who took no part "
            "in drafting, and there are %(found)s. Ask your unit administrator to fill the post, then send it again."
        ),
        "no_stage_applies": _l(
            "No stage of the approval chain applies to this, so nobody would have approved it. "
            "Ask the administrator of the portal to check the conditions of the chain."
        ),
    }
)


def listed(words: Sequence[str]) -> str:
    """Several words in one phrase of the reader's language: "A, B và C"."""
    return format_list(words, locale=reader_language())


@dataclass(frozen=True)
class Names:
    """What the keys in a case mean to its reader.

    Attributes:
        chain: names its stages and steps.
        people: full name by account key.
        posts: title by post key.
        units: name by unit key.
    """

    chain: Chain
    people: Mapping[str, str] = field(default_factory=dict)
    posts: Mapping[str, str] = field(default_factory=dict)
    units: Mapping[str, str] = field(default_factory=dict)

    def person(self, key: object) -> str:
        """A person's full name."""
        return self.people.get(str(key)) or gettext("a former user")

    def persons(self, keys: Iterable[object]) -> str:
        """Several full names in one phrase."""
        return listed([self.person(key) for key in keys])

    def stage(self, key: object) -> str:
        """A stage's name."""
        known = {stage.key: stage for stage in self.chain.stages}
        return label(known[str(key)].name) if str(key) in known else str(key)

    def step(self, stage: object, key: object) -> str:
        """A step's name; its key is only known together with its stage."""
        known = {(each.key, step.key): step for each in self.chain.stages for step in each.steps}
        found = known.get((str(stage), str(key)))
        return label(found.name) if found else str(key)

    def target(self, key: object) -> str:
        """Where a case may be returned to."""
        return gettext("the drafter") if key == DRAFTER else self.stage(key)


def names_of(session: Session, case: Case) -> Names:
    """Everybody and everything that a case mentions, in two queries whatever its length.

    Args:
        session: any transaction.
        case: as replayed.
    """
    mentioned = {case.initiator, *case.drafters, *(event.by for event in case.events)}
    people = _keys(mentioned | {item.person for item in case.items})
    titles = (Post.title_en, Unit.name_en) if reader_language() == "en" else (Post.title_vi, Unit.name_vi)
    seats = select(Post.id, Unit.id, *titles).join(Unit, Unit.id == Post.unit_id)
    found = session.execute(seats.where(Post.id.in_(_keys(item.post for item in case.items)))).all()
    return Names(
        chain=case.chain,
        people={
            str(user.id): user.get_full_name() for user in session.scalars(select(User).where(User.id.in_(people)))
        },
        posts={str(post): title for post, _, title, _ in found},
        units={str(unit): name for _, unit, _, name in found},
    )


def _keys(texts: Iterable[str]) -> list[int]:
    return sorted({int(text) for text in texts if text.isdigit()})


def explain(refusal: Refusal, names: Names, stage: str | None = None) -> str:
    """The sentence for a refusal of the engine, with names for its keys.

    Args:
        refusal: as `workflows.engine.act` raised it; any other refusal is said as it is.
        names: of the case it is about, or `Names(chain)` before there is one.
        stage: the present stage, in which step keys are looked up when the refusal names none.
    """
    stage = str(refusal.params.get("stage") or stage or "")
    return sentence(Refusal(refusal.code, {key: _word(names, stage, key, it) for key, it in refusal.params.items()}))


def _word(names: Names, stage: str, key: str, value: Any) -> object:
    readers: Mapping[str, Callable[[Any], object]] = {
        "person": names.person,
        "initiator": names.person,
        "people": names.persons,
        "stage": names.stage,
        "step": lambda step: names.step(stage, step),
        "steps": lambda steps: listed([names.step(stage, step) for step in steps]),
        "post": lambda post: names.posts.get(post, post),
        "unit": lambda unit: names.units.get(unit, unit),
        "status": lambda status: STATUSES.get(status, status),
        "offered": lambda actions: listed([str(ACTIONS[action]) for action in actions]),
        "to": names.target,
        "targets": lambda targets: listed([names.target(target) for target in targets]),
    }
    is_key = not isinstance(value, dict)  # a name in each language says itself
    return readers[key](value) if key in readers and is_key else value


# -- the history as a story ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Told:
    """One line of a case's history.

    Attributes:
        at: when.
        words: what happened.
        reason: what the person who did it wrote, possibly empty.
        kind: the kind of event, or for a decision its verdict.
        version: the case version that the action made.
    """

    at: datetime
    words: str
    reason: str
    kind: str
    version: int

    @property
    def tone(self) -> str:
        """How the line is marked in the history."""
        return STORY_TONES.get(self.kind, "")


STORY_TONES: Mapping[str, str] = {
    "approve": "good",
    "case_approved": "good",
    "document_due": "good",
    "return": "note",
    "case_recalled": "note",
    "reject": "bad",
    "case_submitted": "info",
}
"""How a line of the history is marked, by its kind."""


def story(events: Sequence[Event], names: Names) -> list[Told]:
    """What happened, as people tell it, oldest first; the engine's bookkeeping is left out.

    Args:
        events: of one case, in order.
        names: of that case.
    """
    lines = []
    for number, event in enumerate(events):
        words = tell(event, names)
        if isinstance(event, StageEntered):
            people = names.persons(_asked(events[number + 1 :], event.version))
            words = gettext("It went to “%(stage)s”, to %(people)s.", stage=names.stage(event.stage), people=people)
        if words is not None:
            kind = event.verdict if isinstance(event, ItemDecided) else event.kind
            lines.append(Told(event.at, words, getattr(event, "reason", ""), kind, event.version))
    return lines


def _asked(following: Sequence[Event], version: int) -> list[str]:
    """Who got a work item in a stage that was just entered: its items are opened directly after it."""
    people: dict[str, None] = {}
    for event in following:
        if not isinstance(event, ItemOpened) or event.version != version:
            break
        people[event.person] = None
    return list(people)


@singledispatch
def tell(event: Event, names: Names) -> str | None:
    """One event as a sentence; None for bookkeeping that another event of the same action already tells."""
    del event, names
    return None


@tell.register
def _(event: CaseSubmitted, names: Names) -> str:
    return str(gettext("%(person)s submitted it, round %(round)s.", person=names.person(event.by), round=event.round))


@tell.register
def _(event: StageEntered, names: Names) -> str:
    return str(gettext("It went to “%(stage)s”.", stage=names.stage(event.stage)))


@tell.register
def _(event: StageSkipped, names: Names) -> str:
    return str(gettext("“%(stage)s” was skipped, for its condition does not hold.", stage=names.stage(event.stage)))


@tell.register
def _(event: ItemDecided, names: Names) -> str:
    person = names.person(event.by)
    if event.verdict == "approve":
        return str(gettext("%(person)s approved it.", person=person))
    if event.verdict == "reject":
        return str(gettext("%(person)s rejected it.", person=person))
    return str(gettext("%(person)s returned it to %(target)s.", person=person, target=names.target(event.returned_to)))


@tell.register
def _(event: DocumentDue, names: Names) -> str:
    return str(gettext("The document was issued; %(person)s signs it.", person=names.person(event.signer)))


@tell.register
def _(event: CaseRecalled, names: Names) -> str:
    return str(gettext("%(person)s recalled it.", person=names.person(event.by)))


@tell.register
def _(event: CaseApproved, names: Names) -> str:
    del event, names
    return str(gettext("It has passed every stage and is approved."))
