"""What a submission says that somebody makes up to try a chain: only what its conditions ask, as it would be typed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from portal.definitions.facts import facts_of_the_portal
from portal.definitions.surroundings import TASK_LEAD, UNIT_KIND
from portal.findings import sentence
from portal.texts import kept
from portal.words import label
from workflows.errors import Finding
from workflows.forms.askable import Askable, askable_of
from workflows.forms.leaves import OneOf, YesNo
from workflows.forms.notation import Unreadable
from workflows.forms.plain import YES_OR_NO
from workflows.reachable import asked_by

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from portal.units.models import Unit
    from workflows.definition import Chain
    from workflows.forms import Form
    from workflows.forms.leaves import Leaf
    from workflows.guards import Scalar
    from workflows.reachable import Known

INPUT = "fact-"
"""What the names of inputs begin with that hold a fact."""

LONGEST = 400
"""Characters of a sample."""


@dataclass(frozen=True)
class Question:
    """A fact that is asked for.

    Attributes:
        name: of the fact; the input has `INPUT` before it.
        words: what it is called.
        kind: `text`, `number`, `percentage`, `date`, `choice` or `yes_no`.
        choices: key and words of each answer, where there are few.
        typed: what was typed.
        problem: why that cannot be read; empty where it can.
    """

    name: str
    words: str
    kind: str
    choices: tuple[tuple[str, str], ...]
    typed: str
    problem: str = ""

    @property
    def input(self) -> str:
        """The name of its input."""
        return INPUT + self.name


def offered_by(form: Form | None, units: Iterable[Unit]) -> dict[str, Askable]:
    """Everything that a submission in a form can say, and the portal of it, by the names of the facts.

    Args:
        form: of the submission; None where the chain is for none.
        units: that may lead a task.
    """
    fields = form.fields.values() if form else ()
    of_form = {name: askable for field in fields for name, askable in askable_of(field).items()}
    of_portal = {name: askable for name, _words, askable in facts_of_the_portal(units)}
    any_unit = Askable(of_portal[TASK_LEAD].leaf)  # a unit can be made after the chain
    return {**of_form, **of_portal, TASK_LEAD: any_unit}


def known(offered: Mapping[str, Askable]) -> Known:
    """The values that each fact can have, as `workflows.reachable` wants to know them."""
    return {name: each.values for name, each in offered.items()}


def asked(
    chain: Chain, offered: Mapping[str, Askable], words: Mapping[str, str], typed: Callable[[str], str]
) -> tuple[list[Question], dict[str, Scalar]]:
    """What the way through a chain depends on, and what was said of it.

    Args:
        chain: what its conditions ask for is asked; the kind of the unit is not, for the unit is known.
        offered: what a submission can say.
        words: what facts are called.
        typed: gives the text of an input by its name.

    Returns:
        the questions in the order of the chain, and the facts by their names as far as they could be read.
    """
    questions, facts = [], {}
    for name in asked_by(chain):
        if name in offered and name != UNIT_KIND:
            question, answer = _read(name, offered[name].leaf, words.get(name, name), typed(INPUT + name))
            questions.append(question)
            facts.update(answer)
    return questions, facts


def _read(name: str, leaf: Leaf, words: str, said: str) -> tuple[Question, dict[str, Scalar]]:
    text = kept(said)[:LONGEST]
    kind = "yes_no" if isinstance(leaf, YesNo) else leaf.kind
    question = Question(name, words, kind, tuple(_choices(leaf)), text)
    if not text:
        return question, {}
    try:
        value = leaf.read(text, None).value
    except Unreadable as error:
        problem = sentence(Finding(name, error.code, error.params))
        return Question(name, words, kind, question.choices, text, problem), {}
    return question, {name: leaf.fact(value)}


def _choices(leaf: Leaf) -> Iterable[tuple[str, str]]:
    yes_or_no = YES_OR_NO.values() if isinstance(leaf, YesNo) else ()
    choices = leaf.choices if isinstance(leaf, OneOf) else yes_or_no
    return [(choice.key, label(choice.label)) for choice in choices]
