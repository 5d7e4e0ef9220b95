"""Why can I, why can't I: the rule for every action, for oneself and, where one may ask, for others."""

from __future__ import annotations

from html import unescape
from typing import TYPE_CHECKING

from workflows.errors import REFUSALS

if TYPE_CHECKING:
    from tests.web.desk import Desk

PAGE, PROGRAM = "/cases/why/1", "/api/v1/case/1/why"


def codes(desk: Desk, who: str, about: str = "") -> dict[str, str]:
    """The code of every answer, as a program gets it."""
    asked = f"?person={desk.key(about)}" if about else ""
    answer = desk.visitor(who).get(PROGRAM + asked)
    assert answer.status_code == 200, answer.text
    return {each["action"]: each["code"] for each in answer.json["answers"]}


def test_everybody_reads_the_rule_for_each_of_his_actions(desk: Desk) -> None:
    said = codes(desk, "head")
    assert (said["approve"], said["recall"], said["cancel"]) == ("allowed", "not_initiator", "not_administrator")
    assert codes(desk, "clerk")["recall"] == "allowed"
    assert codes(desk, "clerk")["approve"] == "own_draft"
    assert set(said.values()) <= {"allowed", "not_permitted", *REFUSALS}
    page = unescape(desk.visitor("head").get(PAGE).text)
    assert "đang giữ “Lãnh đạo đơn vị”" in page
    assert "Cho ai" not in page


def test_what_it_says_is_what_happens(desk: Desk) -> None:
    assert codes(desk, "head")["approve"] == "allowed"
    desk.done("head", "approve")
    assert codes(desk, "head")["approve"] == "not_your_item"
    assert desk.ask("head", "approve").status_code == 422


def test_an_administrator_asks_for_others_and_nobody_else_does(desk: Desk) -> None:
    assert codes(desk, "admin", "head")["approve"] == "allowed"
    assert codes(desk, "admin", "clerk")["approve"] == "own_draft"
    page = unescape(desk.visitor("admin").get(f"{PAGE}?person={desk.key('head')}").text)
    assert f"Quy tắc trả lời {desk.name('head')} lúc này" in page
    assert "Cho ai" in page
    for address in (PAGE, PROGRAM):
        assert desk.visitor("clerk").get(f"{address}?person={desk.key('head')}").status_code == 403
        assert desk.visitor("admin").get(f"{address}?person=999999").status_code == 404


def test_it_writes_nothing(desk: Desk) -> None:
    before = desk.state
    desk.visitor("admin").get(f"{PAGE}?person={desk.key('head')}")
    assert desk.state == before
