"""Stories of cases in YAML: a chain, an office, who did what, and what happened then, event by event.

A story is written by hand up to its actions; `python -m tests.workflows.stories` prints it with the events that really
follow, to be read before it is kept.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

import workflows
from tests.workflows.almanac import SHIPPED
from tests.workflows.office import Desk, Office, label
from workflows.actions import Approve, ApproveInEmergency, Tick
from workflows.errors import Refusal
from workflows.parsing import parse_chain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from workflows.case import Case
    from workflows.definition import Chain
    from workflows.event import Event

HERE = Path(__file__).resolve().parent / "stories"
LIBRARY = Path(workflows.__file__).parent / "library" / "chains"
METHODS = {"return": "send_back", "add_reviewer": "add", "ask_opinion": "ask"}
"""Actions whose short way on a desk is called otherwise."""

TOLD = (
    "round",
    "stage",
    "step",
    "person",
    "verdict",
    "returned_to",
    "to",
    "document",
    "signer",
    "cause",
    "rung",
    "left",
)
"""What of an event is told, in this order."""


@dataclass(frozen=True)
class Deed:
    """Somebody's action, and what came of it.

    Attributes:
        by: who acts; `world` where the office, the facts or the time change instead.
        action: the name of the action, with its arguments.
        arguments: as on a desk.
        events: what happened, a phrase each; nothing where it is refused.
        refused: the code of the refusal; empty where it is carried out.
    """

    by: str
    action: str
    arguments: dict[str, Any]
    events: tuple[str, ...]
    refused: str


@dataclass(frozen=True)
class Story:
    """One file.

    Attributes:
        name: of the file.
        title: what it shows.
        chain: it runs on.
        other: the version it is moved to in some stories.
        office: who holds which post at first.
        facts: what guards see at first.
        deeds: in order.
        ends: the status of the case at the end.
    """

    name: str
    title: str
    chain: Chain
    other: Chain | None
    office: dict[str, Any]
    facts: dict[str, Any]
    deeds: tuple[Deed, ...]
    ends: str


def every_file() -> list[Path]:
    """The files of all stories."""
    return sorted(HERE.glob("*.yaml"))


def read(path: Path) -> Story:
    """A story from its file."""
    body = yaml.safe_load(path.read_text(encoding="utf-8"))
    other = body.get("other")
    return Story(
        name=path.stem,
        title=body["story"],
        chain=_chain(body["chain"]),
        other=_chain(other) if other else None,
        office=body["office"],
        facts=body.get("facts", {}),
        deeds=tuple(map(_deed, body["deeds"])),
        ends=body["ends"],
    )


def _chain(body: dict[str, Any] | str) -> Chain:
    """A shipped chain by its key, or one whose labels need not be written and whose owner is the post of the key."""
    if isinstance(body, str):
        return parse_chain(yaml.safe_load((LIBRARY / f"{body}.yaml").read_text(encoding="utf-8")))
    stages = [_named(stage) | {"steps": [_owned(step) for step in _steps(stage)]} for stage in body["stages"]]
    return parse_chain({"schema": 1, "key": "test", "name": label("test")} | body | {"stages": stages})


def _steps(stage: dict[str, Any]) -> list[dict[str, Any]]:
    steps: list[dict[str, Any]] = stage.get("steps", [{"key": stage["key"]}])
    return steps


def _named(part: dict[str, Any]) -> dict[str, Any]:
    return {"name": label(part["key"])} | part


def _owned(step: dict[str, Any]) -> dict[str, Any]:
    return {"owner": {"posts": [step["key"]], "place": "own"}} | _named(step)


def _deed(body: dict[str, Any]) -> Deed:
    (by, asked), *_ = ((key, value) for key, value in body.items() if key not in ("events", "refused"))
    if by == "world":
        return Deed(by, "", asked, (), "")
    action, arguments = (asked, {}) if isinstance(asked, str) else next(iter(asked.items()))
    return Deed(by, action, arguments, tuple(body.get("events", ())), body.get("refused", ""))


class Stage:
    """Where a story is played.

    Args:
        story: that is played.
    """

    def __init__(self, story: Story) -> None:
        self.story = story
        self.desk = Desk(story.chain, Office(story.office), story.facts)

    def play(self, deed: Deed) -> tuple[tuple[str, ...], str]:
        """Does a deed; gives what happened in phrases, and the code of the refusal."""
        if deed.by == "world":
            self._change(deed.arguments)
            return (), ""
        try:
            self._act(deed)
        except Refusal as refusal:
            return (), refusal.code
        return tuple(phrase(self.desk.case, event) for event in self.desk.last), ""

    def _change(self, world: dict[str, Any]) -> None:
        desk = self.desk
        if "office" in world:
            desk.office = Office(world["office"])
        if "facts" in world:
            desk.facts = world["facts"]
        if "now" in world:
            desk.now = datetime.fromisoformat(world["now"])

    def _act(self, deed: Deed) -> None:
        desk, more = self.desk, dict(deed.arguments)
        if deed.action == "tick":
            desk.do(deed.by, Tick(desk.case.version, SHIPPED))
        elif deed.action == "approve_in_emergency":
            desk.do(deed.by, ApproveInEmergency(desk.case.version, more["reason"]))
        elif deed.action == "correct":
            changed = Approve(desk.case.version, content_hash=more["content"], sections=more["sections"])
            desk.do(deed.by, changed)
        elif deed.action == "migrate":
            assert self.story.other
            desk.migrate(self.story.other, more.get("stage"), by=deed.by)
        else:
            getattr(desk, METHODS.get(deed.action, deed.action))(by=deed.by, **more)


def phrase(case: Case, event: Event) -> str:
    """An event in a few words: its kind, whose item it is about, and what it says."""
    words = [event.kind]
    if hasattr(event, "item") and not hasattr(event, "person"):
        words.append(case.item(event.item).person)
    said = (getattr(event, name, None) for name in TOLD)
    return " ".join([*words, *(str(each) for each in said if each is not None)])


def played(path: Path) -> Iterator[dict[str, Any]]:
    """The deeds of a file with what really follows from each."""
    story = read(path)
    scene = Stage(story)
    for deed, body in zip(story.deeds, yaml.safe_load(path.read_text(encoding="utf-8"))["deeds"], strict=True):
        events, refused = scene.play(deed)
        asked = {key: value for key, value in body.items() if key not in ("events", "refused")}
        yield asked | ({"events": list(events)} if events else {}) | ({"refused": refused} if refused else {})


if __name__ == "__main__":
    for name in sys.argv[1:]:
        print(yaml.safe_dump({"deeds": list(played(Path(name)))}, allow_unicode=True, sort_keys=False, width=120))
