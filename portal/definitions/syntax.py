"""The part of Jinja that templates of documents may use: enough to lay out what is given, nothing to compute with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from jinja2 import nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

ENVIRONMENT: Final = ImmutableSandboxedEnvironment(autoescape=True)
ENVIRONMENT.globals.clear()  # documents have none of Jinja's own functions

ANSWERS: Final = "answers"
"""What a document calls the answers that its template names."""

FREE: Final = (
    *(nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name, nodes.If, nodes.CondExpr),
    *(nodes.Compare, nodes.Operand, nodes.And, nodes.Or, nodes.Not),
)
"""What may stand anywhere. Nothing makes a text longer than the data are: no `~`, `+`, `*`, `%`."""

FILTERS: Final = frozenset({"default", "e", "escape", "first", "last", "length", "lower", "trim", "upper"})
TESTS: Final = frozenset({"defined", "none"})


def forbidden(source: str, blocks: Collection[str]) -> Iterator[tuple[int, str]]:
    """What a template may not hold: the line of each, and what it is.

    Args:
        source: the template.
        blocks: the file names of the blocks that it may import.

    Raises:
        TemplateSyntaxError: it is no Jinja at all.
    """
    tree = ENVIRONMENT.parse(source)
    macros = {each.name for each in tree.find_all(nodes.Macro)}
    macros -= {
        each.name for each in tree.find_all(nodes.Name) if each.ctx != "load"
    }  # or one could be handed to itself
    imported = {each.target for each in tree.find_all(nodes.Import)}
    taken_from = {id(each.node) for each in tree.find_all(nodes.Getattr)}
    for each in tree.find_all(nodes.Node):
        # answers are named one by one, so that it is known which of them are printed
        handed_on = isinstance(each, nodes.Getattr) and each.attr == ANSWERS and id(each) not in taken_from
        if handed_on or not _is_allowed(each, macros, imported, blocks):
            yield each.lineno or 1, _called(each)


def _is_allowed(node: nodes.Node, macros: set[str], imported: set[str], blocks: Collection[str]) -> bool:
    match node:
        case nodes.Getattr():
            allowed = not node.attr.startswith("_")
        case nodes.Const():
            allowed = isinstance(node.value, str | int | None)
        case nodes.Call():
            allowed = not (node.dyn_args or node.dyn_kwargs) and _calls_macro(node.node, macros, imported)
        case nodes.Import():
            allowed = isinstance(node.template, nodes.Const) and node.template.value in blocks
        case nodes.Filter() | nodes.Test():
            allowed = node.name in (FILTERS if isinstance(node, nodes.Filter) else TESTS)
        case nodes.For():
            allowed = not node.recursive
        case _:
            allowed = isinstance(node, (*FREE, nodes.Macro, nodes.Keyword))
    return allowed


def _calls_macro(called: nodes.Node, macros: set[str], imported: set[str]) -> bool:
    """Whether it is a macro of the template itself, or of a block that it imports."""
    if isinstance(called, nodes.Name):
        return called.name in macros
    return isinstance(called, nodes.Getattr) and isinstance(called.node, nodes.Name) and called.node.name in imported


_WORDS: Final[Mapping[type[nodes.Node], str]] = {
    nodes.Call: "()",
    nodes.Concat: "~",
    nodes.Getitem: "[…]",
    nodes.Import: "import",
    nodes.Include: "include",
    nodes.Extends: "extends",
    nodes.Assign: "set",
    nodes.FromImport: "from … import",
}


def _called(node: nodes.Node) -> str:
    """What its author knows it by."""
    if isinstance(node, nodes.Filter):
        return f"|{node.name}"
    if isinstance(node, nodes.Test):
        return f"is {node.name}"
    if isinstance(node, nodes.Getattr):
        return f".{node.attr}"
    return _WORDS.get(type(node), type(node).__name__)
