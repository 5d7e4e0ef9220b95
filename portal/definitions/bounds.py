"""How much a draft may hold: what can be read from a file, however it was put together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from portal.definitions.reading import LARGEST
from portal.definitions.values import DEEPEST, MOST_VALUES
from workflows.errors import Refusal

if TYPE_CHECKING:
    from collections.abc import Iterator

KILOBYTE = 1024


def refuse_beyond(body: Any) -> None:
    """See that a body is one that could be read again: files are bounded, and so is what buttons make of them.

    Args:
        body: plain values of any shape.

    Raises:
        Refusal: `definition_too_large`.
    """
    letters = 0
    for values, (value, depth) in enumerate(_within(body), 1):
        letters += len(str(value).encode("utf-8", "surrogatepass")) if isinstance(value, str | int) else 0
        if values > MOST_VALUES or depth > DEEPEST or letters > LARGEST:
            most = {"kilobytes": LARGEST // KILOBYTE, "values": MOST_VALUES, "levels": DEEPEST}
            raise Refusal("definition_too_large", most)


def _within(body: Any) -> Iterator[tuple[Any, int]]:
    """Every key and value with the mappings and lists that it lies in, itself among them where it is one."""
    open_: list[tuple[Any, int]] = [(body, 0)]
    while open_:
        value, depth = open_.pop()
        here = depth + isinstance(value, dict | list)
        yield value, here
        if isinstance(value, dict):
            open_ += [(each, here) for pair in value.items() for each in pair]
        elif isinstance(value, list):
            open_ += [(each, here) for each in value]
