"""Bad input: each piece gets its reason beside it, in Vietnamese, and nothing that was typed is lost."""

from __future__ import annotations

import time
import unicodedata
from typing import TYPE_CHECKING

import pytest
from flask_appbuilder.security.sqla.models import User
from flask_babel import force_locale
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal import findings
from portal.approvals.models import CaseDecision
from portal.submissions.models import Submission
from tests.web.report_page import Page, address, filled_in, saving, send
from tests.web.rows import count, stored
from workflows.errors import Finding

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask

    from tests.conftest import Visit, Visitor

MEGABYTE = 1024 * 1024
SLOWEST_SECONDS = 30  # whatever the machine; work that grows with the square of a text takes far longer
SCRIPT = "<script>alert(1)</script>"


@pytest.fixture
def says(portal: Flask) -> Callable[..., str]:
    """Gives the sentence of a code in Vietnamese; one that was never translated fails."""

    def sentence(code: str, **params: object) -> str:
        finding = Finding("", code, params)
        with portal.test_request_context():
            words = findings.sentence(finding)
            with force_locale("en"):
                assert words != findings.sentence(finding), f"not translated: {code}"
        return words

    return sentence


def submit_refused(visitor: Visitor, report: int, **typed: str) -> Page:
    """Try to hand in with other text; it must be refused, and everything typed must be there on a new page too."""
    form = filled_in(visitor, report, **typed)
    refused = send(visitor, report, form, "submit")
    assert refused.status_code == 422
    page = Page(refused.text)
    again = Page(visitor.get(address(report)).text)
    for name, text in typed.items():
        where = name.replace("__", ".")
        assert page.forms[saving(report)][where] == text
        assert again.forms[saving(report)][where] == text
    return page


# -- what is typed -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "text", "code"),
    [
        ("meetings", "hai", "not_a_number"),
        ("meetings", "2,5", "not_whole"),
        ("meetings", "1" * 19, "number_too_long"),
        ("dossiers_on_time.numerator", "97,26 %", "bare_percentage"),
        ("index_766.as_of", "hôm qua", "not_a_date"),
        ("index_766.as_of", "31/02/2025", "no_such_date"),
        ("next_tasks.0.due", "31/02/2025", "no_such_date"),
        ("next_tasks.0.due", "1/2/25", "year_not_in_full"),
        ("pilot_models.0.state", "gần xong", "not_offered"),
    ],
)
def test_text_of_the_wrong_kind_is_kept_and_explained(  # noqa: PLR0917 - fixtures and one case
    visit: Visit, draft: int, says: Callable[..., str], name: str, text: str, code: str
) -> None:
    params = {"digits": "18", "decimals": "9"} if code == "number_too_long" else {}
    page = submit_refused(visit("clerk"), draft, **{name.replace(".", "__"): text})
    assert says(code, **params) in page.said[name]


def test_a_numerator_without_its_denominator_is_incomplete(visit: Visit, draft: int) -> None:
    page = submit_refused(visit("clerk"), draft, dossiers_on_time__denominator="", dossiers_on_time__numerator="6.450")
    assert page.said["dossiers_on_time.denominator"] or page.said["dossiers_on_time"]


def test_200_percent_is_refused_with_the_figures_that_make_it(visit: Visit, draft: int) -> None:
    typed = {"dossiers_on_time__numerator": "13.264", "dossiers_on_time__denominator": "6.632"}
    said = submit_refused(visit("clerk"), draft, **typed).said["dossiers_on_time.numerator"]
    assert "13.264" in said
    assert "6.632" in said
    assert "200" in said
    assert "larger" not in said


def test_a_denominator_of_zero_is_refused(visit: Visit, draft: int) -> None:
    typed = {"dossiers_on_time__numerator": "0", "dossiers_on_time__denominator": "0"}
    assert submit_refused(visit("clerk"), draft, **typed).said["dossiers_on_time.denominator"]


def test_ten_megabytes_of_text_are_answered_soon_and_kept(visit: Visit, draft: int, portal: Flask) -> None:
    clerk = visit("clerk")
    line = "Xã đã triển khai nhiệm vụ được giao.\n"
    text = (line * (10 * MEGABYTE // len(line.encode()) + 1)).strip()
    assert len(text.encode()) > 10 * MEGABYTE - len(line.encode())
    form = filled_in(clerk, draft, security=text)
    for button, status in (("save", 302), ("submit", 422)):
        begun = time.monotonic()
        answer = send(clerk, draft, form, button)
        seconds = time.monotonic() - begun
        print(f"10 MB of text, {button}: {answer.status_code} after {seconds:.2f} s")
        assert (answer.status_code, seconds < SLOWEST_SECONDS) == (status, True)
        form["edition"] = str(stored(portal, draft).edition)
    page = Page(answer.text)
    assert "5.000" in page.said["security"]
    assert page.forms[saving(draft)]["security"] == text
    assert stored(portal, draft).values["security"] == text
    begun = time.monotonic()
    assert Page(clerk.get(address(draft)).text).forms[saving(draft)]["security"] == text
    assert time.monotonic() - begun < SLOWEST_SECONDS


def test_vietnamese_in_pieces_is_stored_composed(visit: Visit, draft: int, portal: Flask) -> None:
    clerk = visit("clerk")
    words = "Đề nghị hỗ trợ kinh phí nâng cấp đường truyền cho các xã đặc biệt khó khăn"
    pieces = unicodedata.normalize("NFD", words)
    assert pieces != words
    assert send(clerk, draft, filled_in(clerk, draft, proposals=pieces)).status_code == 302
    assert stored(portal, draft).values["proposals"] == words
    assert filled_in(clerk, draft)["proposals"] == words


@pytest.mark.parametrize("spelled", ["bongdalu truc tiep", "BONGDALU  Truc\ttiep", "bongdalu\ntruc tiep"])
def test_a_deny_listed_phrase_cannot_be_submitted(visit: Visit, draft: int, spelled: str) -> None:
    text = f"Xem {spelled} mỗi tối."
    said = submit_refused(visit("clerk"), draft, proposals=text).said["proposals"]
    assert "bongdalu truc tiep" in said
    assert "stands in the text" not in said


@pytest.mark.parametrize("html", [SCRIPT, "<img src=x onerror=alert(1)>", "<b>Đề nghị</b>", "Hồ sơ&nbsp;trực tuyến"])
def test_html_is_refused_on_submit_and_shown_as_text_before(visit: Visit, draft: int, html: str) -> None:
    clerk = visit("clerk")
    submit_refused(clerk, draft, proposals=html, documents__0__number=html)
    for reader in (clerk, visit("head"), visit("auditor")):
        shown = reader.get(address(draft)).text
        assert html not in shown.replace("&amp;nbsp;", "")
        assert set(Page(shown).scripts) == {"/static/portal.js"}


def test_controls_and_reversed_writing_are_taken_out(visit: Visit, draft: int, portal: Flask) -> None:
    clerk = visit("clerk")
    dirty = "Đề\x00 nghị\x07 bố\u200b trí\u202e kinh\ufeff phí\u2066 năm\x1b[31m 2025"
    assert send(clerk, draft, filled_in(clerk, draft, proposals=dirty, meetings="hai\x00\u202e")).status_code == 302
    kept = stored(portal, draft)
    assert kept.values["proposals"] == "Đề nghị bố trí kinh phí năm[31m 2025"
    assert kept.unread == {"meetings": "hai"}


def test_controls_and_reversed_writing_are_taken_out_of_reasons(visit: Visit, waiting: int, portal: Flask) -> None:
    head = visit("head")
    head.post("/cases/1/return", {"version": 1, "reason": "\u202eXem\x00 lại\x1b mục I\r\n\r\n"})
    with Session(portal.extensions["trinh"]["database"].engine) as session:
        assert session.scalars(select(CaseDecision.reason)).all() == ["Xem lại mục I"]


def test_a_mark_of_secrecy_is_answered_without_being_stored(visit: Visit, draft: int, portal: Flask) -> None:
    clerk = visit("clerk")
    refused = send(clerk, draft, filled_in(clerk, draft, security="TỐI MẬT\nSơ đồ mạng nội bộ"))
    assert refused.status_code == 422
    page = Page(refused.text)
    assert "TỐI MẬT" in page.said["security"]
    assert page.forms[saving(draft)]["security"] == "TỐI MẬT\nSơ đồ mạng nội bộ"
    assert "TỐI MẬT" not in str(stored(portal, draft).values)


# -- what is sent --------------------------------------------------------------------------------------------------


def test_twenty_thousand_parts_are_answered_soon(visit: Visit, draft: int) -> None:
    clerk = visit("clerk")
    form = filled_in(clerk, draft, meetings="7")
    many = {**form, **{f"x{number}": "1" for number in range(20_000)}}
    begun = time.monotonic()
    refused = send(clerk, draft, many)
    assert time.monotonic() - begun < SLOWEST_SECONDS
    assert refused.status_code == 413
    assert '<html lang="vi">' in refused.text
    assert filled_in(clerk, draft)["meetings"] == "2"


def test_rows_beyond_the_end_of_a_table_are_kept_and_explained(visit: Visit, draft: int) -> None:
    clerk = visit("clerk")
    rows = {f"difficulties.{row}.difficulty": f"Khó khăn {row}" for row in range(60)}
    assert send(clerk, draft, {**filled_in(clerk, draft), **rows}).status_code == 302
    page = Page(clerk.get(address(draft)).text)
    assert page.forms[saving(draft)]["difficulties.59.difficulty"] == "Khó khăn 59"
    assert "60" in page.said["difficulties"]
    assert "50" in page.said["difficulties"]


@pytest.mark.parametrize("row", ["999999999999", "²", "-1", "1.5", "00"])
def test_rows_with_impossible_numbers_do_no_harm(visit: Visit, draft: int, row: str) -> None:
    clerk = visit("clerk")
    form = {**filled_in(clerk, draft, meetings="7"), f"documents.{row}.number": "1"}
    begun = time.monotonic()
    for edition in (form["edition"], "0"):  # saved, and given back as overtaken
        assert send(clerk, draft, {**form, "edition": edition}).status_code in {302, 409}
    assert time.monotonic() - begun < SLOWEST_SECONDS
    assert filled_in(clerk, draft)["meetings"] == "7"


def test_an_unknown_button_only_saves(visit: Visit, draft: int) -> None:
    clerk = visit("clerk")
    assert send(clerk, draft, filled_in(clerk, draft, meetings="7"), "launch:rockets").status_code == 302
    assert filled_in(clerk, draft)["meetings"] == "7"


@pytest.mark.parametrize("edition", ["", "x", "-5", "9" * 30, "1.0"])
def test_an_impossible_edition_saves_nothing(visit: Visit, draft: int, portal: Flask, edition: str) -> None:
    clerk = visit("clerk")
    refused = send(clerk, draft, {**filled_in(clerk, draft, meetings="7"), "edition": edition})
    assert refused.status_code in {400, 409}
    assert stored(portal, draft).values["meetings"] == 2


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("number", "13"),
        ("number", "x"),
        ("number", "9" * 30),
        ("period", "week"),
        ("year", "0"),
        ("year", "9" * 30),
        ("unit", "9" * 30),
    ],
)
def test_an_impossible_period_or_unit_is_refused_where_it_was_chosen(
    visit: Visit, portal: Flask, field: str, value: str
) -> None:
    clerk = visit("clerk")
    form = {**Page(clerk.get("/submissions/new").text).forms[""], "number": "1", "year": "2025"}
    refused = clerk.client.post("/submissions/new", data={**form, field: value})
    assert refused.status_code == 422
    assert 'role="alert"' in refused.text
    if field in {"number", "year"}:
        assert Page(refused.text).forms[""][field] == value
    assert count(portal, Submission) == 0


@pytest.mark.parametrize("path", ["/cases/999/approve", "/cases/999/recall", "/cases/1/explode", "/submissions/show/x"])
def test_what_does_not_exist_is_not_found(visit: Visit, waiting: int, path: str) -> None:
    who = visit("clerk" if "recall" in path else "head")
    sent = who.get(path) if "show" in path else who.post(path, {"version": "1", "reason": "Xem lại"})
    assert sent.status_code == 404
    assert '<html lang="vi">' in sent.text


def test_the_case_of_another_unit_is_not_found_and_nothing_is_decided(
    visit: Visit, waiting: int, portal: Flask
) -> None:
    stranger = visit("outsider.head")
    for action in ("approve", "return", "reject"):
        sent = stranger.post(f"/cases/1/{action}", {"version": "1", "reason": "Xem lại"})
        assert sent.status_code == 404
    assert count(portal, CaseDecision) == 0


# -- people --------------------------------------------------------------------------------------------------------


def test_a_name_with_a_script_is_text_wherever_it_is_shown(visit: Visit, waiting: int, portal: Flask) -> None:
    with Session(portal.extensions["trinh"]["database"].engine) as session:
        for name in ("clerk", "head"):
            user = session.scalars(select(User).where(User.username == name)).one()
            user.first_name = SCRIPT
        session.commit()
    for who, path in (("clerk", "/"), ("head", "/"), ("head", address(waiting)), ("head", "/cases/show/1"),
                      ("admin", "/users/list/"), ("clerk", "/account/password")):  # fmt: skip
        html = visit(who).get(path).text
        assert SCRIPT not in html
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
        assert set(Page(html).scripts) == {"/static/portal.js"}


@pytest.mark.parametrize("key", [{}, {"Idempotency-Key": "k"}])
def test_json_that_is_nested_beyond_sense_is_refused(visit: Visit, key: dict[str, str]) -> None:
    admin = visit("admin")
    headers = {"X-CSRFToken": admin.token(), "Content-Type": "application/json", **key}
    for text in ("{", "[" * 100_000 + "]" * 100_000):
        assert admin.client.post("/api/v1/source/", data=text, headers=headers).status_code == 422
