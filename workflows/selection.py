"""Which of several chains a submission goes through, and which parts of it."""

from collections.abc import Iterable, Iterator

from workflows.definition import Chain, Stage, Step
from workflows.errors import Refusal
from workflows.guards import holds
from workflows.turn import Facts


def chain_for(form: str, chains: Iterable[Chain], facts: Facts) -> Chain:
    """Finds the chain for a submission: the one whose condition holds, or else the one without a condition.

    Args:
        form: The key of its form.
        chains: All published ones.
        facts: What conditions may see of its content.

    Raises:
        Refusal: ``no_chain`` when none is for it, ``several_chains`` when the choice would be arbitrary.
    """
    known = [chain for chain in chains if form in chain.forms]
    special = [chain for chain in known if chain.guard and holds(chain.guard, facts)]
    found = special or [chain for chain in known if chain.guard is None]
    if not found:
        raise Refusal("no_chain", {"form": form})
    if len(found) > 1:
        raise Refusal("several_chains", {"chains": [dict(chain.name) for chain in found]})
    return found[0]


def parts_of(chain: Chain, facts: Facts) -> Iterator[tuple[Stage, Step]]:
    """Gives the steps that a submission with these facts would go through, each with its stage, in order."""
    for stage in chain.stages:
        for step in stage.steps_for(facts):
            yield stage, step


def choices_of(parts: Iterable[tuple[Stage, Step]]) -> list[tuple[Stage, Step]]:
    """Gives those of some steps whose people the submitter chooses."""
    return [(stage, step) for stage, step in parts if step.share.kind == "chosen"]
