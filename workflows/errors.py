"""What the engine says when something is wrong: codes and parameters, never sentences."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

Label: TypeAlias = Mapping[str, str]
"""A text inside a definition, in both languages: ``{"vi": "Duyệt", "en": "Approve"}``."""

Severity: TypeAlias = Literal["error", "warning", "info"]


@dataclass(frozen=True)
class Finding:
    """One remark about a definition or about what was typed into a form.

    Attributes:
        path: Where: ``stages[1].steps[0].owner.posts`` in a definition, an input's name in a form.
        code: A stable word for what is wrong; translations are keyed by it.
        params: JSON-safe values that the translated sentence mentions.
        severity: Only ``error`` stands in the way; ``warning`` and ``info`` are shown.
    """

    path: str
    code: str
    params: Mapping[str, object] = field(default_factory=dict, hash=False)
    severity: Severity = "error"


class WorkflowError(Exception):
    """The engine says no.

    Attributes:
        code: A stable word for the reason; translations are keyed by it.
        params: JSON-safe values that the translated sentence mentions.
    """

    def __init__(self, code: str, params: Mapping[str, object] | None = None) -> None:
        self.code = code
        self.params: Mapping[str, object] = dict(params or {})
        super().__init__(code, self.params)


class Refusal(WorkflowError):  # noqa: N818 - it is an answer that people read, too
    """An action is not allowed: not by this person, or not now."""


class DefinitionError(WorkflowError):
    """A definition cannot be used; ``code`` is always ``bad_definition``.

    Attributes:
        findings: Every error found, in the order of the definition, each at its path.
    """

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings = tuple(findings)
        super().__init__("bad_definition", {"errors": len(self.findings)})
        self.args = (self.findings,)
