"""Drafts of chains to try out, and what the pages of a trial say."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING, Any

from flask_appbuilder.security.sqla.models import User

from portal.definitions.writing import write_yaml
from tests.web.calls import one, rows
from tests.web.chains import LEADER, first_body, stage
from tests.web.report_page import Page

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flask import Flask

    from tests.conftest import Visitor

KEY = "/definitions/chain/provincial-report"
TRY, REPLAY = f"{KEY}/draft/try", f"{KEY}/draft/replay"
HEAD = {**LEADER, "owner": {"posts": ["head"], "place": "own"}}
NOBODY = {**LEADER, "owner": {"posts": ["registrar"], "place": "own"}}
FOR_NOTHING = {key: value for key, value in first_body().items() if key != "forms"}
TWO = {"fact-documents_issued": "2"}
EVER = {"since": "1/1/2020", "until": "31/12/2199"}


def with_office(*steps: dict[str, Any], **more: Any) -> dict[str, Any]:
    """The shipped chain with an office of these steps before it."""
    body = first_body()
    return {**body, "stages": [stage("office", "Văn phòng", *steps, **more), *body["stages"]]}


def write(visitor: Visitor, body: Mapping[str, Any]) -> Visitor:
    """Let the draft of the next version say something; gives whoever wrote it."""
    visitor.post(f"{KEY}/begin")
    edition = Page(visitor.get(f"{KEY}/draft").text).forms[f"{KEY}/draft"]["edition"]
    answer = visitor.post(f"{KEY}/draft", {"edition": edition, "source": write_yaml(body)})
    assert answer.status_code == 302, answer.text
    return visitor


def key_of(portal: Flask, who: str) -> int:
    """The account of one of the cast."""
    with rows(portal) as session:
        key: int = one(session, User, username=who).id
        return key


def name_of(portal: Flask, who: str) -> str:
    """The full name of one of the cast."""
    with rows(portal) as session:
        name: str = one(session, User, username=who).get_full_name()
        return name


def seen(visitor: Visitor, path: str = TRY, **asked: Any) -> str:
    """What a page says, without its frame."""
    answer = visitor.get(path, query_string=asked)
    assert answer.status_code == 200
    return unescape(answer.text).partition("<main")[2]


def listed(page: str) -> list[str]:
    """The stages below the picture, each with everything that is said of it."""
    found = re.findall(r'<li class="(\w+)"><strong>(.*?)</li>', page.partition('<ol class="steps">')[2], re.DOTALL)
    return [f"{state} {re.sub(r'<[^>]*>', '', text)}" for state, text in found]
