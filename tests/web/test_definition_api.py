"""Definitions by REST: read, checked, compared, drafted, published by a second person, taken out of use."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from portal.definitions import drafting
from portal.definitions.beginnings import beginning
from portal.definitions.library import shipped, shipped_bodies
from portal.definitions.reading import LARGEST
from tests import cast
from tests.web.calls import send
from tests.web.definition_calls import ALL, BODY, NAME, OWN, begun, codes, count, raw, refused, take_in, told

if TYPE_CHECKING:
    from flask import Flask

    from tests.conftest import Visit, Visitor

FORM = f"{ALL}form/monthly-report"
WHY = "Theo Kế hoạch mới"


@pytest.fixture
def designer(visit: Visit) -> Visitor:
    """Who draws forms and chains, signed in."""
    return visit(cast.DESIGNER)


# -- reading ---------------------------------------------------------------------------------------------------


def test_the_list_says_who_when_and_why_and_never_what(designer: Visitor) -> None:
    listed = told(designer.get(f"{ALL}?q=(page_size:100)"))
    assert {(each["kind"], each["key"]) for each in listed["result"]} == {(kind, key) for kind, key, _ in shipped()}
    assert {"version", "status", "name", "sha256", "published_by", "published_at", "note"} <= listed["result"][0].keys()
    assert all("body" not in each for each in listed["result"])
    narrowed = told(designer.get(f"{ALL}?q=(filters:!((col:kind,opr:eq,value:form)))"))
    assert [each["key"] for each in narrowed["result"]] == ["monthly-report"]


@pytest.mark.parametrize(("kind", "key"), [(kind, key) for kind, key, _body in shipped()])
def test_a_version_is_read_with_its_body(designer: Visitor, kind: str, key: str) -> None:
    answer = designer.get(f"{ALL}{kind}/{key}/1")
    found = told(answer)
    assert found["result"]["body"] == shipped_bodies()[kind, key]
    assert told(designer.get(f"{ALL}{found['id']}"))["result"]["body"] == shipped_bodies()[kind, key]
    assert answer.headers["ETag"]


@pytest.mark.parametrize(
    "path",
    [
        *("form/monthly-report/9", "form/monthly-report/0", "form/monthly-report/draft", "table/monthly-report/1"),
        *("form/nothing/uses", "form/nothing/compare", "form/monthly-report/compare?from=1&to=9"),
        *("form/monthly-report/compare?from=x", "form/monthly-report/draft/check", "chain/nothing/draft"),
    ],
)
def test_what_is_not_there_is_not_found(designer: Visitor, path: str) -> None:
    told(designer.get(f"{ALL}{path}"), 404)


def test_where_a_form_is_used_is_said(designer: Visitor, waiting: int) -> None:
    del waiting
    found = told(designer.get(f"{FORM}/uses"))
    assert found["running"] == [{"what": "submission", "version": 1, "number": 1, "running": 1}]
    naming = {(each["kind"], each["key"]) for each in found["named_by"]}
    assert naming >= {("chain", "provincial-report"), ("schedule", "monthly-report")}


def test_two_bodies_are_compared_at_their_places(designer: Visitor) -> None:
    begun(designer)
    tag = designer.get(f"{OWN}/draft").headers["ETag"]
    changed = {**BODY, "name": {**NAME, "vi": "Tên khác"}}
    told(send(designer, "PUT", f"{OWN}/draft", changed, **{"If-Match": tag}))
    told(send(designer, "POST", f"{FORM}/draft", None), 201)
    draft = told(designer.get(f"{FORM}/draft"))["result"]["body"]
    draft["sections"][0]["name"]["vi"] = "Tên khác"
    tag = designer.get(f"{FORM}/draft").headers["ETag"]
    told(send(designer, "PUT", f"{FORM}/draft", draft, **{"If-Match": tag}))
    for query in ("", "?from=1&to=draft", "?from=shipped&to=0"):
        (found,) = told(designer.get(f"{FORM}/compare{query}"))["result"]
        assert (found["kind"], found["path"], found["after"]) == ("changed", "sections[0].name.vi", "Tên khác")


# -- checking --------------------------------------------------------------------------------------------------


def test_a_definition_is_checked_without_being_saved(designer: Visitor, portal: Flask) -> None:
    before = count(portal)
    assert told(send(designer, "POST", f"{FORM}/check", shipped_bodies()["form", "monthly-report"])) == {
        "findings": [],
        "sound": True,
    }
    found = told(send(designer, "POST", f"{OWN}/check", {**BODY, "stages": [], "more": 1}))
    assert (found["sound"], codes(found)) == (False, [("more", "unknown_key"), ("stages", "too_few")])
    assert all(each["place"] and each["message"] for each in found["findings"])
    assert codes(told(send(designer, "POST", f"{ALL}chain/another/check", BODY))) == [("key", "not_one_of")]
    assert codes(told(send(designer, "POST", f"{OWN}/check", []))) == [("", "wrong_type")]
    told(send(designer, "POST", f"{ALL}table/x/check", BODY), 404)
    assert count(portal) == before


def test_a_draft_is_checked_where_it_lies(designer: Visitor) -> None:
    told(send(designer, "POST", f"{OWN}/draft", {**BODY, "stages": []}), 201)
    assert codes(told(designer.get(f"{OWN}/draft/check"))) == [("stages", "too_few")]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ('{"schema": 1.5}', "decimals_unquoted"),
        ('{"schema": 1e3}', "decimals_unquoted"),
        ('{"schema": -0.0}', "decimals_unquoted"),
        ('{"schema": NaN}', "not_finite"),
        ('{"schema": -Infinity}', "not_finite"),
        ('{"key": 1, "key": 2}', "key_twice"),
        ("[" * 5000 + "]" * 5000, "too_deep"),
        ('{"a":' * 5000 + "1" + "}" * 5000, "too_deep"),
        (f'{{"schema": {"9" * 5000}}}', "too_many_digits"),
        ('{"name": "\\ud800"}', "not_printable"),
        ('{"name": ', "not_json"),
        (f'{{"name": "{"x" * LARGEST}"}}', "too_large"),
        (b'{"name": "\xff"}', "not_utf8"),
    ],
)
@pytest.mark.parametrize(("method", "path"), [("POST", "check"), ("POST", "draft"), ("PUT", "draft")])
def test_what_a_file_may_not_hold_a_program_may_not_send(  # noqa: PLR0917 - a table of cases
    designer: Visitor, portal: Flask, text: str, code: str, method: str, path: str
) -> None:
    before = count(portal)
    found = refused(raw(designer, method, f"{OWN}/{path}", text, **{"Idempotency-Key": "one"}), 422, "bad_definition")
    assert [each["code"] for each in found["findings"]] == [code]
    assert count(portal) == before


def test_decimals_in_quotes_are_exact(designer: Visitor) -> None:
    refusal = refused(raw(designer, "POST", f"{OWN}/draft", '{"a": [1, 0.1]}'), 422, "bad_definition")
    assert refusal["findings"][0]["path"] == "a[1]"
    assert "0.1" in refusal["findings"][0]["message"]
    told(raw(designer, "POST", f"{OWN}/draft", '{"a": [1, "0.10"]}'), 201)
    assert told(designer.get(f"{OWN}/draft"))["result"]["body"] == {"a": [1, "0.10"]}


def test_content_of_another_type_is_not_taken(designer: Visitor) -> None:
    headers = {"X-CSRFToken": designer.token()}
    for kind in ("text/plain", "application/x-www-form-urlencoded", ""):
        sent = designer.client.post(f"{OWN}/draft", data=json.dumps(BODY), content_type=kind, headers=headers)
        refused(sent, 422, "not_json")


# -- drafting --------------------------------------------------------------------------------------------------


def test_a_chain_of_our_own_is_begun_saved_and_published(designer: Visitor) -> None:
    first = told(send(designer, "POST", f"{OWN}/draft", {"key": "of-our-own"}), 201)
    assert (first["result"]["version"], first["result"]["status"]) == (0, "draft")
    tag = designer.get(f"{OWN}/draft").headers["ETag"]
    saved = send(designer, "PUT", f"{OWN}/draft", BODY, **{"If-Match": tag})
    edition = told(saved)["result"]["edition"]
    assert saved.headers["ETag"] == designer.get(f"{OWN}/draft").headers["ETag"] != tag
    asked = {"edition": edition, "knows": 0, "note": WHY}
    published = told(send(designer, "POST", f"{OWN}/draft/publish", asked))["result"]
    assert (published["version"], published["status"]) == (1, "published")
    found = told(designer.get(f"{OWN}/1"))["result"]
    assert (found["body"], found["note"], found["published_by"]) == (BODY, WHY, cast.DESIGNER)
    told(designer.get(f"{OWN}/draft"), 404)


def test_a_next_version_begins_with_the_newest_or_with_what_is_sent(designer: Visitor) -> None:
    headers = {"X-CSRFToken": designer.token()}
    told(designer.client.post(f"{FORM}/draft", headers=headers), 201)
    assert told(designer.get(f"{FORM}/draft"))["result"]["body"] == shipped_bodies()["form", "monthly-report"]
    refused(send(designer, "POST", f"{FORM}/draft", {}), 422, "draft_exists")
    told(send(designer, "POST", f"{FORM}/draft/discard", {"edition": 1}))
    told(send(designer, "POST", f"{FORM}/draft", {"key": "monthly-report"}), 201)
    assert told(designer.get(f"{FORM}/draft"))["result"]["based_on"] == 1


@pytest.mark.parametrize(
    ("path", "body", "status", "reason"),
    [
        ("chain/nothing/draft", {}, 404, "no_definition"),
        ("table/nothing/draft", {"a": 1}, 404, "no_definition"),
        ("chain/Nothing/draft", {"a": 1}, 422, "bad_key"),
        ("chain/nothing/draft", [1], 422, "bad_definition"),
        ("chain/nothing/draft/discard", {"edition": 1}, 404, "no_draft"),
        ("chain/nothing/draft/publish", {"edition": 1, "knows": 0, "note": WHY}, 404, "no_draft"),
        ("chain/nothing/draft/publish", [], 422, "not_json"),
        ("chain/nothing/draft/publish", {"edition": 1, "force": True}, 422, "unknown_keys"),
        ("chain/nothing/retire", {"seen": 1, "reason": WHY}, 404, "no_definition"),
        ("form/monthly-report/retire", {"seen": 1, "reason": WHY}, 422, "still_needed"),
        ("form/monthly-report/retire", {"seen": 2, "reason": WHY}, 409, "stale_version"),
        ("form/monthly-report/retire", {"seen": 1}, 422, "reason_required"),
        ("form/monthly-report/retire", {"seen": 1, "reason": "x" * 1001}, 422, "text_too_long"),
    ],
)
def test_what_cannot_be_done_is_said_with_its_reason(  # noqa: PLR0917 - a table of cases
    designer: Visitor, portal: Flask, path: str, body: Any, status: int, reason: str
) -> None:
    before = count(portal)
    refused(send(designer, "POST", f"{ALL}{path}", body), status, reason)
    assert count(portal) == before


@pytest.mark.parametrize("seen", [{}, {"edition": 9}, {"edition": "1"}, {"edition": True}, {"edition": 10**30}])
@pytest.mark.parametrize("verb", ["propose", "publish", "discard"])
def test_an_edition_that_has_passed_changes_nothing(designer: Visitor, verb: str, seen: dict[str, Any]) -> None:
    begun(designer)
    note = {} if verb == "discard" else {"note": WHY}
    refused(send(designer, "POST", f"{OWN}/draft/{verb}", {**seen, **note}), 409, "stale_version")


@pytest.mark.parametrize("tag", [None, '"old"', "*", ""])
def test_a_draft_is_not_overwritten_unseen(designer: Visitor, tag: str | None) -> None:
    begun(designer)
    headers = {} if tag is None else {"If-Match": tag}
    refused(send(designer, "PUT", f"{OWN}/draft", {"key": "x"}, **headers), 412, "stale_version")
    assert told(designer.get(f"{OWN}/draft"))["result"]["body"] == BODY


def test_of_two_who_save_at_once_one_is_told(designer: Visitor, visit: Visit) -> None:
    begun(designer)
    other, tag = visit(cast.ADMIN), designer.get(f"{OWN}/draft").headers["ETag"]
    told(send(other, "PUT", f"{OWN}/draft", {**BODY, "name": {**NAME, "en": "Other"}}, **{"If-Match": tag}))
    refused(send(designer, "PUT", f"{OWN}/draft", {**BODY, "forms": []}, **{"If-Match": tag}), 412, "stale_version")


def test_what_is_unsound_is_kept_and_not_published(designer: Visitor) -> None:
    told(send(designer, "POST", f"{OWN}/draft", {**BODY, "stages": []}), 201)
    asked = {"edition": 1, "knows": 0, "note": WHY}
    found = refused(send(designer, "POST", f"{OWN}/draft/publish", asked), 422, "bad_definition")
    assert codes(found) == [("stages", "too_few")]
    told(designer.get(f"{OWN}/1"), 404)


def test_a_version_published_meanwhile_is_not_overrun(designer: Visitor) -> None:
    told(send(designer, "POST", f"{FORM}/draft", {}), 201)
    body = told(designer.get(f"{FORM}/draft"))["result"]["body"]
    tag = designer.get(f"{FORM}/draft").headers["ETag"]
    body["name"]["en"] = "Another"
    told(send(designer, "PUT", f"{FORM}/draft", body, **{"If-Match": tag}))
    refused(send(designer, "POST", f"{FORM}/draft/publish", {"edition": 2, "knows": 0, "note": WHY}), 422, "overtaken")


def test_a_second_person_publishes_what_the_first_proposed(designer: Visitor, visit: Visit) -> None:
    drafting.SECOND_PERSON.plug(filling=True)
    edition, second = begun(designer), visit(cast.ADMIN)
    asked = {"edition": edition, "knows": 0, "note": WHY}
    refused(send(designer, "POST", f"{OWN}/draft/publish", asked), 422, "not_proposed")
    proposed = told(send(designer, "POST", f"{OWN}/draft/propose", {"edition": edition, "note": WHY}))["result"]
    assert proposed["proposed_by"] == cast.DESIGNER
    asked["edition"] = proposed["edition"]
    refused(send(designer, "POST", f"{OWN}/draft/publish", asked), 422, "own_definition")
    tag = designer.get(f"{OWN}/draft").headers["ETag"]
    refused(send(designer, "PUT", f"{OWN}/draft", {"key": "x"}, **{"If-Match": tag}), 422, "proposed")
    back = {"edition": proposed["edition"]}
    refused(send(second, "POST", f"{OWN}/draft/give-back", back), 422, "reason_required")
    given = told(send(second, "POST", f"{OWN}/draft/give-back", {**back, "reason": WHY}))["result"]
    again = {"edition": given["edition"], "note": WHY}
    edition = told(send(designer, "POST", f"{OWN}/draft/propose", again))["result"]["edition"]
    done = told(send(second, "POST", f"{OWN}/draft/publish", {"edition": edition, "knows": 0}))["result"]
    assert (done["version"], done["status"]) == (1, "published")


def test_a_key_goes_out_of_use(designer: Visitor) -> None:
    edition = begun(designer)
    told(send(designer, "POST", f"{OWN}/draft/publish", {"edition": edition, "knows": 0, "note": WHY}))
    gone = told(send(designer, "POST", f"{OWN}/retire", {"seen": 1, "reason": WHY}))["result"]
    assert [(each["version"], each["status"]) for each in gone] == [(1, "retired")]
    refused(send(designer, "POST", f"{OWN}/retire", {"seen": 1, "reason": WHY}), 422, "already_retired")


# -- sent again, and by others -----------------------------------------------------------------------------------


def test_a_request_that_is_sent_again_is_done_once(designer: Visitor, portal: Flask) -> None:
    key = {"Idempotency-Key": "begin-1"}
    first = send(designer, "POST", f"{OWN}/draft", BODY, **key)
    again = send(designer, "POST", f"{OWN}/draft", BODY, **key)
    assert told(first, 201) == told(again, 201)
    assert first.headers["ETag"] == again.headers["ETag"]
    refused(send(designer, "POST", f"{OWN}/draft", {**BODY, "forms": []}, **key), 422, "key_reused")
    before, more = count(portal), {"Idempotency-Key": "import-1"}
    files = {"other.json": json.dumps(beginning("chain", "another", NAME))}
    assert told(take_in(designer, files, **more)) == told(take_in(designer, files, **more))
    assert count(portal) == before + 1


def test_without_the_token_nothing_is_written(designer: Visitor, portal: Flask) -> None:
    before = count(portal)
    assert designer.client.post(f"{OWN}/draft", json=BODY).status_code == 400
    assert count(portal) == before


@pytest.mark.parametrize(("who", "status"), [(cast.CLERK, 403), (None, 401)])
def test_outsiders_read_and_write_nothing(visit: Visit, who: str | None, status: int) -> None:
    visitor = visit(who)
    for path in (ALL, f"{FORM}/1", f"{FORM}/uses", f"{FORM}/compare"):
        assert visitor.get(path).status_code == status
    for path in (f"{OWN}/draft", f"{OWN}/check", f"{FORM}/retire", f"{ALL}import"):
        assert send(visitor, "POST", path, BODY).status_code == status


def test_an_auditor_reads_and_checks_and_writes_nothing(visit: Visit) -> None:
    auditor = visit(cast.AUDITOR)
    told(auditor.get(f"{FORM}/1"))
    assert told(send(auditor, "POST", f"{OWN}/check", BODY))["sound"]
    for path in (f"{OWN}/draft", f"{FORM}/retire", f"{ALL}import", f"{FORM}/draft/publish"):
        assert send(auditor, "POST", path, BODY).status_code == 403


def test_every_route_is_described(designer: Visitor) -> None:
    paths = told(designer.get("/api/v1/_openapi"))["paths"]
    ours = {path: verbs for path, verbs in paths.items() if path.startswith(ALL)}
    assert f"{ALL}{{kind}}/{{key}}/draft" in ours
    described = [verb for verbs in ours.values() for verb in verbs.values()]
    assert all(verb.get("summary") or verb.get("description") for verb in described)
    publish = ours[f"{ALL}{{kind}}/{{key}}/draft/publish"]["post"]
    assert set(publish["requestBody"]["content"]["application/json"]["schema"]["properties"]) == {
        *("edition", "knows", "note"),
    }
