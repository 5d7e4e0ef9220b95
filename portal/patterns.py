"""Whether a text has a shape, found out in time that grows no faster than the text, whatever the pattern."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import re2

MOST_MEMORY = 1024 * 1024
"""Bytes that one pattern may take; RE2 refuses a larger one, and never tries a text in more than one way at a time."""


def matches(pattern: str, text: str) -> bool:
    """Whether a pattern matches a whole text.

    Args:
        pattern: in the syntax of RE2, for which `problem_of` found nothing.
        text: any text.
    """
    return _compiled(pattern).fullmatch(text) is not None


def problem_of(pattern: str) -> str:
    """Why a pattern cannot be used; empty when it can.

    Args:
        pattern: any text.
    """
    try:
        _compiled(pattern)
    except re2.error as error:
        return bytes(error.args[0]).decode("utf-8", "replace")
    return ""


@lru_cache(maxsize=500)
def _compiled(pattern: str) -> Any:
    options = re2.Options()
    options.log_errors = False
    options.max_mem = MOST_MEMORY
    return re2.compile(pattern, options)
