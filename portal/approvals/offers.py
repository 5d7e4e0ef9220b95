"""What the reader of a case may do with it, ready for a form; and for the rest why not."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from flask_babel import lazy_gettext as _l

from portal.approvals.directory import DECIDE
from portal.approvals.service import ADMINISTER
from portal.approvals.words import ACTIONS, explain, listed
from workflows.errors import Refusal

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from portal.approvals.words import Names
    from portal.security import Actor
    from workflows.availability import Availability
    from workflows.case import Case, Item

RECALL = ("can_recall", "DecisionView")
"""The right to take back, to ask for and to give up what one has submitted."""

GROUPS: Mapping[str, tuple[str, ...]] = {
    "decision": ("approve", "return", "reject", "advise"),
    "emergency": ("approve_in_emergency",),
    "hand": ("accept", "claim", "release", "resume"),
    "sharing": ("delegate", "ask_opinion", "add_reviewer", "suspend"),
    "submitter": ("recall", "request_recall", "withdraw"),
    "administration": ("reassign", "cancel", "reopen"),
}
"""What belongs together on the page, in the order in which it is offered."""

RIGHTS: Mapping[str, tuple[str, str]] = {
    **dict.fromkeys((*GROUPS["decision"], *GROUPS["emergency"], *GROUPS["hand"], *GROUPS["sharing"]), DECIDE),
    **dict.fromkeys(GROUPS["submitter"], RECALL),
    **dict.fromkeys(GROUPS["administration"], ADMINISTER),
}
"""Action → the right that opens its route; submitting belongs to the page of the subject."""

EXPLAINED = ("approve", "return", "reject", "recall")
"""What a reader may look for and miss; the rest is offered or it is not."""

WITHOUT_WORDS = frozenset({"accept", "claim", "release", "resume"})
"""Actions that ask for nothing and give no reason."""

HELP: Mapping[str, Any] = {
    "approve_in_emergency": _l(
        "Only for what cannot wait: it is approved at once, its documents get their numbers, and somebody else has to "
        "sign it afterwards."
    ),
    "accept": _l("Says that your unit has it; the submitter can no longer simply recall it."),
    "claim": _l("Others who could decide see that you are at it."),
    "release": _l("Everybody who could decide may take it again."),
    "resume": _l("It goes on where it stopped."),
    "delegate": _l(
        "A colleague decides in your place; the record names you both. You no longer decide on it yourself."
    ),
    "ask_opinion": _l("Somebody tells you what he thinks. You decide, and need not wait for it."),
    "add_reviewer": _l("Somebody else must approve too, before you or after you."),
    "suspend": _l("Nobody decides until it is resumed, because something else must happen first."),
    "request_recall": _l("Those who have it see your request and can return it to you."),
    "withdraw": _l("You give the matter up. It is over, and your unit may begin anew."),
    "reassign": _l("Somebody else gets this piece of work, in his own name."),
    "cancel": _l("It is over, whoever has it."),
    "reopen": _l("The drafter gets it back and can submit it again."),
}
"""What an action leads to, where its name does not say enough."""


@dataclass(frozen=True)
class Typed:
    """What was typed into the form of an action.

    Attributes:
        reason: text.
        to: a person, or the place of a return.
        step: the step, or nothing.
        item: the piece of work, or nothing.
        position: of an added reviewer.
        only: not empty when the drafter may change only what was commented on.
    """

    reason: str = ""
    to: str = ""
    step: str = ""
    item: str = ""
    position: str = "before"
    only: str = ""


@dataclass(frozen=True)
class Offer:
    """An action that the reader may carry out.

    Attributes:
        action: its name.
        group: a key of `GROUPS`.
        words: what it is called.
        help: what it leads to; possibly empty.
        asks_reason: whether there is a place for a reason.
        reason_required: whether it needs one.
        prove: whether he has to type his password.
        targets: where a return may go: key and name.
        steps: which steps it may be for: key and name.
        people: whom it may bring in: key and name.
        items: what may be reassigned: key and name.
        typed: what was typed already.
    """

    action: str
    group: str
    words: str
    help: str
    asks_reason: bool
    reason_required: bool
    prove: bool
    targets: tuple[tuple[str, str], ...] = ()
    steps: tuple[tuple[str, str], ...] = ()
    people: tuple[tuple[str, str], ...] = ()
    items: tuple[tuple[str, str], ...] = ()
    typed: Typed = Typed()


def offered(
    actor: Actor, case: Case, names: Names, available: Mapping[str, Availability]
) -> tuple[list[Offer], list[tuple[str, str]]]:
    """What the reader may do, and what not with the sentence why not; actions with one sentence share it.

    Args:
        actor: the reader.
        case: the case.
        names: of that case.
        available: the engine's answers for him, by action.
    """
    offers = []
    refused: dict[str, list[str]] = {}
    for group, actions in GROUPS.items():
        for action in actions:
            answer = available[action]
            if answer.refusal is None and actor.may(*RIGHTS[action]):
                offers.append(_offer(case, names, answer, group))
                continue
            why = answer.refusal or Refusal("not_permitted")
            if action == "recall" and case.recall_requested:  # he need not be told to ask
                why = Refusal("already_requested")
            if action in EXPLAINED and why.code != "not_initiator":  # nobody looks for a recall of what is not his
                refused.setdefault(explain(why, names, case.stage), []).append(str(ACTIONS[action]))
    return offers, [(listed(actions), words) for words, actions in refused.items()]


def _offer(case: Case, names: Names, answer: Availability, group: str) -> Offer:
    action, is_return = answer.action, answer.action == "return"
    return Offer(
        action=action,
        group=group,
        words=str(ACTIONS[action]),
        help=str(HELP.get(action, "")),
        asks_reason=action not in WITHOUT_WORDS,
        reason_required=answer.reason_required,
        prove=answer.prove,
        targets=tuple((key, names.target(key)) for key in answer.targets if is_return),
        steps=tuple((key, names.step(case.stage, key)) for key in answer.targets if not is_return),
        people=tuple((each.person, _called(names, each.person, each.post, each.unit)) for each in answer.people),
        items=tuple((str(item.number), _work(names, item)) for item in answer.items),
    )


def _called(names: Names, person: str, post: str, unit: str) -> str:
    return f"{names.seat(person, post)} - {names.units.get(unit, unit)}"


def _work(names: Names, item: Item) -> str:
    return f"{names.step(item.stage, item.step)}: {names.seat(item.person, item.post)}"


def with_typed(offers: Iterable[Offer], action: str, typed: Typed) -> list[Offer]:
    """The offers, the one that was tried first and filled in as it was typed.

    Args:
        offers: as offered now.
        action: what was tried.
        typed: into its form.
    """
    return sorted(
        (replace(each, typed=typed) if each.action == action else each for each in offers),
        key=lambda each: each.action != action,
    )
