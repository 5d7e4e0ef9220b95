"""Values that a template names and the data lack: shown in red by their name while a template is only looked at."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any, ClassVar

from jinja2 import Undefined, UndefinedError

from portal.documents.job import PAGE, Missing

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType

MOST_FOUND = 50
LONGEST_NAME = 120
OPEN, CLOSE = "\ue000", "\ue001"
"""Around a name until the page is whole: letters that filters leave alone and no text has."""

MARKS = {OPEN: "<span style=color:#c00000;font-weight:700>", CLOSE: "</span>"}
"""Without quotation marks, so that a name inside an attribute does not end it."""


class _Keys(dict[str, Any]):
    """An object of the data that knows where it stands."""

    place = ""


class _Items(list[Any]):
    """A list of the data that knows where it stands."""

    place = ""


def placed(value: Any, place: str) -> Any:
    """The same data, each object and list of which knows the name it has in a template.

    Args:
        value: plain JSON data.
        place: its own name, such as `doc`; items of a list are `doc.sections[]`, whichever of them.
    """
    found: _Keys | _Items
    if isinstance(value, dict):
        found = _Keys({key: placed(each, f"{place}.{key}") for key, each in value.items()})
    elif isinstance(value, list):
        found = _Items(placed(each, f"{place}[]") for each in value)
    else:
        return value
    found.place = place
    return found


def marked(page: str) -> str:
    """A page that is filled in, with the names of what is missing in red."""
    for letter, mark in MARKS.items():
        page = page.replace(letter, mark)
    return page


def showing(found: dict[Missing, None]) -> type[Undefined]:
    """What Jinja shall make of names that say nothing.

    Args:
        found: gets each name where it is used; what is only asked for by `is defined` or `default` is not missing.
    """
    return type("Shown", (_Shown,), {"found": found})


class _Shown(Undefined):
    """A missing value: its own name where it is printed, nothing where it is chosen by or repeated."""

    found: ClassVar[dict[Missing, None]]

    @property
    def _place(self) -> str:
        within = self._undefined_obj
        before = within._place if isinstance(within, _Shown) else getattr(within, "place", "")  # noqa: SLF001 - its own
        return f"{before}.{self._undefined_name}".removeprefix(".")[:LONGEST_NAME]

    def _note(self) -> str:
        if self._undefined_exception is not UndefinedError:
            self._fail_with_undefined_error()
        if len(self.found) < MOST_FOUND:
            self.found[Missing(self._place, *_line_in_use())] = None
        return self._place

    def __str__(self) -> str:
        return f"{OPEN}{self._note()}{CLOSE}"

    def __bool__(self) -> bool:
        self._note()
        return False

    def __len__(self) -> int:
        self._note()
        return 0

    def __iter__(self) -> Iterator[Any]:
        self._note()
        return iter(())

    def __contains__(self, _item: object) -> bool:
        return bool(self)

    def __eq__(self, _other: object) -> bool:
        return bool(self)

    def __ne__(self, _other: object) -> bool:
        return not self

    def __hash__(self) -> int:
        return id(self)

    def _compared(self, _other: object) -> bool:
        return bool(self)

    __lt__ = __le__ = __gt__ = __ge__ = _compared  # type: ignore[assignment] # Jinja's own never return

    def __getitem__(self, name: Any) -> _Shown:  # type: ignore[override] # what is in nothing is missing as well
        if self._undefined_exception is not UndefinedError:
            self._fail_with_undefined_error()
        return type(self)(obj=self, name=str(name))


def _line_in_use() -> tuple[str, int]:
    """The template that is being filled in, and its line."""
    frame: FrameType | None = inspect.currentframe()
    while frame is not None:
        if template := frame.f_globals.get("__jinja_template__"):
            return str(template.name), template.get_corresponding_lineno(frame.f_lineno)
        frame = frame.f_back
    return PAGE, 1
