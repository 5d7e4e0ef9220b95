"""What the designer shows of an approval chain."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from portal.definitions.paths import things
from portal.definitions.shapes.around import (
    fact_names,
    facts_of_forms,
    forms,
    sections_of_forms,
    stages,
    templates,
    units,
)
from portal.definitions.shapes.description import Branch, Part, Shape, always, in_both
from portal.definitions.shaping import free_name
from portal.definitions.wording import item_name, known_by
from portal.units.wiring import POST_KIND_NAMES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

POSTS = tuple(POST_KIND_NAMES.items())

ALL = _l("Nothing ticked: all.")

PLACES = (
    ("own", _l("in the submitting unit")),
    ("parent", _l("in the unit above it")),
    ("superior", _l("in the nearest unit above where somebody else holds it")),
    ("unit", _l("in a named unit")),
    ("field", _l("in the unit that a field names")),
)
VERDICTS = (("approve", _l("approve")), ("return", _l("return")), ("reject", _l("reject")))
ROLES = (("decide", _l("decides")), ("advise", _l("gives an opinion only")))
TAKEN_BY = (
    ("one", _l("one of them")),
    ("each", _l("each of them")),
    ("#choose", _l("those whom the submitter chooses, at most")),
)
SIGNERS = (("decider", _l("whoever decides last")),)
ISSUERS = (*PLACES[:2], PLACES[3])


def _only_if(otherwise: Any) -> Part:
    """The condition of a chain, of a stage or of a step.

    Args:
        otherwise: what becomes of it where the condition does not hold.
    """
    return Part("when", _l("Only if"), "condition", facts=facts_of_forms, help=otherwise, rare=True)


def _whose(key: str, said: Any, words: tuple[Any, Any], *, needed: bool) -> list[Part]:
    """Whose a step is: the posts, and where they are.

    Args:
        key: where it is said.
        said: what is said there now.
        words: what posts and place are called.
        needed: whether somebody has to be named.
    """
    place = said.get("place") if isinstance(said, dict) else None
    rare = not needed
    parts = [
        Part(f"{key}.posts", words[0], "words", POSTS, needed=needed, rare=rare),
        Part(f"{key}.place", words[1], "choice", PLACES, needed=needed, rare=rare),
    ]
    if place == "unit":
        parts.append(Part(f"{key}.unit", _l("Which unit"), "choice", units, needed=needed, rare=rare))
    if place == "field":
        parts.append(Part(f"{key}.field", _l("Which field"), "choice", fact_names, needed=needed, rare=rare))
    return parts


def _of_emergency(chain: Mapping[str, Any]) -> list[Part]:
    """Who approves at once when it cannot wait, and who signs that afterwards; nobody, where neither is named."""
    said = chain.get("emergency", {})
    if not isinstance(said, dict):
        return [Part("emergency", _l("Emergency approval"), "yaml", rare=True)]
    at_once = (_l("In an emergency, approved at once by whoever holds one of these posts"), _l("Where they are"))
    after = (_l("And signed afterwards by whoever holds one of these posts"), _l("Where those are"))
    return [
        *_whose("emergency.owner", said.get("owner"), at_once, needed=False),
        *_whose("emergency.second", said.get("second"), after, needed=False),
    ]


def _of_step(step: Mapping[str, Any]) -> Sequence[Part]:
    advises = step.get("role") == "advise"
    return [
        Part("name", _l("Name"), "label", needed=True),
        *_whose("owner", step.get("owner"), (_l("Whoever holds one of these posts"), _l("Where")), needed=True),
        Part("role", _l("Role"), "choice", ROLES, help=_l("Whoever is chosen here decides, if nothing is.")),
        *(_of_advisers() if advises else _of_deciders()),
        _only_if(_l("Otherwise the step is left out.")),
        Part("reads", _l("Sections that he reads"), "words", sections_of_forms, help=ALL, rare=True),
        Part("budget", _l("Time allowed, in working hours"), "number"),
        Part("key", _l("Code"), "line", needed=True, rare=True),
    ]


def _of_advisers() -> list[Part]:
    return [Part("taken_by", _l("Who of them"), "choice", TAKEN_BY)]


def _of_deciders() -> list[Part]:
    return [
        Part("taken_by", _l("Who of them"), "choice", TAKEN_BY),
        Part("actions", _l("What he may do"), "words", VERDICTS, needed=True),
        Part("reason_required", _l("A reason is asked for when he"), "words", VERDICTS, rare=True),
        Part("covers", _l("Sections that he decides on"), "words", sections_of_forms, help=ALL, rare=True),
        Part("edits", _l("Sections that he may change as he approves"), "words", sections_of_forms, rare=True),
        Part("ask_again", _l("Asked again in a later round"), "choice", ASKED_AGAIN, rare=True),
        Part("prove", _l("He gives his password again"), "flag", rare=True),
        Part("in_person", _l("Nobody stands in for him"), "flag", rare=True),
    ]


ASKED_AGAIN = (("always", _l("always")), ("if_changed", _l("only if what he decides on was changed")))


def _of_stage(_stage: Mapping[str, Any]) -> Sequence[Part]:
    return [
        Part("name", _l("Name"), "label", needed=True),
        Part("complete", _l("It is complete when"), "choice", COMPLETE, help=_l("For steps side by side.")),
        Part("refusal", _l("A refusal of one"), "choice", REFUSALS, rare=True),
        _only_if(_l("Otherwise the stage is skipped.")),
        Part("key", _l("Code"), "line", needed=True, rare=True),
    ]


COMPLETE = (
    ("all", _l("all have approved")),
    ("any", _l("one has approved")),
    ("#n", _l("so many have approved")),
    ("#percent", _l("so many percent have approved")),
)
REFUSALS = (("at_once", _l("counts at once")), ("vote", _l("counts as a vote, when all have answered")))


def _of_issue(_issue: Mapping[str, Any]) -> Sequence[Part]:
    return [
        Part("after", _l("After which stage"), "choice", stages, needed=True),
        Part("document", _l("Template"), "choice", templates, needed=True),
        Part("issuer.place", _l("Whose document it is"), "choice", ISSUERS, needed=True),
        Part("issuer.unit", _l("Which unit"), "choice", units),
        Part("signer", _l("Who signs"), "choice", SIGNERS, needed=True),
        Part(
            "cosigned_at",
            _l("Who signs beside: whoever approved at the stage"),
            "choice",
            stages,
            help=_l("An earlier stage, for a document of two units. Left empty, one signs."),
            rare=True,
        ),
        Part("of_head", _l("It is the chairman's own document, not the committee's"), "flag", rare=True),
    ]


def _first_step(_kind: str, taken: set[str]) -> dict[str, Any]:
    return {
        "key": free_name("step", taken),
        "name": in_both("Vai duyệt mới"),
        "owner": {"posts": ["head", "deputy"], "place": "own"},
        "actions": ["approve", "return", "reject"],
        "reason_required": ["return", "reject"],
    }


def _first_stage(kind: str, taken: set[str]) -> dict[str, Any]:
    key = free_name("stage", taken)
    return {
        "key": key,
        "name": in_both("Bước duyệt mới"),
        "steps": [_first_step(kind, taken | {key})],
    }


def _first_issue(_kind: str, _taken: set[str]) -> dict[str, Any]:
    return {"after": "", "issuer": {"place": "own"}, "document": "", "signer": "decider"}


def _of_rung(_rung: Mapping[str, Any]) -> Sequence[Part]:
    return [
        Part("at", _l("Working hours after the time allowed"), "number", help=_l("Negative before it."), needed=True),
        Part("to.posts", _l("Others may take it as well from then on: posts"), "words", POSTS),
        Part("to.place", _l("Where"), "choice", PLACES),
        Part("to.unit", _l("Which unit"), "choice", units),
        Part("expires", _l("It goes back to its drafter instead"), "flag"),
    ]


def _rung_title(rung: Any, _chain: Any) -> str:
    """When it comes."""
    hours = rung.get("at") if isinstance(rung, dict) else None
    if not isinstance(hours, int):
        return ""
    if hours == 0:
        return str(gettext("when the time allowed is over"))
    before = gettext("%(hours)s h before the time allowed is over", hours=-hours)
    return str(before if hours < 0 else gettext("%(hours)s h after the time allowed was over", hours=hours))


RUNG = Shape(_l("Reminder"), _of_rung, always(), title=_rung_title)
STEP = Shape(
    _l("Step"), _of_step, always(Branch("ladder", RUNG, [("rung", _l("Reminder"))], lambda _kind, _taken: {"at": 0}))
)
STAGE = Shape(_l("Stage"), _of_stage, always(Branch("steps", STEP, [("step", _l("Step beside it"))], _first_step)))


def _issue_title(issue: Any, chain: Any) -> str:
    """The stage after which it is issued; where several are, its template as well."""
    name = item_name(known_by(chain, issue))
    beside = [each for each in things(chain, "issues", "after") if each["after"] == issue["after"]] if name else []
    return f"{name}: {issue.get('document', '')}" if len(beside) > 1 else name


ISSUE = Shape(_l("Document issued"), _of_issue, always(), title=_issue_title)


def _of_chain(chain: Mapping[str, Any]) -> Sequence[Part]:
    return [
        Part("name", _l("Name"), "label", needed=True),
        Part("forms", _l("For which forms"), "words", forms),
        _only_if(_l("Chains with a condition come first.")),
        *_of_emergency(chain),
    ]


CHAIN = Shape(
    _l("Chain"),
    _of_chain,
    always(
        Branch("stages", STAGE, [("stage", _l("Stage"))], _first_stage),
        Branch("issues", ISSUE, [("issue", _l("Document to be issued"))], _first_issue),
    ),
)
