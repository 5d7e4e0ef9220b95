"""The state of a case is written in one place: nothing but `recording` changes its tables, with exceptions by name."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import portal
from portal.approvals.models import ApprovalCase, CaseDecision, CaseEvent, WorkItem

if TYPE_CHECKING:
    from collections.abc import Iterator

PORTAL = Path(portal.__file__).parent
GUARDED = {model.__name__: model.__tablename__ for model in (ApprovalCase, WorkItem, CaseEvent, CaseDecision)}
COLUMNS = frozenset(
    column.name for model in (ApprovalCase, WorkItem, CaseEvent, CaseDecision) for column in model.__table__.columns
)
RECORDING = "approvals/recording.py"
ALLOWED = {
    ("approvals/service.py", "submit", "creates ApprovalCase"): "a case is born as a row that `record` then claims",
    ("approvals/due_work.py", "_reckon", "update ApprovalCase"): (
        "when a rung is due is reckoned from the events and the calendar; a new calendar reckons it anew, and the "
        "statement is conditional on the version as well"
    ),
}
"""Module, function and write that are not in `recording`, and why."""

SQL = re.compile(rf"\b(INSERT INTO|UPDATE|DELETE FROM)\s+\"?({'|'.join(GUARDED.values())})\b", re.IGNORECASE)
STATEMENTS = frozenset({"insert", "update", "delete"})
SETTERS = frozenset({"setattr", "set_committed_value", "set_attribute", "flag_modified"})


def _name(node: ast.expr) -> str:
    """The last name of an expression, as in `dialect.insert`."""
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def _model(node: ast.expr, tables: dict[str, str]) -> str:
    """The guarded model that an expression stands for: itself, its table, or a name given to its table."""
    found = next((each for each in map(_name, _expressions(node)) if each in GUARDED or each in tables), "")
    return tables.get(found, found)


def _expressions(node: ast.expr) -> Iterator[ast.expr]:
    return (each for each in ast.walk(node) if isinstance(each, ast.Name | ast.Attribute))


def _tables(tree: ast.Module) -> dict[str, str]:
    """Names that a module gives to guarded models or their tables."""
    named: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            named |= {each.asname: each.name for each in node.names if each.asname and each.name in GUARDED}
        elif isinstance(node, ast.Assign) and isinstance(node.value, ast.Call | ast.Tuple | ast.Name | ast.Attribute):
            named |= _assigned(node)
    return named


def _assigned(node: ast.Assign) -> dict[str, str]:
    target = node.targets[0]
    pairs = (
        zip(target.elts, node.value.elts, strict=False)
        if isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple)
        else [(target, node.value)]
    )
    is_table = {"table_of", "__table__"}
    return {
        _name(name): _model(value, {})
        for name, value in pairs
        if _model(value, {}) and is_table & {_name(each) for each in _expressions(value)}
    }


def writes(source: str) -> Iterator[tuple[str, str]]:
    """The function, and what it writes of a case's tables, for everything that a module writes of them."""
    tree = ast.parse(source)
    tables = _tables(tree)
    is_about_cases = "portal.approvals" in source or any(name in source for name in GUARDED)
    for function, node in _within(tree, ""):
        if isinstance(node, ast.Call):
            yield from ((function, said) for said in _called(node, tables, is_about_cases=is_about_cases))
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and SQL.search(node.value):
            yield function, "SQL"
        elif is_about_cases and isinstance(node, ast.Attribute) and _is_set(node):
            yield function, f"sets {node.attr}"


def _is_set(node: ast.Attribute) -> bool:
    return isinstance(node.ctx, ast.Store | ast.Del) and node.attr in COLUMNS and _name(node.value) != "self"


def _within(node: ast.AST, function: str) -> Iterator[tuple[str, ast.AST]]:
    for child in ast.iter_child_nodes(node):
        inside = child.name if isinstance(child, ast.FunctionDef) else function
        yield inside, child
        yield from _within(child, inside)


def _called(node: ast.Call, tables: dict[str, str], *, is_about_cases: bool) -> Iterator[str]:
    name = _name(node.func)
    if name in STATEMENTS:
        about = node.args[0] if node.args else getattr(node.func, "value", None)
        if about is not None and (model := _model(about, tables)):
            yield f"{name} {model}"
    elif name in GUARDED or name in tables:
        yield f"creates {tables.get(name, name)}"
    elif name in SETTERS and is_about_cases:
        yield name


def _modules() -> Iterator[tuple[str, str]]:
    for path in sorted(PORTAL.rglob("*.py")):
        if "migrations" not in path.parts:
            yield str(path.relative_to(PORTAL)), path.read_text(encoding="utf-8")


def test_only_recording_writes_what_a_case_is() -> None:
    found = {(module, *write) for module, source in _modules() if module != RECORDING for write in writes(source)}
    assert found - set(ALLOWED) == set()
    assert set(ALLOWED) - found == set(), "an exception that nothing needs"


def test_recording_itself_is_seen_to_write_each_table() -> None:
    seen = {said for _, said in writes((PORTAL / RECORDING).read_text(encoding="utf-8"))}
    kinds = {"insert WorkItem", "update WorkItem", "update ApprovalCase", "insert CaseEvent", "insert CaseDecision"}
    assert seen >= kinds
    assert not any(said.startswith("delete") for said in seen), "what was recorded is never deleted"


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("session.execute(update(ApprovalCase).values(status='approved'))", "update ApprovalCase"),
        ("session.execute(delete(models.CaseDecision))", "delete CaseDecision"),
        ("session.execute(insert(table_of(WorkItem)), rows)", "insert WorkItem"),
        ("session.execute(update(ROWS).values(status='open'))", "update WorkItem"),
        ("session.execute(ROWS.update().values(status='open'))", "update WorkItem"),
        ("session.query(CaseEvent).delete()", "delete CaseEvent"),
        ("session.add(WorkItem(status='open'))", "creates WorkItem"),
        ("session.add(Item(status='open'))", "creates WorkItem"),
        ("folder.row.status = 'approved'", "sets status"),
        ("row.version += 1", "sets version"),
        ("del row.stage", "sets stage"),
        ("setattr(row, 'status', 'approved')", "setattr"),
        ("session.execute(text('UPDATE approval_case SET status = 1'))", "SQL"),
    ],
)
def test_every_way_to_write_past_it_is_seen(line: str, said: str) -> None:
    head = "from portal.approvals.models import WorkItem as Item\nROWS = table_of(WorkItem)\n"
    assert list(writes(f"{head}def meddle(session):\n    {line}\n")) == [("meddle", said)]


@pytest.mark.parametrize("line", ["select(ApprovalCase.status)", "case.status == 1", "self.row = row", "row.seen = 1"])
def test_reading_is_no_write(line: str) -> None:
    assert list(writes(f"def look(session):\n    {line}\n")) == []
