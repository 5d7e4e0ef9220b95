"""What places and values of a definition are called by people who do not read YAML."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from portal.definitions.comparing import IDENTITIES, Crumb, Difference, differences
from portal.definitions.lines import changed_lines
from portal.definitions.paths import stepped, steps_of, things
from portal.definitions.writing import write_yaml
from portal.findings import definition_sentence
from portal.words import label

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from workflows.errors import Finding

KINDS: dict[str, Any] = {
    "form": _l("Form"),
    "document": _l("Document"),
    "calendar": _l("Calendar"),
    "chain": _l("Chain"),
    "schedule": _l("Schedule"),
}
"""What one of a kind is called."""

KINDS_OF_MANY: dict[str, Any] = {
    "form": _l("Forms"),
    "document": _l("Documents"),
    "calendar": _l("Calendars"),
    "chain": _l("Chains"),
    "schedule": _l("Schedules"),
}

STATUSES: dict[str, Any] = {"draft": _l("Draft"), "published": _l("Published"), "retired": _l("Retired")}
STATUS_TONES = {"draft": "note", "published": "good", "retired": ""}

ITEMS: dict[str, Any] = {
    "sections": _l("Section"),
    "fields": _l("Question"),
    "columns": _l("Column"),
    "choices": _l("Answer"),
    "stages": _l("Stage"),
    "steps": _l("Step"),
    "issues": _l("Document issued"),
    "ladder": _l("Reminder"),
    "hours": _l("Working hours since"),
    "years": _l("Year"),
    "holidays": _l("Holiday"),
    "swaps": _l("Swapped day"),
    "owed_by": _l("Level"),
    "windows": _l("Window"),
    "every": _l("Frequency"),
    "recipients": _l("Recipient"),
    "rules": _l("Rule"),
    "blocks": _l("Block"),
    "block_styles": _l("Style of block"),
}
"""What one of a list is called, by the key of the list."""

PARTS: dict[str, Any] = {
    "actions": _l("actions"),
    "addressees": _l("addressees"),
    "after": _l("After which stage"),
    "ask_again": _l("asked again"),
    "blocks": _l("blocks"),
    "budget": _l("time allowed"),
    "calendar": _l("calendar"),
    "chain": _l("chain"),
    "choices": _l("answers"),
    "closing": _l("closing"),
    "columns": _l("columns"),
    "complete": _l("complete when"),
    "covers": _l("sections decided on"),
    "deadline": _l("deadline"),
    "decimals": _l("decimals"),
    "drafter": _l("code of the drafting unit"),
    "edits": _l("sections that may be changed"),
    "document": _l("Document"),
    "emergency": _l("emergency approval"),
    "en": _l("in English"),
    "every": _l("how often"),
    "except": _l("except"),
    "fields": _l("questions"),
    "fields.kinds": _l("kinds of files"),
    "form": _l("form"),
    "forms": _l("forms"),
    "formula": _l("formula"),
    "given": _l("given at the beginning"),
    "help": _l("help"),
    "hours": _l("working hours"),
    "indicator": _l("indicator"),
    "issuer": _l("Whose document it is"),
    "issues": _l("documents issued"),
    "key": _l("key"),
    "kinds": _l("kinds of units"),
    "label": _l("what is asked"),
    "ladder": _l("reminders"),
    "legal_basis": _l("legal basis"),
    "lock_after": _l("closed after"),
    "max": _l("largest"),
    "metadata": _l("particulars"),
    "metadata.type": _l("type of document"),
    "cosigned_at": _l("who signs beside"),
    "of_head": _l("the chairman's own document"),
    "min": _l("smallest"),
    "name": _l("name"),
    "opening": _l("opening"),
    "opens": _l("opens"),
    "owed_by": _l("who reports"),
    "owner": _l("who has it"),
    "per_period": _l("how many in a period"),
    "place": _l("where"),
    "posts": _l("posts"),
    "printed": _l("printed in the document"),
    "reads": _l("sections that are read"),
    "reason_required": _l("reason asked for"),
    "recipients": _l("recipients"),
    "regime": _l("regime"),
    "remind": _l("reminders"),
    "required": _l("must be answered"),
    "sections": _l("sections"),
    "signer": _l("Who signs"),
    "source": _l("legal source"),
    "stages": _l("stages"),
    "steps": _l("steps"),
    "style": _l("style"),
    "from": _l("where answers come from"),
    "subject": _l("subject"),
    "pattern": _l("pattern"),
    "target": _l("target"),
    "template": _l("template"),
    "title": _l("title"),
    "together": _l("many addressees together"),
    "type": _l("kind of answer"),
    "unit": _l("unit"),
    "units": _l("units"),
    "vi": _l("in Vietnamese"),
    "when": _l("condition"),
    "window": _l("window"),
    "windows": _l("windows"),
    "wording": _l("fixed phrases"),
    "years": _l("years"),
}
"""What a part of a definition is called, by its key, where need be after that of its holder; others by their key."""

LONGEST_NAME = 80
_SIGNS = {"added": "+", "removed": "-", "changed": "~", "moved": "↕"}


@dataclass(frozen=True)
class Told:
    """A difference in words.

    Attributes:
        kind: `added`, `removed`, `changed` or `moved`.
        place: where.
        before: what it was; empty where there is nothing to say, or where `lines` say it.
        after: what it is, likewise.
        lines: of a long text: each with the sign `+`, `-` or a space before it.
    """

    kind: str
    place: str
    before: str = ""
    after: str = ""
    lines: tuple[str, ...] = ()


def place_of(way: Iterable[Crumb]) -> str:
    """A place in words, such as: Section “I. Chỉ đạo” › Field “Số văn bản” › label."""
    crumbs = list(way)
    holders = ["", *(each.word for each in crumbs)]
    words = (_crumb(each, holder) for each, holder in zip(crumbs, holders, strict=False))
    return " › ".join(words) or str(gettext("the whole definition"))


def _crumb(crumb: Crumb, holder: str) -> str:
    if not crumb.number:
        return str(PARTS.get(f"{holder}.{crumb.word}") or PARTS.get(crumb.word, crumb.word))
    words, name = ITEMS.get(crumb.word) or PARTS.get(crumb.word, crumb.word), item_name(crumb.item)
    return f"{words} “{name}”" if name else f"{words} {crumb.number}"


def item_name(item: Any) -> str:
    """What an item of a list is called: by its label, its name, or what it is known by; empty where by nothing."""
    if not isinstance(item, dict):
        return ""
    for key in ("label", "name", *IDENTITIES):
        said = item.get(key)
        if isinstance(said, dict) and isinstance(said.get("vi"), str):
            said = label({language: words for language, words in said.items() if isinstance(words, str)})
        if isinstance(said, str | int) and str(said).strip():
            return str(said)[:LONGEST_NAME]
    return ""


def way_to(body: Any, path: str) -> tuple[Crumb, ...]:
    """The way that the path of a finding describes.

    Args:
        body: in which something was found; the path may lead to what is not there.
        path: such as `sections[0].fields[2].choices`.
    """
    way: list[Crumb] = []
    here = body
    for step in steps_of(path):
        here = stepped(here, step)
        if isinstance(step, str):
            way.append(Crumb(step))
        else:
            word = way.pop().word if way else ""
            way.append(Crumb(word, known_by(body, here) if word == "issues" else here, step + 1))
    return tuple(way)


def known_by(chain: Any, issue: Any) -> Any:
    """What people know a document by that a chain issues: the stage after which it is.

    Args:
        chain: the body of the chain.
        issue: one of its documents; itself where there is no such stage.
    """
    after = issue.get("after") if isinstance(issue, dict) else None
    return next((stage for stage in things(chain, "stages") if stage["key"] == after), issue)


def finding_words(body: Any, finding: Finding) -> tuple[str, str]:
    """Where something is wrong, and what."""
    return place_of(way_to(body, finding.path)), definition_sentence(finding)


def told(differences: Iterable[Difference]) -> list[Told]:
    """Differences in words."""
    return [_told(each) for each in differences]


def _told(each: Difference) -> Told:
    place = place_of(each.way)
    if each.kind == "moved":
        return Told("moved", place, str(each.before), str(each.after))
    if isinstance(each.before, str) and isinstance(each.after, str) and "\n" in each.before + each.after:
        return Told(each.kind, place, lines=changed_lines(each.before, each.after))
    return Told(each.kind, place, value_words(each.before), value_words(each.after))


def value_words(value: Any) -> str:
    """A value as people read it; what is more than one value as YAML, and nothing as nothing."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(gettext("yes") if value else gettext("no"))
    if isinstance(value, list) and not any(isinstance(each, dict | list) for each in value):
        return ", ".join(map(value_words, value))
    return write_yaml(value).strip() if isinstance(value, dict | list) else str(value)


def difference_lines(before: Any, after: Any) -> Iterator[str]:
    """The differences of two bodies as lines of text."""
    for each in told(differences(before, after)):
        yield f"{_SIGNS[each.kind]} {each.place}{_said(each)}"
        yield from (f"    {line}" for line in each.lines)


def _said(each: Told) -> str:
    if each.kind == "moved":
        return f" {each.before} → {each.after}"
    parts = [text if "\n" not in text else "…" for text in (each.before, each.after) if text]
    return f": {' → '.join(parts)}" if parts else ""
