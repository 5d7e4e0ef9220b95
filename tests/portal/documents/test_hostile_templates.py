"""Templates and styles made to break out, to reach an address or to use everything up: none gets past a trial."""

from __future__ import annotations

import copy
import io
from typing import TYPE_CHECKING, Any

import pytest
from pypdf import PdfReader

from portal.definitions import publishing
from portal.definitions.checks import check
from portal.definitions.library import shipped
from portal.definitions.models import Definition
from portal.definitions.service import current
from portal.documents import trials
from portal.documents.job import Limits, RenderFailed
from portal.documents.press import Press
from portal.documents.rendering import render
from portal.documents.trials import TrialPrinter, job_of
from workflows.errors import DefinitionError
from workflows.forms import content_hash

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.orm import Session

    from portal.documents.trial_models import TrialPrint

BODY: dict[str, Any] = next(body for kind, _key, body in shipped() if kind == "document")
SMALL = Limits(wall_seconds=6, cpu_seconds=1, memory_bytes=700_000_000, pages=5, html_letters=100_000)

ESCAPES = (
    "{{ ''.__class__.__mro__[1].__subclasses__() }}",
    "{{ doc.__class__.__base__.__subclasses__() }}",
    "{{ doc['__class__'] }}",
    "{{ doc|attr('__class__') }}",
    "{{ doc|attr('\\x5f\\x5fclass\\x5f\\x5f') }}",
    "{{ [].append.__globals__ }}",
    "{{ self.__init__.__globals__.__builtins__ }}",
    "{{ self._TemplateReference__context }}",
    "{{ cycler.__init__.__globals__.os.popen('id').read() }}",
    "{{ joiner.__init__.__globals__ }}",
    "{{ namespace.__init__.__globals__ }}",
    "{{ lipsum.__globals__['os'].popen('id').read() }}",
    "{{ url_for.__globals__ }}{{ get_flashed_messages.__globals__ }}",
    "{{ config.items() }}{{ request.application }}",
    "{{ '%s'|format(doc) }}{{ '{0.__class__}'.format(doc) }}",
    "{{ doc|map(attribute='__class__')|list }}",
    "{{ ()|sum(start='') }}{{ doc|tojson }}{{ doc|pprint }}",
    "{% include '/etc/passwd' %}",
    "{% import '../../config.py' as c %}",
    "{% extends doc.title %}",
    "{% set x = doc.__class__ %}{{ x }}",
    "{% call(x) doc.update(1) %}{% endcall %}",
    "{% macro m() %}{{ caller.__globals__ }}{% endmacro %}{{ m.__globals__ }}",
    "{% macro m() %}{{ varargs.__class__ }}{% endmacro %}{{ m(1) }}",
    "{% for k in doc %}{{ loop.__init__.__globals__ }}{% endfor %}",
    "{% for x in doc.sections %}{{ loop.changed.__func__ }}{% endfor %}",
    "{% autoescape false %}{{ doc.title }}{% endautoescape %}",
    "{% filter attr('__class__') %}x{% endfilter %}",
    "{{ doc.title.encode('idna') }}",
    "{{ doc.sections.append(1) }}{{ doc.pop('title') }}",
    "{% debug %}",
    "{% trans %}x{% endtrans %}",
    "{% do doc.clear() %}",
)
"""What would reach Python; none of it is of the part of Jinja that templates may use."""

BOMBS = (
    "{{ 'a' * 1000000000 }}",
    "{{ 'a'.center(1000000000) }}",
    "{{ '%1000000000d'|format(1) }}",
    "{{ 9 ** 9 ** 9 }}",
    "{{ range(1000000000)|list }}",
    "{% for a in range(100000) %}{% for b in range(100000) %}x{% endfor %}{% endfor %}",
    "{% set s = 'aaaaaaaaaa' %}{% set s = s ~ s ~ s %}{{ s }}",
    "{{ lipsum(n=1000000) }}",
    "{{ doc.title|replace('', doc.title)|wordwrap(1) }}",
)
"""What would use everything up by a few letters; it is refused by the same rule."""


def body(**changes: Any) -> dict[str, Any]:
    return {**copy.deepcopy(BODY), **changes}


@pytest.mark.parametrize("template", [*ESCAPES, *BOMBS])
def test_what_templates_may_not_use_is_refused_before_anything_is_printed(template: str) -> None:
    with pytest.raises(DefinitionError):
        check("document", "provincial-report", body(template=template))
    with pytest.raises(DefinitionError):
        check("document", "provincial-report", body(blocks={"decree30.html": template}))


@pytest.fixture(scope="module")
def press() -> Iterator[Press]:
    warm = Press()
    yield warm
    warm.close()


SECRETS = ("root:", "uid=", "<class", "<module", "<function", "<built-in", " at 0x")


def outcome(press: Press, template: str) -> str:
    """What the child makes of a template: the code of its refusal, or the words that it printed."""
    try:
        pdf = render(job_of(body(template=template), SMALL), press).pdf
    except RenderFailed as failed:
        return failed.code
    return " ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)


@pytest.mark.parametrize("template", ESCAPES)
def test_and_would_reach_nothing_if_it_were_not(press: Press, template: str) -> None:
    """The child alone, as if the first rule had a hole: it refuses, or prints the name of what is not there."""
    found = outcome(press, template)
    assert not any(secret in found for secret in SECRETS)
    assert found != "crashed"


LOOPS = "{% for a in doc.sections %}{% for b in doc.sections %}"
LOOPED = "{% endfor %}{% endfor %}"
NESTED = "".join(f"{{% macro m{n + 1}() %}}{f'{{{{ m{n}() }}}}' * 10}{{% endmacro %}}" for n in range(9))

EXHAUSTED = {"cpu_exhausted", "timed_out", "out_of_memory"}
"""Which of these comes first depends on the machine."""

GREEDY = {
    "loops in loops": (LOOPS * 8 + "x" + LOOPED * 8, EXHAUSTED | {"output_too_large"}),
    "silent loops": (LOOPS * 8 + LOOPED * 8, EXHAUSTED),
    "more loops than Python has": (LOOPS * 12 + LOOPED * 12, {"template_failed"}),
    "macros in macros": (
        "{% macro m0() %}aaaaaaaaaa{% endmacro %}" + NESTED + "{{ m9() }}",
        EXHAUSTED | {"output_too_large"},
    ),
    "3000 elements in each other": ("<div>" * 3000, EXHAUSTED | {"typesetting_failed"}),
    "a huge table": ("<table>" + "<tr><td>a<td>b" * 7000, EXHAUSTED | {"too_many_pages"}),
    "a cell over 100000 columns": ("<table><tr><td colspan=100000>a</table>" * 9, EXHAUSTED | {"typesetting_failed"}),
    "pages without end": ("<p style='break-after:page'>a</p>" * 99, EXHAUSTED | {"too_many_pages"}),
}
"""What is allowed and can be made to be too much: what may stop it."""


@pytest.mark.parametrize("name", GREEDY)
def test_what_is_greedy_is_stopped_by_a_limit(press: Press, name: str) -> None:
    template, codes = GREEDY[name]
    greedy = body(template=template)
    check("document", "provincial-report", greedy)
    with pytest.raises(RenderFailed) as failed:
        render(job_of(greedy, SMALL), press)
    assert failed.value.code in codes


STYLES = (
    "@import url(http://127.0.0.1/a.css);",
    "@import 'file:///etc/passwd';",
    "@import url(data:text/css,p{});",
    "@import url(//127.0.0.1/a.css);",
    "@font-face { font-family: x; src: url(http://127.0.0.1/a.ttf) } p { font-family: x }",
    "@font-face { font-family: x; src: url(file:///etc/passwd) } p { font-family: x }",
    "p { background: url(http://127.0.0.1/a.png) }",
    "p { background: url(file:///etc/passwd) }",
    "p { background: url(ftp://127.0.0.1/a.png) }",
    "p { background: url(data:image/png;base64,iVBORw0KGgo=) }",
    "p::before { content: url(//127.0.0.1/a.png) }",
    "p { list-style: url(a.png); display: list-item }",
    "p { border-image: url(asset:../../config.py) 1 }",
    "@page { background: url(gopher://127.0.0.1/) }",
    "@page { @top-left { content: url(http://127.0.0.1/a.png) } }",
)


@pytest.mark.parametrize("style", STYLES)
def test_no_style_reaches_an_address(press: Press, style: str) -> None:
    asking = body(template="<p>a</p>", style=style)
    with pytest.raises(RenderFailed) as failed:
        render(job_of(asking, SMALL), press)
    assert failed.value.code == "resource_refused"


HARMLESS = (
    "p { width: expression(alert(1)); behavior: url(#x) } ",
    "p { --x: var(--y); --y: var(--x); color: var(--x) }",
    "} } } @media { { {",
    "p { counter-increment: a 999999999; content: counter(a) }",
    "/* " + "x" * 10_000,
    "@charset 'utf-7'; p { color: red }",
)


@pytest.mark.parametrize("style", HARMLESS)
def test_a_style_that_means_nothing_does_nothing(press: Press, style: str) -> None:
    assert render(job_of(body(template="<p>a</p>", style=style), SMALL), press).pages == 1


# -- all the way -----------------------------------------------------------------------------------------------


def printed(session: Session, printer: TrialPrinter, **changes: Any) -> TrialPrint:
    """Ask for a body that nobody stopped, and do the job; gives what came of it."""
    said = body(**changes)
    row = Definition(kind="document", key="provincial-report", version=0, name={}, created_by="designer", body=said)
    row.sha256 = content_hash(said)
    session.add(row)
    session.commit()
    trial = trials.ask(session, row)
    session.commit()
    printer.print_trial(session, {"trial_id": trial.id})
    session.commit()
    return trial


@pytest.mark.parametrize(
    ("changes", "reasons"),
    [
        ({"template": GREEDY["silent loops"][0]}, GREEDY["silent loops"][1]),
        ({"template": GREEDY["macros in macros"][0]}, GREEDY["macros in macros"][1]),
        ({"template": "<p>a</p>", "style": STYLES[0]}, {"resource_refused"}),
        ({"template": "<link rel=attachment href='file:///etc/passwd'><p>a"}, {"resource_refused"}),
        ({"template": "<img src='data:image/svg+xml,<svg/>'>"}, {"resource_refused"}),
    ],
)
def test_the_worker_says_why_and_goes_on(
    session: Session, press: Press, changes: dict[str, Any], reasons: set[str]
) -> None:
    publishing.publish_shipped(session)
    printer = TrialPrinter(SMALL, press)
    trial = printed(session, printer, **changes)
    assert (trial.state, trial.reason in reasons) == ("none", True), trial.reason
    sound = trials.ask(session, current(session, "document", "provincial-report"))
    session.commit()
    printer.print_trial(session, {"trial_id": sound.id})
    assert sound.state == "ready"
