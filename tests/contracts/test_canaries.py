"""Names are text: markup, template code and every script in them reach pages, programs and PDFs as they were typed."""

from __future__ import annotations

import io
import re
import unicodedata
from html import escape
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest
from flask_appbuilder.security.sqla.models import Group, User
from pdfminer.high_level import extract_text
from sqlalchemy import Column, String, inspect, literal, select, update
from sqlalchemy import cast as cast_to
from sqlalchemy.orm import Session
from werkzeug.http import parse_options_header

from portal import jobs
from portal.approvals.models import ApprovalCase
from portal.files import StoredFile
from portal.incoming.models import IncomingDocument, IncomingNote
from portal.indicators.models import Indicator
from portal.submissions.models import Submission
from portal.tasks.models import ClarityProfile, ProgressNote, SourceDocument, Task
from portal.units.models import Holding, Post, Unit
from tests import cast
from tests.contracts.matrix import Call, Count, place, read, tables
from tests.contracts.test_gets_write_nothing import ONE_OF_EACH, without_rows
from tests.web.calls import key_of, typed_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.orm import InstrumentedAttribute

    from tests.contracts.stage import Stage

TAG = "<img src=x onerror=alert(1)>"
CODE = "Q{{7*7}}Q"
CANARIES = (
    f"{TAG}{CODE}</textarea></title></script><script>alert(1)</script>\"' onfocus=alert(1) x=${{7*7}} %(title)s %s 😀",
    f"{TAG}{CODE}\"' onfocus=alert(1) ",
    f"{TAG}{CODE}",
    f'">{CODE}<b>',
)
"""From the longest to the shortest: what a column takes."""

COMPUTED = "Q49Q"
"""What stands on a page that took a name for code."""

SCRIPTS = {
    "tiếng Việt, tổ hợp rời": unicodedata.normalize("NFD", "Sở Thông tin và Truyền thông - Đặng Thị Ngọc Ánh"),
    "Jrai và Bahnar": "Rơ Châm H’Liên, Ƀlum, Čư̆ Păh, Kpă Y̆",
    "Ả Rập": "مكتب العمل ١٢٣",
    "Do Thái": "לשכת העבודה",
    "Hán, bốn byte": "𠮷野家 𡨸喃",
    "Thái": "สำนักงานแรงงาน",
    "biểu tượng": "👩‍💻 🇻🇳 ✅",
    "dấu chồng": "Sở n̈ọ́i vụ̧",
}
"""Names that people or machines may have; shown as they are kept, which is composed."""

HIDDEN = "Sở\u202e gnôhc nìhn\u202c và\u200b\u2066 ẩn\u2069\u00ad"
"""Marks that turn or hide text; a name keeps its letters, and none of the marks."""

LEFT: dict[Any, set[str]] = {
    Unit: {"code", "kind", "search", "sort_key"},
    Post: {"code", "kind"},
    Holding: set(),
    User: {"username", "password"},
    Group: set(),
    Task: {"deadline_kind", "search"},
    SourceDocument: {"search"},
    ClarityProfile: {"code"},
    Indicator: {"key", "kind", "direction", "aggregation"},
    ProgressNote: set(),
    Submission: {"form_key", "period_kind", "search"},
    ApprovalCase: {"subject_kind", "status", "stage"},
    StoredFile: {"sha256", "kind"},
    IncomingDocument: {"urgency", "same_key", "search"},
    IncomingNote: set(),
}
"""Table → the texts that nobody types, or that the portal is steered by."""


def fitting(length: int | None) -> str:
    """The longest canary that a column takes, with room for a key that keeps it unique."""
    return next(
        (each for each in CANARIES if length is None or len(each) + 6 <= length), CANARIES[-1][: length or None]
    )


def texts(model: Any) -> Iterator[InstrumentedAttribute[str]]:
    for column in inspect(model).columns:
        if isinstance(column, Column) and isinstance(column.type, String) and column.key not in LEFT[model]:
            yield getattr(model, column.key)


def poison(stage: Stage) -> None:
    """Put a canary into every text of every row, past every rule that might stop it on its way."""
    with Session(stage.database.engine) as session:
        for model in LEFT:
            for column in texts(model):
                value = literal(fitting(column.type.length)).concat(cast_to(model.id, String))
                session.execute(update(model).where(column.is_not(None)).values({column.key: value}))
        session.commit()


def act(stage: Stage) -> None:
    """Say something with a canary in it wherever people give reasons, notes and names of files."""
    world, words = stage.world, CANARIES[0]
    deeds: list[tuple[str, str, dict[str, Any]]] = [
        (
            "head",
            f"/cases/{world['case']['own submitted'].key}/return",
            {**world["case"]["own submitted"].more, "reason": words},
        ),
        (
            "p.head",
            f"/cases/{world['case']['own police'].key}/approve",
            {**world["case"]["own police"].more, "reason": words},
        ),
        ("clerk", f"/tasks/note/{world['task']['own open'].key}", {**world["task"]["own open"].more, "note": words}),
        (
            "clerk",
            f"/tasks/reopen/{world['task']['own done'].key}",
            {**world["task"]["own done"].more, "reason": words},
        ),
        (
            "f.clerk",
            f"/tasks/complete/{world['task']['foreign open'].key}",
            {**world["task"]["foreign open"].more, "evidence": words},
        ),
    ]
    for persona, path, told in deeds:
        client, token = stage.people[persona]
        data = {name: value for name, value in told.items() if name in {"version", "reason", "note", "evidence"}}
        assert client.post(path, data={**data, "csrf_token": token}).status_code == 302, path
    draft = world["report"]["own draft"]
    typed = {**draft.more["typed"], "edition": draft.more["edition"], "then": "upload:annexes"}
    typed = {
        name: words if name in {"proposals", "direction", "documents.0.summary"} else value
        for name, value in typed.items()
    }
    pdf = io.BytesIO(b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer<<>>\n%%EOF\n")
    client, token = stage.people["clerk"]
    answer = client.post(
        f"/submissions/save/{draft.key}",
        data={**typed, "annexes.file": (pdf, f"{TAG}{CODE}.pdf"), "csrf_token": token},
    )
    assert answer.status_code == 302


@pytest.fixture(scope="module")
def poisoned(stage: Stage) -> Stage:
    """The world with canaries in all of its texts."""
    stage.reset()
    act(stage)
    poison(stage)
    return stage


class Reader(HTMLParser):
    """Notes what a browser would run or fetch that is not the portal's own."""

    def __init__(self) -> None:
        super().__init__()
        self.alien: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            text = (value or "").strip().lower()
            if name.startswith("on") or text.startswith(("javascript:", "data:text")) or name in {"srcdoc", "style"}:
                self.alien.append(f"{tag} {name}={value}")
            if name in {"src", "href", "action", "formaction"} and text == "x":
                self.alien.append(f"{tag} {name}={value}")
        if tag in {"script", "iframe", "object", "embed", "base"}:
            source = dict(attrs).get("src") or dict(attrs).get("data") or ""
            if not source.startswith("/"):
                self.alien.append(f"{tag} without an address of ours")


def alien_in(html: str) -> list[str]:
    """What a page holds that nobody but a name could have put there."""
    reader = Reader()
    reader.feed(html)
    found = reader.alien + [word for word in (TAG, COMPUTED, "<script>alert") if word in html]
    return found + re.findall(r"&amp;lt;img.{0,20}", html)  # escaped twice: shown as code


def addresses(stage: Stage) -> list[str]:
    """Every page, about every object."""
    found = {stage.address(name, ONE_OF_EACH) for name in without_rows(stage.app) if "static" not in name}
    for table in tables():
        for call in [each for each in table.calls if each.method == "GET"]:
            found |= {place(stage, call, stage.world[table.of][name]) for name in table.rows}
    found |= {f"/tasks/list/?page={page}" for page in range(2)} | {f"/audit/list/?page={page}" for page in range(8)}
    return sorted(found)


def test_no_page_takes_a_name_for_anything_but_text(poisoned: Stage) -> None:
    count, shown = Count(), 0
    for persona in ("admin", "head", "clerk"):
        for path in addresses(poisoned):
            answer = read(poisoned.client(persona).get(path))
            said = f"{persona}: {path} → {answer.status_code}"
            count.expect(answer.status_code < 500, said)
            if answer.mimetype == "text/html":
                count.expect(not alien_in(answer.text), f"{said}: {alien_in(answer.text)}")
                shown += escape(TAG) in answer.text or TAG.replace("<", "&lt;").replace(">", "&gt;") in answer.text
            elif answer.mimetype == "application/json":
                count.expect(
                    COMPUTED not in answer.text and answer.headers["X-Content-Type-Options"] == "nosniff", said
                )
    count.report(f"pages with canaries, {shown} of which show one")
    assert shown > 150


def test_programs_are_given_the_very_letters(poisoned: Stage) -> None:
    unit = poisoned.world["unit"]["own"]
    told = poisoned.client("admin").get(f"/api/v1/unit/{unit.key}").get_json()["result"]
    assert told["name_vi"] == f"{CANARIES[0]}{unit.key}"


def test_a_file_is_offered_under_its_name_and_by_no_other_header(poisoned: Stage) -> None:
    file = poisoned.world["file"]["own draft"]
    answer = read(poisoned.client("clerk").get(place(poisoned, Call("GET", "SubmissionView.file"), file)))
    offered = answer.headers["Content-Disposition"]
    kind, parts = parse_options_header(offered)
    assert (kind, set(parts)) == ("attachment", {"filename"})
    assert parts["filename"].startswith(CANARIES[0])
    assert not set(offered) & set("\r\n")
    assert (answer.mimetype, answer.headers["Content-Security-Policy"]) == ("application/pdf", "sandbox")


@pytest.mark.parametrize("canary", CANARIES)
def test_what_is_typed_into_an_address_comes_back_as_text(poisoned: Stage, canary: str) -> None:
    count = Count()
    for persona in ("nobody", "clerk", "admin"):
        client = poisoned.client(persona)
        for path in (
            "/submissions/list/",
            "/tasks/list/",
            "/units/list/",
            "/login/",
            "/users/list/",
            f"/nowhere/{TAG}",
        ):
            answer = read(client.get(path, query_string={"q": canary, "next": canary, "sort": canary, canary: canary}))
            count.expect(not alien_in(answer.text), f"{persona}: {path} → {alien_in(answer.text)}")
    count.report("addresses with canaries")


FORMS = [
    f"/{table}/add"
    for table in ("units", "posts", "holdings", "tasks", "sources", "clarity", "indicators", "users", "roles", "groups")
]


@pytest.mark.parametrize("form", [*FORMS, "/submissions/new", "/account/password"])
def test_a_refused_form_gives_back_text(poisoned: Stage, form: str) -> None:
    client, token = poisoned.people["clerk" if form == "/submissions/new" else "admin"]
    names = set(typed_in(client.get(form).text)) | {"name_vi", "title", "year", "number", "unit", "valid_from"}
    data = {**dict.fromkeys(names, CANARIES[0]), "csrf_token": token}
    answer = client.post(form, data=data)
    assert answer.status_code in {200, 400, 422}
    assert alien_in(answer.text) == []


def test_a_form_held_back_gives_back_text(poisoned: Stage) -> None:
    nobody, _token = poisoned.people["nobody"]
    page = nobody.post("/tasks/add", data={CANARIES[0]: CANARIES[0], "title": CANARIES[0]}).text
    assert escape(CANARIES[0][: len(TAG)], quote=False) in page
    assert alien_in(page) == []


def test_a_refused_sign_in_gives_back_text(poisoned: Stage) -> None:
    nobody, token = poisoned.people["nobody"]
    page = nobody.post("/login/", data={"username": CANARIES[0], "password": "x", "csrf_token": token}).text
    assert alien_in(page) == []


# -- every script ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", SCRIPTS.values(), ids=SCRIPTS)
def test_a_name_in_any_script_is_kept_composed_and_shown_as_it_is(stage: Stage, name: str) -> None:
    stage.reset()
    unit, client = stage.world["unit"]["foreign"].key, stage.client("admin")
    typed = {**typed_in(client.get(f"/units/edit/{unit}").text), "name_vi": name, "header_name": name}
    assert client.post(f"/units/edit/{unit}", data=typed).status_code == 302
    kept = client.get(f"/api/v1/unit/{unit}").get_json()["result"]["name_vi"]
    assert kept == unicodedata.normalize("NFC", kept)
    assert [each for each in unicodedata.normalize("NFC", name) if each not in kept and each != "\u200d"] == []
    for path in (f"/units/show/{unit}", f"/units/list/?q={quote(name)}", "/tasks/list/", "/submissions/list/"):
        assert escape(kept) in client.get(path).text or escape(kept, quote=False) in client.get(path).text, path
    stage.reset()


def test_marks_that_turn_or_hide_text_are_taken_out_of_a_name(stage: Stage) -> None:
    stage.reset()
    unit, client = stage.world["unit"]["foreign"].key, stage.client("admin")
    typed = {**typed_in(client.get(f"/units/edit/{unit}").text), "name_vi": HIDDEN}
    assert client.post(f"/units/edit/{unit}", data=typed).status_code == 302
    kept = client.get(f"/api/v1/unit/{unit}").get_json()["result"]["name_vi"]
    assert kept == "Sở gnôhc nìhn và ẩn"
    stage.reset()


# -- in print --------------------------------------------------------------------------------------------------


def test_a_printed_document_says_what_was_typed_and_computes_nothing(stage: Stage) -> None:
    stage.reset()
    world, words = stage.world, f"{CODE} ${{7*7}} {{% if 1 %}}%(title)s"
    with Session(stage.database.engine) as session:
        session.execute(
            update(Unit).where(Unit.code == "UBND").values(header_name=f"UBND <b>{CODE}</b>", place_name=f"<i>{CODE}")
        )
        session.execute(
            update(User).where(User.username == cast.CHAIRMAN).values(first_name=f"<u>{CODE}", last_name="Tên")
        )
        session.commit()
    draft = world["report"]["own draft"]
    typed = {**draft.more["typed"], "proposals": words, "direction": words, "next_tasks.0.work": words}
    client, token = stage.people["clerk"]
    sent = {**typed, "edition": draft.more["edition"], "version": 0, "then": "submit", "csrf_token": token}
    assert client.post(f"/submissions/save/{draft.key}", data=sent).status_code == 302
    case = key_of(stage.app, ApprovalCase, subject_id=draft.key)
    for persona in ("head", "p.head", "chair"):
        with Session(stage.database.engine) as session:
            version = session.scalars(select(ApprovalCase.version).where(ApprovalCase.id == case)).one()
        reviewer, token = stage.people[persona]
        data = {"version": version, "reason": TAG, "csrf_token": token}
        assert reviewer.post(f"/cases/{case}/approve", data=data).status_code == 302
    with stage.app.app_context():
        while jobs.work_one(stage.database, 180, 1):
            pass
    newest = max(
        int(key) for key in re.findall(r"/documents/show/(\d+)", stage.client("clerk").get("/documents/list/").text)
    )
    printed = read(stage.client("clerk").get(f"/documents/{newest}/pdf"))
    stage.reset()
    said = " ".join(extract_text(io.BytesIO(printed.get_data())).split())
    assert printed.status_code == 200
    assert said.count("{{7*7}}") >= 5
    assert "49Q" not in said
    assert "<b>q{{7*7}}q</b>" in said.casefold()
    assert "{% if 1 %}%(title)s" in said
