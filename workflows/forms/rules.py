"""The rules of a form: conditions on several answers, with what is said at which fields where one does not hold."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from workflows.errors import Finding
from workflows.forms.references import check_facts
from workflows.forms.schema import Rule
from workflows.forms.settling import fact_names
from workflows.guards import Guard, holds, mentioned, read_guard
from workflows.reader import LANGUAGES, refuse_repeats

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from workflows.forms.schema import Field, Form
    from workflows.forms.settling import Settled
    from workflows.reader import Node

MAX_RULES: Final = 100
MAX_PLACES: Final = 20
MESSAGE_LENGTH: Final = 500


def read_rules(node: Node, fields: Mapping[str, Field]) -> tuple[Rule, ...]:
    """Read the rules of a form.

    Args:
        node: The list of them.
        fields: The fields of the form, which rules may name.
    """
    facts = frozenset(name for field in fields.values() if field.type for name in fact_names(field))
    nodes = node.items(0, MAX_RULES)
    rules = tuple(_rule(each, fields, facts) for each in nodes)
    refuse_repeats(nodes, [rule.key for rule in rules])
    return rules


def _rule(node: Node, fields: Mapping[str, Field], facts: Collection[str]) -> Rule:
    parts = node.fields(["key", "holds", "message", "fields"], ["when", "severity"])
    places = parts["fields"].items(1, MAX_PLACES)
    names = tuple(place.choice(fields) for place in places)
    refuse_repeats(places, names)
    is_warning = parts["severity"].given and parts["severity"].choice(["error", "warning"]) == "warning"
    return Rule(
        key=parts["key"].word(),
        holds=_guard(parts["holds"], facts),
        message={key: text.text(MESSAGE_LENGTH) for key, text in parts["message"].fields(LANGUAGES).items()},
        fields=names,
        severity="warning" if is_warning else "error",
        when=_guard(parts["when"], facts) if parts["when"].given else None,
    )


def _guard(node: Node, facts: Collection[str]) -> Guard:
    guard = read_guard(node)
    check_facts(node, guard, facts)
    return guard


def broken(form: Form, settled: Settled) -> Iterator[Finding]:
    """What the submit gate says of answers that do not go together, at each field where it is to be said.

    Args:
        form: The form.
        settled: Its answers.
    """
    for rule in form.rules:
        if _is_judged(rule, settled) and not holds(rule.holds, settled.facts):
            code = "rule_broken" if rule.severity == "error" else "rule_doubted"
            for name in rule.fields:
                if name not in settled.hidden:
                    yield Finding(name, code, {"rule": rule.key, "message": rule.message}, rule.severity)


def _is_judged(rule: Rule, settled: Settled) -> bool:
    if rule.when and not holds(rule.when, settled.facts):
        return False
    return _compared(rule.holds) <= settled.facts.keys()


def _compared(guard: Guard) -> frozenset[str]:
    """The facts without which a guard means nothing: those it compares, not those that it asks to be there."""
    if guard.op == "empty":
        return frozenset()
    return mentioned(guard) if not guard.guards else frozenset[str]().union(*map(_compared, guard.guards))
