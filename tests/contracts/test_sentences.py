"""Every refusal, finding, event and render failure has a sentence that can be formed from what it carries."""

from __future__ import annotations

import ast
import importlib
import pkgutil
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import portal
from portal import findings, refusals
from portal.approvals import story
from portal.definitions.reading import FINDINGS as FILE_FINDINGS
from portal.definitions.templates import FINDINGS as TEMPLATE_FINDINGS
from portal.documents import rules
from portal.documents import words as document_words
from portal.documents.job import RENDER_CODES
from portal.documents.trials import REASONS as TRIAL_REASONS
from portal.previews import REASONS
from portal.submissions.gate import UNPRINTABLE
from portal.submissions.wiring import NO_PREVIEW
from workflows.calendars import FINDINGS as CALENDAR_FINDINGS
from workflows.errors import REFUSALS
from workflows.event import Event
from workflows.forms.askable import FINDINGS as CONDITION_FINDINGS
from workflows.forms.definition import FINDINGS as FORM_DEFINITION_FINDINGS
from workflows.forms.findings import BEGINNING, GATE, READING, STYLE
from workflows.history import KINDS
from workflows.reader import FINDINGS as DEFINITION_FINDINGS
from workflows.schedules.cautions import WARNINGS
from workflows.schedules.definition import FINDINGS as SCHEDULE_FINDINGS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

PORTAL = Path(portal.__file__).parent
COMMANDS_ONLY = ("demo",)
"""Folders whose refusals are read by operators in a terminal."""

PLACEHOLDER = re.compile(r"%\((\w+)\)s")
BOOKKEEPING = {
    "case_opened",
    "item_opened",
    "item_closed",
    "item_parked",
    "item_resumed",
    "stage_completed",
    "case_returned",
    "case_rejected",
}
"""Events that another event of the same action already tells."""

for module in pkgutil.walk_packages([str(PORTAL)], "portal."):
    if ".migrations" not in module.name and not module.name.endswith((".sandbox", "__main__")):
        importlib.import_module(module.name)  # rooms add their sentences when they are imported


def asks_for(sentence: object) -> set[str]:
    return set(PLACEHOLDER.findall(str(sentence)))


def raised() -> Iterator[tuple[str, str, set[str] | None]]:
    """Where, code and names of params of every `Refusal("…")` in the portal; None for params built elsewhere."""
    for path in sorted(PORTAL.rglob("*.py")):
        if path.relative_to(PORTAL).parts[0] in COMMANDS_ONLY:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Refusal":
                yield from _code_and_params(path, node)


def _code_and_params(path: Path, node: ast.Call) -> Iterator[tuple[str, str, set[str] | None]]:
    if not isinstance(node.args[0], ast.Constant):
        return
    params: set[str] | None = set()
    if len(node.args) > 1:
        said = node.args[1]
        keys = said.keys if isinstance(said, ast.Dict) else [None]
        params = {str(key.value) for key in keys if isinstance(key, ast.Constant)} if None not in keys else None
    yield f"{path.relative_to(PORTAL)}:{node.lineno}", str(node.args[0].value), params


def test_every_refusal_of_the_engine_has_a_sentence() -> None:
    assert set(REFUSALS) - set(refusals.SENTENCES) == set()


def test_every_refusal_raised_in_the_portal_has_a_sentence() -> None:
    assert [(where, code) for where, code, _ in raised() if code not in refusals.SENTENCES] == []


def test_the_sentence_of_a_refusal_asks_only_for_what_the_refusal_carries() -> None:
    said = [each for each in raised() if each[1] in refusals.SENTENCES and each[2] is not None]
    lacking = [(where, code) for where, code, params in said if asks_for(refusals.SENTENCES[code]) - (params or set())]
    lacking += [("engine", code) for code, params in REFUSALS.items() if asks_for(refusals.SENTENCES[code]) - {*params}]
    assert lacking == []


@pytest.mark.parametrize(
    ("known", "sentences"),
    [
        ({**READING, **BEGINNING, **GATE, **STYLE}, findings.SENTENCES),
        (
            {**DEFINITION_FINDINGS, **FORM_DEFINITION_FINDINGS, **CALENDAR_FINDINGS, **CONDITION_FINDINGS},
            findings.DEFINITION_SENTENCES,
        ),
        ({**SCHEDULE_FINDINGS, **WARNINGS}, findings.DEFINITION_SENTENCES),
        ({**FILE_FINDINGS, **TEMPLATE_FINDINGS}, findings.DEFINITION_SENTENCES),
    ],
    ids=["forms", "definitions", "schedules", "files"],
)
def test_every_finding_has_a_sentence_that_asks_only_for_what_it_carries(
    known: Mapping[str, object], sentences: Mapping[str, object]
) -> None:
    params = {code: set(getattr(said, "params", said)) for code, said in known.items()}  # type: ignore[call-overload]
    assert set(known) - set(sentences) == set()
    assert [code for code in known if asks_for(sentences[code]) - params[code]] == []


def test_no_sentence_is_kept_for_a_finding_that_nobody_makes() -> None:
    known = {*READING, *BEGINNING, *GATE, *STYLE, UNPRINTABLE}
    assert set(findings.SENTENCES) - known == set()


def test_every_rule_of_the_decree_that_refuses_has_a_sentence() -> None:
    codes = set(re.findall(r"`(\w+)`", rules.DecreeError.__doc__ or "")) - {"code", "params"}
    assert "classified" in codes
    assert codes - set(refusals.SENTENCES) == set()


def test_every_reason_for_a_missing_pdf_has_a_sentence() -> None:
    assert set(document_words.FAILURES) == RENDER_CODES


def test_every_reason_for_a_missing_trial_print_has_a_sentence() -> None:
    assert set(document_words.FAILURES) | set(document_words.NO_TRIAL) == TRIAL_REASONS


def test_every_reason_for_a_missing_preview_has_a_sentence() -> None:
    assert set(NO_PREVIEW) == REASONS


def test_every_event_is_told_or_is_bookkeeping() -> None:
    told = {event.kind for event in story.tell.registry if event not in {Event, object}}
    assert told | BOOKKEEPING == set(KINDS)
    assert told & BOOKKEEPING == set()
