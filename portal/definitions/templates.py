"""What a document template must say before it can be published: its metadata, its phrases, Jinja that compiles."""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING, Any

from jinja2 import TemplateSyntaxError

from portal.definitions import macros
from portal.definitions.decree import (
    CIRCULATIONS,
    LETTER,
    TYPES,
    URGENCIES,
    is_abbreviation,
)
from portal.definitions.phrases import ANSWERS, PLACEHOLDERS, ROWS, answers_in, rows_in, strange
from portal.definitions.syntax import forbidden
from workflows.errors import DefinitionError, Finding
from workflows.reader import Node, refuse_repeats

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

WORD = re.compile(r"[a-z0-9-]{1,64}")
PHRASE, TEXTS, MOST = 2_000, 50, 20
VERIFICATIONS = ("without_subject", "with_subject")
"""What the public page says of a document whose code is printed: all but its subject, or that as well."""

PERMANENT, YEARS, MOST_YEARS = "permanent", "years", 100
"""How long documents are kept: for good, or for so many years."""

MOST_ANNEXES, MOST_COPIES, MOST_NAMED = 20, 9_999, 100
SAID = ("subject", "opening", "closing", "addressees", "recipients")
MAY_BE_SAID = (
    *("drafter", "grounds", "urgency", "circulation", "secretary"),
    *("archive_copies", "issued_copies", "together"),
)
"""What a wording says, and what it may say besides."""

FLAGS = ("contact", "data_attached")
"""What a document may have or not: its issuer's address, and its data in its PDF."""

FINDINGS = {
    "template_syntax": ("line", "problem"),
    "template_unreadable": (),
    "template_forbids": ("line", "what"),
    "template_nameless": ("line", "what"),
    "template_endless": ("what",),
    "letter_needs_drafter": (),
}
"""Codes about a template, with the names of their params, besides those of `workflows.reader`."""


def check_template(body: object) -> None:
    """Whether a document definition can be used.

    Args:
        body: `metadata`, `template`, `style`, `blocks` and `block_styles`.

    Raises:
        DefinitionError: with every finding at its path.
    """
    root = Node(body, "", [])
    parts = root.fields(["metadata", "template", "style", "blocks", "block_styles"])
    names = _check_metadata(parts["metadata"])
    _check_parts(parts, names)
    sources: dict[str, Any] = {str(name): source for name, source in parts["blocks"].mapping().items()}
    sources["template"] = parts["template"].value
    blocks = [f"{name}.html" for name in names]
    wrong = [finding for name, source in sources.items() for finding in _syntax(name, source, blocks)]
    root.findings.extend(wrong or _calls(sources))
    if root.findings:
        raise DefinitionError(root.findings)


def _check_parts(parts: dict[str, Node], names: list[str]) -> None:
    """The blocks are those that the metadata names, in its order, each with its style; all styles are texts."""
    parts["blocks"].fields([f"{name}.html" for name in names])
    styles = parts["block_styles"].items(len(names), len(names))
    for style in (parts["style"], *styles):
        if style.given and not isinstance(style.value, str):
            style.note("wrong_type", expected="text")


def _check_metadata(node: Node) -> list[str]:
    """What it says, but for the names of its blocks, which it gives back."""
    needed = ["schema", "key", "name", "type", "blocks", "wording"]
    found = node.fields(needed, ["annexes", "verification", "retention", *FLAGS])
    found["schema"].number(1, 1)
    found["key"].word(WORD)
    found["name"].label()
    kind = found["type"].choice(TYPES)
    blocks = found["blocks"].items(0, TEXTS)
    words = [block.word(WORD) for block in blocks]
    refuse_repeats(blocks, words)
    sections = found["annexes"].items(1, MOST_ANNEXES) if found["annexes"].given else []
    refuse_repeats(sections, [section.word() for section in sections])
    for flag in (found[name] for name in FLAGS if found[name].given):
        flag.flag()
    if found["verification"].given:
        found["verification"].choice(VERIFICATIONS)
    _check_retention(found["retention"])
    _check_wording(found["wording"], kind)
    return [word for word in words if WORD.fullmatch(word)]


def _check_retention(node: Node) -> None:
    """For good, or for so many years."""
    if isinstance(node.value, dict):
        node.fields([YEARS])[YEARS].number(1, MOST_YEARS)
    elif node.given:
        node.choice([PERMANENT])


def _check_wording(node: Node, kind: str) -> None:
    said = node.fields(SAID, MAY_BE_SAID)
    _check_drafter(node, said["drafter"], kind)
    grounds = said["grounds"].items(0, TEXTS) if said["grounds"].given else []
    phrases = [said["subject"], said["closing"], *said["opening"].items(0, TEXTS), *grounds]
    phrases += [said["secretary"]] if said["secretary"].given else []
    names = [*said["addressees"].items(0, TEXTS), *said["recipients"].items(0, TEXTS)]
    for phrase in (*phrases, *names):
        phrase.text(PHRASE)
    for phrase in phrases:
        _check_placeholders(phrase)
    _check_addressees(said)
    _check_marks(said)


def _check_addressees(said: Mapping[str, Node]) -> None:
    """Box 9a: rows of a table are named as a whole line; over how many are said together, and how."""
    for line in said["addressees"].items(0, TEXTS):
        text = str(line.value)
        if ROWS in text and rows_in(text) is None:
            line.note("not_one_of", allowed=[f"{ROWS}…}}"], value=text[:PHRASE])
    if said["together"].given:
        parts = said["together"].fields(["over", "say"])
        parts["over"].number(1, MOST_NAMED)
        parts["say"].text(PHRASE)


def _check_marks(said: Mapping[str, Node]) -> None:
    """Boxes 10b, 11 and 12, and how many copies the archive keeps; how urgent it is, an answer may say."""
    urgency = said["urgency"]
    if urgency.given and not (isinstance(urgency.value, str) and _is_answer(urgency.value)):
        urgency.choice(tuple(URGENCIES))
    if said["circulation"].given:
        said["circulation"].choice(CIRCULATIONS)
    for copies in (said["archive_copies"], said["issued_copies"]):
        if copies.given:
            copies.number(1, MOST_COPIES)


def _is_answer(phrase: str) -> bool:
    """Whether it says the answer to one question and nothing else."""
    return [f"{{{ANSWERS}{name}}}" for name in answers_in(phrase)] == [phrase]


def _check_drafter(wording: Node, node: Node, kind: str) -> None:
    """Who drafts a document stands in the archive's line; in the symbol of an official letter as well, by its code."""
    drafter = node.text(PHRASE) if node.given else ""
    if kind == LETTER and not is_abbreviation(drafter):
        wording.child("drafter", drafter).note("letter_needs_drafter")  # it may not be there


def _check_placeholders(node: Node) -> None:
    """Only what a submission fills in may stand in braces, as it is: a width would make any length of it."""
    for found in strange(str(node.value)):
        if found in {"{", "}"}:
            node.note("bad_character")
        else:
            node.note("not_one_of", allowed=[*sorted(PLACEHOLDERS), f"{ANSWERS}…"], value=found)


def _syntax(name: str, source: Any, blocks: list[str]) -> Iterator[Finding]:
    if not isinstance(source, str):
        yield Finding(name, "wrong_type", {"expected": "text"})
        return
    try:
        found = list(forbidden(source, blocks))
    except TemplateSyntaxError as error:
        yield Finding(name, "template_syntax", {"line": error.lineno, "problem": str(error.message)[:200]})
    except (RecursionError, ValueError):  # brackets without end, a number without end
        yield Finding(name, "template_unreadable")
    else:
        yield from (Finding(name, "template_forbids", {"line": line, "what": what}) for line, what in found[:MOST])


def _calls(sources: Mapping[str, Any]) -> Iterator[Finding]:
    """What can be understood, and yet can never be printed."""
    read = {name: macros.read(source) for name, source in sources.items()}
    named = islice(macros.nameless(read, "template"), MOST)
    yield from (Finding(name, "template_nameless", {"line": line, "what": what}) for name, line, what in named)
    if circle := macros.circle(read):
        where = circle[0].partition(": ")[0]
        yield Finding(where, "template_endless", {"what": " → ".join(circle[:MOST])})
