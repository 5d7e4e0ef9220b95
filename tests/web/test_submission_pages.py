"""The pages of a report as the cast sees them: the form of its authors, the paper of its readers."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

import pytest

from portal.demo.journey import january_inputs
from tests.portal.province import FEBRUARY
from tests.uploads import PDF
from tests.web.report_page import Page, address, filled_in, saving, send, upload
from workflows.actions import Return

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.conftest import Visit, Visitor
    from tests.portal.province import Province

JSON = {"Accept": "application/json"}


def typed_in(visitor: Visitor, report: int) -> dict[str, str]:
    """What the form shows now, without what the page itself sends along."""
    form, beside = filled_in(visitor, report), {"csrf_token", "idempotency_key", "edition", "version"}
    return {name: text for name, text in form.items() if name not in beside}


def attach(visitor: Visitor, report: int, name: str = "Phụ lục 1.pdf", content: bytes = PDF) -> Any:
    form = filled_in(visitor, report)
    return send(visitor, report, {**form, "annexes.file": upload(name, content)}, "upload:annexes")


def file_links(visitor: Visitor, report: int) -> list[str]:
    return [link for link in Page(visitor.get(address(report)).text).links if "/submissions/file/" in link]


# -- the form ------------------------------------------------------------------------------------------------------


def test_a_clerk_opens_a_report_and_finds_its_empty_form(visit: Visit) -> None:
    clerk = visit("clerk")
    form = Page(clerk.get("/submissions/new").text).forms[""]
    opened = clerk.client.post("/submissions/new", data={**form, "number": "1", "year": "2025"})
    assert opened.status_code == 302
    page = clerk.get(opened.location)
    assert "Báo cáo tình hình, kết quả thực hiện Đề án 06 tháng 01/2025" in page.text
    assert "15/12/2024" in page.text
    assert "14/01/2025" in page.text
    shown = Page(page.text)
    assert set(january_inputs()) - set(shown.forms[opened.location.replace("show", "save")]) == {
        # second rows come with their button, ticks are sent only when they are set
        *(f"documents.1.{column}" for column in ("number", "issued_on", "summary")),
        "utility_data.nothing",
    }


def test_a_second_report_for_the_period_is_refused_where_it_was_asked_for(visit: Visit, draft: int) -> None:
    clerk = visit("clerk2")
    form = Page(clerk.get("/submissions/new").text).forms[""]
    refused = clerk.client.post("/submissions/new", data={**form, "number": "1", "year": "2025"})
    assert refused.status_code == 422
    page = Page(refused.text)
    assert "Báo cáo tình hình, kết quả thực hiện Đề án 06 tháng 01/2025" in page.words
    assert (page.forms[""]["number"], page.forms[""]["year"]) == ("1", "2025")
    assert f'href="{address(draft)}"' in refused.text, "it leads to the one that exists"


def test_the_form_shows_again_what_was_typed(visit: Visit, draft: int) -> None:
    shown = typed_in(visit("clerk"), draft)
    for name, text in january_inputs().items():
        assert shown[name] == text, name


def test_every_input_is_described_by_the_place_of_its_remarks(visit: Visit, draft: int) -> None:
    page = Page(visit("clerk").get(address(draft)).text)
    inputs = set(typed_in(visit("clerk"), draft)) - {"utility_data.nothing"}
    assert inputs - {name for name in page.bound if page.described[name] == f"said-{name}"} == set()


def test_saving_leads_back_to_the_form_with_the_new_text(visit: Visit, draft: int) -> None:
    clerk = visit("clerk")
    saved = send(clerk, draft, filled_in(clerk, draft, meetings="7"))
    assert (saved.status_code, saved.location) == (302, address(draft))
    assert typed_in(clerk, draft)["meetings"] == "7"


def test_what_cannot_be_read_stays_in_its_input_with_the_reason_beside_it(visit: Visit, draft: int) -> None:
    clerk = visit("clerk")
    send(clerk, draft, filled_in(clerk, draft, meetings="khoảng hai", index_766__as_of="15/13/2025"))
    page = Page(clerk.get(address(draft)).text)
    form = page.forms[saving(draft)]
    assert (form["meetings"], form["index_766.as_of"]) == ("khoảng hai", "15/13/2025")
    assert "1.234" in page.said["meetings"]
    assert "31/01/2025" in page.said["index_766.as_of"]
    assert page.said["inspections"] == ""


def test_a_draft_hears_what_is_wrong_with_its_figures_and_not_what_is_missing(visit: Visit, draft: int) -> None:
    clerk = visit("clerk")
    send(clerk, draft, filled_in(clerk, draft, index_766__value="107,4", security="", cashless_growth__stated="14,02"))
    said = Page(clerk.get(address(draft)).text).said
    assert "107,4" in said["index_766.value"]
    assert "14,02" in said["cashless_growth.stated"]
    assert "14,22" in said["cashless_growth.stated"]
    assert said["security"] == ""


def test_a_refused_submission_lists_links_to_everything_that_is_wrong(visit: Visit, draft: int) -> None:
    clerk = visit("clerk")
    form = filled_in(clerk, draft, security="", index_766__value="107,4", next_tasks__0__due="31/02/2025")
    refused = send(clerk, draft, form, "submit")
    assert refused.status_code == 422
    page = Page(refused.text)
    summary = [link for link in page.links if link.startswith("#f-")]
    assert sorted(summary) == ["#f-index_766", "#f-next_tasks", "#f-security"]
    assert {link.removeprefix("#") for link in summary} <= page.ids
    assert "107,4" in page.said["index_766.value"]
    assert page.said["security"]
    assert page.forms[saving(draft)]["next_tasks.0.due"] == "31/02/2025"


def test_a_button_adds_rows_and_keeps_what_was_typed(visit: Visit, draft: int) -> None:
    clerk = visit("clerk")
    before = filled_in(clerk, draft, difficulties__0__cause="Chưa có quy định")
    assert "difficulties.2.cause" not in before
    sent = send(clerk, draft, before, "row:difficulties")
    assert sent.location.endswith("#f-difficulties"), "the reader stays where he was"
    page = Page(clerk.get(sent.location).text)
    form = page.forms[saving(draft)]
    assert form["difficulties.0.cause"] == "Chưa có quy định"
    assert form["difficulties.2.cause"] == ""
    form["difficulties.2.cause"] = "Chưa bố trí người"
    assert send(clerk, draft, form).status_code == 302
    # Blank rows are closed up.
    assert typed_in(clerk, draft)["difficulties.1.cause"] == "Chưa bố trí người"


def test_handing_in_leads_to_the_paper_of_round_one(visit: Visit, draft: int) -> None:
    clerk = visit("clerk")
    sent = send(clerk, draft, filled_in(clerk, draft), "submit")
    assert (sent.status_code, sent.location) == (302, address(draft))
    page = Page(clerk.get(address(draft)).text)
    assert saving(draft) not in page.forms
    assert "6.450/6.632 (97,26 %)" in page.words
    assert "60,74/100" in page.words
    assert "54/63" in page.words
    assert "15/01/2025" in page.words


# -- saved by itself -----------------------------------------------------------------------------------------------


def test_autosave_answers_the_new_edition_and_the_remarks(visit: Visit, draft: int) -> None:
    clerk = visit("clerk")
    form = filled_in(clerk, draft, meetings="hai", cashless_growth__stated="14,02")
    saved = send(clerk, draft, form, headers=JSON)
    assert saved.status_code == 200
    assert saved.json["edition"] == int(form["edition"]) + 1
    assert {name: [each["severity"] for each in said] for name, said in saved.json["remarks"].items()} == {
        "meetings": ["error"],
        "cashless_growth.stated": ["warning"],
    }
    assert "14,22" in saved.json["remarks"]["cashless_growth.stated"][0]["words"]


def test_autosave_of_nothing_new_keeps_the_edition(visit: Visit, draft: int) -> None:
    clerk = visit("clerk")
    form = filled_in(clerk, draft)
    assert send(clerk, draft, form, headers=JSON).json["edition"] == int(form["edition"])


def test_autosave_over_someone_else_s_save_is_a_conflict(visit: Visit, draft: int) -> None:
    clerk, colleague = visit("clerk"), visit("clerk2")
    mine = filled_in(clerk, draft, meetings="7")
    send(colleague, draft, filled_in(colleague, draft, meetings="8"))
    refused = send(clerk, draft, mine, headers=JSON)
    assert refused.status_code == 409
    assert refused.json["message"]
    assert typed_in(clerk, draft)["meetings"] == "8"


def test_autosave_after_the_session_ended_says_so_to_the_script(visit: Visit, draft: int) -> None:
    clerk = visit("clerk")
    form = filled_in(clerk, draft, meetings="7")
    clerk.client.delete_cookie("trinh_session")
    refused = send(clerk, draft, form, headers=JSON)
    assert (refused.status_code, refused.mimetype) == (401, "application/json")


def test_a_page_that_was_overtaken_keeps_both_texts(visit: Visit, draft: int) -> None:
    clerk, colleague = visit("clerk"), visit("clerk2")
    mine = filled_in(clerk, draft, proposals="Đề nghị của tôi")
    send(colleague, draft, filled_in(colleague, draft, proposals="Đề nghị của đồng nghiệp"))
    refused = send(clerk, draft, mine)
    assert refused.status_code == 409
    form = Page(refused.text).forms[saving(draft)]
    assert form["proposals"] == "Đề nghị của tôi"
    assert typed_in(clerk, draft)["proposals"] == "Đề nghị của đồng nghiệp"
    # He has seen it now: sent again, his text is the newer one.
    assert send(clerk, draft, form).status_code == 302
    assert typed_in(clerk, draft)["proposals"] == "Đề nghị của tôi"


def test_who_still_types_when_a_colleague_hands_it_in_gets_his_text_to_copy(visit: Visit, draft: int) -> None:
    clerk, colleague = visit("clerk"), visit("clerk2")
    mine = filled_in(clerk, draft, proposals="Đề nghị của tôi")
    send(colleague, draft, filled_in(colleague, draft), "submit")
    refused = send(clerk, draft, mine)
    assert refused.status_code == 409
    page = Page(refused.text)
    assert saving(draft) not in page.forms
    assert "typed-proposals" in page.ids
    assert "typed-meetings" not in page.ids
    assert "Đề nghị của tôi" in refused.text


def test_only_who_began_it_hands_it_in_again_and_his_colleague_reads_his_name(
    visit: Visit, prepare: Callable[[Callable[[Province], int]], int]
) -> None:
    report = prepare(returned)
    colleague = visit("clerk2")
    refused = send(colleague, report, filled_in(colleague, report, meetings="4"), "submit")
    assert refused.status_code == 422
    page = Page(refused.text)
    assert "Trần Thị Mai Lan" in page.words
    assert page.forms[saving(report)]["meetings"] == "4"


def returned(province: Province) -> int:
    folder = province.submitted()
    province.act("head", folder, Return(folder.case.version, "Đề nghị bổ sung số cuộc họp"))
    return folder.row.subject_id


# -- readers -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("username", ["head", "deputy", "auditor", "admin", "clerk2"])
def test_readers_see_the_paper_and_no_form(visit: Visit, waiting: int, username: str) -> None:
    reader = visit(username)
    shown = reader.get(address(waiting))
    assert "Cần kiểm tra trước khi quyết định" not in shown.text, "the demonstration report raises no doubt"
    assert shown.status_code == 200
    page = Page(shown.text)
    assert saving(waiting) not in page.forms
    assert "6.450/6.632 (97,26 %)" in page.words
    assert "Không phát sinh: Chưa có nhiệm vụ" in page.words


@pytest.mark.parametrize(("username", "status"), [("head", 403), ("auditor", 403), ("outsider", 404), ("police", 403)])
def test_readers_cannot_save(visit: Visit, draft: int, username: str, status: int) -> None:
    reader = visit(username)
    assert reader.post(saving(draft), {**january_inputs(), "meetings": "9", "edition": "1"}).status_code == status
    assert typed_in(visit("clerk"), draft)["meetings"] == "2"


def test_a_head_reads_the_draft_of_his_unit_and_is_told_that_it_is_one(visit: Visit, draft: int) -> None:
    page = Page(visit("head").get(address(draft)).text)
    assert saving(draft) not in page.forms
    assert "60,74/100" in page.words


@pytest.mark.parametrize("username", ["outsider", "outsider.head", "police.head", "chairman"])
def test_whom_it_does_not_concern_finds_nothing(visit: Visit, waiting: int, username: str) -> None:
    stranger = visit(username)
    assert stranger.get(address(waiting)).status_code == 404
    assert "Đề án 06 tháng 01/2025" not in stranger.get("/submissions/list/").text


def test_nobody_signed_in_is_sent_to_sign_in(visit: Visit, draft: int) -> None:
    answer = visit(None).get(address(draft))
    assert answer.status_code == 302
    assert "/login/" in answer.location


def test_earlier_rounds_are_read_behind_their_own_links(
    visit: Visit, prepare: Callable[[Callable[[Province], int]], int]
) -> None:
    report = prepare(returned)
    clerk = visit("clerk")
    # While it is open its author has the form; the paper of round one is what reviewers read.
    assert send(clerk, report, filled_in(clerk, report, meetings="9"), "submit").status_code == 302
    head = visit("head")
    newest = Page(head.get(address(report)).text)
    rounds = [link for link in newest.links if "round=" in link]
    assert [link.rpartition("round=")[2] for link in rounds] == ["1", "2"]
    label = "Số cuộc họp, giao ban về Đề án 06"
    assert f"{label} 9 cuộc" in newest.words
    assert f"{label} 2 cuộc" in Page(head.get(rounds[0]).text).words
    assert f"{label} 9 cuộc" in Page(head.get(f"{address(report)}?round=99").text).words


def test_reviewers_hear_what_the_gate_doubted(visit: Visit, draft: int) -> None:
    clerk = visit("clerk")
    early = filled_in(clerk, draft, documents__0__issued_on="20/03/2024")
    assert send(clerk, draft, early, "submit").status_code == 302
    assert "Cần kiểm tra trước khi quyết định" in visit("head").get(address(draft)).text


def test_the_returned_report_shows_its_author_why(
    visit: Visit, prepare: Callable[[Callable[[Province], int]], int]
) -> None:
    page = visit("clerk").get(address(prepare(returned))).text
    assert 0 < page.index("Đề nghị bổ sung số cuộc họp") < page.index("data-autosave"), "before the first question"
    assert "You need not do anything here" not in page
    assert "Bạn không cần xử lý gì" not in page


# -- files ---------------------------------------------------------------------------------------------------------


def test_a_file_is_attached_served_for_download_and_taken_off(visit: Visit, draft: int) -> None:
    clerk = visit("clerk")
    assert attach(clerk, draft).status_code == 302
    (link,) = file_links(clerk, draft)
    with clerk.get(link) as answer:
        check_download(answer)
    form = filled_in(clerk, draft)
    (remove,) = [each for each in Page(clerk.get(address(draft)).text).buttons if each.startswith("remove:")]
    assert send(clerk, draft, form, remove).status_code == 302
    assert file_links(clerk, draft) == []


def check_download(answer: Any) -> None:
    """Offered to be kept, never shown: neither its type nor its scripts are the browser's to judge."""
    assert hashlib.sha256(answer.data).hexdigest() == hashlib.sha256(PDF).hexdigest()
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    assert "filename*=UTF-8''Ph%E1%BB%A5%20l%E1%BB%A5c%201.pdf" in answer.headers["Content-Disposition"]
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"] == "sandbox"
    assert "no-store" in answer.headers["Cache-Control"]


def test_attaching_saves_what_was_typed_too(visit: Visit, draft: int) -> None:
    clerk = visit("clerk")
    form = {**filled_in(clerk, draft, meetings="7"), "annexes.file": upload("Phụ lục.pdf", PDF)}
    send(clerk, draft, form, "upload:annexes")
    assert typed_in(clerk, draft)["meetings"] == "7"


def test_a_file_is_reached_only_through_its_own_report(
    visit: Visit, draft: int, prepare: Callable[[Callable[[Province], int]], int]
) -> None:
    other = prepare(lambda province: province.draft(FEBRUARY).id)
    clerk = visit("clerk")
    attach(clerk, draft)
    (link,) = file_links(clerk, draft)
    number = link.rpartition("/")[2]
    assert clerk.get(f"/submissions/file/{other}/{number}").status_code == 404
    assert clerk.get(f"/submissions/file/{draft}/9999").status_code == 404
    assert visit("outsider").get(link).status_code == 404
    assert visit("police.head").get(link).status_code == 404
    with visit("auditor").get(link) as answer:
        assert answer.status_code == 200


@pytest.mark.parametrize("number", ["9999", "x", "²", "-1", "9" * 30, ""])
def test_taking_off_a_file_that_is_not_there_is_refused_and_keeps_the_text(
    visit: Visit, draft: int, number: str
) -> None:
    clerk = visit("clerk")
    refused = send(clerk, draft, filled_in(clerk, draft, meetings="7"), f"remove:{number}")
    assert refused.status_code in {400, 404, 422}
    assert typed_in(clerk, draft)["meetings"] == "7"


def test_choosing_no_file_says_so_beside_the_button(visit: Visit, draft: int) -> None:
    clerk = visit("clerk")
    refused = send(clerk, draft, filled_in(clerk, draft), "upload:annexes")
    assert refused.status_code == 422
    assert Page(refused.text).said["annexes"]
