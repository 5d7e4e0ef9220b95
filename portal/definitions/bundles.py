"""Taking in several definitions at once: all of them, or none with everything that stands against each."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple

from portal.definitions.drafting import begin_with
from portal.definitions.folders import Wrong
from portal.definitions.models import PUBLISHED
from portal.definitions.service import newest
from portal.definitions.together import hand_on
from workflows.errors import DefinitionError, Refusal, WorkflowError
from workflows.forms import content_hash

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sqlalchemy.orm import Session

    from portal.definitions.folders import Entry
    from portal.definitions.models import Definition
    from portal.security import Actor


class Taken(NamedTuple):
    """What became of one definition.

    Attributes:
        entry: as it was read.
        definition: the draft, or the version; the newest one where it says the same.
        is_new: whether anything changed.
    """

    entry: Entry
    definition: Definition
    is_new: bool


class NotTakenError(WorkflowError):
    """Some of the definitions cannot be taken, so none is.

    Attributes:
        against: what stands against each of them.
    """

    def __init__(self, against: Iterable[Wrong]) -> None:
        self.against = tuple(against)
        super().__init__("not_taken", {"files": len(self.against)})


def take(
    session: Session, actor: Actor, entries: Iterable[Entry], *, publish: bool = False, why: str = ""
) -> list[Taken]:
    """Make a draft of each definition that says something new, or publish it.

    Args:
        session: the transaction; the caller commits, or rolls back.
        actor: who brings them.
        entries: each kind after those that it names.
        publish: whether they are published; where a second person publishes, they are proposed to him.
        why: why there are new versions, where they are published.

    Raises:
        NotTakenError: some cannot be taken; the caller rolls back.
    """
    against: list[Wrong] = []
    taken = []
    for entry in entries:
        with _noting(entry, against):
            taken.append(_begun(session, actor, entry))
    drafts = [each.definition for each in taken if each.is_new]
    for each in (each for each in taken if each.is_new and publish):
        with _noting(each.entry, against):
            hand_on(session, actor, each.definition, why, drafts)
    if against:
        raise NotTakenError(against)
    return taken


@contextmanager
def _noting(entry: Entry, against: list[Wrong]) -> Iterator[None]:
    """Write down what stands against an entry, and go on with the others."""
    try:
        yield
    except DefinitionError as error:
        against.append(Wrong(entry.path, error.findings, body=entry.body))
    except Refusal as refusal:
        against.append(Wrong(entry.path, refusal=refusal))


def _begun(session: Session, actor: Actor, entry: Entry) -> Taken:
    last = newest(session, entry.kind, entry.key)
    if last is not None and last.status == PUBLISHED and last.sha256 == content_hash(entry.body):
        return Taken(entry, last, is_new=False)
    return Taken(entry, begin_with(session, actor, entry.kind, entry.key, entry.body), is_new=True)
