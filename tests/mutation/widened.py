"""Runs mutmut so that it also mutates what it leaves out by itself: properties, and functions registered by type.

A case answers by properties and is rebuilt by registered functions, so without them the score would speak of neither.
mutmut copies a function with its decorators, once for each mutant; here the decorators stay with the first copy, the
one that chooses among the others.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import libcst
from mutmut.mutation import file_mutation

if TYPE_CHECKING:
    from collections.abc import Iterable

OURS: Final = ("property", "cached_property", "_change.register")

skip = file_mutation.MutationVisitor._skip_node_and_children
arrange = file_mutation.function_trampoline_arrangement


def is_ours(function: libcst.FunctionDef) -> bool:
    """Whether it has decorators, and only such as work on the copy that chooses."""
    module = libcst.Module(body=[])
    names = [module.code_for_node(each.decorator).partition("(")[0] for each in function.decorators]
    return bool(names) and all(name in OURS for name in names)


def skip_others(visitor: file_mutation.MutationVisitor, node: libcst.CSTNode) -> bool:
    """Skip what mutmut skips, but not ours."""
    return not (isinstance(node, libcst.FunctionDef) and is_ours(node)) and skip(visitor, node)


def arrange_undecorated(
    function: libcst.FunctionDef, mutants: Iterable[file_mutation.Mutation], class_name: str | None
) -> tuple[Any, Any, Any, Any]:
    """Arrange the copies as mutmut does, with our decorators on the first one only."""
    if not is_ours(function):
        return arrange(function, mutants, class_name)
    bare = function.with_changes(decorators=[], name=libcst.Name(name_of(function)))
    before, (first, *copies), after, names = arrange(bare, mutants, class_name)
    first = first.with_changes(decorators=[*function.decorators, *first.decorators])
    return before, [first, *copies], after, names


def name_of(function: libcst.FunctionDef) -> str:
    """Its name; for one that is called ``_`` like all of its kind, with the type that it is registered for."""
    annotation = function.params.params[0].annotation
    if function.name.value != "_" or annotation is None:
        return function.name.value
    return "_" + libcst.ensure_type(annotation.annotation, libcst.Name).value


file_mutation.MutationVisitor._skip_node_and_children = skip_others
file_mutation.function_trampoline_arrangement = arrange_undecorated

if __name__ == "__main__":
    from mutmut.__main__ import cli

    cli()
