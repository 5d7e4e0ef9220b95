"""What a request says: the inputs of its form without tokens and secrets, and a digest that knows it again."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

from flask import request

if TYPE_CHECKING:
    from collections.abc import Iterable

TICKET = "resume_ticket"
"""The input that stands in for the token of a form that was held back."""

NOT_SAID = frozenset({"csrf_token", TICKET, "password", "again", "current", "one_time_code", "pin"})
"""Inputs that are no part of what a form says: tokens, passwords and codes."""


def inputs() -> list[tuple[str, str]]:
    """Name and value of everything that the form says."""
    return [(name, value) for name, value in request.form.items(multi=True) if name not in NOT_SAID]


def digest_of(said: Iterable[tuple[str, str]], *more: object) -> str:
    """SHA-256 of where the request goes and what it says; browsers write line ends in their own way.

    Args:
        said: names and values of inputs.
        more: what else it says, as plain values.
    """
    plain = [(name, value.replace("\r\n", "\n")) for name, value in said]
    canonical = json.dumps([request.method, request.full_path, plain, *more], sort_keys=True)
    return hashlib.sha256(canonical.encode()).hexdigest()
