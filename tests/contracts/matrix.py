"""The hand-written table of verdicts, the calls it names, and what an answer amounts to."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from portal.definitions.beginnings import beginning
from portal.definitions.draft_api import TAKEN
from portal.definitions.writing import write_yaml
from portal.security import today
from tests.contracts.arrivals_world import ARRIVALS
from tests.contracts.books_world import arranged, paper
from tests.contracts.sequels_world import SEQUELS
from tests.contracts.signing_world import SIGNING
from tests.contracts.world import USERNAMES, Thing
from tests.web.calls import typed_in

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from flask.testing import FlaskClient

    from tests.contracts.stage import Stage


OBJECTS: dict[str, Any] = yaml.safe_load((Path(__file__).parent / "objects.yaml").read_text(encoding="utf-8"))
MISSING = 999_999
"""A key that no row has."""

TOKEN = re.compile(r'name="csrf_token"[^>]*value="[^"]*"')
SENTENCE = "Một câu đủ dài để làm lý do, ghi chú hoặc minh chứng."


@dataclass(frozen=True)
class Call:
    """One way to ask: `GET TaskView.show`, or `POST SubmissionView.save upload` where a route does several things.

    Attributes:
        method: as HTTP calls it.
        endpoint: as Flask does.
        variant: what of the route is asked for; empty where it does one thing.
    """

    method: str
    endpoint: str
    variant: str = ""

    def __str__(self) -> str:
        return f"{self.method} {self.endpoint} {self.variant}".strip()


@dataclass
class Table:
    """One table of the file: who may do what with the objects of a kind.

    Attributes:
        asked: what it is about, in words.
        of: the kind of object.
        calls: the ways to ask.
        rows: name of the object → persona → verdict.
    """

    asked: str
    of: str
    calls: list[Call]
    rows: dict[str, dict[str, str]]

    def verdicts(self) -> Iterator[tuple[str, str, str]]:
        """Every object, persona and verdict."""
        for name, verdicts in self.rows.items():
            for persona, verdict in verdicts.items():
                yield name, persona, verdict


@dataclass
class Count:
    """What a walk found; it is printed, and must be without mismatches.

    Attributes:
        calls: requests sent.
        mismatches: persona, call, object, and what came instead of what.
    """

    calls: int = 0
    mismatches: list[str] = field(default_factory=list)

    def expect(self, right: object, said: str) -> None:
        """Count a call, and note what was wrong with it."""
        self.calls += 1
        if not right:
            self.mismatches.append(said)

    def report(self, what: str) -> None:
        """Print what was found and insist that all of it was right."""
        print(f"{what}: {self.calls} calls, {len(self.mismatches)} mismatches")
        assert self.mismatches == []


def _rows(text: str) -> dict[str, dict[str, str]]:
    head, *lines = text.splitlines()
    personas = head.split()
    cells = [line.rsplit(None, len(personas)) for line in lines if line.strip()]
    always = OBJECTS["everywhere"]
    return {name.strip(): {**always, **dict(zip(personas, verdicts, strict=True))} for name, *verdicts in cells}


def tables() -> list[Table]:
    """Every table of the file."""
    return [
        Table(each["asked"], each["of"], [Call(*call.split()) for call in each["calls"]], _rows(each["verdicts"]))
        for each in OBJECTS["tables"]
    ]


def table(asked: str) -> Table:
    """The table of that name."""
    return next(each for each in tables() if each.asked == asked)


def personas() -> list[str]:
    """Everyone in the tables."""
    return list(USERNAMES)


def place(stage: Stage, call: Call, thing: Thing) -> str:
    """The address of a call about an object."""
    values = {
        "pk": thing.key,
        "case_id": thing.key,
        "delegation_id": thing.key,
        "link_id": thing.more.get("link", MISSING),
        "action": call.variant,
        "kind": thing.more.get("kind", "form"),
        "book": thing.more.get("book", "incoming"),
        "key": thing.more.get("key", "missing"),
        "number": thing.more.get("number", MISSING),
        "page": 1,
        "request_id": MISSING,
    }
    return stage.address(call.endpoint, values)


# -- what is sent ----------------------------------------------------------------------------------------------

CHANGES = {
    "KeepingView.correct": {"remark": SENTENCE},
    "UnitView.edit": {"place_name": "Nơi khác"},
    "UnitHeaderView.edit": {"place_name": "Nơi khác"},
    "PostView.edit": {"title_en": "Another title"},
    "HoldingView.edit": {"rank": "Đại úy"},
    "TaskView.edit": {"product": "Sản phẩm khác"},
    "SourceDocumentView.edit": {"subject": "Trích yếu khác"},
    "ClarityProfileView.edit": {"name_en": "Another name"},
    "IndicatorView.edit": {"name_en": "Another name"},
    "UserView.edit": {"last_name": "Khác"},
    "RoleView.edit": {"name": "Clerk anew"},
    "GroupView.edit": {"label": "Nhóm khác"},
    "UnitApi.put": {"place_name": "Nơi khác"},
    "UnitHeaderApi.put": {"place_name": "Nơi khác"},
    "PostApi.put": {"title_en": "Another title"},
    "HoldingApi.put": {"rank": "Đại úy"},
    "TaskApi.put": {"product": "Sản phẩm khác"},
    "SourceDocumentApi.put": {"subject": "Trích yếu khác"},
    "ClarityProfileApi.put": {"name_en": "Another name"},
    "IndicatorApi.put": {"name_en": "Another name"},
    "DefinitionApi.save": beginning("chain", "of-our-own", {"vi": "Tên khác", "en": "Another name"}),
}
"""What a change is, where every field of a form or of a body may be changed."""


BESIDES = {**dict.fromkeys(("delegate", "ask_opinion", "add_reviewer"), ("to",)), "reassign": ("to", "item")}
"""What an action on a case names besides the version and a reason: the police officer, and a piece of open work."""


def _save(thing: Thing, variant: str) -> dict[str, Any]:
    typed = {**thing.more["typed"], "edition": thing.more["edition"], "version": thing.more["version"]}
    if variant == "upload":
        pdf = io.BytesIO(b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer<<>>\n%%EOF\n")
        return {**typed, "then": "upload:annexes", "annexes.file": (pdf, "them.pdf")}
    if variant == "choose":
        return {**typed, "choosing": "department.leader", "chosen:department.leader": "1"}
    then = {"remove": f"remove:{thing.more['link']}", "submit": "submit"}.get(variant, "save")
    return {**typed, "proposals": f"{typed['proposals']} Thêm một câu.", "then": then}


def _case(thing: Thing, variant: str) -> dict[str, Any]:
    asked = {"version": thing.more["version"], "reason": SENTENCE}
    return {**asked, **{name: thing.more[name] for name in BESIDES.get(variant, ())}}


def _correction(thing: Thing, _variant: str) -> dict[str, Any]:
    return {"version": thing.more["version"], "reason": SENTENCE, "proposals": SENTENCE}


def _comment(_thing: Thing, _variant: str) -> dict[str, Any]:
    return {"field": "meetings", "round": "1", "text": SENTENCE}


def _task(says: str = "") -> Callable[[Thing, str], dict[str, Any]]:
    return lambda thing, _variant: {"version": thing.more["version"], **({says: SENTENCE} if says else {})}


def _draft(thing: Thing, _variant: str) -> dict[str, Any]:
    source = write_yaml(beginning("chain", thing.more["key"], {"vi": "Tên khác", "en": "Another name"}))
    words = dict.fromkeys(("note", "reason"), SENTENCE)
    return {"edition": thing.more["edition"], "knows": 0, "seen": thing.more["number"], "source": source, **words}


def _by_program(*keys: str) -> Callable[[Thing, str], dict[str, Any]]:
    """Of what a form about a draft sends, what the verb of a program takes."""
    return lambda thing, variant: {key: _draft(thing, variant)[key] for key in keys}


BOOKS: dict[str, Callable[[Thing, str], dict[str, Any]]] = {
    "RegisterView.reserve": lambda _thing, _variant: {"reason": SENTENCE, "until": f"{today():%d/%m/%Y}"},
    "RegisterEntryView.void": lambda thing, _variant: {"version": thing.more["version"], "void-reason": SENTENCE},
    "RegisterEntryView.paper": lambda thing, _variant: paper(thing.more["version"]),
    "RegisterEntryView.handover": lambda thing, _variant: {"version": thing.more["version"], "handover-copies": "5"},
    "BookView.open": lambda _thing, _variant: {"series": "letters", "last_paper": "5", "reason": SENTENCE},
    "BookView.arrange": lambda _thing, _variant: arranged(),
}
"""What the forms of registrars send."""

FORMS: dict[str, Callable[[Thing, str], dict[str, Any]]] = {
    **BOOKS,
    **ARRIVALS,
    **SIGNING,
    **SEQUELS,
    "SubmissionView.save": _save,
    "DecisionView.decide": _case,
    "CorrectionView.correct": _correction,
    "DecisionView.recall": _case,
    "DecisionView.administer": _case,
    "DecisionView.comment": _comment,
    "GalleryView.take": lambda _thing, _variant: {},
    "UrgingView.letter": lambda _thing, _variant: {"form": "urging-letter", "unit": "1", "late": "1"},
    **{
        f"GalleryView.{verb}": lambda thing, _variant: {
            "note": SENTENCE,
            "seen": f"{thing.key}.{thing.more.get('edition', 0)}.0",
        }
        for verb in ("propose_all", "publish_all")
    },
    "DesignView.design": lambda thing, _variant: {"edition": thing.more["edition"], "at": "", "name.vi": SENTENCE},
    **{
        f"DraftView.{verb}": _draft
        for verb in ("begin", "draft", "propose", "give_back", "publish", "discard", "retire")
    },
    **{f"DefinitionApi.{verb}": _by_program(*keys) for verb, keys in {"begin": (), "check": (), **TAKEN}.items()},
    **{f"{screen}.assign": _task() for screen in ("TaskView", "TaskApi")},
    **{f"{screen}.note": _task("note") for screen in ("TaskView", "TaskApi")},
    **{f"{screen}.complete": _task("evidence") for screen in ("TaskView", "TaskApi")},
    **{f"{screen}.reopen": _task("reason") for screen in ("TaskView", "TaskApi")},
    **{
        endpoint: lambda _thing, _variant: {}
        for endpoint in (
            "DelegationView.revoke",
            "SigningAuthorityView.revoke",
            "TrialPrintView.ask",
            "RegisterPrintView.ask",
            "DocumentView.render_again",
            "SendingView.edxml",
            "SendingView.package",
            "DocumentView.make_anew",
            "UserView.make_link",
            "UserView.reset_second_factor",
        )
    },
    "UserView.password": lambda _thing, _variant: {"password": "mot cau moi that dai", "again": "mot cau moi that dai"},
}
"""What the forms of verbs send, by endpoint."""


def prepare(stage: Stage, call: Call, thing: Thing) -> Callable[[FlaskClient, str, str], Any]:
    """Give a function that sends a call as a page or a program would, for whoever asks: client, token, address.

    The state that a change must name is read once, by the administrator: who asks is as well informed as can be.
    """
    if call.method in {"GET", "HEAD", "OPTIONS", "TRACE"}:
        return lambda client, _token, path: client.open(path, method=call.method)
    verb = FORMS.get(call.endpoint)
    if call.method == "PUT":
        return _change_by_program(stage, call, thing)
    if call.endpoint in CHANGES or verb is None:
        return _change_by_form(stage, call, thing)
    if call.endpoint.partition(".")[0].endswith("Api"):
        body = verb(thing, call.variant)
        return lambda client, token, path: client.post(path, json=body, headers={"X-CSRFToken": token})
    return lambda client, token, path: client.post(path, data={**verb(thing, call.variant), "csrf_token": token})


def _change_by_form(stage: Stage, call: Call, thing: Thing) -> Callable[[FlaskClient, str, str], Any]:
    page = stage.client("admin").get(place(stage, call, thing))
    typed = {**typed_in(page.text), **CHANGES[call.endpoint]}
    return lambda client, token, path: client.post(path, data={**typed, "csrf_token": token})


def _change_by_program(stage: Stage, call: Call, thing: Thing) -> Callable[[FlaskClient, str, str], Any]:
    tag = stage.client("admin").get(place(stage, call, thing)).headers["ETag"]
    body = CHANGES[call.endpoint]
    return lambda client, token, path: client.put(path, json=body, headers={"X-CSRFToken": token, "If-Match": tag})


# -- what came back --------------------------------------------------------------------------------------------


def read(answer: Any) -> Any:
    """An answer with its body read, and its file closed."""
    answer.get_data()
    answer.close()
    return answer


def is_sent_away(answer: Any, method: str, path: str) -> bool:
    """Whether nobody is asked to sign in: by redirection, by the page that keeps his form, or in JSON."""
    status: int = answer.status_code
    if path.startswith("/api/"):
        return status == 401 and bool(answer.is_json)
    if method in {"GET", "HEAD"}:
        return status == 302 and str(answer.location).startswith("/login/?next=")
    return status == 401 and "/login/" in answer.text


def is_as_said(verdict: str, answer: Any, method: str, path: str) -> bool:
    """Whether an answer is what the table says, the comparison with what does not exist apart."""
    status: int = answer.status_code
    if verdict == "out":
        return is_sent_away(answer, method, path)
    if verdict == "in":
        away = "/login/" in (answer.location or "")
        return status in ({200} if method == "GET" else {200, 201, 302}) and not away
    return status == {"no": 404, "bar": 403}.get(verdict) or verdict == str(status)


def plain(answer: Any, path: str) -> str:
    """A body without what must differ: tokens, and the address that was asked for."""
    text = TOKEN.sub("TOKEN", answer.get_data(as_text=True))
    return text.replace(path, "PATH").replace(path.replace("/", "%2F"), "PATH")
