"""What the conditions of a chain ask for, and which of its stages no submission ever comes to."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal, localcontext
from itertools import pairwise, product
from math import prod
from typing import Final

from workflows.definition import Chain, Stage
from workflows.guards import NUMBER, Fact, Guard, Scalar, holds, mentioned

MOST_TRIED: Final = 4000
"""How many combinations of values are tried; beyond that a condition is taken to be one that can hold."""

ENOUGH_DIGITS: Final = 100
"""For exact halves of any two numbers that a condition can name."""

Known = Mapping[str, Sequence[Scalar] | None]
"""The facts that a submission can give, by name: all values one can have, or None where it can have any."""


def asked_by(chain: Chain) -> tuple[str, ...]:
    """Gives the facts on which the way through a chain depends, each once, in the order of the chain."""
    return tuple(dict.fromkeys(name for names in _asked(chain) for name in names))


def _asked(chain: Chain) -> Iterator[list[str]]:
    if chain.guard:
        yield sorted(mentioned(chain.guard))
    for stage in chain.stages:
        for guard in (*([stage.guard] if stage.guard else []), *stage.guards):
            yield sorted(mentioned(guard))
        yield [step.owner.field for step in stage.steps if step.owner.field]


def never_reached(chain: Chain, known: Known) -> tuple[Stage, ...]:
    """Finds the stages that are skipped whatever a submission says.

    Args:
        chain: Any definition, published or not.
        known: What a submission can say; a fact that is not among it is never given.
    """
    return tuple(stage for stage in chain.stages if not can_hold(_condition(chain, stage), known))


def _condition(chain: Chain, stage: Stage) -> Guard:
    """When a stage is entered: the chain is for it, the stage is, and so is one of its steps."""
    guards = [guard for guard in (chain.guard, stage.guard) if guard]
    if all(step.guard for step in stage.steps):
        guards.append(Guard("any", stage.guards))
    return Guard("all", tuple(guards))


def can_hold(guard: Guard, known: Known) -> bool:
    """Tells whether some facts make a condition hold; what cannot be found out is taken to be possible.

    Each fact is tried with the values that its comparisons name, and with one from each span between them, so that
    a condition that none of them fulfils cannot hold.

    Args:
        guard: The condition.
        known: As in ``never_reached``.
    """
    leaves, names = [*_leaves(guard)], sorted(mentioned(guard))
    if any(_sets_facts_against_each_other(leaf) for leaf in leaves) or any(_is_mixed(name, leaves) for name in names):
        return True
    values = [_values(name, leaves, known) for name in names]
    if prod(map(len, values)) > MOST_TRIED:
        return True
    return any(holds(guard, dict(zip(names, each, strict=True))) for each in product(*values))


def _leaves(guard: Guard) -> Iterator[Guard]:
    """The comparisons in a condition."""
    if guard.operands:
        yield guard
    for part in guard.guards:
        yield from _leaves(part)


def _sets_facts_against_each_other(leaf: Guard) -> bool:
    return len({each.name for each in leaf.operands if isinstance(each, Fact)}) > 1


def _is_mixed(name: str, leaves: Sequence[Guard]) -> bool:
    """Whether a fact is compared with numbers and with texts: then "01" is 1 to the ones, and not "1" to the others."""
    literals = _literals(name, leaves)
    return any(isinstance(each, str) for each in literals) and any(isinstance(each, int | Decimal) for each in literals)


def _literals(name: str, leaves: Sequence[Guard]) -> list[Scalar]:
    """What a fact is compared with; yes and no are left out, for both are tried always."""
    operands = [each for leaf in leaves if Fact(name) in leaf.operands for each in leaf.operands]
    return [each for each in operands if not isinstance(each, Fact | bool)]


def _values(name: str, leaves: Sequence[Guard], known: Known) -> list[Scalar]:
    """One value of a fact from each span that its comparisons can tell apart; not being known is one of them."""
    if name not in known:
        return [None]
    few = known[name]
    if few is not None:
        return [None, *few]
    literals = _literals(name, leaves)
    texts = sorted({each for each in literals if isinstance(each, str)} | {""})
    spelled = [Decimal(text) for text in texts if NUMBER.fullmatch(text)]
    numbers = _spans(sorted({*spelled, *(Decimal(each) for each in literals if isinstance(each, int | Decimal))}))
    beyond = [f"{text}\0" for text in texts]  # the very next text after each
    return [None, True, False, *numbers, *texts, *beyond]


def _spans(numbers: Sequence[Decimal]) -> list[Decimal]:
    """Numbers, with one below, one between each two, and one above them."""
    if not numbers:
        return []
    with localcontext() as context:
        context.prec = ENOUGH_DIGITS
        between = [(low + high) / 2 for low, high in pairwise(numbers)]
        return [numbers[0] - 1, *numbers, *between, numbers[-1] + 1]
