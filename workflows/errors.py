"""What the engine says when something is wrong: codes and parameters, never sentences."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final, Literal, TypeAlias

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


REFUSALS: Final[Mapping[str, tuple[str, ...]]] = {
    "stale_version": ("seen", "current"),
    "finished": ("status",),
    "not_finished": (),
    "suspended": (),
    "not_suspended": (),
    "already_submitted": (),
    "not_submitted": ("status",),
    "not_initiator": ("initiator",),
    "not_administrator": (),
    "unanswered": ("anchors",),
    "nobody_cosigned": ("stage",),
    "choice_needed": ("stage", "step", "most"),
    "bad_choice": ("stage", "step"),
    "decided_in_round": ("stage", "step", "person"),
    "in_hand": ("person",),
    "already_in_hand": ("person",),
    "recall_instead": (),
    "already_requested": (),
    "own_draft": (),
    "decided_in_stage": ("stage",),
    "advises_only": (),
    "decides_himself": (),
    "not_your_item": ("stage", "people"),
    "already_decided": ("step", "person"),
    "must_wait": ("people",),
    "claimed": ("step", "person"),
    "already_yours": (),
    "sole_owner": (),
    "not_claimed": (),
    "post_not_held": ("step", "post", "unit"),
    "delegation_over": ("person",),
    "seats_current": (),
    "action_not_offered": ("step", "offered"),
    "reason_required": (),
    "bad_target": ("to", "targets"),
    "needed_elsewhere": ("step", "steps"),
    "nothing_edited": (),
    "not_editable": ("sections",),
    "approved_as_it_was": ("people",),
    "edited_unseen": (),
    "in_person": ("step",),
    "already_delegated": ("person",),
    "to_oneself": (),
    "drafted_it": ("person",),
    "has_decided": ("person",),
    "has_item": ("person",),
    "nobody_named": (),
    "outsider": (),
    "nobody_to_bring_in": (),
    "not_in_a_vote": ("stage",),
    "no_such_item": (),
    "nothing_due": (),
    "same_version": (),
    "decided_by_move": (),
    "document_twice": ("document",),
    "document_issued": (),
    "no_emergency": (),
    "already_emergency": ("person",),
    "not_for_emergency": ("people",),
    "nobody_eligible": ("stage", "step", "needed", "found"),
    "no_stage_applies": (),
    "no_chain": ("form",),
    "several_chains": ("chains",),
}
"""Every code of a refusal, with the names of its params."""


class DefinitionError(WorkflowError):
    """A definition cannot be used; ``code`` is always ``bad_definition``.

    Attributes:
        findings: Every error found, each at its path.
    """

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings = tuple(findings)
        super().__init__("bad_definition", {"errors": len(self.findings)})
        self.args = (self.findings,)
