"""Every route is classified, and every call of every persona ends as its class says."""

from __future__ import annotations

import logging
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from flask_appbuilder.security.sqla.models import User
from sqlalchemy.orm import Session
from werkzeug.security import generate_password_hash

from portal.demo.journey import Journey, january_inputs
from portal.roles import SEED
from tests import cast
from tests.contracts.matrix import is_sent_away

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask
    from werkzeug.routing import Rule

    from tests.conftest import Visit, Visitor

ROUTES: dict[str, dict[str, str]] = yaml.safe_load((Path(__file__).parent / "routes.yaml").read_text(encoding="utf-8"))
PUBLIC, SIGNED_IN = "public", "signed_in"
WITHOUT_A_ROLE = "nhân.viên.mới"
ROLES = {
    cast.CLERK: "Clerk",
    cast.HEAD: "Department reviewer",
    cast.POLICE_HEAD: "Police reviewer",
    cast.CHAIRMAN: "UBND approver",
    cast.REGISTRAR: "Registrar",
    cast.UNIT_ADMIN: "Unit administrator",
    cast.DESIGNER: "Designer",
    cast.AUDITOR: "Auditor",
    cast.ADMIN: "Administrator",
    WITHOUT_A_ROLE: "",
}
PLAUSIBLE = {"pk": 1, "case_id": 1, "delegation_id": 1, "link_id": 1, "page": 1, "locale": "en", "version": "v1"}
PLAUSIBLE |= {"request_id": 1, "token": "x", "kind": "form", "key": "monthly-report", "number": 1}
PLAUSIBLE |= {"filename": "portal.css", "book": "incoming", "code": "2345-6789-ABCD-EFGH"}
ENOUGH = 2
"""Pieces of junk for somebody without a role."""
OTHER_KEY = re.compile("<int:(?:link_id|page|request_id)>")
ACTIONS = {"DecisionView.recall": "recall", "DecisionView.administer": "cancel"}
ACTIONS |= dict.fromkeys(("RegisterPrintView.ask", "ArrivalPrintView.ask"), "pdf")
"""Routes that take other actions than approval."""

JUNK_QUERIES = (
    "page=abc&sort=password&_oc_UserView=password&_od_UserView=asc&psize_UserView=100000",
    "page=99999999999999999999&sort=-password&round=99999999999999999999",
    "q=%25&unit=abc&year=abc&kind=%00&status=nonsense&officer=99999999999999999999",
    "endpoint=x&values=1&self=1&_method=FOO&_scheme=javascript&_external=1&_anchor=x",
    "q=%00&page=-1",
)
JUNK_FOR_REST = (
    "q=(page:-1,page_size:100000,order_column:password)",
    "q=(filters:!((col:password,opr:sw,value:scrypt)))",
    "q=(page:99999999999999999999)",
    "q=(columns:!(password))",
    "q=junk(((",
    "q=(((",
    "q=(a:",
    "q=!",
)
JUNK_KEYS = ("abc", "-1", "1'", "99999999999999999999", "9" * 5000, "²%00")
OF_ONE_UNIT = frozenset({"SubmissionView.save"})
"""Routes where the right is not enough: only people of the row's own unit are let in."""


@dataclass
class Count:
    """What a walk over the routes found.

    Attributes:
        calls: requests sent.
        mismatches: persona, call and status, where it was not what its class says.
    """

    calls: int = 0
    mismatches: list[str] = field(default_factory=list)

    def expect(self, who: str | None, call: str, status: int, *, right: bool) -> None:
        self.calls += 1
        if not right:
            self.mismatches.append(f"{who or 'nobody'}: {call} → {status}")

    def report(self, routes: int, what: str) -> None:
        print(f"{what}: {routes} routes, {self.calls} calls, {len(self.mismatches)} mismatches")
        assert self.mismatches == []


def rights_of(username: str) -> set[tuple[str, str]]:
    """What one of the personas may do, as the shipped roles say."""
    return {(right, screen) for screen, rights in SEED[ROLES[username]].items() for right in rights}


def may(username: str | None, policy: str) -> bool:
    if policy == PUBLIC:
        return True
    if username is None:
        return False
    if policy == SIGNED_IN or ROLES[username] == "Administrator":
        return True
    right, screen = policy.split()
    return bool(ROLES[username]) and (right, screen) in rights_of(username)


def rules(app: Flask) -> Iterator[tuple[Rule, str]]:
    for rule in app.url_map.iter_rules():
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            yield rule, method


def address(app: Flask, rule: Rule, **other: object) -> str:
    with app.test_request_context():
        adapter = app.url_map.bind("localhost")
        values = {**PLAUSIBLE, "action": ACTIONS.get(rule.endpoint, "approve"), **other}
        return str(adapter.build(rule.endpoint, {name: values[name] for name in rule.arguments}))


@pytest.fixture
def personas(portal: Flask, visit: Visit, caplog: pytest.LogCaptureFixture) -> dict[str | None, tuple[Visitor, str]]:
    """Everyone at a browser of his own, with the token of his session; a report lies before the first reviewer."""
    caplog.set_level(logging.ERROR, "flask_appbuilder")  # each of a thousand refusals would be a line
    with portal.app_context():
        journey = Journey(portal, lambda _line: None)
        journey.hand_in(journey.draft(january_inputs()))
        portal.extensions["trinh"]["database"].session.remove()
    with Session(portal.extensions["trinh"]["database"].engine) as session:
        names = {"first_name": "Ksor", "last_name": "Mới", "email": "moi@gialai.example"}
        hashed = generate_password_hash(cast.PASSWORD, method="pbkdf2:sha256:1")
        session.add(User(username=WITHOUT_A_ROLE, password=hashed, active=True, **names))
        session.commit()
    visitors = {username: visit(username) for username in (None, *ROLES)}
    return {username: (visitor, visitor.token()) for username, visitor in visitors.items()}


def call(who: tuple[Visitor, str], method: str, path: str) -> Any:
    """Send what a page or a program would send, with the token and nothing typed."""
    visitor, token = who
    sent: dict[str, Any] = {"data": {"csrf_token": token}}
    if method in {"GET", "HEAD", "OPTIONS", "TRACE"}:
        sent = {}
    elif path.startswith("/api/"):
        sent = {"json": {}, "headers": {"X-CSRFToken": token}}
    with visitor.client.open(path, method=method, **sent) as answer:
        answer.get_data()
        return answer


def is_let_in(answer: Any) -> bool:
    """Whether the screen opened, whatever it then said of the row."""
    status: int = answer.status_code
    return status < 500 and status not in {401, 403} and "/login/?" not in (answer.location or "")


def test_every_route_is_classified_and_no_class_is_stale(app: Flask) -> None:
    classified = {(endpoint, method) for endpoint, policies in ROUTES.items() for method in policies}
    assert {(rule.endpoint, method) for rule, method in rules(app)} == classified


def test_every_class_is_public_or_a_right_that_its_screen_defines(app: Flask) -> None:
    portal = app.extensions["appbuilder"]
    defined = {f"{right} {view.class_permission_name}" for view in portal.baseviews for right in view.base_permissions}
    policies = {policy for policies in ROUTES.values() for policy in policies.values()}
    assert policies - defined - {PUBLIC, SIGNED_IN} == set()


def test_only_signing_in_checking_a_document_what_a_token_opens_the_language_and_static_files_are_public() -> None:
    public = {endpoint for endpoint, policies in ROUTES.items() if PUBLIC in policies.values()}
    by_proof = {"SignInView.login", "SignInView.code", "SignInView.logout", "NewPasswordView.choose"}
    by_proof |= {"PluginView.file", "PluginView.hand_in"}
    for_all = {"VerificationView.check", "VerificationView.show"}
    assert public == {*by_proof, *for_all, "LanguageView.choose", "static", "appbuilder.static"}


def test_every_call_of_every_persona_ends_as_its_class_says(
    portal: Flask, personas: dict[str | None, tuple[Visitor, str]]
) -> None:
    count, walked = Count(), list(rules(portal))
    for rule, method in walked:
        path, policy = address(portal, rule), ROUTES[rule.endpoint][method]
        if rule.endpoint in {"SignInView.logout", "appbuilder.static"}:
            continue  # it would end the persona's walk; and the library's own files are not ours to list
        for username, who in personas.items():
            answer = call(who, method, path)
            if may(username, policy):
                right = is_let_in(answer) or (rule.endpoint in OF_ONE_UNIT and answer.status_code == 403)
            else:
                right = is_sent_away(answer, method, path) if username is None else answer.status_code == 403
            count.expect(username, f"{method} {path}", answer.status_code, right=right)
    count.report(len(walked), "persona x route")


def test_head_answers_like_get_and_trace_is_not_taken(
    portal: Flask, personas: dict[str | None, tuple[Visitor, str]]
) -> None:
    count, walked = Count(), [(rule, method) for rule, method in rules(portal) if method == "GET"]
    for rule, _method in walked:
        path = address(portal, rule)
        for username in (None, WITHOUT_A_ROLE, cast.ADMIN):
            who = personas[username]
            whole, head = call(who, "GET", path), call(who, "HEAD", path)
            same = head.status_code == whole.status_code and not head.data
            count.expect(username, f"HEAD {path}", head.status_code, right=same)
            trace = call(who, "TRACE", path)
            count.expect(username, f"TRACE {path}", trace.status_code, right=trace.status_code == 405)
        options = call(personas[None], "OPTIONS", path)
        told = options.status_code == 200 and ROUTES[rule.endpoint]["GET"] != PUBLIC
        count.expect(None, f"OPTIONS {path}", options.status_code, right=not told)
    count.report(len(walked), "HEAD, TRACE and OPTIONS")


def test_junk_in_the_address_breaks_nothing_and_opens_nothing(
    portal: Flask, personas: dict[str | None, tuple[Visitor, str]]
) -> None:
    count, walked = Count(), [rule for rule, method in rules(portal) if method == "GET"]
    for rule in walked:
        policy = ROUTES[rule.endpoint]["GET"]
        junk = JUNK_FOR_REST if str(rule).startswith("/api/") else JUNK_QUERIES
        queries = [f"{address(portal, rule)}?{query}" for query in junk]
        keys = [str(rule).replace("<pk>", key).replace("<int:pk>", key) for key in JUNK_KEYS if "pk>" in str(rule)]
        for number, path in enumerate((*queries, *(OTHER_KEY.sub("1", path) for path in keys))):
            admin = call(personas[cast.ADMIN], "GET", path)
            count.expect(cast.ADMIN, path, admin.status_code, right=is_let_in(admin))
            if number >= ENOUGH:
                continue  # whoever has no role is sent away before an address is read
            stranger = call(personas[WITHOUT_A_ROLE], "GET", path)
            closed = policy in {PUBLIC, SIGNED_IN} or stranger.status_code in {400, 403, 404, 405}
            count.expect(WITHOUT_A_ROLE, path, stranger.status_code, right=closed)
    count.report(len(walked), "junk")
