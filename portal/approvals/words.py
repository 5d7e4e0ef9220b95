"""What a case says to its readers: words for states and actions, names for keys, and why something is refused."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from babel.lists import format_list
from flask_appbuilder.security.sqla.models import User
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from portal.approvals import why_not
from portal.approvals.recording import SUBJECTS
from portal.data import read_key
from portal.definitions.models import Definition
from portal.refusals import say, sentence
from portal.units.models import Post, Unit
from portal.words import label, reader_language
from workflows.definition import DRAFTER
from workflows.errors import Refusal
from workflows.event import SYSTEM

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from typing import Any

    from sqlalchemy.orm import Session

    from portal.approvals.recording import Folder
    from workflows.case import Case, Item
    from workflows.definition import Chain
    from workflows.engine import Candidate

STATUSES: Mapping[str, Any] = {
    "draft": _l("Draft"),
    "in_review": _l("Under review"),
    "suspended": _l("Suspended"),
    "returned": _l("Returned to the drafter"),
    "recalled": _l("Recalled by the drafter"),
    "approved": _l("Approved"),
    "rejected": _l("Rejected"),
    "withdrawn": _l("Withdrawn"),
    "cancelled": _l("Cancelled"),
}
"""What people call the states of a case."""

STATUS_TONES: Mapping[str, str] = {
    "in_review": "info",
    "suspended": "note",
    "returned": "note",
    "recalled": "note",
    "approved": "good",
    "rejected": "bad",
    "cancelled": "bad",
}
"""How the badge of a state is coloured."""

ACTIONS: Mapping[str, Any] = {
    "submit": _l("Submit"),
    "recall": _l("Recall"),
    "request_recall": _l("Ask to have it back"),
    "withdraw": _l("Withdraw"),
    "accept": _l("Take in hand"),
    "claim": _l("Take it myself"),
    "release": _l("Give it back to all"),
    "approve": _l("Approve"),
    "return": _l("Return"),
    "reject": _l("Reject"),
    "advise": _l("Give an opinion"),
    "approve_in_emergency": _l("Approve in an emergency"),
    "delegate": _l("Delegate to a colleague"),
    "add_reviewer": _l("Add a reviewer"),
    "ask_opinion": _l("Ask for an opinion"),
    "suspend": _l("Suspend"),
    "resume": _l("Resume"),
    "reassign": _l("Reassign"),
    "cancel": _l("Cancel it"),
    "reopen": _l("Reopen"),
}
"""What people call the actions on a case."""


say(why_not.SENTENCES)


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
        facts: what guards ask for, by its name.
        places: what comments are about, by its anchor.
        sections: name by the key of a section of the content.
        chains: the versions of the chain that the case runs or ran on, by their keys, where it was moved to another
            one; they name what the present one does not have.
        versions: the numbers of these versions.
    """

    chain: Chain
    people: Mapping[str, str] = field(default_factory=dict)
    posts: Mapping[str, str] = field(default_factory=dict)
    units: Mapping[str, str] = field(default_factory=dict)
    facts: Mapping[str, str] = field(default_factory=dict)
    places: Mapping[str, str] = field(default_factory=dict)
    sections: Mapping[str, str] = field(default_factory=dict)
    chains: Mapping[str, Chain] = field(default_factory=dict)
    versions: Mapping[str, str] = field(default_factory=dict)

    def person(self, key: object) -> str:
        """A person's full name; whose action it is when nobody acts is the portal's."""
        return str(gettext("the portal")) if key == SYSTEM else self.people.get(str(key)) or gettext("a former user")

    def persons(self, keys: Iterable[object]) -> str:
        """Several full names in one phrase."""
        return listed([self.person(key) for key in keys])

    def stage(self, key: object) -> str:
        """A stage's name."""
        found = (
            stage for chain in (self.chain, *self.chains.values()) for stage in chain.every_stage if stage.key == key
        )
        return next((label(stage.name) for stage in found), str(key))

    def step(self, stage: object, key: object) -> str:
        """A step's name; its key is only known together with its stage."""
        found = (chain.find(str(stage), str(key)) for chain in (self.chain, *self.chains.values()))
        return next((label(step.name) for step in found if step), str(key))

    def seat(self, person: object, post: object) -> str:
        """A person and, where it is known, as holder of which post."""
        title = self.posts.get(str(post), "")
        return f"{self.person(person)} ({title})" if title else self.person(person)

    def parts(self, keys: Iterable[object]) -> str:
        """Several sections in one phrase."""
        return listed([f"“{self.sections.get(str(key), str(key))}”" for key in keys])

    def target(self, key: object) -> str:
        """Where a case may be returned to."""
        return gettext("the drafter") if key == DRAFTER else self.stage(key)


def names_of(session: Session, folder: Folder, more: Iterable[Candidate] = ()) -> Names:
    """Everybody and everything that a case mentions, in as many queries whatever its length.

    Args:
        session: any transaction.
        folder: the case.
        more: people whom it does not mention, such as those who may be brought in.
    """
    case = folder.case
    seated: list[Item | Candidate] = [*case.items, *more]
    mentioned = {case.initiator, *case.drafters, *(event.by for event in case.events)}
    people = mentioned | {each.person for each in seated}
    names = known_as(session, case.chain, people, {each.post for each in seated})
    facts, places, sections = _facts(session, folder), _places(session, folder), _sections(session, folder)
    named = replace(names, facts=facts, places=places, sections=sections)
    return replace(named, chains=case.versions, versions=_versions(session, case))


def known_as(session: Session, chain: Chain, people: Iterable[str], posts: Iterable[str] = ()) -> Names:
    """What people and posts are called, in two queries.

    Args:
        session: any transaction.
        chain: names stages and steps.
        people: account keys.
        posts: post keys.
    """
    titles = (Post.title_en, Unit.name_en) if reader_language() == "en" else (Post.title_vi, Unit.name_vi)
    seats = select(Post.id, Unit.id, *titles).join(Unit, Unit.id == Post.unit_id)
    found = session.execute(seats.where(Post.id.in_(_keys(posts)))).all()
    accounts = session.scalars(select(User).where(User.id.in_(_keys(people))))
    return Names(
        chain=chain,
        people={str(user.id): user.get_full_name() for user in accounts},
        posts={str(post): title for post, _, title, _ in found},
        units={str(unit): name for _, unit, _, name in found},
    )


def _facts(session: Session, folder: Folder) -> Mapping[str, str]:
    """What guards asked for is only named where the history tells of it."""
    if not any(getattr(event, "facts", None) for event in folder.case.events):
        return {}
    return SUBJECTS[folder.row.subject_kind].fact_names(session, folder.row.subject_id)


def _versions(session: Session, case: Case) -> Mapping[str, str]:
    """Versions are only named where the case was ever moved to another one."""
    if not case.versions:
        return {}
    found = session.execute(select(Definition.id, Definition.version).where(Definition.id.in_(_keys(case.versions))))
    return {str(key): str(number) for key, number in found}


def _sections(session: Session, folder: Folder) -> Mapping[str, str]:
    """Sections are only named where somebody may change some, or has."""
    if not folder.case.edits and not any(step.edits for stage in folder.case.chain.stages for step in stage.steps):
        return {}
    return SUBJECTS[folder.row.subject_kind].section_names(session, folder.row.subject_id)


def _places(session: Session, folder: Folder) -> Mapping[str, str]:
    anchors = frozenset(comment.anchor for comment in folder.case.comments)
    return SUBJECTS[folder.row.subject_kind].place_names(session, folder.row.subject_id, anchors) if anchors else {}


def _keys(texts: Iterable[str]) -> list[int]:
    return sorted({key for text in texts if (key := read_key(text)) is not None})


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
        "anchors": lambda anchors: "; ".join(names.places.get(anchor, anchor) for anchor in anchors),
        "sections": names.parts,
        "targets": lambda targets: listed([names.target(target) for target in targets]),
    }
    is_key = not isinstance(value, dict)  # a name in each language says itself
    return readers[key](value) if key in readers and is_key else value
