"""The render child: what it refuses, what it survives, and that nothing leaves it but a PDF."""

from __future__ import annotations

import hashlib
import http.server
import io
import subprocess
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import weasyprint
from fontTools.ttLib import TTFont
from pypdf import PdfReader

from portal.confined import ROOT
from portal.definitions import macros, syntax
from portal.documents import rendering
from portal.documents.job import RENDER_CODES, Limits, RenderFailed, RenderJob
from portal.documents.rendering import render
from portal.documents.templating import FILTERS, DocumentEnvironment, fill_in
from portal.documents.typesetting import FONT_FOLDER, FONTS, typeset
from tests.portal.documents.document_samples import report_job

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

ROWS = 20_000


def job(template: str, data: Mapping[str, object] | None = None, **limits: int) -> RenderJob:
    return RenderJob(template=template, data=data or {}, limits=Limits(**limits))


def failure(of: RenderJob) -> RenderFailed:
    with pytest.raises(RenderFailed) as error:
        render(of)
    assert error.value.code in RENDER_CODES
    return error.value


def refusal(template: str, data: Mapping[str, object] | None = None, **limits: int) -> RenderFailed:
    with pytest.raises(RenderFailed) as error:
        fill_in(job(template, data, **limits))
    assert error.value.code in RENDER_CODES
    return error.value


def test_the_same_job_gives_the_same_bytes_in_two_processes() -> None:
    first, second = render(report_job()), render(report_job())
    assert first.pdf == second.pdf
    assert first.sha256 == hashlib.sha256(first.pdf).hexdigest()
    assert first.pages == len(PdfReader(io.BytesIO(first.pdf)).pages) == 3


@pytest.mark.parametrize(
    "template",
    [
        "{{ ''.__class__ }}",
        "{{ ''['__class__'] }}",
        "{{ doc.words.__class__ }}",
        "{{ doc.list.append(1) }}",
        "{{ doc.words.upper() }}",
        "{{ 'a'.center(10 ** 9) }}",
        "{{ 'a' * 10**9 }}",
        "{{ 10**9 * 'a' }}",
        "{{ '%01000000000d' % 1 }}",
        "{{ '{:>1000000000}'.format(1) }}",
        "{{ 9 ** 9 ** 9 }}",
        "{% macro m() %}{% endmacro %}{{ m.name }}",
    ],
)
def test_a_template_reaches_no_attribute_and_no_repeating_operator(template: str) -> None:
    assert refusal(template, {"words": "x", "list": []}).code == "template_forbidden"


UNKNOWN = "range(9) lipsum() cycler(1) joiner() namespace() dict() doc.update(1) doc.items() self.__init__ self._x"


@pytest.mark.parametrize("name", UNKNOWN.split())
def test_a_template_has_no_functions_but_its_own(name: str) -> None:
    assert refusal(f"{{{{ {name} }}}}").code == "missing_value"


@pytest.mark.parametrize("name", ["center", "format", "safe", "indent", "wordwrap", "attr", "map", "tojson", "random"])
def test_a_template_has_no_filter_that_pads_formats_or_trusts(name: str) -> None:
    assert refusal(f"{{{{ 'a'|{name} }}}}").code == "template_syntax"


def test_what_may_be_published_is_there_when_it_is_printed() -> None:
    there = DocumentEnvironment({})
    assert syntax.FILTERS <= FILTERS
    assert there.tests.keys() >= syntax.TESTS
    for name in macros.PROVIDED:
        assert fill_in(job(f"{{{{ {name}.title }}}}", {"title": "Báo cáo"})) == "Báo cáo"


def test_a_missing_value_is_named_with_its_line() -> None:
    found = refusal("<p>\n{{ doc.signature.name }}</p>", {"signature": {}})
    assert (found.code, found.detail) == ("missing_value", "template.html:2: doc.signature.name")


def test_all_missing_values_are_named_at_once() -> None:
    found = refusal("{{ doc.first }}\n{% for each in doc.rows %}{{ each.last }}{% endfor %}", {"rows": [{}, {}]})
    assert found.detail.splitlines() == ["template.html:1: doc.first", "template.html:2: doc.rows[].last"]


def test_an_undefined_name_is_named() -> None:
    found = refusal("{{ chairman }}")
    assert found.code == "missing_value"
    assert "chairman" in found.detail


def test_a_template_that_cannot_be_read_says_in_which_line() -> None:
    found = refusal("<p>\n{% if %}")
    assert found.code == "template_syntax"
    assert found.detail.startswith("template.html:2")


def test_an_endless_macro_and_a_missing_import_fail_as_templates() -> None:
    assert refusal("{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}").code == "template_failed"
    assert refusal("{% import 'other.html' as other %}").code == "template_failed"


def test_text_from_the_data_never_becomes_markup() -> None:
    page = fill_in(job("<p>{{ doc.text }}</p>", {"text": "<img src=x>"}))
    assert page == "<p>&lt;img src=x&gt;</p>"


def test_a_page_that_grows_too_long_is_stopped() -> None:
    data = {"list": list(range(100))}
    found = refusal("{% for a in doc.list %}{% for b in doc.list %}x{% endfor %}{% endfor %}", data, html_letters=9_999)
    assert found.code == "output_too_large"


def test_a_job_that_is_no_job_is_refused() -> None:
    for text in ("", "[]", '{"template": 1}'):
        with pytest.raises(RenderFailed) as error:
            RenderJob.from_json(text)
        assert error.value.code == "bad_job"


def test_a_failure_crosses_the_process_with_its_code_and_detail() -> None:
    found = failure(job("{{ doc.subject }}"))
    assert found.code == "missing_value"
    assert "subject" in found.detail


def test_memory_is_bounded() -> None:
    tenfold = "".join(f"{{% set s{n + 1} = {' ~ '.join([f's{n}'] * 10)} %}}" for n in range(7))
    assert (
        failure(job("{% set s0 = doc.text %}" + tenfold, {"text": "x" * 1000}, memory_bytes=600_000_000)).code
        == "out_of_memory"
    )


ENDLESS = "{% for a in doc.l %}{% for b in doc.l %}{% for c in doc.l %}{% endfor %}{% endfor %}{% endfor %}"


def test_processor_time_is_bounded() -> None:
    found = failure(job(ENDLESS, {"l": list(range(5000))}, cpu_seconds=1))
    assert found.code == "cpu_exhausted"


def test_wall_clock_time_is_bounded() -> None:
    found = failure(job(ENDLESS, {"l": list(range(5000))}, wall_seconds=2))
    assert found.code == "timed_out"


def test_a_huge_table_is_stopped_and_the_next_job_goes_on() -> None:
    page = "<table>{% for r in doc.rows %}<tr><td>{{ r }}</td></tr>{% endfor %}</table>"
    assert failure(job(page, {"rows": list(range(ROWS))}, cpu_seconds=2)).code == "cpu_exhausted"
    assert render(job("<p>Báo cáo</p>")).pages == 1


def test_pages_are_counted() -> None:
    page = "<p style='break-after: page'>a</p>" * 4 + "<p>b</p>"
    assert render(job(page, pages=5)).pages == 5
    found = failure(job(page, pages=4))
    assert found.code == "too_many_pages"


def test_elements_nested_too_deep_cannot_be_laid_out() -> None:
    assert failure(job("<div>" * 3000)).code == "typesetting_failed"


def test_a_letter_without_a_face_is_named_instead_of_printed_as_a_box() -> None:
    found = failure(job("<p>漢 ế</p>"))
    assert found.code == "letter_missing"
    assert found.detail == "漢 U+6F22"


def test_a_child_that_dies_without_a_word_has_crashed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rendering, "COMMAND", (sys.executable, "-c", "import os; os.abort()"))
    assert failure(job("")).code == "crashed"


def test_the_child_sees_nothing_of_the_parents_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY", "keep-me")
    script = "import os, sys; sys.exit(' '.join(os.environ) + ' '.join(os.environ.values()))"
    monkeypatch.setattr(rendering, "COMMAND", (sys.executable, "-c", script))
    found = failure(job(""))
    assert "FONTCONFIG_FILE" in found.detail
    assert "SECRET_KEY" not in found.detail
    assert "keep-me" not in found.detail


def test_the_child_loads_neither_flask_nor_the_database() -> None:
    script = (
        "import sys, portal.documents.sandbox, portal.documents.templating, portal.documents.typesetting;"
        "print(sorted({name.split('.')[0] for name in sys.modules} & {'flask', 'sqlalchemy', 'workflows'}))"
    )
    found = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, check=True)
    assert found.stdout.strip() == b"[]"


def test_every_face_has_every_vietnamese_letter() -> None:
    base = "aăâeêioôơuưy"
    letters = {chr(code) for code in (0x0111, *range(0x1EA0, 0x1EFA))} | set(base + "àáãèéêìíĩòóõùúũýăđ")
    for name in FONTS.values():
        with TTFont(FONT_FOLDER / name) as face:
            assert {ord(letter) for case in letters for letter in case + case.upper()} <= set(face.getBestCmap())


class Canary(http.server.BaseHTTPRequestHandler):
    hits: list[str]

    def do_GET(self) -> None:
        self.hits.append(self.path)
        self.send_response(302 if self.path.startswith("/redirect") else 200)
        self.send_header("Location", "/secret")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def canary(socket_enabled: None) -> Iterator[tuple[str, list[str]]]:
    """A web server on the loopback address and the list of paths that were asked for."""
    handler = type("Listening", (Canary,), {"hits": []})
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}", handler.hits
        server.shutdown()
        thread.join()


HOSTILE = (
    "<link rel=stylesheet href='{address}/link.css'>",
    "<style>@import url({address}/import.css);</style>",
    "<style>@font-face {{ font-family: x; src: url({address}/font.ttf) }} p {{ font-family: x }}</style><p>a",
    "<style>p {{ background: url({address}/background.png) }}</style><p>a",
    "<style>p::before {{ content: url({address}/content.png) }}</style><p>a",
    "<style>li {{ list-style-image: url({address}/list.png) }}</style><li>a",
    "<p style='border-image: url({address}/border.png) 1'>a",
    "<img src='{address}/image.png'>",
    "<img src='{address}/redirect'>",
    "<img srcset='{address}/set.png 2x'>",
    "<img src='image.png'>",
    "<object data='{address}/object.png'></object>",
    "<embed src='{address}/embed.png'>",
    "<svg width='9' height='9'><image href='{address}/svg.png' width='9' height='9'/></svg>",
    "<svg width='9' height='9'><use href='{address}/use.svg#a'/></svg>",
    "<link rel=attachment href='{address}/attachment'>",
    "<link rel=attachment href='file:///etc/passwd'>",
    "<a rel=attachment href='file:///etc/passwd'>a</a>",
    "<img src='file:///etc/passwd'>",
    "<style>@import url(file:///etc/passwd);</style>",
    "<img src='data:image/png;base64,iVBORw0KGgo='>",
    "<link rel=stylesheet href='data:text/css,p{{}}'>",
    "<img src='ftp://127.0.0.1/a.png'>",
    "<img src='asset:../../config.py'>",
    "<img src='ASSET:tinos-regular/../x'>",
    "<base href='{address}/'><img src='based.png'>",
)


def typeset_or_refused(page: str) -> bytes:
    """The PDF of a page, or nothing where an address in it was refused."""
    try:
        return typeset(page, job(""))[0]
    except RenderFailed as failed:
        if failed.code != "resource_refused":
            raise
    return b""


@pytest.mark.filterwarnings("ignore:.*sRGB2014.icc")  # WeasyPrint leaves its colour profile to the collector
@pytest.mark.parametrize("page", HOSTILE)
def test_no_address_is_ever_asked_for_and_no_file_attached(canary: tuple[str, list[str]], page: str) -> None:
    address, hits = canary
    pdf = typeset_or_refused(page.format(address=address))
    assert not pdf or not PdfReader(io.BytesIO(pdf)).attachments
    assert hits == []


@pytest.mark.parametrize("page", ["<img src='http://127.0.0.1/a.png'>", "<img src='a.png'>", "<img src='asset:a'>"])
def test_a_page_that_asks_for_an_address_is_not_printed_without_it(page: str) -> None:
    assert failure(job(page)).code == "resource_refused"


@pytest.mark.parametrize("style", [page for page in HOSTILE if page.startswith("<style>")])
def test_a_style_sheet_of_the_job_is_held_to_the_same(canary: tuple[str, list[str]], style: str) -> None:
    address, hits = canary
    text = style.format(address=address).removeprefix("<style>").partition("</style>")[0]
    with pytest.raises(RenderFailed) as error:
        typeset("<ul><li>a</li></ul><p>b</p>", RenderJob(template="", data={}, styles=(text,)))
    assert error.value.code == "resource_refused"
    assert hits == []


def test_the_canary_hears_what_an_open_fetcher_asks_for(canary: tuple[str, list[str]]) -> None:
    address, hits = canary
    weasyprint.HTML(string=f"<img src='{address}/image.png'><img src='{address}/redirect'>").write_pdf()
    assert set(hits) == {"/image.png", "/redirect", "/secret"}


def test_the_child_has_a_network_of_its_own_where_the_kernel_allows(canary: tuple[str, list[str]]) -> None:
    address, hits = canary
    script = (
        "import sys, urllib.request; from portal.confined import isolate\n"
        "if not isolate(): sys.exit(7)\n"
        f"urllib.request.urlopen('{address}/', timeout=2)"
    )
    ended = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, check=False)
    if ended.returncode == 7:
        pytest.skip("this kernel gives no network namespace to this user")
    assert b"URLError" in ended.stderr
    assert hits == []
    assert render(job("<p>a</p>")).isolated


def test_a_job_brings_its_own_images_under_a_name() -> None:
    with_image = RenderJob(template="<img src='asset:seal'>", data={}, assets={"seal": png()})
    images = PdfReader(io.BytesIO(render(with_image).pdf)).pages[0].images
    assert len(images) == 1


def png() -> bytes:
    from PIL import Image  # noqa: PLC0415 - only this picture needs it

    file = io.BytesIO()
    Image.new("RGBA", (20, 20), (255, 0, 0, 128)).save(file, "PNG")
    return file.getvalue()


@pytest.mark.parametrize("content", [b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"%!PS-Adobe", b""])
def test_an_asset_is_a_png_or_a_jpeg(content: bytes) -> None:
    with pytest.raises(RenderFailed) as error:
        typeset("<p>a", RenderJob(template="", data={}, assets={"seal": content}))
    assert error.value.code == "bad_job"


def test_nothing_is_left_behind_by_a_killed_child(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    where = tmp_path / "where"
    script = f"import tempfile, time; open({str(where)!r}, 'w').write(tempfile.mkdtemp()); time.sleep(60)"
    monkeypatch.setattr(rendering, "COMMAND", (sys.executable, "-c", script))
    assert failure(job("", wall_seconds=1)).code == "timed_out"
    assert where.read_text()
    assert not Path(where.read_text()).exists()
