"""What a definition may name: what is in force, and the drafts that are published together with it."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from portal.definitions.service import all_current, chain_of, form_of
from workflows.errors import DefinitionError
from workflows.forms import parse_form
from workflows.parsing import parse_chain

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from sqlalchemy.orm import Session

    from portal.definitions.models import Definition
    from workflows.definition import Chain
    from workflows.forms import Form


class InForce:
    """What a check takes for published.

    Attributes:
        session: any transaction.
    """

    def __init__(self, session: Session, beside: Sequence[Definition] = ()) -> None:
        """Takes drafts for published.

        Args:
            session: any transaction.
            beside: drafts; each stands for what is in force under its key.
        """
        self.session = session
        self._beside = beside
        self._found: dict[str, dict[str, Definition]] = {}

    def of(self, kind: str) -> dict[str, Definition]:
        """The definitions of a kind by their keys."""
        if kind not in self._found:
            found = {each.key: each for each in all_current(self.session, kind)}
            self._found[kind] = found | {each.key: each for each in self._beside if each.kind == kind}
        return self._found[kind]

    def forms(self, keys: Iterable[str]) -> Iterator[Form]:
        """Those of some forms that can be read; a draft that cannot be read has findings of its own."""
        for each in (self.of("form")[key] for key in keys if key in self.of("form")):
            with suppress(DefinitionError):
                yield parse_form(each.body) if each.is_draft else form_of(each)

    def chains(self) -> Iterator[Chain]:
        """The chains that can be read."""
        for each in self.of("chain").values():
            with suppress(DefinitionError):
                yield parse_chain(each.body) if each.is_draft else chain_of(each)
