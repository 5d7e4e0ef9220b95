"""Codes are a promise to translations and screens: none appears, vanishes or changes its params unnoticed."""

import ast
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import workflows
from workflows.errors import REFUSALS
from workflows.reader import FINDINGS

ROOM = Path(workflows.__file__).parent
OF_CALENDARS = {"calendars", "workdays", "periods"}
MODULES = sorted(file for file in ROOM.glob("*.py") if file.stem not in OF_CALENDARS)


def calls(name: str, files: list[Path]) -> Iterator[ast.Call]:
    """All calls of a function or method of this name in some modules."""
    for file in files:
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1] == name:
                yield node


def codes(call: ast.Call, position: int = 0) -> set[str]:
    """The code that a call names; both, where it chooses one of two."""
    value = call.args[position]
    named = [value.body, value.orelse] if isinstance(value, ast.IfExp) else [value]
    return {each.value for each in named if isinstance(each, ast.Constant) and isinstance(each.value, str)}


def params(call: ast.Call) -> tuple[str, ...] | None:
    """The names of a refusal's params; None when some stand in a variable."""
    given = call.args[1] if len(call.args) > 1 else ast.Dict([], [])
    if isinstance(given, ast.Dict) and None not in given.keys:
        return tuple(ast.literal_eval(key) for key in given.keys if key)
    return None


def test_every_refusal_is_listed_with_its_params() -> None:
    made = {(code, params(call)) for call in calls("Refusal", MODULES) for code in codes(call)}
    in_variables = {code for code, names in made if names is None}
    assert in_variables == {"nobody_eligible"}
    assert made == {(code, None if code in in_variables else names) for code, names in REFUSALS.items()}


def test_every_refusal_is_shown_by_a_test_with_its_params() -> None:
    shown = defaultdict(set)
    for call in calls("refused", sorted(Path(__file__).parent.glob("test_*.py"))):
        for code in codes(call):
            shown[code].add(frozenset(each.arg for each in call.keywords))
    missing = {code: names for code, names in REFUSALS.items() if frozenset(names) not in shown[code]}
    assert not missing


def test_every_finding_is_listed_with_its_params() -> None:
    noted = [*calls("note", MODULES)]
    made = {(code, tuple(str(each.arg) for each in call.keywords)) for call in noted for code in codes(call)}
    made |= {(code, ()) for call in calls("Finding", MODULES) for code in codes(call, 1)}
    assert made == set(FINDINGS.items())
