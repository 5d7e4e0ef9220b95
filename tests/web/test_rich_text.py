"""Text with marks on its way: typed as plain text, read and printed with bold, italic and lists, and never as HTML."""

from __future__ import annotations

from html import unescape
from typing import TYPE_CHECKING, Any

from portal.documents.blocks import section_data
from portal.documents.content import Paragraph, Section
from tests.web import own_form
from tests.web.report_page import Page, address, filled_in, send
from tests.workflows.paper import field
from workflows.forms.markup import Run

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.conftest import Visit
    from tests.portal.province import Province

    Prepare = Callable[[Callable[[Province], Any]], Any]

TYPED = "**Kết quả** đạt được:\n\n- _một_ & hai;\n- ba <4."


def opened(prepare: Prepare) -> int:
    def deed(province: Province) -> int:
        own_form.publish(province, field("rich_text", "said", printed=True), field("integer", "other"))
        return own_form.opened(province)

    key: int = prepare(deed)
    return key


def test_marks_are_typed_read_and_printed(visit: Visit, prepare: Prepare) -> None:
    report, clerk = opened(prepare), visit("clerk")
    assert send(clerk, report, filled_in(clerk, report, said=TYPED)).status_code == 302
    form = Page(clerk.get(address(report)).text).forms[f"/submissions/save/{report}"]
    assert str(form["said"]).replace("\r\n", "\n").strip() == TYPED
    assert send(clerk, report, filled_in(clerk, report), "submit").status_code == 302
    page = clerk.get(address(report)).text
    assert "<p><b>Kết quả</b> đạt được:</p>" in page
    assert "<li><i>một</i> &amp; hai;</li><li>ba &lt;4.</li>" in page
    blocks = prepare(lambda province: own_form.printed(province, report))
    assert blocks == (
        Paragraph("Kết quả đạt được:", (Run("Kết quả", bold=True), Run(" đạt được:"))),
        Paragraph("- một & hai;", (Run("- "), Run("một", italic=True), Run(" & hai;"))),
        Paragraph("- ba <4.", (Run("- "), Run("ba <4."))),
    )


def test_a_document_gets_the_words_beside_their_runs() -> None:
    data: Any = section_data(1, Section("Kết quả", (Paragraph("a b", (Run("a", italic=True), Run(" b"))),)))
    assert data["blocks"] == [
        {
            "kind": "paragraph",
            "lead": "",
            "text": "a b",
            "runs": [{"text": "a", "bold": False, "italic": True}, {"text": " b", "bold": False, "italic": False}],
            "on_its_side": False,
        }
    ]


def test_html_in_it_is_refused_and_shown_as_letters(visit: Visit, prepare: Prepare) -> None:
    report, clerk = opened(prepare), visit("clerk")
    refused = send(clerk, report, filled_in(clerk, report, said="**<b>x</b>**"), "submit")
    assert refused.status_code == 422
    assert "<b>x</b>" not in refused.text
    assert "**<b>x</b>**" in unescape(refused.text)
