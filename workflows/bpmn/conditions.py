"""Guards as conditions of BPMN, in Python over the dictionary ``facts``, and as a few words beside an arrow."""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Final

from workflows.definition import Stage, Step
from workflows.guards import Fact, Guard, Operand

LONGEST_WORDS: Final = 60
_SIGNS: Final[Mapping[str, str]] = {"eq": "==", "ne": "!=", "lt": "<", "le": "<=", "gt": ">", "ge": ">="}
_SHOWN: Final[Mapping[str, str]] = {"eq": "=", "ne": "≠", "lt": "<", "le": "≤", "gt": ">", "ge": "≥"}


def python_of(guard: Guard) -> str:
    """Writes a guard as an expression that has the answer of ``guards.holds``.

    It does so for facts of the kind that the guard compares them with, or facts that nobody knows, which are absent
    from ``facts`` or None there. A number with decimals is compared by its digits, as a multiple of both sides:
    a literal such as 60.74 would be a binary fraction.
    """
    if guard.op in _JOINED:
        return _JOINED[guard.op]([f"({python_of(part)})" for part in guard.guards])
    return _COMPARED.get(guard.op, _sign)(guard)


def _sign(guard: Guard) -> str:
    return _ordered(_SIGNS[guard.op], *guard.operands)


def _equal(guard: Guard) -> str:
    return _is_equal(*guard.operands)


def _is_equal(left: Operand, right: Operand) -> str:
    return _ordered("==", left, right)


def _ordered(sign: str, left: Operand, right: Operand) -> str:
    """Compares two operands; what nobody knows compares with nothing."""
    times = max(_decimals(left), _decimals(right))
    known = [f"{_read(each)} is not None" for each in (left, right) if isinstance(each, Fact)]
    return " and ".join([*known, f"{_value(left, times)} {sign} {_value(right, times)}"])


def _between(guard: Guard) -> str:
    value, low, high = guard.operands
    return f"{_ordered('>=', value, low)} and {_ordered('<=', value, high)}"


def _in(guard: Guard) -> str:
    value, *options = guard.operands
    return " or ".join(f"({_is_equal(value, option)})" for option in options)


def _empty(guard: Guard) -> str:
    value = _value(guard.operands[0], 0)
    unknown = f"{value} is None or " if isinstance(guard.operands[0], Fact) else ""
    return f'{unknown}str({value}).strip() == ""'


def _read(fact: Fact) -> str:
    return f'facts.get("{fact.name}")'


def _decimals(operand: Operand) -> int:
    """How many digits a number has after its point."""
    if not isinstance(operand, Decimal):
        return 0
    exponent = operand.as_tuple().exponent
    return max(-exponent, 0) if isinstance(exponent, int) else 0


def _value(operand: Operand, times: int) -> str:
    """Writes an operand, as a multiple of a power of ten."""
    if isinstance(operand, Fact):
        return f"{_read(operand)} * {10**times}" if times else _read(operand)
    if isinstance(operand, int | Decimal) and not isinstance(operand, bool):
        return str(int(operand.scaleb(times) if isinstance(operand, Decimal) else operand * 10**times))
    return repr(operand)


_JOINED: Final[Mapping[str, Callable[[Sequence[str]], str]]] = {
    "all": " and ".join,
    "any": " or ".join,
    "not": lambda parts: f"not {parts[0]}",
}
_COMPARED: Final[Mapping[str, Callable[[Guard], str]]] = {
    "eq": _equal,
    "ne": lambda guard: f"not ({_is_equal(*guard.operands)})",
    "in": _in,
    "between": _between,
    "empty": _empty,
}


def condition_of(stage: Stage) -> str:
    """Writes when a stage applies: its own guard holds, and that of one of its steps; empty for always."""
    own = [f"({python_of(stage.guard)})"] if stage.guard else []
    return " and ".join([*own, *_any_step(stage.steps)])


def decides_if(stage: Stage) -> str:
    """Writes when somebody decides in a stage; empty for always."""
    own = [f"({python_of(stage.guard)})"] if stage.guard else []
    return " and ".join([*own, *_any_step(stage.deciding)])


def _any_step(steps: Sequence[Step]) -> list[str]:
    """Writes that one of some steps takes part; nothing where one does in any case."""
    guards = [step.guard for step in steps if step.guard]
    if len(guards) < len(steps):
        return []
    return [f"({' or '.join(f'({python_of(guard)})' for guard in guards)})"]


def words_of(stage: Stage) -> str:
    """Says when a stage applies in a few signs, such as ``days > 5``; nothing where that would take many."""
    guards = [stage.guard] if stage.guard else [step.guard for step in stage.steps if step.guard]
    words = " / ".join(_words(guard) for guard in guards)
    return words if len(words) <= LONGEST_WORDS else ""


def step_words(step: Step) -> str:
    """Says when a step takes part, in the same way."""
    words = _words(step.guard) if step.guard else ""
    return words if len(words) <= LONGEST_WORDS else ""


def _words(guard: Guard) -> str:
    parts = [_words(part) for part in guard.guards]
    if guard.op == "not":
        return f"¬({parts[0]})"
    if guard.op in _JOINED:
        return {"all": " & ", "any": " | "}[guard.op].join(f"({part})" if len(parts) > 1 else part for part in parts)
    first, *others = [each.name if isinstance(each, Fact) else str(each) for each in guard.operands]
    if guard.op == "in":
        return f"{first} ∈ {{{', '.join(others)}}}"
    if guard.op == "between":
        return f"{others[0]} ≤ {first} ≤ {others[1]}"
    return f"{first} = ∅" if guard.op == "empty" else f"{first} {_SHOWN[guard.op]} {others[0]}"
