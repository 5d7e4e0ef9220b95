"""How symbols of others are read, when two arrivals are the same document, and which of them are still open."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from portal.search import search_key
from workflows.errors import Refusal

if TYPE_CHECKING:
    from datetime import date

LONGEST_NUMBER, LONGEST_NOTATION = 11, 30
"""Letters of number and notation (Decree 30/2020, appendix VI: CodeNumber, CodeNotation)."""

NUMBERED = re.compile(r"(\d+\w?)\s*[/-]\s*(\S.*)")
"""4598/CAT-PC06 of the state; 100-KL/ĐU of the Party, which has the type before the slash."""

SHORT: Final = {"uy ban nhan dan": "ubnd", "hoi dong nhan dan": "hdnd", "van phong": "vp"}
"""Words of authors that one registrar writes out and another does not."""

NEW, ASSIGNED, IN_PROGRESS, DONE = "new", "assigned", "in_progress", "done"
ANSWERED, FILED, VOID = "answered", "filed", "void"
STATES: Final = (NEW, ASSIGNED, IN_PROGRESS, DONE, ANSWERED, FILED, VOID)
"""Where an arrival stands; what it is follows from its tasks, notes and answer and is never typed."""

OPEN: Final = (NEW, ASSIGNED, IN_PROGRESS)
"""States in which somebody still has to do something, so that a deadline can be missed."""


class Symbol(NamedTuple):
    """Number and notation of a document, as its author printed them.

    Attributes:
        number: its digits, and a letter behind them; empty where it has none.
        notation: the rest; the whole text where there is no number.
    """

    number: str
    notation: str


def read_symbol(text: str) -> Symbol:
    """Take number and notation apart (Decree 30/2020, appendix I.II.3; the Party's own rules for its documents).

    Args:
        text: as printed, such as 4598/CAT-PC06, 89/TTr-CAT-PC64 or 100-KL/ĐU; a text without a number, such as
            “Không số”, is no number.

    Raises:
        Refusal: `symbol_too_long`, one of them is longer than appendix VI allows.
    """
    found = NUMBERED.fullmatch(text.strip())
    symbol = Symbol(*found.groups()) if found else Symbol("", text.strip())
    if len(symbol.number) > LONGEST_NUMBER or len(symbol.notation) > LONGEST_NOTATION:
        raise Refusal("symbol_too_long", {"number": LONGEST_NUMBER, "notation": LONGEST_NOTATION})
    return symbol


def same_key(symbol: Symbol, author: str, year: int) -> str:
    """What two arrivals of one document have in common (Decree 30/2020, appendix VI.III.1h).

    That is number, notation and author. Case, marks, spaces, zeros in front and the usual short forms of authors do
    not tell documents apart: it is a warning, and a person looks.

    Args:
        symbol: as it was read.
        author: who issued it.
        year: of the document, for numbers begin anew each year.

    Returns:
        the key; empty for a document without a number, which is like no other.
    """
    if not symbol.number:
        return ""
    name = search_key(author)
    for words, short in SHORT.items():
        name = name.replace(words, short)
    notation = search_key(symbol.notation).replace(" ", "")
    return f"{symbol.number.casefold().lstrip('0')}/{notation}|{name}|{year}"


def is_late(state: str, due_on: date | None, on: date) -> bool:
    """Whether somebody should have dealt with an arrival before a day and has not.

    Args:
        state: one of `STATES`.
        due_on: the last day of its time limit; None without one.
        on: that day.
    """
    return state in OPEN and due_on is not None and due_on < on
