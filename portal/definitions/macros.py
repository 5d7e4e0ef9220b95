"""What a template and its blocks call: names that nothing provides, and macros that would call each other for ever."""

from __future__ import annotations

from graphlib import CycleError, TopologicalSorter
from typing import TYPE_CHECKING, Final, NamedTuple

from jinja2 import meta, nodes

from portal.definitions.syntax import ENVIRONMENT

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

PROVIDED: Final = frozenset({"doc"})
"""What a document gives its template."""

NEVER: Final = frozenset({"caller", "self"})
"""What Jinja knows by itself and documents have no use for; without a call block nobody is a caller."""


class Source(NamedTuple):
    """A template or a block, read.

    Attributes:
        tree: what Jinja makes of it.
        macros: the macros in it, by name.
        imports: what is imported, by the name that it has here.
    """

    tree: nodes.Template
    macros: dict[str, nodes.Macro]
    imports: dict[str, nodes.Import]


def read(source: str) -> Source:
    """One text in which nothing is forbidden."""
    tree = ENVIRONMENT.parse(source)
    macros = {each.name: each for each in tree.find_all(nodes.Macro)}
    return Source(tree, macros, {each.target: each for each in tree.find_all(nodes.Import)})


def nameless(sources: Mapping[str, Source], template: str) -> Iterator[tuple[str, int, str]]:
    """Names that say nothing wherever the document is printed: of each the text it stands in, its line, and itself.

    Args:
        sources: every text by its name.
        template: which of them is the template; a block sees the document only when it is imported with context.
    """
    seeing = {template} | {_target(each) for source in sources.values() for each in _with_context(source)}
    for name, source in sources.items():
        provided = PROVIDED if name in seeing else frozenset()
        unknown = (meta.find_undeclared_variables(source.tree) - provided) | NEVER
        for line, word in sorted({*_named(source, unknown), *_not_in_blocks(source, sources)}):
            yield name, line, word


def _with_context(source: Source) -> Iterator[nodes.Import]:
    return (each for each in source.imports.values() if each.with_context)


def _named(source: Source, unknown: Iterable[str]) -> Iterator[tuple[int, str]]:
    """The first place of each name."""
    places = [(each.name, each.lineno) for each in source.tree.find_all(nodes.Name) if each.name in unknown]
    return ((line, word) for word, line in dict(reversed(places)).items())


def _not_in_blocks(source: Source, sources: Mapping[str, Source]) -> Iterator[tuple[int, str]]:
    """What is taken from a block that has no such macro."""
    for each in source.tree.find_all(nodes.Getattr):
        of = source.imports.get(each.node.name) if isinstance(each.node, nodes.Name) else None
        if of and (block := sources.get(_target(of))) and each.attr not in block.macros:
            yield each.lineno, f"{of.target}.{each.attr}"


def circle(sources: Mapping[str, Source]) -> list[str]:
    """Macros of which each calls the next and the last the first, or blocks that import each other; empty without.

    Args:
        sources: every text by its name.
    """
    calls: TopologicalSorter[str] = TopologicalSorter()
    for name, source in sources.items():
        calls.add(name, *(_target(each) for each in source.imports.values()))
        for macro in source.macros.values():
            called = (each.node for each in macro.find_all(nodes.Call))
            calls.add(f"{name}: {macro.name}", *(_called(name, source, each) for each in called))
    try:
        calls.prepare()
    except CycleError as error:
        return list(reversed(error.args[1]))
    return []


def _called(name: str, source: Source, called: nodes.Expr) -> str:
    """The macro that is called, with the text that it stands in."""
    if isinstance(called, nodes.Getattr) and isinstance(called.node, nodes.Name):
        return f"{_target(source.imports[called.node.name])}: {called.attr}"
    return f"{name}: {called.name}" if isinstance(called, nodes.Name) else name


def _target(imported: nodes.Import) -> str:
    return str(imported.template.value) if isinstance(imported.template, nodes.Const) else ""
