"""Templates printed with made-up data, in the browser: asked for, waited for, looked at, and by nobody else."""

from __future__ import annotations

import copy
import re
from html import unescape
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select

from portal import jobs
from portal.definitions import drafting
from portal.documents.trial_models import TrialPrint
from portal.documents.trials import TRIAL
from portal.documents.words import FAILURES
from portal.jobs import Job
from portal.security import Actor
from tests.web.calls import rows
from tests.web.report_page import Page

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from flask import Flask

    from tests.conftest import Visit, Visitor

KEY = "/definitions/document/provincial-report"
VERSION, DRAFT = f"{KEY}/1", f"{KEY}/draft"
SAMPLE, SAMPLE_OF_DRAFT = f"{KEY}/1/sample", f"{KEY}/0/sample"
PICTURE = re.compile(rf'<img src="({KEY}/\d+/sample/\d+)" width="1000" height="\d+" alt="[^"]+">')
STATE = re.compile(r'data-trial="([^"]+)" data-state="([a-z]+)"')


@pytest.fixture
def designer(visit: Visit) -> Visitor:
    """Who draws forms and templates, signed in."""
    return visit("designer")


@pytest.fixture
def work(portal: Flask) -> Iterator[Callable[[], None]]:
    """Lets the worker do everything that is owed."""

    def until_idle() -> None:
        while jobs.work_one(portal.extensions["trinh"]["database"], 60, 3):
            pass

    yield until_idle
    jobs.HANDLERS[TRIAL].__self__.press.close()  # type: ignore[attr-defined] # a method of the printer


def state(visitor: Visitor, path: str) -> tuple[str, str]:
    """Which trial print a page shows, and how far it is."""
    found = STATE.search(visitor.get(path).text)
    assert found is not None
    return found[1], found[2]


def asked(visitor: Visitor, page: str) -> str:
    """Send the form that a page has for it; gives where that leads."""
    address = state(visitor, page)[0]
    answer = visitor.post(address, Page(visitor.get(page).text).forms[address])
    assert answer.status_code == 302, answer.text
    return str(answer.location)


def written(designer: Visitor, template: str) -> None:
    """Put a template into the draft, which is begun if there is none."""
    designer.post(f"{KEY}/begin")
    typed = Page(designer.get(DRAFT).text).forms[DRAFT]
    before, _, after = typed["source"].removeprefix("\n").partition("template: |")
    style = after[after.index("\nstyle:") :]
    source = f"{before}template: |\n  {template}{style}"
    assert designer.post(DRAFT, {"source": source, "edition": typed["edition"]}).status_code == 302


def count(portal: Flask) -> tuple[int, int]:
    with rows(portal) as session:
        owed = select(func.count()).select_from(Job).where(Job.kind == TRIAL)
        return session.scalar(select(func.count()).select_from(TrialPrint)) or 0, session.scalar(owed) or 0


def test_a_version_is_printed_when_somebody_asks_and_once(
    designer: Visitor, visit: Visit, portal: Flask, work: Callable[[], None]
) -> None:
    assert state(designer, VERSION) == (SAMPLE, "unasked")
    assert asked(designer, VERSION) == f"{VERSION}#preview"
    assert state(designer, VERSION)[1] == state(designer, SAMPLE)[1] == "waiting"
    work()
    page = unescape(designer.get(VERSION).text)
    pictures = PICTURE.findall(page)
    assert pictures == [f"{SAMPLE}/{number}" for number in (1, 2, 3)]
    assert PICTURE.findall(designer.get(SAMPLE).text) == pictures
    assert state(visit("auditor"), VERSION)[1] == "ready"
    assert designer.post(SAMPLE).status_code == 302
    assert count(portal) == (1, 1)


def test_a_page_is_a_picture_and_nothing_else(designer: Visitor, work: Callable[[], None]) -> None:
    asked(designer, VERSION)
    assert designer.get(f"{SAMPLE}/1").status_code == 404
    work()
    answer = designer.get(f"{SAMPLE}/1")
    assert (answer.status_code, answer.mimetype) == (200, "image/jpeg")
    assert answer.data.startswith(b"\xff\xd8\xff")
    assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert answer.headers["Cache-Control"] == "no-store"
    for number in (0, 4, 99):
        assert designer.get(f"{SAMPLE}/{number}").status_code == 404


def test_who_asks_in_the_designer_comes_back_to_it(designer: Visitor) -> None:
    designer.post(f"{KEY}/begin")
    design = f"{DRAFT}/design"
    assert asked(designer, design) == f"{design}#preview"
    assert state(designer, design) == (SAMPLE_OF_DRAFT, "waiting")


def test_a_draft_is_printed_as_it_is_saved(designer: Visitor, portal: Flask, work: Callable[[], None]) -> None:
    written(designer, "<p>{{ doc.title }} {{ doc.subjct }}</p>")
    assert asked(designer, DRAFT) == f"{DRAFT}#preview"
    work()
    page = unescape(designer.get(DRAFT).text)
    assert PICTURE.findall(page) == [f"{SAMPLE_OF_DRAFT}/1"]
    assert "<code>doc.subjct</code>" in page
    written(designer, "<p>{{ doc.title }}</p>")
    assert state(designer, DRAFT) == (SAMPLE_OF_DRAFT, "unasked")
    assert designer.get(f"{SAMPLE_OF_DRAFT}/1").status_code == 404
    assert count(portal) == (1, 1)


def test_an_answer_that_no_form_asks_for_is_missing(designer: Visitor, work: Callable[[], None]) -> None:
    written(designer, "<p>{{ doc.answers.meetings }} {{ doc.answers.topic }}</p>")
    page = unescape(designer.get(DRAFT).text)
    assert "in câu trả lời “topic”" in page
    assert "in câu trả lời “meetings”" not in page
    asked(designer, DRAFT)
    work()
    page = unescape(designer.get(DRAFT).text)
    assert PICTURE.findall(page) == [f"{SAMPLE_OF_DRAFT}/1"]
    assert "<code>doc.answers.topic</code>" in page
    assert "<code>doc.answers.meetings</code>" not in page


def test_a_sample_with_answers_is_printed_anew_when_its_form_asks_something_else(
    designer: Visitor, portal: Flask, work: Callable[[], None]
) -> None:
    written(designer, "<p>{{ doc.answers.meetings }}</p>")
    asked(designer, DRAFT)
    work()
    assert state(designer, DRAFT)[1] == "ready"
    with rows(portal) as session:
        actor = Actor(1, "designer", "", permissions=frozenset({drafting.WRITE}))
        form = drafting.begin(session, actor, "form", "monthly-report")
        body = copy.deepcopy(form.body)
        body["sections"][0]["fields"][2]["label"]["vi"] = "Số cuộc họp giao ban"
        drafting.save(session, actor, form, body, form.edition)
    assert state(designer, DRAFT)[1] == "unasked"


def test_answers_are_offered_where_phrases_and_text_are_written(designer: Visitor) -> None:
    designer.post(f"{KEY}/begin")
    page = unescape(designer.get(f"{DRAFT}/design").text)
    assert page.count("<code>{answers.meetings}</code><span>Câu trả lời cho “Số cuộc họp") == 4
    assert "{answers.documents}" not in page
    page = unescape(designer.get(f"{DRAFT}/design?at=template").text)
    assert "<code>{{ doc.answers.meetings }}</code>" in page


def test_only_phrases_take_answers(designer: Visitor) -> None:
    schedule = "/definitions/schedule/monthly-report"
    designer.post(f"{schedule}/begin")
    assert "Câu trả lời có thể chèn" not in unescape(designer.get(f"{schedule}/draft/design?at=owed_by[0]").text)


def test_why_there_is_none_is_said_with_its_place(designer: Visitor, portal: Flask, work: Callable[[], None]) -> None:
    written(designer, "<p>{{ doc.title.words }}</p>")
    asked(designer, DRAFT)
    work()
    assert state(designer, DRAFT)[1] == "none"
    page = unescape(designer.get(DRAFT).text)
    with portal.test_request_context():
        assert str(FAILURES["template_forbidden"]) in page
    assert "'words'" in page
    assert asked(designer, DRAFT) == f"{DRAFT}#preview"
    assert state(designer, DRAFT)[1] == "waiting"


def test_what_is_written_in_a_template_is_text_on_the_page(designer: Visitor, work: Callable[[], None]) -> None:
    written(designer, "<img src='http://x/<script>alert(1)</script>'>")
    asked(designer, DRAFT)
    work()
    page = designer.get(DRAFT).text
    assert state(designer, DRAFT)[1] == "none"
    assert "<code>http://x/" in page
    assert "<code>http://x/<script>" not in page


def test_an_unsound_draft_has_no_sample(designer: Visitor, portal: Flask) -> None:
    written(designer, "<p>{{ 'a' * 9 }}</p>")
    assert "data-trial" not in designer.get(DRAFT).text
    assert designer.post(SAMPLE_OF_DRAFT).status_code == 422
    assert count(portal) == (0, 0)


def test_who_only_reads_has_a_draft_printed_and_looks_at_it_on_a_page_of_its_own(
    designer: Visitor, visit: Visit, work: Callable[[], None]
) -> None:
    written(designer, "<p>{{ doc.title }}</p>")
    auditor = visit("auditor")
    assert asked(auditor, SAMPLE_OF_DRAFT) == SAMPLE_OF_DRAFT
    work()
    assert state(auditor, SAMPLE_OF_DRAFT)[1] == "ready"
    assert auditor.get(f"{SAMPLE_OF_DRAFT}/1").status_code == 200


@pytest.mark.parametrize("who", ["clerk", "head", "police.head", "units"])
def test_who_may_not_read_templates_sees_no_sample(visit: Visit, who: str, portal: Flask) -> None:
    visitor = visit(who)
    for path in (SAMPLE, f"{SAMPLE}/1"):
        assert visitor.get(path).status_code == 403
    assert visitor.post(SAMPLE).status_code == 403
    assert count(portal) == (0, 0)


def test_nothing_is_printed_without_the_token(designer: Visitor, portal: Flask) -> None:
    assert designer.client.post(SAMPLE).status_code == 400
    assert count(portal) == (0, 0)


@pytest.mark.parametrize(
    "path", [f"{KEY}/99/sample", f"{KEY}/0/sample", "/definitions/document/monthly-report/1/sample"]
)
def test_of_what_is_not_there_there_is_no_sample(designer: Visitor, path: str) -> None:
    for address in (path, f"{path}/1"):
        assert designer.get(address).status_code == 404
    assert designer.post(path).status_code == 404


def test_when_many_wait_nobody_is_kept_waiting(
    designer: Visitor, portal: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("portal.documents.trials.MOST_WAITING", 0)
    assert designer.post(SAMPLE).status_code == 422
    assert count(portal) == (0, 0)


def test_a_version_that_could_not_be_published_today_can_be_read_still(
    designer: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("portal.definitions.syntax.FILTERS", frozenset())
    monkeypatch.setattr("portal.definitions.syntax.FREE", ())
    answer = designer.get(VERSION)
    assert answer.status_code == 200
    assert "data-trial" not in answer.text
