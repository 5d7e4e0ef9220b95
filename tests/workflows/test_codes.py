"""Codes are a promise to translations and screens: none appears, vanishes or changes its params unnoticed."""

import ast
from collections.abc import Iterator
from pathlib import Path

import workflows
from workflows.errors import REFUSALS
from workflows.reader import FINDINGS

ROOM = Path(workflows.__file__).parent
MODULES = ("reader", "guards", "definition", "objections", "turn", "engine")


def calls(name: str) -> Iterator[ast.Call]:
    """All calls of a function or method of this name in the approval engine."""
    for module in MODULES:
        for node in ast.walk(ast.parse((ROOM / f"{module}.py").read_text())):
            if isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1] == name:
                yield node


def code(call: ast.Call, position: int = 0) -> str:
    value = call.args[position]
    assert isinstance(value, ast.Constant)
    return str(value.value)


def test_every_refusal_is_listed_with_its_params() -> None:
    made = {("nobody_eligible", REFUSALS["nobody_eligible"])}  # whose params stand in a variable
    for call in calls("Refusal"):
        params = call.args[1] if len(call.args) > 1 else ast.Dict([], [])
        if isinstance(params, ast.Dict):
            made.add((code(call), tuple(ast.literal_eval(key) for key in params.keys if key)))
    assert made == set(REFUSALS.items())


def test_every_finding_is_listed_with_its_params() -> None:
    made = {(code(call), tuple(str(each.arg) for each in call.keywords)) for call in calls("note")}
    made |= {(code(call, 1), ()) for call in calls("Finding") if isinstance(call.args[1], ast.Constant)}
    assert made == set(FINDINGS.items())
