"""What a designer shows of a definition: which parts each thing has, how each is put in, and what stands inside."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from portal.definitions.answers import questions_about
from portal.definitions.service import in_force_and_drafted
from portal.definitions.wording import item_name

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy.orm import Session

    from portal.definitions.facts import KnownFact
    from portal.definitions.models import Definition

Control: TypeAlias = Literal[
    "line",
    "phrase",
    "label",
    "long_label",
    "flag",
    "number",
    "figure",
    "choice",
    "numbered",
    "numbers",
    "labels",
    "words",
    "list",
    "rows",
    "paragraphs",
    "source",
    "day",
    "condition",
    "answers",
    "formula",
    "yaml",
]
"""How a part is put in: `label` in both languages, `labels` as rows of them, `phrase` as one paragraph, `numbered` as a
choice of numbers, `numbers` with commas between, `words` by ticks, `list` one to a line, `rows` and `paragraphs` as an
input for each, `answers` as rows of key and label, `yaml` as text, `source` as text to the letter, beside what can be
put into it."""


@dataclass(frozen=True)
class Around:
    """What the choices of a part depend on.

    Attributes:
        session: any transaction.
        body: the whole definition.
    """

    session: Session
    body: Any

    @cached_property
    def forms(self) -> Sequence[Definition]:
        """The forms that a chain is for, each in force before its draft, with their bodies."""
        keys = self.body.get("forms") if isinstance(self.body, dict) else None
        wanted = [key for key in keys if isinstance(key, str)] if isinstance(keys, list) else []
        return in_force_and_drafted(self.session, "form", wanted, whole=True)

    @cached_property
    def questions(self) -> Mapping[str, dict[str, Any]]:
        """The questions whose answers a template can print, by name, as its forms or their drafts have them."""
        return questions_about(self.session, self.own_key)

    @property
    def own_key(self) -> Any:
        """The key under which a template says it is kept."""
        metadata = self.body.get("metadata") if isinstance(self.body, dict) else None
        return metadata.get("key") if isinstance(metadata, dict) else None


def no_facts(_around: Around) -> Iterable[KnownFact]:
    """For parts that are no condition."""
    return ()


Offered: TypeAlias = Sequence[tuple[str, Any]]
Choices: TypeAlias = Offered | Callable[[Around], Offered]


@dataclass(frozen=True)
class Part:
    """Something that one input of a panel, or a few that belong together, say.

    Attributes:
        key: where it stands in the thing; with a point between for a mapping inside it, as in `owner.place`.
        words: its label.
        control: how it is put in.
        choices: for `choice` and `words`, key and words of each answer.
        help: what a newcomer would ask; may be empty.
        needed: whether it has to be there.
        rare: whether it is out of the way until somebody wants it.
        facts: for `condition`, what it may ask for.
        standing: what is shown while the thing does not say it.
    """

    key: str
    words: Any
    control: Control
    choices: Choices = ()
    help: Any = ""
    needed: bool = False
    rare: bool = False
    facts: Callable[[Around], Iterable[KnownFact]] = no_facts
    standing: str | None = None


@dataclass(frozen=True)
class Branch:
    """A list inside a thing.

    Attributes:
        key: of the list.
        shape: of its items.
        kinds: what can be added: key and words; one known beforehand alone is what the button says.
        first: a new item of such a kind, whose names are not taken.
        alone: whether it is no list but one thing, which neither comes nor goes.
    """

    key: str
    shape: Shape
    kinds: Choices
    first: Callable[[str, set[str]], dict[str, Any]]
    alone: bool = False


def same(value: Any) -> Any:
    """A value as it is."""
    return value


def own_name(thing: Any, _body: Any) -> str:
    """What a thing is called by itself."""
    return item_name(thing)


@dataclass(frozen=True)
class Shape:
    """A thing in a definition that has a panel of its own.

    Attributes:
        words: what one of them is called.
        parts: what it says, given what it says now.
        branches: the lists inside it, likewise.
        complete: gives it what it cannot be without, after its kind was changed.
        title: what one of them is called in the whole definition.
        unfolded: the whole definition as its tree shows it, where something in it is kept as text.
        folded: and back, as it is kept.
    """

    words: Any
    parts: Callable[[Mapping[str, Any]], Sequence[Part]]
    branches: Callable[[Mapping[str, Any]], Sequence[Branch]]
    complete: Callable[[dict[str, Any]], dict[str, Any]] = dict
    title: Callable[[Any, Any], str] = own_name
    unfolded: Callable[[Any], Any] = same
    folded: Callable[[Any], Any] = same


def in_both(vietnamese: str) -> dict[str, str]:
    """A name for something new: until somebody gives it an English one, it has the Vietnamese one there, too."""
    return {"vi": vietnamese, "en": vietnamese}


def always(*parts: Any) -> Callable[[Mapping[str, Any]], Sequence[Any]]:
    """The same parts or branches, whatever a thing says."""
    return lambda _thing: parts


def known_facts(parts: Iterable[Part], around: Around) -> dict[str, KnownFact]:
    """What the conditions of a panel may ask for, by name; they all may ask for the same."""
    asking = {part.facts for part in parts}
    return {fact.name: fact for facts in asking for fact in facts(around)}


def offered(choices: Choices, around: Around) -> Offered:
    """What a part offers here and now."""
    return choices(around) if callable(choices) else choices
