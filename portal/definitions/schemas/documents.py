"""The JSON Schema of document templates, from the patterns and limits by which they are checked."""

from __future__ import annotations

import re
from typing import Final

from portal.definitions.decree import CIRCULATIONS, LETTER, TYPES, URGENCIES
from portal.definitions.phrases import ANSWERS
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
    schema_number,
    text,
    whole,
    word,
)
from portal.definitions.templates import (
    MOST_ANNEXES,
    MOST_COPIES,
    MOST_NAMED,
    MOST_YEARS,
    PERMANENT,
    PHRASE,
    TEXTS,
    VERIFICATIONS,
    WORD,
    YEARS,
)
from workflows.forms.schema import FIELD_NAME

_ANY_TEXT: Final = {"type": "string"}


def _phrase(says: str) -> Schema:
    return text(says, PHRASE)


def _phrases(says: str) -> Schema:
    return items(says, _phrase("A text."), 0, TEXTS)


_WORDING: Final = closed(
    "Its set phrases; in braces, period, unit, from, to and answers.NAME are filled in.",
    {
        "subject": _phrase("What it is about."),
        "opening": _phrases("What stands before its text."),
        "closing": _phrase("What stands after its text."),
        "addressees": _phrases("To whom it goes; {rows:TABLE.COLUMN} for those in a table of the form."),
        "recipients": _phrases("Who gets it, below the text."),
    },
    {
        "drafter": _phrase("Who drafted it, in short."),
        "grounds": _phrases("On what grounds; each line is one."),
        "urgency": {
            "description": "Box 10b: how urgent it is, or the answer that says so.",
            "anyOf": [
                choice("One of the three stamps.", tuple(URGENCIES)),
                {
                    "description": "The answer to a question, in braces.",
                    "type": "string",
                    "pattern": rf"^\{{{re.escape(ANSWERS)}{FIELD_NAME.pattern}\}}$",
                },
            ],
        },
        "circulation": choice("Box 11: how far it may go.", CIRCULATIONS),
        "secretary": _phrase("Of minutes: who signs beside the chair."),
        "together": closed(
            "What is said of many addressees from a table, instead of each on a line of its own.",
            {
                "over": number("More than so many are said together.", 1, MOST_NAMED),
                "say": _phrase("What they are called together."),
            },
        ),
        "archive_copies": number("How many copies the archive keeps.", 1, MOST_COPIES),
        "issued_copies": number("Box 12: how many copies are issued.", 1, MOST_COPIES),
    },
)

_RETENTION: Final[Schema] = {
    "description": "How long its documents are kept, from the end of their year; undetermined where it does not say.",
    "anyOf": [
        choice("For good.", [PERMANENT]),
        closed("For so many years.", {YEARS: number("How many.", 1, MOST_YEARS)}),
    ],
}

_OF_LETTER: Final = {"description": "The symbol of a letter ends with who drafted it.", "required": ["drafter"]}


METADATA: Final = closed(
    "What the document is.",
    {
        "schema": schema_number(1),
        "key": word("Under which it is kept.", WORD),
        "name": label("What it is called."),
        "type": choice("Its type by appendix III of Decree 30/2020, such as BC; CV for an official letter.", TYPES),
        "blocks": items(
            "The blocks that its template imports.", word("The name of a block.", WORD), 0, TEXTS, once=True
        ),
        "wording": _WORDING,
    },
    {
        "annexes": names("Sections of the form that are annexes, by their keys.", MOST_ANNEXES),
        "contact": flag("Box 13: whether the first page ends with the issuer's address."),
        "data_attached": flag(
            "Whether the PDF carries figures, tables and answers as a JSON file: PDF/A-3, not PDF/A-2."
        ),
        "verification": choice(
            "Whether it ends with a code by which it can be checked, and what the public page then says of it.",
            VERIFICATIONS,
        ),
        "retention": _RETENTION,
    },
    **only_with("type", LETTER, {"properties": {"wording": _OF_LETTER}}),
)

DOCUMENT: Final = whole(
    "A document template",
    closed(
        "What a document that is issued looks like.",
        {
            "metadata": METADATA,
            "template": {"description": "Its text in Jinja.", **_ANY_TEXT},
            "style": {"description": "Its style sheet.", **_ANY_TEXT},
            "blocks": {
                "description": "The text of each block, by its name and .html.",
                "type": "object",
                "patternProperties": {rf"^(?:{WORD.pattern})\.html$": _ANY_TEXT},
                "additionalProperties": False,
                "maxProperties": TEXTS,
            },
            "block_styles": {
                "description": "The style sheet of each block, in the order of the names.",
                "type": "array",
                "items": _ANY_TEXT,
                "maxItems": TEXTS,
            },
        },
    ),
)
