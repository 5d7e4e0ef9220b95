"""What holds for every action on a case: it is done once, on the version that was seen, and nothing typed is lost."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html import unescape
from typing import TYPE_CHECKING, Any

import pytest

from portal.approvals.asking import ASKED
from portal.approvals.models import CaseEvent, WorkItem
from portal.approvals.offers import WITHOUT_WORDS
from portal.audit import AuditEntry
from tests.cast import PASSWORD
from tests.web.chains import LEADER, POLICE, chain, put_in_force, stage
from tests.web.desk import kept
from tests.web.report_page import Page

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask

    from tests.portal.province import Province
    from tests.web.desk import Desk

WHY = "Đề nghị bổ sung số cuộc họp giao ban trong kỳ."
OTHER = "Đề nghị xem lại toàn bộ mục hai."
KEY = "mZ0sQm3uWk1n8fE2hXcT7g"


@dataclass(frozen=True)
class Verb:
    """One action, and how a case comes to where it can be carried out.

    Attributes:
        action: its name.
        who: carries it out.
        before: what was done before, and by whom.
        typed: into its form, besides a reason.
    """

    action: str
    who: str
    before: tuple[tuple[str, str, dict[str, Any]], ...] = ()
    typed: dict[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.action


OFFICER = {"to": "police"}
VERBS = [
    Verb("recall", "clerk"),
    Verb("request_recall", "clerk", (("head", "accept", {}),)),
    Verb("withdraw", "clerk"),
    Verb("accept", "head"),
    Verb("claim", "head"),
    Verb("release", "head", (("head", "claim", {}),)),
    Verb("approve", "head"),
    Verb("return", "head"),
    Verb("reject", "head"),
    Verb("approve_in_emergency", "head", (), {"password": PASSWORD}),
    Verb("advise", "police", (("head", "ask_opinion", {**OFFICER, "reason": "Khớp không?"}),)),
    Verb("delegate", "police.head", (("head", "approve", {}),), OFFICER),
    Verb("add_reviewer", "head", (), {**OFFICER, "position": "after"}),
    Verb("ask_opinion", "head", (), OFFICER),
    Verb("suspend", "head"),
    Verb("resume", "head", (("head", "suspend", {"reason": "Chờ số liệu"}),)),
    Verb("reassign", "admin", (), {**OFFICER, "item": "2"}),
    Verb("cancel", "admin"),
    Verb("reopen", "admin", (("head", "reject", {"reason": "Trùng"}),)),
]
TRUSTED = {
    "owner": {"posts": ["head"], "place": "own"},
    "second": {"posts": ["head", "deputy"], "place": "unit", "unit": "PC06"},
}
"""Who may approve at once, and who signs afterwards."""

WORDY = [verb for verb in VERBS if verb.action not in WITHOUT_WORDS]


@pytest.fixture
def waiting(portal: Flask, prepare: Callable[[Callable[[Province], int]], int]) -> int:
    """A report on a chain that knows every action, waiting for the head of its unit."""
    stages = (stage("department", "Lãnh đạo đơn vị duyệt", LEADER), stage("police", "Công an thẩm định", POLICE))
    put_in_force(portal, chain(*stages, emergency=TRUSTED))
    return prepare(lambda province: province.submitted().row.subject_id)


def bring(desk: Desk, verb: Verb) -> None:
    """Bring the case to where the action can be carried out, and let who will do it sign in."""
    desk.visitor(verb.who)
    for who, action, typed in verb.before:
        desk.done(who, action, **typed)


def send(desk: Desk, verb: Verb, **more: Any) -> Any:
    """Send the action with everything it needs."""
    return desk.ask(verb.who, verb.action, **{**verb.typed, "reason": WHY, **more})


def flashes(desk: Desk, who: str) -> list[str]:
    """What somebody is told on the next page that he opens."""
    return re.findall(r'<p class="flash success"[^>]*>(.*?)</p>', desk.visitor(who).get("/account/password").text)


def written(desk: Desk) -> tuple[int, ...]:
    """How much has been left behind."""
    return tuple(desk.count(table) for table in (CaseEvent, WorkItem, AuditEntry))


def test_every_action_is_tried_here() -> None:
    assert {verb.action for verb in VERBS} == set(ASKED)


@pytest.mark.parametrize("verb", VERBS, ids=str)
def test_the_second_click_is_no_error_and_does_nothing(desk: Desk, verb: Verb) -> None:
    bring(desk, verb)
    flashes(desk, verb.who)
    seen, told = desk.version, []
    for _ in range(2):
        answer = send(desk, verb, version=seen, idempotency_key=KEY)
        told.append((answer.status_code, answer.location, flashes(desk, verb.who), desk.state, written(desk)))
    assert told[0] == told[1]
    assert (told[0][0], len(told[0][2]), told[0][3][2]) == (302, 1, seen + 1)


@pytest.mark.parametrize("verb", WORDY, ids=str)
def test_other_words_on_the_same_version_are_no_second_click(desk: Desk, verb: Verb) -> None:
    bring(desk, verb)
    seen = desk.version
    assert send(desk, verb, version=seen).status_code == 302
    after = written(desk)
    answer = send(desk, verb, version=seen, reason=f"{WHY} Xem lại.")
    assert answer.status_code == 409
    assert f"{WHY} Xem lại." in kept(answer.text)
    assert written(desk) == after


@pytest.mark.parametrize("verb", WORDY, ids=str)
def test_other_words_under_the_same_key_are_refused_and_given_back(desk: Desk, verb: Verb) -> None:
    bring(desk, verb)
    assert send(desk, verb, idempotency_key=KEY).status_code == 302
    page = desk.refused(verb.who, verb.action, 422, "key_reused", **verb.typed, reason=OTHER, idempotency_key=KEY)
    assert OTHER in kept(page)
    assert KEY not in page, "what is offered again has a key of its own"


@pytest.mark.parametrize("verb", VERBS, ids=str)
def test_an_old_version_is_refused_and_all_that_was_typed_is_ready_to_be_sent_again(desk: Desk, verb: Verb) -> None:
    bring(desk, verb)
    before = written(desk)
    answer = send(desk, verb, version=0)
    assert answer.status_code == 409
    assert desk.says("stale_version") in unescape(answer.text)
    form = Page(answer.text).forms[f"/cases/1/{verb.action}"]
    typed = {**verb.typed, **({"to": str(desk.key("police"))} if "to" in verb.typed else {})}
    secret = {"password": typed.pop("password")} if "password" in typed else {}
    assert {name: form[name] for name in typed} == typed
    assert PASSWORD not in answer.text
    assert form["version"] == str(desk.version)
    assert (form.get("reason", WHY).strip(), written(desk)) == (WHY, before)
    assert desk.visitor(verb.who).client.post(f"/cases/1/{verb.action}", data={**form, **secret}).status_code == 302


@pytest.mark.parametrize("verb", WORDY, ids=str)
def test_a_reason_too_long_to_keep_comes_back_whole(desk: Desk, verb: Verb) -> None:
    bring(desk, verb)
    before, long = written(desk), " ".join([WHY] * 100)
    answer = send(desk, verb, reason=long)
    assert answer.status_code == 422
    assert Page(answer.text).forms[f"/cases/1/{verb.action}"]["reason"].strip() == long
    assert written(desk) == before


@pytest.mark.parametrize("verb", VERBS, ids=str)
def test_nothing_is_done_without_signing_in_without_a_token_or_without_a_version(desk: Desk, verb: Verb) -> None:
    bring(desk, verb)
    visitor, nobody, path = desk.visitor(verb.who), desk.visit(None), f"/cases/1/{verb.action}"
    named = {"to": desk.key("police")} if "to" in verb.typed else {}
    typed = {**verb.typed, **named, "reason": WHY}
    state, before = desk.state, written(desk)
    away = nobody.post(path, {**typed, "version": state[2]})
    assert (away.status_code, "/login/" in away.text) == (401, True)
    bare = visitor.client.post(path, data={**typed, "version": state[2]})
    assert (bare.status_code, WHY in bare.text) == (401, True)
    for version in ({}, {"version": ""}, {"version": "một"}):
        assert visitor.post(path, {**typed, **version}).status_code == 400
    assert (desk.state, written(desk)) == (state, before)


@pytest.mark.parametrize("verb", VERBS, ids=str)
def test_a_case_of_others_does_not_exist(desk: Desk, verb: Verb) -> None:
    bring(desk, verb)
    stranger = {"clerk": "outsider", "admin": "outsider.head"}.get(verb.who, "outsider.head")
    status = 403 if verb.who == "admin" else 404
    state = desk.state
    assert desk.ask(stranger, verb.action, **{**verb.typed, "reason": WHY}).status_code == status
    assert desk.state == state
