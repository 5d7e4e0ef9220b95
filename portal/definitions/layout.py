"""The layout of a template as the parts it is made of: calls of macros of its blocks, and nothing else in its body.

The text of the template stays the only thing that is kept. What has markup of its own has no parts.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from jinja2 import TemplateSyntaxError, nodes

from portal.definitions.syntax import ENVIRONMENT

if TYPE_CHECKING:
    from collections.abc import Sequence

PAGE = re.compile(
    r"(?P<before>.*<body\b[^>]*>[ \t]*\n?)(?P<run>.*?)(?P<after>[ \t]*</body>\s*</html>\s*)", re.DOTALL | re.IGNORECASE
)
CALL = re.compile(
    r"\{\{-?\s*(?P<alias>[A-Za-z]\w*)\.(?P<macro>[A-Za-z]\w*)\(\s*doc\s*(?:,\s*(?P<number>[1-9][0-9]?)\s*)?\)\s*-?\}\}"
)
IMPORT = re.compile(r"\{%[-+]?\s*import\s+[\"'](?P<block>[\w.-]+)[\"']\s+as\s+(?P<alias>\w+)\s*[-+]?%\}")
WHOLE, OF_SECTION = ("doc",), ("doc", "number")
"""What parts ask for: what the template is given, and some the number of a section of the form as well."""


class Layout(NamedTuple):
    """A template that is made of parts.

    Attributes:
        before: everything up to the first part.
        parts: what it calls, such as `decree30.title`, or `decree30.section:2` for one of a section, in order.
        after: everything behind the last part.
    """

    before: str
    parts: tuple[str, ...]
    after: str


def layout_of(template: Any) -> Layout | None:
    """A template taken apart; None for one with markup of its own between its parts, or that is none at all.

    Args:
        template: its text, however wrong.
    """
    page = PAGE.fullmatch(template) if isinstance(template, str) else None
    if page is None or CALL.sub("", page["run"]).strip():
        return None
    aliases = imported(page["before"])
    calls = list(CALL.finditer(page["run"]))
    if any(call["alias"] not in aliases for call in calls):
        return None
    return Layout(page["before"], tuple(map(_part, calls)), page["after"])


def _part(call: re.Match[str]) -> str:
    name = f"{call['alias']}.{call['macro']}"
    return f"{name}:{call['number']}" if call["number"] else name


def with_parts(template: str, parts: Sequence[str]) -> str:
    """A template with other parts, or in another order; with those it has, it stays as it is to the letter.

    Args:
        template: that is made of parts; another one stays as it is.
        parts: as in `Layout.parts`; what can be no call of a macro is left out.
    """
    layout = layout_of(template)
    if layout is None or layout.parts == tuple(parts):
        return template
    calls = (call_of(part) for part in parts)
    return "".join((layout.before, *(f"{call}\n" for call in calls if CALL.fullmatch(call)), layout.after))


def call_of(part: str) -> str:
    """How a template calls a part."""
    name, _, number = part.partition(":")
    return f"{{{{ {name}({', '.join(filter(None, ('doc', number)))}) }}}}"


def imported(template: str) -> dict[str, str]:
    """The blocks that a template imports, by the names under which it calls them."""
    return {found["alias"]: found["block"] for found in IMPORT.finditer(template)}


def offered_parts(body: Any, asking: tuple[str, ...] = WHOLE) -> list[str]:
    """The parts that a template can be made of: whatever its imported blocks have that asks for nothing else.

    Args:
        body: of a document, however wrong.
        asking: what they ask for; those `OF_SECTION` are without the number.
    """
    template, blocks = (body.get(key) for key in ("template", "blocks")) if isinstance(body, dict) else (None, None)
    if not isinstance(template, str) or not isinstance(blocks, dict):
        return []
    sources = ((alias, blocks.get(block)) for alias, block in imported(template).items())
    known = ((alias, _macros(source)) for alias, source in sources if isinstance(source, str))
    return [f"{alias}.{name}" for alias, macros in known for name, asked in macros if asked == asking]


@lru_cache(maxsize=64)
def _macros(source: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """The macros of a block, and what each asks for."""
    try:
        tree = ENVIRONMENT.parse(source)
    except (TemplateSyntaxError, RecursionError, ValueError):  # it is told when the template is checked
        return ()
    macros = (each for each in tree.body if isinstance(each, nodes.Macro))
    return tuple((each.name, tuple(argument.name for argument in each.args)) for each in macros)


# -- and as the designer shows it ------------------------------------------------------------------------------


def unfolded(body: Any) -> Any:
    """A body as its designer shows it: the template as a thing of its own, its parts as a list.

    Args:
        body: of a document, however wrong; it stays as it is.
    """
    template = body.get("template") if isinstance(body, dict) else None
    if not isinstance(template, str):
        return body
    layout = None if "parts" in body else layout_of(template)
    offers = {"offers": offered_parts(body), "of_section": offered_parts(body, OF_SECTION)}
    holder = {"source": template, "had": list(layout.parts) if layout else None, **offers}
    parts = {"parts": [{"part": part} for part in layout.parts]} if layout else {}
    return {**body, "template": holder, **parts}


def folded(body: Any) -> Any:
    """The body that is kept: whichever was changed, the text of the template or the list of its parts.

    Args:
        body: as `unfolded` gives it, changed in one or the other.
    """
    holder = body.get("template") if isinstance(body, dict) else None
    if not isinstance(holder, dict) or "offers" not in holder:
        return body
    source = str(holder.get("source") or "")
    if holder["had"] is None:
        return {**body, "template": source}
    names = [str(each.get("part") or "") for each in body["parts"]]
    rest = {key: value for key, value in body.items() if key != "parts"}
    return {**rest, "template": source if names == holder["had"] else with_parts(source, names)}
