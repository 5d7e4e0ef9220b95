"""The JSON Schema of approval chains, from the words and limits by which they are read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from portal.definitions.schemas.bricks import (
    Schema,
    choice,
    closed,
    flag,
    items,
    label,
    names,
    number,
    only_with,
    ref,
    schema_number,
    unit_code,
    whole,
    without,
    word,
)
from portal.definitions.schemas.guards import CONDITION, condition
from workflows.definition import (
    DRAFTER,
    ISSUERS,
    MAX_CHOSEN,
    MAX_HOURS,
    MAX_RUNGS,
    MAX_STAGES,
    MAX_STEPS,
    PLACES,
    REFUSING,
    RETROSPECTIVE,
    SCHEMA,
    VERDICTS,
)
from workflows.guards import FACT_NAME
from workflows.parsing import OF_DECIDERS, POST, STEP_OPTIONS

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

_PERCENT: Final = 100


def _named_place(key: str) -> Schema:
    """A place names a unit or a field where it is that kind of place, and nowhere else."""
    return only_with("place", key, {"required": [key]}, without([key]))


def _place(kinds: Collection[str]) -> Schema:
    return choice("Where, seen from the unit that submits.", kinds)


_UNIT: Final = unit_code("The code of the unit, where the place is unit.")

_OWNER: Final = closed(
    "Who may take the step: whoever holds one of the posts in the place.",
    {"posts": names("Kinds of posts, such as head and deputy.", MAX_STEPS, POST), "place": _place(PLACES)},
    {"unit": _UNIT, "field": word("The fact that holds the code of a unit, where the place is field.", FACT_NAME)},
    allOf=[_named_place("unit"), _named_place("field")],
)

_ISSUER: Final = closed(
    "Whose document it is.", {"place": _place(ISSUERS)}, {"unit": _UNIT}, allOf=[_named_place("unit")]
)

_RUNG: Final = closed(
    "What happens around the end of the budget.",
    {"at": number("Working hours after the end of the budget; before it where negative.", -MAX_HOURS, MAX_HOURS)},
    {"to": ref("owner", "Who gets the step as well."), "expires": flag("Whether the step ends.")},
)

_SHARED: Final[Schema] = {
    "description": "How those who may take the step share it.",
    "anyOf": [
        {"type": "string", "enum": ["one", "each"]},
        closed("The submitter chooses who takes it.", {"choose": number("How many may be chosen.", 1, MAX_CHOSEN)}),
    ],
}

_STEP_OPTIONS: Final[Mapping[str, Schema]] = {
    "role": choice("Whether its holder decides or only gives an opinion.", ["decide", "advise"]),
    "taken_by": _SHARED,
    "when": condition("When the step is needed; always where this is not said."),
    "actions": {
        **items("What its holder may do.", {"type": "string", "enum": list(VERDICTS)}, 0, len(VERDICTS), once=True),
        "allOf": [{"contains": {"const": "approve"}}, {"contains": {"enum": list(REFUSING)}}],
    },
    "reason_required": items(
        "What asks for a reason.", {"type": "string", "enum": list(VERDICTS)}, 0, len(VERDICTS), once=True
    ),
    "checks": choice("What is looked at.", ["content", "form"]),
    "prove": flag("Whether its holder proves that it is he."),
    "in_person": flag("Whether nobody may stand in."),
    "reads": names("The sections that it reads; all where this is not said.", MAX_STEPS),
    "edits": names("The sections that it may change.", MAX_STEPS),
    "covers": names("The sections that it approves.", MAX_STEPS),
    "ask_again": choice("Whether a later round asks it again.", ["always", "if_changed"]),
    "budget": number("How many working hours it has.", 1, MAX_HOURS),
    "ladder": items("What happens around the end of its budget, in order of time.", _RUNG, 1, MAX_RUNGS),
}

_STEP: Final = closed(
    "The place of one participant in a stage.",
    {
        "key": word("Its key, once in a stage."),
        "name": label("What it is called."),
        "owner": ref("owner"),
    },
    {key: _STEP_OPTIONS[key] for key in STEP_OPTIONS},
    dependentRequired={"ladder": ["budget"]},
    **only_with("role", "advise", without(OF_DECIDERS)),
)

_COMPLETE: Final[Schema] = {
    "description": "When the stage is over.",
    "anyOf": [
        {"type": "string", "enum": ["all", "any"]},
        closed(
            "After so many approvals.",
            {},
            {
                "n": number("How many.", 1, MAX_STEPS),
                "percent": number("How many of a hundred.", 1, _PERCENT),
            },
            minProperties=1,
            maxProperties=1,
        ),
    ],
}

_STAGE: Final = closed(
    "A position on the way.",
    {
        "key": {**word("Its key."), "not": {"enum": [DRAFTER, RETROSPECTIVE]}},
        "name": label("What it is called."),
        "steps": items("Who takes part in it, side by side.", _STEP, 1, MAX_STEPS),
    },
    {
        "complete": _COMPLETE,
        "refusal": choice("Whether the first refusal counts at once.", ["at_once", "vote"]),
        "when": condition("When the stage is needed; always where this is not said."),
    },
)

_ISSUE: Final = closed(
    "A document that is issued on the way.",
    {
        "after": word("The key of the stage after which it is issued."),
        "issuer": _ISSUER,
        "document": word("The key of its template."),
        "signer": choice("Who signs it.", ["decider"]),
    },
    {
        "of_head": flag("Whether it is a document of the head of a people's committee himself."),
        "cosigned_at": word("The key of an earlier stage; whoever approved there signs for his unit as well."),
    },
)

CHAIN: Final = whole(
    "An approval chain",
    closed(
        "Who approves, in which order.",
        {
            "schema": schema_number(SCHEMA),
            "key": word("Under which it is kept."),
            "name": label("What it is called."),
            "stages": items("The positions on the way, in order.", _STAGE, 1, MAX_STAGES),
        },
        {
            "issues": items("The documents that are issued.", _ISSUE, 0, MAX_STAGES),
            "forms": names("The keys of the forms that it is for.", MAX_STEPS),
            "when": condition("When it is the chain for a report."),
            "emergency": closed(
                "Who may approve at once, and who signs afterwards.",
                {"owner": ref("owner", "Who may approve at once."), "second": ref("owner", "Who signs second.")},
            ),
        },
    ),
    {"owner": _OWNER, **CONDITION},
)
